"""Counts over time -> an accessible SVG picture. Pure: the same counts give the same bytes.

matplotlib lays out and draws; it is imported when the first picture is asked for (about 0.6 s), so call from a thread.
What it writes is then made fit for our pages: no style element and no ``style`` attribute (the site's policy allows
neither where a picture is opened by itself), no metadata, text as text in the fonts of the pages, a role, a title and a
description. Words are put in last, because matplotlib has no Chinese glyphs to measure them by and need not: SVG aligns text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import wraps
from io import BytesIO
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING

from lxml import etree

from datasette_config.saying.xml import NOT_XML

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SVG = "{http://www.w3.org/2000/svg}"
FONTS = (
    "-apple-system, 'PingFang SC', 'HarmonyOS Sans SC', 'Microsoft YaHei UI', 'Microsoft YaHei', 'Noto Sans CJK SC', "
    "'Noto Sans SC', 'Source Han Sans SC', sans-serif"
)
PLACE = "@{}"  # stands for the words of that number until matplotlib is done
SIZE = 13
_DRAWING = Lock()
_FINER = re.compile(r"(\.\d\d)\d+")  # than a hundredth of a pixel


@dataclass(frozen=True, slots=True)
class Counts:
    """``series``: a name and one count a period each, all of one length; the first period begins on ``first``.
    ``title`` and ``summary`` say the essence to who does not see the picture."""

    first: date
    series: tuple[tuple[str, tuple[int, ...]], ...]
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class Look:
    """Colours for light or dark, and the width in CSS pixels; below 600 names stand above their bars."""

    paper: str
    ink: str
    soft: str
    line: str
    bars: tuple[str, ...]
    width: int

    @property
    def narrow(self) -> bool:
        return self.width < 600


WIDE, NARROW = 1016, 358
FOOT = 26  # of the months under the last row of weeks
_LIGHT = ("#fbfaf7", "#1d2327", "#59636b", "#dcd9d0", ("#0b5773", "#9a5a00"))
_DARK = ("#14181a", "#e6e4de", "#a3acb2", "#363d41", ("#83c5de", "#f0c56d"))


def look(*, dark: bool = False, narrow: bool = False) -> Look:
    return Look(*(_DARK if dark else _LIGHT), NARROW if narrow else WIDE)


def size(counts: Counts, seen: Look) -> tuple[int, int]:
    """Width and height of ``weekly`` in CSS pixels, so that a page keeps its place free."""
    return seen.width, _row(seen) * len(counts.series) + FOOT


def _row(seen: Look) -> int:
    return 52 if seen.narrow else 34


def _alone(draw: Callable[[Counts, Look], bytes]) -> Callable[[Counts, Look], bytes]:
    """matplotlib keeps its settings in one place for all threads: one picture at a time."""

    @wraps(draw)
    def drawn(counts: Counts, seen: Look) -> bytes:
        with _DRAWING:
            return draw(counts, seen)

    return drawn


@_alone
def weekly(counts: Counts, seen: Look) -> bytes:
    """One row of bars a series, all on one scale, its name before and its sum behind; periods are weeks."""
    row, (_width, height) = _row(seen), size(counts, seen)
    left, right = (0, 0) if seen.narrow else (226, 56)
    top = max((max(numbers, default=0) for _, numbers in counts.series), default=0) or 1
    figure = _figure(seen, height)
    words: list[str] = []
    for position, (name, numbers) in enumerate(counts.series):
        base = height - (position + 1) * row
        drawn = row - (24 if seen.narrow else 8)
        axes = _axes(figure, seen, (left, base, seen.width - left - right, drawn))
        _bars(axes, numbers, [0] * len(numbers), seen.bars[0])
        axes.set_ylim(0, top)
        axes.set_xlim(-0.5, max(len(numbers), 1) - 0.5)
        words += [name, str(sum(numbers))]
        line = base + drawn + 5 if seen.narrow else base + drawn / 2 - 4
        _write(figure, seen, (0, line), len(words) - 2, colour=seen.ink)
        _write(figure, seen, (seen.width, line), len(words) - 1, align="right", colour=seen.ink)
        last = axes
    if counts.series:
        _ticks(last, counts.first, 7, len(counts.series[0][1]), seen)
    return _finished(figure, counts, words)


@_alone
def daily(counts: Counts, seen: Look) -> bytes:
    """One row of bars, the series on top of each other with their names above; periods are days."""
    height, head, foot = 96, 22, 22
    figure = _figure(seen, height)
    days = len(counts.series[0][1]) if counts.series else 0
    axes = _axes(figure, seen, (0, foot, seen.width, height - head - foot))
    below = [0] * days
    place = 0.0
    for position, (name, numbers) in enumerate(counts.series):
        colour = seen.bars[position % len(seen.bars)]
        below = _bars(axes, numbers, below, colour)
        _write(figure, seen, (place, height - 15), position, colour=colour)
        place += (len(name) + 5) * SIZE
    axes.set_ylim(0, max(below, default=0) or 1)
    axes.set_xlim(-0.5, max(days, 1) - 0.5)
    _ticks(axes, counts.first, 1, days, seen)
    return _finished(figure, counts, [f"■ {name} {sum(numbers)}" for name, numbers in counts.series])


def _figure(seen: Look, height: int) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(seen.width / 72, height / 72), dpi=72, facecolor=seen.paper)


def _axes(figure: Figure, seen: Look, box: tuple[float, float, float, float]) -> Axes:
    """Axes in a box of pixels from the lower left corner, with nothing but a line under the bars."""
    width, height = seen.width, figure.get_figheight() * 72
    axes = figure.add_axes((box[0] / width, box[1] / height, box[2] / width, box[3] / height), frameon=True)
    axes.set_facecolor("none")
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(seen.line)
    axes.set_xticks([])
    axes.set_yticks([])
    return axes


def _bars(axes: Axes, numbers: tuple[int, ...], below: list[int], colour: str) -> list[int]:
    """Bars around 0, 1, 2 … as one outline, which keeps the picture small; where their tops are."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    tops = [lower + number for lower, number in zip(below, numbers, strict=True)]
    corners = [
        Path(
            [(at - 0.41, lower), (at - 0.41, top), (at + 0.41, top), (at + 0.41, lower), (0, 0)], closed=True
        )
        for at, (lower, top) in enumerate(zip(below, tops, strict=True))
        if top > lower
    ]
    if corners:
        axes.add_patch(PathPatch(Path.make_compound_path(*corners), facecolor=colour, linewidth=0))
    return tops


def _ticks(axes: Axes, first: date, step: int, periods: int, seen: Look) -> None:
    """The months that begin between two periods, as many as there is room for, named as YYYY-MM."""
    begins = [first + timedelta(days=step * number) for number in range(periods)]
    months = [
        (number, f"{day:%Y-%m}")
        for number, (before, day) in enumerate(pairwise(begins), start=1)
        if before.month != day.month
    ]
    every = -(-len(months) // (4 if seen.narrow else 12)) or 1
    chosen = months[::every]
    axes.set_xticks([at - 0.5 for at, _ in chosen], [name for _, name in chosen], ha="left")
    axes.tick_params(axis="x", colors=seen.soft, labelsize=SIZE - 1, length=4, pad=3)
    for tick in axes.xaxis.get_major_ticks():
        tick.tick1line.set_color(seen.line)


def _write(
    figure: Figure, seen: Look, at: tuple[float, float], place: int, *, align: str = "left", colour: str
) -> None:
    height = figure.get_figheight() * 72
    figure.text(at[0] / seen.width, at[1] / height, PLACE.format(place), ha=align, color=colour, size=SIZE)


def _finished(figure: Figure, counts: Counts, words: list[str]) -> bytes:
    from matplotlib import rc_context

    written = BytesIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "zhengce"}):
        figure.savefig(written, format="svg", facecolor="auto", metadata={"Date": None, "Creator": None})
    root = etree.fromstring(written.getvalue())
    for element in [*root.iter(f"{SVG}metadata"), *root.iter(f"{SVG}style")]:
        element.getparent().remove(element)
    for element in root.iter(etree.Element):
        _unstyled(element)
        if "d" in element.attrib:
            element.set("d", _FINER.sub(r"\1", " ".join(element.attrib["d"].split())))
        if element.tag == f"{SVG}text" and (element.text or "").startswith("@"):
            element.text = NOT_XML.sub("", words[int(element.text[1:])])
    _named(root, counts)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _unstyled(element: etree._Element) -> None:
    """The declarations of a ``style`` attribute as attributes of their own; fonts are those of the root."""
    for declaration in (element.attrib.pop("style", "")).split(";"):
        name, _, value = declaration.partition(":")
        name = name.strip()
        if name == "font":
            name, value = "font-size", value.split()[0]
        if name and name != "font-family":
            element.set(name, value.strip())


def _named(root: etree._Element, counts: Counts) -> None:
    """Size in pixels, fonts, and what a screen reader says."""
    for side in ("width", "height"):
        root.set(side, root.get(side, "").removesuffix("pt"))
    root.set("font-family", FONTS)
    root.set("stroke-linejoin", "round")
    root.set("role", "img")
    root.set("aria-labelledby", "title desc")
    for position, (name, said) in enumerate((("title", counts.title), ("desc", counts.summary))):
        element = etree.Element(f"{SVG}{name}", id=name)
        element.text = NOT_XML.sub("", said)
        root.insert(position, element)

"""Help for people: wrapped by the width that characters take on a screen, and never inside a Latin word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import click
from rich.cells import cell_len

_PIECE = re.compile(r"\s+|[（“《〔]*(?:[!-~]+|[^!-~\s])[，。、；：）”？》〕]*")
"""What a line may not be broken inside: a run of ASCII or one other character, with the marks that open before it and
those that follow it."""
_KINDS = (
    ("INTEGER RANGE", "整数"),
    ("FLOAT RANGE", "数"),
    ("INTEGER", "整数"),
    ("FLOAT", "数"),
    ("TEXT", "文字"),
    ("PATH", "路径"),
)
_REMARKS = re.compile(r"\s*\[([^\[\]]*)\]$")
_RANGE = re.compile(r"(?:(-?[\d.]+)<=?)?x(?:(>=?|<=?)(-?[\d.]+))?")
_GAP = 2
_WIDEST = 34


def wrapped(text: str, width: int) -> Iterator[str]:
    """The lines of a paragraph, each at most ``width`` columns wide unless one piece alone is wider."""
    line = ""
    for piece in _PIECE.findall(text):
        if line and cell_len(line + piece.rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += piece if line or piece.strip() else ""
    if line.strip():
        yield line.rstrip()


def in_chinese(record: tuple[str, str], option: click.Option) -> tuple[str, str]:
    """click's line of an option with its kind, default and bounds in Chinese. A kind that the author named stays."""
    flags, text = record
    for english, chinese in _KINDS if option.metavar is None else ():
        if flags.endswith(f" {english}"):
            flags = f"{flags.removesuffix(english)}{chinese}"
    found = _REMARKS.search(text)
    if found is None or found[0] in option.__dict__.get("words", ("",))[0]:
        return flags, text
    said = "；".join(_remark(part.strip()) for part in found[1].split(";"))
    return flags, f"{text[: found.start()]}（{said}）"


def _remark(english: str) -> str:
    if english == "required":
        return "必填"
    if english.startswith("default: "):
        return f"默认 {english.removeprefix('default: ')}"
    bounds = _RANGE.fullmatch(english)
    if bounds is None:
        return english
    low, sign, bound = bounds.groups()
    if low:
        return f"{low} 至 {bound}"
    return f"{'不小于' if sign.startswith('>') else '不大于'} {bound}"


class Formatter(click.HelpFormatter):
    """click's formatter, measuring columns instead of code points."""

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        for paragraph in text.split("\n"):
            for line in wrapped(paragraph, self.width - self.current_indent):
                self.write(f"{indent}{line}\n")

    def write_dl(
        self,
        rows: Iterable[tuple[str, str]] | Sequence[tuple[str, str]],
        col_max: int = _WIDEST,
        col_spacing: int = _GAP,
    ) -> None:
        listed = list(rows)
        names = [cell_len(name) for name, _ in listed]
        column = min(max(names, default=0), col_max) + col_spacing
        indent = " " * self.current_indent
        for (name, text), taken in zip(listed, names, strict=True):
            lines = list(wrapped(text, max(20, self.width - self.current_indent - column)))
            if taken > column - col_spacing and lines:
                self.write(f"{indent}{name}\n{indent}{' ' * column}{lines[0]}\n")
            else:
                self.write(f"{indent}{name}{' ' * (column - taken)}{''.join(lines[:1])}".rstrip() + "\n")
            for line in lines[1:]:
                self.write(f"{indent}{' ' * column}{line}\n")


class Context(click.Context):
    formatter_class = Formatter

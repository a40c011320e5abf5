"""Real captures: the versions we find, against an adjudicated truth, and captures without a document as incidents.

``version_index`` is another system's reading: captures of equal index are ones in which that system saw equal text.
``truth/ota.toml`` says where the pages themselves say otherwise and quotes both of them; the quotes are checked too.
"""

from __future__ import annotations

import tempfile
import tomllib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from kb.codes import Health
from kb.config import DataDirectory
from kb.model import instant, page_id
from kb.sources import Source
from kb.store import open_reader
from scheduler.histories import parse_timestamp
from tests.eval import sets
from tests.eval.table import Measure

TRUTH = Path(__file__).parent / "truth" / "ota.toml"
SHELL = 100  # visible characters below which a capture of these long documents holds none of them


@dataclass(frozen=True)
class Capture:
    file: Path
    source: Source
    index: object  # the archive's ``version_index``

    @property
    def key(self) -> str:
        """Folder and file name under the set's folder."""
        return "/".join(self.file.parts[-3:])

    @property
    def fetched_at(self) -> str:
        return instant(parse_timestamp(self.file.stem))


@dataclass(frozen=True)
class Pair:
    """Two neighbouring captures: what is true of them and what we found."""

    earlier: Capture
    later: Capture
    differs: bool
    found: bool
    quote: str

    def __str__(self) -> str:
        return f"{self.earlier.key} → {self.later.file.name}\n{self.quote}"


def _documents(shared: Path) -> list[list[Capture]]:
    """The captures of each document, oldest first."""
    found: dict[str, list[Capture]] = {}
    for item, source, file in sets.ota_index(shared):
        found.setdefault(source.id, []).append(Capture(file, source, item["version_index"]))
    return [sorted(captures, key=lambda one: one.fetched_at) for captures in found.values()]


def _versions(data: DataDirectory, source: Source) -> list[tuple[str, str]]:
    """(first seen, text) of each version of a source's page, oldest first."""
    rows = open_reader(data.kb).execute(
        "select v.first_seen, v.text from versions v join pages p on p.id = v.page "
        "where p.page_id = ? order by v.first_seen",
        (page_id(source.id, source.start[0]),),
    )
    return [tuple(row) for row in rows]


def _quote(before: str, after: str) -> str:
    """The first place at which two texts differ, with a little of what stands around it."""
    unequal = (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b)
    at = next(unequal, min(len(before), len(after)))
    window = slice(max(0, at - 30), at + 60)
    words = [" ".join(text[window].split()) for text in (before, after)]
    return f"    前：…{words[0]}…\n    后：…{words[1]}…"


def _pairs(captures: list[Capture], versions: list[tuple[str, str]], departures: set[str]) -> list[Pair]:
    def standing(capture: Capture) -> int:
        return sum(first_seen <= capture.fetched_at for first_seen, _ in versions) - 1

    pairs = []
    for earlier, later in pairwise(captures):
        then, now = standing(earlier), standing(later)
        differs = earlier.index != later.index or f"{earlier.key} {later.file.name}" in departures
        quote = _quote(versions[then][1], versions[now][1])
        pairs.append(Pair(earlier, later, differs, then != now, quote))
    return pairs


def _refused(data: DataDirectory) -> dict[tuple[str, str], str]:
    """(page, moment) -> verdict of every capture that became no version."""
    rows = open_reader(data.kb).execute(
        "select p.page_id, c.fetched_at, c.health from captures c join pages p on p.id = c.page where c.health != ?",
        (str(Health.OK),),
    )
    return {(page, moment): verdict for page, moment, verdict in rows}


def _visible(file: Path) -> str:
    """The page's words without spaces, read apart from what is being judged."""
    tree = LexborHTMLParser(file.read_text("utf-8", errors="replace"))
    for hidden in tree.css("script, style, noscript, template"):
        hidden.decompose()
    return "".join(tree.body.text(deep=True).split()) if tree.body is not None else ""


def _false_quotes(truth: dict[str, list[dict[str, object]]], folder: Path) -> list[str]:
    wrong = []
    for item in truth["differs"]:
        then, now = (_visible(folder / str(item["folder"]) / str(item[key])) for key in ("earlier", "later"))
        for quote in item["quotes"]:  # type: ignore[attr-defined]
            before, after = ("".join(quote[key].split()) for key in ("before", "after"))
            if before not in then or after not in now or before in now or after in then:
                wrong.append(f"{item['folder']}：{quote['before']} → {quote['after']}")
    return wrong


def _misjudged_health(
    captures: list[Capture], refused: dict[tuple[str, str], str], unreadable: set[str]
) -> list[str]:
    wrong = []
    for one in captures:
        verdict = refused.get((page_id(one.source.id, one.source.start[0]), one.fetched_at), "")
        shell = len(_visible(one.file)) < SHELL
        if shell != (one.key in unreadable):
            wrong.append(f"{one.key}：可见 {len(_visible(one.file))} 字，与核定不符")
        if bool(verdict) != (one.key in unreadable):
            wrong.append(f"{one.key}：{'误作事故 ' + verdict if verdict else '没有正文，却未作事故'}")
    return wrong


def measure(shared: Path) -> list[Measure]:
    documents, truth = _documents(shared), tomllib.loads(TRUTH.read_text("utf-8"))
    departures = {f"{one['folder']}/{one['earlier']} {one['later']}" for one in truth["differs"]}
    unreadable = {f"{one['folder']}/{one['file']}" for one in truth["unreadable"]}
    with tempfile.TemporaryDirectory() as folder:
        data = DataDirectory(Path(folder))
        sets.import_entries(sets.ota_entries(shared), data)
        pairs = [
            pair
            for captures in documents
            for pair in _pairs(captures, _versions(data, captures[0].source), departures)
        ]
        captures = [one for document in documents for one in document]
        health = _misjudged_health(captures, _refused(data), unreadable)
    missed = [str(pair) for pair in pairs if pair.differs and not pair.found]
    false = [str(pair) for pair in pairs if pair.found and not pair.differs]
    quotes = _false_quotes(truth, sets.present(shared, "data/ota-snapshots-html"))
    name = "ota-snapshots-html"
    return [
        Measure(name, sum(pair.differs for pair in pairs), "漏报的变动", len(missed), "\n".join(missed)),
        Measure(name, len(pairs), "误报的变动", len(false), "\n".join(false)),
        Measure(name, len(captures), "空白或过短的留存判错", len(health), "\n".join(health)),
        Measure(name, len(truth["differs"]), "核定所引与原页不符", len(quotes), "\n".join(quotes)),
    ]

"""Real captures: versions we find against the archive's own ``version_index``, both texts quoted where we depart.

``version_index`` is another system's reading: captures of equal index are ones in which that system saw equal text.
"""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path

from kb.config import DataDirectory
from kb.model import page_id
from kb.store import open_reader
from tests.eval import sets
from tests.eval.table import Measure


def _versions_by_capture_time(data: DataDirectory, page: str) -> list[tuple[str, str, str]]:
    """(first seen, kind, text) of each version of a page, oldest first."""
    rows = open_reader(data.kb).execute(
        "select v.first_seen, v.kind, v.text from versions v join pages p on p.id = v.page "
        "where p.page_id = ? order by v.first_seen",
        (page,),
    )
    return [tuple(row) for row in rows]


def _standing_at(versions: list[tuple[str, str, str]], moment: str) -> int:
    return sum(first_seen <= moment for first_seen, _, _ in versions) - 1


def _quote(before: str, after: str) -> str:
    """The first place at which two texts differ, with a little of what stands around it."""
    at = next(
        (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
        min(len(before), len(after)),
    )
    window = slice(max(0, at - 30), at + 60)
    return f"      前：…{before[window]}…\n      后：…{after[window]}…".replace("\n\n", "\n")


def _compare_document(
    items: list[tuple[dict[str, object], Path]], versions: list[tuple[str, str, str]]
) -> tuple[int, int, list[str]]:
    """(transitions both see, transitions the archive sees, departures in words)."""
    from kb.model import instant
    from scheduler.histories import parse_timestamp

    agreed, expected, departures = 0, 0, []
    for (first, first_file), (second, second_file) in pairwise(items):
        then, now = (
            _standing_at(versions, instant(parse_timestamp(f.stem))) for f in (first_file, second_file)
        )
        theirs, ours = first["version_index"] != second["version_index"], then != now
        expected += theirs
        agreed += theirs and ours
        if theirs != ours:
            said = "档案有变动，本系统未见" if theirs else "档案未见变动，本系统有变动"
            departures.append(
                f"   {said}：{first_file.name} → {second_file.name}\n{_quote(versions[then][2], versions[now][2])}"
            )
    return agreed, expected, departures


def measure(shared: Path) -> list[Measure]:
    by_document: dict[str, list[tuple[dict[str, object], Path]]] = {}
    sources = {}
    for item, source, file in sets.ota_index(shared):
        by_document.setdefault(source.id, []).append((item, file))
        sources[source.id] = source
    with tempfile.TemporaryDirectory() as folder:
        data = DataDirectory(Path(folder))
        sets.import_entries(sets.ota_entries(shared), data)
        total, found, missed, false = 0, 0, 0, []
        for name, items in by_document.items():
            items.sort(key=lambda pair: str(pair[0]["date"]))
            versions = _versions_by_capture_time(data, page_id(name, sources[name].start[0]))
            agreed, expected, departures = _compare_document(items, versions)
            total, found, missed = total + len(items), found + agreed, missed + expected - agreed
            false += departures
    return [
        Measure("ota-snapshots-html", total, "漏报", missed),
        Measure("ota-snapshots-html", total, "误报", len(false) - missed, "\n".join(false)),
    ]

"""What a new declaration would make of the captures we hold, beside what the knowledge base says today. Writes nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from kb.codes import Confirmation, Op, Significance
from kb.config import DataDirectory
from kb.model import PassageChange
from kb.sources import Source
from kb.sqlite import sqlite3
from kb.store import open_reader, queries
from kb.store.ingest import Progress
from kb.store.maintenance import derive_into


class Effect(StrEnum):
    REVEALED = "revealed"
    WITHDRAWN = "withdrawn"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True)
class ChangeSeen:
    id: str
    title: str
    headline: str
    significance: Significance
    confirmation: Confirmation
    observed_to: str
    passages: tuple[PassageChange, ...]

    @property
    def substantive(self) -> frozenset[tuple[str, str]]:
        """The words that matter, before and after; of a change of a whole page, that there is one."""
        words = {
            (p.before, p.after) for p in self.passages if p.significance is Significance.SUBSTANTIVE
        } or {("", "")}
        return frozenset(words if self.significance is Significance.SUBSTANTIVE else ())


@dataclass(frozen=True, slots=True)
class Difference:
    """One change that the new declaration reveals (no ``today``), withdraws (no ``then``) or words differently.
    ``change`` is as it would be, or as it was."""

    effect: Effect
    change: ChangeSeen
    today: ChangeSeen | None
    then: ChangeSeen | None

    @property
    def loses(self) -> bool:
        """Whether substantive words of today are not found then."""
        then = self.then.substantive if self.then else frozenset()
        return self.today is not None and not self.today.substantive <= then


@dataclass(frozen=True, slots=True)
class Trial:
    """``changes`` are those of the source today; ``unreadable`` are its captures that could not be read, today and then."""

    changes: int
    differences: tuple[Difference, ...]
    unreadable: tuple[int, int]
    problems: tuple[str, ...]

    def count(self, effect: Effect) -> int:
        return sum(each.effect is effect for each in self.differences)


def try_declaration(
    data: DataDirectory, sources: Mapping[str, Source], source: Source, *, progress: Progress | None = None
) -> Trial:
    """Derive all anew with ``source`` in place of the one of its id, in a folder of its own. Raises ``NotFound`` without
    a kb.db, ``DeclarationError`` or ``ReadingError`` when the declaration cannot be used."""
    with closing(open_reader(data.kb)) as reader:
        today, unread = _changes(reader, source.id), _unreadable(reader, source.id)
    with tempfile.TemporaryDirectory(prefix="zhengce-backtest-") as folder:
        tried = Path(folder) / "kb.db"
        report = derive_into(tried, data, {**sources, source.id: source}, progress=progress)
        with closing(open_reader(tried)) as reader:
            then, unread_then = _changes(reader, source.id), _unreadable(reader, source.id)
    return Trial(len(today), differences(today, then), (unread, unread_then), tuple(report.problems))


def differences(today: Mapping[str, ChangeSeen], then: Mapping[str, ChangeSeen]) -> tuple[Difference, ...]:
    """What differs, losses first and otherwise in order of time."""
    found = [Difference(Effect.REVEALED, then[c], None, then[c]) for c in then.keys() - today.keys()]
    found += [Difference(Effect.WITHDRAWN, today[c], today[c], None) for c in today.keys() - then.keys()]
    found += [
        Difference(Effect.ALTERED, then[c], today[c], then[c])
        for c in today.keys() & then.keys()
        if _told(today[c]) != _told(then[c])
    ]
    return tuple(sorted(found, key=lambda d: (not d.loses, d.change.observed_to, d.change.id)))


def _told(change: ChangeSeen) -> tuple[Any, ...]:
    """What a reader would be told otherwise."""
    words = [(p.before, p.after) for p in change.passages if p.significance is not Significance.NOISE]
    return change.significance, change.confirmation, words


def _changes(reader: sqlite3.Connection, source: str) -> dict[str, ChangeSeen]:
    rows = reader.execute(
        "SELECT c.* FROM changes c JOIN sources s ON s.id = c.source WHERE s.source_id = ?", (source,)
    )
    return {row["change_id"]: _seen(row, queries.passages_of(reader, row["id"])) for row in rows.fetchall()}


def _seen(row: sqlite3.Row, passages: Iterable[PassageChange]) -> ChangeSeen:
    return ChangeSeen(
        id=row["change_id"],
        title=row["title"],
        headline=row["headline"],
        significance=Significance(row["significance"]),
        confirmation=Confirmation(row["confirmation"]),
        observed_to=row["observed_to"],
        passages=tuple(passage for passage in passages if passage.op is not Op.SAME),
    )


def _unreadable(reader: sqlite3.Connection, source: str) -> int:
    row = reader.execute(
        "SELECT count(*) FROM captures c JOIN pages p ON p.id = c.page JOIN sources s ON s.id = p.source"
        " WHERE s.source_id = ? AND c.health <> 'ok'",
        (source,),
    ).fetchone()
    return int(row[0])

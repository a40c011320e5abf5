"""``zhengce retag``: all of history tagged by the vocabulary of today, and what that gives and takes.

A retag is a derivation like any other: the next ingest after the vocabulary moved does the same. It alerts nobody; what
it newly finds in past substantive changes waits in ``zhengce held`` as late notices.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from kb.config import DataDirectory
from kb.model import LicenceTag
from kb.sources import Source
from kb.sqlite import sqlite3
from kb.store import open_reader
from kb.store.ingest import Ingestor, Progress
from kb.store.maintenance import copy_database
from kb.store.tagged import read_tags
from scheduler.alerts.retagging import Retagger
from scheduler.observed import Observed
from scheduler.ops import Ops

_TITLES = """
    SELECT 'change' AS kind, change_id AS id, title FROM changes
    UNION ALL SELECT 'document', document_id, title FROM documents ORDER BY 1, 2
"""

Tags = Mapping[tuple[str, str, str], "Tag"]


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of a change or document: ``target`` and public ``id``."""

    target: Literal["change", "document"]
    id: str
    title: str
    tag: LicenceTag


@dataclass(frozen=True, slots=True)
class Retagging:
    """Tags that today's vocabulary gives and takes, those of changes first."""

    gained: tuple[Tag, ...]
    lost: tuple[Tag, ...]
    problems: tuple[str, ...] = ()


def try_vocabulary(
    data: DataDirectory, sources: Mapping[str, Source], *, progress: Progress | None = None
) -> Retagging:
    """What retagging would do, found out on a copy. Raises ``NotFound`` without a kb.db."""
    with tempfile.TemporaryDirectory(prefix="zhengce-retag-") as folder:
        copy = Path(folder) / "kb.db"
        with closing(open_reader(data.kb)) as reader:
            before = _tags(reader)
            copy_database(reader, copy)
        report = Ingestor(data, sources, database=copy).ingest(progress)
        with closing(open_reader(copy)) as reader:
            return _compare(before, _tags(reader), report.problems)


def retag(
    data: DataDirectory,
    sources: Mapping[str, Source],
    *,
    now: datetime,
    progress: Progress | None = None,
) -> Retagging:
    """Tag all of history anew, and hold what is newly found. The caller holds ``data.writer()``."""
    with closing(open_reader(data.kb)) as reader:
        before = _tags(reader)
    _note(data, now)  # a ledger of an earlier version does not know yet what its changes were matched with
    report = Ingestor(data, sources).ingest(progress)
    _note(data, now)
    with closing(open_reader(data.kb)) as reader:
        return _compare(before, _tags(reader), report.problems)


def _note(data: DataDirectory, now: datetime) -> None:
    if data.ops.exists():
        with Ops(data.ops) as ops, Observed(data.kb) as observed:
            Retagger(ops, observed, now).note()


def _compare(before: Tags, after: Tags, problems: list[str]) -> Retagging:
    """Of what is there before and after: an ingest may bring new pages too, and their tags are no news of the
    vocabulary."""
    both = {key[:2] for key in before} & {key[:2] for key in after}
    gained = [after[key] for key in sorted(after.keys() - before.keys()) if key[:2] in both]
    lost = [before[key] for key in sorted(before.keys() - after.keys()) if key[:2] in both]
    return Retagging(tuple(gained), tuple(lost), tuple(problems))


def _tags(connection: sqlite3.Connection) -> Tags:
    """By target, id and licence; each change and document also under no licence, so that it is known to be there."""
    found: dict[tuple[str, str, str], Tag] = {}
    for row in connection.execute(_TITLES).fetchall():
        nothing = LicenceTag("", "", "", "", 0, 0, "")
        for tag in (nothing, *read_tags(connection, "licence_tags", row["kind"], row["id"])):
            found.setdefault(
                (row["kind"], row["id"], tag.licence), Tag(row["kind"], row["id"], row["title"], tag)
            )
    return found

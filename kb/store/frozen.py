"""A publication: kb.db as it stood at one moment, in a folder of its own with a manifest, for a site that only reads.

The folder that holds publications has nothing else in it but ``current``, which names the newest. A copy for the public
holds no more of a page that its declaration publishes in excerpts than a public site shows: those are blanked in the file
itself, so that the file can be given away.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from kb.archive import code_digest
from kb.codes import DecisionKind, Op
from kb.config import DataDirectory
from kb.errors import Corrupt, NotFound, UsageError
from kb.excerpts import blanked
from kb.model import Document, instant
from kb.sources import Publish
from kb.sqlite import sqlite3
from kb.store.connection import open_reader
from kb.store.serial import document_to_json, dumps

CURRENT, MANIFEST, DATABASE = "current", "manifest.json", "kb.db"
COUNTED = ("sources", "documents", "versions", "passages", "changes", "captures", "incidents")
_INDEXES = ("passages_fts", "passages_past_fts", "beginnings_fts")
_BLANKING = (
    *(
        f"DELETE FROM {index} WHERE rowid IN"  # noqa: S608
        " (SELECT q.id FROM passages q JOIN versions v ON v.id = q.version WHERE v.page IN (SELECT page FROM hidden))"
        for index in _INDEXES
    ),
    # merges the words of deleted rows away
    *(f"INSERT INTO {index} ({index}) VALUES ('optimize')" for index in _INDEXES),  # noqa: S608
    "DELETE FROM passages WHERE version IN (SELECT id FROM versions WHERE page IN (SELECT page FROM hidden))",
    "UPDATE versions SET text = '', document = empty_document(title) WHERE page IN (SELECT page FROM hidden)",
    "UPDATE change_passages SET before = blanked(before, spans, 'before', op), after = blanked(after, spans, 'after', op)"
    " WHERE change IN (SELECT id FROM changes WHERE page IN (SELECT page FROM hidden))",
    "UPDATE change_passages SET spans = blanked_spans(spans, before, after)"
    " WHERE change IN (SELECT id FROM changes WHERE page IN (SELECT page FROM hidden))",
    "UPDATE divergences SET clauses = '[]'"
    " WHERE page IN (SELECT page FROM hidden) OR copy IN (SELECT page FROM hidden)",
    f"DELETE FROM decisions WHERE kind = '{DecisionKind.IMAGE_READ}' AND coalesce("  # noqa: S608
    "(SELECT to_id FROM redirects WHERE from_id = subject AND kind = 'change'), subject) NOT IN"
    " (SELECT change_id FROM changes WHERE page NOT IN (SELECT page FROM hidden))",
    *(f"DELETE FROM {helper}" for helper in ("page_states", "absences", "cursors")),  # noqa: S608
)
"""Takes out what a public site does not show of the pages in ``hidden``, and what no reader asks for."""


class Manifest(BaseModel):
    """What a publication says of itself. ``made_at`` and ``newest_look`` in UTC; ``texts``: everything that is held, or
    excerpts of what may not be published in full; ``sha256`` and ``bytes`` of its kb.db; ``code``: the code's digest;
    ``demo``: what it holds is made up, whoever serves it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    made_at: str
    newest_look: str | None
    texts: Literal["all", "excerpts"]
    sha256: str
    bytes: int
    schema_steps: list[str]
    code: str
    counts: dict[str, int]
    demo: bool = False


def publish(data: DataDirectory, folder: Path, now: datetime, texts: Literal["all", "excerpts"]) -> Path:
    """Write a publication into ``folder`` and make it the current one; its path. It is there whole or not at all.

    Raises ``NotFound`` without a kb.db, ``UsageError`` when the folder holds anything but publications.
    """
    with closing(open_reader(data.kb)) as reader:
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_other(folder)
        made = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
        try:
            copy = made / DATABASE
            if texts == "all":
                _copy(reader, copy)
            else:
                with tempfile.TemporaryDirectory(prefix=".publish-", dir=data.root) as beside:
                    _copy_excerpts(reader, copy, Path(beside) / DATABASE)
            manifest = _describe(copy, now, texts).model_copy(update={"demo": data.settings().demo})
            (made / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n", "utf-8")
            for file in (copy, made / MANIFEST):
                file.chmod(0o444)
                _sync(file)
            made.chmod(0o755)
            place = folder / f"{now.strftime('%Y%m%dT%H%M%SZ')}-{manifest.sha256[:12]}"
            if place.exists():
                shutil.rmtree(made)
            else:
                made.rename(place)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
    _point(folder, place.name)
    return place


def published(folder: Path) -> tuple[Path, Manifest]:
    """The kb.db of a publication, or of the current one of a folder of them, checked against its manifest.

    Raises ``NotFound`` when there is none, ``Corrupt`` when it is not what was written.
    """
    place = folder if (folder / MANIFEST).exists() else (folder / CURRENT).resolve()
    try:
        manifest = Manifest.model_validate_json((place / MANIFEST).read_text("utf-8"))
    except FileNotFoundError as error:
        raise NotFound("这里没有副本", where=str(folder), do="请用 zhengce publish 写一份") from error
    except (ValidationError, UnicodeDecodeError) as error:
        raise Corrupt(
            "副本的说明无法读取", where=str(place / MANIFEST), do="请重新 zhengce publish"
        ) from error
    database = place / DATABASE
    if not database.exists() or digest(database) != manifest.sha256:
        raise Corrupt("副本与它的摘要不符", where=str(database), do="请重新传送，或重新 zhengce publish")
    return database, manifest


def digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _refuse_other(folder: Path) -> None:
    for each in folder.iterdir():
        ours = each.name == CURRENT or each.name.startswith(".new-") or (each / MANIFEST).is_file()
        if not ours:
            raise UsageError(
                "这个文件夹里有别的东西", where=str(each), do="请给一个新文件夹，或只放过副本的文件夹"
            )


def _copy(reader: sqlite3.Connection, target: Path) -> None:
    reader.execute("VACUUM INTO ?", (str(target),))
    with _opened(target) as writer:
        writer.execute("PRAGMA journal_mode = DELETE")


def _copy_excerpts(reader: sqlite3.Connection, target: Path, whole: Path) -> None:
    """By way of ``whole``, which is never in the folder that is given away, whatever ends us."""
    reader.execute("VACUUM INTO ?", (str(whole),))
    with _opened(whole) as writer:
        writer.execute("BEGIN")
        _blank(writer)
        writer.execute("COMMIT")
        _copy(writer, target)  # so that no free page keeps what was taken out


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def _blank(connection: sqlite3.Connection) -> None:
    connection.create_function("empty_document", 1, _empty_document, deterministic=True)
    connection.create_function("blanked", 4, _blanked_side, deterministic=True)
    connection.create_function("blanked_spans", 3, _blanked_spans, deterministic=True)
    connection.execute(
        "CREATE TEMP TABLE hidden AS SELECT p.id AS page FROM pages p JOIN sources s ON s.id = p.source"
        " WHERE s.publish <> ?",
        (Publish.FULL,),
    )
    for statement in _BLANKING:
        connection.execute(statement)


def _empty_document(title: str) -> str:
    return document_to_json(Document(title=title, blocks=()))


def _blanked_side(text: str, spans: str, side: str, op: str) -> str:
    """One side of a changed passage; all of it counts as changed when it came or went as a whole."""
    if op == (Op.REMOVED if side == "before" else Op.ADDED):
        return blanked(text, [(0, len(text))])
    return blanked(text, [(each[f"{side}_start"], each[f"{side}_end"]) for each in json.loads(spans)])


def _blanked_spans(spans: str, before: str, after: str) -> str:
    """The spans with the words that the two sides still show: they repeat what changed, however long it is."""
    shown = [
        {
            **each,
            "before": before[each["before_start"] : each["before_end"]],
            "after": after[each["after_start"] : each["after_end"]],
        }
        for each in json.loads(spans)
    ]
    return dumps(shown)


def _describe(copy: Path, now: datetime, texts: Literal["all", "excerpts"]) -> Manifest:
    with _opened(copy) as reader:
        if (fault := reader.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise Corrupt(f"副本未通过检查：{fault}", where=str(copy), do="请运行 zhengce verify")
        newest = reader.execute("SELECT max(coalesce(finished_at, started_at)) FROM runs").fetchone()[0]
        steps = reader.execute("SELECT name FROM _sqlite_migrations ORDER BY name").fetchall()
        counts = {
            table: reader.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in COUNTED
        }
    return Manifest(
        made_at=instant(now),
        newest_look=newest,
        texts=texts,
        sha256=digest(copy),
        bytes=copy.stat().st_size,
        schema_steps=[row[0] for row in steps],
        code=code_digest(),
        counts=counts,
    )


def _sync(file: Path) -> None:
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _point(folder: Path, name: str) -> None:
    """``current`` names the newest: a link, replaced in one step."""
    temporary = folder / f".new-{os.getpid()}"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(name)
    temporary.replace(folder / CURRENT)

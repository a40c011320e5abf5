"""Rows that come from declarations and vocabulary, not from captures: sources and licences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import kb.tagging
from kb.archive import code_digest, rules_key
from kb.licences import licences
from kb.sources import Source, selectors
from kb.sqlite import sqlite3
from kb.store.rows import insert
from kb.store.serial import digest, dumps
from kb.store.transaction import transaction


def write_declared(connection: sqlite3.Connection, sources: Iterable[Source]) -> None:
    """Bring ``sources`` and ``licences`` up to date; what has not changed costs no write.

    A source's ``derived_under`` stays: it says under which declaration and code its rows were derived.
    """
    with transaction(connection):
        for source in sources:
            _write_source(connection, source)
        _write_licences(connection)


def rules_today(source: Source) -> str:
    """Names the declaration and the code that read a source today."""
    return rules_key(source.digest, code_digest())


_TAGGED_BY = {"id", "parent", "family", "strong", "laws", "weak", "mask", "exclude"}


@lru_cache(maxsize=1)
def tagging_today() -> str:
    """Names the vocabulary's words and the code of the tagger: when it moves, all of history is tagged again."""
    words = [licence.model_dump(mode="json", include=_TAGGED_BY) for licence in licences().values()]
    room = Path(kb.tagging.__file__).parent
    files = sorted(file for kind in ("*.py", "*.toml") for file in room.glob(kind))
    code = [(file.name, digest(file.read_text("utf-8"))) for file in files]
    return digest(dumps([words, code]))[:16]


def _write_source(connection: sqlite3.Connection, source: Source) -> None:
    values = {
        "title": source.title,
        "authority": source.authority,
        "mechanism": source.mechanism,
        "level": source.level,
        "homepage": source.homepage,
        "province": source.province,
        "licences": dumps(source.licences),
        "coverage": source.coverage,
        "publish": source.publish,
        "period_hours": source.period_hours,
        "enabled": int(source.enabled),
        "demo": int(source.demo),
        "notes": source.notes,
        "hosts": dumps(source.hosts),
        "evidence": dumps(Counter(str(selector.evidence) for _, selector in selectors(source))),
        "rules": rules_today(source),
    }
    names = ", ".join(values)
    row = connection.execute(
        f"SELECT {names} FROM sources WHERE source_id = ?",  # noqa: S608
        (source.id,),
    ).fetchone()
    if row is None:
        insert(connection, "sources", {"source_id": source.id, **values, "derived_under": ""})
    elif tuple(row) != tuple(values.values()):
        assignments = ", ".join(f"{name} = ?" for name in values)
        connection.execute(
            f"UPDATE sources SET {assignments} WHERE source_id = ?",  # noqa: S608
            (*values.values(), source.id),
        )


def _write_licences(connection: sqlite3.Connection) -> None:
    wanted = [
        (licence.id, licence.parent or "", licence.zh, licence.en, dumps(licence.aliases), licence.regulator)
        for licence in licences().values()
    ]
    held = connection.execute(
        "SELECT licence_id, parent, zh, en, aliases, regulator FROM licences ORDER BY id"
    )
    if [tuple(row) for row in held] == wanted:
        return
    connection.execute("DELETE FROM licences")
    connection.executemany(
        "INSERT INTO licences (licence_id, parent, zh, en, aliases, regulator) VALUES (?, ?, ?, ?, ?, ?)",
        wanted,
    )

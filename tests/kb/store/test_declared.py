"""What of a declaration is published: the hosts it may ask, and how its selectors are known."""

from __future__ import annotations

import json
from pathlib import Path

from world import World

from kb.sources import selectors
from kb.store.connection import open_writer
from kb.store.declared import write_declared


def test_hosts_and_evidence_stand_in_the_row_of_the_source(tmp_path: Path) -> None:
    world = World(tmp_path)
    writer = open_writer(world.data.kb)
    (source,) = world.sources.values()
    write_declared(writer, [source])
    row = writer.execute("SELECT hosts, evidence FROM sources").fetchone()
    writer.close()
    assert json.loads(row["hosts"]) == list(source.hosts)
    assert sum(json.loads(row["evidence"]).values()) == len(selectors(source)) > 0

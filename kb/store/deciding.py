"""What people decided takes effect in kb.db at once, without any new capture."""

from __future__ import annotations

from kb.config import DataDirectory
from kb.decisions import read_decisions
from kb.store.connection import open_writer
from kb.store.decided import take_decisions


def take_decisions_of(data: DataDirectory) -> list[str]:
    """Ids of the changes whose confirmation moved. The caller holds ``DataDirectory.writer()``.

    Raises ``DecisionUnreadable``.
    """
    decisions = read_decisions(data.decisions)
    connection = open_writer(data.kb)
    try:
        return take_decisions(connection, decisions.all)
    finally:
        connection.close()

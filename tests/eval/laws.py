"""Law pairs: each pair of texts is one document with one change, and every passage of both is accounted for."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from kb.config import DataDirectory
from kb.model import page_id
from kb.store import open_reader
from tests.eval import sets
from tests.eval.table import Measure


def measure(shared: Path) -> list[Measure]:
    pairs = sets.law_pairs(shared)
    with tempfile.TemporaryDirectory() as folder:
        data = DataDirectory(Path(folder))
        sets.import_entries(sets.law_entries(shared), data)
        wrong = _with_other_changes(pairs, data)
    laws = {pair["law"] for pair in pairs}
    return [
        Measure(
            "law-pairs", len(laws), "每对恰为一处变动的法规", 1 - len(wrong) / len(laws), "\n".join(wrong)
        )
    ]


def _with_other_changes(pairs: list[dict[str, str]], data: DataDirectory) -> list[str]:
    """The laws that have more or fewer changes than pairs, in words."""
    reader = open_reader(data.kb)
    wrong = []
    for law, expected in sorted(Counter(pair["law"] for pair in pairs).items()):
        (found,) = reader.execute(
            "select count(*) from changes c join pages p on p.id = c.page where p.page_id = ?",
            (page_id("eval.laws", sets.law_url(law)),),
        ).fetchone()
        if found != expected:
            wrong.append(f"{law}：应有 {expected} 处变动，实有 {found}")
    return wrong

"""Law pairs: each pair of texts is one document with one change, and every passage of both is accounted for."""

from __future__ import annotations

import tempfile
from pathlib import Path

from kb.config import DataDirectory
from kb.model import page_id
from kb.store import open_reader
from tests.eval import sets


def main() -> bool:
    if not (sets.SHARED / "data").is_dir():
        print(f"law-pairs  {sets.ABSENT}")
        return True
    with tempfile.TemporaryDirectory() as folder:
        data = DataDirectory(Path(folder))
        sets.import_entries(sets.law_entries(), data)
        wrong = []
        reader = open_reader(data.kb)
        pairs = sets.law_pairs()
        laws = sorted({pair["law"] for pair in pairs})
        for law in laws:
            expected = sum(pair["law"] == law for pair in pairs)
            page = page_id("eval.laws", sets.law_url(law))
            (found,) = reader.execute(
                "select count(*) from changes c join pages p on p.id = c.page where p.page_id = ?", (page,)
            ).fetchone()
            if found != expected:
                wrong.append(f"   {law}：应有 {expected} 处变动，实有 {found}")
        print("\n".join(wrong), end="\n" if wrong else "")
        print(
            f"law-pairs  {len(pairs)} 对，{len(laws)} 部；每对一处变动：{len(laws) - len(wrong)} 部符合，{len(wrong)} 部不符"
        )
    return not wrong


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)

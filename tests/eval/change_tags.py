"""Licence tags of changes: edits of documents of many topics, of which only the touched topic's licences may be tagged.

The edits were labelled before the tagger had seen them; the first run is quoted in the note, since the rules were mended by it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kb.changing.compare import compare
from kb.model import LicenceTag
from kb.reading.text import read_text
from kb.tagging import tag_change
from tests.eval.gold_tagging import Score
from tests.eval.table import Measure

FOLDER = Path(__file__).resolve().parents[1] / "kb" / "tagging"
FIRST_RUNS = {
    "edits": "首次试跑：64 处修改 52 处只标所改之处，micro-F1 0.565；不提事项的款、项和罚则曾按全文标注",
    "edits_b": "首次试跑：35 处修改 34 处只标所改之处，micro-F1 0.986；“未按第八条规定”曾不作为引用",
}
NAMES = {"edits": "change tags", "edits_b": "change tags b"}


def edited(text: str, edit: Mapping[str, Any]) -> str:
    """The text after an edit. Raises ValueError for an edit whose place is not there exactly once."""
    place = edit["before"] or edit["at"]
    if text.count(place) != 1:
        raise ValueError(f"{place} stands {text.count(place)} times in {edit['document']}")
    return text.replace(place, edit["after"] + (place if not edit["before"] else ""))


def tagged(document: Mapping[str, Any], edit: Mapping[str, Any]) -> tuple[LicenceTag, ...]:
    before, after = (
        read_text(text, document["title"]) for text in (document["text"], edited(document["text"], edit))
    )
    return tag_change(document["title"], compare(before, after), after)


def cases(name: str) -> Iterator[tuple[str, set[str], tuple[LicenceTag, ...]]]:
    """(what is edited, wanted licences, tags) of each edit in ``tests/kb/tagging/<name>.toml``."""
    read = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    documents = {document["id"]: document for document in read["document"]}
    for edit in read["edit"]:
        shown = f"{edit['document']}：{(edit['before'] or edit['after']).strip()[:24]}"
        yield shown, set(edit["want"]), tagged(documents[edit["document"]], edit)


def measure(shared: Path) -> list[Measure]:
    return [one for name, shown in NAMES.items() for one in _measured(name, shown)]


def _measured(name: str, shown: str) -> Iterator[Measure]:
    score = Score()
    for edit, wanted, tags in cases(name):
        score.add(edit, wanted, {one.licence for one in tags})
    exact = 1 - len(score.wrong) / score.items
    yield Measure(
        shown, score.items, "只标所改之处的修改", exact, "\n".join([FIRST_RUNS[name], *score.wrong])
    )
    yield Measure(shown, score.items, "micro-F1", score.f1)

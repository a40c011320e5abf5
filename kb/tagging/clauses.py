"""The clauses of both texts of a comparison, and the context of a changed one: its clause, what it refers to, its chapter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kb.model import Comparison, PassageChange

HEADING_LENGTH = 200
_ARTICLE = "第[一二三四五六七八九十百零〇0-9]{1,7}条(?:之[一二三四五六七八九十])?"
_NUMBER = re.compile(_ARTICLE)
_OTHER_RULE = re.compile(f"》[^，。；第]{{0,3}}{_ARTICLE}(?:[、和及或者至]{{1,2}}{_ARTICLE})*")
_REFERRING = re.compile("违反|依照|按照|按第|根据|符合|本[\u4e00-\u9fff]{1,4}第|依据")
_CLAUSE = re.compile("条|^[一二三四五六七八九十百]+、?$")


class Clauses:
    """Printed texts by anchor, those that stand now first; made once for a comparison."""

    def __init__(self, comparison: Comparison) -> None:
        before = {p.anchor_before: p.before for p in comparison.passages if p.anchor_before and p.before}
        after = {p.anchor: p.after for p in comparison.passages if p.anchor and p.after}
        self.texts: Mapping[str, str] = {**before, **after}
        self._anchors = tuple(self.texts)

    def above(self, anchor: str, document_title: str) -> str:
        """The title, the anchor, and the texts above it: all that a reader has read before the passage."""
        texts = (self.texts[step][:HEADING_LENGTH] for step in _steps(anchor) if step in self.texts)
        return "\n".join([document_title, anchor, *texts])

    def around(self, passage: PassageChange) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """(reason, [(anchor, text)]) from the nearest context outwards."""
        anchor = passage.anchor or passage.anchor_before
        above = [step for step in _steps(anchor) if step in self.texts]
        clauses = [step for step in above if _CLAUSE.search(step.rsplit("/", 1)[-1])]
        yield "所在条款", [(step, self.texts[step]) for step in reversed(clauses)]
        yield "所引条款", list(self._referred(passage.after or passage.before))
        yield "所在章节", [(step, self.texts[step]) for step in reversed(above) if step not in clauses]

    def _referred(self, text: str) -> Iterator[tuple[str, str]]:
        numbers = set(_references(text))
        for anchor in self._anchors:
            if numbers.intersection(anchor.split("/")):
                yield anchor, self.texts[anchor]


def _references(text: str) -> Iterator[str]:
    """Numbers of articles of the same document that a clause refers to; those of other rules stand behind 》."""
    for sentence in re.split("[。；;]", text):
        own = _OTHER_RULE.sub("", sentence)
        if _REFERRING.search(own):
            yield from _NUMBER.findall(own)


def _steps(anchor: str) -> list[str]:
    steps = anchor.split("/")
    return ["/".join(steps[:size]) for size in range(1, len(steps))]

"""Passages that were split in two or merged into one: neighbours whose texts together are the other side's passage."""

from __future__ import annotations

from collections.abc import Sequence

from kb.changing.candidates import Leftover
from kb.changing.likeness import Likeness, containment, covered, similarity
from kb.changing.sequence import Pair
from kb.model import Op, Passage

WHOLE, COVERED, GAIN, PART, SHORTEST = 0.7, 0.85, 0.12, 0.55, 4
TAKEN_UP, NEW, TWIN, LONG_ENOUGH = 0.6, 0.3, 0.9, 12
_UNJOINED = frozenset({"row", "image", "reply", "heading"})
Groups = dict[int, tuple[int, ...]]


class Joining:
    """Splits and merges between two texts, found from the pairs that are already known."""

    def __init__(self, before: Sequence[Passage], after: Sequence[Passage], likeness: Likeness) -> None:
        self._before, self._after, self._likeness = before, after, likeness

    def op(self, i: int, j: int) -> Op:
        """What became of a passage that is paired with one other by likeness: equal ones stand elsewhere."""
        return Op.MOVED if self._before[i].text == self._after[j].text else Op.AMENDED

    def splits(self, pairs: list[Pair], right: list[Leftover]) -> Groups:
        """Old position -> the new positions (neighbours, in order) that together say what it said."""
        return self._grow(self._before, self._after, {j: i for i, j in pairs}, right)

    def merges(self, pairs: list[Pair], left: list[Leftover]) -> Groups:
        """New position -> the old positions (neighbours, in order) that it joins."""
        return self._grow(self._after, self._before, dict(pairs), left)

    def _grow(
        self,
        wholes: Sequence[Passage],
        parts: Sequence[Passage],
        owner: dict[int, int],
        loose: list[Leftover],
    ) -> Groups:
        groups: Groups = {}
        owner = dict(owner)
        ascending = [item.position for item in loose]
        steps = [*((p, p - 1) for p in ascending), *((p, p + 1) for p in reversed(ascending))]
        for position, neighbour in steps:
            whole = owner.get(neighbour)
            if whole is None or position in owner:
                continue
            group = groups.get(whole) or (neighbour,)
            if self._belongs(
                wholes[whole], [parts[k] for k in group], parts[position], before=position < neighbour
            ):
                groups[whole] = tuple(sorted((*group, position)))
                owner[position] = whole
        return groups

    def _belongs(self, whole: Passage, group: list[Passage], extra: Passage, *, before: bool) -> bool:
        if len(extra.text) < SHORTEST or {whole.kind, extra.kind} & _UNJOINED:
            return False
        if _says_the_same(whole.text, group, extra, before=before) and self._likeness.telling(extra.text):
            return True
        return self._taken_up(whole.text, group, extra.text)

    def _taken_up(self, whole: str, group: list[Passage], extra: str) -> bool:
        """However the whole was rewritten, it says most of the extra passage, which the others of the group do not; or
        the extra passage repeats one of them."""
        if len(extra) < LONG_ENOUGH or self._likeness.within(extra, whole) < TAKEN_UP:
            return False
        if max(similarity(extra, part.text) for part in group) >= TWIN:
            return True
        return self._likeness.within_anew(extra, whole, [part.text for part in group]) >= NEW


def _says_the_same(whole: str, group: list[Passage], extra: Passage, *, before: bool) -> bool:
    had = "".join(part.text for part in group)
    one = extra.text + had if before else had + extra.text
    now, then = covered(whole, one), covered(whole, had)
    close = similarity(whole, one) >= WHOLE and now >= COVERED and now - then >= GAIN
    return close and containment(extra.text, whole) >= PART

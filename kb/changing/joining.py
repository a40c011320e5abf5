"""Passages that were split in two or merged into one: neighbours whose texts together are the other side's passage."""

from __future__ import annotations

from collections.abc import Sequence

from kb.changing.candidates import Leftover
from kb.changing.likeness import Likeness, containment, covered, similarity
from kb.changing.sequence import Pair
from kb.codes import Op
from kb.model import Passage

WHOLE, COVERED, GAIN, PART, SHORTEST = 0.7, 0.85, 0.12, 0.55, 4
TAKEN_UP, NEW, TWIN, LONG_ENOUGH = 0.6, 0.3, 0.9, 12
_UNJOINED = frozenset({"row", "image", "reply", "heading"})
MOST = 8  # pieces after the first of a passage cut up at once
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
        for run in _runs(ascending):
            whole = owner.get(run[0] - 1)
            if whole is not None and self._all_belong(
                wholes[whole], parts[run[0] - 1], [parts[k] for k in run]
            ):
                groups[whole] = (run[0] - 1, *run)
                owner.update(dict.fromkeys(run, whole))
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

    def _all_belong(self, whole: Passage, first: Passage, rest: list[Passage]) -> bool:
        """A passage cut into three or more: each piece alone is too little of it, together they say it."""
        if not 1 < len(rest) <= MOST or {whole.kind, *(part.kind for part in rest)} & _UNJOINED:
            return False
        if any(containment(part.text, whole.text) < PART for part in rest):
            return False
        together = "".join(part.text for part in (first, *rest))
        close = similarity(whole.text, together) >= WHOLE and covered(whole.text, together) >= COVERED
        return close and all(self._likeness.telling(part.text) for part in rest)

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


def _runs(ascending: Sequence[int]) -> list[list[int]]:
    """Neighbouring positions, two or more."""
    runs: list[list[int]] = []
    for position in ascending:
        if runs and runs[-1][-1] == position - 1:
            runs[-1].append(position)
        else:
            runs.append([position])
    return [run for run in runs if len(run) > 1]


def _says_the_same(whole: str, group: list[Passage], extra: Passage, *, before: bool) -> bool:
    had = "".join(part.text for part in group)
    one = extra.text + had if before else had + extra.text
    now, then = covered(whole, one), covered(whole, had)
    close = similarity(whole, one) >= WHOLE and now >= COVERED and now - then >= GAIN
    return close and containment(extra.text, whole) >= PART

"""How much of a very large change is read finely: the words inside passages, and the points.

The passages beyond the bounds are still paired, and still told as noise, spelling or substance by their whole text; the
comparison says how many they are. Nothing substantive is lost that way: what is not read is called substantive.
"""

from __future__ import annotations

from collections.abc import Iterable

from kb.codes import Op
from kb.model import PassageChange

PAIRS = 2_000  # amended, split and merged passages read word by word
CHARACTERS = 4_000_000  # of both their texts together; the passage that goes beyond is still read
ALONE = 500  # added and removed passages whose points are read
_UNREAD = {
    Op.ADDED: "新增条款；改动过多，未读要点，请看原文",
    Op.REMOVED: "删除条款；改动过多，未读要点，请看原文",
}
_UNREAD_PAIR = "文字有修改；改动过多，未逐字对读，请对照原文"
_REASONS = frozenset({_UNREAD_PAIR, *_UNREAD.values()})


class FineReading:
    """Counts what was read finely; the first passages of the new text's order are."""

    def __init__(self) -> None:
        self._pairs = self._characters = self._alone = 0

    def takes_pair(self, before: str, after: str) -> bool:
        if self._pairs >= PAIRS or self._characters >= CHARACTERS:
            return False
        self._pairs += 1
        self._characters += len(before) + len(after)
        return True

    def takes_alone(self) -> bool:
        self._alone += 1
        return self._alone <= ALONE


def unread(op: Op) -> str:
    """The reason of a substantive passage that was not read finely."""
    return _UNREAD.get(op, _UNREAD_PAIR)


def remark(differing: Iterable[PassageChange]) -> str:
    """What a reader of the whole comparison must know; empty where everything was read."""
    passed_over = sum(change.reason in _REASONS for change in differing)
    return f"改动过多，其中{passed_over}处只按整段判断，未逐字对读" if passed_over else ""

"""A clause called by the name of its rule and its number: ``深度合成管理规定 第十七条``, ``网络安全法21条``. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.folding import HAN
from kb.numerals import NUMERAL, to_chinese, to_int

_RULE = "法|法典|条例|规定|办法|细则|规则|解释|决定|标准|指南|指引|通知|公告|意见|规范|目录|要求|措施|方案|制度|规程"
_NAME = rf"(?P<name>[{HAN}A-Za-z0-9（）()、·]{{1,80}}?(?:{_RULE})(?:[（(](?:试行|暂行)[）)])?)"
_CLAUSE = re.compile(
    rf"^\s*《?{_NAME}》?\s*(?:的\s*)?第?\s*(?P<article>[{NUMERAL}]{{1,7}})\s*条"
    rf"(?:\s*之\s*(?P<of>[{NUMERAL}]{{1,3}}))?(?:\s*第?\s*(?P<paragraph>[{NUMERAL}]{{1,4}})\s*款)?(?P<rest>.*)$",
    re.DOTALL,
)
_SHORTEST = 4  # characters of a rule's name that does not end in 法
_NOT_A_NAME = re.compile("^(?:本|该|此|违反|依照|按照|根据|前款)")


@dataclass(frozen=True, slots=True)
class Clause:
    """``anchors`` are the paths by which the clause may be called inside the rule, the narrowest first; ``rest`` is what was typed behind
    it."""

    name: str
    anchors: tuple[str, ...]
    rest: str


def clause(query: str) -> Clause | None:
    """The clause that a query begins with the name of, if it does."""
    found = _CLAUSE.match(query)
    if found is None or _NOT_A_NAME.match(found["name"]):
        return None
    name = found["name"]
    if len(name) < _SHORTEST and not name.endswith("法"):
        return None
    article = _chinese(found["article"])
    if not article:
        return None
    called = f"第{article}条" + (f"之{_chinese(found['of'])}" if found["of"] else "")
    within = f"{called}/第{_chinese(found['paragraph'])}款" if found["paragraph"] else ""
    return Clause(name, tuple(each for each in (within, called) if each), found["rest"].strip())


def _chinese(number: str) -> str:
    value = to_int(number)
    return to_chinese(value) if value is not None else ""

"""PURE. What one sentence does to each rule it names, and from which day it says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from kb.changing.titles import Mention, mentions
from kb.codes import RelationKind
from kb.numerals import to_int

_END = r"(?:废止|失效|停止执行|停止施行|停止实施|停止适用|不再执行|不再适用|不再施行)"
_ENDS = re.compile(
    rf"(?<!已)(?<!已经)(?<!已被)(?<!被)(?<!未){_END}(?!前|后|之前|之后|以前|于|为由|与否|的规定|的许可|的文件|通知书)"
)
_ENDED_THING = re.compile(r"(?:许可证|证书|资格|资质|合同|协议|批准文件|备案号?|登记)[^，。；《》]{0,16}$")
_PARTS = re.compile(
    r"^中?(?:的)?(?:第[一二三四五六七八九十百零〇0-9]{1,6}(?:条|款|项|章|节)|附件|附表|中?[^，。；《》]{0,24}(?:规定|条款|内容|要求|部分)(?=[，,]|同时|自|予以|即行|停止|废止|不再))"
)
_STRUCK = re.compile(r"(?:删去|删除|废止)[^，。；：《》]{0,6}$")
_STRIKES = re.compile(r"删去|删除")
_BASIS = re.compile(
    r"(?:根据|依据|依照|按照|违反|遵守|执行|符合|适用|参照|结合|为贯彻落实|贯彻|落实|为了?实施|与|现将)[^，。；：《》]{0,12}(?:《[^《》]*》[^，。；：《》]{0,24}[、和及以与]{1,2}[^，。；：《》]{0,4}){0,6}$"
)
_AS_FOLLOWS = re.compile(
    r"(?:作|做)(?:出|了)?(?:如下|以下|相应)?(?:的)?(?:修改|修订|修正)|予以修改|进行修[改订]|修改为|修改如下|增加(?:一|二|两|三)(?:条|款|项)|改为“|修改成"
)
_AMEND_VERB = re.compile(r"(?<!关于)(?:修改|修订|修正)(?:了|以下|下列)?$")
_DAY = re.compile(r"自?([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日(?:零时)?起[^，。；《》]{0,8}$")
_JOINS = re.compile(
    r"^$|^[、，,和及以与 　]+(?:原|以及)?(?:[^，。；《》]{0,60}的|[^，。；《》]{0,40}(?:令|公告)[^，。；《》]{0,12})?$"
)
_VERB_AFTER = re.compile(rf"^[^《》。；]{{0,60}}?{_END}")
_ONLY_MEANT = re.compile(
    r"(?:(?:拟|建议|研究|考虑|提请|请求|是否)[^，。；《》]{0,6}|(?:不得|未|暂不|暂缓|不予)[^，。；《》]{0,2})$"
)
"""Before a verb of ending: it is planned, asked for or denied, and nothing has ended."""
_VERB_BEFORE = re.compile(r"(?:废止|停止执行|宣布失效)(?:了)?[：:]?(?:原|下列|以下)?[^，。；《》]{0,30}$")


def kinds(sentence: str) -> Iterator[tuple[Mention, RelationKind]]:
    """Each rule a sentence names with what the sentence does to it. A verb reaches the titles of its own clause's list."""
    found = mentions(sentence)
    for at, mention in enumerate(found):
        before = sentence[found[at - 1].end if at else 0 : mention.start]
        after = sentence[mention.end : found[at + 1].start if at + 1 < len(found) else len(sentence)]
        yield mention, _kind(sentence, found, at, before, after)


def _kind(sentence: str, found: list[Mention], at: int, before: str, after: str) -> RelationKind:
    mention = found[at]
    if _BASIS.search(sentence[max(0, mention.start - 200) : mention.start]):
        return RelationKind.CITES
    parts = bool(_PARTS.match(after.lstrip("（）() ")))
    follows = bool(_AS_FOLLOWS.search(after))
    if parts and (_STRUCK.search(before) or _ENDS.search(after) or (_STRIKES.search(after) and not follows)):
        return RelationKind.REPEALS_PARTLY
    if not parts and _ends(sentence, found, at):
        return RelationKind.REPEALS
    return RelationKind.AMENDS if follows or _AMEND_VERB.search(before) else RelationKind.CITES


def _ends(sentence: str, found: list[Mention], at: int) -> bool:
    """Whether a verb of ending follows this title, or the last of the list it stands in, or stands before its first."""
    last = at
    while last + 1 < len(found) and _JOINS.match(sentence[found[last].end : found[last + 1].start]):
        last += 1
    following = sentence[found[last].end : found[last + 1].start if last + 1 < len(found) else len(sentence)]
    verb = _ENDS.search(following)
    if (
        verb
        and _VERB_AFTER.match(following)
        and not _ONLY_MEANT.search(following[: verb.start()])
        and not (last + 1 < len(found) and verb.end() == len(following))  # the verb of the next title
        and not _ENDED_THING.search(following[: verb.start()])
        and "规定的" not in following[: verb.start()]
    ):
        return True
    first = at
    while first > 0 and _JOINS.match(sentence[found[first - 1].end : found[first].start]):
        first -= 1
    preceding = sentence[found[first - 1].end if first else 0 : found[first].start]
    verb = _VERB_BEFORE.search(preceding)
    if verb is None or _ONLY_MEANT.search(preceding[: verb.start()]):
        return False
    return _ENDS.search(preceding, verb.start()) is not None


def day_of(sentence: str, mention: Mention, kind: RelationKind) -> date | None:
    """``《…》自2026年1月1日起废止``: the day between the title and the verb."""
    if kind not in {RelationKind.REPEALS, RelationKind.REPEALS_PARTLY}:
        return None
    after = sentence[mention.end :]
    verb = _ENDS.search(after)
    match = _DAY.search(after[: verb.start()]) if verb else None
    if match is None or "施行" in match[0]:
        return None
    year, month, day = (to_int(part) or 0 for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None

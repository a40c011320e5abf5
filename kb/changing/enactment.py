"""The note under a rule's title: who made and amended it, and when. It tells the history of the rule, not its content."""

from __future__ import annotations

import re

ENACTED = "题注记载的制定、修改情况更新"
_LIMIT = 2_000
_QUOTED = re.compile(r"《[^《》]{0,120}》|〈[^〈〉]{0,120}〉|<[^<>]{0,120}>")
_DAY = r"(?:[0-9]{4}|[一二三四五六七八九〇零○]{4})年[0-9一二三四五六七八九十]{1,3}月[0-9一二三四五六七八九十]{1,3}日(?![前后以之至])"
_MADE = r"(?:通过|公布|发布|颁布|印发|批准|修订|修正|修改)"
_ENDS = re.compile(rf"({_MADE}|号)(?=(?:根据|依据)?{_DAY})")
_BETWEEN = re.compile(r"[ 　\s；;，,、]+")
_OPENS = re.compile(rf"(?:根据|依据|自)?{_DAY}")
_ACT = re.compile(
    rf"(?:(?:根据|依据|经)?{_DAY}|(?:第[一二三四五六七八九十]+届)?[\u4e00-\u9fff]{{2,40}}(?:会议|大会|令|国务院|部|局|署|委员会|办公室))"
    rf"[^。：:]{{0,160}}?(?:{_MADE}|号)(?:施行|实施)?"
)
_MAKER = re.compile(r"会议|大会|国务院|令|部|局|署|委员会|办公室|法院|检察院|政府|银行")
_TAKES_EFFECT = re.compile(rf"(?:该(?:修正|修订))?自?{_DAY}起?(?:施行|实施|生效)")
_RULES = re.compile(r"应当|不得|必须|须|可以|禁止|废止|失效|停止|[。：:]")


def is_enactment_note(text: str) -> bool:
    """The whole text is dated acts of making: ``（2007年8月30日…会议通过　根据2022年6月24日…《…》修正）``."""
    acts = _acts(text)
    return (
        bool(acts)
        and _OPENS.match(acts[0]) is not None
        and any(_MAKER.search(act) for act in acts[:2])
        and any(re.search(f"{_MADE}$", act) for act in acts)
        and all(_ACT.fullmatch(act) or _OPENS.fullmatch(act) or _TAKES_EFFECT.fullmatch(act) for act in acts)
    )


def only_enactment(before: str, after: str) -> str:
    """Both texts are such notes, and the day of effect, where one is printed, is the same."""
    if not (is_enactment_note(before) and is_enactment_note(after)):
        return ""
    return ENACTED if _days_of_effect(before) == _days_of_effect(after) else ""


def only_history(text: str) -> bool:
    """A note that says nothing of the day of effect."""
    return is_enactment_note(text) and not _days_of_effect(text)


def _acts(text: str) -> list[str]:
    if len(text) > _LIMIT:
        return []
    bare = _QUOTED.sub("", _QUOTED.sub("", text)).strip("（()） 　\n")
    if _RULES.search(bare):
        return []
    return [act for act in _BETWEEN.split(_ENDS.sub(r"\1 ", bare)) if act]


def _days_of_effect(text: str) -> list[str]:
    return [act for act in _acts(text) if _TAKES_EFFECT.fullmatch(act)]

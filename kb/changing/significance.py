"""How much a difference between two passages matters: page furniture, wording, or substance; and why.

Whatever no rule here explains is substantive.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb.changing.fold import ANNOTATED, equal_after, folded
from kb.changing.noise import is_furniture, without_noise
from kb.changing.renames import NAMES, canonical_names, same_body, spelled_out
from kb.changing.tokens import tokenise
from kb.changing.wording import is_byline, is_contact, only_address, only_byline, only_order
from kb.codes import Significance
from kb.model import Passage, Span


@dataclass(frozen=True, slots=True)
class Verdict:
    significance: Significance
    reason: str


REFERENCE = "只有引用的条号随条文顺序调整"
WORDING = "只有用字、虚词、机关名称或者引用条号不同"
AUTHORITY_RENAMED = "机关更名，未见职责变化"
_REFERENCE = re.compile(
    r"(?<!》)第[〇零○一二两三四五六七八九十百千0-9]{1,8}(?:条(?:之[一二三四五六七八九十])?|章|节)"
)
_PARTICLES = frozenset({"", "的", "地", "得", "了", "，的", "之"})
_CONNECTIVES = (frozenset({"或", "或者"}), frozenset({"并", "并且"}), frozenset({"但", "但是"}), frozenset({"依照", "按照", "依据", "根据"}),
                frozenset({"及", "以及", "和", "与"}), frozenset({"日内", "天内"}), frozenset({"如", "如果"}), frozenset({"因", "因为"}),
    frozenset({"应", "应当"}))  # fmt: skip
_JOINTS = re.compile(r"[并且及其同时和与]")
LONG = 50_000  # characters beyond which two passages are not asked whether only their wording differs
SUBSTANTIVE = Verdict(Significance.SUBSTANTIVE, "")  # the points that changed are the reason
NOISE = Verdict(Significance.NOISE, "只有空白、样式或者计数一类的页面杂项不同")
MOVED = Verdict(Significance.EDITORIAL, "位置调整，文字未变")
RENUMBERED = Verdict(Significance.EDITORIAL, "只有序号不同，文字未变")


def judge_amended(before: str, after: str, spans: Sequence[Span], renumbered: Mapping[str, str]) -> Verdict:
    """``renumbered`` maps the numbers of articles and chapters of the old text to those of the new one."""
    if without_noise(before) == without_noise(after) or (is_furniture(before) and is_furniture(after)):
        return NOISE
    if max(len(before), len(after)) <= LONG and (reason := _wording(before, after, spans, renumbered)):
        return Verdict(Significance.NOISE if reason == ANNOTATED else Significance.EDITORIAL, reason)
    return SUBSTANTIVE


def judge_whole(before: str, after: str) -> Verdict:
    """One of very many amended passages: spelling and page furniture are told, whatever else differs is substantive."""
    if without_noise(before) == without_noise(after) or (is_furniture(before) and is_furniture(after)):
        return NOISE
    reason = equal_after(before, after) if max(len(before), len(after)) <= LONG else ""
    if reason:
        return Verdict(Significance.NOISE if reason == ANNOTATED else Significance.EDITORIAL, reason)
    return SUBSTANTIVE


def _wording(before: str, after: str, spans: Sequence[Span], renumbered: Mapping[str, str]) -> str:
    """Why the two texts say the same; empty when nothing here explains the difference."""
    if reason := equal_after(before, after):
        return reason
    referring = _REFERENCE.sub(lambda m: renumbered.get(m[0], m[0]), before) if renumbered else before
    if referring != before and (referring == after or equal_after(referring, after)):
        return REFERENCE
    if renamed_body(referring, after):
        return AUTHORITY_RENAMED
    if spans and all(_is_wording(span, renumbered) or _grows_a_word(before, span) for span in spans):
        return WORDING
    return only_address(before, after) or only_byline(before, after) or only_order(before, after)


def judge_joined(before: str, after: str) -> Verdict:
    """A passage split in two (or two merged): editorial when the pieces say what the whole said."""
    whole, parts = (before, after) if "\n" not in before else (after, before)
    pieces = [folded(part) for part in parts.split("\n")]
    said = pieces[0] + "".join(_without_subject(pieces[0], piece) for piece in pieces[1:])
    if folded(whole) in (said, "".join(pieces)) or _JOINTS.sub("", folded(whole)) == _JOINTS.sub("", said):
        return Verdict(Significance.EDITORIAL, "只有分段不同，文字未变")
    return SUBSTANTIVE


def _without_subject(first: str, later: str) -> str:
    """A sentence cut off from another repeats its subject and its modal verb."""
    size = 0
    while size < min(len(first), len(later)) and first[size] == later[size]:
        size += 1
    return later[size:]


def judge_alone(passage: Passage, *, states_duty: bool) -> Verdict:
    """An added or removed passage."""
    text = passage.text
    if not passage.ordinal and (is_furniture(text) or not folded(text)):
        return Verdict(Significance.NOISE, "页面杂项")
    if is_byline(text):
        return Verdict(Significance.EDITORIAL, "页面署名、来源或者发布时间")
    if is_contact(text):
        return Verdict(Significance.EDITORIAL, "联系方式")
    if passage.kind == "heading" and not states_duty and len(text) <= 30:
        return Verdict(Significance.EDITORIAL, "只是标题")
    return SUBSTANTIVE


def renamed_body(before: str, after: str) -> bool:
    """The two texts say the same when every body goes by one name."""
    first, second = (tokenise(spelled_out(text)) for text in (before, after))
    if NAMES.isdisjoint(first) or NAMES.isdisjoint(second):
        return False
    olds = {_one_name(tokens) for tokens in canonical_names(first)}
    return any(_one_name(tokens) in olds for tokens in canonical_names(second))


_REPEATED = re.compile(r"(\0[0-9]+\0)(?:\1)+")


def _one_name(tokens: Sequence[str]) -> str:
    """Two bodies that became one are named once: the repetition goes."""
    return _REPEATED.sub(r"\1", _AMONG_NAMES.sub(r"\1\2", folded("".join(tokens))))


_AMONG_NAMES = re.compile(r"(\0[0-9]+\0)(?:和|与|或者|或|以及|及)(\0[0-9]+\0)")


def _grows_a_word(text: str, span: Span) -> bool:
    """如 became 如果: the word is longer than the letters that came."""
    ahead = text[max(0, span.before_start - 1) : span.before_start]
    behind = text[span.before_end : span.before_end + 1]
    words = ((ahead + span.before, ahead + span.after), (span.before + behind, span.after + behind))
    return any(pair[0] != pair[1] and set(pair) <= group for pair in words for group in _CONNECTIVES)


def _is_wording(span: Span, renumbered: Mapping[str, str]) -> bool:
    before, after = span.before.strip("，、,"), span.after.strip("，、,")
    if before == after or equal_after(before, after) or same_body(before, after):
        return True
    if before in _PARTICLES and after in _PARTICLES:
        return True
    if any({before, after} <= group for group in _CONNECTIVES):
        return True
    return _REFERENCE.sub(lambda m: renumbered.get(m[0], m[0]), before) == after

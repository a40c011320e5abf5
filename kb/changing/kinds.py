"""Which kind of rule change two versions of one page make, from the closed list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.changing.classify import IMAGE_REPLACED
from kb.changing.filings import announces_batch, is_list_batch
from kb.changing.significance import AUTHORITY_RENAMED
from kb.codes import ChangeKind, DeltaKind, Op, Significance
from kb.model import Document, PassageChange

_SELF_REPEAL = re.compile(
    r"(?:本|该)(?:规定|办法|条例|细则|规则|通知|公告|决定|意见|标准|指南|指引|规范|解释|文件|法)"
    r"(?:现|已|经|自|于|从|即)*[0-9一二三四五六七八九十〇零○年月日公发印布之起即]{0,24}(?:现|已|予以|正式|同时)*(?:废止|失效|停止执行|不再执行)"
)
_REPEALED_TITLE = re.compile(
    r"[（(【\[][^）)】\]]{0,6}(?:废止|失效|停止执行)[^）)】\]]{0,4}[）)】\]]|^(?:已废止|已失效)"
)
_AGAIN = re.compile(
    r"(?:再次|第[二三四五六七八九0-9]+次|重新)[^，。]{0,8}征求意见|(?:二|三|四|第[二三四]|再次|[2-9])次?(?:公开)?征求意见稿"
)


def new_document_kind(document: Document) -> ChangeKind:
    """A document that was not there before: newly published, a draft put out for comment, or one more batch of a list."""
    if announces_batch(document):
        return ChangeKind.LIST_BATCH
    return ChangeKind.DRAFT_PUBLISHED if document.is_draft else ChangeKind.NEW


def change_kind(before: Document, after: Document, differing: Sequence[PassageChange]) -> ChangeKind:
    if before.is_draft != after.is_draft:
        return ChangeKind.DRAFT_PUBLISHED if after.is_draft else ChangeKind.FINALISED
    if after.is_draft and _AGAIN.search(after.title) and not _AGAIN.search(before.title):
        return ChangeKind.DRAFT_REOPENED
    telling = [p for p in differing if p.significance is not Significance.NOISE]
    if _repeals_itself(before, after, telling):
        return ChangeKind.REPEALED
    return _by_passages(telling) if telling else ChangeKind.AMENDED


def _repeals_itself(before: Document, after: Document, telling: Sequence[PassageChange]) -> bool:
    if _REPEALED_TITLE.search(after.title) and not _REPEALED_TITLE.search(before.title):
        return True
    return any(
        p.after and _SELF_REPEAL.search(p.after) and not _SELF_REPEAL.search(p.before) for p in telling
    )


def _by_passages(telling: Sequence[PassageChange]) -> ChangeKind:
    if all(p.reason == IMAGE_REPLACED for p in telling):
        return ChangeKind.IMAGE_REPLACED
    if all(p.anchor.startswith("回复") and p.op is Op.ADDED for p in telling):
        return ChangeKind.OFFICIAL_REPLY
    if all(p.reason == AUTHORITY_RENAMED for p in telling):
        return ChangeKind.AUTHORITY_RENAMED
    if is_list_batch(telling):
        return ChangeKind.LIST_BATCH
    grave = [p for p in telling if p.significance is Significance.SUBSTANTIVE]
    if grave and all(p.op is Op.AMENDED and p.deltas and _only_authority(p) for p in grave):
        return ChangeKind.DUTY_TRANSFERRED
    return ChangeKind.AMENDED


def _only_authority(passage: PassageChange) -> bool:
    return all(delta.kind is DeltaKind.AUTHORITY and delta.before and delta.after for delta in passage.deltas)

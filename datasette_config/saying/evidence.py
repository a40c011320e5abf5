"""What shows a change: when its texts were seen, the captures with their records, and how anybody checks them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from datasette_config.language import gettext as _
from datasette_config.saying import format as say
from kb.codes import ChangeKind, Origin
from kb.model import PassageChange
from kb.output import CaptureOut, EvidenceOut, PassageChangeOut, RecordOut

Row = dict[str, Any]
Shown = dict[str, Any]

CHECKING = (
    "留存文件在数据目录 captures/ 下；从 record.file 的第 record.offset 字节起取 record.length 字节，是一条 gzip 压缩的 "
    "WARC 记录，它的 SHA-256 应等于 record.digest。",
    "解压后，HTTP 正文（网站发来的原样字节，未去内容编码）的 SHA-256 应等于 body_digest；任何 WARC 阅读器都能打开。",
    "留存由本系统自行保存，不是第三方存证。差异由程序逐字比对得出，以官方原文为准。",
)


def window(row: Row) -> list[Shown]:
    """The moments between which a change happened, each with what was seen."""
    followed = row["before_id"] and row["kind"] != ChangeKind.FINALISED
    old = _("最后一次看到旧文") if followed else _("最后一次查看时，列表上还没有它")
    new = _("首次看到新文") if followed else _("首次看到")
    if row["kind"] == ChangeKind.GONE:
        old, new = _("最后一次看到原页面"), _("首次看不到")
    moments = (
        (row["observed_from"], old),
        (row["observed_to"], new),
        (row["confirmed_at"], _("再次查看，一致，确认")),
    )
    return [{"when": say.beijing(moment), "what": what} for moment, what in moments if moment]


def window_note(row: Row) -> str:
    if row["origin"] == Origin.IMPORT:
        return _("由导入的历史留存比对得出。")
    if row["origin"] == Origin.REPLAY:
        return _("回放数据，不作为留存。")
    return _("程序只能说变动发生在前两个时刻之间。") if row["observed_from"] else ""


def captures(row: Row, kept: Sequence[Row]) -> list[Shown]:
    """The captures of a change, oldest first, each with what it shows and where its record lies."""
    shows = {row["before_capture"]: _("旧文"), row["after_capture"]: _("新文")}
    return [
        {
            "id": one["capture_id"],
            "what": shows.get(one["capture_id"]) or _("再次查看"),
            "when": say.beijing(one["fetched_at"]),
            "address": one["url"],
            "url": say.safe_url(one["url"]),
            "digest": one["body_digest"],
            "file": f"captures/{one['source_id']}/{one['record_file']}" if one["record_file"] else "",
            "offset": one["record_offset"],
            "length": one["record_length"],
        }
        for one in kept
    ]


def pack(
    row: Row, kept: Sequence[Row], passages: Sequence[PassageChange], address: str, *, demo: bool
) -> EvidenceOut:
    """Everything that lets somebody else check a change, for programs. No ``passages`` where they may not be shown whole."""
    return EvidenceOut(
        change=row["change_id"],
        address=address,
        title=row["document_title"] or row["title"],
        doc_number=row["doc_number"] or "",
        url=row["url"],
        headline=row["headline"],
        kind=row["kind"],
        significance=row["significance"],
        confirmation=row["confirmation"],
        origin=row["origin"],
        observed_from=row["observed_from"],
        observed_to=row["observed_to"],
        confirmed_at=row["confirmed_at"],
        captures=[_capture(one) for one in kept],
        passages=[PassageChangeOut.of(one) for one in passages],
        checking=list(CHECKING),
        demo=demo,
    )


def _capture(one: Row) -> CaptureOut:
    record = RecordOut(
        file=f"captures/{one['source_id']}/{one['record_file']}",
        offset=one["record_offset"],
        length=one["record_length"],
        digest=one["record_digest"],
    )
    return CaptureOut(
        id=one["capture_id"],
        url=one["url"],
        fetched_at=one["fetched_at"],
        status=one["status"],
        content_type=one["content_type"],
        origin=one["origin"],
        body_digest=one["body_digest"],
        record=record if one["record_file"] else None,
    )

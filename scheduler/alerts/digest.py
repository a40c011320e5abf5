"""PURE. The daily or weekly digest: what changed, what could not be viewed, which dates come near. Short on calm days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kb import words
from kb.model import ChangeKind, Flag, Significance, SourceLevel
from scheduler.alerts.message import Letterhead, Message, item, point
from scheduler.alerts.passages import anchor_words
from scheduler.alerts.text import clean, clip, days_left, hour_minute, minute, today
from scheduler.facts import ChangeFacts, IncidentFacts, LookFacts
from scheduler.ops import Holding

SOON = 130  # days ahead that a date is worth a line
DATES = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """A change as this subscriber sees it. ``alerted_at``: when the immediate alert was made, if there was one."""

    change: ChangeFacts
    licences: tuple[str, ...] = ()
    alerted_at: datetime | None = None
    assessment: str = "未处理"


@dataclass(frozen=True, slots=True)
class DigestContents:
    """``editorial`` counts changes below the subscriber's minimum; ``dates`` are (day, what) from documents."""

    day: date
    since: datetime
    entries: tuple[Entry, ...]
    looked: LookFacts
    incidents: tuple[IncidentFacts, ...] = ()
    manual: tuple[str, ...] = ()  # licence types of the subscriber that only a person can look at
    dates: tuple[tuple[date, str], ...] = ()
    holdings: tuple[Holding, ...] = ()
    licences: tuple[str, ...] = ()
    editorial: int = 0
    unassessed: int = 0
    log_head: str = ""
    weekly: bool = False


def digest_message(contents: DigestContents, head: Letterhead, *, alert: str, subscription: str) -> Message:
    period = "周报" if contents.weekly else "日报"
    day = f"{contents.day.month}月{contents.day.day}日{period}"
    looked = contents.looked
    if contents.entries:
        seen = f"{looked.sources_due} 个来源已看 {looked.sources_seen} 个"
        subject = f"{len(contents.entries)} 处变动（{_counts(contents.entries)}）｜{day}｜{seen}"
        lines = _changes(contents.entries, head)
    else:
        seen = f"应看 {looked.sources_due} 个来源，已看 {looked.sources_seen} 个"
        calm = "未见变动" if looked.sources_seen else "未能查看"
        subject = f"{calm}｜{day}｜{seen}"
        lines = _calm(contents, head)
    lines += _tail(contents, head)
    lines += [
        "——",
        f"发给您是因为订阅“{clean(subscription)}”包含{period}。"
        + ("" if contents.weekly else "平静日也想少收信：可改为每周一封。")
        + f"修改或退订：回复本邮件写明“退订”，或由管理员运行 zhengce subscribe。　邮件编号 {alert}",
    ]
    return head.finish(subject, lines, [subject, f"{head.base_url}/"])


def group_of(change: ChangeFacts) -> str:
    """Which of the digest's sections a change belongs to; a draft or a platform rule never stands among the law."""
    if change.is_draft or change.kind in {ChangeKind.DRAFT_PUBLISHED, ChangeKind.DRAFT_REOPENED}:
        return "征求意见（不是现行规定）"
    if change.level is SourceLevel.AGENCY:
        return "代办机构文章（仅作线索）"
    if change.level in {SourceLevel.PLATFORM, SourceLevel.OFFICIAL_REPLY}:
        return "平台规则（不是法律，但影响上架）"
    if change.kind is ChangeKind.LIST_BATCH or Flag.ROUTINE in change.flags:
        return "名单更新（例行）"
    if change.significance is Significance.SUBSTANTIVE or Flag.NEEDS_READING in change.flags:
        return "实质性变动"
    return "文字性变动"


_ORDER = (
    "实质性变动",
    "征求意见（不是现行规定）",
    "平台规则（不是法律，但影响上架）",
    "名单更新（例行）",
    "文字性变动",
    "代办机构文章（仅作线索）",
)
_COUNTED = {
    "实质性变动": "实质",
    "征求意见（不是现行规定）": "草案",
    "名单更新（例行）": "名单",
    "文字性变动": "文字",
    "代办机构文章（仅作线索）": "线索",
}


def _counts(entries: tuple[Entry, ...]) -> str:
    counted: dict[str, int] = {}
    for entry in sorted(entries, key=lambda e: _ORDER.index(group_of(e.change))):
        if Flag.NEEDS_READING in entry.change.flags:
            name = "待判读"
        else:
            name = _COUNTED.get(group_of(entry.change)) or "平台"
        counted[name] = counted.get(name, 0) + 1
    return "、".join(f"{name} {count}" for name, count in counted.items())


def _changes(entries: tuple[Entry, ...], head: Letterhead) -> list[str]:
    lines: list[str] = []
    number = 0
    groups = [(g, [e for e in entries if group_of(e.change) == g]) for g in _ORDER]
    for heading, (group, members) in zip("一二三四五六", [g for g in groups if g[1]], strict=False):
        lines.append(f"{heading}、{group}")
        for entry in members:
            number += 1
            lines += _entry(number, entry, head)
        lines.append("")
    return lines


def _entry(number: int, entry: Entry, head: Letterhead) -> list[str]:
    change = entry.change
    place = anchor_words(change.substantive[0]) if len(change.substantive) == 1 else ""
    if change.kind in {ChangeKind.NEW, ChangeKind.DRAFT_PUBLISHED, ChangeKind.FINALISED}:
        place = ""
    first = f"　{number}. {item(change, entry.licences, head)}｜{clip(clean(change.title), 60)}"
    when = _when(change, head)
    lines = [f"{first} {place}".rstrip(), f"　　{clip(point(change), 100)}" + (f"；{when}" if when else "")]
    if Flag.NEEDS_READING in change.flags:
        lines.append("　　程序读不出内容 → 请人工看新旧两份")
    told = (
        f"已于 {hour_minute(entry.alerted_at)} 即时提醒　处理：{entry.assessment}　"
        if entry.alerted_at
        else ""
    )
    return [*lines, f"　　{told}→ 对照 {head.base_url}/change/{change.id}"]


def _when(change: ChangeFacts, head: Letterhead) -> str:
    if change.is_draft and change.comments_until:
        return f"意见反馈截止 {change.comments_until}（{days_left(change.comments_until, head.now)}）"
    if change.effective and change.effective > today(head.now):
        return f"尚未施行，{change.effective} 起（{days_left(change.effective, head.now)}）"
    return f"{change.effective} 起施行" if change.effective else ""


def _calm(contents: DigestContents, head: Letterhead) -> list[str]:
    looked = contents.looked
    count = f"您关注的 {len(contents.licences)} 项" if contents.licences else "您关注的全部事项"
    if not looked.sources_seen:
        return [
            f"{minute(contents.since)} 至 {minute(head.now)}，没有一个来源看得到，无法告诉您有没有变动。",
            "",
        ]
    unseen = "在看得到的来源上" if looked.sources_seen < looked.sources_due else ""
    noise = f"；{looked.noise_pages} 个页面只有浏览数、相对时间等杂项变化" if looked.noise_pages else ""
    return [
        f"{minute(contents.since)} 至 {minute(head.now)}，{count}{unseen}均未见变动。",
        f"查看了 {looked.sources_seen} 个来源、{looked.pages} 个页面，逐一比对{noise}。",
        "",
    ]


def _tail(contents: DigestContents, head: Letterhead) -> list[str]:
    lines: list[str] = []
    if contents.editorial:
        lines.append(
            f"另有文字性变动 {contents.editorial} 处，未见义务变化，不逐条列出 → 查看 {head.base_url}/"
        )
    lines += [_incident(incident, head) for incident in contents.incidents]
    if contents.manual:
        names = "、".join(head.name_of(licence) for licence in contents.manual)
        lines.append(f"不能说“未见变动”的：{names}。程序看不到主管机关原站，请人工打开看一眼。")
    dates = [*contents.dates, *_renewals(contents.holdings, head)]
    near = sorted({d for d in dates if 0 <= (d[0] - contents.day).days <= SOON})[:DATES]
    if near:
        lines += ["", "快到的日期"]
        lines += [
            f"　{day:%m-%d}　{clip(clean(what), 80)}（{days_left(day, head.now)}）" for day, what in near
        ]
    lines.append(f"未处理的提醒：{contents.unassessed} 件")
    if contents.log_head:
        lines += ["", f"监测日志摘要值（请保留本邮件，可用于日后核验）：{contents.log_head}"]
    return lines


def _incident(incident: IncidentFacts, head: Letterhead) -> str:
    days = (head.now - incident.opened_at).days
    lasted = f"（{days} 天）" if days else ""
    blind = "、".join(head.name_of(licence) for licence in incident.licences) or "这个来源上的全部事项"
    where = clean(incident.source_title)
    if not incident.whole_source:
        where += f"（页面：{clip(clean(incident.page_title or incident.url), 40)}）"
    return (
        f"未能查看：{where}，{words.zh(incident.health)}，自 {minute(incident.opened_at)} 起{lasted}。"
        f"影响：{blind}。→ 原因与替代办法 {head.base_url}/incidents#{incident.id}"
    )


def _renewals(holdings: tuple[Holding, ...], head: Letterhead) -> list[tuple[date, str]]:
    dates: list[tuple[date, str]] = []
    for holding in holdings:
        if not holding.expires_on:
            continue
        expires = date.fromisoformat(holding.expires_on)
        begins = date.fromordinal(expires.toordinal() - holding.renew_days)
        name = head.name_of(holding.licence)
        dates.append((begins, f"贵司{name} 续期申请起算日（到期 {expires}，提前天数按贵司台账填写）"))
        dates.append((expires, f"贵司{name} 到期"))
    return dates

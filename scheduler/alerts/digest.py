"""PURE. The daily or weekly digest: what changed, what could not be viewed, which dates come near. Short on calm days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kb.codes import ChangeKind, Confirmation, Flag, Significance, SourceLevel
from scheduler.alerts.message import Letterhead, Message, item, point
from scheduler.alerts.passages import anchor_words
from scheduler.alerts.text import clean, clip, days_left, hour_minute, minute, today
from scheduler.facts import ChangeFacts, IncidentFacts, LookFacts

SOON = 130  # days ahead that a date is worth a line
DATES = 6
WAITING = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """A change as this subscriber sees it. ``alerted_at``: when the immediate alert was made, if there was one."""

    change: ChangeFacts
    licences: tuple[str, ...] = ()
    alerted_at: datetime | None = None
    assessment: str = "未处理"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change of this subscriber that is not told yet: ``why`` it waits for a person, empty for a second look."""

    change: ChangeFacts
    why: str = ""


@dataclass(frozen=True, slots=True)
class DigestContents:
    """``editorial`` counts changes below the subscriber's minimum; ``dates`` are (day, what) of the
    calendar.

    ``unwatched`` are licence types of the subscriber that no source watches by program; ``unsent`` are messages
    to anybody that were given up since the last digest; ``unfollowed`` a profile that cannot be followed.
    """

    day: date
    since: datetime
    entries: tuple[Entry, ...]
    looked: LookFacts
    incidents: tuple[IncidentFacts, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    unwatched: tuple[str, ...] = ()
    dates: tuple[tuple[date, str], ...] = ()
    licences: tuple[str, ...] = ()
    editorial: int = 0
    unassessed: int = 0
    unsent: tuple[str, ...] = ()
    unfollowed: str = ""
    weekly: bool = False


def digest_message(contents: DigestContents, head: Letterhead, *, alert: str, subscription: str) -> Message:
    period = "周报" if contents.weekly else "日报"
    day = f"{contents.day.month}月{contents.day.day}日{period}"
    looked = contents.looked
    if contents.entries:
        seen = f"{looked.sources_due} 个来源已看 {looked.sources_seen} 个{_partly(contents)}"
        subject = f"{len(contents.entries)} 处变动（{_counts(contents.entries)}）｜{day}｜{seen}"
        lines = _changes(contents.entries, head)
    else:
        seen = f"应看 {looked.sources_due} 个来源，已看 {looked.sources_seen} 个{_partly(contents)}"
        subject = f"{calm_word(contents)}｜{day}｜{seen}"
        lines = _calm(contents, head)
    lines += _tail(contents, head)
    lines += [
        "——",
        f"发给您是因为订阅“{clean(subscription)}”包含{period}。"
        + ("" if contents.weekly else "平静日也想少收信：可改为每周一封。")
        + f"修改或退订：回复本邮件写明“退订”，或由管理员运行 zhengce subscribe。　邮件编号 {alert}",
    ]
    return head.finish(subject, lines, [subject, f"{head.base_url}/"])


def _partly(contents: DigestContents) -> str:
    """Of the sources that were seen, those of which some page was not."""
    whole = {incident.source for incident in contents.incidents if incident.whole_source}
    partly = {incident.source for incident in contents.incidents} - whole
    return f"，其中 {len(partly)} 个有网页未能查看" if partly else ""


def summary_message(
    entries: tuple[Entry, ...], head: Letterhead, *, alert: str, subscription: str
) -> Message:
    """What a storm brought beyond the cap, in one mail, for a subscriber without a digest."""
    subject = f"另有 {len(entries)} 处变动（{_counts(entries)}）｜一小时内变动较多，合为一封"
    lines = [
        *_changes(entries, head),
        "——",
        f"发给您是因为订阅“{clean(subscription)}”不收日报。修改或退订：回复本邮件写明“退订”，"
        f"或由管理员运行 zhengce subscribe。　邮件编号 {alert}",
    ]
    return head.finish(subject, lines, [subject, f"{head.base_url}/"])


def calm_word(contents: DigestContents) -> str:
    """What the subject of a digest without changes begins with. 未见变动 only where all that was to be seen was seen."""
    looked = contents.looked
    if not looked.sources_seen:
        return "未能查看" if looked.sources_due else "本期没有轮到查看的来源"
    if contents.licences and set(contents.licences) <= set(contents.unwatched):
        return "未能查看"
    if contents.waiting:
        return "、".join(_waiting_counts(contents.waiting))
    if looked.first >= looked.sources_seen:
        return "已建立基线"
    return "部分未能查看" if looked.not_seen or contents.incidents else "未见变动"


def _waiting_counts(waiting: tuple[Waiting, ...]) -> list[str]:
    held = sum(1 for each in waiting if each.why)
    counts = {"待确认": len(waiting) - held, "暂缓推送": held}
    return [f"{name} {count} 处" for name, count in counts.items() if count]


def group_of(change: ChangeFacts) -> str:
    """Which of the digest's sections a change belongs to; a draft or a platform rule never stands among the law."""
    if change.kind is ChangeKind.REVERTED:
        return "更正（原站已改回）"
    if change.is_draft or change.kind in {ChangeKind.DRAFT_PUBLISHED, ChangeKind.DRAFT_REOPENED}:
        return "征求意见（不是现行规定）"
    if change.level in _BY_LEVEL:
        return _BY_LEVEL[change.level]
    if change.kind is ChangeKind.LIST_BATCH or Flag.ROUTINE in change.flags:
        return "名单更新（例行）"
    if change.significance is Significance.SUBSTANTIVE or Flag.NEEDS_READING in change.flags:
        return "实质性变动"
    return "文字性变动"


_BY_LEVEL = {
    SourceLevel.AGENCY: "代办机构文章（仅作线索）",
    SourceLevel.PLATFORM: "平台规则（不是法律，但影响上架）",
    SourceLevel.OFFICIAL_REPLY: "平台规则（不是法律，但影响上架）",
}
_ORDER = (
    "更正（原站已改回）",
    "实质性变动",
    "征求意见（不是现行规定）",
    "平台规则（不是法律，但影响上架）",
    "名单更新（例行）",
    "文字性变动",
    "代办机构文章（仅作线索）",
)
_COUNTED = {
    "更正（原站已改回）": "更正",
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
    for heading, (group, members) in zip("一二三四五六七", [g for g in groups if g[1]], strict=False):
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
    if change.confirmation is Confirmation.CORRECTED:
        told += "原站已改回，见更正　"
    return [*lines, f"　　{told}→ 对照 {head.base_url}/change/{change.id}"]


def _when(change: ChangeFacts, head: Letterhead) -> str:
    if change.is_draft and change.comments_until:
        return f"意见反馈截止 {change.comments_until}（{days_left(change.comments_until, head.now)}）"
    if change.effective and change.effective > today(head.now):
        return f"尚未施行，{change.effective} 起（{days_left(change.effective, head.now)}）"
    return f"{change.effective} 起施行" if change.effective else ""


def _calm(contents: DigestContents, head: Letterhead) -> list[str]:
    looked = contents.looked
    span = f"{minute(contents.since)} 至 {minute(head.now)}"
    if not looked.sources_seen:
        none = "没有一个来源看得到" if looked.sources_due else "没有轮到查看的来源"
        return [f"{span}，{none}，无法告诉您有没有变动。", ""]
    seen = [f"查看了 {looked.sources_seen} 个来源、{looked.pages} 个页面，逐一比对。", ""]
    if looked.first >= looked.sources_seen:
        return [
            f"已建立基线：{looked.sources_seen} 个来源、{looked.pages} 个页面首次收录，还没有以前的留存可以比对。",
            "从下一次巡查起比对；基线中的文件不算变动。",
            "",
        ]
    if looked.first:
        seen.insert(1, f"其中 {looked.first} 个来源是首次查看（建立基线），还没有可比对的。")
    watched = [licence for licence in contents.licences if licence not in contents.unwatched]
    if contents.licences and not watched:
        return [
            f"{span}，您关注的 {len(contents.licences)} 项都没有自动查看的来源，无法告诉您有没有变动。",
            "",
        ]
    count = f"您关注的 {len(watched)} 项" if contents.licences else "您关注的全部事项"
    if contents.unwatched:
        count = f"您关注的 {len(contents.licences)} 项中，有来源可看的 {len(watched)} 项"
    if contents.waiting:
        return [
            f"{span}，{count}没有已确认的变动；{'、'.join(_waiting_counts(contents.waiting))}（见下）。",
            *seen,
        ]
    where = "在看得到的来源上" if looked.not_seen or contents.incidents else ""
    return [f"{span}，{count}{where}均未见变动。", *seen]


def _tail(contents: DigestContents, head: Letterhead) -> list[str]:
    lines: list[str] = []
    if contents.editorial:
        lines.append(
            f"另有文字性变动 {contents.editorial} 处，未见义务变化，不逐条列出 → 查看 {head.base_url}/"
        )
    lines += _waiting(contents.waiting, head)
    lines += _not_seen(contents, head)
    if contents.unwatched:
        names = "、".join(head.name_of(licence) for licence in contents.unwatched)
        lines.append(f"不能说“未见变动”的：{names}。没有由程序查看的来源，请人工打开主管机关原站看一眼。")
    near = sorted({d for d in contents.dates if 0 <= (d[0] - contents.day).days <= SOON})[:DATES]
    if near:
        lines += ["", "快到的日期"]
        lines += [
            f"　{day:%m-%d}　{clip(clean(what), 80)}（{days_left(day, head.now)}）" for day, what in near
        ]
    if contents.unfollowed:
        lines.append(
            f"业务画像“{clean(contents.unfollowed)}”读不出或没有带出事项，仍按上次的事项提醒。请检查画像文件。"
        )
    lines.append(f"未处理的提醒：{contents.unassessed} 件")
    if contents.unsent:
        names = "、".join(contents.unsent[:WAITING]) + ("…" if len(contents.unsent) > WAITING else "")
        lines.append(
            f"有 {len(contents.unsent)} 封提醒未送出：{names}。请管理员运行 zhengce alerts 查看并重发。"
        )
    return lines


def _waiting(waiting: tuple[Waiting, ...], head: Letterhead) -> list[str]:
    """Changes that are not told yet, with why: after a second look, or after a person looked."""
    looks, held = [w for w in waiting if not w.why], [w for w in waiting if w.why]
    lines = []
    for group, said in ((looks, "待确认 {} 处，将再查看一次"), (held, "暂缓推送 {} 处，等待复核")):
        if not group:
            continue
        lines.append(said.format(len(group)) + "：")
        for each in group[:WAITING]:
            why = f"（{each.why}）" if each.why else ""
            lines.append(
                f"　{clip(clean(each.change.title), 60)}{why} → {head.base_url}/change/{each.change.id}"
            )
        if len(group) > WAITING:
            lines.append(f"　另 {len(group) - WAITING} 处见网站")
    return lines


def _not_seen(contents: DigestContents, head: Letterhead) -> list[str]:
    """Sources with a known problem, a line each; then those that were not seen for a reason no page told."""
    by_source: dict[str, list[IncidentFacts]] = {}
    for incident in contents.incidents:
        by_source.setdefault(incident.source, []).append(incident)
    lines = []
    for group in by_source.values():
        whole = [incident for incident in group if incident.whole_source]
        lines.append(_incident((whole or group)[0], head, 0 if whole else len(group)))
    told = {i.source_title for i in contents.incidents if i.whole_source}
    rest = [clean(title) for title in contents.looked.not_seen if title not in told]
    if rest:
        lines.append(f"未能查看：{'、'.join(rest)}（巡查没有完成，或没有一次看得到）。")
    return lines


def _incident(incident: IncidentFacts, head: Letterhead, pages: int) -> str:
    days = (head.now - incident.opened_at).days
    lasted = f"（{days} 天）" if days else ""
    blind = "、".join(head.name_of(licence) for licence in incident.licences) or "这个来源上的全部事项"
    where = clean(incident.source_title)
    if not incident.whole_source:
        more = f" 等 {pages} 页" if pages > 1 else ""
        where += f"（页面：{clip(clean(incident.page_title or incident.url), 40)}{more}）"
    return (
        f"未能查看：{where}，{incident.trouble}，自 {minute(incident.opened_at)} 起{lasted}。"
        f"影响：{blind}。→ 原因与替代办法 {head.base_url}/incidents#{incident.id}"
    )

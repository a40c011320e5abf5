"""The last screen of the demonstration, day by day, in the order and words of the house."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rich.cells import cell_len, chop_cells

from kb import words
from kb.codes import ChangeKind, Confirmation, Flag, Op
from scheduler.alerts.text import clean, clip, month_day, today
from scheduler.demo.found import Arrived, Found
from scheduler.facts import ChangeFacts, IncidentFacts
from scheduler.names import short_name

ITEM = 16  # columns of the item; a Han character takes two
PURPOSES = {
    "immediate": "即时提醒",
    "digest": "日报",
    "incident": "监测异常",
    "recovery": "恢复",
    "correction": "更正",
}


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What one day's steps counted: sources looked at, documents held, pages with nothing but noise."""

    number: int
    day: date
    due: int
    seen: int
    documents: int
    noise: int


def day_lines(facts: DayFacts, found: Found, appeared: Mapping[str, int]) -> list[str]:
    """One day: its head, the changes that appeared on it, what was held back, what broke and what recovered."""
    changes = [c for c in found.changes if appeared[c.id] == facts.number]
    confirmed = [c for c in changes if c.confirmation is Confirmation.CONFIRMED]
    unseen = facts.due - facts.seen
    seen = f"{facts.seen}/{facts.due} 个来源已查看" + (f"，{unseen} 个未能查看" if unseen else "")
    if facts.number == 1:
        head = f"第 1 天  建立基线   {seen}   收录 {facts.documents} 份文件（基线，不算变动，不发提醒）"
    else:
        head = f"第 {facts.number} 天  变动 {len(confirmed)}     {seen}"
    lines = [head]
    for change in confirmed:
        lines += change_lines(change)
    if facts.noise:
        lines.append(f"   未提醒：浏览数、相对时间、评论等页面杂项 {facts.noise} 处")
    for incident in found.incidents:
        if today(incident.opened_at) == facts.day:
            lines.append(row("异常", _where(incident), _trouble(incident), wide=True))
    for change in changes:
        if change.confirmation is Confirmation.HELD:
            lines.append(row("暂缓", change.source_title, _held(change), wide=True))
    for incident in found.incidents:
        if incident.closed_at and today(incident.closed_at) == facts.day:
            lines.append(row("恢复", _where(incident), _recovered(incident, found), wide=True))
    return lines


def change_lines(change: ChangeFacts) -> list[str]:
    label = "草案" if change.is_draft else words.zh(change.significance).removesuffix("性变动")
    item = "、".join(dict.fromkeys(short_name(tag.licence) for tag in change.tags)) or "未标事项"
    if cell_len(item) > ITEM - 2:  # names are listed whole, what happened stands under them
        lines = [f"   {label}  {item}", " " * (3 + 6 + ITEM) + _what(change)]
    else:
        lines = [row(label, item, _what(change))]
    also = _also(change)
    if also:
        lines.append(" " * (3 + 6 + ITEM) + also)
    return lines


def _what(change: ChangeFacts) -> str:
    title = clean(change.title)
    if change.kind is ChangeKind.AMENDED:
        deltas = [
            f"{clean(d.before)} → {clean(d.after)}"
            for passage in change.substantive
            for d in passage.deltas
            if d.before and d.after
        ]
        told = deltas[0] if deltas else clean(change.headline)
        text = f"{title} {told}"
    elif Flag.NEEDS_READING in change.flags:
        text = f"{title} 图片被更换，待人工判读"
    elif change.kind is ChangeKind.ATTACHMENT_REPLACED:
        text = f"附件《{clean(change.part)}》同一网址被更换：{clean(change.headline)}"
    else:
        said = "" if change.kind in {ChangeKind.NEW, ChangeKind.DRAFT_PUBLISHED} else clean(change.headline)
        said = said.removeprefix(words.zh(change.kind)).replace(f"《{title}》", "").strip("：；，　 ")
        text = f"{title} {said}".strip()
        text = f"{words.zh(change.kind)}：{clip(text, 60)}"
    if change.is_draft and change.comments_until:
        return f"{text}；意见反馈截止 {change.comments_until}"
    return f"{text}；{change.effective} 起施行" if change.effective else text


def _also(change: ChangeFacts) -> str:
    """What else the same change did: articles added, removed, renumbered."""
    ops = Counter(p.op for p in change.differing)
    names = {Op.ADDED: "新增", Op.REMOVED: "删除"}
    parts = [f"{names[op]} {ops[op]} 条" for op in names if ops[op]]
    if ops[Op.RENUMBERED]:
        parts.append(f"条号顺延 {ops[Op.RENUMBERED]} 条，文字未变")
    return (
        "另：" + "；".join(parts)
        if parts and change.kind is ChangeKind.AMENDED and len(change.differing) > 1
        else ""
    )


def _trouble(incident: IncidentFacts) -> str:
    tail = {"empty_shell": "。不视为删除", "not_found": "。单凭这一点不视为废止"}.get(
        incident.health or "", "，未能查看"
    )
    good = f"。上次正常：{month_day(incident.last_good_at)}" if incident.last_good_at else ""
    return f"{incident.trouble}{tail}{good}"


def _held(change: ChangeFacts) -> str:
    if change.kind is ChangeKind.GONE:
        return f"{clean(change.title)}：连续三天看不到，列表也不再列出，等待复核，未发提醒"
    why = words.zh(change.held_for) if change.held_for else ""
    return "，".join(filter(None, (f"{clean(change.title)}：{why}", "等待复核", "未发提醒")))


def _recovered(incident: IncidentFacts, found: Found) -> str:
    changes = [
        c
        for c in found.changes
        if c.source == incident.source and incident.closed_at and c.new_seen == incident.closed_at
    ]
    still = found.still(incident)
    parts = [f"变动 {len(changes)} 处"] if changes else [] if still else ["未见变动"]
    if still:
        parts.append(f"{still} 页仍未能查看，不能说有没有变动")
    told = "，".join(parts)
    return f"{month_day(incident.opened_at)} 至 {month_day(incident.closed_at or incident.last_at)} 之间未能查看；恢复后比对：{told}"


def _where(incident: IncidentFacts) -> str:
    return incident.source_title if incident.whole_source else f"{incident.source_title}（一页）"


def row(label: str, item: str, text: str, *, wide: bool = False) -> str:
    return f"   {label}  {fit(item, 34 if wide else ITEM)}{text}"


def fit(text: str, columns: int) -> str:
    """Cut or padded to a width on the screen, with two columns of air."""
    if cell_len(text) > columns - 2:
        text = chop_cells(text, columns - 3)[0] + "…"
    return text + " " * (columns - cell_len(text))


def sent_line(arrived: Iterable[Arrived], folder: str) -> str:
    """How many messages of each kind arrived, by channel."""
    arrived = tuple(arrived)
    mails = Counter(a.purpose for a in arrived if a.channel == "email")
    hooks = sum(1 for a in arrived if a.channel == "webhook")
    text = "、".join(f"{name} {mails[purpose]} 封" for purpose, name in PURPOSES.items())
    return f"发出：{text}；webhook {hooks} 次（签名已核对）   →  {folder}"

"""PURE. A source that could not be viewed, again every seven days, and its recovery. Never "nothing changed"."""

from __future__ import annotations

from datetime import datetime, timedelta

from kb import words
from kb.faults import CONDUCT
from scheduler.alerts.message import Letterhead, Message, footer
from scheduler.alerts.text import clean, clip, minute
from scheduler.facts import ChangeFacts, IncidentFacts

REPEAT = timedelta(days=7)


def notice_number(incident: IncidentFacts, now: datetime) -> int:
    """1 for the first notice, one more for every seven days that the problem lasts."""
    return 1 + max(0, (now - incident.opened_at) // REPEAT)


def incident_message(
    incident: IncidentFacts, head: Letterhead, *, alert: str, number: int, subscription: str
) -> Message:
    title = clean(incident.source_title)
    blind = "、".join(head.name_of(licence) for licence in incident.licences)
    days = (head.now - incident.opened_at).days
    if number == 1:
        times = f"已连续 {incident.times} 次" if incident.times > 1 else "首次发现"
        subject = f"未能查看｜{title}，{times}｜不等于没有变动"
        first = f"从 {minute(incident.opened_at)} 起看不到{_what(incident)}。"
    else:
        subject = f"未能查看｜{title}，已 {days} 天｜{clip(blind, 40) or '这个来源'}处于盲区"
        first = f"从 {minute(incident.opened_at)} 起看不到{_what(incident)}，已经 {days} 天。"
    lines = [
        f"{first}在恢复之前，我们无法告诉您它有没有变。",
        "",
        f"■ 原因：{_reason(incident)}。{_conduct(incident)}",
        f"■ 影响：{blind or '这个来源上的全部事项'}。",
        f"■ 请人工：用浏览器打开 {clean(incident.url)} ；",
        f"　若愿意留存：另存网页后 zhengce import 保存的文件 --source {incident.source}",
        "■ 系统会：每 6 小时再试；每 7 天再提醒一次，直到恢复；恢复时自动通知并补做比对。",
        "",
        _last_good(incident),
        "",
        *footer(f"发给您是因为订阅“{clean(subscription)}”关注的事项或来源受影响。", alert),
    ]
    short = [
        f"未能查看｜{title}｜不等于没有变动",
        f"{incident.trouble}，自 {minute(incident.opened_at)} 起",
        f"{head.base_url}/incidents#{incident.id}",
    ]
    return head.finish(subject, lines, short)


def recovery_message(
    incident: IncidentFacts,
    changes: tuple[ChangeFacts, ...],
    head: Letterhead,
    *,
    alert: str,
    subscription: str,
    still: int = 0,
) -> Message:
    """``changes`` of the source first seen when it came back, provisional ones included; ``still`` counts its pages
    that cannot be seen even now."""
    title = clean(incident.source_title)
    closed = incident.closed_at or head.now
    compared = f"变动 {len(changes)} 处。" if changes else "" if still else "未见变动。"
    found = f"有 {len(changes)} 处变动" if changes else "" if still else "恢复后比对未见变动"
    if still:
        compared += f"其中 {still} 页仍未能查看，不能说有没有变动。"
        found += ("，" if found else "") + f"其中 {still} 页仍未能查看"
    span = _span(closed - incident.opened_at)
    lines = [
        f"中断：{minute(incident.opened_at)} 至 {minute(closed)}。",
        f"恢复后与中断前的留存比对：{compared}",
        *(
            f"　{clip(clean(c.title), 60)}：{clip(clean(c.headline), 80)}　{words.zh(c.confirmation)}"
            for c in changes[:10]
        ),
        "中断期间发布又撤下的内容，程序无从知道。",
        "",
        f"原因曾是：{_reason(incident)}。官方原站：{clean(incident.url)}",
        _last_good(incident),
        "",
        *footer(f"发给您是因为订阅“{clean(subscription)}”关注的事项或来源受影响。", alert),
    ]
    short = [
        f"已恢复｜{title}",
        f"中断 {minute(incident.opened_at)} 至 {minute(closed)}；{found}",
        f"{head.base_url}/incidents#{incident.id}",
    ]
    return head.finish(f"已恢复｜{title}｜{span}中断，{found}", lines, short)


def disabled_message(incident: IncidentFacts, head: Letterhead, *, alert: str, subscription: str) -> Message:
    """The last word on a problem of a source that is no longer watched."""
    title = clean(incident.source_title)
    lines = [
        f"{title}已停用，不再查看；它的监测异常不再提醒。以后它有没有变，我们无法告诉您。",
        "",
        f"中断自 {minute(incident.opened_at)}，到停用时没有恢复。原因曾是：{_reason(incident)}。",
        f"官方原站：{clean(incident.url)}",
        _last_good(incident),
        "",
        *footer(f"发给您是因为订阅“{clean(subscription)}”收到过这个异常的提醒。", alert),
    ]
    return head.finish(
        f"已停用｜{title}｜不再查看", lines, [f"已停用｜{title}", f"{head.base_url}/incidents#{incident.id}"]
    )


def _reason(incident: IncidentFacts) -> str:
    """The verdict, and in brackets what the page showed where that says more; nothing twice."""
    shown = dict.fromkeys(clean(part) for part in incident.reason.split("；") if clean(part))
    more = []
    for part in shown:
        said = part.partition("（")
        if said[0].removeprefix("页面") == incident.trouble:
            part = said[2].removesuffix("）")  # noqa: PLW2901 - the verdict again; only its bracket is news
        if part and part not in incident.trouble:
            more.append(part)
    return incident.trouble + (f"（{clip('；'.join(more), 120)}）" if more else "")


def _conduct(incident: IncidentFacts) -> str:
    return CONDUCT.get(incident.health, ("", ""))[0] if incident.health else ""


def _what(incident: IncidentFacts) -> str:
    if incident.whole_source:
        return "这个来源"
    return f"这个来源的页面“{clip(clean(incident.page_title or incident.url), 60)}”"


def _last_good(incident: IncidentFacts) -> str:
    if incident.last_good_at is None:
        return f"上次正常：本库还没有正常留存　异常编号 {incident.id}"
    kept = f"　留存 {incident.last_good_capture}" if incident.last_good_capture else ""
    return f"上次正常：{minute(incident.last_good_at)}{kept}　异常编号 {incident.id}"


def _span(length: timedelta) -> str:
    return f"{length.days} 天" if length.days else f"{max(1, length.seconds // 3600)} 小时"

"""收: holding — licences and papers held, so that their days are remembered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import click

from kb import words
from kb.calendar import Event, holding_events, next_reminder
from kb.codes import DateKind, HoldingKind
from kb.config import DataDirectory, SystemClock
from kb.errors import ConfigError
from kb.output import HoldingLineOut
from kb.terminal import Map, note, option, print_line, say, tr
from kb.verbs.options import data_option, json_option, licence_ids
from scheduler.alerts.text import days_left, today
from scheduler.dates import events_of, mark_done, settled, take_out
from scheduler.holdings import (
    LEAD_DAYS,
    Holding,
    add_holding,
    called,
    clients,
    held_dates,
    holdings,
    renew_holding,
    the_holding,
)
from scheduler.holdings import holding as made
from scheduler.ops import Ops
from scheduler.verbs.receive import open_ops, province_named
from scheduler.verbs.whose import whose


@click.group(
    "holding",
    cls=Map,
    section="收",
    zh="台账：已持有的许可、备案，模型方的合作协议和在用证明\n\n只在本机 ops.db 里，网站不显示。",
    en="What you hold: licences, filings, a vendor's agreement or certificate\n\nKept in ops.db only; the site never shows it.",
)
def holding() -> None:
    pass


@holding.command(
    "add",
    section="收",
    zh="记一项；按自己的提前天数提醒续期",
    en="Write one down; its renewal is reminded of",
)
@option("--licence", required=True, zh="资质事项（编号、名称或别名）", en="licence type (id or Chinese name)")
@option(
    "--kind",
    type=click.Choice([kind.value for kind in HoldingKind]),
    default=HoldingKind.LICENCE.value,
    zh="licence 许可或备案，agreement 合作协议，certificate 在用证明",
    en="what kind of paper",
)
@option("--number", default="", zh="证号或备案号", en="its number")
@option("--issuer", default="", zh="发证或受理机关", en="who issued it")
@option(
    "--with", "counterparty", default="", metavar="NAME", zh="协议或证明的对方（模型方）", en="the vendor"
)
@option("--province", default="", zh="所在省；不限于一省写 全国", en="province in Chinese, or 全国")
@option("--used-for", default="", metavar="DOMAIN|APPID", zh="用于哪个域名或 AppID", en="domain or AppID")
@option("--expires", "expires_on", default="", metavar="DATE", zh="到期日；没有则不写", en="last day, if any")
@option(
    "--lead",
    "lead_days",
    type=int,
    default=LEAD_DAYS,
    show_default=True,
    zh="提前几天开始续期",
    en="days before it to renew",
)
@option("--note", default="", zh="说明", en="a remark")
@option("--for", "subscription", default="", metavar="SUBSCRIPTION", zh="记在哪个订阅名下", en="whose it is")
@data_option
@json_option
def add(
    *, data: DataDirectory, as_json: bool, licence: str, subscription: str, province: str, **said: str
) -> int:
    named = licence_ids([licence])
    if not named:
        raise ConfigError("资质事项不能为空", do="zhengce licence 可列出全部事项")
    where = province_named(province) if province else ""
    with open_ops(data) as ops:
        new = made(**said, licence=named[0], province=where, subscription=whose(ops, subscription))
        kept = the_holding(ops, add_holding(ops, new, now=SystemClock().now()))
        dates = events_of(holding_events(held_dates(ops)), kept.id)
        followed = any(each.id == kept.subscription for each in ops.subscriptions())
        _tell(ops, [kept], as_json=as_json)
    if not followed:
        note(
            tr(
                f"注意：还没有订阅 {kept.subscription}，不会提醒；zhengce init 可建立它",
                f"Warning: there is no subscription {kept.subscription}, so no reminder; zhengce init makes it",
            )
        )
    _warn(dates, today(SystemClock().now()))
    return 0


@holding.command("list", section="收", zh="列出台账，先到期的在前", en="List, what expires first, first")
@option(
    "--for",
    "subscription",
    default="",
    metavar="SUBSCRIPTION",
    zh="只看这个订阅的",
    en="of this subscription",
)
@data_option
@json_option
def list_holdings(*, data: DataDirectory, subscription: str, as_json: bool) -> int:
    found: tuple[Holding, ...] = ()
    if data.ops.exists():
        with open_ops(data) as ops:
            found = holdings(ops, whose(ops, subscription) if subscription else "")
            _tell(ops, found, as_json=as_json)
    if not found and not as_json:
        say(tr("台账是空的。zhengce holding add 可记一项。", "nothing held yet: zhengce holding add"))
    return 0


@holding.command("remove", section="收", zh="从台账删去一项（注销、记错）", en="Take one out")
@click.argument("identifier", metavar="ID")
@data_option
@json_option
def remove(*, identifier: str, data: DataDirectory, as_json: bool) -> int:
    now = SystemClock().now()
    with open_ops(data) as ops:
        done = identifier in settled(ops)
        gone = take_out(ops, identifier, now=now)
    if as_json:
        print_line(line_of(gone, today(now), done=done))
    else:
        say(tr(f"已删去　{gone.name}", f"removed: {gone.name}"))
    return 0


@holding.command(
    "done",
    section="收",
    zh="续期已办：不再提醒；--until 写新的到期日，以后按它提醒",
    en="Renewed: no reminder any more; --until gives the new last day",
)
@click.argument("identifier", metavar="ID")
@option("--until", default="", metavar="DATE", zh="新的到期日", en="the new last day")
@option("--who", default="", zh="办理的人", en="who did it")
@option("--note", "remark", default="", zh="说明", en="a remark")
@data_option
@json_option
def done(*, identifier: str, until: str, who: str, remark: str, data: DataDirectory, as_json: bool) -> int:
    now = SystemClock().now()
    with open_ops(data) as ops, ops.transaction():
        held = the_holding(ops, identifier)
        if not held.expires_on and not until:
            raise ConfigError(f"{held.name} 没有到期日，不会提醒", do="要写到期日请加 --until")
        marked = events_of(holding_events(held_dates(ops)), identifier)
        mark_done(ops, marked, now=now, who=who, note=remark)
        kept = renew_holding(ops, identifier, until) if until else held
        _tell(ops, [kept], as_json=as_json)
    return 0


def line_of(held: Holding, day: date, *, done: bool) -> HoldingLineOut:
    return HoldingLineOut(
        **held.model_dump(mode="json"),
        name=held.name,
        days_left=(date.fromisoformat(held.expires_on) - day).days if held.expires_on else None,
        done=done,
    )


def _warn(dates: Iterable[Event], day: date) -> None:
    """What no reminder will say any more, because it was over when it was written down."""
    over = {event.kind: event for event in dates if event.day < day}
    if DateKind.EXPIRY in over:
        expired = over[DateKind.EXPIRY].day
        note(tr(f"注意：到期日 {expired} 已过，不会提醒", f"Warning: it expired on {expired}; no reminder"))
    elif DateKind.RENEWAL in over:
        begun = over[DateKind.RENEWAL].day
        coming = filter(None, (next_reminder(event, after=day) for event in dates))
        then = min(coming, default=None)
        note(
            tr(
                f"注意：续期申请起算日 {begun} 已过；" + (f"下一次提醒在 {then}" if then else "不会再提醒"),
                f"Warning: renewal began on {begun}; " + (f"next reminder {then}" if then else "no reminder"),
            )
        )


def _tell(ops: Ops, found: Iterable[Holding], *, as_json: bool) -> None:
    now, done, named = SystemClock().now(), settled(ops), clients(ops)
    for held in found:
        if as_json:
            print_line(line_of(held, today(now), done=held.id in done))
        else:
            kind = tr(words.zh(held.kind), words.en(held.kind))
            until = _until(held, now, done=held.id in done)
            name = called(held, named)
            say(f"{held.id}　{name}　{kind}　{until}　→ {held.subscription}")


def _until(held: Holding, now: datetime, *, done: bool) -> str:
    """``到期 2027-03-10（还有 106 天），提前 90 天提醒``."""
    if not held.expires_on:
        return tr("无到期日", "does not expire")
    left = days_left(date.fromisoformat(held.expires_on), now)
    until = tr(f"到期 {held.expires_on}（{left}）", f"until {held.expires_on}")
    if held.expires_on < today(now).isoformat():
        return until + tr("，已到期，不再提醒", ", expired, no reminder")
    if done:
        return until + tr("，续期已办，不再提醒", ", renewal done, no reminder")
    if held.lead_days:
        return until + tr(f"，提前 {held.lead_days} 天提醒", f", renewed {held.lead_days} days before")
    return until

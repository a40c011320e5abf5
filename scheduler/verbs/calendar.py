"""收: calendar and holding — which days come near, and what is held."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click

from kb import words
from kb.calendar import Event, duties, next_reminder, weekday
from kb.config import DataDirectory, SystemClock
from kb.errors import ConfigError, UsageError
from kb.lines import event_line, undated_line
from kb.output import CalendarOut
from kb.terminal import Map, note, option, print_line, say, tr
from kb.verbs.options import data_option, json_option, licence_ids, licence_name
from scheduler.alerts.text import DEMO_BANNER, days_left, today
from scheduler.dates import AHEAD, BEHIND, mark_done, mark_open, read_done, the_event
from scheduler.holdings import day_named
from scheduler.names import short_name
from scheduler.ops import Ops
from scheduler.verbs.days import Listing, days_between, listing
from scheduler.verbs.receive import open_ops
from scheduler.verbs.whose import listed, whose


def _until(_context: click.Context, _parameter: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return day_named(value)
    except ValueError as error:
        raise UsageError(str(error), do="zhengce calendar --until 2027-03-31") from error


@click.group(
    "calendar",
    cls=Map,
    section="收",
    zh="快到的日期：施行、意见反馈截止、过渡期、年度事项、续期\n\n不写动词则列出；--ics 写成日历文件，可导入手机和邮箱的日历。",
    en="Days that come near: rules, comment periods, yearly duties, renewals\n\nWithout a verb, list; --ics writes a calendar file.",
    invoke_without_command=True,
)
@option(
    "--licence", "named", multiple=True, zh="只看这些资质事项（可多次）", en="a licence type (repeatable)"
)
@option(
    "--until",
    callback=_until,
    metavar="DATE",
    zh="到哪一天为止，默认一年",
    en="last day; default a year ahead",
)
@option(
    "--ics",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    zh="写成 iCalendar 文件；- 为标准输出",
    en="write iCalendar; - is the standard output",
)
@option(
    "--for",
    "subscription",
    default="",
    metavar="SUBSCRIPTION",
    zh="只看与这个订阅有关的",
    en="of this subscription",
)
@data_option
@json_option
@click.pass_context
def calendar(
    context: click.Context,
    *,
    named: tuple[str, ...],
    until: date | None,
    ics: Path | None,
    subscription: str,
    data: DataDirectory,
    as_json: bool,
) -> int:
    if context.invoked_subcommand:
        return 0
    if as_json and str(ics) == "-":
        raise UsageError("--json 和 --ics - 都写到标准输出，只能用一个", do="--ics 请写文件名")
    clock = SystemClock()
    if until is not None and until < today(clock.now()):
        raise UsageError(f"{until} 已经过去，只列今天起的日期", do="zhengce calendar --until 2027-03-31")
    found = listing(data, clock, licences=licence_ids(named), until=until, subscription=subscription)
    if ics is not None:
        _write(found, ics, f"{DEMO_BANNER}。" if data.settings().demo else "")
    if as_json:
        for line in lines_of(found):
            print_line(line)
    elif ics is None:
        _say(found)
    return 0


def _write(found: Listing, file: Path, warning: str) -> None:
    from kb.calendar.ics import as_ics

    done = {event.id for event in found.events if found.is_done(event)}
    written = as_ics(found.events, now=found.now, done=done, warning=warning)
    if str(file) == "-":
        sys.stdout.write(written.decode())
        return
    try:
        file.write_bytes(written)
    except OSError as error:
        raise ConfigError("日历文件写不进去", where=str(file), do="请换一个能写入的位置") from error
    open_days = len(found.events) - len(done)
    note(
        tr(
            f"已写入 {open_days} 个日期"
            + (f"，另有 {len(done)} 个已办，写作取消" if done else "")
            + f"　{file}",
            f"{open_days} days written"
            + (f", {len(done)} done ones as cancelled" if done else "")
            + f": {file}",
        )
    )


def lines_of(found: Listing) -> Iterable[CalendarOut]:
    day = today(found.now)
    for event in found.events:
        yield event_line(event, day, done=found.is_done(event))
    for duty in found.undated:
        yield undated_line(duty)


def _say(found: Listing) -> None:
    for event in found.events:
        names = "、".join(map(short_name, event.licences))
        done = tr("　已办", "  done") if found.is_done(event) else ""
        say(
            f"{event.day}（{weekday(event.day)}）　{days_left(event.day, found.now)}　{event.title}{done}"
            + (f"　{names}" if names else "")
        )
        say(f"　{event.id}" + (f"　{event.url}" if event.url else ""))
    if not found.events:
        say(tr("没有快到的日期。", "no days come near"))
    if found.undated:
        say(tr("没有固定日期的年度事项：", "yearly duties without a fixed day:"))
        for duty in found.undated:
            say(f"　{duty.words}　{licence_name(duty.licence)}　{duty.rule}")


@calendar.command(
    "done",
    section="收",
    zh="记下一个日期已办，不再提醒\n\nEVENT 是日期编号（zhengce calendar 列出，提醒邮件里也有）。日期改动以后仍会提醒。",
    en="A day is dealt with: no reminder any more\n\nA day that is moved afterwards reminds again.",
)
@click.argument("event")
@option(
    "--for",
    "subscription",
    default="",
    metavar="SUBSCRIPTION",
    zh="只对这个订阅（编号、名称或画像名）",
    en="for this subscription only",
)
@option("--all", "everybody", is_flag=True, zh="对全部订阅", en="for all subscriptions")
@option("--who", default="", zh="办理的人", en="who did it")
@option("--note", "remark", default="", zh="说明", en="a remark")
@data_option
@json_option
def calendar_done(
    *,
    event: str,
    subscription: str,
    everybody: bool,
    who: str,
    remark: str,
    data: DataDirectory,
    as_json: bool,
) -> int:
    now = SystemClock().now()
    marked = _named(data, event, today(now))
    with open_ops(data) as ops:
        given = whose(ops, subscription) if subscription else ""
        if not subscription and not everybody and not marked[0].owner:
            _only_one(ops, event)
        mark_done(ops, marked, now=now, subscription=given, who=who, note=remark)
        said = Listing(marked, (), read_done(ops), now, given)
    for line in lines_of(said):
        if as_json:
            print_line(line)
        else:
            kind = tr(words.zh(line.kind), words.en(line.kind))
            say(
                tr(
                    f"已记下　{line.title}　{line.day}　不再提醒",
                    f"recorded: {kind} {line.day}, no reminder any more",
                )
            )
    return 0


def _only_one(ops: Ops, event: str) -> None:
    """Raises ``ConfigError`` where a day would be silenced for several clients unasked."""
    known = ops.subscriptions()
    if len(known) > 1:
        raise ConfigError(
            "有几个订阅，请写明对谁已办",
            where=event,
            do=f"用 --for 写其中之一：{listed(known)}；对全部订阅都已办的写 --all",
        )


@calendar.command(
    "reopen",
    section="收",
    zh="撤回“已办”：对全部订阅恢复提醒",
    en="Not dealt with after all: remind everybody again",
)
@click.argument("event")
@data_option
@json_option
def calendar_reopen(*, event: str, data: DataDirectory, as_json: bool) -> int:
    now = SystemClock().now()
    marked = _named(data, event, today(now))
    with open_ops(data) as ops:
        if not mark_open(ops, marked):
            raise UsageError(
                f"{marked[0].title}　没有记为已办", where=event, do="zhengce calendar 可列出全部日期"
            )
        said = Listing(marked, (), read_done(ops), now)
    for each, line in zip(marked, lines_of(said), strict=True):
        then = next_reminder(each, after=today(now))
        if as_json:
            print_line(line)
        else:
            say(
                tr(f"已撤回　{line.title}　{line.day}　", f"open again: {line.title} {line.day}, ")
                + (
                    tr(f"下一次提醒在 {then}", f"next reminder {then}")
                    if then
                    else tr("不会再提醒", "no reminder")
                )
            )
    return 0


def _named(data: DataDirectory, event: str, day: date) -> tuple[Event, ...]:
    """The days of this id. Raises ``NotFound``, ``UsageError`` for a duty that has no day."""
    if any(duty.id == event and not duty.ends for duty in duties()):
        raise UsageError(
            f"{event} 没有固定日期，不会提醒，不必记下", do="zhengce calendar 的末尾可看它的说明"
        )
    found, _ = days_between(data, day - BEHIND, day + AHEAD * 30)
    return the_event(found, event)

"""收: init and subscribe."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from kb.config import DataDirectory, SystemClock
from kb.errors import ConfigError, NotFound, UsageError, ZhengceError
from kb.output import HoldingOut, SubscriptionOut
from kb.regions import NATIONAL, PROVINCES, short_name
from kb.terminal import Verb, note, option, print_line, say, tr
from kb.verbs.options import data_option, json_option, licence_ids, licence_name
from scheduler.verbs.channels import Sending, channel_for, name_of, receiver, sending_options

if TYPE_CHECKING:
    from scheduler.holdings import Holding
    from scheduler.ops import Ops, Subscription

MAIN = "sub-main"


region_option = option(
    "--region",
    "regions",
    multiple=True,
    metavar="PROVINCE",
    zh="还要哪个省的地方规则，如 浙江；全国 为各省都要（可多次）。全国性的规则总会提醒",
    en="also the local rules of this province, in Chinese, or 全国 for all (repeatable); national rules always reach you",
)


def open_ops(data: DataDirectory) -> Ops:
    from scheduler.ops import Ops

    data.create()
    return Ops(data.ops)


def province_named(given: str) -> str:
    """One of the 31 provinces by its short name, or 全国. Raises ``ConfigError``."""
    name = short_name(given) or NATIONAL
    if name not in {*PROVINCES, NATIONAL}:
        raise ConfigError(f"没有这个省份：{given}", do=f"请写 {NATIONAL}，或其中之一：{'、'.join(PROVINCES)}")
    return name


def regions_named(given: tuple[str, ...]) -> tuple[str, ...]:
    """Raises ``ConfigError`` for one that is no province."""
    return tuple(dict.fromkeys(province_named(each) for each in given))


def clock_time(given: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", given.strip()):
        raise ConfigError(f"不是时刻：{given}", do="请写成 HH:MM，例如 08:30")
    return given.strip()


def some_words(given: str) -> str:
    if not given.strip():
        raise ConfigError("这一项不能为空")
    return given.strip()


def held_licences(given: str) -> tuple[str, ...]:
    return licence_ids(re.split("[,，、;；]", given))


def _ask(question: str, given: str | None, check: Callable[[str], Any], default: str = "") -> Any:
    """The checked answer. A person is asked again until it can be used; an option that cannot be used is an error."""
    if given is not None:
        return check(given)
    if not sys.stdin.isatty():
        raise UsageError(
            tr(f"缺少回答：{question}", f"no answer: {question}"), do="zhengce init --help 列出对应的选项"
        )
    while True:
        try:
            return check(str(click.prompt(question, default=default, show_default=bool(default))))
        except ZhengceError as error:
            note(f"　{error.what}　{error.do}")


def _may_replace(ops: Ops, replace: bool) -> None:
    """Raises ``ConfigError`` when the first subscription is there and nobody said that it may go."""
    if replace or all(each.id != MAIN for each in ops.subscriptions()):
        return
    question = tr("已经设置过，要改掉原来的订阅吗", "Already set up. Replace the subscription")
    if sys.stdin.isatty() and click.confirm(question):
        return
    raise ConfigError(
        "已经设置过，原来的订阅没有改动",
        where=MAIN,
        do="要改请加 --replace；要再加一个用 zhengce subscribe --to",
    )


@click.command(
    "init",
    cls=Verb,
    section="收",
    zh="初次设置：五个问题，发一封测试\n\n发信密码放在环境变量 ZHENGCE_SMTP_PASSWORD 里，不写进配置。",
    en="Set up: five questions and a test message\n\nThe mail password is read from ZHENGCE_SMTP_PASSWORD, never stored.",
)
@data_option
@option("--service", zh="您的服务是什么", en="what your service is")
@option(
    "--province",
    zh="所在省，如 浙江；不限于一省写 全国",
    en="province in Chinese, such as 浙江, or 全国 for all",
)
@option(
    "--held",
    zh="已持有的资质事项（编号、名称或别名），用逗号分开",
    en="licences held (ids or Chinese names), comma-separated",
)
@option("--to", "where", zh="发到哪里：邮箱或 webhook 网址", en="where to send: e-mail or webhook address")
@option("--at", "moment", zh="几点发日报（HH:MM，北京时间）", en="when to send the digest (HH:MM, Beijing)")
@option("--replace", is_flag=True, zh="改掉原来的设置", en="replace an earlier set-up")
@sending_options
def init(
    *,
    data: DataDirectory,
    service: str | None,
    province: str | None,
    held: str | None,
    where: str | None,
    moment: str | None,
    replace: bool,
    **sending: Any,
) -> int:
    from kb.tagging import tag
    from scheduler.holdings import hold_licences
    from scheduler.setup import send_test, subscription, write_settings

    if data.ops.exists():
        with open_ops(data) as ops:
            _may_replace(ops, replace)
    service = _ask(
        tr("您的服务是什么（一句话，如：面向公众的 AI 绘画小程序）", "What is your service (one sentence)"),
        service,
        some_words,
    )
    province = _ask(
        tr("所在省（如：浙江；不限于一省写 全国）", "Province (such as 浙江, or 全国)"),
        province,
        province_named,
    )
    holdings = _ask(
        tr(
            "已持有什么证（如：ICP备案、算法备案；没有就直接回车）",
            "Licences held (such as ICP备案; Enter for none)",
        ),
        held,
        held_licences,
    )
    where = _ask(
        tr("发到哪个邮箱或 webhook 网址（如：ops@example.com）", "Send to which e-mail or webhook address"),
        where,
        receiver,
    )
    moment = _ask(
        tr("日报几点发（北京时间）", "Digest at (Beijing time)"), moment, clock_time, default="08:30"
    )

    suggested = tuple(dict.fromkeys(found.licence for found in tag("", service)))
    now = SystemClock().now()
    with open_ops(data) as ops:
        channel = channel_for(ops, data, where, Sending(**sending))
        settings = write_settings(data, {"digest_at": moment, "contact": "" if "://" in where else where})
        number = ops.put_channel(channel, now=now, channel="cn-main")
        before = next((each for each in ops.subscriptions() if each.id == MAIN), None)
        wanted = subscription(
            id=MAIN,
            name=service,
            licences=tuple(dict.fromkeys(holdings + suggested)),
            channels=(number,),
            province=province,
            service=service,
            watched_names=before.watched_names if before else (),
        )
        ops.put_subscription(wanted, now=now)
        hold_licences(ops, MAIN, holdings, now=now)
        result = send_test(ops, number, settings=settings, now=now)
    say(tr(f"已写好配置　{data.settings_file}", f"configuration written: {data.settings_file}"))
    watched = "、".join(map(licence_name, wanted.licences))
    say(tr("关注的事项　", "licences watched: ") + (watched or tr("全部", "all")))
    say(local_rules(wanted))
    if result.ok:
        say(tr("测试已发出，对方服务器已接收。", "The test message was accepted by the receiver's server."))
    else:
        note(
            tr(f"注意：测试没有发出：{result.said}", f"Warning: the test message was not sent: {result.said}")
        )
        note(
            tr(
                "　设置已保存，但在改好之前收不到提醒。改好后用 zhengce subscribe --test 再试；要改邮箱设置用 zhengce init --replace",
                "  The set-up is kept, but nothing will reach you until this is mended: zhengce subscribe --test, or init --replace",
            )
        )
    say(tr("下一步：zhengce run", "next: zhengce run"))
    return 0


@click.command(
    "subscribe",
    cls=Verb,
    section="收",
    zh="添加、列出、停止订阅，测试投递\n\n再加一个邮箱时，沿用第一个投递方式的发信服务器、发信邮箱和登录。",
    en="Add, list, end subscriptions; test a channel\n\nA further address is reached by the first channel's server, sender and login.",
)
@data_option
@option(
    "--to",
    "where",
    zh="发到哪里：邮箱或 webhook 网址；不写则列出现有订阅",
    en="where to send; without it, list",
)
@option("--name", default="", zh="订阅的名字", en="a name")
@option(
    "--licence",
    "named",
    multiple=True,
    zh="关注的事项（可多次；不写为全部）",
    en="a licence type (repeatable)",
)
@option(
    "--source",
    "sources",
    multiple=True,
    metavar="ID",
    zh="关注的来源（可多次；不写为全部）",
    en="a source (repeatable)",
)
@region_option
@option(
    "--digest",
    type=click.Choice(["daily", "weekly", "none"]),
    default="daily",
    zh="日报、周报或不发",
    en="digest",
)
@option("--end", "ended", zh="停止一个订阅", en="end a subscription")
@option("--test", is_flag=True, zh="向每个投递方式发一封测试", en="send a test to every channel")
@sending_options
@json_option
def subscribe(
    *,
    data: DataDirectory,
    where: str | None,
    name: str,
    named: tuple[str, ...],
    sources: tuple[str, ...],
    regions: tuple[str, ...],
    digest: str,
    ended: str | None,
    test: bool,
    as_json: bool,
    **sending: Any,
) -> int:
    from scheduler.declarations import choose, known_sources
    from scheduler.following import unfollowed
    from scheduler.setup import subscription
    from scheduler.verbs.whose import called

    if not data.ops.exists() and not where:
        if ended or test:
            raise NotFound("还没有订阅", where=str(data.root), do="zhengce init")
        if not as_json:
            say(tr("还没有订阅。zhengce init 可做初次设置。", "no subscription yet: zhengce init"))
        return 0
    if sources:
        choose(known_sources(data), sources)
    licences, regions = licence_ids(named), regions_named(regions)
    with open_ops(data) as ops:
        now = SystemClock().now()
        if ended:
            gone = called(ops.subscriptions(), ended)
            ops.end_subscription(gone.id)
            note(tr(f"已停止　{gone.id}　{gone.name}", f"ended: {gone.id} {gone.name}"))
        if where:
            number = ops.put_channel(channel_for(ops, data, where, Sending(**sending)), now=now)
            wanted = subscription(
                name=name or name_of(receiver(where)),
                licences=licences,
                sources=sources,
                regions=regions,
                channels=(number,),
                digest=digest,
            )
            ops.put_subscription(wanted, now=now)
        if test:
            return _test_channels(ops, data)
        for current in ops.subscriptions():
            if as_json:
                print_line(subscription_line(ops, current))
            else:
                say(subscription_said(current, followed=current.id not in unfollowed(ops)))
    return 0


def subscription_said(current: Subscription, *, followed: bool) -> str:
    what = "、".join(map(licence_name, current.licences)) or tr("全部事项", "all licences")
    by = tr(f"按画像 {current.profile}", f"by profile {current.profile}") if current.profile else ""
    if by and not followed:
        by += tr("（读不出或没有带出事项，仍按上次的）", " (cannot be followed; as it was last)")
    to = f"→ {'、'.join(current.channels)}"
    return "　".join(filter(None, (current.id, current.name, by, what, local_rules(current), to)))


def local_rules(current: Subscription) -> str:
    """Of which provinces local rules are told."""
    named = dict.fromkeys(filter(None, (current.province, *current.regions)))
    if not named or NATIONAL in named:
        return tr("地方规则：各省", "local rules of all provinces")
    return tr(f"地方规则：{'、'.join(named)}", f"local rules of {', '.join(named)}")


def subscription_line(ops: Ops, current: Subscription) -> SubscriptionOut:
    from scheduler.holdings import holdings

    held = [_held(each) for each in holdings(ops, current.id)]
    return SubscriptionOut.model_validate({**current.model_dump(mode="json"), "holdings": held})


def _held(each: Holding) -> HoldingOut:
    return HoldingOut(
        licence=each.licence, number=each.number, expires_on=each.expires_on, renew_days=each.lead_days
    )


def _test_channels(ops: Ops, data: DataDirectory) -> int:
    from scheduler.setup import send_test

    results = {
        channel: send_test(ops, channel, settings=data.settings(), now=SystemClock().now())
        for channel in ops.channels()
    }
    for channel, result in results.items():
        verdict = (
            tr("对方服务器已接收", "accepted") if result.ok else tr("没有发出：", "not sent: ") + result.said
        )
        say(f"{channel}　{verdict}")
    return 0 if results and all(result.ok for result in results.values()) else 1

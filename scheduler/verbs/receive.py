"""收: init and subscribe."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from kb.config import DataDirectory, SystemClock
from kb.errors import ConfigError, UsageError
from kb.output import SubscriptionOut
from kb.terminal import Verb, option, print_line, say, tr
from kb.verbs.options import data_option, json_option

if TYPE_CHECKING:
    from scheduler.ops import EmailSettings, Ops, WebhookSettings

SUBMISSION_PORT = 465


def open_ops(data: DataDirectory) -> Ops:
    from scheduler.ops import Ops

    return Ops(data.ops)


def licence_ids(named: Iterable[str]) -> tuple[str, ...]:
    """Ids of licence types named by id, Chinese name or alias. Raises ``ConfigError`` for a word nobody knows."""
    from kb.licences import licences

    known = {
        name.casefold(): licence.id
        for licence in licences().values()
        for name in (*licence.aliases, licence.zh, licence.id)
    }
    found = []
    for word in (part.strip() for part in named):
        if not word:
            continue
        if word.casefold() not in known:
            raise ConfigError(f"没有这个资质事项：{word}", do="zhengce licence 可列出全部事项及别名")
        found.append(known[word.casefold()])
    return tuple(dict.fromkeys(found))


def channel_for(data: DataDirectory, where: str, smtp: str) -> EmailSettings | WebhookSettings:
    """The channel for an address: a webhook for http(s), else e-mail over implicit TLS. ``smtp``: ``host[:port]``."""
    from scheduler.setup import email_channel, new_webhook_secret, webhook_channel

    if where.startswith(("http://", "https://")):
        secret = data.root / "webhook-secret"
        reference = f"file:{secret.absolute()}" if secret.exists() else new_webhook_secret(data.root)
        return webhook_channel(url=where, secret=reference)
    name, at, domain = where.rpartition("@")
    if not (name and at and "." in domain):
        raise ConfigError(
            f"不是邮箱，也不是 webhook 网址：{where}", do="例如 ops@example.com 或 https://example.com/hook"
        )
    host, _, port = (smtp or f"smtp.{domain}").partition(":")
    return email_channel(
        to=where,
        sender=where,
        host=host,
        port=int(port) if port.isdecimal() else SUBMISSION_PORT,
        username=where,
        password="env:ZHENGCE_SMTP_PASSWORD",  # noqa: S106 - a reference, not a secret
    )


def _ask(question: str, given: str | None, default: str = "") -> str:
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise UsageError(
            tr(f"缺少回答：{question}", f"no answer: {question}"), do="zhengce init --help 列出对应的选项"
        )
    return str(click.prompt(question, default=default, show_default=bool(default)))


@click.command(
    "init",
    cls=Verb,
    section="收",
    zh="初次设置：五个问题，发一封测试",
    en="Set up: five questions and a test message",
)
@data_option
@option("--service", zh="您的服务是什么", en="what your service is")
@option("--province", zh="所在省", en="province")
@option("--held", zh="已持有的资质事项，用逗号分开", en="licences held, comma-separated")
@option("--to", "where", zh="发到哪里：邮箱或 webhook 网址", en="where to send: e-mail or webhook address")
@option("--at", "moment", zh="几点发日报（HH:MM，北京时间）", en="when to send the digest (HH:MM, Beijing)")
@option(
    "--smtp", default="", zh="发信服务器 host[:port]，默认 smtp.邮箱域名:465", en="mail server host[:port]"
)
def init(
    *,
    data: DataDirectory,
    service: str | None,
    province: str | None,
    held: str | None,
    where: str | None,
    moment: str | None,
    smtp: str,
) -> int:
    from kb.tagging import tag
    from scheduler.setup import send_test, subscription, write_settings

    service = _ask(tr("您的服务是什么（一句话）", "What is your service (one sentence)"), service)
    province = _ask(tr("所在省", "Province"), province)
    held = _ask(tr("已持有什么证（用逗号分开，没有就直接回车）", "Licences held (comma-separated)"), held)
    where = _ask(tr("发到哪个邮箱或 webhook 网址", "Send to which e-mail or webhook address"), where)
    moment = _ask(tr("日报几点发（北京时间）", "Digest at (Beijing time)"), moment, default="08:30")

    holdings = licence_ids(held.replace("，", ",").replace("、", ",").split(","))
    suggested = tuple(dict.fromkeys(found.licence for found in tag("", service)))
    channel = channel_for(data, where, smtp)
    settings = write_settings(data, {"digest_at": moment, "contact": where if "@" in where else ""})
    now = SystemClock().now()
    with open_ops(data) as ops:
        number = ops.put_channel(channel, now=now, channel="cn-main")
        wanted = subscription(
            id="sub-main",
            name=service,
            licences=tuple(dict.fromkeys(holdings + suggested)),
            channels=(number,),
            province=province,
            service=service,
            holdings=tuple({"licence": licence} for licence in holdings),
        )
        ops.put_subscription(wanted, now=now)
        result = send_test(ops, number, settings=settings, now=now)
    say(tr(f"已写好配置　{data.settings_file}", f"configuration written: {data.settings_file}"))
    say(tr("关注的事项　", "licences watched: ") + ("、".join(wanted.licences) or tr("全部", "all")))
    if result.ok:
        say(tr("测试已发出，对方服务器已接收。", "The test message was accepted by the receiver's server."))
    else:
        say(tr(f"测试没有发出：{result.said}", f"The test message was not sent: {result.said}"))
        say(
            tr(
                "配置已保存。改好后：zhengce subscribe --test",
                "The configuration is kept. When mended: zhengce subscribe --test",
            )
        )
    say(tr("下一步：zhengce run", "next: zhengce run"))
    return 0 if result.ok else 1


@click.command(
    "subscribe",
    cls=Verb,
    section="收",
    zh="添加、列出、停止订阅，测试投递",
    en="Add, list, end subscriptions; test a channel",
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
    "--source", "sources", multiple=True, zh="关注的来源（可多次；不写为全部）", en="a source (repeatable)"
)
@option(
    "--digest",
    type=click.Choice(["daily", "weekly", "none"]),
    default="daily",
    zh="日报、周报或不发",
    en="digest",
)
@option("--smtp", default="", zh="发信服务器 host[:port]", en="mail server host[:port]")
@option("--end", "ended", zh="停止一个订阅", en="end a subscription")
@option("--test", is_flag=True, zh="向每个投递方式发一封测试", en="send a test to every channel")
@json_option
def subscribe(
    *,
    data: DataDirectory,
    where: str | None,
    name: str,
    named: tuple[str, ...],
    sources: tuple[str, ...],
    digest: str,
    smtp: str,
    ended: str | None,
    test: bool,
    as_json: bool,
) -> int:
    from scheduler.setup import subscription

    with open_ops(data) as ops:
        now = SystemClock().now()
        if ended:
            ops.end_subscription(ended)
        if where:
            number = ops.put_channel(channel_for(data, where, smtp), now=now)
            wanted = subscription(
                name=name or where,
                licences=licence_ids(named),
                sources=sources,
                channels=(number,),
                digest=digest,
            )
            ops.put_subscription(wanted, now=now)
        if test:
            return _test_channels(ops, data)
        for current in ops.subscriptions():
            if as_json:
                print_line(SubscriptionOut.model_validate(current.model_dump(mode="json")))
            else:
                what = "、".join(current.licences) or tr("全部事项", "all licences")
                say(f"{current.id}　{current.name}　{what}　→ {'、'.join(current.channels)}")
    return 0


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

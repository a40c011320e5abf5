"""收: alerts — what was told, how it was delivered, and what people made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kb import words
from kb.codes import DeliveryState
from kb.config import DataDirectory, SystemClock
from kb.errors import NotFound, UsageError
from kb.output import AlertDetailOut, AlertOut
from kb.terminal import Verb, note, option, print_line, say, tr
from kb.verbs.options import data_option, json_option
from kb.verbs.reader import beijing
from scheduler.verbs.receive import open_ops

if TYPE_CHECKING:
    pass

ASSESSMENTS = {
    "未处理": "unassessed",
    "适用": "applies",
    "不适用": "not_applicable",
    "请律师判断": "ask_counsel",
    "已办结": "closed",
    "误报": "false_alarm",
    "标注有误": "wrong_tag",
    "已转代理人": "escalated",
}
ASSESSED = {code: word for word, code in ASSESSMENTS.items()}
STATES = [state.value for state in DeliveryState]


@click.command(
    "alerts",
    cls=Verb,
    section="收",
    zh="提醒与投递：列出、查看、记下处理、重发\n\nALERT 是提醒编号，如 al-7f3c20，在邮件末尾；不写则列出全部。等待人工复核的变动见 zhengce held。",
    en="Alerts and deliveries: list, show, assess, send again\n\nALERT is an id such as al-7f3c20; without it, all. What waits for a person: zhengce held.",
)
@click.argument("alert", metavar="[ALERT]", required=False)
@data_option
@option("--state", type=click.Choice(STATES), zh="只看这种投递状态", en="of this delivery state")
@option(
    "--assess",
    "assessment",
    metavar="WORD",
    zh="记下处理：适用、不适用、请律师判断、已办结、误报、标注有误、已转代理人",
    en="record an assessment: applies, not_applicable, ask_counsel, closed, false_alarm, wrong_tag, escalated",
)
@option("--who", default="", zh="处理人", en="who assessed or released")
@option("--note", "remark", default="", zh="处理说明", en="a remark")
@option("--retry", is_flag=True, zh="重新投递这个提醒", en="deliver this alert again")
@option(
    "--release",
    zh="放行一个变动，同 zhengce decide 变动编号 release",
    en="release a held change, as decide does",
)
@json_option
def alerts(
    *,
    alert: str | None,
    data: DataDirectory,
    state: str | None,
    assessment: str | None,
    who: str,
    remark: str,
    retry: bool,
    release: str | None,
    as_json: bool,
) -> int:
    from scheduler.alerts.outbox import try_again, withhold
    from scheduler.held import Verdict, decide
    from scheduler.setup import assess

    if alert is None and (assessment or retry):
        raise UsageError("没有说是哪个提醒", do="zhengce alerts 提醒编号 --assess 适用")
    if not data.ops.exists():
        if alert or release:
            raise NotFound("还没有提醒", where=str(data.root), do="zhengce init")
        if not as_json:
            say(tr("还没有提醒。", "no alerts yet"))
        return 0
    now = SystemClock().now()
    if release:
        decide(data, release, Verdict("release", who=who, note=remark), now=now)
        note(tr(f"已放行　{release}，下一次巡查时发出", f"released: {release}"))
    with open_ops(data) as ops:
        if alert and assessment:
            chosen = ASSESSMENTS.get(assessment, assessment)
            assess(ops, alert, chosen, who=who, note=remark, now=now)
            note(tr(f"已记下　{alert}　{ASSESSED[chosen]}", f"recorded: {alert} {chosen}"))
            if chosen == "false_alarm" and withhold(ops, alert, "判为误报，不再发出", now=now):
                note(tr("还没有送出的不再发出", "what still waited is not sent"))
        if alert and retry:
            try_again(ops, alert, now=now)
            note(tr(f"将重新投递　{alert}", f"will be delivered again: {alert}"))
    if alert:
        _show(data, alert, as_json=as_json)
    else:
        _list(data, state or "", as_json=as_json)
    return 0


def _show(data: DataDirectory, alert: str, *, as_json: bool) -> None:
    from scheduler.setup import show_alert

    with open_ops(data) as ops:
        line = AlertDetailOut.model_validate(show_alert(ops, alert))
    if as_json:
        print_line(line)
        return
    say(f"{line.subject}\n\n{line.body}")
    for delivery in line.deliveries:
        note(
            f"{delivery.channel}　{tr(words.zh(delivery.state), words.en(delivery.state))}　{delivery.detail}"
        )
    for each in line.assessments or ():
        said = (
            tr(ASSESSED.get(each.assessment, each.assessment), each.assessment),
            each.who,
            beijing(each.at),
            each.note,
        )
        note(tr("处理　", "assessed  ") + "　".join(part for part in said if part))
    if not line.assessments:
        note(tr("处理　未处理", "assessed  not yet"))


def _list(data: DataDirectory, state: str, *, as_json: bool) -> None:
    from scheduler.held import waiting
    from scheduler.setup import list_alerts

    with open_ops(data) as ops:
        lines = [AlertOut.model_validate(row) for row in list_alerts(ops, state=state)]
    for line in lines:
        if as_json:
            print_line(line)
        else:
            reached = tr(words.zh(line.state), words.en(line.state)) if line.state else "—"
            say(f"{line.id}　{beijing(line.created_at)}　{reached}　{line.subject}")
    if number := len(waiting(data)):
        note(
            tr(
                f"另有 {number} 处等待人工复核：zhengce held",
                f"{number} wait for a person: zhengce held",
            )
        )

"""收: alerts — what was told, how it was delivered, and what people made of it."""

from __future__ import annotations

import click

from kb import words
from kb.config import DataDirectory, SystemClock
from kb.errors import UsageError
from kb.model import DeliveryState
from kb.output import AlertDetailOut, AlertOut
from kb.terminal import Verb, note, option, print_line, say, tr
from kb.verbs.look import beijing
from kb.verbs.options import data_option, json_option
from scheduler.verbs.receive import open_ops

STATES = [state.value for state in DeliveryState]


@click.command(
    "alerts",
    cls=Verb,
    section="收",
    zh="提醒与投递：列出、查看、记下处理、重发、放行补报",
    en="Alerts and deliveries",
)
@click.argument("alert", required=False)
@data_option
@option("--state", type=click.Choice(STATES), zh="只看这种投递状态", en="of this delivery state")
@option(
    "--assess",
    "assessment",
    zh="记下处理：applies、not_applicable、ask_counsel、false_alarm…",
    en="record an assessment",
)
@option("--who", default="", zh="处理人", en="who assessed or released")
@option("--note", "remark", default="", zh="处理说明", en="a remark")
@option("--retry", is_flag=True, zh="重新投递这个提醒", en="deliver this alert again")
@option("--release", zh="放行一个等待补报的变动", en="release a held late notice")
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
    from scheduler.alerts.outbox import try_again
    from scheduler.setup import assess

    if alert is None and (assessment or retry):
        raise UsageError("没有说是哪个提醒", do="zhengce alerts 提醒编号 --assess applies")
    with open_ops(data) as ops:
        now = SystemClock().now()
        if release:
            ops.release(release, by=who, now=now)
        if alert and assessment:
            assess(ops, alert, assessment, who=who, note=remark, now=now)
        if alert and retry:
            try_again(ops, alert, now=now)
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


def _list(data: DataDirectory, state: str, *, as_json: bool) -> None:
    from scheduler.setup import list_alerts, waiting_late_notices

    with open_ops(data) as ops:
        lines = [AlertOut.model_validate(row) for row in list_alerts(ops, state=state)]
        held = waiting_late_notices(ops)
    for line in lines:
        if as_json:
            print_line(line)
        else:
            reached = tr(words.zh(line.state), words.en(line.state)) if line.state else "—"
            say(f"{line.id}　{beijing(line.created_at)}　{reached}　{line.subject}")
    for each in held:
        note(tr(f"等待放行的补报　{each['change']}　{each['reason']}", f"held late notice {each['change']}"))

"""收: held and decide — what waits for a person before anybody is told, and what the person says of it."""

from __future__ import annotations

import sys

import click

from kb import words
from kb.addresses import shown
from kb.codes import Op, Significance
from kb.config import DataDirectory, SystemClock
from kb.model import instant
from kb.output import DecisionOut, HeldOut, PassageChangeOut
from kb.store.decided import VERDICTS
from kb.terminal import Verb, note, option, print_line, say, tr
from kb.verbs.comparison import say_passages
from kb.verbs.options import data_option, json_option
from kb.verbs.reader import beijing, reader
from scheduler.held import WORDS, Held, Verdict

SHOWN = 5
"""Passages of one change on a screen; with --json all of them."""


@click.command(
    "held",
    cls=Verb,
    section="收",
    zh="列出等待人工复核的一切：为什么暂缓，改前改后的文字",
    en="Everything that waits for a person: why, and the words before and after",
)
@data_option
@json_option
def held(*, data: DataDirectory, as_json: bool) -> int:
    from scheduler.held import waiting

    with reader(data):
        found = waiting(data)
    for each in found:
        print_line(held_line(each)) if as_json else say_held(each)
    if not found and not as_json:
        say(tr("没有等待人工复核的变动。", "nothing waits for a person"))
    if found and not as_json:
        note(
            tr(
                "请打开原站核对，然后：zhengce decide 变动编号 release（放行）或 reject（误报）",
                "look at the site, then: zhengce decide ID release, or reject",
            )
        )
    return 0


def held_line(each: Held) -> HeldOut:
    return HeldOut(
        id=each.id,
        held_for=each.held_for,
        reason=each.reason,
        source=each.source,
        title=each.title,
        headline=each.headline,
        url=each.url,
        kind=each.kind,
        significance=each.significance,
        observed_to=instant(each.seen) if each.seen else None,
        alerts=each.told,
        passages=[PassageChangeOut.of(passage) for passage in each.passages],
    )


def say_held(each: Held) -> None:
    seen = f"　{beijing(instant(each.seen))}" if each.seen else ""
    why = tr(words.zh(each.held_for), words.en(each.held_for))
    say(f"{each.id}　〔{why}〕{each.headline or each.title}{seen}")
    for line in (each.title, shown(each.url), each.reason):
        if line:
            say(f"　{line}")
    if each.told:
        say(tr(f"　已发出提醒 {each.told} 封", f"  alerts sent: {each.told}"))
    telling = [p for p in each.passages if p.op is not Op.SAME and p.significance is not Significance.NOISE]
    say_passages(PassageChangeOut.of(passage) for passage in telling[:SHOWN])
    if len(telling) > SHOWN:
        more = len(telling) - SHOWN
        say(tr(f"　另有 {more} 处：zhengce show {each.id}", f"  {more} more: zhengce show {each.id}"))
    say("")


@click.command(
    "decide",
    cls=Verb,
    section="收",
    zh="对一处变动作出人工决定\n\nID 是变动编号（zhengce held 列出）。release 放行：发出提醒，晚了的作为补报；"
    "reject 误报：撤回，永不提醒，已提醒的发更正；withdrawn 确认原站已撤下或删去，并发出提醒；"
    "read 写下从图片里读到的文字（--text）；accept 认可重读结果：曾经提醒而重读不再见到的，发更正"
    "（ID 也可以是来源编号）。决定写入 decisions/，不含姓名；姓名只在 ops.db。",
    en="Say what a person decides about a change\n\nrelease: it goes out, as a late notice where it is late; reject: "
    "it is retracted, and those told are corrected; withdrawn: the site did take it down; read: the text in an image "
    "(--text); accept: today's reading stands where it does not find what was told (ID may be a source).",
)
@click.argument("identifier", metavar="ID")
@click.argument("word", metavar="|".join(WORDS), type=click.Choice(WORDS))
@option(
    "--text", default="", zh="读到的文字；- 为标准输入", en="the text that was read; - is the standard input"
)
@option("--who", default="", zh="决定的人", en="who decides")
@option("--note", "remark", default="", zh="说明", en="a remark")
@data_option
@json_option
def decide(
    *, identifier: str, word: str, text: str, who: str, remark: str, data: DataDirectory, as_json: bool
) -> int:
    from scheduler.held import decide as write_down
    from scheduler.held import standing

    before = standing(data, identifier)
    said = sys.stdin.read() if text == "-" else text
    done = write_down(data, identifier, Verdict(word, said, who, remark), now=SystemClock().now())
    for decision in done:
        line = DecisionOut(
            id=decision.id,
            kind=decision.kind,
            subject=decision.subject,
            said=decision.said,
            at=instant(decision.at),
            about=decision.about,
        )
        if as_json:
            print_line(line)
        else:
            say(tr(f"已记下　{decision.subject}　{words.zh(decision.kind)}", f"recorded: {decision.subject}"))
            if before and decision.kind in VERDICTS:
                say(tr(f"　此前的决定：{before}，以这一次为准", f"  before: {before}; this one holds"))
    if not done and not as_json:
        say(tr(f"已记下　{identifier}　原提醒仍然成立", f"recorded: {identifier}, what was told stands"))
    return 0

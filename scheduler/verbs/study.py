"""研: backtest — what a new declaration would make of the captures we hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb import words
from kb.codes import Significance
from kb.config import DataDirectory
from kb.model import PassageChange
from kb.output import PassageChangeOut, ReportOut, TrialOut
from kb.sources import load_declaration
from kb.terminal import Verb, option, print_line, progress, say, tr
from kb.verbs.comparison import say_passages
from kb.verbs.options import data_option, json_option
from scheduler.verbs.work import report

if TYPE_CHECKING:
    from scheduler.trial import ChangeSeen, Difference

SHOWN = 5
"""Passages of one change on a screen; with --json all of them."""

_EFFECTS = {"revealed": "会多出", "withdrawn": "会消失", "altered": "会改写"}


@click.command(
    "backtest",
    cls=Verb,
    section="研",
    zh="用新的来源配置重读历史，列出会多出、会消失、会改写的变动，连同改前改后的文字\n\n只读不写：来源配置、知识库和提醒都不动。"
    "换上新配置以后，多出的和消失的都在 zhengce held 里等人看过。",
    en="Replay history under a new declaration: what changes it reveals, withdraws and words differently\n\n"
    "Writes nothing. Once the declaration is in place, what it reveals and withdraws waits in zhengce held.",
)
@option(
    "--declaration",
    type=click.Path(path_type=Path),
    required=True,
    zh="新的来源配置",
    en="the new declaration",
)
@option(
    "--strict", is_flag=True, zh="会失去实质性变动时退出码为 1", en="exit 1 when substantive changes are lost"
)
@data_option
@json_option
def backtest(*, declaration: Path, strict: bool, data: DataDirectory, as_json: bool) -> int:
    from scheduler.declarations import known_sources
    from scheduler.trial import Effect, try_declaration

    source = load_declaration(declaration)
    with progress(tr("历史试算", "backtest")) as update:
        trial = try_declaration(data, known_sources(data), source, progress=update)
    for difference in trial.differences:
        if as_json:
            print_line(_line(difference))
        else:
            _say(difference)
    lost = [each.change.id for each in trial.differences if each.loses]
    return report(
        ReportOut(
            verb="backtest",
            ok=not (strict and lost),
            counts={
                "changes": trial.changes,
                **{effect.value: trial.count(effect) for effect in Effect},
                "lost": len(lost),
                "unreadable": trial.unreadable[1],
            },
            problems=[
                *trial.problems,
                *(
                    tr(f"会失去实质性变动：{change}", f"a substantive change is lost: {change}")
                    for change in lost
                ),
            ],
            changes=[each.change.id for each in trial.differences if each.effect is Effect.REVEALED],
        ),
        as_json=as_json,
    )


def _line(difference: Difference) -> TrialOut:
    return TrialOut(
        effect=difference.effect.value,
        id=difference.change.id,
        title=difference.change.title,
        headline=difference.change.headline,
        observed_to=difference.change.observed_to,
        loses=difference.loses,
        significance_today=difference.today.significance if difference.today else None,
        significance_then=difference.then.significance if difference.then else None,
        passages_today=_passages(difference.today),
        passages_then=_passages(difference.then),
    )


def _passages(change: ChangeSeen | None) -> list[PassageChangeOut]:
    return [PassageChangeOut.of(passage) for passage in change.passages] if change else []


def _say(difference: Difference) -> None:
    change, effect = difference.change, difference.effect.value
    kind = tr(words.zh(change.significance), words.en(change.significance))
    say(f"{tr(_EFFECTS[effect], effect)}　{change.id}　〔{kind}〕{change.headline or change.title}")
    if difference.today and difference.then:
        say(tr("　现在：", "  today:"))
        _say_words(difference.today.passages)
        say(tr("　换上以后：", "  then:"))
        _say_words(difference.then.passages)
    else:
        _say_words(change.passages)
    say("")


def _say_words(passages: tuple[PassageChange, ...]) -> None:
    telling = [passage for passage in passages if passage.significance is not Significance.NOISE]
    say_passages(PassageChangeOut.of(passage) for passage in telling[:SHOWN])
    if len(telling) > SHOWN:
        say(tr(f"　另有 {len(telling) - SHOWN} 处", f"  {len(telling) - SHOWN} more"))

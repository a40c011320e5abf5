"""The questions of a profile at a terminal, one after the other, with a way back."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from kb.errors import ProfileError, UsageError
from kb.profiles import Profile, Question, questions
from kb.profiles.questions import Answers, Kind, understood
from kb.terminal import note, say, tr

BACK = frozenset({"b", "back", "返回", "上一题"})
UNSURE = frozenset({"?", "？", "0", "不确定", "不知道", "跳过", "skip"})
PROVINCE_HINT = "浙江"


def asked(made: Profile) -> Profile:
    """The profile with what a person answers; what it says already is what Enter keeps.

    Raises ``UsageError`` where nobody sits, ``ProfileError`` when nothing was answered.
    """
    if not sys.stdin.isatty():
        raise UsageError(
            "没有终端可以提问",
            do="请用 --answer KEY=VALUE 或 --from 文件；问题和选项：zhengce profile questions",
        )
    say(
        tr(
            "关于您的服务的几个问题。写编号或文字，多选用逗号分开；回车为保留括号里的回答，没有则跳过；\n"
            "不确定写 ?，返回上一题写 b，Ctrl-C、Ctrl-D 放弃（不保存）。",
            "A few questions about your service. Give numbers or words, several separated by commas; Enter keeps the answer\n"
            "in brackets or skips; ? is not sure, b goes back, Ctrl-C or Ctrl-D stops and keeps nothing.",
        )
    )
    answers = dict(made.answers)
    order, past, at = list(questions().values()), list[int](), 0
    while at < len(order):
        question = order[at]
        if not question.wanted(answers):
            answers.pop(question.id, None)
            at += 1
            continue
        _pose(question, len(past) + 1, len(past) + _open(order[at:], answers))
        values = _answer(question, answers.get(question.id, ()))
        if values is None:
            at = past.pop() if past else at
            continue
        answers[question.id] = values
        past.append(at)
        at += 1
    kept = {key: values for key, values in answers.items() if values}
    if not kept:
        raise ProfileError("没有回答任何问题，没有保存", do="至少回答形式、收费和生成内容，才能带出事项")
    return made.model_copy(update={"answers": {key: kept[key] for key in questions() if key in kept}})


def _open(rest: list[Question], answers: Answers) -> int:
    """How many of the questions that are left arise, or may arise still from one before them."""
    waiting = {question.id for question in rest}
    return sum(each.wanted(answers) or not waiting.isdisjoint(each.ask_if) for each in rest)


def _pose(question: Question, number: int, of: int) -> None:
    say("")
    say(f"{number}/{of}　" + "".join(headed(question)))
    for at, choice in enumerate(question.offered, start=1):
        say(f"　{at:>2}　{tr(choice.zh, choice.en)}")
    if question.accepts:
        say(tr(f"　如：{PROVINCE_HINT}", f"  such as {PROVINCE_HINT}"))


def headed(question: Question) -> Iterator[str]:
    """A question in words, and how many answers it takes."""
    yield tr(question.zh, question.en)
    if question.kind is Kind.MULTI:
        yield tr("（可多选）", " (several)")


def _answer(question: Question, held: tuple[str, ...]) -> tuple[str, ...] | None:
    """What a person says: an answer, none, or the wish to go back."""
    shown = question.shown(held, english=tr("", "en") == "en") if held else ""
    prompt = tr("　回答", "  answer") + (f" [{shown}]" if shown else "")
    while True:
        said = _typed(prompt)
        if said.lower() in BACK:
            return None
        if said.lower() in UNSURE:
            return ()
        if not said:
            return held
        try:
            return understood(question, said)
        except ProfileError as error:
            note(f"　{error.what}")


def _typed(prompt: str) -> str:
    try:
        said = click.prompt(prompt, default="", show_default=False, type=str, prompt_suffix=tr("：", ": "))
    except click.Abort:  # Ctrl-C, Ctrl-D
        note(tr("\n没有保存任何回答。", "\nNothing was kept."))
        raise
    return str(said).strip()

"""The questions about a service in an address, as a form, and what the answers bring in, in words. Pure.

The address is all that holds the answers: nothing is kept on the server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from datasette_config.choosing.filters import Arguments
from datasette_config.language import ENGLISH, language
from datasette_config.language import gettext as _
from datasette_config.saying.present import licence_name
from kb.errors import ProfileError
from kb.profiles import Advice, Difference, Likelihood, Profile, Question, assess, questions, unanswered
from kb.profiles.diff import CONCERNING
from kb.profiles.questions import NONE, Kind, checked
from kb.profiles.rules import Obstacle

Answers = Mapping[str, tuple[str, ...]]
Shown = dict[str, Any]
LONGEST = 400  # characters of a value that could be an answer
BETWEEN, WITHIN = ";", ":"


@dataclass(frozen=True, slots=True)
class Given:
    """``answers`` in the order of the questions; ``unread``: names of questions with an answer that is none."""

    answers: dict[str, tuple[str, ...]]
    unread: tuple[str, ...] = ()


def given(args: Arguments) -> Given:
    """The answers of an address; a question repeated or with commas has several. Never fails."""
    return _checked({key: _values(args.getlist(key)) for key in questions()})


def packed(answers: Answers) -> str:
    """Answers as one value of an address: ``form:website,app;charge:paid``."""
    return BETWEEN.join(f"{key}{WITHIN}{','.join(values)}" for key, values in answers.items())


def unpacked(said: str) -> Given:
    """What ``packed`` made; parts that say nothing are left out."""
    found = {}
    for part in said[: 4 * LONGEST].split(BETWEEN):
        key, _sign, values = part.partition(WITHIN)
        if key in questions():
            found[key] = _values([values])
    return _checked(found)


def query(answers: Answers, **more: str) -> str:
    joined = {key: ",".join(values) for key, values in answers.items()}
    return urlencode({**joined, **{key: value for key, value in more.items() if value}}, safe=",:;")


def _values(said: Iterable[str]) -> tuple[str, ...]:
    parts = (part.strip() for value in said for part in value[:LONGEST].split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _checked(said: Mapping[str, tuple[str, ...]]) -> Given:
    """Without answers to questions that do not arise from those before them."""
    answers: dict[str, tuple[str, ...]] = {}
    unread = []
    for key, question in questions().items():
        values = said.get(key, ())
        if len(values) > 1:
            values = tuple(value for value in values if value != NONE)
        try:
            known = checked(question, values)
        except ProfileError:
            unread.append(_short(question))
            continue
        if known and question.wanted(answers):
            answers[key] = known
    return Given(answers, tuple(unread))


# --------------------------------------------------------------------------- the form


def form(answers: Answers) -> list[Shown]:
    """The questions that arise, each with its choices; what was answered is chosen."""
    return [
        _fieldset(question, answers.get(question.id, ()), raised=bool(question.ask_if))
        for question in questions().values()
        if question.wanted(answers)
    ]


def raised(answers: Answers) -> list[str]:
    """Questions that arose from answers and have none yet."""
    return [
        _short(question)
        for key, question in questions().items()
        if question.ask_if and key not in answers and question.wanted(answers)
    ]


def _fieldset(question: Question, chosen: tuple[str, ...], *, raised: bool) -> Shown:
    options = [(choice.id, _either(choice.zh, choice.en)) for choice in question.offered]
    options += [(word, word) for word in question.accepts]
    return {
        "id": question.id,
        "asked": _either(question.zh, question.en),
        "kind": str(question.kind),
        "several": question.kind is Kind.MULTI,
        "text": question.kind is Kind.TEXT,
        "raised": raised,
        "options": [{"value": value, "said": said, "chosen": value in chosen} for value, said in options],
        "answered": bool(chosen),
    }


def told(answers: Answers) -> list[Shown]:
    """The answers in words."""
    return [
        {
            "name": _short(questions()[key]),
            "said": questions()[key].shown(values, english=language() == ENGLISH),
        }
        for key, values in answers.items()
    ]


# --------------------------------------------------------------------------- what they bring in


def names() -> dict[Likelihood, str]:
    return {
        Likelihood.USUALLY: _("通常涉及"),
        Likelihood.SOMETIMES: _("有时涉及"),
        Likelihood.RARELY: _("一般不涉及"),
    }


def result(profile: Profile) -> list[Shown]:
    """Advice under its likelihood, the strongest first."""
    found = assess(profile)
    return [
        {
            "code": str(likelihood),
            "name": name,
            "advice": [_advice(each) for each in found if each.likelihood is likelihood],
        }
        for likelihood, name in names().items()
    ]


def concerning(profile: Profile) -> list[str]:
    """The licence types that usually or sometimes concern the service."""
    return [each.licence for each in assess(profile) if each.likelihood in CONCERNING]


def open_questions(profile: Profile) -> list[Shown]:
    """Questions without an answer that may bring in more, with what."""
    return [
        {
            "id": each.question,
            "name": _short(questions()[each.question]),
            "licences": [licence_name(licence) for licence in each.licences or each.together],
            "together": not each.licences,
        }
        for each in unanswered(profile)
        if each.licences or each.together
    ]


def difference(found: Difference) -> Shown:
    """What the new answers add, drop, make more or less likely, and bar."""
    return {
        "answers": [
            {"name": _short(questions()[key]), "before": _answer(key, old), "after": _answer(key, new)}
            for key, (old, new) in found.answers.items()
        ],
        "groups": [
            {"name": name, "advice": [_advice(each) for each in advice]}
            for name, advice in ((_("新增"), found.added), (_("不再涉及"), found.dropped))
            if advice
        ],
        "moved": [{**_advice(each.after), "before": names()[each.before.likelihood]} for each in found.moved],
        "barred": [
            {"licence": advice.licence, "name": licence_name(advice.licence), **_obstacle(obstacle)}
            for advice, obstacle in found.barred
        ],
    }


def _advice(advice: Advice) -> Shown:
    return {
        "licence": advice.licence,
        "name": licence_name(advice.licence),
        "likelihood": names()[advice.likelihood],
        "reason": _either(advice.reason, advice.reason_en),
        "rule": advice.rule,
        "basis": [str(basis) for basis in advice.basis],
        "obstacles": [_obstacle(obstacle) for obstacle in advice.obstacles],
    }


def _obstacle(obstacle: Obstacle) -> Shown:
    return {
        "reason": _either(obstacle.zh, obstacle.en),
        "basis": [str(basis) for basis in obstacle.basis],
    }


def _answer(key: str, values: tuple[str, ...]) -> str:
    return questions()[key].shown(values, english=language() == ENGLISH) if values else _("没有回答")


def _short(question: Question) -> str:
    return _either(question.short, question.en.rstrip("?"))


def _either(chinese: str, english: str) -> str:
    return english if language() == ENGLISH else chinese

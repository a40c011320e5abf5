"""PURE. A profile -> the licence types that concern it, each with its reason, basis and rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kb.licences import licences
from kb.profiles.model import Profile
from kb.profiles.questions import Answers, holds, questions
from kb.profiles.rules import STRENGTH, Likelihood, Obstacle, Rule, RuleBasis, Rules
from kb.profiles.rules import rules as bundled


@dataclass(frozen=True, slots=True)
class Advice:
    """Guidance on one licence type. ``rule`` is the id of the rule in ``rules.toml``.

    ``obstacles``: why this entity cannot get it, or only within limits.
    """

    licence: str
    likelihood: Likelihood
    reason: str
    reason_en: str
    basis: tuple[RuleBasis, ...]
    rule: str
    obstacles: tuple[Obstacle, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A question without an answer, and the licence types that an answer to it may make more likely: by itself, or
    ``together`` with answers to other open questions. Both are empty where it only limits what others bring in."""

    question: str
    licences: tuple[str, ...]
    together: tuple[str, ...] = ()


def assess(profile: Profile, table: Rules | None = None) -> tuple[Advice, ...]:
    """One advice a licence type that a rule reaches: strongest first, then in the order of the vocabulary.

    Of several rules the strongest counts, of equal ones the first. A type that no rule reaches is not listed.
    """
    table = table or bundled()
    best: dict[str, Rule] = {}
    for rule in table.rules:
        if not rule.applies(profile.answers):
            continue
        held = best.get(rule.licence)
        if held is None or _strength(rule.likelihood) < _strength(held.likelihood):
            best[rule.licence] = rule
    barred = [obstacle for obstacle in table.obstacles if obstacle.applies(profile.answers)]
    order = list(licences())
    found = sorted(best.values(), key=lambda rule: (_strength(rule.likelihood), order.index(rule.licence)))
    return tuple(_advice(rule, barred) for rule in found)


def unanswered(profile: Profile, table: Rules | None = None) -> tuple[Missing, ...]:
    """The questions still open, in their order; those that do not arise from the answers are left out."""
    table = table or bundled()
    standing = {advice.licence: _strength(advice.likelihood) for advice in assess(profile, table)}
    alone: dict[str, dict[str, None]] = {}
    together: dict[str, dict[str, None]] = {}
    for rule in table.rules:
        strength = _strength(rule.likelihood)
        if rule.likelihood is Likelihood.RARELY or strength >= standing.get(rule.licence, len(STRENGTH)):
            continue
        waiting = _waits_on(rule, profile.answers)
        for key in waiting:
            (alone if len(waiting) == 1 else together).setdefault(key, {})[rule.licence] = None
    return tuple(
        _missing(key, alone.get(key, {}), together.get(key, {}))
        for key, question in questions().items()
        if key not in profile.answers and question.wanted(profile.answers)
    )


def _missing(key: str, alone: Iterable[str], together: Iterable[str]) -> Missing:
    by_itself = tuple(alone)
    return Missing(key, by_itself, tuple(each for each in together if each not in by_itself))


def _waits_on(rule: Rule, answers: Answers) -> tuple[str, ...]:
    """The open questions that alone stand between the rule and these answers; none where an answer speaks against it."""
    if rule.excluded(answers):
        return ()
    waiting = tuple(key for key, values in rule.when.items() if not holds(answers, key, values))
    return () if any(key in answers for key in waiting) else waiting


def _advice(rule: Rule, barred: list[Obstacle]) -> Advice:
    return Advice(
        licence=rule.licence,
        likelihood=rule.likelihood,
        reason=rule.zh,
        reason_en=rule.en,
        basis=rule.basis,
        rule=rule.id,
        obstacles=tuple(_concerning(rule, barred)),
    )


def _concerning(rule: Rule, barred: list[Obstacle]) -> Iterator[Obstacle]:
    if rule.likelihood is not Likelihood.RARELY:
        yield from (obstacle for obstacle in barred if rule.licence in obstacle.licences)


def _strength(likelihood: Likelihood) -> int:
    return STRENGTH.index(likelihood)

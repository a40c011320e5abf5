"""PURE. Two profiles -> what a new line of business adds, drops, and makes more or less likely."""

from __future__ import annotations

from dataclasses import dataclass

from kb.profiles.assess import Advice, assess
from kb.profiles.model import Profile
from kb.profiles.questions import questions
from kb.profiles.rules import Likelihood, Obstacle

CONCERNING = frozenset({Likelihood.USUALLY, Likelihood.SOMETIMES})


@dataclass(frozen=True, slots=True)
class Moved:
    """A licence type that concerns both, more or less likely than before."""

    before: Advice
    after: Advice


@dataclass(frozen=True, slots=True)
class Difference:
    """``answers``: question id -> its answers before and after. ``barred``: obstacles new for a type of both."""

    answers: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
    added: tuple[Advice, ...]
    dropped: tuple[Advice, ...]
    moved: tuple[Moved, ...]
    barred: tuple[tuple[Advice, Obstacle], ...] = ()


def compare(before: Profile, after: Profile) -> Difference:
    """Types that rarely apply count as not applying."""
    old = {each.licence: each for each in assess(before) if each.likelihood in CONCERNING}
    new = {each.licence: each for each in assess(after) if each.likelihood in CONCERNING}
    both = [licence for licence in new if licence in old]
    answers = {
        key: (before.answers.get(key, ()), after.answers.get(key, ()))
        for key in questions()
        if before.answers.get(key, ()) != after.answers.get(key, ())
    }
    return Difference(
        answers=answers,
        added=tuple(each for licence, each in new.items() if licence not in old),
        dropped=tuple(each for licence, each in old.items() if licence not in new),
        moved=tuple(
            Moved(old[licence], new[licence])
            for licence in both
            if old[licence].likelihood is not new[licence].likelihood
        ),
        barred=tuple(
            (new[licence], obstacle)
            for licence in both
            for obstacle in new[licence].obstacles
            if obstacle not in old[licence].obstacles
        ),
    )

"""Profiles: the rows of the scenario table, and services described before the rules were written.

A row's answer: the types it says usually apply are said to usually apply, those it says sometimes apply are said to, and
those it says rarely apply are not. A row that adds to the first keeps what the first says.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.profiles import Likelihood, Profile, answered, assess
from tests.eval.table import Measure

TRUTH = Path(__file__).with_name("truth")


@dataclass
class Count:
    items: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.right / (self.items or 1)

    def add(self, faults: list[str], name: str) -> None:
        self.wrong += [f"{name}：{fault}" for fault in faults]
        self.right += not faults
        self.items += 1


def profile(item: dict[str, Any]) -> Profile:
    return Profile(name=item["name"], answers=answered(item["answers"]))


def faults(item: dict[str, Any], *, exact: bool) -> list[str]:
    """What the advice on a service says otherwise than its truth. ``exact``: no more usually apply than the truth says."""
    advice = assess(profile(item))
    said = {each.licence: each.likelihood for each in advice}
    usually = {licence for licence, likelihood in said.items() if likelihood is Likelihood.USUALLY}
    sometimes = {licence for licence, likelihood in said.items() if likelihood is Likelihood.SOMETIMES}
    found = [
        f"少了通常 {licence}（{said.get(licence, '没有')}）"
        for licence in item["usually"]
        if licence not in usually
    ]
    if exact:
        found += [f"多了通常 {licence}" for licence in sorted(usually - set(item["usually"]))]
    found += [
        f"少了有时 {licence}（{said.get(licence, '没有')}）"
        for licence in item.get("sometimes", ())
        if licence not in sometimes
    ]
    found += [f"不应有 {licence}" for licence in item.get("never", ()) if licence in usually | sometimes]
    barred = {each.licence for each in advice if each.obstacles}
    found += [f"少了限制 {licence}" for licence in item.get("obstacles", ()) if licence not in barred]
    return found


def scored(items: list[dict[str, Any]], *, exact: bool) -> Count:
    """``exact`` for all of them; an item may ask for it by itself."""
    count = Count()
    for item in items:
        count.add(faults(item, exact=exact or item.get("exact", False)), item["name"])
    return count


def measure(shared: Path) -> list[Measure]:
    return [
        _measured("情形表", "答案相符的情形", "scenarios.toml", exact=False),
        _measured("写规则前的服务", "答案相符的服务", "profiles.toml", exact=True),
        _measured("写规则后的服务", "答案相符的服务", "profiles_later.toml", exact=True),
        _measured("再后写的服务", "答案相符的服务", "profiles_third.toml", exact=True),
    ]


def _measured(name: str, measure: str, truth: str, *, exact: bool) -> Measure:
    items = tomllib.loads((TRUTH / truth).read_text("utf-8"))["service"]
    count = scored(items, exact=exact)
    return Measure(name, count.items, measure, count.share, "\n".join(count.wrong))

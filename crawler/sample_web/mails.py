"""The subscriptions of the demonstration and the messages they must lead to, made from the truth.

Rules of sending are those the product states for its readers: substantive confirmed changes at once, drafts in the
digest (at once to who has none), editorial ones to nobody who did not ask, held ones to nobody, a source that cannot be seen to those it blinds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from crawler.sample_web.script import sites
from crawler.sample_web.truth import ExpectedChange, ExpectedDay, expected
from kb.codes import ChangeKind, Confirmation, Significance

Purpose = Literal["immediate", "digest", "incident", "recovery"]


@dataclass(frozen=True, slots=True)
class DemoSubscription:
    name: str
    channel: Literal["email", "webhook"]
    licences: tuple[str, ...]
    digest: Literal["daily", "none"]
    incidents: bool


SUBSCRIPTIONS: tuple[DemoSubscription, ...] = (
    DemoSubscription(
        "主站-AI生图",
        "email",
        (
            "algorithm-filing",
            "deep-synthesis-filing",
            "genai-registration",
            "ai-labeling",
            "digital-human",
            "online-culture-license",
            "icp-license",
            "vats-license",
            "wx-deep-synthesis",
        ),
        digest="daily",
        incidents=True,
    ),
    DemoSubscription("小程序上架", "webhook", ("wx-deep-synthesis",), digest="none", incidents=False),
)


@dataclass(frozen=True, slots=True)
class ExpectedMessage:
    """One message of one day. ``title`` is the document's, or the source's id for incidents and recoveries."""

    day: int
    subscription: str
    channel: str
    purpose: Purpose
    title: str = ""


def messages(day: int) -> tuple[ExpectedMessage, ...]:
    """All messages of a day, subscription by subscription."""
    truth = expected(day)
    return tuple(message for who in SUBSCRIPTIONS for message in _for(who, truth))


def counts() -> dict[tuple[str, str], int]:
    """How many messages of each channel and purpose all four days lead to."""
    return dict(Counter((m.channel, m.purpose) for day in range(1, 5) for m in messages(day)))


def _for(who: DemoSubscription, truth: ExpectedDay) -> list[ExpectedMessage]:
    def message(purpose: Purpose, title: str = "") -> ExpectedMessage:
        return ExpectedMessage(truth.day, who.name, who.channel, purpose, title)

    found = [message("immediate", change.title) for change in truth.changes if _at_once(change, who)]
    if who.incidents:
        found += [message("incident", i.source) for i in truth.opened if _blinds(i.source, who)]
        found += [message("recovery", i.source) for i in truth.closed if _blinds(i.source, who)]
    if who.digest == "daily":
        found.append(message("digest"))
    return found


def _at_once(change: ExpectedChange, who: DemoSubscription) -> bool:
    return (
        change.confirmation is Confirmation.CONFIRMED
        and change.significance is Significance.SUBSTANTIVE
        and (change.kind is not ChangeKind.DRAFT_PUBLISHED or who.digest == "none")
        and not set(change.licences).isdisjoint(who.licences)
    )


def _blinds(source: str, who: DemoSubscription) -> bool:
    site = next(site for site in sites() if site.source == source)
    return any(not set(page.licences).isdisjoint(who.licences) for page in site.pages)

"""What ``subscribe`` and ``alerts`` print."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from kb.codes import DeliveryState, Significance
from kb.output.line import Line


class HoldingOut(Line):
    licence: str
    number: str
    expires_on: str
    renew_days: int


class SubscriptionOut(Line):
    """``zhengce subscribe --json``: who wants what. Empty ``licences`` or ``sources`` mean all.

    Local rules are wanted of ``province`` and ``regions``; of all provinces where neither names one, or one is 全国.
    ``profile``: whose answers the licence types and the province follow.
    """

    schema_: Literal["zhengce.subscription/1"] = Field(default="zhengce.subscription/1", alias="schema")
    id: str
    name: str
    licences: list[str]
    sources: list[str]
    minimum: Significance
    channels: list[str]
    immediate: bool
    digest: Literal["daily", "weekly", "none"]
    incidents: bool
    province: str
    regions: list[str]
    profile: str
    service: str
    holdings: list[HoldingOut]
    watched_names: list[str]
    created_at: str | None


class AlertOut(Line):
    """``zhengce alerts --json``: one alert and one of its deliveries."""

    schema_: Literal["zhengce.alert/1"] = Field(default="zhengce.alert/1", alias="schema")
    id: str
    kind: str
    about: str
    subject: str
    subscription: str
    created_at: str
    channel: str | None
    state: DeliveryState | None
    attempts: int | None
    due_at: str | None
    detail: str | None
    assessment: str


class AttemptOut(Line):
    at: str
    state: DeliveryState
    detail: str


class DeliveryOut(Line):
    model_config = ConfigDict(extra="ignore")

    channel: str
    state: DeliveryState
    attempts: int
    due_at: str | None
    detail: str
    tries: list[AttemptOut]


class AssessmentOut(Line):
    who: str
    at: str
    assessment: str
    note: str


class AlertDetailOut(Line):
    """``zhengce alerts ID --json``: the message, every attempt to deliver it, and what people made of it."""

    schema_: Literal["zhengce.alert-detail/1"] = Field(default="zhengce.alert-detail/1", alias="schema")
    id: str
    kind: str
    about: str
    subscription: str
    created_at: str
    subject: str
    body: str
    deliveries: list[DeliveryOut]
    assessments: list[AssessmentOut]

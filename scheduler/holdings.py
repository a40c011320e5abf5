"""What subscribers hold: licences of their own, and what a model vendor gave them. Lies in ops.db, never in kb.db."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from kb.calendar import HeldDates
from kb.codes import HoldingKind
from kb.config import complaint
from kb.errors import ConfigError, NotFound
from kb.licences import licences
from kb.model import instant, stable_id
from kb.words import zh
from scheduler.names import paper_name
from scheduler.ops import Ops

LEAD_DAYS = 90
LONGEST_LEAD = 1095
FIRST_YEAR, LAST_YEAR = 1990, 2199
_SHORT = 200
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_NOT_ONE = re.compile(r"[\s,，、;；/]")
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")


class Holding(BaseModel):
    """One row. ``used_for`` is the domain or AppID it covers; ``counterparty`` the vendor who signed or certified.

    ``expires_on`` is YYYY-MM-DD or empty where it does not expire; ``lead_days`` before it the holder wants to renew.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = ""
    subscription: str = Field(min_length=1)
    kind: HoldingKind = HoldingKind.LICENCE
    licence: str
    number: str = Field(default="", max_length=_SHORT)
    issuer: str = Field(default="", max_length=_SHORT)
    province: str = Field(default="", max_length=_SHORT)
    used_for: str = Field(default="", max_length=_SHORT)
    counterparty: str = Field(default="", max_length=_SHORT)
    expires_on: str = ""
    lead_days: int = Field(default=LEAD_DAYS, ge=0, le=LONGEST_LEAD)
    note: str = Field(default="", max_length=2000)

    @field_validator("number", "issuer", "used_for", "counterparty", "note", mode="before")
    @classmethod
    def _is_seen(cls, given: str) -> str:
        if any(unicodedata.category(sign) in _UNSEEN for sign in given):
            raise ValueError("有看不见的字符（换行、控制符），请重新输入")
        return given.strip()

    @field_validator("used_for")
    @classmethod
    def _is_one(cls, given: str) -> str:
        if _NOT_ONE.search(given):
            raise ValueError("请只写一个域名或 AppID，不带 https:// 和路径")
        return given

    @field_validator("expires_on")
    @classmethod
    def _is_a_day(cls, given: str) -> str:
        return day_named(given).isoformat() if given else ""

    @field_validator("licence")
    @classmethod
    def _is_known(cls, given: str) -> str:
        if given not in licences():
            raise ValueError(f"没有这个资质事项：{given}")
        return given

    @model_validator(mode="after")
    def _names_who_signed(self) -> Holding:
        if self.kind is not HoldingKind.LICENCE and not self.counterparty:
            raise ValueError(f"{zh(self.kind)}要写对方名称（--with）")
        if self.kind is HoldingKind.LICENCE and self.counterparty:
            raise ValueError(
                f"{zh(self.kind)}没有对方；协议、证明请加 --kind agreement 或 --kind certificate"
            )
        return self

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes it another paper than the next: its number, or the province where it has none."""
        where = "" if self.number else self.province
        return (
            self.subscription,
            self.kind,
            self.licence,
            self.number,
            self.used_for,
            self.counterparty,
            where,
        )

    @property
    def is_bare(self) -> bool:
        """A licence type that somebody said they hold, and no more."""
        said = (self.number, self.issuer, self.province, self.used_for, self.expires_on, self.note)
        return self.kind is HoldingKind.LICENCE and not any(said)

    @property
    def name(self) -> str:
        """How a sentence calls it: 贵司ICP许可（示ICP证000001号）, 贵司与示例模型公司的合作协议."""
        which = "，".join(filter(None, (self.number or self.province, self.used_for)))
        if self.kind is HoldingKind.AGREEMENT:
            said = f"贵司与{self.counterparty}的{zh(self.kind)}"
        elif self.kind is HoldingKind.CERTIFICATE:
            said = f"{self.counterparty}出具的{zh(self.kind)}"
        else:
            said = f"贵司{paper_name(self.licence)}"
        return f"{said}（{which}）" if which else said


def day_named(given: str) -> date:
    """A calendar day: 2027-03-10, or as certificates print it, 2027年3月10日, 2027/3/10. Raises ``ValueError`` in words
    for people."""
    written = _DAY.fullmatch(given.strip())
    try:
        day = date(*(int(part) for part in written.groups())) if written else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"不是日期：{given}，请写成 YYYY-MM-DD，例如 2027-03-10")
    return day


def holding(**values: Any) -> Holding:
    """Raises ``ConfigError`` naming what cannot be used."""
    return _validated(values)


def _validated(values: Mapping[str, Any]) -> Holding:
    try:
        return Holding.model_validate(dict(values))
    except ValidationError as error:
        raise ConfigError(_named(complaint(error)), do="zhengce holding add --help") from error


_NAMES = {
    "subscription": "订阅",
    "number": "编号",
    "issuer": "发证机关",
    "used_for": "域名或 AppID",
    "counterparty": "对方名称",
    "expires_on": "到期日",
    "lead_days": "提前天数",
    "licence": "资质事项",
    "note": "说明",
    "（整项）": "",
}


def _named(said: str) -> str:
    key, found, reason = said.partition(" 有误：")
    if not found:
        return said
    name = _NAMES.get(key, key)
    space = " " if name[-1:].isascii() else ""
    return f"{name}{space}有误：{reason}" if name else reason


def add_holding(ops: Ops, new: Holding, *, now: datetime) -> str:
    """Write it down; the id it got. What ``hold_licences`` noted of that licence type gives way to it.

    Raises ``ConfigError`` when the same is there already.
    """
    key = stable_id("ho", *new.identity)
    row = {**new.model_dump(mode="json"), "id": key, "created_at": instant(now)}
    with ops.transaction() as db:
        known = holdings(ops, new.subscription)
        noted = [
            each.id for each in known if each.is_bare and each.licence == new.licence and not new.is_bare
        ]
        same = [each.id for each in known if each.identity == new.identity and each.id not in noted]
        if same:
            raise ConfigError(
                f"已经记过：{new.name}",
                where=same[0],
                do=f"续期后请用 zhengce holding done {same[0]} --until 新的到期日",
            )
        db.executemany("DELETE FROM holdings WHERE id = ?", [(each,) for each in noted])
        db.execute(
            f"INSERT INTO holdings ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",  # noqa: S608 - our own names
            tuple(row.values()),
        )
    return key


def hold_licences(ops: Ops, subscription: str, named: Iterable[str], *, now: datetime) -> None:
    """Write down licence types without number or date; of those held already nothing is changed."""
    held = {each.licence for each in holdings(ops, subscription) if each.kind is HoldingKind.LICENCE}
    for licence in named:
        if licence not in held:
            add_holding(ops, holding(subscription=subscription, licence=licence), now=now)


def holdings(ops: Ops, subscription: str = "") -> tuple[Holding, ...]:
    """Those of a subscription, or all; what expires first, first."""
    rows = ops.rows(
        "SELECT * FROM holdings WHERE ? IN ('', subscription) ORDER BY expires_on = '', expires_on, created_at, id",
        (subscription,),
    )
    return tuple(_read(dict(row)) for row in rows)


def _read(row: dict[str, Any]) -> Holding:
    """Checked when it was written; the vocabulary may have lost its licence type since."""
    row.pop("created_at")
    return Holding.model_construct(**{**row, "kind": HoldingKind(row["kind"])})


def the_holding(ops: Ops, identifier: str) -> Holding:
    """Raises ``NotFound``."""
    found = [each for each in holdings(ops) if each.id == identifier]
    if not found:
        raise NotFound(f"台账里没有 {identifier}", do="zhengce holding list 可列出全部")
    return found[0]


def remove_holding(ops: Ops, identifier: str) -> None:
    """Raises ``NotFound``."""
    the_holding(ops, identifier)
    with ops.transaction() as db:
        db.execute("DELETE FROM holdings WHERE id = ?", (identifier,))


def renew_holding(ops: Ops, identifier: str, until: str) -> Holding:
    """Give it a new last day. Raises ``NotFound``, ``ConfigError`` for a day that is none or no later one."""
    old = the_holding(ops, identifier)
    new = _validated({**old.model_dump(), "expires_on": until})
    if old.expires_on and new.expires_on <= old.expires_on:
        raise ConfigError(f"新的到期日 {new.expires_on} 不晚于原来的 {old.expires_on}", do="请核对证照")
    with ops.transaction() as db:
        db.execute("UPDATE holdings SET expires_on = ? WHERE id = ?", (new.expires_on, identifier))
    return new


def held_dates(ops: Ops) -> tuple[HeldDates, ...]:
    """For the calendar: what expires, with the client's name where there are several."""
    named = clients(ops)
    return tuple(
        HeldDates(
            holding=each.id,
            name=called(each, named),
            expires=date.fromisoformat(each.expires_on),
            lead_days=each.lead_days,
            licences=(each.licence,),
            owner=each.subscription,
            note=each.note,
        )
        for each in holdings(ops)
        if each.expires_on
    )


def clients(ops: Ops) -> dict[str, str]:
    """Names by subscription where there are several to tell apart, each name once; none where there is one alone."""
    known = ops.subscriptions()
    if len(known) < 2:
        return {}
    names = [each.name for each in known]
    return {
        each.id: each.name if names.count(each.name) == 1 else f"{each.name}（{each.id}）" for each in known
    }


def called(held: Holding, named: Mapping[str, str]) -> str:
    """Its name with that of its holder, where one is among these: 甲公司ICP许可（示B2-000001）."""
    who = named.get(held.subscription)
    if not who:
        return held.name
    return held.name.replace("贵司", who, 1) if held.name.startswith("贵司") else f"{who}：{held.name}"

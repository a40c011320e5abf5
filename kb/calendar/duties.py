"""PURE. Yearly duties: ``duties.toml`` -> ``Duty`` -> the days of the coming years."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import Field, field_validator

from kb.calendar.events import Event, in_order
from kb.codes import DateKind
from kb.errors import DeclarationError
from kb.licences import licences
from kb.model import stable_id
from kb.tables import Strict, read_table

_FILE = Path(__file__).with_name("duties.toml")


class Duty(Strict):
    """What must be done once a year, in the words of the file. ``ends``: MM-DD, empty where no rule names a day.

    ``verified`` is false as long as nobody held it against an official text.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    licence: str
    title: str = Field(min_length=2)
    applies: str = Field(min_length=2)
    rule: str = Field(min_length=2)
    basis: str = Field(min_length=2)
    verified: bool
    ends: str = ""
    since: int = Field(default=0, ge=0)

    @field_validator("ends")
    @classmethod
    def _is_a_day_of_every_year(cls, ends: str) -> str:
        if ends:
            month, _, day = ends.partition("-")
            if len(ends) != 5:
                raise ValueError("应为 MM-DD")
            date(2023, int(month), int(day))  # a common year: 02-29 is a day of some years only
        return ends

    @property
    def words(self) -> str:
        """The title, marked where it is not verified."""
        return self.title if self.verified else f"{self.title}（未核）"


class _Duties(Strict):
    duty: tuple[Duty, ...] = Field(min_length=1)


def read_duties(path: Path) -> tuple[Duty, ...]:
    """In the order of the file. Raises ``DeclarationError`` when the file cannot be used."""
    found = read_table(path, _Duties, "年度事项表").duty
    faults = [
        f"{duty.id} 的 {duty.licence} 不在资质事项词表中" for duty in found if duty.licence not in licences()
    ]
    if len({duty.id for duty in found}) < len(found):
        faults.append("有重复的 id")
    if faults:
        raise DeclarationError("年度事项表不能使用：" + "；".join(faults), where=str(path), do="请改正后重试")
    return found


@lru_cache(maxsize=1)
def duties() -> tuple[Duty, ...]:
    """The duties that come with zhengce, read once."""
    return read_duties(_FILE)


def duty_events(known: Iterable[Duty], since: date, until: date) -> tuple[Event, ...]:
    """The days of the duties that have one, from ``since`` to ``until``, both included."""
    found = []
    for duty in known:
        for year in range(max(since.year, duty.since), until.year + 1) if duty.ends else ():
            day = date.fromisoformat(f"{year}-{duty.ends}")
            if since <= day <= until:
                found.append(_event(duty, day))
    return in_order(found)


def _event(duty: Duty, day: date) -> Event:
    return Event(
        id=stable_id("ev", DateKind.DUTY, duty.id, str(day.year)),
        kind=DateKind.DUTY,
        day=day,
        title=f"{duty.words}{'' if duty.words.endswith('）') else ' '}截止",
        about=duty.words,
        source=duty.id,
        licences=(duty.licence,),
        note=f"{duty.rule}依据：{duty.basis}",
        verified=duty.verified,
    )

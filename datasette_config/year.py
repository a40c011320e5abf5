"""The changes of a year by week and family of licence types: read once for as long as nothing is written, said in words,
as counts for a picture, and as the rows of a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from datasette.app import Datasette

from datasette_config import knowledge
from datasette_config.language import gettext as _
from datasette_config.remembering import revision_of
from datasette_config.saying.charts import Counts
from datasette_config.saying.families import family_names
from datasette_config.site import Connection, ask

WEEKS = 53


@dataclass(frozen=True, slots=True)
class Year:
    """``first`` is a Monday; ``weeks`` one count a week of each family (``""``: not tagged). ``looked``: the
    weeks in which a round of looks came to its end; of the others nobody can say that nothing changed."""

    first: date
    weeks: tuple[tuple[str, tuple[int, ...]], ...]
    looked: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return any(any(numbers) for _family, numbers in self.weeks)


_years: WeakKeyDictionary[Datasette, tuple[tuple[int | None, date], Year]] = WeakKeyDictionary()


async def year_of(datasette: Datasette, today: date) -> Year:
    """The weeks up to the one of ``today``."""
    first = today - timedelta(days=today.weekday() + 7 * (WEEKS - 1))
    key = (revision_of(datasette), first)
    known = _years.get(datasette)
    if known is None or known[0] != key or key[0] is None:
        known = _years[datasette] = (key, await ask(datasette, lambda connection: _read(connection, first)))
    return known[1]


def _read(connection: Connection, first: date) -> Year:
    """Every family, also without a change; changes without a tag only where there are any."""
    counts = knowledge.weekly_changes(connection, first, WEEKS)
    families = [*map(str, family_names()), *([""] if any(counts.get("", ())) else [])]
    weeks = tuple((family, tuple(counts.get(family, [0] * WEEKS))) for family in families)
    return Year(first, weeks, knowledge.weeks_looked(connection, first, WEEKS))


def as_counts(year: Year) -> Counts:
    names = {"": _("未标注事项"), **{str(family): name for family, name in family_names().items()}}
    return Counts(
        first=year.first,
        series=tuple((names[family], numbers) for family, numbers in year.weeks),
        title=_("近一年每周看到的规则变动，按事项分类"),
        summary=essence(year),
    )


def essence(year: Year) -> str:
    """What the picture shows, in one or two sentences."""
    if not year:
        return _("近一年未见变动。")
    names = {"": _("未标注事项"), **{str(family): name for family, name in family_names().items()}}
    most = max(sum(numbers) for _family, numbers in year.weeks)
    families = [names[family] for family, numbers in year.weeks if sum(numbers) == most]
    weeks = [sum(each) for each in zip(*(numbers for _family, numbers in year.weeks), strict=True)]
    busiest = max(range(len(weeks)), key=weeks.__getitem__)
    return _(
        "变动最多的是%(family)s，一年 %(most)s 处；最忙的一周从 %(week)s 起，%(number)s 处；最近一周 %(last)s 处。"
    ) % {
        "family": _("、").join(families),
        "most": most if len(families) == 1 else _("各 %(number)s") % {"number": most},
        "week": year.first + timedelta(days=7 * busiest),
        "number": weeks[busiest],
        "last": weeks[-1],
    }


def unseen(year: Year) -> str:
    """How many weeks nobody looked at, and of which days nothing can be said; empty where every week was looked at."""
    missed = [week for week in range(WEEKS) if week not in year.looked]
    if not missed:
        return ""
    days = {"number": len(missed), "day": year.first + timedelta(days=7 * (missed[-1] + 1))}
    if missed == list(range(len(missed))):
        return _("%(day)s 以前的 %(number)s 周未查看，不能说有没有变动。") % days
    return _("其中 %(number)s 周未查看，不能说有没有变动；表格里记为“—”。") % days


def table(year: Year) -> dict[str, Any]:
    """The same numbers: heads, and one row a week, the newest first; — in weeks that nobody looked at."""
    counts = as_counts(year)
    lines = [
        {
            "week": str(year.first + timedelta(days=7 * week)),
            "numbers": [
                numbers[week] or (0 if week in year.looked else "—") for _name, numbers in counts.series
            ],
        }
        for week in reversed(range(WEEKS))
    ]
    return {
        "heads": [name for name, _numbers in counts.series],
        "lines": lines,
        "sums": [sum(numbers) for _name, numbers in counts.series],
    }

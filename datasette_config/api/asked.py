"""One question to the API, read and bounded, and the shape of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from datasette_config.api.cursors import BadCursor, Key, decode, encode
from datasette_config.api.parameters import SHOWN, USUAL_ITEMS
from datasette_config.api.problems import Fault, Refused
from datasette_config.choosing.filters import CHOICES, Filter
from datasette_config.language import gettext as _
from kb.output import Line
from kb.regions import short_name

Item = TypeVar("Item", bound=BaseModel)


class Listed(Line, Generic[Item]):
    """Some of the items, in the order that the list has. ``next`` is the address of those that follow, null after the
    last. ``looked_at`` is the newest look at any source (UTC): what is not here was not seen by then, which is not to say
    that it does not exist. ``demo``: all of it is made up."""

    schema_: Literal["zhengce.list/1"] = Field(default="zhengce.list/1", alias="schema")
    items: list[Item]
    next: str | None
    looked_at: str | None
    demo: bool

    @classmethod
    def model_parametrized_name(cls, params: tuple[type[Any], ...]) -> str:
        return f"{params[0].__name__.removesuffix('Out')}List"


@dataclass(frozen=True, slots=True)
class Asked:
    """``values`` are what ``parameters.read`` found; ``address`` is the path under the site's prefix. ``cut``: excerpts
    only of what may not be published in full; ``demo``: what is held is made up."""

    values: Mapping[str, Any]
    address: str
    moment: datetime
    looked_at: str | None
    cut: bool
    demo: bool

    @property
    def today(self) -> date:
        """In Beijing."""
        return self.moment.date()

    @property
    def limit(self) -> int:
        return int(self.values.get("limit", USUAL_ITEMS))

    def filter(self) -> Filter:
        """The filter as pages have it."""
        given = self.values
        chosen = {name: given[name] for name in (*CHOICES, "draft", "since", "until") if name in given}
        regions = tuple(short_name(region) for region in given.get("region", ()))
        return Filter(**{**chosen, "region": regions, "words": tuple(given.get("q", "").split())})

    def after(self, *kinds: type) -> Key | None:
        """The key of the last item given before, ``None`` at the beginning. Raises ``Refused`` (bad parameter) for a
        cursor that this list never gave."""
        cursor = self.values.get("cursor")
        if cursor is None:
            return None
        try:
            return decode(cursor, *kinds)
        except BadCursor:
            fault = Fault(parameter="cursor", value=cursor[:SHOWN], why=_("不是这个列表给出的翻页位置"))
            raise Refused("bad-parameter", fault) from None

    def listed(self, items: Sequence[Item], last: Key | None) -> Listed[Item]:
        """``last`` is the key of the last item when others follow."""
        following = {**self.values, "cursor": encode(last)} if last is not None else None
        return Listed(
            items=list(items),
            next=f"{self.address}?{_query(following)}" if following else None,
            looked_at=self.looked_at,
            demo=self.demo,
        )


def _query(values: Mapping[str, Any]) -> str:
    """Without what stands in the path."""
    written = {
        name: ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
        for name, value in values.items()
        if name != "id"
    }
    return urlencode(written, safe=",")

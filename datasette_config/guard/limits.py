"""How often one visitor may ask for what is expensive, and how many expensive answers are made at once.

They bind a site that others can reach: a public one, or one with sign-in. A site on its owner's own machine has none.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from urllib.parse import parse_qs

from cachetools import TTLCache
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from datasette_config.guard.refusing import too_busy, too_many_tries, too_often
from datasette_config.guard.visitors import Address, grouped

FREE: Final = ("/static/", "/-/static/", "/healthz", "/robots.txt", "/favicon.ico")
HEAVY: Final = {"search", "compare", "chart", "export", "tables"}
TRIES_OF_AN_ADDRESS = parse("10/10 minute")
TRIES_OF_A_NAME = parse("100/hour")
HOME_SECONDS = 30 * 86400
"""How long an address is known as one where somebody came in."""


def kind(path: str, query: str, database: str) -> str | None:
    """What a request costs, as the settings name it; ``None`` for what is not counted."""
    first = path.split("/")[1]
    signs = (
        ("tables", first.split(".")[0] == database),
        ("export", path.endswith((".csv", ".ics")) or first.startswith("sitemap")),
        ("chart", first in {"chart", "picture"} or path.endswith(".svg")),
        ("compare", "/compare" in path),
        ("search", path.endswith("/search") or bool(parse_qs(query).get("q"))),
        ("api", first == "api"),
    )
    return None if path.startswith(FREE) else next((name for name, holds in signs if holds), "pages")


class Limits:
    """The counts of one site, in memory: they begin anew with the process."""

    def __init__(self, rates: Mapping[str, object]) -> None:
        self._rates: dict[str, RateLimitItem] = {
            name: parse(rate) for name, rate in rates.items() if isinstance(rate, str) and rate != "off"
        }
        self._at_once = int(str(rates.get("at_once") or 16))
        self._busy = 0
        self._window = MovingWindowRateLimiter(MemoryStorage())
        self._homes: TTLCache[tuple[str, str], bool] = TTLCache(maxsize=5000, ttl=HOME_SECONDS)

    def take(self, kind: str | None, address: Address) -> None:
        """Count a request. Raises ``Refused`` (429) for one too many."""
        rate = self._rates.get(kind) if kind else None
        if kind and rate and not self._window.hit(rate, kind, grouped(address)):
            raise too_often(self._wait(rate, kind, grouped(address)))

    @contextmanager
    def busy(self, kind: str | None) -> Iterator[None]:
        """While an expensive answer is made. Raises ``Refused`` (503) when enough of them are."""
        if kind not in HEAVY:
            yield
            return
        if self._busy >= self._at_once:
            raise too_busy()
        self._busy += 1
        try:
            yield
        finally:
            self._busy -= 1

    def try_password(self, name: str, address: Address) -> None:
        """Count a try before it is looked at. Raises ``Refused`` (429): an address has 10 in ten minutes; a name has 100
        an hour from everywhere, so that many addresses together do not guess faster. Where somebody came in before, their
        name is not counted: who guesses at it elsewhere does not lock them out."""
        at_home = self._whose(name, address) in self._homes
        for rate, whose in self._tries(name, address)[: 1 if at_home else 2]:
            if not self._window.hit(rate, *whose):
                raise too_many_tries(self._wait(rate, *whose))

    def right_password(self, name: str, address: Address) -> None:
        """Forget the tries of who then knew it, and remember where they are."""
        self._homes[self._whose(name, address)] = True
        for rate, whose in self._tries(name, address):
            self._window.clear(rate, *whose)

    @staticmethod
    def _whose(name: str, address: Address) -> tuple[str, str]:
        return name, grouped(address)

    @staticmethod
    def _tries(name: str, address: Address) -> list[tuple[RateLimitItem, tuple[str, str]]]:
        return [
            (TRIES_OF_AN_ADDRESS, ("try-from", grouped(address))),
            (TRIES_OF_A_NAME, ("try-as", name[:64])),
        ]

    def _wait(self, rate: RateLimitItem, *whose: str) -> int:
        """Seconds until there is room again, at least one."""
        return max(1, math.ceil(self._window.get_window_stats(rate, *whose).reset_time - time.time()))

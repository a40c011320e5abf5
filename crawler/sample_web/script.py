"""The script of the sample web: its sites, their pages as structured words, and the edits of each day, read from
``content/*.toml``. All of it is fiction. Server and truth are both made from this script and from nothing else.

The body of a page is written one line a passage, each with its kind: ``章`` chapter, ``条`` article, ``款`` further
paragraph of an article, ``项`` item, ``段`` plain paragraph, ``名`` centred title, ``署`` signature. Numbers are not
written; they follow from the order, so that an inserted article renumbers what follows, as in a real rule.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from kb.codes import Health, Significance

CONTENT = Path(__file__).with_name("content")

#: Beijing dates of the demonstration. On each the sources are crawled at 06:10 and looked at again at 06:43.
DAYS: tuple[date, ...] = (date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26))

Family = Literal["cac", "jpaas", "trs", "nppa", "mct", "govcn", "docs", "community"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Table(Strict):
    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Attachment(Strict):
    path: str
    name: str
    lines: tuple[str, ...]


class Image(Strict):
    path: str
    seed: int


class Page(Strict):
    """One document page. ``derives`` names the draft whose words it starts from."""

    key: str
    path: str
    title: str
    published: date
    body: str = ""
    number: str = ""
    from_day: int = 1
    gone_from: int | None = None
    draft: bool = False
    derives: str = ""
    licences: tuple[str, ...] = ()
    effective: date | None = None
    comments_until: date | None = None
    tables: tuple[Table, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    images: tuple[Image, ...] = ()


class Edit(Strict):
    """What the site changes in a page from a day on. ``look`` limits it to one look of that one day: a flip.

    ``words`` replaces words in the article ``at`` (or anywhere), ``insert`` puts an article after ``at``, ``cell``
    replaces words in a table cell, ``image`` and ``attachment`` replace a file at its address.
    """

    day: int
    page: str
    do: Literal["words", "insert", "cell", "image", "attachment"]
    at: str = ""
    before: str = ""
    after: str = ""
    column: str = ""
    seed: int = 0
    look: int | None = None
    significance: Significance = Significance.SUBSTANTIVE


class Trouble(Strict):
    """A whole site that cannot be seen on a day."""

    day: int
    health: Literal[Health.CHALLENGE, Health.EMPTY_SHELL]


class Site(Strict):
    """One site of the sample web, watched by one declaration. ``moving``: every page moves at every request."""

    source: str
    name: str
    host: str
    address: str
    family: Family
    encoding: str = "utf-8"
    moving: bool = False
    validators: bool = False
    robots: str = ""
    pages: tuple[Page, ...] = Field(alias="page")
    edits: tuple[Edit, ...] = Field(default=(), alias="edit")
    troubles: tuple[Trouble, ...] = Field(default=(), alias="trouble")

    def page(self, key: str) -> Page:
        return next(page for page in self.pages if page.key == key)

    def trouble(self, day: int) -> Health | None:
        return next((trouble.health for trouble in self.troubles if trouble.day == day), None)

    def pages_on(self, day: int) -> tuple[Page, ...]:
        """Pages that are published and not withdrawn, newest first, as the list names them."""
        there = [p for p in self.pages if p.from_day <= day and (p.gone_from is None or day < p.gone_from)]
        return tuple(sorted(there, key=lambda page: page.published, reverse=True))


@cache
def sites() -> tuple[Site, ...]:
    """All sites, by address."""
    loaded = [Site.model_validate(tomllib.loads(file.read_text("utf-8"))) for file in CONTENT.glob("*.toml")]
    return tuple(sorted(loaded, key=lambda site: site.address))

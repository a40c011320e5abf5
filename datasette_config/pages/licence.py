"""``/licences``: every licence or filing type; ``/licence/<id>``: one of them, what is seen of it, its changes and rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from datasette_config import format as say
from datasette_config import knowledge, present
from datasette_config.coverage import by_licence, covered
from datasette_config.pages.document import in_list
from datasette_config.site import Connection, ask, now, page
from kb.codes import Confirmation, DocumentStatus
from kb.coverage import LicenceCoverage
from kb.coveragetext import nothing_found, said_of
from kb.licences import (
    GROUP_NAMES,
    PART_NAMES,
    STATUS_MEANS,
    UNCHECKED,
    UNCHECKED_MEANS,
    UNKNOWN_MEANS,
    BasisRole,
    Licence,
    Part,
    below,
    beside,
    day_words,
    licences,
    region_words,
)
from kb.store import queries
from kb.store.queries import StandingBasis

WAITING = {Confirmation.PROVISIONAL, Confirmation.HELD}


async def every_licence(datasette: Datasette, request: Request) -> Response:
    moment = now(datasette, await ask(datasette, knowledge.newest_look))
    found = await ask(datasette, lambda connection: by_licence(connection, moment))
    shown = {each["licence"]: each for each in found}
    groups = [
        {
            "name": name,
            "licences": [
                {**shown[one.id], "full": one.zh, "who": one.who}
                for one in licences().values()
                if one.group is group
            ],
        }
        for group, name in GROUP_NAMES.items()
    ]
    return await page(datasette, request, "licences.html", groups=groups, total=len(shown))


async def licence(datasette: Datasette, request: Request) -> Response:
    found = licences().get(request.url_vars["id"])
    if found is None:
        raise NotFound(request.path)
    moment = now(datasette, await ask(datasette, knowledge.newest_look))
    day = moment.date()

    def read(connection: Connection) -> dict[str, Any]:
        coverage = queries.coverage_of(connection, found.id, moment)
        changes = knowledge.with_standing(connection, knowledge.changes_of_licence(connection, found.id), day)
        return {
            "parts": _parts(queries.standing_basis(connection, found.id, day)),
            "coverage": _coverage(coverage),
            "nothing_found": nothing_found(coverage),
            "coming": [
                {"day": str(event.day), "title": event.title}
                for event in queries.coming(connection, found.id, day)
            ],
            "changes": [present.change(one, day) for one in changes if one["confirmation"] not in WAITING],
            "waiting": [present.change(one, day) for one in changes if one["confirmation"] in WAITING],
            **_documents(connection, found.id, day),
        }

    return await page(
        datasette,
        request,
        "licence.html",
        licence={
            "name": found.short,
            "full": found.zh if found.zh != found.short else "",
            "english": found.en,
            "facts": _facts(found),
            "aliases": [name for name in found.aliases if name not in {found.zh, found.short}],
        },
        above=_above(found),
        folklore=found.folklore,
        below=[_link(other) for other in below(found, licences())],
        related=[_link(other) for other in beside(found, licences())],
        **await ask(datasette, read),
    )


def _facts(found: Licence) -> list[dict[str, str]]:
    facts = (
        ("是什么", found.what),
        ("谁会涉及", found.who),
        ("主管", found.regulator),
        ("易混淆", found.confusions),
        ("编号", found.id),
    )
    return [{"name": name, "text": text} for name, text in facts if text]


def _above(found: Licence) -> dict[str, Any] | None:
    """The type whose rules govern this one too, with the number of them."""
    if not found.parent:
        return None
    many = sum(basis.role is BasisRole.RULE for basis in licences()[found.parent].basis)
    return {**_link(found.parent), "many": many}


def _link(other: str) -> dict[str, str]:
    return {"id": other, "name": present.licence_name(other)}


def _coverage(found: LicenceCoverage) -> dict[str, Any]:
    return {
        **covered(found),
        "sources": [
            {
                "title": sight.source.title,
                "said": said_of(sight),
                "common": sight.common,
                "region": region_words(sight.source.province),
                "last_good": say.beijing(sight.source.last_good.isoformat())
                if sight.source.last_good
                else "",
            }
            for sight in found.sights
        ],
    }


def _documents(connection: Connection, licence: str, day: date) -> dict[str, list[Any]]:
    """``documents`` that rule and ``lists`` of what was filed; each with its region and status, as ``zhengce licence`` has
    them, and what the marks among the statuses mean."""
    governing = {each.id: each for each in queries.governing(connection, licence, day)}
    shown: dict[str, list[dict[str, Any]]] = {"documents": [], "lists": []}
    for row in knowledge.documents_of_licence(connection, licence):
        if (found := governing.get(row["document_id"])) is not None:
            status = "" if found.routine else f"〔{say.status_word(found.status)}〕"
            listed = {**in_list(row), "region": region_words(found.region), "status": status}
            shown["lists" if found.routine else "documents"].append(listed)
    unknown = f"〔{say.status_word(DocumentStatus.UNKNOWN)}〕"
    marks = [UNKNOWN_MEANS] if any(each["status"] == unknown for each in shown["documents"]) else []
    return {**shown, "document_marks": marks}


def _parts(standing: Iterable[StandingBasis]) -> list[dict[str, Any]]:
    """The bases under their headings, each mark explained where it first stands."""
    found = list(standing)
    parts = []
    unchecked = False
    for part in Part:
        shown = [each for each in found if each.part is part]
        if shown:
            first = not unchecked and any(not each.basis.verified for each in shown)
            unchecked = unchecked or first
            marks = ((UNCHECKED_MEANS, first), *_marks(part, shown))
            parts.append(
                {
                    "part": str(part),
                    "name": PART_NAMES[part][0],
                    "bases": [_basis(each) for each in shown],
                    "marks": [meaning for meaning, needed in marks if needed],
                }
            )
    return parts


def _marks(part: Part, shown: list[StandingBasis]) -> tuple[tuple[str, bool], ...]:
    return (
        (UNKNOWN_MEANS, any(each.status is DocumentStatus.UNKNOWN for each in shown)),
        (STATUS_MEANS, part is Part.RULE and any(each.document is None for each in shown)),
    )


def _basis(standing: StandingBasis) -> dict[str, str]:
    rule = standing.basis
    held = "，据本库原文" if standing.document else ""
    status = "" if standing.part is Part.LIST else f"〔{say.status_word(standing.status)}{held}〕"
    facts = (
        rule.number,
        f"{day_words(rule.issued)}公布" if rule.issued else "",
        f"{day_words(rule.effective)}起施行" if rule.effective else "",
        rule.note,
    )
    return {
        "title": f"{region_words(rule.region)}{rule.title}",
        "document": standing.document or "",
        "status": status + ("" if rule.verified else UNCHECKED),
        "said": "　".join(fact for fact in facts if fact),
    }

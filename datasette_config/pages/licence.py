"""``/licences``: every licence or filing type; ``/licence/<id>``: one of them, what is seen of it, its changes and rules."""

from __future__ import annotations

from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from datasette_config import format as say
from datasette_config import knowledge, present
from datasette_config.coverage import by_licence, covered
from datasette_config.pages.document import in_list
from datasette_config.site import Connection, ask, now, page
from kb.coverage import LicenceCoverage, nothing_found, said_of
from kb.licences import GROUP_NAMES, Licence, below, beside, day_words, licences
from kb.store import queries
from kb.store.queries import StandingBasis


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
            "basis": [_basis(rule) for rule in queries.standing_basis(connection, found.id, day)],
            "coverage": _coverage(coverage),
            "nothing_found": nothing_found(coverage),
            "coming": [
                {"day": str(event.day), "title": event.title}
                for event in queries.coming(connection, found.id, day)
            ],
            "changes": [present.change(one, day) for one in changes],
            "documents": [in_list(one) for one in knowledge.documents_of_licence(connection, found.id)],
        }

    return await page(
        datasette,
        request,
        "licence.html",
        licence={"name": found.zh, "english": found.en, "facts": _facts(found)},
        folklore=found.folklore,
        below=[_link(other) for other in below(found, licences())],
        related=[_link(other) for other in beside(found, licences())],
        **await ask(datasette, read),
    )


def _facts(found: Licence) -> list[dict[str, str]]:
    facts = (
        ("又称", "、".join(found.aliases)),
        ("主管机关", found.regulator),
        ("谁需要", found.who),
        ("容易混淆", found.confusions),
        ("上级事项", present.licence_name(found.parent) if found.parent else ""),
        ("编号", found.id),
    )
    return [{"name": name, "text": text} for name, text in facts if text]


def _link(other: str) -> dict[str, str]:
    return {"id": other, "name": present.licence_name(other)}


def _coverage(found: LicenceCoverage) -> dict[str, Any]:
    return {
        **covered(found),
        "sources": [
            {
                "title": sight.source.title,
                "said": said_of(sight),
                "last_good": say.beijing(sight.source.last_good.isoformat())
                if sight.source.last_good
                else "",
            }
            for sight in found.sights
        ],
    }


def _basis(standing: StandingBasis) -> dict[str, str]:
    rule = standing.basis
    status = say.status_word(standing.status)
    parts = (
        rule.number,
        f"{day_words(rule.issued)}发布" if rule.issued else "",
        f"{day_words(rule.effective)}起施行" if rule.effective else "",
        f"{status}（按本库原文）" if standing.document else f"词表所记：{status}，效力未核",
        "" if rule.verified else "未与官方文本核对",
        rule.note,
    )
    return {
        "title": rule.title,
        "document": standing.document or "",
        "said": "　".join(part for part in parts if part),
    }

"""``/licences``: every licence or filing type; ``/licence/<id>``: one of them, what is seen of it, its changes and rules."""

from __future__ import annotations

from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from datasette_config import format as say
from datasette_config import knowledge, present
from datasette_config.coverage import by_licence, covered
from datasette_config.pages.document import in_list
from datasette_config.site import ask, now, page
from kb.coverage import nothing_found, said_of
from kb.licences import GROUP_NAMES, Licence, below, beside, licences
from kb.store import queries
from kb.store.queries import LicenceView, StandingBasis

NOTHING_KEPT = "还没有巡查过，不能说有没有变动"


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
    view = await ask(datasette, lambda connection: queries.licence_view(connection, found.id, moment))
    changes = await ask(
        datasette,
        lambda connection: knowledge.with_standing(
            connection, knowledge.changes_of_licence(connection, found.id), day
        ),
    )
    documents = await ask(datasette, lambda connection: knowledge.documents_of_licence(connection, found.id))
    return await page(
        datasette,
        request,
        "licence.html",
        licence={"name": found.zh, "english": found.en, "facts": _facts(found)},
        basis=[_basis(rule) for rule in _standing(found, view)],
        folklore=found.folklore,
        below=[_link(other) for other in below(found, licences())],
        related=[_link(other) for other in beside(found, licences())],
        coverage=_coverage(view),
        coming=[{"day": str(event.day), "title": event.title} for event in (view.coming if view else ())],
        changes=[present.change(one, day) for one in changes],
        nothing_found=nothing_found(view.coverage) if view else NOTHING_KEPT,
        documents=[in_list(one) for one in documents],
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


def _coverage(view: LicenceView | None) -> dict[str, Any]:
    if view is None:
        return {}
    return {
        **covered(view.coverage),
        "sources": [
            {
                "title": sight.source.title,
                "said": said_of(sight),
                "last_good": say.beijing(sight.source.last_good.isoformat())
                if sight.source.last_good
                else "",
            }
            for sight in view.coverage.sights
        ],
    }


def _standing(found: Licence, view: LicenceView | None) -> tuple[StandingBasis, ...]:
    return view.basis if view else tuple(StandingBasis(rule, rule.status, None) for rule in found.basis)


def _basis(standing: StandingBasis) -> dict[str, str]:
    rule = standing.basis
    status = say.status_word(standing.status)
    parts = (
        rule.number,
        f"{rule.issued} 发布" if rule.issued else "",
        f"{rule.effective} 起施行" if rule.effective else "",
        f"{status}（按本库原文）" if standing.document else f"词表所记：{status}，效力未核",
        "" if rule.verified else "未与官方文本核对",
        rule.note,
    )
    return {
        "title": rule.title,
        "document": standing.document or "",
        "said": "　".join(part for part in parts if part),
    }

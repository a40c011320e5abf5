"""``/licence/<id>``: one licence or filing type, its changes and its rules."""

from __future__ import annotations

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from datasette_config import format as say
from datasette_config import knowledge, present
from datasette_config.coverage import watch
from datasette_config.pages.document import in_list
from datasette_config.site import ask, now, page
from kb.licences import Basis, Licence, licences


async def licence(datasette: Datasette, request: Request) -> Response:
    found = licences().get(request.url_vars["id"])
    if found is None:
        raise NotFound(request.path)
    moment = now(datasette, await ask(datasette, knowledge.newest_look))
    day = moment.date()
    watched = await ask(datasette, lambda connection: watch(connection, moment, found.id))
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
        basis=[_basis(rule) for rule in found.basis],
        related=[{"id": other, "name": present.licence_name(other)} for other in found.related],
        changes=[present.change(one, day) for one in changes],
        nothing_found=watched.nothing_found if watched.due else "没有自动查看的来源，不能说有没有变动",
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


def _basis(rule: Basis) -> dict[str, str]:
    parts = (
        rule.number,
        f"{rule.issued} 发布" if rule.issued else "",
        f"{rule.effective} 起施行" if rule.effective else "",
        say.status_word(rule.status),
        "" if rule.verified else "未与官方文本核对",
        rule.note,
    )
    return {"title": rule.title, "said": "　".join(part for part in parts if part)}

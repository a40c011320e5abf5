"""``/api``: how machines read the site — the API from its table, feeds, tables, calendars — with examples to copy."""

from __future__ import annotations

from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from datasette_config.api.operations import BASE, OPERATIONS, Operation
from datasette_config.api.parameters import LANG, MOST_VALUES, Parameter, schema
from datasette_config.api.problems import KINDS
from datasette_config.language import gettext as _
from datasette_config.site import page, site_of

FEW = 8
_EXAMPLES = {
    "changes": "/changes?licence=algorithm-filing&significance=substantive&since=2026-11-01",
    "documents": "/documents?region=广东&status=not_yet_in_force",
    "calendar": "/calendar?licence=icp-license&kind=effective,comments_until",
    "search": "/search?q=五个工作日&limit=10",
    "incidents": "/incidents?state=open",
}


async def guide(datasette: Datasette, request: Request) -> Response:
    base = site_of(datasette).base_url
    return await page(
        datasette,
        request,
        "api.html",
        base=base,
        described=f"{BASE}/openapi.json",
        operations=[_operation(operation, base) for operation in OPERATIONS],
        common=_parameter(LANG),
        problems=[
            {"name": kind.name, "status": kind.status, "title": kind.title(), "detail": kind.detail()}
            for kind in KINDS.values()
        ],
        feeds=_feeds(),
        tables=_tables(),
    )


def _operation(operation: Operation, base: str) -> dict[str, Any]:
    example = _EXAMPLES.get(operation.name) or operation.path
    for parameter in operation.parameters:
        example = example.replace(f"{{{parameter.name}}}", str(parameter.example))
    return {
        "name": operation.name,
        "path": f"{BASE}{operation.path}",
        "says": operation.says(),
        "curl": f"curl '{base}{BASE}{example}'",
        "parameters": [_parameter(parameter) for parameter in operation.parameters],
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    form = schema(parameter)
    values = [str(value) for value in form.get("enum", ())]
    return {
        "name": parameter.name,
        "says": parameter.says(),
        "required": parameter.required,
        "many": MOST_VALUES if parameter.many else 0,
        "values": values[:FEW],
        "more": max(0, len(values) - FEW),
    }


def _feeds() -> list[dict[str, str]]:
    return [
        {"path": "/feed.atom", "says": _("全部变动")},
        {"path": "/licence/algorithm-filing/feed.atom", "says": _("一项资质事项的变动")},
        {"path": "/source/miit.policy/feed.atom", "says": _("一个来源的变动")},
        {"path": "/document/pg-a1b2c3d4e5f6/feed.atom", "says": _("一份规则文件的变动")},
        {"path": "/changes.atom?kind=draft_published", "says": _("筛选后的变动，条件与变动页相同")},
        {"path": "/search.atom?q=五个工作日", "says": _("检索：原文中出现这些字的文件，文字新的在前")},
    ]


def _tables() -> list[dict[str, str]]:
    return [
        {"path": "/changes.csv?licence=algorithm-filing", "says": _("变动表，条件与变动页相同")},
        {"path": "/documents.csv?status=draft_open", "says": _("规则文件表")},
        {"path": "/search.csv?q=五个工作日", "says": _("检索结果表")},
        {"path": "/calendar.ics", "says": _("日历：施行、意见反馈截止、过渡期、年度事项")},
        {"path": "/licence/algorithm-filing/calendar.ics", "says": _("一项资质事项的日历")},
    ]

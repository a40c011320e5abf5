"""The OpenAPI 3.1 document of the API, from the table of operations and the models of their answers."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from pydantic.json_schema import models_json_schema

from datasette_config.api.operations import BASE, OPERATIONS, Operation
from datasette_config.api.parameters import LANG, MOST_VALUES, Parameter, schema
from datasette_config.api.problems import CONTENT_TYPE, KINDS, REFUSALS, Problem
from datasette_config.language import gettext as _

VERSION = "1.0.0"
_REFERENCE = "#/components/schemas/{model}"


def described(server: str) -> dict[str, Any]:
    """The document; ``server`` is the address of the site, under which ``/api/v1`` stands."""
    answers = {operation.answer for operation in OPERATIONS} | {Problem}
    names, definitions = models_json_schema(
        [(answer, "serialization") for answer in sorted(answers, key=lambda each: each.__name__)],
        ref_template=_REFERENCE,
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("证策：许可与备案规则变动监测"),
            "version": VERSION,
            "description": _(
                "只读。列表用 next 翻页；没有看到不等于没有变，looked_at 是最近一次查看的时间。"
            ),
        },
        "servers": [{"url": f"{server}{BASE}"}],
        "paths": {
            operation.path: {"get": _operation(operation, names[operation.answer, "serialization"])}
            for operation in OPERATIONS
        },
        "components": {
            "schemas": definitions["$defs"],
            "responses": {_response(status): _refusal(status, names) for status in _statuses()},
        },
    }


def _statuses() -> list[int]:
    return sorted({kind.status for kind in KINDS.values()} | set(REFUSALS))


def _response(status: int) -> str:
    return f"Problem{status}"


def _refusal(status: int, names: Any) -> dict[str, Any]:
    titles = [kind.title() for kind in KINDS.values() if kind.status == status]
    return {
        "description": " / ".join(titles) or HTTPStatus(status).phrase,
        "content": {CONTENT_TYPE: {"schema": names[Problem, "serialization"]}},
    }


def _operation(operation: Operation, answer: dict[str, Any]) -> dict[str, Any]:
    ok = {"description": _("回答"), "content": {"application/json": {"schema": answer}}}
    refused = {str(status): {"$ref": f"#/components/responses/{_response(status)}"} for status in _statuses()}
    moved = {"301": {"description": _("这一项有了新的编号")}} if "{id}" in operation.path else {}
    return {
        "operationId": operation.name,
        "summary": operation.says(),
        "parameters": [_parameter(each) for each in (*operation.parameters, LANG)],
        "responses": {"200": ok, **moved, **refused},
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    one = schema(parameter)
    many = {"type": "array", "items": one, "minItems": 1, "maxItems": MOST_VALUES}
    said: dict[str, Any] = {
        "name": parameter.name,
        "in": parameter.place,
        "description": parameter.says(),
        "required": parameter.required,
        "schema": many if parameter.many else one,
    }
    if parameter.many:
        said |= {"style": "form", "explode": False}
    if parameter.example is not None:
        said["example"] = parameter.example
    return said

"""The addresses of the API, from its table."""

from __future__ import annotations

import json
import re
from functools import lru_cache

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from datasette_config.api.answering import JSON, view_of
from datasette_config.api.description import described
from datasette_config.api.guide import guide
from datasette_config.api.operations import BASE, OPERATIONS, Operation
from datasette_config.api.problems import problem
from datasette_config.language import language
from datasette_config.remembering import View, remembered
from datasette_config.site import site_of


async def openapi(datasette: Datasette) -> Response:
    return Response(_described(site_of(datasette).base_url, language()), content_type=JSON)


@lru_cache(maxsize=8)
def _described(server: str, _language: str) -> str:
    """Written once a process: it says the same until the next version."""
    return json.dumps(described(server), ensure_ascii=False, indent=1)


async def unknown(datasette: Datasette, request: Request) -> Response:
    """Any other address under the API: told in the API's own shape."""
    return problem(datasette, request, "not-found")


def _route(operation: Operation) -> tuple[str, View]:
    pattern = re.escape(BASE + operation.path).replace(r"\{id\}", "(?P<id>[^/]+)")
    return f"^{pattern}$", remembered(view_of(operation))


ROUTES = [
    *map(_route, OPERATIONS),
    (rf"^{BASE}/openapi\.json$", openapi),
    (r"^/api$", guide),
    (r"^/api/.*$", unknown),
]

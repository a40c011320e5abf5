"""The addresses of the API, from its table."""

from __future__ import annotations

import json
import re

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from datasette_config.api.answering import JSON, view_of
from datasette_config.api.description import described
from datasette_config.api.guide import guide
from datasette_config.api.operations import BASE, OPERATIONS, Operation
from datasette_config.api.problems import problem
from datasette_config.remembering import View, remembered
from datasette_config.site import site_of


async def openapi(datasette: Datasette) -> Response:
    document = json.dumps(described(site_of(datasette).base_url), ensure_ascii=False, indent=1)
    return Response(document, content_type=JSON)


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

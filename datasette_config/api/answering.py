"""From a request to an answer: parameters are read, one bounded read is made, the model is written as JSON."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from pydantic import BaseModel

from datasette_config import knowledge
from datasette_config.api.asked import Asked, Listed
from datasette_config.api.operations import BASE, Operation
from datasette_config.api.parameters import LANG, read
from datasette_config.api.problems import Moved, Refused, problem
from datasette_config.knowledge import Connection
from datasette_config.remembering import View
from datasette_config.site import ask, cut_for, now, site_of

JSON = "application/json"


def view_of(operation: Operation) -> View:
    """The view that answers an operation."""

    async def view(datasette: Datasette, request: Request) -> Response:
        try:
            query = parse_qs(request.query_string, keep_blank_values=True)
            values = read((*operation.parameters, LANG), request.url_vars, query)
            found = await ask(datasette, _reading(datasette, request, operation, values))
        except Refused as refused:
            return problem(datasette, request, refused.name, *refused.faults)
        except Moved as moved:
            address = f"{BASE}{operation.path.format(id=moved.identifier)}"
            return Response.redirect(str(datasette.urls.path(address)), status=301)
        return _written(found)

    return view


def _reading(
    datasette: Datasette, request: Request, operation: Operation, values: dict[str, object]
) -> Callable[[Connection], BaseModel]:
    address = str(datasette.urls.path(BASE + operation.path.format(**values)))

    def reading(connection: Connection) -> BaseModel:
        newest = knowledge.newest_look(connection)
        asked = Asked(
            values=values,
            address=address,
            moment=now(datasette, newest),
            looked_at=newest,
            cut=cut_for(datasette, request),
            demo=site_of(datasette).demo,
        )
        return operation.read(connection, asked)

    return reading


def _written(found: BaseModel) -> Response:
    headers = {}
    if isinstance(found, Listed) and found.next:
        headers["link"] = f'<{found.next}>; rel="next"'
    return Response(found.model_dump_json(by_alias=True), headers=headers, content_type=JSON)

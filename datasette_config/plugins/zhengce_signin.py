"""Datasette hooks: who asks, as the guard found out. See ``datasette_config.guard.signin``."""

from datasette import hookimpl

from datasette_config.site import PERSON


@hookimpl(tryfirst=True)
def actor_from_request(request):
    """The id is no name alone, so that nobody called root is Datasette's own root."""
    name = request.scope.get(PERSON)
    return {"id": f"person:{name}", "name": name} if name else None

"""Datasette hooks: what may be asked and which headers an answer carries. See ``datasette_config.guard.security``."""

from datasette import hookimpl

from datasette_config.guard.security import guarded, may_read


@hookimpl
def asgi_wrapper(datasette):
    return guarded(datasette)


@hookimpl
def permission_allowed(datasette, actor, action, resource):
    return may_read(datasette, actor, action, resource)

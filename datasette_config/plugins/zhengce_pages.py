"""Datasette hooks: the reader pages and what every template may use."""

from datasette import hookimpl

from datasette_config.pages import ROUTES
from datasette_config.site import DATABASE, css_version, site_of


@hookimpl
def register_routes():
    return ROUTES


@hookimpl
def extra_template_vars(datasette, request):
    first = "/" + request.path.strip("/").split("/")[0] if request else "/"
    here = f"/{DATABASE}" if first.split(".")[0] == f"/{DATABASE}" else first
    return {"site": site_of(datasette), "css_version": css_version(), "here": here}

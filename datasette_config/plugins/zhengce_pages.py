"""Datasette hooks: the reader pages, the language of the interface, and what every template may use."""

from functools import partial

from datasette import hookimpl
from datasette.utils import path_with_replaced_args

from datasette_config.guard.security import shown_tables
from datasette_config.language import gettext, language, ngettext, turned
from datasette_config.machines.discovery import feed_beside
from datasette_config.pages import ROUTES
from datasette_config.saying.columns import column_name, operator_name, readable
from datasette_config.saying.format import beijing
from datasette_config.site import DATABASE, css_version, cut_for, link, now, site_of


@hookimpl
def register_routes():
    return ROUTES


@hookimpl
def prepare_jinja2_environment(env, datasette):
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(gettext, ngettext, newstyle=True)
    env.globals["moment"] = beijing
    env.globals["link"] = partial(link, datasette)
    env.globals["column_name"] = column_name
    env.globals["operator_name"] = operator_name


@hookimpl
def render_cell(value):
    return readable(value)


@hookimpl
def extra_template_vars(datasette, request):
    first = "/" + request.path.strip("/").split("/")[0] if request else "/"
    here = f"/{DATABASE}" if first.split(".")[0] == f"/{DATABASE}" else first
    question = f"?{request.query_string}" if request and request.query_string else ""
    address = datasette.urls.path((request.path if request else "/") + question)

    def replaced(request, args, path=None):
        return datasette.urls.path(path_with_replaced_args(request, args, path))

    return {
        "path_with_replaced_args": replaced,  # Datasette's own forgets the site's prefix in one place
        "site": site_of(datasette),
        "shown_tables": shown_tables(datasette, request.actor if request else None),
        "cut": cut_for(datasette, request) if request else True,
        "css_version": css_version(),
        "here": here,
        "feed": feed_beside(request.path, request.query_string) if request else "",
        "language": language(),
        "other_language": turned(str(address)),
        "on_paper": {
            "address": f"{site_of(datasette).base_url}{request.path if request else '/'}{question}",
            "day": now(datasette, None).date().isoformat(),
        },
    }

"""Datasette hooks: what a reader sees when a page cannot be given. No message of an exception reaches a page."""

from datasette import hookimpl

from datasette_config.errors import answer_to, forbidden_answer


@hookimpl(hookwrapper=True)
def handle_exception(datasette, request, exception):
    """A wrapper, because Datasette awaits every handler and its own prints a traceback with all local variables."""
    outcome = yield
    outcome.force_result([answer_to(datasette, request, exception)])


@hookimpl
def forbidden(datasette, request):
    return forbidden_answer(datasette, request)

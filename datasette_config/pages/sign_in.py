"""``/sign-in``: name and password open a session; ``/sign-out`` ends it. The form's token and body were checked before."""

from __future__ import annotations

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from datasette_config.guard.refusing import Refused
from datasette_config.guard.security import gate_of
from datasette_config.guard.signin import SESSION, SESSION_DAYS, inside
from datasette_config.language import gettext as _
from datasette_config.language import localized
from datasette_config.site import PERSON, Site, link, page, site_of


async def sign_in(datasette: Datasette, request: Request) -> Response:
    if site_of(datasette).sign_in != "password":
        raise NotFound(request.path)
    if request.method == "POST":
        return await _try(datasette, request)
    return await _form(datasette, request, after=inside(request.args.get("next") or "/"))


async def sign_out(datasette: Datasette, request: Request) -> Response:
    if site_of(datasette).sign_in != "password":
        raise NotFound(request.path)
    if request.method != "POST":
        return Response.redirect(link(datasette, "/sign-in"))
    answer = Response.redirect(link(datasette, "/sign-in"), status=303)
    _set_session(answer, site_of(datasette), "", 0)
    return answer


async def _try(datasette: Datasette, request: Request) -> Response:
    given = await request.post_vars()
    name, password, after = (given.get(key, "") for key in ("name", "password", "next"))
    after = inside(after)
    door = gate_of(datasette).door
    try:
        person = await door.verified(name, password, request.scope["visitor"])
    except Refused as refused:
        return await _form(datasette, request, after=after, name=name, refused=refused)
    if person is None:
        wrong = Refused(403, _("名字或密码不对。"))
        return await _form(datasette, request, after=after, name=name, refused=wrong)
    answer = Response.redirect(localized(str(datasette.urls.path(after))), status=303)
    _set_session(answer, site_of(datasette), door.session(person), SESSION_DAYS * 86400)
    return answer


def _set_session(answer: Response, site: Site, value: str, seconds: int) -> None:
    """Not readable by scripts, not sent along from other sites, and only over https where the site is reached so."""
    answer.set_cookie(
        SESSION,
        value,
        max_age=seconds,
        path=site.prefix,
        secure=site.scheme == "https",
        httponly=True,
        samesite="lax",
    )


async def _form(
    datasette: Datasette, request: Request, *, after: str, name: str = "", refused: Refused | None = None
) -> Response:
    answer = await page(
        datasette,
        request,
        "sign_in.html",
        status=refused.status if refused else 200,
        after=after,
        name=name[:64],
        wrong=refused.words if refused else "",
        person=request.scope.get(PERSON) or "",
    )
    for key, value in refused.headers if refused else ():
        answer.headers[key.decode()] = value.decode()
    return answer

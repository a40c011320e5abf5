"""``/profile``: the questions of ``zhengce profile`` in the browser. The answers stand in the address and nowhere else."""

from __future__ import annotations

from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from datasette_config.language import ENGLISH, language
from datasette_config.language import gettext as _
from datasette_config.saying import questionnaire
from datasette_config.saying.questionnaire import Answers
from datasette_config.site import link, page
from kb.profiles import Profile, compare, written
from kb.profiles.page import GUIDANCE, GUIDANCE_EN


async def profile(datasette: Datasette, request: Request) -> Response:
    said = questionnaire.given(request.args)
    before = questionnaire.unpacked(request.args.get("base") or "")
    made = _profile(said.answers)
    context = {
        "unread": said.unread,
        "form": questionnaire.form(said.answers),
        "raised": questionnaire.raised(said.answers),
        "base": questionnaire.packed(before.answers),
        "guidance": GUIDANCE_EN if language() == ENGLISH else GUIDANCE,
        "answered": bool(said.answers),
    }
    if said.answers:
        context |= _result(datasette, made)
    if said.answers and before.answers and before.answers != said.answers:
        context["difference"] = questionnaire.difference(compare(_profile(before.answers), made))
    return await page(datasette, request, "profile.html", **context)


def _profile(answers: Answers) -> Profile:
    return Profile(name=_("我的服务"), answers=dict(answers))


def _result(datasette: Datasette, made: Profile) -> dict[str, Any]:
    licences = ",".join(questionnaire.concerning(made))
    again = questionnaire.query(made.answers, base=questionnaire.packed(made.answers))
    return {
        "told": questionnaire.told(made.answers),
        "groups": questionnaire.result(made),
        "open": questionnaire.open_questions(made),
        "licences": licences,
        "today": link(datasette, f"/?my={licences}"),
        "changes": link(datasette, f"/changes?licence={licences}"),
        "calendar": link(datasette, f"/calendar?licence={licences}"),
        "again": link(datasette, f"/profile?{again}#questions"),
        "file": written(made),
        "province": made.province,
    }

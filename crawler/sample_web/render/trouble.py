"""A site that cannot be seen: a challenge in place of the page, an empty frame, an address that is gone."""

from __future__ import annotations

from crawler.sample_web.render.common import FOOTER, Answer, View
from kb.codes import Health


def answer(view: View, health: Health) -> Answer:
    return _challenge(view) if health is Health.CHALLENGE else _empty_shell(view)


def _challenge(view: View) -> Answer:
    """412 and a script that would set a cookie: the shape of a well-known family of web firewalls."""
    text = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
        f"<script>$_ts=window['$_ts'];if(!$_ts)$_ts={{}};$_ts.nsd={view.views};$_ts.cd=\"{view.token}\";</script>"
        '<script src="/ruishi/c.js" r="m"></script></head><body></body></html>'
    )
    return Answer(text.encode(), 412)


def _empty_shell(view: View) -> Answer:
    """200 and the frame of the site, its content left out: what a failing back end behind a template looks like."""
    text = f"""<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset={view.site.encoding}">
<title>{view.site.name}</title></head>
<body><div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/xxgk/">信息公开</a></li>
<li><a href="/bsfw/">办事服务</a></li></ul></div>
<div class="xlmainCo2022"><ul></ul></div><div class="gsj_htmlcon_bot"></div>
<div class="footer">{FOOTER}　{view.site.host}</div></body></html>
"""
    return Answer(text.encode(view.site.encoding), content_type="text/html")


def not_found(view: View) -> Answer:
    text = f"<html><head><title>404</title></head><body><h1>您访问的页面不存在</h1><p>{view.site.name}</p></body></html>"
    return Answer(text.encode(), 404)

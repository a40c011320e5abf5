"""What machines read beside pages: site maps and the rules for robots. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST = 50_000
"""Addresses in one site map (sitemaps.org)."""
ALLOWED = (
    "/$",
    "/changes$",
    "/change/",
    "/documents$",
    "/document/",
    "/licence",
    "/source",
    "/calendar$",
    "/static/",
)
REFUSED = (
    "/kb",
    "/api/",
    "/search",
    "/document/*/compare",
    "/document/*/version/",
    "/change/*/evidence.json",
    "/chart/",
    "/picture/",
    "/sign-in",
    "/*.csv",
    "/*.svg",
    "/*?*",
)
"""Raw tables, and addresses that cost much or are without end."""


def robots(base: str, prefix: str) -> str:
    """``prefix`` is the path under which the site stands, without a slash at its end."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: {prefix}{path}" for path in REFUSED]
    lines += [f"Allow: {prefix}{path}" for path in ALLOWED]
    return "\n".join([*lines, "", f"Sitemap: {base}/sitemap.xml", ""])


def nobody(_base: str = "") -> str:
    """Of a site that is not for everybody."""
    return "User-agent: *\nDisallow: /\n"


def urls(addresses: Iterable[tuple[str, str]]) -> bytes:
    """One site map: addresses and when each was last another one (ISO 8601, or empty)."""
    return _listed("urlset", "url", addresses)


def maps(addresses: Iterable[tuple[str, str]]) -> bytes:
    """The list of the site maps."""
    return _listed("sitemapindex", "sitemap", addresses)


def _listed(root: str, name: str, addresses: Iterable[tuple[str, str]]) -> bytes:
    """Written as text: a tree of a hundred thousand elements takes a second."""
    lines = (
        f"<{name}><loc>{escape(address)}</loc>{f'<lastmod>{escape(changed)}</lastmod>' if changed else ''}</{name}>"
        for address, changed in addresses
    )
    return "\n".join(
        ['<?xml version="1.0" encoding="utf-8"?>', f'<{root} xmlns="{SITEMAP}">', *lines, f"</{root}>", ""]
    ).encode()

"""What machines read beside pages: site maps and the rules for robots. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

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


def _listed(root_name: str, name: str, addresses: Iterable[tuple[str, str]]) -> bytes:
    root = etree.Element(f"{{{SITEMAP}}}{root_name}", nsmap={None: SITEMAP})
    for address, changed in addresses:
        node = etree.SubElement(root, f"{{{SITEMAP}}}{name}")
        etree.SubElement(node, f"{{{SITEMAP}}}loc").text = address
        if changed:
            etree.SubElement(node, f"{{{SITEMAP}}}lastmod").text = changed
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return written

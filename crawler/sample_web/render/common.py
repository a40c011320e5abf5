"""What the renderers share: requests, answers, the noise of a request, and paragraphs."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, field
from html import escape
from urllib.parse import parse_qs, urlsplit

from crawler.sample_web.script import Page, Site
from crawler.sample_web.state import Numbered, PageState, page_at

FOOTER = "演示数据，内容虚构"


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    target: str
    host: str
    body: str = ""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    def field(self, name: str) -> str:
        """One field of the query string or the form, or empty."""
        fields = parse_qs(urlsplit(self.target).query) | parse_qs(self.body)
        return fields.get(name, [""])[0]


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """A site as one request sees it. ``count`` is how often this address was asked before: it seeds the noise."""

    site: Site
    day: int
    look: int
    host: str
    count: int = 0
    salt: str = field(default="")

    @property
    def views(self) -> int:
        """A counter that rises with every request."""
        return 1200 + zlib.crc32(self.salt.encode()) % 4000 + 37 * self.count

    @property
    def token(self) -> str:
        return hashlib.sha256(f"{self.salt}:{self.count}".encode()).hexdigest()[:24]

    def pages(self) -> tuple[Page, ...]:
        return self.site.pages_on(self.day)

    def at(self, path: str) -> PageState | None:
        """The page at an address, when it is published and not withdrawn."""
        page = next((page for page in self.pages() if page.path == path), None)
        return page_at(self.site, page.key, self.day, self.look) if page else None


def html(text: str, encoding: str = "utf-8", content_type: str = "text/html; charset=utf-8") -> Answer:
    return Answer(text.encode(encoding), content_type=content_type)


def paragraphs(state: PageState, style: str = "text-indent:2em;") -> str:
    """The lines of a rule as the usual ``<p>`` soup of an editor."""
    return "\n".join(_paragraph(numbered, style) for numbered in state.numbered)


def _paragraph(numbered: Numbered, style: str) -> str:
    text = escape(numbered.line.text, quote=False)
    match numbered.line.kind:
        case "章":
            return f'<p style="text-align: center;"><strong>{numbered.ordinal}　{text}</strong></p>'
        case "条":
            return f'<p style="{style}"><strong>{numbered.ordinal}</strong>　{text}</p>'
        case "名":
            return f'<p style="text-align: center;"><strong>{text}</strong></p>'
        case "署":
            return f'<p style="text-align: right;">{text}</p>'
        case _:
            return f'<p style="{style}">{numbered.ordinal}{text}</p>'


def cut(title: str, length: int = 14) -> str:
    """A link text as lists print it: cut short, with an ellipsis; the whole title is in the attribute."""
    return escape(title if len(title) <= length else title[:length] + "…", quote=False)


def attachments(state: PageState) -> str:
    return "".join(f'<p>附件：<a href="{a.path}">{escape(a.name)}</a></p>' for a in state.attachments)

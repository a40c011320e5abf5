"""Serialised HTML -> canonical markup: only what a reader of the rule can see.

Canonical markup is text in lines, escaped, with the few tags that carry meaning: headings, tables with their spans,
images and links to attachments. Everything else (spans, classes, nesting, comments) is gone. The fingerprint hashes it
and the full reading reads it, so that equal fingerprints mean equal documents by construction.
"""

from __future__ import annotations

import re
from html import escape, unescape

from kb.model import TRACKING_PARAMETERS
from kb.reading import noise

ATTACHMENT = re.compile(
    r"\.(?:pdf|docx?|wps|ofd|xlsx?|et|zip|rar|7z|pptx?|rtf|txt|csv)(?:$|[?#&])|downloadfile\.jsp\?|[?&]filename=",
    re.I,
)

_PRE = re.compile(r"<pre[^>]*>.*?</pre>", re.S)
_TAG = re.compile(r"(<[^>]*>)")
_TAG_PARTS = re.compile(r"<(/?)([^\s>/]+)([^>]*)>")
_STRUCTURE = frozenset(
    ["h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tr", "td", "th", "caption"]
)  # each on a line of its own, so that the source's line breaks around it say nothing
_BLOCKS = frozenset(
    [
        "p", "div", "br", "li", "ul", "ol", "dl", "dt", "dd", "section", "article", "header", "footer", "main", "nav",
        "aside", "blockquote", "center", "pre", "hr", "form", "fieldset", "figure", "figcaption", "address", "details",
        "summary", "tbody", "tfoot", "body", "html", "title", "legend", "option",
    ]
)  # fmt: skip
_ATTRIBUTE = re.compile(r'\b(href|src|alt|colspan|rowspan|scope|data-src|data-original)="([^"]*)"')
_LINK = re.compile(r"<a>|<a [^>]*>|</a>")
_UNSEEN = dict.fromkeys(
    [*range(0x09), *range(0x0E, 0x1C), 0x7F, 0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF, 0xFFFE, 0xFFFF]
)  # controls, soft hyphens, zero-width characters and marks of direction
_CJK = re.compile("[\u3001-\u9fff\uff00-\uffef]")
_AFTER_ORDINAL = ("条", "章", "节", "编", "款", "项")
_SESSION = re.compile(r";jsessionid=[\w.!-]{1,100}", re.I)
_STAMP = re.compile(
    r"(?:_|t|ts|v|ver|time|timestamp|r|rnd|rand|random|nocache|_t)=(?:\d{9,17}|0\.\d{6,20})", re.I
)
_TOKEN = re.compile(r"(<[^>]*>|\n)")


def canonical(html: str, patterns: tuple[re.Pattern[str], ...] = ()) -> str:
    """Serialised HTML -> canonical markup, without what the noise patterns match."""
    # From here "\r" is a line break of the source and "\n" the end of a line that a reader sees.
    html = html.replace("&nbsp;", " ").replace("\n", "\r")
    pieces = _TAG.split(html)
    if any(tag.startswith(("<!--", "<pre")) for tag in set(pieces[1::2])):
        html = _PRE.sub(lambda match: match[0].replace("\r", "<br>"), without_comments(html))
        pieces = _TAG.split(html)
    tags = pieces[1::2]
    rewritten = {tag: _rewritten(tag) for tag in set(tags)}  # few are distinct
    pieces[1::2] = map(rewritten.__getitem__, tags)
    markup = "".join(pieces)
    if "</a>" in markup:
        markup = _LINK.sub(_OnlyAttachments(), markup)
    markup = _squeezed(markup)
    return without_noise(markup, patterns) if patterns else markup


def without_comments(text: str) -> str:
    """Text without ``<!-- … -->``; what an unclosed one hides stays. Linear, whatever is left open."""
    kept: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return "".join([*kept, text[at:]]) if kept or at else text


def _rewritten(tag: str) -> str:
    """What a tag leaves in canonical markup: itself with the attributes that matter, a line end or nothing."""
    parts = _TAG_PARTS.match(tag)
    if parts is None:
        return ""
    closing, name, attributes = parts.groups()
    name = name.lower()
    if name in _BLOCKS:
        return "\n"
    if name in _STRUCTURE:
        return f"\n<{closing}{name}{'' if closing else _spans(name, attributes)}>\n"
    if name == "a":
        return "</a>" if closing else _opened_link(attributes)
    return _image(attributes) if name == "img" else ""


def _spans(name: str, attributes: str) -> str:
    if not attributes or name not in {"td", "th"}:
        return ""
    values = dict(_ATTRIBUTE.findall(attributes))
    heads = ' scope="col"' if name == "td" and values.get("scope") == "col" else ""
    spans = (f' {key}="{values[key]}"' for key in ("colspan", "rowspan") if values.get(key, "1") != "1")
    return heads + "".join(spans)


def _opened_link(attributes: str) -> str:
    href = without_tracking(dict(_ATTRIBUTE.findall(attributes)).get("href", ""))
    return f'<a href="{href}">' if ATTACHMENT.search(unescape(href)) else "<a>"


def _image(attributes: str) -> str:
    values = dict(_ATTRIBUTE.findall(attributes))
    source = values.get("data-original") or values.get("data-src") or values.get("src", "")
    return f'<img src="{without_tracking(source)}" alt="{values.get("alt", "")}">' if source else ""


def without_tracking(address: str) -> str:
    """An address, escaped as in a tag, without session, time stamps against caches, and tracking parameters."""
    if "?" not in address and ";" not in address:
        return address
    path, question, query = _SESSION.sub("", address).partition("?")
    kept = [
        part
        for part in query.split("&amp;")
        if part.partition("=")[0] not in TRACKING_PARAMETERS and not _STAMP.fullmatch(part)
    ]
    return f"{path}{question if kept and query else ''}{'&amp;'.join(kept)}"


class _OnlyAttachments:
    """Drops links that lead to no attachment, each with its end."""

    def __init__(self) -> None:
        self.in_link = False

    def __call__(self, match: re.Match[str]) -> str:
        if match[0] == "</a>":
            was, self.in_link = self.in_link, False
            return "</a>" if was else ""
        self.in_link = match[0] != "<a>"
        return match[0] if self.in_link else ""


def _squeezed(markup: str) -> str:
    """Single spaces, no empty lines, nothing unseen, and no break of the source inside a Chinese sentence."""
    lines = []
    for line in markup.split("\n"):
        if line := line.strip():
            text = " ".join((_without_source_breaks(line) if "\r" in line else line).split())
            lines.append(text if text.isprintable() else " ".join(text.translate(_UNSEEN).split()))
    return "\n".join(filter(None, lines))


def _without_source_breaks(text: str) -> str:
    """Line breaks of the source as spaces, or as nothing inside a Chinese sentence.

    After 条 and its like the break parts an ordinal from its text and stays a space.
    """
    first, *rest = text.split("\r")
    parts = [first]
    for line in rest:
        before, after = parts[-1].rstrip(), line.lstrip()
        inside = _CJK.match(before[-1:]) and _CJK.match(after) and not before.endswith(_AFTER_ORDINAL)
        parts[-1] = before
        parts.append(after if inside else f" {after}")
    return "".join(parts)


def without_noise(markup: str, patterns: tuple[re.Pattern[str], ...]) -> str:
    """Canonical markup without the declared noise, tried on each run of text between tags and line ends."""
    parts = _TOKEN.split(markup)
    for index in range(0, len(parts), 2):
        text = unescape(parts[index])
        if text and (rest := noise.without(text, patterns)) != text:
            parts[index] = escape(rest, quote=False)
    return _squeezed("".join(parts))


def plain(html: str) -> str:
    """The text of serialised HTML on one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", without_comments(html))).split())

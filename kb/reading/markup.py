"""A page's tree -> canonical markup: only what a reader of the rule can see.

Canonical markup is text in lines, escaped, with the few tags that carry meaning: headings, tables with their spans,
images and links to attachments. Everything else (spans, classes, nesting, comments) is gone. The fingerprint hashes it
and the full reading reads it, so that equal fingerprints mean equal documents by construction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape, unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from kb.errors import BadSelector, DeclarationError, ReadingError
from kb.sources import Selector

MAX_TAGS = 300_000
MAX_DEPTH = 2_000
_SUSPICIOUS_TAGS = 10_000

# Raw-text elements and controls: never text of a rule.
UNREAD = [
    "script",
    "style",
    "noscript",
    "iframe",
    "template",
    "xmp",
    "noembed",
    "noframes",
    "select",
    "button",
]
UNREAD += ["textarea", "svg", "object", "embed", "video", "audio", "canvas"]

ATTACHMENT = re.compile(
    r"\.(?:pdf|docx?|wps|ofd|xlsx?|et|zip|rar|7z|pptx?|rtf|txt|csv)(?:$|[?#&])|downloadfile\.jsp\?|[?&]filename=",
    re.I,
)

_PRE = re.compile(r"<pre[^>]*>.*?</pre>", re.S)
_KEPT = "h[1-6]|table|thead|tr|td|th|caption|img|a"
_BLOCK = (
    "p|div|br|li|ul|ol|dl|dt|dd|section|article|header|footer|main|nav|aside|blockquote|center|pre|hr|form|fieldset|"
    "figure|figcaption|address|details|summary|tbody|tfoot|body|html|title|legend|option"
)
_INLINE_TAGS = re.compile(rf"</?(?!(?:{_KEPT}|{_BLOCK})[\s>])[a-zA-Z!?][^>]*>")
_BLOCK_TAGS = re.compile(rf"</?(?:{_BLOCK})(?:\s[^>]*)?>")
_KEPT_TAGS = re.compile(rf"<(/?)({_KEPT})((?:\s[^>]*)?)>")
_ATTRIBUTE = re.compile(r'\b(href|src|alt|colspan|rowspan|data-src|data-original)="([^"]*)"')
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
_CJK = re.compile("[\u3001-\u9fff\uff00-\uffef]")
_AFTER_ORDINAL = ("条", "章", "节", "编", "款", "项")
_TOKEN = re.compile(r"(<[^>]*>|\n)")


class TooComplex(ReadingError):
    """More tags or deeper nesting than any page of text has."""


def parse(text: str) -> LexborHTMLParser:
    """The tree of an HTML text by the WHATWG algorithm: an early ``</html>`` loses nothing. Raises ``TooComplex``."""
    tags = text.count("<")
    if tags > MAX_TAGS or (tags > _SUSPICIOUS_TAGS and _depth(text) > MAX_DEPTH):
        raise TooComplex("页面结构异常：标签过多或嵌套过深，不予解析", do="请核对网址是否指向网页")
    return LexborHTMLParser(text)


_DEPTH_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.I)
_SHALLOW = frozenset(
    ["p", "li", "br", "img", "input", "meta", "link", "hr", "td", "tr", "th", "option", "dt", "dd", "a"]
)


def _depth(text: str) -> int:
    depth = deepest = 0
    for match in _DEPTH_TAG.finditer(text):
        if match[2].lower() in _SHALLOW:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def css(tree: LexborHTMLParser | LexborNode, selector: str) -> list[LexborNode]:
    """Nodes a selector matches, in document order. Raises ``BadSelector``."""
    try:
        return tree.css(selector)
    except (SelectolaxError, ValueError) as error:
        raise BadSelector(f"选择器不是有效的 CSS：{selector}", do="请改正来源配置") from error


def select_markup(tree: LexborHTMLParser, selectors: Iterable[Selector]) -> str:
    """The serialised parts that any of the selectors matches, in document order, each once; "" when none matches."""
    mark = "data-zhengce-part"
    nodes: list[LexborNode] = []
    ranges: list[str] = []
    for selector in selectors:
        if selector.until:
            ranges.append(_range(tree, selector))
        else:
            nodes += css(tree, selector.css)
    if len(nodes) == 1 and not ranges:
        return nodes[0].html or ""
    for node in nodes:
        node.attrs[mark] = ""
    outer = [node for node in tree.css(f"[{mark}]") if not _inside(node, mark)]
    return "\n".join([*(node.html or "" for node in outer), *filter(None, ranges)])


def _inside(node: LexborNode, mark: str) -> bool:
    parent = node.parent
    while parent is not None:
        if mark in parent.attributes:
            return True
        parent = parent.parent
    return False


def _range(tree: LexborHTMLParser, selector: Selector) -> str:
    """From the first node of ``css`` up to the next node of ``until``; "" when either is missing."""
    starts = css(tree, selector.css)
    if not starts:
        return ""
    starts[0].attrs["data-zhengce-from"] = ""
    for node in css(tree, selector.until):
        node.attrs["data-zhengce-until"] = ""
    html = tree.html or ""
    at = html.index('data-zhengce-from=""')
    end = html.find('data-zhengce-until=""', at)
    for node in tree.css("[data-zhengce-from], [data-zhengce-until]"):
        for name in ("data-zhengce-from", "data-zhengce-until"):
            if name in node.attributes:
                del node.attrs[name]
    return "" if end < 0 else html[html.rindex("<", 0, at) : html.rindex("<", 0, end)]


def remove(tree: LexborHTMLParser, selectors: Iterable[str]) -> None:
    """Take out what no rule is made of, and what the declaration removes."""
    tree.strip_tags(UNREAD)
    for selector in selectors:
        remove_matching(tree, selector)


def remove_matching(tree: LexborHTMLParser, selector: str) -> None:
    for node in css(tree, selector):
        if node.parent is not None:
            node.decompose()


def canonical(html: str, noise: Iterable[re.Pattern[str]] = ()) -> str:
    """Serialised HTML -> canonical markup, without what the noise patterns match."""
    html = without_comments(html)
    if "<pre" in html:
        html = _PRE.sub(lambda match: match[0].replace("\n", "<br>"), html)
    for character in _INVISIBLE:
        if character in html:
            html = html.replace(character, "")
    html = _without_source_breaks(_INLINE_TAGS.sub("", html.replace("&nbsp;", " ")))
    html = _BLOCK_TAGS.sub("\n", html)
    html = _squeezed(_KEPT_TAGS.sub(_KeptTags(), html))
    patterns = tuple(noise)
    return without_noise(html, patterns) if patterns else html


def without_comments(text: str) -> str:
    """Text without ``<!-- … -->``; what an unclosed one hides stays. Linear, whatever is left open."""
    kept: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return "".join([*kept, text[at:]]) if kept or at else text


def _without_source_breaks(html: str) -> str:
    """Line breaks of the source as spaces, or as nothing inside a Chinese sentence.

    After 条 and its like the break parts an ordinal from its text and stays a space.
    """
    if "\n" not in html:
        return html
    first, *rest = html.split("\n")
    parts = [first]
    for line in rest:
        before, after = parts[-1].rstrip(), line.lstrip()
        inside = _CJK.match(before[-1:]) and _CJK.match(after) and not before.endswith(_AFTER_ORDINAL)
        parts[-1] = before
        parts.append(after if inside else f" {after}")
    return "".join(parts)


def _squeezed(markup: str) -> str:
    """Single spaces, no empty lines."""
    lines = (" ".join(line.split()) for line in markup.split("\n"))
    return "\n".join(line for line in lines if line)


class _KeptTags:
    """Rewrites kept tags with the attributes that matter; a link that leads to no attachment is dropped with its end."""

    def __init__(self) -> None:
        self.in_link = False

    def __call__(self, match: re.Match[str]) -> str:
        closing, name, attributes = match.groups()
        if name == "a":
            return self._link(bool(closing), attributes)
        if closing:
            return f"</{name}>"
        values = dict(_ATTRIBUTE.findall(attributes)) if attributes else {}
        if name == "img":
            source = values.get("data-original") or values.get("data-src") or values.get("src", "")
            return f'<img src="{source}" alt="{values.get("alt", "")}">' if source else ""
        if name in {"td", "th"}:
            spans = "".join(
                f' {key}="{values[key]}"' for key in ("colspan", "rowspan") if values.get(key, "1") != "1"
            )
            return f"<{name}{spans}>"
        return f"<{name}>"

    def _link(self, closing: bool, attributes: str) -> str:
        if closing:
            was, self.in_link = self.in_link, False
            return "</a>" if was else ""
        href = dict(_ATTRIBUTE.findall(attributes)).get("href", "") if attributes else ""
        self.in_link = bool(ATTACHMENT.search(unescape(href)))
        return f'<a href="{href}">' if self.in_link else ""


def without_noise(markup: str, patterns: tuple[re.Pattern[str], ...]) -> str:
    """Canonical markup without the declared noise, tried on each run of text between tags and line ends."""
    parts = _TOKEN.split(markup)
    for index in range(0, len(parts), 2):
        if text := parts[index]:
            plain = unescape(text)
            for pattern in patterns:
                plain = pattern.sub("", plain)
            parts[index] = escape(plain, quote=False)
    return _squeezed("".join(parts))


def compile_noise(patterns: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    """Raises ``DeclarationError`` for what is no regular expression."""
    try:
        return tuple(re.compile(pattern) for pattern in patterns)
    except re.error as error:
        raise DeclarationError(
            f"noise.patterns 不是有效的正则表达式：{error}", do="请改正来源配置"
        ) from error


def tokens(markup: str) -> list[tuple[str, str]]:
    """Canonical markup as pairs of unescaped text and the tag or line end after it ("" after the last)."""
    parts = _TOKEN.split(markup)
    return [
        (unescape(parts[at]), parts[at + 1] if at + 1 < len(parts) else "") for at in range(0, len(parts), 2)
    ]


def plain(html: str) -> str:
    """The text of serialised HTML on one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", without_comments(html))).split())

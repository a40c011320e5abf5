"""An HTML page -> Selection: where the rule stands on the page, and what the page says about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kb.reading import ends, frame, markup
from kb.reading import tree as trees
from kb.reading.dates import DATE, parse_date
from kb.reading.guess import guess_body
from kb.reading.noise import compile_noise
from kb.reading.selection import Selection, Way
from kb.sources import DocumentRules, Selector, Source

# Content containers that builders of government sites and of platforms' manuals share; the narrow ones first.
KNOWN_BODIES = (
    "#UCAP-CONTENT", "#BodyLabel", "#zoomcon", "#zoom", "#con_con", ".TRS_Editor", ".TRS_UEDITOR", ".trs_editor_view",
    "#docContent .content", "#content.post_content", ".pages_content", ".article-content", ".article_content",
    ".articleContent", ".ccontent", ".info_cont", ".gsj_htmlcon_bot", ".m3pageEdit", ".Three_xilan_07", ".xxy_text",
    ".view.TRS_UEDITOR", "#artibody", "#ContentRegion", "#vsb_content", ".v_news_content", ".wp_articlecontent",
    "#js_content", ".xxgk_content", ".news_content", ".detail-content", ".content_detail",
    ".theme-default-content", ".markdown-body",
)  # fmt: skip
KNOWN_TITLES = (
    "h1#ti",
    "h1.title",
    "#con_title",
    "#artTitMob",
    ".article-title",
    ".post_title",
    "h1",
    "h2.title",
    ".title h1",
)
MAX_LABELLED = 200  # cells looked through for the index table of a page, which stands before its body
RICH = 50  # characters from which a known container is taken without a second thought

_DATED_METAS = frozenset(
    [
        "pubdate",
        "firstpublishedtime",
        "publishdate",
        "publish-date",
        "article:published_time",
        "og:release_date",
    ]
)
_METAS = _DATED_METAS | {"articletitle", "contentsource", "author", "source"}
_DATED = _DATED_METAS | {"published"}
_PRINTED_DATES = _DATED | {"printed_date", "发布日期", "发布时间"}
_COMMENTS = "div[class*=comment], div[id*=comment], ul[class*=comment], section[class*=comment], div[class*=pinglun]"  # of readers, below a text
_BREAK = re.compile(r"<br ?/?>", re.I)
_REPRINT = re.compile(r"^[（(【\[] ?(?:转载|转发|转) ?[）)】\]] ?")
_FRAME = frozenset({"nav", "header", "footer", "aside"})
_PUBLISHED = ("#pubtime, #con_time, .pages-date, #shijian, .pubtime",)
_LABELS = re.compile(rf"^(?:{frame.INDEX_LABELS}) ?[:：]?$")
_TITLE_LABELS = re.compile(r"^(?:标\s*题|名\s*称|文件名称)[:：]$")
_LABELLED_PARTS = (
    "table, dl, [class*=xxgk], [class*=info]"  # asked first: most pages have none, and it is cheaper
)
_LABELLED_CELLS = "td, th, dt, dd, [class*=xxgk] li, [class*=info] li"


def select(text: str, source: Source | None, on: date | None) -> Selection:
    """Raises ``TooComplex``, ``BadSelector`` or ``DeclarationError``."""
    tree = trees.parse(text)
    rules = rules_of(source, on)
    title = _title(tree, rules, source)
    fields = tuple(_fields(tree, rules))
    if not rules.body:
        trees.remove_unread(tree)
        title, fields = _with_frame(tree, title, fields)
    noise = compile_noise(source.noise.patterns) if source else ()
    attachments, images = (
        tuple(_links(tree, rules.attachments, "href")),
        tuple(_links(tree, rules.images, "src")),
    )
    for selector in rules.remove:
        trees.remove(tree, selector.css)
    trees.mark_bold_heads(tree)
    way, body = _body(tree, rules)
    if not rules.body:
        attachments += tuple(_files(tree))
    text = markup.canonical(body, noise)
    body = text if rules.body else ends.trimmed(text, title)
    return Selection(way, title, body, fields, (), attachments, images)


def rules_of(source: Source | None, on: date | None) -> DocumentRules:
    """The source's rules that were valid on a day, or today's."""
    if source is None:
        return DocumentRules()
    return source.rules_at(on) if on else source.document


def _body(tree: LexborHTMLParser, rules: DocumentRules) -> tuple[Way, str]:
    if rules.body:
        html = trees.select_html(tree, rules.body)
        return (Way.DECLARED, html) if html else (Way.NONE, "")
    _remove_noise(tree)
    if (node := known_body(tree)) is not None:
        return Way.KNOWN, node.html or ""
    return Way.NONE, ""


def with_guessed_body(selection: Selection, text: str, source: Source | None) -> Selection:
    """For a page whose body is neither declared nor known: the part that weighs most. Not for fingerprints: it is slow."""
    tree = trees.parse(text)
    _remove_noise(tree)
    trees.mark_bold_heads(tree)
    noise = compile_noise(source.noise.patterns) if source else ()
    body = ends.trimmed(markup.canonical(guess_body(tree), noise), selection.title)
    return replace(selection, way=Way.GUESSED, markup=body) if body else selection


def _remove_noise(tree: LexborHTMLParser) -> None:
    trees.remove_unread(tree)
    trees.remove(tree, trees.NOISE)
    body = tree.body
    if body is not None and (comments := body.css(_COMMENTS)):
        most = len(body.text(deep=True)) // 2  # what holds more than half of the page is no comment on it
        for node in reversed(comments):
            if node.parent is not None and node.mem_id != body.mem_id and len(node.text(deep=True)) < most:
                node.decompose()


def known_body(tree: LexborHTMLParser) -> LexborNode | None:
    """The one rich node that a shared content selector matches; the outer one when the same selector nests."""
    for selector in KNOWN_BODIES:
        nodes = [node for node in tree.css(selector) if len(node.text(deep=True).strip()) >= RICH]
        if nodes and all(_contains(nodes[0], other) for other in nodes[1:]):
            return nodes[0]
    return None


def _contains(outer: LexborNode, inner: LexborNode) -> bool:
    node = inner.parent
    while node is not None:
        if node.mem_id == outer.mem_id:
            return True
        node = node.parent
    return False


# --------------------------------------------------------------------------- what the page says about the rule


def _title(tree: LexborHTMLParser, rules: DocumentRules, source: Source | None) -> str:
    suffix = source.title_suffix if source else ""
    for selector in rules.title:
        for node in trees.css(tree, selector.css):
            if title := _heading_text(node):
                return _without_suffix(title, suffix)
    metas = dict(_metas(tree))
    if title := metas.get("articletitle", ""):
        return _without_suffix(title, suffix)
    for known in KNOWN_TITLES:
        found = [text for node in tree.css(known) if 4 <= len(text := _heading_text(node)) <= 200]
        if len(set(found)) == 1:
            return _without_suffix(found[0], suffix)
    if not rules.body and (title := next(_labelled(tree, _TITLE_LABELS), ("", ""))[1]):
        return title
    return without_site_name(_without_suffix(trees.head_title(tree), suffix)) if rules.body else ""


def _with_frame(
    tree: LexborHTMLParser, title: str, fields: tuple[tuple[str, str], ...]
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Title and fields of an undeclared page, completed by what it prints around its text."""
    title = _REPRINT.sub("", title)
    head = trees.head_title(tree)
    body = tree.body
    lines = markup.canonical(body.html or "") if body is not None else ""
    found = frame.read_frame(lines, title, head)
    known = dict(fields)
    more = [(name, value) for name, value in frame.index_values(lines) if name not in known]
    values = {**dict(more), **known}
    if found.source:
        more.append(("printed_source", found.source))
    if found.number:
        more.append(("printed_number", found.number))
    if found.published and not any(parse_date(values.get(name, "")) for name in _PRINTED_DATES):
        more.append(("printed_date", found.published))
    return title or _REPRINT.sub("", found.title) or without_site_name(head), (*fields, *more)


def _heading_text(node: LexborNode) -> str:
    """The words of a heading without the sign that links to it."""
    trees.remove(node, ".header-anchor")
    return _node_text(node)


def _node_text(node: LexborNode) -> str:
    """The words of a node on one line; of a ``<meta>``, its content."""
    if node.tag == "meta":
        return " ".join((node.attributes.get("content") or "").split())
    return " ".join(node.text(deep=True).split())


def _without_suffix(title: str, suffix: str) -> str:
    return title.removesuffix(suffix).strip() if suffix else title


_SITE = re.compile(r"(?:网|网站|政府|门户|平台|办公室|局|部|厅|委员会|频道|文档|社区|中心)$")


def without_site_name(title: str) -> str:
    """``<title>`` without the site and column names after it. What a ``_`` or ``|`` parts off is never a rule's name."""
    first = re.split(r"\s*[_|]+\s*", title)[0] or title
    parts = re.split(r"\s*[–—]+\s*|\s+-+\s*|\s*-+\s+|-(?=[^-]{2,20}(?:网|网站|政府|平台)$)", first)
    while len(parts) > 1 and (len(parts[-1]) < 3 or _SITE.search(parts[-1])):
        parts.pop()
    return parts[0].strip() if len(parts) == 1 else first


def _metas(tree: LexborHTMLParser) -> Iterable[tuple[str, str]]:
    for node in tree.css("meta[name][content], meta[property][content]"):
        attributes = node.attributes
        name = (attributes.get("name") or attributes.get("property") or "").lower()
        value = " ".join(_BREAK.sub(" ", unescape(attributes.get("content") or "")).split())
        if name in _METAS and value:
            yield name, value


def _fields(tree: LexborHTMLParser, rules: DocumentRules) -> Iterable[tuple[str, str]]:
    """Of a place that shows a date only the date is taken: counters and clocks stand in the same line."""
    published = [*_metas(tree)]
    if day := _first(tree, (selector.css for selector in rules.published), DATE):
        published.append(("published", day))
    yield from published
    if issuer := _first(tree, (selector.css for selector in rules.issuer)):
        yield "issuer", issuer
    if number := _first(tree, (selector.css for selector in rules.doc_number)):
        yield "doc_number", number
    dated = any(name in _DATED and parse_date(value) for name, value in published)
    if not dated and (day := _first(tree, _PUBLISHED, DATE)):
        yield "printed_date", day
    yield from _labelled(tree)


def _first(tree: LexborHTMLParser, selectors: Iterable[str], pattern: str = "^.{1,300}") -> str:
    """What the pattern finds in the first selected node that holds it."""
    for selector in selectors:
        for node in trees.css(tree, selector):
            if found := re.search(pattern, _node_text(node)):
                return found[0]
    return ""


def _labelled(tree: LexborHTMLParser, labels: re.Pattern[str] = _LABELS) -> Iterator[tuple[str, str]]:
    """Label and value cells of the index table that government pages carry, e.g. ``发文字号：`` and its value."""
    if not tree.css(_LABELLED_PARTS):
        return
    cells = tree.css(_LABELLED_CELLS)[:MAX_LABELLED]
    texts = [_node_text(node) if len(node.text(deep=True)) < 200 else "" for node in cells]
    for at, text in enumerate(texts[:-1]):
        if labels.match(text) and texts[at + 1] and not _LABELS.match(texts[at + 1]):
            yield re.sub(r"[\s:：]", "", text), texts[at + 1]
    for text in texts:
        label, separator, value = text.replace("：", ":", 1).partition(":")
        if separator and value.strip() and labels.match(f"{label}:"):
            yield re.sub(r"\s", "", label), value.strip()


def _files(tree: LexborHTMLParser) -> Iterable[tuple[str, str]]:
    """Links to files beside a body that nobody declared: most sites print the list of attachments below it."""
    for node in tree.css("a[href]"):
        address = (node.attributes.get("href") or "").strip()
        if markup.ATTACHMENT.search(address) and not _in_frame(node):
            yield address, _node_text(node)


def _in_frame(node: LexborNode) -> bool:
    above = node.parent
    while above is not None and above.tag not in _FRAME:
        above = above.parent
    return above is not None


def _links(
    tree: LexborHTMLParser, selectors: Iterable[Selector], attribute: str
) -> Iterable[tuple[str, str]]:
    for selector in selectors:
        for node in trees.css(tree, selector.css):
            if address := (node.attributes.get(attribute) or "").strip():
                yield address, _node_text(node) or " ".join((node.attributes.get("alt") or "").split())

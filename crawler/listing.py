"""What a list page names. Pure: text + rules -> items; every site mechanism's list has its function here.

selectolax reads the HTML: gov.cn pages close ``</html>`` early, and parsers that stop there lose the rest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from crawler.dates import date_in_url, printed_date
from kb.archive import ListedItem
from kb.errors import BadSelector
from kb.sources import ListRules

_SPACE = re.compile(r"\s+")
_PAGER = re.compile(
    r"createPageHTML\(\s*(\d{1,4})\s*,\s*\d{1,4}\s*,\s*[\"'](\w{1,40})[\"']\s*,\s*[\"'](\w{1,10})[\"']"
)
_QUERY_PAIR = re.compile(r"[\"'](\w{1,60})[\"']\s*:\s*[\"']([^\"']{0,400})[\"']")
_ROWS = re.compile(r"\brows\s*=\s*[\"']?(\d{1,4})")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NUMBERS = re.compile(r"\d+")


def absolute(base: str, href: str) -> str:
    """The address a link leads to, without fragment; empty for what is no http(s) address."""
    href = _SPACE.sub("", href)
    try:
        url = urldefrag(urljoin(base, href))[0]
        return url if urlsplit(url).scheme in {"http", "https"} and urlsplit(url).netloc else ""
    except ValueError:
        return ""


def selected(node: LexborHTMLParser | LexborNode, css: str) -> list[LexborNode]:
    try:
        return node.css(css)
    except (SelectolaxError, ValueError) as error:
        raise BadSelector(f"选择器无法使用：{css}", do="请在来源配置中改正") from error


def writable(url: str) -> bool:
    """Whether a file could hold an address: JSON may spell half of a character pair."""
    return url.isascii() or not _SURROGATE.search(url)


def kept(items: Iterable[ListedItem], rules: ListRules | None) -> tuple[ListedItem, ...]:
    """The items a declaration wants, each address once."""
    include = re.compile(rules.include) if rules and rules.include else None
    exclude = re.compile(rules.exclude) if rules and rules.exclude else None
    unique: dict[str, ListedItem] = {}
    for item in items:
        if (include and not include.search(item.title)) or (exclude and exclude.search(item.title)):
            continue
        if writable(item.url):
            unique.setdefault(item.url, item)
    return tuple(unique.values())


# --------------------------------------------------------------------------- HTML rows


def html_items(text: str, rules: ListRules, base: str) -> tuple[ListedItem, ...]:
    """Rows of a server-rendered list."""
    return kept(_rows(LexborHTMLParser(text), rules, base), rules)


def _rows(tree: LexborHTMLParser, rules: ListRules, base: str) -> Iterator[ListedItem]:
    for row in selected(tree, rules.item.css):
        links = [row] if row.tag == "a" else selected(row, rules.link.css)
        link = next((one for one in links if one.attributes.get("href")), None)
        url = absolute(base, link.attributes["href"] or "") if link is not None else ""
        if link is None or not url:
            continue
        title = link.attributes.get(rules.title_attribute) or link.text(deep=True)
        yield ListedItem(url, _SPACE.sub(" ", title).strip(), _date_of(row, rules, url))


def row_count(text: str, rules: ListRules) -> int:
    """How many rows a list page prints, wanted or not."""
    return len(selected(LexborHTMLParser(text), rules.item.css))


def _date_of(row: LexborNode, rules: ListRules, url: str) -> str:
    if rules.date is not None:
        for node in selected(row, rules.date.css):
            if day := printed_date(node.text(deep=True)):
                return day
    return printed_date(row.text(deep=True, separator=" ")) or date_in_url(url)


def next_pages(text: str, url: str, limit: int) -> list[str]:
    """Further pages of a static list, up to ``limit`` pages in all: ``createPageHTML(n, …)`` or a 下一页 link."""
    if limit < 2:
        return []
    if pager := _PAGER.search(text):
        count = min(int(pager[1]), limit)
        return [urljoin(url, f"{pager[2]}_{number}.{pager[3]}") for number in range(1, count)]
    for link in LexborHTMLParser(text).css("a[href]"):
        if link.text(deep=True).strip() in {"下一页", "下页", "后一页", ">", "›", "»"}:
            following = absolute(url, link.attributes["href"] or "")
            return [following] if following and following != url else []
    return []


# --------------------------------------------------------------------------- TRS recordsets


def trs_items(text: str, rules: ListRules, base: str) -> tuple[ListedItem, ...]:
    """``<record><![CDATA[<a href title>…<span>date</span>]]></record>``: each record is a little page of its own.

    The pager of such a page (``<nextgroup>``) is a link in CDATA too, and no record.
    """
    row = rules.model_copy(update={"item": rules.item.model_copy(update={"css": "body"})})
    records = (part.partition("<![CDATA[")[2].partition("]]>")[0] for part in text.split("<record>")[1:])
    return kept((item for record in records for item in _rows(LexborHTMLParser(record), row, base)), rules)


# --------------------------------------------------------------------------- CAC


def cac_items(text: str, rules: ListRules, base: str) -> tuple[ListedItem, ...]:
    """``{"totalRec": …, "list": [{topic, infourl, pubtime}]}``."""
    return kept(_json_rows(text, base, ("infourl",), ("topic",), ("pubtime", "filltime")), rules)


def cac_total(text: str) -> int:
    """How many documents the channel has, by its own count."""
    data = _load(text)
    total = str(data.get("totalRec", "")) if isinstance(data, dict) else ""
    return int(total[:9]) if total.isascii() and total.isdigit() else 0


# --------------------------------------------------------------------------- jpaas


def jpaas_units(text: str, base: str) -> list[tuple[str, dict[str, str]]]:
    """The list units a column shell names: address and parameters. Units that call themselves lists come alone."""
    units = []
    for script in LexborHTMLParser(text).css("script[url]"):
        attributes = script.attributes
        query = unescape(attributes.get("querydata") or "")
        url = absolute(base, attributes.get("url") or "")
        if url and (params := dict(_QUERY_PAIR.findall(query))):
            units.append((url, params))
    lists = [unit for unit in units if re.search("list|列表|内容", unit[1].get("tagId", ""))]
    return lists or units


def jpaas_url(url: str, params: dict[str, str], page: int = 1, rows: int = 0) -> str:
    """The address of one page of a unit. ``pageNo`` alone always answers page 1: further pages want ``paramJson``."""
    if page > 1:
        param_json = json.dumps({"pageNo": page, "pageSize": rows}, separators=(",", ":"))
        params = {**params, "paramJson": param_json}
    return f"{url}{'&' if '?' in url else '?'}{urlencode(params)}"


def jpaas_fragment(text: str) -> tuple[str, int]:
    """The HTML inside ``{"data": {"html": …}}`` and how many rows a page has; empty when the answer is none."""
    data = _load(text)
    inner = data.get("data") if isinstance(data, dict) else None
    html = inner.get("html") if isinstance(inner, dict) else None
    if not isinstance(html, str):
        return "", 0
    rows = _ROWS.search(html)
    return html, int(rows[1]) if rows else 0


# --------------------------------------------------------------------------- gov.cn


def govcn_items(text: str, rules: ListRules | None, base: str) -> tuple[ListedItem, ...]:
    """The feed of latest policies: ``[{TITLE, URL, DOCRELPUBTIME}]``."""
    return kept(
        _json_rows(text, base, ("URL", "url"), ("TITLE", "title"), ("DOCRELPUBTIME", "pubtime")), rules
    )


def gazette_issues(text: str, base: str, limit: int) -> list[str]:
    """Addresses of the newest gazette issues, newest first, from the index of all issues."""
    found: dict[str, tuple[int, ...]] = {}
    for value in _strings(_load(text), ("gname", "url", "URL", "href")):
        url = absolute(base, value)
        if url and writable(url) and urlsplit(url).netloc == urlsplit(base).netloc:
            found.setdefault(url, tuple(int(number[:12]) for number in _NUMBERS.findall(urlsplit(url).path)))
    return sorted(found, key=lambda url: found[url], reverse=True)[:limit]


# --------------------------------------------------------------------------- JSON


def is_json(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}


def _load(text: str) -> Any:
    try:
        return json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None


def _json_rows(
    text: str, base: str, urls: tuple[str, ...], titles: tuple[str, ...], dates: tuple[str, ...]
) -> Iterator[ListedItem]:
    data = _load(text)
    rows = (
        next((value for value in data.values() if isinstance(value, list)), [])
        if isinstance(data, dict)
        else data
    )
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and (url := absolute(base, _first(row, urls))):
            title = LexborHTMLParser(_first(row, titles)).text(deep=True)
            yield ListedItem(
                url, _SPACE.sub(" ", title).strip(), printed_date(_first(row, dates)) or date_in_url(url)
            )


def _first(row: dict[str, Any], keys: tuple[str, ...]) -> str:
    return next((str(row[key]) for key in keys if row.get(key)), "")


def _strings(data: Any, keys: tuple[str, ...], depth: int = 0) -> Iterator[str]:
    """Values of the named keys anywhere in a JSON value."""
    if depth > 12:
        return
    if isinstance(data, dict):
        for key, value in data.items():
            if key in keys and isinstance(value, str):
                yield value
            else:
                yield from _strings(value, keys, depth + 1)
    elif isinstance(data, list):
        for value in data:
            yield from _strings(value, keys, depth + 1)

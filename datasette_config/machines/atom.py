"""Atom feeds (RFC 4287) as bytes. Pure.

The document is built as a tree, so that a hostile title is text whatever it holds. Ids are tag: URIs (RFC 4151) and never
change; what XML cannot hold is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml import etree

from datasette_config.language import CHINESE
from datasette_config.saying.format import Piece
from datasette_config.saying.xml import NOT_XML

ATOM, XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
TAG = "tag:zhengce,2026:"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Words:
    """One passage before and after, ``name`` says which; marked pieces changed."""

    name: str
    before: Sequence[Piece] = ()
    after: Sequence[Piece] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """Instants are ISO 8601 with an offset. ``origin`` is the official page, ``categories`` are (term, label)."""

    id: str
    title: str
    address: str
    published: str
    updated: str
    authors: tuple[str, ...]
    summary: str
    origin: str = ""
    categories: tuple[tuple[str, str], ...] = ()
    words: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """``address`` is where it is found itself, ``page`` what it accompanies. ``before`` and ``after`` are the labels."""

    id: str
    title: str
    subtitle: str
    address: str
    page: str
    updated: str
    author: str
    language: str
    before: str
    after: str
    entries: tuple[Entry, ...]


def as_atom(feed: Feed) -> bytes:
    """The same bytes for the same feed."""
    root = etree.Element(_name("feed"), nsmap={None: ATOM})
    root.set(XML_LANG, feed.language)
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "subtitle", feed.subtitle)
    _link(root, "self", feed.address, "application/atom+xml")
    _link(root, "alternate", feed.page, "text/html")
    _text(root, "updated", feed.updated)
    _person(root, feed.author)
    _text(root, "generator", "zhengce")
    for entry in feed.entries:
        _entry(root, entry, feed)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=False)
    return written


def _entry(root: etree._Element, entry: Entry, feed: Feed) -> None:
    node = etree.SubElement(root, _name("entry"))
    node.set(XML_LANG, CHINESE)
    _text(node, "id", entry.id)
    _text(node, "title", entry.title)
    _link(node, "alternate", entry.address, "text/html")
    if entry.origin:
        _link(node, "via", entry.origin, "text/html")
    _text(node, "published", entry.published)
    _text(node, "updated", entry.updated)
    for author in entry.authors:
        _person(node, author)
    for term, label in entry.categories:
        etree.SubElement(node, _name("category"), term=_clean(term), label=_clean(label))
    said = [line for words in entry.words for line in _lines(words, feed)]
    _text(node, "summary", "\n".join([*said, entry.summary]))
    if entry.words:
        _content(node, entry, feed)


def _lines(words: Words, feed: Feed) -> list[str]:
    sides = ((feed.before, words.before), (feed.after, words.after))
    said = [f"{label}{''.join(piece.text for piece in pieces)}" for label, pieces in sides if pieces]
    return [line for line in (words.name, *said) if line]


def _content(node: etree._Element, entry: Entry, feed: Feed) -> None:
    """The words that changed marked, for readers that show XHTML."""
    content = etree.SubElement(node, _name("content"), type="xhtml")
    div = etree.SubElement(content, f"{{{XHTML}}}div", nsmap={None: XHTML})
    for words in entry.words:
        if words.name:
            _element(div, "p").text = _clean(words.name)
        for label, pieces, mark in ((feed.before, words.before, "del"), (feed.after, words.after, "ins")):
            if pieces:
                line = _element(div, "p")
                line.text = _clean(label)
                _marked(line, pieces, mark)
    _element(div, "p").text = _clean(entry.summary)


def _marked(line: etree._Element, pieces: Iterable[Piece], mark: str) -> None:
    for piece in pieces:
        inner = _element(line, mark if piece.marked else "span")
        inner.text = _clean(piece.text)


def _element(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{XHTML}}}{name}")


def _name(local: str) -> str:
    return f"{{{ATOM}}}{local}"


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, _name(name)).text = _clean(text)


def _link(parent: etree._Element, rel: str, address: str, kind: str) -> None:
    etree.SubElement(parent, _name("link"), rel=rel, type=kind, href=_clean(address))


def _person(parent: etree._Element, name: str) -> None:
    author = etree.SubElement(parent, _name("author"))
    etree.SubElement(author, _name("name")).text = _clean(name)


def _clean(text: str) -> str:
    return NOT_XML.sub("", text)

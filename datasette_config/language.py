"""The language of the interface: Chinese, or English with ``?lang=en``. The rules' own words stay Chinese.

Labels are written in Chinese where they are used, as ``_("未见变动")`` in Python and in templates; the English stands in
``locale/en/LC_MESSAGES/zhengce.po``. The language of a request is a context variable, which ``site.ask`` carries into the
reader threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

CHINESE, ENGLISH = "zh-CN", "en"
CATALOGUE = Path(__file__).parent / "locale" / ENGLISH / "LC_MESSAGES" / "zhengce.po"
_current: ContextVar[str] = ContextVar("language", default=CHINESE)


def language() -> str:
    """The BCP 47 tag of the interface of this request."""
    return _current.get()


def asked(query_string: str) -> str:
    """The language that the query string of an address asks for; Chinese unless it is one we speak."""
    return ENGLISH if dict(parse_qsl(query_string)).get("lang") == ENGLISH else CHINESE


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Speak a language for as long as the block lasts."""
    token = _current.set(tag)
    try:
        yield
    finally:
        _current.reset(token)


@cache
def _catalogue() -> Translations:
    """The English catalogue, compiled once a process."""
    compiled = BytesIO()
    with CATALOGUE.open("rb") as source:
        write_mo(compiled, read_po(source, locale=ENGLISH))
    compiled.seek(0)
    return Translations(compiled, domain="zhengce")


def _translations() -> NullTranslations:
    return _catalogue() if language() == ENGLISH else _chinese


_chinese = NullTranslations()


def gettext(message: str) -> str:
    """A Chinese label in the language of this request; itself where the catalogue does not know it."""
    return str(_translations().gettext(message)) if message else ""


def ngettext(singular: str, plural: str, number: int) -> str:
    """As ``gettext``; Chinese has one form, English two."""
    return str(_translations().ngettext(singular, plural, number))


def localized(path: str) -> str:
    """An address of this site that keeps the reader's language."""
    return path if language() == CHINESE else _with_language(path, language())


def turned(address: str) -> str:
    """The address of the same page in the other language."""
    return _with_language(address, ENGLISH if language() == CHINESE else "")


def _with_language(address: str, tag: str) -> str:
    parts = urlsplit(address)
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != "lang"]
    return urlunsplit(parts._replace(query=urlencode([*query, *([("lang", tag)] if tag else [])])))

"""Words for values, the same on every page: Beijing time, days left, badges, marked text. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from urllib.parse import urlsplit

from datasette_config.language import ENGLISH, language, ngettext
from datasette_config.language import gettext as _
from kb import words
from kb.changing.labels import label
from kb.codes import (
    ChangeKind,
    Confirmation,
    DateKind,
    DocumentStatus,
    Health,
    IncidentState,
    Op,
    Significance,
    SourceLevel,
    SourceState,
)
from kb.config import BEIJING
from kb.excerpts import windows

WEEKDAYS = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ELLIPSIS = "…"


def as_instant(value: datetime | str | None) -> datetime | None:
    """An aware instant from a datetime or its ISO 8601 text; ``None`` for nothing or for text that is no instant."""
    if isinstance(value, datetime):
        return value
    if not value:
        return None
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=BEIJING)


def as_day(value: date | str | None) -> date | None:
    """A calendar date from a date or its ISO text; ``None`` for nothing or for text that is no date."""
    if isinstance(value, date):
        return value
    if not value:
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def beijing(value: datetime | str | None) -> str:
    """``2026-11-24 06:43`` in Beijing time; empty for nothing."""
    moment = as_instant(value)
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M") if moment else ""


def dated(day: date) -> str:
    """``2026-11-24 周二``, ``2026-11-24 Tue``."""
    if language() == ENGLISH:
        return f"{day.isoformat()} {WEEKDAYS_EN[day.weekday()]}"
    return f"{day.isoformat()} 周{WEEKDAYS[day.weekday()]}"


def days_left(value: date | str | None, today: date) -> str:
    """``还有 38 天``, ``今天`` or ``已过 3 天``; empty for nothing."""
    day = as_day(value)
    if day is None:
        return ""
    left = (day - today).days
    if left == 0:
        return _("今天")
    if left > 0:
        return ngettext("还有 %(num)d 天", "还有 %(num)d 天", left) % {"num": left}
    return ngettext("已过 %(num)d 天", "已过 %(num)d 天", -left) % {"num": -left}


def safe_url(value: str | None) -> str:
    """The address when it is an absolute http or https one, else nothing: what is no web address is never a link."""
    try:
        parts = urlsplit(value or "")
    except ValueError:
        return ""
    return (value or "") if parts.scheme in {"http", "https"} and parts.netloc else ""


def word(code: str | StrEnum | None, vocabulary: type[StrEnum]) -> str:
    """The word for a code in the reader's language; a code this version does not know is shown as it is."""
    if not code:
        return ""
    try:
        return (words.en if language() == ENGLISH else words.zh)(vocabulary(code))
    except ValueError:
        return str(code)


def kind_word(code: str | None) -> str:
    return word(code, ChangeKind)


def significance_word(code: str | None) -> str:
    return word(code, Significance)


def confirmation_word(code: str | None) -> str:
    return word(code, Confirmation)


def status_word(code: str | None) -> str:
    return word(code, DocumentStatus)


def date_word(code: str | None) -> str:
    return word(code, DateKind)


def level_word(code: str | None) -> str:
    return word(code, SourceLevel)


def health_word(code: str | None) -> str:
    return word(code, Health)


def state_word(code: str | None) -> str:
    return word(code, SourceState)


def incident_word(code: str | None) -> str:
    return word(code, IncidentState)


def op_word(op: str | None, anchor_before: str = "", anchor: str = "") -> str:
    """``修改（原第二十三条）`` when the anchor moved with an amendment, else the word of the op."""
    spoken = word(op, Op)
    if op in {Op.AMENDED, Op.RENUMBERED, Op.MOVED} and anchor_before and anchor and anchor_before != anchor:
        return _("%(op)s（原%(anchor)s）") % {"op": spoken, "anchor": label(anchor_before)}
    return spoken


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is marked or not. ``start`` is its place in the text it was cut from; ``hits`` are runs inside
    it that are to be pointed at besides."""

    text: str
    marked: bool
    start: int = field(default=0, compare=False)
    hits: tuple[tuple[int, int], ...] = field(default=(), compare=False)

    @property
    def parts(self) -> tuple[Piece, ...]:
        """The run cut at its hits, those marked."""
        return pieces(self.text, self.hits) if self.hits else (replace(self, marked=False),)


def pieces(text: str, spans: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
    """The text cut at the spans (code points); overlapping, empty and outlying spans do no harm."""
    cut: list[Piece] = []
    at = 0
    for first, past in sorted(spans):
        start, end = max(first, at), min(past, len(text))
        if end <= start:
            continue
        if start > at:
            cut.append(Piece(text[at:start], False, at))
        cut.append(Piece(text[start:end], True, start))
        at = end
    if at < len(text):
        cut.append(Piece(text[at:], False, at))
    return tuple(cut)


def pointed(shown: Iterable[Piece], hits: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    """Pieces of a text with what to point at in each; ``hits`` are places in the whole text."""
    return tuple(
        replace(piece, hits=inside)
        if (inside := tuple(
            (max(start - piece.start, 0), min(end - piece.start, len(piece.text)))
            for start, end in hits
            if start < piece.start + len(piece.text) and end > piece.start
        )) and piece.text != ELLIPSIS
        else piece
        for piece in shown
    )  # fmt: skip


def excerpt(text: str, spans: Sequence[tuple[int, int]], around: int) -> tuple[Piece, ...]:
    """What stands ``around`` the spans, the rest as …; a span may be empty (words were put in or taken out there).

    Of a long span five times ``around`` is shown; without any span it is the beginning of the text.
    """
    shown: list[Piece] = []
    past = 0
    for start, end in windows(spans, len(text), around):
        if start > past:
            shown.append(Piece(ELLIPSIS, False, past))
        inside = pieces(text[start:end], [(first - start, last - start) for first, last in spans])
        shown.extend(replace(piece, start=start + piece.start) for piece in inside)
        past = end
    if past < len(text):
        shown.append(Piece(ELLIPSIS, False, past))
    return tuple(shown)


def shorten(text: str, characters: int) -> str:
    return text if len(text) <= characters else f"{text[:characters]}…"

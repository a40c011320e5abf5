"""From when until when the words of a search stood in rules, those that have them no more included."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from datasette_config.finding.searching import Question, among
from datasette_config.knowledge import Connection
from datasette_config.language import gettext as _
from datasette_config.saying import format as say
from datasette_config.saying.anchors import fragment
from kb.changing.labels import label
from kb.search import snippet
from kb.sources import Publish
from kb.store.queries.stood import Span, Stood, formerly, stood

MOST = 10  # documents

Shown = dict[str, Any]


def told(
    connection: Connection, asked: Question, found: Sequence[str], day: date, *, public: bool
) -> list[Shown]:
    """The history of the words in the documents that were found and in those that had them before."""
    before = formerly(connection, asked.words, MOST, among(asked, day))
    documents = list(dict.fromkeys((*before, *found)))[: 2 * MOST]
    return [
        _document(each, asked.words, quoted=not public or each.publish is Publish.FULL)
        for each in stood(connection, asked.words, documents)
    ]


def _document(each: Stood, words: str, *, quoted: bool) -> Shown:
    return {
        "id": each.document,
        "title": each.title or _("（无题名）"),
        "gone": each.spans[-1].gone is not None,
        "spans": [_span(span, words, quoted=quoted) for span in reversed(each.spans)],
    }


def _span(span: Span, words: str, *, quoted: bool) -> Shown:
    piece = snippet(span.text, words)
    return {
        "said": (_begun(span), _ended(span)),
        "version": span.version,
        "fragment": fragment(span.anchor),
        "cited": label(span.anchor),
        "snippet": say.pieces(piece.text, piece.highlights) if quoted else (),
    }


def _begun(span: Span) -> str:
    since = say.beijing(span.since)
    if span.before is None:
        return _("%(since)s 首次留存时已有，更早的不知道") % {"since": since}
    return _("%(before)s 还没有，%(since)s 首次见到") % {"before": say.beijing(span.before), "since": since}


def _ended(span: Span) -> str:
    until = say.beijing(span.until)
    if span.gone is None:
        return _("现行文本里仍有，最近一次查看 %(until)s") % {"until": until}
    return _("%(until)s 最后见到，%(gone)s 见到时已没有") % {"until": until, "gone": say.beijing(span.gone)}

"""PURE. Two versions of a document -> what differs, clause by clause.

``PassageChange.before`` and ``after`` are the passages' words without their number, which the anchors carry; spans are
offsets into them. A ``split`` or ``merged`` change is one entry: the texts of the several passages are joined by a newline
and their anchors by ``＋``.
"""

from kb.changing.compare import compare
from kb.changing.filings import flags_of
from kb.changing.headline import headline
from kb.changing.inline import apply_spans, changed_spans
from kb.changing.kinds import new_document_kind
from kb.changing.labels import label
from kb.changing.naming import from_to, point_name, point_name_en
from kb.changing.passages import split_passages
from kb.changing.reasons import direction, turned
from kb.changing.relations import Relation, relations

__all__ = [
    "Relation",
    "apply_spans",
    "changed_spans",
    "compare",
    "direction",
    "flags_of",
    "from_to",
    "headline",
    "label",
    "new_document_kind",
    "point_name",
    "point_name_en",
    "relations",
    "split_passages",
    "turned",
]

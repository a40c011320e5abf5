"""A change -> the licence types it concerns: what changed, read in its context (the clause, its chapter, the title)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from kb.codes import Confidence, Op
from kb.model import Comparison, Document, LicenceTag, PassageChange
from kb.tagging.clauses import Clauses
from kb.tagging.evidence import Hit, Marked, hits
from kb.tagging.field import read_field
from kb.tagging.platforms import ROW_WORDS, category_row, is_category_passage
from kb.tagging.rules import TITLE, as_tag, best, counts, give_way, tag
from kb.tagging.vocabulary import Role, vocabulary

BEFORE = "before:"
"""Field prefix of evidence that stands only in the text before: words that an amendment took out."""

TOPICS = 2
"""A document of more topics than this is not what a silent clause of it is about."""

_ONLY_PLACE = frozenset({Op.MOVED, Op.RENUMBERED})
_WHOLE = re.compile(
    "施行|生效|有效期|试行期|废止|失效|适用(?:本|于)|本(?:办法|规定|条例|规范|通知|措施|细则)所称"
)
"""A silent clause that is about the whole document: when it applies, to whom, how long."""


def tag_change(document_title: str, comparison: Comparison, after: Document) -> tuple[LicenceTag, ...]:
    """The licence types that a change concerns, in the order of the vocabulary.

    Evidence comes from the changed passages: ``field`` is the passage's anchor and the offsets are into its printed
    text after (before, for a removed one; with ``field`` ``before:<anchor>`` for words an amendment took out). A changed
    passage that names nothing is read in its clause, then in the clauses it refers to (违反本办法第三条), then under its
    chapter's heading: evidence there is of medium confidence, its ``field`` that passage's anchor. A title that is the
    name of a rule adds that rule's licences. When all of this names nothing, the title speaks, at medium confidence; and
    when it is silent too, the whole document at low, unless it has many topics and the clause is not about the whole.
    """
    title = Marked(read_field(TITLE, document_title), vocabulary())
    blank = Marked(read_field(TITLE, ""), vocabulary())
    named = tuple(hits(title, blank))
    laws = [hit for hit in named if hit.meaning.role is Role.LAW]
    changed = [p for p in comparison.differing if p.op not in _ONLY_PLACE] or list(comparison.differing)
    clauses = Clauses(comparison)
    tags = _distinct(
        one for passage in changed for one in _passage_tags(passage, clauses, document_title, laws)
    )
    if tags:
        return _ordered([*tags, *(as_tag(hit, passing=False) for hit in best(laws))])
    if named:
        found = (as_tag(hit, passing=False) for hit in best(give_way(named)))
        return tuple(_less(one, "文件标题", Confidence.MEDIUM) for one in found)
    whole = tag(document_title, after.text)
    if len(_topics(whole)) > TOPICS and not any(_WHOLE.search(p.after or p.before) for p in changed):
        return ()
    return tuple(_less(one, "所在文件", Confidence.LOW) for one in whole)


def _passage_tags(
    passage: PassageChange, clauses: Clauses, document_title: str, laws: list[Hit]
) -> Iterator[LicenceTag]:
    """Tags from the changed passage, or else from the nearest part of its context that names something."""
    own = [hit for hit in _hits(_sides(passage), clauses, document_title) if counts(hit, laws)]
    if own:
        yield from (as_tag(hit, passing=False) for hit in best(give_way([*own, *laws])) if hit in own)
        return
    for reason, texts in clauses.around(passage):
        found = [hit for hit in _hits(texts, clauses, document_title) if counts(hit, laws)]
        if found:
            tags = (as_tag(hit, passing=False) for hit in best(give_way(found)))
            yield from (_less(one, reason, Confidence.MEDIUM) for one in tags)
            return


def _hits(texts: Iterable[tuple[str, str]], clauses: Clauses, document_title: str) -> Iterator[Hit]:
    for name, text in texts:
        anchor = name.removeprefix(BEFORE)
        around = Marked(read_field(TITLE, clauses.above(anchor, document_title)), vocabulary())
        marked = Marked(read_field(name, text), vocabulary())
        row = is_category_passage(around.field.squeezed, marked.field.squeezed)
        found = list(hits(marked, around, spared=ROW_WORDS if row else frozenset()))
        yield from found
        if row:
            yield from category_row(marked, found)


def _sides(passage: PassageChange) -> Iterator[tuple[str, str]]:
    """The printed texts to look into, the one that stands now first."""
    if passage.after:
        yield passage.anchor, passage.after
    if passage.before:
        yield (f"{BEFORE}{passage.anchor_before}" if passage.after else passage.anchor_before), passage.before


def _distinct(tags: Iterable[LicenceTag]) -> list[LicenceTag]:
    """One tag a licence: the surest, and among those the first."""
    chosen: dict[str, LicenceTag] = {}
    for one in tags:
        other = chosen.get(one.licence)
        if other is None or (one.confidence is Confidence.HIGH and other.confidence is not Confidence.HIGH):
            chosen[one.licence] = one
    return list(chosen.values())


def _ordered(tags: Iterable[LicenceTag]) -> tuple[LicenceTag, ...]:
    """In the order of the vocabulary; of two tags of one licence the later, the rule that the title names, counts."""
    last = {one.licence: one for one in tags}
    return tuple(last[licence] for licence in vocabulary().order if licence in last)


def _topics(tags: Iterable[LicenceTag]) -> set[str]:
    parents = vocabulary().parents
    return {parents.get(one.licence, one.licence) for one in tags}


def _less(found: LicenceTag, reason: str, confidence: Confidence) -> LicenceTag:
    return replace(found, reason=f"{reason}：{found.reason}", confidence=confidence)

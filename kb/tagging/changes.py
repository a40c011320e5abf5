"""A change -> the licence types it concerns: evidence from the changed passages, context from titles and headings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kb.model import Comparison, Confidence, Document, LicenceTag, Op, PassageChange
from kb.tagging.evidence import Hit, Marked, hits
from kb.tagging.field import read_field
from kb.tagging.rules import TITLE, as_tag, best, counts, give_way, tag
from kb.tagging.vocabulary import Role, vocabulary

BEFORE = "before:"
"""Field prefix of evidence that stands only in the text before: words that an amendment took out."""

_ONLY_PLACE = frozenset({Op.MOVED, Op.RENUMBERED})


def tag_change(document_title: str, comparison: Comparison, after: Document) -> tuple[LicenceTag, ...]:
    """The licence types that a change concerns, in the order of the vocabulary.

    Evidence comes from the changed passages: ``field`` is the passage's anchor and the offsets are into its printed
    text after (before, for a removed one; with ``field`` ``before:<anchor>`` for words an amendment took out). A title
    that is the name of a rule adds that rule's licences. When the changed passages name nothing, the title speaks, at
    medium confidence, and when it is silent too, the whole document, at low.
    """
    title = Marked(read_field(TITLE, document_title), vocabulary())
    blank = Marked(read_field(TITLE, ""), vocabulary())
    named = tuple(hits(title, blank))
    laws = [hit for hit in named if hit.meaning.role is Role.LAW]
    inside = [hit for hit in _passage_hits(comparison, document_title) if counts(hit, laws)]
    if inside:
        return tuple(as_tag(hit, passing=False) for hit in best(give_way([*inside, *laws])))
    if named:
        return tuple(
            _less(as_tag(hit, passing=False), "文件标题", Confidence.MEDIUM) for hit in best(give_way(named))
        )
    return tuple(_less(found, "所在文件", Confidence.LOW) for found in tag(document_title, after.text))


def _passage_hits(comparison: Comparison, document_title: str) -> Iterator[Hit]:
    changed = [p for p in comparison.differing if p.op not in _ONLY_PLACE] or list(comparison.differing)
    headings = {p.anchor: p.after for p in comparison.passages if p.anchor and p.after}
    for passage in changed:
        context = Marked(read_field(TITLE, _context(document_title, passage.anchor, headings)), vocabulary())
        for name, text in _sides(passage):
            yield from hits(Marked(read_field(name, text), vocabulary()), context)


def _sides(passage: PassageChange) -> Iterator[tuple[str, str]]:
    """The printed texts to look into, the one that stands now first."""
    if passage.after:
        yield passage.anchor, passage.after
    if passage.before:
        yield (f"{BEFORE}{passage.anchor_before}" if passage.after else passage.anchor_before), passage.before


def _context(document_title: str, anchor: str, headings: Mapping[str, str]) -> str:
    """The title, the anchor, and the texts of the headings above it: all that a reader has read before the passage."""
    steps = anchor.split("/")
    above = ["/".join(steps[:size]) for size in range(1, len(steps))]
    return "\n".join([document_title, anchor, *(headings[step][:200] for step in above if step in headings)])


def _less(found: LicenceTag, reason: str, confidence: Confidence) -> LicenceTag:
    return LicenceTag(
        licence=found.licence,
        rule=found.rule,
        evidence=found.evidence,
        field=found.field,
        start=found.start,
        end=found.end,
        reason=f"{reason}：{found.reason}",
        confidence=confidence,
    )

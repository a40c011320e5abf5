"""What differs between two states of a page of the script, found by the identity of its lines and never by comparing
texts: this is the answer that the product's own comparison is measured against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crawler.sample_web.script import Edit, Table
from crawler.sample_web.state import Numbered, PageState
from kb.codes import Op


@dataclass(frozen=True, slots=True)
class ExpectedPassage:
    """One passage that differs. ``before`` and ``after`` are words that must stand on the respective side, not the
    whole passage; both are empty for a passage that only changed its number."""

    op: Op
    anchor_before: str
    anchor: str
    before: str = ""
    after: str = ""


def differences(
    before: PageState, after: PageState, edits: Iterable[Edit] = ()
) -> tuple[ExpectedPassage, ...]:
    """Articles, edited paragraphs and table rows that differ, in the order of the new text; then the words of replaced
    attachments. Without edits (a draft against its final text) only the articles: covers differ always."""
    edits = tuple(edits)
    return (
        *_articles(before, after, edits),
        *_paragraphs(before, after, edits),
        *_rows(before.tables, after.tables, edits),
        *(
            ExpectedPassage(Op.AMENDED, "", "", edit.before, edit.after)
            for edit in edits
            if edit.do == "attachment"
        ),
    )


def _articles(before: PageState, after: PageState, edits: tuple[Edit, ...]) -> list[ExpectedPassage]:
    old = {numbered.line.uid: numbered for numbered in before.numbered if numbered.line.kind == "条"}
    new = [numbered for numbered in after.numbered if numbered.line.kind == "条"]
    found = []
    for numbered in new:
        was = old.pop(numbered.line.uid, None)
        if was is None:
            found.append(ExpectedPassage(Op.ADDED, "", numbered.article, after=numbered.line.text))
        elif was.line.text != numbered.line.text:
            found.append(_amended(was, numbered, edits))
        elif was.article != numbered.article:
            found.append(ExpectedPassage(Op.RENUMBERED, was.article, numbered.article))
    found += [ExpectedPassage(Op.REMOVED, was.article, "", before=was.line.text) for was in old.values()]
    return found


def _paragraphs(before: PageState, after: PageState, edits: tuple[Edit, ...]) -> list[ExpectedPassage]:
    old = {numbered.line.uid: numbered for numbered in before.numbered if numbered.line.kind != "条"}
    pairs = [(old[n.line.uid], n) for n in after.numbered if n.line.uid in old]
    return [_amended(was, now, edits) for was, now in pairs if edits and was.line.text != now.line.text]


def _amended(was: Numbered, now: Numbered, edits: tuple[Edit, ...]) -> ExpectedPassage:
    """The edited words when an edit of this page names them, else the whole texts (a draft against its final text)."""
    for edit in edits:
        if edit.do == "words" and was.line.text.replace(edit.before, edit.after) == now.line.text:
            return ExpectedPassage(Op.AMENDED, was.article, now.article, edit.before, edit.after)
    return ExpectedPassage(Op.AMENDED, was.article, now.article, was.line.text, now.line.text)


def _rows(
    before: tuple[Table, ...], after: tuple[Table, ...], edits: tuple[Edit, ...]
) -> list[ExpectedPassage]:
    """A row is known by its key as the table prints it: the cells of the second and third level."""
    found = []
    for was, now in zip(before, after, strict=True):
        for old, new in zip(was.rows, now.rows, strict=True):
            if old != new:
                anchor = "/".join(cell for cell in new[:2] if cell != "/")
                edit = next(e for e in edits if e.do == "cell" and e.at in new)
                found.append(ExpectedPassage(Op.AMENDED, anchor, anchor, edit.before, edit.after))
    return found

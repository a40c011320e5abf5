"""What a document page says of other rules and of copies that differ. Pure: rows in, words out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from datasette_config.language import gettext as _
from datasette_config.saying import format as say
from datasette_config.saying.present import marked
from kb.changing.inline import changed_spans
from kb.changing.labels import label
from kb.codes import RelationKind
from kb.store.queries import DivergenceRow, RelationRow, Relations

LONGEST_EVIDENCE = 200
"""Characters of the words that a relation was read from: under what a public site may quote of any page."""

DAYLESS = frozenset({RelationKind.CITES, RelationKind.DRAFT_OF})
"""What is so from no day on: a draft leads to its final text whenever that comes into force."""

Shown = dict[str, Any]


def related(relations: Relations) -> list[Shown]:
    """What ends or alters a rule first; what is only cited is told apart by ``lesser``."""
    rows = [_related(row, *_around(row.kind, does=True)) for row in relations.does]
    rows += [_related(row, *_around(row.kind, does=False)) for row in relations.suffers]
    order = list(RelationKind)
    return sorted(rows, key=lambda row: order.index(row["kind"]))


def _around(kind: RelationKind, *, does: bool) -> tuple[str, str]:
    """The words before and behind the title of the other rule."""
    if kind is RelationKind.DRAFT_OF:
        return (_("本文件的征求意见稿："), "") if does else (_("本征求意见稿的正式稿："), "")
    word = say.word(kind, RelationKind)
    return (_("本文件%(does)s") % {"does": word}, "") if does else ("", _("%(does)s本文件") % {"does": word})


def _related(row: RelationRow, before: str, after: str) -> Shown:
    notes = [
        _("自 %(day)s 起") % {"day": row.effective} if row.effective and row.kind not in DAYLESS else "",
        _("写明它的是征求意见稿") if row.draft and row.kind is not RelationKind.DRAFT_OF else "",
        "" if row.other else _("本库未收录"),
    ]
    named_only = row.kind is RelationKind.DRAFT_OF or row.evidence == row.title
    evidence = "" if named_only else row.evidence
    return {
        "kind": row.kind,
        "lesser": row.kind is RelationKind.CITES,
        "before": before,
        "after": after,
        "title": f"《{row.title.strip('《》')}》" if row.title else row.number,
        "number": row.number if row.title else "",
        "document": row.other or "",
        "notes": "，".join(filter(None, notes)),
        "evidence": say.shorten(evidence, LONGEST_EVIDENCE),
        "cited": label(row.anchor) if row.anchor else "",
    }


def copies(versions: Iterable[dict[str, Any]], url: str) -> list[Shown]:
    """Other addresses at which the same rule stands, from the rows of ``knowledge.versions``."""
    found = {
        row["url"]: {"source": row["source_title"], "url": row["url"], "link": say.safe_url(row["url"])}
        for row in versions
        if row["role"] == "document" and row["url"] != url
    }
    return list(found.values())


def diverging(row: DivergenceRow, *, cut: bool) -> Shown:
    """Two pages that say different things now, clause by clause; ``cut`` leaves what stands around the differing words."""
    clauses = []
    for clause in row.clauses:
        spans = changed_spans(clause.page, clause.copy)
        clauses.append(
            {
                "cited": label(clause.anchor),
                "here": marked(
                    clause.page, [(s.before_start, s.before_end) for s in spans], whole=False, cut=cut
                ),
                "there": marked(
                    clause.copy, [(s.after_start, s.after_end) for s in spans], whole=False, cut=cut
                ),
            }
        )
    return {
        "here": row.page,
        "there": row.copy,
        "since": say.beijing(row.since),
        "change": row.change or "",
        "clauses": clauses,
    }

"""What separates two states of a page: the one place where the timeline's digests become documents."""

from __future__ import annotations

from datetime import date, datetime

from kb.archive.runlog import RecordRef
from kb.changing.classify import IMAGE_REPLACED
from kb.changing.compare import compare
from kb.codes import BlockKind, ChangeKind, Health, Op, Origin, PageRole, Significance
from kb.config import beijing_day
from kb.errors import TornRecord
from kb.model import Comparison, Document, PassageChange
from kb.reading.page import PageHistory
from kb.sqlite import sqlite3
from kb.store.looking import Archive, Look
from kb.store.serial import document_from_json
from kb.store.sightings import Differs, Good, Noise, State, Technical, Unfit, Verdict

UNREAD = {
    PageRole.IMAGE: IMAGE_REPLACED,
    PageRole.ATTACHMENT: "附件被更换，文字无法由程序读出，待人工判读",
}
"""Why a file that we cannot read is a change that needs a person's reading."""


def compare_shown(before: Document, after: Document, role: PageRole) -> Comparison:
    """``compare``; but of files without readable text the bytes alone say that they were replaced, for a file that
    keeps its address is no noise."""
    if role not in UNREAD or (_has_text(before) and _has_text(after)):
        return compare(before, after)
    anchor, reason = ("图片" if role is PageRole.IMAGE else "附件"), UNREAD[role]
    replaced = PassageChange(
        Op.AMENDED, Significance.SUBSTANTIVE, anchor, anchor, before.text, after.text, reason=reason
    )
    return Comparison(ChangeKind.IMAGE_REPLACED, Significance.SUBSTANTIVE, (replaced,), reason=reason)


def _has_text(document: Document) -> bool:
    return any(block.kind is not BlockKind.IMAGE and block.text for block in document.blocks)


class Judgement:
    """Judges one page, and keeps the documents this batch has read of it."""

    def __init__(self, connection: sqlite3.Connection, archive: Archive, role: PageRole) -> None:
        self.connection, self.archive, self.role = connection, archive, role
        self._documents: dict[str, Document] = {}

    def remember(self, capture: str, document: Document) -> None:
        self._documents[capture] = document

    def history(self, confirmed: State | None) -> PageHistory | None:
        """What the last good state looked like, for the reader to notice a collapse."""
        if confirmed is None or self.role is PageRole.LIST:
            return None
        document = self.of(confirmed)
        return PageHistory(characters=len(document.text), title=document.title)

    def __call__(self, state: State, good: Good) -> Verdict:
        before, after = self.of(state), self.shown(good)
        again = self._read_again(state, good)
        if again is not None:
            if again.digest == good.digest:
                return Technical()
            before = again.document or before
        comparison = compare_shown(before, after, self.role)
        if comparison.health is not Health.OK:
            return Unfit(comparison.health, (comparison.reason,) if comparison.reason else ())
        if comparison.significance is not Significance.NOISE and comparison.differing:
            return Differs(comparison)
        return Technical() if again is not None else Noise()

    def of(self, state: State) -> Document:
        """The document a state stands for: the row of its version advances together with it."""
        if state.capture not in self._documents:
            row = self.connection.execute(
                "SELECT document FROM versions WHERE version_id = ?", (state.version,)
            ).fetchone()
            self._documents[state.capture] = document_from_json(row[0])
        return self._documents[state.capture]

    def shown(self, good: Good) -> Document:
        """The document a good look showed, read from its record when this batch has not read it. Raises ``TornRecord``."""
        if good.capture not in self._documents:
            look = self._look(good.capture)
            self._documents[good.capture] = look.document or Document("", ())
        return self._documents[good.capture]

    def _read_again(self, state: State, good: Good) -> Look | None:
        """The old bytes by the new rules, where the declaration's rules changed between the two looks."""
        row = self.connection.execute(
            "SELECT fetched_at FROM captures WHERE capture_id = ?", (state.capture,)
        ).fetchone()
        then, now = beijing_day(datetime.fromisoformat(row[0])), beijing_day(good.at)
        if self.archive.rules(then) == self.archive.rules(now):
            return None
        try:
            look = self._look(state.capture, on=now)
        except TornRecord:
            return None
        return look if look.health is Health.OK else None

    def _look(self, capture: str, on: date | None = None) -> Look:
        row = self.connection.execute(
            "SELECT record_file, record_offset, record_length, record_digest, origin FROM captures"
            " WHERE capture_id = ?",
            (capture,),
        ).fetchone()
        kept = self.archive.capture(RecordRef(*tuple(row)[:4]), self.role, Origin(row[4]))
        return self.archive.look(kept, on=on)

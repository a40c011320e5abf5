"""From the bytes of a capture to what it shows: a document with its digest, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kb.archive import RecordRef, read_record
from kb.codes import Health, Origin, PageRole
from kb.config import beijing_day
from kb.model import Capture, Document
from kb.reading.page import PageHistory, read_page
from kb.sources import DocumentRules, Source
from kb.store.serial import digest, document_to_json


@dataclass(frozen=True, slots=True)
class Look:
    """What a capture shows; ``digest`` names the document. A good list has neither, of what is not good a
    collapsed text alone has them."""

    health: Health
    reasons: tuple[str, ...] = ()
    encoding: str = ""
    document: Document | None = None
    digest: str = ""


class Archive:
    """The captures of one source, read by its declaration."""

    def __init__(self, folder: Path, source: Source) -> None:
        self.folder, self.source = folder, source

    def capture(self, ref: RecordRef, role: PageRole, origin: Origin) -> Capture:
        """Raises ``TornRecord``."""
        return read_record(self.folder, ref, source=self.source.id, role=role, origin=origin)

    def rules(self, day: date) -> DocumentRules:
        return self.source.rules_at(day)

    def look(self, capture: Capture, *, on: date | None = None, history: PageHistory | None = None) -> Look:
        """What a capture shows by the rules valid ``on`` a day, by default that of the capture.

        Raises ``BadSelector`` or ``DeclarationError`` when the declaration cannot be used.
        """
        reading = read_page(
            capture.body,
            url=capture.url,
            status=capture.status,
            headers=capture.headers,
            source=self.source,
            on=on or beijing_day(capture.fetched_at),
            role=capture.role,
            history=history,
        )
        if reading.health is Health.COLLAPSE and history is not None:
            shown = self.look(capture, on=on)
            return Look(reading.health, reading.reasons, reading.encoding, shown.document, shown.digest)
        document = reading.document
        if reading.health is not Health.OK or capture.role is PageRole.LIST:
            return Look(reading.health, reading.reasons, reading.encoding)
        if document is None:
            return Look(Health.BODY_GONE, reading.reasons, reading.encoding)
        return Look(
            Health.OK, reading.reasons, reading.encoding, document, digest(document_to_json(document))
        )

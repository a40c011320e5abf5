"""Rows of the store -> the lines of ``kb.output``: a verb with ``--json`` and the site's API say the same words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from kb.calendar import Duty, Event, weekday
from kb.codes import DateKind, DocumentStatus
from kb.licences import Basis, Licence, below, beside, licences, part_of
from kb.output import (
    CalendarOut,
    ChangeDetailOut,
    ChangeOut,
    ComingOut,
    CoverageOut,
    FolkloreOut,
    GoverningOut,
    LegalBasisOut,
    LicenceDetailOut,
    LicenceOut,
    PassageChangeOut,
    SearchOut,
    TagOut,
    VersionOut,
)

if TYPE_CHECKING:
    from kb.coverage import LicenceCoverage
    from kb.model import PassageChange
    from kb.store.queries import ChangeDetail, ChangeRow, Hit, LicenceRow, LicenceView, VersionRow

NOTHING_KEPT = "还没有巡查过，不能说有没有变动"


def change_line(row: ChangeRow) -> ChangeOut:
    return ChangeOut.model_validate(row, from_attributes=True)


def change_detail_line(
    found: ChangeDetail, passages: Iterable[PassageChange], readings: Iterable[str]
) -> ChangeDetailOut:
    """A change whole; ``passages`` as they may be shown, ``readings`` what people read from its images, newest first."""
    return ChangeDetailOut(
        **change_line(found.row).model_dump(exclude={"schema_"}),
        reason=found.row.reason,
        passages=[PassageChangeOut.of(passage) for passage in passages],
        tags=[TagOut.of(tag) for tag in found.tags],
        captures=list(found.captures),
        readings=list(readings),
    )


def version_line(row: VersionRow) -> VersionOut:
    return VersionOut.model_validate(row, from_attributes=True)


def search_line(hit: Hit) -> SearchOut:
    return SearchOut.model_validate(hit, from_attributes=True)


def licence_lines(counted: Iterable[LicenceRow], covered: Iterable[LicenceCoverage] = ()) -> list[LicenceOut]:
    """Every licence type in the order of the vocabulary; those that were never counted have no changes."""
    counts = {row.licence: row for row in counted}
    coverage = {each.licence: CoverageOut.of(each) for each in covered}
    lines = []
    for item in licences().values():
        row = counts.get(item.id)
        lines.append(
            LicenceOut(
                id=item.id,
                parent=item.parent or None,
                zh=item.zh,
                en=item.en,
                aliases=list(item.aliases),
                regulator=item.regulator,
                changes=row.changes if row else 0,
                provisional=row.provisional if row else 0,
                held=row.held if row else 0,
                coverage=coverage.get(item.id),
            )
        )
    return lines


def licence_detail_line(item: Licence, view: LicenceView | None) -> LicenceDetailOut:
    """One licence type whole; without a ``view`` nothing was ever kept."""
    from kb.coveragetext import nothing_found

    return LicenceDetailOut(
        id=item.id,
        group=item.group,
        parent=item.parent or None,
        below=list(below(item, licences())),
        related=list(beside(item, licences())),
        zh=item.zh,
        en=item.en,
        what=item.what,
        aliases=list(item.aliases),
        regulator=item.regulator,
        who=item.who,
        confusions=item.confusions,
        basis=_basis(item, view),
        folklore=[FolkloreOut(**each.model_dump()) for each in item.folklore],
        coverage=CoverageOut.of(view.coverage) if view else None,
        documents=[
            GoverningOut.model_validate(each, from_attributes=True)
            for each in (view.documents if view else ())
        ],
        moment=view.moment.isoformat() if view else None,
        since=view.since.isoformat() if view else None,
        changes=[change_line(row) for row in view.changes] if view else [],
        nothing_found=nothing_found(view.coverage) if view else NOTHING_KEPT,
        coming=[_coming(event) for event in (view.coming if view else ())],
    )


def _basis(item: Licence, view: LicenceView | None) -> list[LegalBasisOut]:
    if view:
        return [_legal(each.basis, each.status, each.document) for each in view.basis]
    return [_legal(each, each.status, None) for each in item.basis]


def _legal(basis: Basis, status: DocumentStatus, document: str | None) -> LegalBasisOut:
    return LegalBasisOut(
        **basis.model_dump(exclude={"role", "status"}),
        part=part_of(basis, status),
        status=status,
        status_from="document" if document else "vocabulary",
        document=document,
    )


def _coming(event: Event) -> ComingOut:
    return ComingOut(
        day=event.day.isoformat(),
        kind=event.kind,
        title=event.title,
        source=event.source,
        verified=event.verified,
    )


def event_line(event: Event, today: date, *, done: bool) -> CalendarOut:
    return CalendarOut(
        id=event.id,
        kind=event.kind,
        day=event.day.isoformat(),
        weekday=weekday(event.day),
        days_left=event.days_left(today),
        title=event.title,
        licences=list(event.licences),
        source=event.source,
        official_url=event.url,
        note=event.note,
        verified=event.verified,
        reminds=event.live,
        subscription=event.owner,
        done=done,
    )


def undated_line(duty: Duty) -> CalendarOut:
    """A yearly duty without a fixed day."""
    return CalendarOut(
        id=duty.id,
        kind=DateKind.DUTY,
        day=None,
        weekday="",
        days_left=None,
        title=duty.words,
        licences=[duty.licence],
        source=duty.id,
        official_url="",
        note=f"{duty.rule}依据：{duty.basis}",
        verified=duty.verified,
        reminds=False,
        subscription="",
        done=False,
    )

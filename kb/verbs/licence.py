"""``zhengce licence``: the licence types, and one of them whole — what it is, its rules, what is seen of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kb.codes import DocumentStatus
from kb.config import DataDirectory
from kb.licences import Basis, Licence, answers, bearers, below, beside, licences, part_of
from kb.output import (
    ChangeOut,
    ComingOut,
    CoverageOut,
    FolkloreOut,
    GoverningOut,
    LegalBasisOut,
    LicenceDetailOut,
    LicenceOut,
)
from kb.terminal import Verb, print_line
from kb.verbs.licencetext import say_all, say_answers, say_bearers, say_whole
from kb.verbs.look import change_fields
from kb.verbs.options import data_option, json_option, licence_ids
from kb.verbs.reader import reader

if TYPE_CHECKING:
    from kb.store.queries.licences import LicenceView

NOTHING_KEPT = "还没有巡查过，不能说有没有变动"


@click.command(
    "licence",
    cls=Verb,
    section="看",
    zh="资质事项：是什么、谁主管、依据、规则文件、变动、看得到什么\n\nID 是编号、名称或别名；几项共有的名称列出各项；不写则列出全部。",
    en="Licence and filing types: what they are, rules, changes, what is seen\n\nID is an id, Chinese name or alias; one that several bear lists them; without it, all.",
)
@click.argument("identifier", metavar="[ID]", required=False)
@data_option
@json_option
def licence(*, identifier: str | None, data: DataDirectory, as_json: bool) -> int:
    if identifier is None or not identifier.strip():
        lines = _overview(data)
        if as_json:
            for each in lines:
                print_line(each)
        else:
            say_all(lines)
        return 0
    wanted = bearers(identifier)
    if not wanted and not as_json and answers(identifier):
        say_answers(identifier)
        return 0
    wanted = wanted or licence_ids([identifier])
    if as_json:
        for one in wanted:
            print_line(_detail(licences()[one], data))
    elif len(wanted) > 1:
        say_bearers(identifier, wanted)
    else:
        say_whole(_detail(licences()[wanted[0]], data))
    return 0


def _overview(data: DataDirectory) -> list[LicenceOut]:
    from kb.store import queries

    counted: dict[str, tuple[int, int, int]] = {}
    covered: dict[str, CoverageOut] = {}
    if data.kb.exists():
        with reader(data) as connection:
            rows = queries.licence_overview(connection)
            counted = {row.licence: (row.changes, row.provisional, row.held) for row in rows}
            if queries.newest_look(connection):
                covered = {each.licence: CoverageOut.of(each) for each in queries.coverage(connection)}
    lines = []
    for item in licences().values():
        settled, provisional, held = counted.get(item.id, (0, 0, 0))
        lines.append(
            LicenceOut(
                id=item.id,
                parent=item.parent or None,
                zh=item.zh,
                en=item.en,
                aliases=list(item.aliases),
                regulator=item.regulator,
                changes=settled,
                provisional=provisional,
                held=held,
                coverage=covered.get(item.id),
            )
        )
    return lines


def _detail(item: Licence, data: DataDirectory) -> LicenceDetailOut:
    from kb.coveragetext import nothing_found
    from kb.store import queries

    view = None
    if data.kb.exists():
        with reader(data) as connection:
            view = queries.licence_view(connection, item.id)
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
        documents=_documents(view),
        moment=view.moment.isoformat() if view else None,
        since=view.since.isoformat() if view else None,
        changes=[ChangeOut.model_validate(change_fields(row)) for row in view.changes] if view else [],
        nothing_found=nothing_found(view.coverage) if view else NOTHING_KEPT,
        coming=_coming(view),
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


def _documents(view: LicenceView | None) -> list[GoverningOut]:
    return [
        GoverningOut.model_validate(
            {name: getattr(each, name) for name in GoverningOut.model_fields}
            | {"licences": list(each.licences)}
        )
        for each in (view.documents if view else ())
    ]


def _coming(view: LicenceView | None) -> list[ComingOut]:
    return [
        ComingOut(
            day=event.day.isoformat(),
            kind=event.kind,
            title=event.title,
            source=event.source,
            verified=event.verified,
        )
        for event in (view.coming if view else ())
    ]

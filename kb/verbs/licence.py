"""``zhengce licence``: the licence types, and one of them whole — what it is, its rules, what is seen of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from kb import words
from kb.config import DataDirectory
from kb.licences import Licence, below, beside, day_words, licences
from kb.model import Coverage, DocumentStatus
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
from kb.terminal import Verb, print_line, say, tr
from kb.verbs.look import beijing, change_fields, reader
from kb.verbs.options import data_option, json_option, licence_ids, licence_name

if TYPE_CHECKING:
    from kb.store.queries.licences import LicenceView, StandingBasis

SHOWN = 20
NOTHING_KEPT = "还没有巡查过，不能说有没有变动"


@click.command(
    "licence",
    cls=Verb,
    section="看",
    zh="资质事项：是什么、谁主管、依据、规则文件、变动、看得到什么\n\nID 是编号、名称或别名；不写则列出全部。",
    en="Licence and filing types: what they are, rules, changes, what is seen\n\nID is an id, Chinese name or alias; without it, all.",
)
@click.argument("identifier", metavar="[ID]", required=False)
@data_option
@json_option
def licence(*, identifier: str | None, data: DataDirectory, as_json: bool) -> int:
    wanted = licence_ids([identifier]) if identifier is not None else ()
    if not wanted:
        _list(data, as_json=as_json)
        return 0
    line = _detail(licences()[wanted[0]], data)
    if as_json:
        print_line(line)
    else:
        _say(line)
    return 0


def _list(data: DataDirectory, *, as_json: bool) -> None:
    from kb.store import queries

    vocabulary = licences()
    counted: dict[str, int] = {}
    covered: dict[str, CoverageOut] = {}
    if data.kb.exists():
        with reader(data) as connection:
            counted = {row.licence: row.changes for row in queries.licence_overview(connection)}
            if queries.newest_look(connection):
                covered = {each.licence: CoverageOut.of(each) for each in queries.coverage(connection)}
    width = max(map(len, vocabulary)) + 2
    for item in vocabulary.values():
        line = LicenceOut(
            id=item.id,
            parent=item.parent or None,
            zh=item.zh,
            en=item.en,
            aliases=list(item.aliases),
            regulator=item.regulator,
            changes=counted.get(item.id, 0),
            coverage=covered.get(item.id),
        )
        if as_json:
            print_line(line)
            continue
        looked = line.coverage is not None and line.coverage.now is not Coverage.BLIND
        count = line.changes if looked or line.changes else "—"  # nobody looked: no number says so
        number = tr(f"变动 {count}", f"changes {count}")
        seen = (
            [tr(f"监测覆盖 {line.coverage.said}", f"coverage {line.coverage.now}")] if line.coverage else []
        )
        say("　".join([f"{line.id:{width}}{tr(line.zh, line.en)}", number, *seen]))


def _detail(item: Licence, data: DataDirectory) -> LicenceDetailOut:
    from kb.coverage import nothing_found
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
        return [_legal(each) for each in view.basis]
    return [
        LegalBasisOut(**each.model_dump(), status_from="vocabulary", document=None) for each in item.basis
    ]


def _legal(standing: StandingBasis) -> LegalBasisOut:
    facts = standing.basis.model_dump() | {"status": standing.status}
    where = "document" if standing.document else "vocabulary"
    return LegalBasisOut.model_validate(facts | {"status_from": where, "document": standing.document})


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


# --------------------------------------------------------------------------- for people


def _say(line: LicenceDetailOut) -> None:
    say(tr(f"{line.zh}（{line.id}）", f"{line.en} ({line.id})　{line.zh}"))
    _say_fact("上级事项", "above", licence_name(line.parent) if line.parent else "")
    _say_fact("下级事项", "below", "、".join(licence_name(each) for each in line.below))
    _say_fact("别名", "aliases", "、".join(line.aliases))
    _say_fact("主管", "regulator", line.regulator)
    _say_fact("谁会涉及", "who", line.who)
    _say_fact("易混淆", "mixed up", line.confusions)
    _say_fact("相关事项", "related", "、".join(licence_name(each) for each in line.related))
    _say_list("法律依据", "legal basis", [_basis_words(each) for each in line.basis])
    _say_list(
        "常见误传",
        "folklore",
        [f"误传：{each.says}。规则：{each.rule}依据：{each.basis}。" for each in line.folklore],
    )
    _say_coverage(line)
    _say_list("规则文件", "documents", [_document_words(each) for each in line.documents])
    _say_changes(line)
    _say_list("将到的日期", "coming", [f"{each.day}　{each.title}" for each in line.coming])


def _say_fact(zh: str, en: str, text: str) -> None:
    if text:
        say(f"　{tr(zh, en)}　{text}")


def _say_list(zh: str, en: str, texts: Iterable[str]) -> None:
    found = list(texts)
    if found:
        say(f"{tr(zh, en)}　{len(found)}")
    for text in found[:SHOWN]:
        say(f"　{text}")
    if len(found) > SHOWN:
        rest = len(found) - SHOWN
        say(tr(f"　另有 {rest} 项，见 --json", f"  {rest} more, see --json"))


def _basis_words(basis: LegalBasisOut) -> str:
    status = tr(words.zh(basis.status), words.en(basis.status))
    if basis.document:
        status = tr(
            f"{status}（按本库原文 {basis.document}）", f"{status} (by the text held, {basis.document})"
        )
    elif basis.status is DocumentStatus.UNKNOWN:
        status = tr(f"词表所记：{status}", f"by the vocabulary: {status}")
    else:
        status = tr(f"词表所记：{status}，效力未核", f"by the vocabulary: {status}, not checked for today")
    unchecked = "" if basis.verified else tr("【未核】", "[not verified]")
    days = [
        tr(f"{day_words(basis.issued)}公布", f"made {basis.issued}") if basis.issued else "",
        tr(f"{day_words(basis.effective)}起施行", f"from {basis.effective}") if basis.effective else "",
    ]
    return "　".join(filter(None, (f"{basis.title}{unchecked}", basis.number, *days, status, basis.note)))


def _document_words(document: GoverningOut) -> str:
    status = tr(words.zh(document.status), words.en(document.status))
    effective = tr(f"{document.effective} 起施行", f"from {document.effective}") if document.effective else ""
    facts = (f"〔{status}〕{document.title}", document.number, effective, document.source_title, document.id)
    return "　".join(filter(None, facts))


def _say_coverage(line: LicenceDetailOut) -> None:
    if line.coverage is None:
        say(tr("监测覆盖　还没有巡查过，未能查看任何来源", "coverage  nothing was looked at so far"))
        return
    now = tr(line.coverage.said, f"{line.coverage.now} (meant: {line.coverage.meant})")
    say(tr(f"监测覆盖　{now}", f"coverage  {now}"))
    for sight in line.coverage.sources:
        good = beijing(sight.last_good) if sight.last_good else "—"
        last = tr(f"最近一次正常查看 {good}", f"last good look {good}")
        how = tr(sight.said, f"{sight.meant}, {words.en(sight.state) if sight.state else ''}")
        say(f"　{sight.title}　{how}　{last}")


def _say_changes(line: LicenceDetailOut) -> None:
    if line.moment is None or line.since is None:
        say(tr(f"近期变动　{line.nothing_found}", "changes  nothing was looked at so far"))
        return
    span = f"{beijing(line.since)[:10]} — {beijing(line.moment)[:10]}"
    if not line.changes:
        say(
            tr(
                f"近 90 天（{span}）　{line.nothing_found}",
                f"last 90 days ({span})  no change seen, as far as was looked at",
            )
        )
        return
    _say_list(
        f"近 90 天的变动（{span}）",
        f"changes of the last 90 days ({span})",
        [
            f"{each.id}　{beijing(each.observed_to)}　〔{tr(words.zh(each.significance), words.en(each.significance))}〕"
            f"{tr(words.zh(each.kind), words.en(each.kind))}　{each.headline or each.title}"
            for each in line.changes
        ],
    )

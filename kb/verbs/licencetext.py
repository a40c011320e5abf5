"""How ``zhengce licence`` speaks to people: the list of types, and one type whole, the most asked first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len

from kb import words
from kb.codes import Confirmation, Coverage, DocumentStatus
from kb.licences import (
    GROUP_NAMES,
    PART_NAMES,
    STATUS_MEANS,
    UNCHECKED,
    UNCHECKED_MEANS,
    UNKNOWN_MEANS,
    BasisRole,
    Part,
    answers,
    day_words,
    licences,
    region_words,
)
from kb.output import ChangeOut, GoverningOut, LegalBasisOut, LicenceDetailOut, LicenceOut, SightOut
from kb.terminal import say, tr
from kb.verbs.options import licence_name
from kb.verbs.paragraphs import entries, fact, paragraph
from kb.verbs.reader import beijing

SHOWN = 20
ALIASES = 5
COLUMN = 10
IN_ENGLISH = {
    UNCHECKED_MEANS: "[not verified]: title, number or dates were not held against an official text",
    STATUS_MEANS: "status as the vocabulary recorded it, not checked for today, unless by the text held",
    UNKNOWN_MEANS: "not verified: nothing was found that says whether it is in force",
}
NO_NUMBER = "“变动 —”：没有能看到全国的来源，不能说有没有变动。来源与原因见 zhengce licence ID。"
NO_NUMBER_EN = "changes —: nothing that speaks for the country is seen; see zhengce licence ID for why."
_WAITING = (Confirmation.PROVISIONAL, Confirmation.HELD)


# --------------------------------------------------------------------------- the list


def say_all(lines: Sequence[LicenceOut]) -> None:
    known = licences()
    names = max(cell_len(known[line.id].short) for line in lines) + 2
    identifiers = max(len(line.id) for line in lines) + 2
    for group, heading in GROUP_NAMES.items():
        say(tr(heading, group.replace("_", " ")))
        for line in lines:
            item = known[line.id]
            if item.group is group:
                name = tr(f"{item.short}{' ' * (names - cell_len(item.short))}", "")
                seen = [_seen(line)] if line.coverage else []
                say("　".join([f"　{line.id:{identifiers}}{name}{_counted(line)}", *seen]))
    paragraph("", tr(NO_NUMBER, NO_NUMBER_EN))


def _counted(line: LicenceOut) -> str:
    """The settled changes, then those that wait. Where nobody looked, no number says so."""
    looked = line.coverage is not None and line.coverage.now is not Coverage.BLIND
    count = line.changes if looked or line.changes else "—"
    waiting = (
        (line.provisional, tr("待确认", "provisional")),
        (line.held, tr("暂缓推送", "held")),
    )
    said = [tr(f"变动 {count}", f"changes {count}"), *(f"{name} {many}" for many, name in waiting if many)]
    return "　".join(said)


def _seen(line: LicenceOut) -> str:
    return tr(line.coverage.word, str(line.coverage.now)) if line.coverage else ""


def say_bearers(word: str, bearing: Sequence[str]) -> None:
    """A name that several types bear: each with what it is, so that the reader can choose."""
    say(
        tr(f"“{word}”是 {len(bearing)} 项资质事项共有的名称：", f"{len(bearing)} types bear the name {word}:")
    )
    for one in bearing:
        paragraph("　", tr(f"{licences()[one].short}（{one}）", f"{licences()[one].en} ({one})"))
        paragraph("　　", licences()[one].what)
    say(tr(f"看其中一项：zhengce licence {bearing[0]}", f"see one: zhengce licence {bearing[0]}"))


def say_unknown(word: str, near: Sequence[str]) -> None:
    """No type bears the word: those it may mean, what guides say with it where they err, and how to ask from the service."""
    say(tr(f"没有叫“{word}”的资质事项。您是不是要找：", f"No type is named {word}. Did you mean:"))
    for one in near:
        entry = licences()[one]
        paragraph("　", tr(f"{entry.short}（{one}）　{entry.what}", f"{entry.en} ({one})"))
    for identifier, each in answers(word):
        say("")
        _say_folklore(each.says, each.rule, each.basis)
        fact(tr("详见", "see"), f"zhengce licence {identifier}", COLUMN)
    say("")
    say(
        tr(
            "不知道自己的业务涉及哪些事项：zhengce profile new",
            "which types a service needs: zhengce profile new",
        )
    )


# --------------------------------------------------------------------------- one type


def say_whole(line: LicenceDetailOut) -> None:
    _say_what(line)
    _say_bases(line)
    _say_documents(line.documents)
    _say_changes(line)
    entries(tr("将到的日期", "coming"), [(f"{each.day}　{each.title}", "") for each in line.coming[:SHOWN]])
    _say_rest(len(line.coming))
    _say_coverage(line)


def _say_what(line: LicenceDetailOut) -> None:
    short = licences()[line.id].short
    say(tr(f"{short}（{line.id}）", f"{line.en} ({line.id})"))
    if line.zh != short:
        paragraph("", line.zh)
    say("")
    fact(tr("是什么", "what"), line.what, COLUMN)
    fact(tr("谁会涉及", "who"), line.who, COLUMN)
    fact(tr("主管", "issuer"), line.regulator, COLUMN)
    fact(tr("易混淆", "mixed up"), line.confusions, COLUMN)
    for each in line.folklore:
        _say_folklore(each.says, each.rule, each.basis)
    fact(tr("又称", "aliases"), _aliases(line), COLUMN)
    above = licence_name(line.parent) if line.parent else ""
    fact(
        tr("上级", "above"),
        above and tr(f"{above}，其规则对本项同样适用", f"{above}: its rules apply too"),
        COLUMN,
    )
    fact(tr("下级", "below"), _names(line.below), COLUMN)
    fact(tr("相关", "related"), _names(line.related), COLUMN)


def _say_folklore(says: str, rule: str, basis: str) -> None:
    fact(tr("误传", "folklore"), f"{says}。", COLUMN)
    fact(tr("　规则", "  rule"), f"{rule}依据：{basis}。", COLUMN)


def _names(identifiers: Iterable[str]) -> str:
    """Names that ``zhengce licence`` knows: short ones in Chinese, ids in English."""
    return tr("、".join(licences()[one].short for one in identifiers), ", ".join(identifiers))


def _aliases(line: LicenceDetailOut) -> str:
    """The names most used, as far as they are not on the page already; the rest is only counted."""
    shown = [name for name in line.aliases if name not in {line.zh, licences()[line.id].short}]
    rest = len(shown) - ALIASES
    more = tr(f"等 {len(shown)} 个", f" and {rest} more") if rest > 0 else ""
    return "、".join(shown[:ALIASES]) + more


def _say_bases(line: LicenceDetailOut) -> None:
    """Each heading with what stands under it; a mark is explained where it is first seen."""
    parts = [part for part in Part if any(basis.part is part for basis in line.basis)]
    explained: set[str] = set()
    for part in parts:
        shown = [basis for basis in line.basis if basis.part is part]
        entries(tr(*PART_NAMES[part]), [_basis_words(basis) for basis in shown])
        if part is parts[0] and line.parent:
            _say_common(line.parent)
        meanings = [meaning for meaning in _meanings(part, shown) if meaning not in explained]
        _say_marks(*meanings)
        explained.update(meanings)


def _say_common(parent: str) -> None:
    many = sum(basis.role is BasisRole.RULE for basis in licences()[parent].basis)
    name = licence_name(parent)
    paragraph("　", tr(f"另有上级事项{name}的 {many} 项，同样适用", f"and {many} of {name}, which apply too"))


def _meanings(part: Part, shown: Sequence[LegalBasisOut]) -> Iterator[str]:
    if any(not basis.verified for basis in shown):
        yield UNCHECKED_MEANS
    if any(basis.status is DocumentStatus.UNKNOWN for basis in shown):
        yield UNKNOWN_MEANS
    if part is Part.RULE and any(basis.document is None for basis in shown):
        yield STATUS_MEANS


def _say_marks(*meanings: str) -> None:
    for meaning in meanings:
        paragraph("　※ ", tr(meaning, IN_ENGLISH[meaning]))


def _basis_words(basis: LegalBasisOut) -> tuple[str, str]:
    status = "" if basis.part is Part.LIST else f"〔{_status_words(basis)}〕"
    unchecked = "" if basis.verified else tr(UNCHECKED, "[not verified]")
    days = [
        tr(f"{day_words(basis.issued)}公布", f"made {basis.issued}") if basis.issued else "",
        tr(f"{day_words(basis.effective)}起施行", f"from {basis.effective}") if basis.effective else "",
    ]
    title = f"{region_words(basis.region)}{basis.title}{status}{unchecked}"
    return title, "　".join(filter(None, (basis.number, *days, basis.note)))


def _status_words(basis: LegalBasisOut) -> str:
    status = tr(words.zh(basis.status), words.en(basis.status))
    if basis.document:
        return tr(f"{status}，据本库原文 {basis.document}", f"{status}, by the text held, {basis.document}")
    return status


def _say_documents(documents: Sequence[GoverningOut]) -> None:
    for routine, heading in (
        (False, tr("规则文件", "documents")),
        (True, tr("本库收录的例行公告与名单", "routine notices and lists held")),
    ):
        shown = [document for document in documents if document.routine is routine]
        entries(heading, [_document_words(each) for each in shown[:SHOWN]])
        _say_rest(len(shown))
        if not routine and any(each.status is DocumentStatus.UNKNOWN for each in shown[:SHOWN]):
            _say_marks(UNKNOWN_MEANS)


def _say_rest(many: int) -> None:
    if many > SHOWN:
        say(tr(f"　另有 {many - SHOWN} 项，见 --json", f"  {many - SHOWN} more, see --json"))


def _document_words(document: GoverningOut) -> tuple[str, str]:
    status = "" if document.routine else f"〔{tr(words.zh(document.status), words.en(document.status))}〕"
    effective = tr(f"{document.effective} 起施行", f"from {document.effective}") if document.effective else ""
    facts = (document.number, effective, document.source_title, document.id)
    return f"{region_words(document.region)}{document.title}{status}", "　".join(filter(None, facts))


def _say_changes(line: LicenceDetailOut) -> None:
    say("")
    if line.moment is None or line.since is None:
        say(tr(f"近期变动　{line.nothing_found}", "changes  nothing was looked at so far"))
        return
    span = f"{beijing(line.since)[:10]} — {beijing(line.moment)[:10]}"
    heading = tr(f"近 90 天的变动（{span}）", f"changes of the last 90 days ({span})")
    settled = [each for each in line.changes if each.confirmation not in _WAITING]
    if settled:
        say(f"{heading}　{len(settled)}")
        _say_each(settled)
    elif line.changes:  # what waits was seen: nobody may say that nothing was
        say(f"{heading}　{tr('没有已确认的', 'none confirmed')}")
    else:
        say(f"{heading}　{tr(line.nothing_found, 'no change seen, as far as was looked at')}")
    for waiting in _WAITING:
        found = [each for each in line.changes if each.confirmation is waiting]
        if found:
            say(f"　{tr(words.zh(waiting), words.en(waiting))}　{len(found)}")
            _say_each(found)


def _say_each(changes: Sequence[ChangeOut]) -> None:
    for each in changes[:SHOWN]:
        nature = tr(words.zh(each.significance), words.en(each.significance))
        kind = tr(words.zh(each.kind), words.en(each.kind))
        paragraph("　", f"〔{nature}〕{kind}　{each.headline or each.title}")
        held = tr(words.zh(each.held_for), words.en(each.held_for)) if each.held_for else ""
        paragraph("　　", "　".join(filter(None, (held, beijing(each.observed_to), each.id))))
    _say_rest(len(changes))


def _say_coverage(line: LicenceDetailOut) -> None:
    say("")
    if line.coverage is None:
        say(tr("监测覆盖　还没有巡查过，未能查看任何来源", "coverage  nothing was looked at so far"))
        return
    found = line.coverage
    common = f"; rules of {line.parent}: {found.common}" if found.common else ""
    now = tr(found.said, f"{found.now} (meant: {found.meant}){common}")
    paragraph(tr("监测覆盖　", "coverage  "), now)
    for sight in line.coverage.sources:
        paragraph("　", _sight_words(sight))


def _sight_words(sight: SightOut) -> str:
    good = beijing(sight.last_good) if sight.last_good else tr("尚未", "never")
    how = tr(sight.said, f"{sight.meant}, {words.en(sight.state) if sight.state else ''}")
    common = tr("通用规则", "common rules") if sight.common else ""
    last = tr(f"最近一次正常查看 {good}", f"last good look {good}")
    return "　".join(filter(None, (f"{region_words(sight.province)}{sight.title}", common, how, last)))

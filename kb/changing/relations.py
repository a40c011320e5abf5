"""PURE. What a document does to other rules: repeals, replaces, amends, interprets or cites them, each with the words that say so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from kb.changing.ordinals import to_int
from kb.changing.passages import split_passages
from kb.changing.titles import Mention, mentions, number_in
from kb.model import BlockKind, Document, RelationKind


@dataclass(frozen=True, slots=True)
class Relation:
    """``title`` and ``number`` (文号, "" where none is printed) name the other rule. ``evidence`` is verbatim from the
    passage ``anchor``, or the document's title where that is "". ``effective``: a day that the words themselves give."""

    kind: RelationKind
    title: str
    number: str
    anchor: str
    evidence: str
    effective: date | None = None


_ORDER = tuple(RelationKind)
_END = r"(?:废止|失效|停止执行|停止施行|停止实施|停止适用|不再执行|不再适用|不再施行)"
_ENDS = re.compile(
    rf"(?<!已)(?<!已经)(?<!已被)(?<!被)(?<!未){_END}(?!前|后|之前|之后|以前|的规定|的许可|的文件|通知书)"
)
_ENDED_THING = re.compile(r"(?:许可证|证书|资格|资质|合同|协议|批准文件|备案号?|登记)[^，。；《》]{0,16}$")
_PARTS = re.compile(r"^(?:中)?(?:的)?第[一二三四五六七八九十百零〇0-9]{1,6}(?:条|款|项|章|节)")
_STRUCK = re.compile(r"(?:删去|删除|废止)[^，。；：《》]{0,6}$")
_BASIS = re.compile(
    r"(?:根据|依据|依照|按照|违反|遵守|执行|符合|适用|参照|结合|为贯彻落实|贯彻|落实|为了?实施|与|现将)[^，。；：《》]{0,12}(?:《[^《》]*》[^，。；：《》]{0,24}[、和及以与]{1,2}[^，。；：《》]{0,4}){0,6}$"
)
_AS_FOLLOWS = re.compile(
    r"(?:作|做)(?:出|了)?(?:如下|以下|相应)?(?:的)?(?:修改|修订|修正)|予以修改|进行修[改订]|修改为|修改如下|增加(?:一|二|两|三)(?:条|款|项)|改为“|修改成"
)
_AMEND_VERB = re.compile(r"(?<!关于)(?:修改|修订|修正)(?:了|以下|下列)?$")
_LIST_OF = re.compile(r"(?P<end>废止|失效|停止执行)|(?P<amend>修改|修订|修正)")
_LEADS_LIST = re.compile(
    r"(?:下列|以下|如下|目录|清单|一批|部分|\d+(?:件|部)|[一二三四五六七八九十]+(?:件|部))"
)
_INTERPRETS = re.compile(r"解读|答记者问|问答|一图|图解")
_SENTENCE = re.compile(r"[^。；\n]+[。；]?")
_DAY = re.compile(r"自?([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日(?:零时)?起[^，。；《》]{0,8}$")
_NAME_HEADER = re.compile(r"(?:文件|规章|法规|规范性文件)?(?:名称|标题|题名)$|^(?:文件|规章)名?$")
_NUMBER_HEADER = re.compile(r"文号|字号|编号|令号")
_DECISION = re.compile(r"废止|失效")
_STATE = "中华人民共和国"
_NAMES_ITSELF = re.compile(r"废止|修改|修订|修正|失效|解读|答记者问|问答|图解")

_JOINS = re.compile(
    r"^[、，,和及以与 　]+(?:原|以及)?(?:[^，。；《》]{0,60}的|[^，。；《》]{0,40}(?:令|公告)[^，。；《》]{0,12})?$"
)
_VERB_AFTER = re.compile(rf"^[^《》。；]{{0,60}}?{_END}")
_VERB_BEFORE = re.compile(r"(?:废止|停止执行|宣布失效)(?:了)?[：:]?(?:原|下列|以下)?[^，。；《》]{0,30}$")


def relations(document: Document) -> tuple[Relation, ...]:
    """One relation to each other rule, the gravest that the text states, in the order of the text."""
    by_target: dict[tuple[str, str], Relation] = {}
    for said in (*_of_title(document), *_of_rows(document), *_of_text(document)):
        relation = _about_another(said, document)
        if relation is None:
            continue
        held = by_target.get((relation.title, relation.number))
        if held is None or _graver(relation, held):
            by_target[relation.title, relation.number] = relation
    return tuple(_without_bare(by_target))


def _graver(one: Relation, other: Relation) -> bool:
    return _ORDER.index(one.kind) < _ORDER.index(other.kind)


def _without_bare(by_target: dict[tuple[str, str], Relation]) -> Iterator[Relation]:
    """A rule named once with its number and elsewhere without is one rule: the graver relation, with the number."""
    numbered: dict[str, list[Relation]] = {}
    for (title, number), relation in by_target.items():
        if number:
            numbered.setdefault(title, []).append(relation)
    for (title, number), relation in by_target.items():
        named, bare = numbered.get(title, []), by_target.get((title, ""))
        if len(named) != 1 or bare is None:
            yield relation
        elif number:
            yield replace(bare, number=number) if _graver(bare, relation) else relation


def _about_another(relation: Relation, document: Document) -> Relation | None:
    """What a text says of a rule of its own name is about itself; but where that ends, it is an older edition."""
    own = {
        title.removeprefix(_STATE)
        for title in [mention.title for mention in mentions(document.title)] or [document.title]
    }
    if relation.anchor == "" or relation.title.removeprefix(_STATE) not in own:
        return relation
    if _NAMES_ITSELF.search(document.title):
        return relation
    return replace(relation, kind=RelationKind.REPLACES) if relation.kind is RelationKind.REPEALS else None


# ------------------------------------------------------------------ the title


def _of_title(document: Document) -> Iterator[Relation]:
    title = document.title
    for mention in mentions(title):
        before = title[: mention.start]
        if _INTERPRETS.search(title[mention.end :]) or _INTERPRETS.search(before):
            kind = RelationKind.INTERPRETS
        elif re.search(r"废止[^《》]{0,4}$", before):
            kind = RelationKind.REPEALS
        elif re.search(r"(?:修改|修订|修正)[^《》]{0,4}$", before):
            kind = RelationKind.AMENDS
        else:
            continue
        yield Relation(kind, mention.title, mention.number, "", title)


# ------------------------------------------------------------------ tables


def _of_rows(document: Document) -> Iterator[Relation]:
    """Rows of a table of a decision that ends rules: ``序号 文件名称 文号``."""
    if not _DECISION.search(document.title):
        return
    said = ""
    for block in document.blocks:
        if block.kind is not BlockKind.ROW:
            said = block.text if _LIST_OF.search(block.text) else said
            continue
        kind = _kind_of_list(said or document.title)
        names = [cell.text for cell in block.cells if _NAME_HEADER.search(cell.header.replace(" ", ""))]
        if kind is None or not names:
            continue
        named = mentions(names[0])
        title = named[0].title if named else names[0].strip("《》 ")
        numbered = [cell.text for cell in block.cells if _NUMBER_HEADER.search(cell.header)]
        yield Relation(
            kind,
            title,
            number_in(" ".join(numbered)) or (named[0].number if named else ""),
            _row_anchor(document, block.text),
            block.text,
        )


def _row_anchor(document: Document, text: str) -> str:
    return next((p.anchor for p in split_passages(document) if p.kind == "row" and p.text == text), "附表")


def _kind_of_list(heading: str) -> RelationKind | None:
    found = [match.lastgroup for match in _LIST_OF.finditer(heading)]
    if not found or (len(set(found)) > 1):
        return None
    return RelationKind.REPEALS if found[0] == "end" else RelationKind.AMENDS


# ------------------------------------------------------------------ sentences


def _of_text(document: Document) -> Iterator[Relation]:
    leading: RelationKind | None = None
    for passage in split_passages(document):
        if passage.kind in {"row", "image", "reply"}:
            continue
        text = passage.text
        heading = _heading(text)
        if heading is not None:
            leading = heading
        elif leading is not None and "《" not in text:
            leading = (
                leading if leading is RelationKind.AMENDS and "。" in text and "本决定" not in text else None
            )
        for sentence in _SENTENCE.findall(text):
            listed = leading if sentence.lstrip().startswith("《") else None
            for mention, said in _kinds(sentence):
                kind = listed if listed and said is RelationKind.CITES else said
                if kind is RelationKind.CITES and not mention.is_rule:
                    continue
                yield Relation(
                    kind,
                    mention.title,
                    mention.number,
                    passage.anchor,
                    sentence.strip(),
                    _day(sentence, mention, kind),
                )


def _heading(text: str) -> RelationKind | None:
    """What a line like 决定废止下列规章： says of the rules listed under it."""
    if (
        "《" in text
        or len(text) > 120
        or not _LEADS_LIST.search(text)
        or not (text.endswith(("：", ":")) or len(text) <= 30)
    ):
        return None
    return _kind_of_list(text)


def _kinds(sentence: str) -> Iterator[tuple[Mention, RelationKind]]:
    """Each rule a sentence names with what the sentence does to it. A verb reaches the titles of its own clause's list."""
    found = mentions(sentence)
    for at, mention in enumerate(found):
        before = sentence[found[at - 1].end if at else 0 : mention.start]
        after = sentence[mention.end : found[at + 1].start if at + 1 < len(found) else len(sentence)]
        yield mention, _kind(sentence, found, at, before, after)


def _kind(sentence: str, found: list[Mention], at: int, before: str, after: str) -> RelationKind:
    mention = found[at]
    if _BASIS.search(sentence[max(0, mention.start - 200) : mention.start]):
        return RelationKind.CITES
    parts = bool(_PARTS.match(after.lstrip("（）() ")))
    if parts and (_STRUCK.search(before) or _ENDS.search(after) or re.search(r"删去|删除", after)):
        return RelationKind.REPEALS_PARTLY
    if not parts and _ends(sentence, found, at):
        return RelationKind.REPEALS
    return (
        RelationKind.AMENDS if _AS_FOLLOWS.search(after) or _AMEND_VERB.search(before) else RelationKind.CITES
    )


def _ends(sentence: str, found: list[Mention], at: int) -> bool:
    """Whether a verb of ending follows this title, or the last of the list it stands in, or stands before its first."""
    last = at
    while last + 1 < len(found) and _JOINS.match(sentence[found[last].end : found[last + 1].start]):
        last += 1
    following = sentence[found[last].end : found[last + 1].start if last + 1 < len(found) else len(sentence)]
    verb = _ENDS.search(following)
    if (
        verb
        and _VERB_AFTER.match(following)
        and not _ENDED_THING.search(following[: verb.start()])
        and "规定的" not in following[: verb.start()]
    ):
        return True
    first = at
    while first > 0 and _JOINS.match(sentence[found[first - 1].end : found[first].start]):
        first -= 1
    preceding = sentence[found[first - 1].end if first else 0 : found[first].start]
    verb = _VERB_BEFORE.search(preceding)
    return bool(verb and _ENDS.search(preceding, max(0, verb.start())))


def _day(sentence: str, mention: Mention, kind: RelationKind) -> date | None:
    """``《…》自2026年1月1日起废止``: the day between the title and the verb."""
    if kind not in {RelationKind.REPEALS, RelationKind.REPEALS_PARTLY}:
        return None
    after = sentence[mention.end :]
    verb = _ENDS.search(after)
    match = _DAY.search(after[: verb.start()]) if verb else None
    if match is None or "施行" in match[0]:
        return None
    year, month, day = (to_int(part) or 0 for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None

"""PURE. What a document does to other rules: repeals, replaces, amends, interprets or cites them, each with the words that say so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from kb.changing.doings import day_of, kinds
from kb.changing.passages import split_passages
from kb.changing.titles import mentions, number_in
from kb.codes import BlockKind, RelationKind
from kb.model import Document


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
_LIST_OF = re.compile(r"(?P<end>废止|失效|停止执行)|(?P<amend>修改|修订|修正)")
_LEADS_LIST = re.compile(
    r"(?:下列|以下|如下|目录|清单|一批|部分|\d+(?:件|部)|[一二三四五六七八九十]+(?:件|部))"
)
_AND_OTHERS = re.compile(r"》(?:[（(][^（）()]*[）)])?等 ?[0-9一二三四五六七八九十]+ ?(?:件|部)")
_UNMARKED = re.compile(
    r"^([^《》。；：（）()\n]{6,100}?)[（(]([^《》（）()\n]{2,60}?号[^《》（）()\n]{0,40})[）)][。；;]?$"
)
_INTERPRETS = re.compile(r"解读|答记者问|问答|一图|图解")
_SENTENCE = re.compile(r"[^。；\n]+[。；]?")
_NAME_HEADER = re.compile(r"(?:文件|规章|法规|规范性文件)?(?:名称|标题|题名)$|^(?:文件|规章)名?$")
_NUMBER_HEADER = re.compile(r"文号|字号|编号|令号")
_DECISION = re.compile(r"废止|失效")
_STATE = "中华人民共和国"
_NAMES_ITSELF = re.compile(r"废止|修改|修订|修正|失效|解读|答记者问|问答|图解")


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
    of_all = _kind_of_list(document.title) if _LEADS_LIST.search(document.title) else None
    leading: RelationKind | None = None
    for passage in split_passages(document):
        if passage.kind in {"row", "image", "reply"}:
            continue
        heading = _heading(passage.text)
        if heading is None and leading is not None and (item := _UNMARKED.match(passage.text)):
            yield Relation(leading, item[1], number_in(item[2]), passage.anchor, passage.text)
            continue
        leading = heading or _still(leading, passage.text)
        for sentence in _SENTENCE.findall(passage.text):
            listed = _listed(sentence, leading, of_all)
            for mention, said in kinds(sentence):
                kind = listed if listed and said is RelationKind.CITES else said
                if kind is not RelationKind.CITES or mention.is_rule:
                    since = day_of(sentence, mention, kind)
                    yield Relation(
                        kind, mention.title, mention.number, passage.anchor, sentence.strip(), since
                    )


def _still(leading: RelationKind | None, text: str) -> RelationKind | None:
    """Whether a list goes on: between its items stand at most the amendments of each."""
    if "《" in text or (leading is RelationKind.AMENDS and "。" in text and "本决定" not in text):
        return leading
    return None


def _listed(sentence: str, leading: RelationKind | None, of_all: RelationKind | None) -> RelationKind | None:
    """What the list says in which a sentence stands as an item; of a bare title, what the whole decision is about."""
    text = sentence.strip("。；;. ")
    if not text.startswith("《"):
        return None
    found = mentions(text)
    bare = len(found) == 1 and not re.sub(r"^[（(][^（）()]*[）)]", "", text[found[0].end :])
    return leading or (of_all if bare else None)


def _heading(text: str) -> RelationKind | None:
    """What a line like 决定废止下列规章： says of the rules listed under it."""
    if (
        ("《" in text and not _AND_OTHERS.search(text))
        or len(text) > 120
        or not _LEADS_LIST.search(text)
        or not (text.endswith(("：", ":")) or len(text) <= 30)
    ):
        return None
    return _kind_of_list(text)

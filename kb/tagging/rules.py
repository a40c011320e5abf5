"""Hits of title and text -> one tag a licence, the best evidence for each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from kb.codes import Confidence
from kb.licences import licences
from kb.model import LicenceTag
from kb.tagging.evidence import Hit, Marked, hits, is_cited
from kb.tagging.field import read_field, squeeze
from kb.tagging.platforms import ROW_WORDS, category_row, is_category_row, own_hits
from kb.tagging.settings import not_a_rule
from kb.tagging.vocabulary import Meaning, Role, Vocabulary, rule_name, vocabulary

LONG = 2000
"""In a text longer than this (squeezed characters) a licence named once in passing is a tag of low confidence."""

MANY = 3
"""So many children of a family are named only where the family is meant."""

ASSUMED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "wechat_category": frozenset(map(squeeze, ("小程序", "类目"))),
        "wechat_guide": frozenset(map(squeeze, ("小程序",))),
        "wechat": frozenset(map(squeeze, ("小程序",))),
    }
)
"""What every text of such a source is about, said or not."""

TITLE = "title"

NOT_IN_FORCE = "；征求意见稿，尚未施行"
"""Added to the reasons of a draft's tags: it concerns the same licences, and binds nobody yet."""

_DRAFT = re.compile("征求意见|草案|送审稿")
_WECHAT = re.compile("微信|腾讯")


def tag(
    title: str,
    text: str,
    *,
    source_kind: str = "",
    authority: str = "",
    columns: Sequence[str] = (),
    anchor: str = "text",
) -> tuple[LicenceTag, ...]:
    """The licence types that a text concerns, in the order of the vocabulary.

    ``source_kind`` says what sort of text it is (``regulator_rule``, ``news``, ``wechat_category``, ...); unknown
    kinds count as none. ``authority`` is who published it and ``columns`` are the column heads of the table a row
    stands in: their words are company for weak words, never evidence. Evidence is verbatim: ``title[start:end]`` when
    ``field`` is ``"title"``, else ``text[start:end]``, and ``field`` is ``anchor``.
    """
    in_title, in_text = _title(title, vocabulary()), Marked(read_field(anchor, text), vocabulary())
    if not_a_rule(source_kind, in_title.field.squeezed, in_text.field.squeezed):
        return ()
    assumed = _assumed(source_kind, authority, columns)
    from_title = (*hits(in_title, in_title, assumed), *subject(in_title))
    row = is_category_row(source_kind, authority, columns)
    from_text = hits(in_text, in_title, assumed, ROW_WORDS if row else frozenset())
    in_body = [hit for hit in from_text if counts(hit, from_title)]
    if row:
        in_body = own_hits(in_text, in_body)
        in_body += category_row(in_text, [*from_title, *in_body])
    counted = [*from_title, *in_body]
    found = best(give_way(counted))
    once = passing(counted) if len(in_text.field.squeezed) > LONG else frozenset()
    tags = (as_tag(hit, passing=hit.field.name != TITLE and hit.meaning.licence in once) for hit in found)
    if source_kind == "draft" or _DRAFT.search(in_title.field.squeezed):
        return tuple(replace(one, reason=one.reason + NOT_IN_FORCE) for one in tags)
    return tuple(tags)


@lru_cache(maxsize=64)
def _title(title: str, known: Vocabulary) -> Marked:
    """Read once for all clauses of a document."""
    return Marked(read_field(TITLE, title), known)


def _assumed(source_kind: str, authority: str, columns: Sequence[str]) -> frozenset[str]:
    if not (authority or columns):
        return ASSUMED.get(source_kind, frozenset())
    around = Marked(read_field("source", "\n".join((authority, *columns))), vocabulary())
    platform = ASSUMED["wechat"] if _WECHAT.search(authority) else frozenset()
    return ASSUMED.get(source_kind, frozenset()) | platform | around.places.keys()


def subject(title: Marked) -> Iterator[Hit]:
    """A document that is itself the legal basis of licences concerns them, whatever its title says of them."""
    squeezed = title.field.squeezed
    name = rule_name(squeezed)
    for licence in vocabulary().subjects.get(name, ()):
        start = squeezed.index(name)
        yield Hit(title.field, start, start + len(name), Meaning(licence, Role.LAW, f"{licence}.basis"))


def counts(hit: Hit, from_title: Iterable[Hit]) -> bool:
    """A rule named in the text counts where the text rests on it; a rule's own text only refers to others."""
    if hit.meaning.role is not Role.LAW:
        return True
    return is_cited(hit) and not any(other.meaning.role is Role.LAW for other in from_title)


def give_way(found: Iterable[Hit]) -> list[Hit]:
    """Without the hits of a family that a child outnumbers, or that only weak words speak for.

    The family stays when the title or a rule of its own names it, or when so many of its children are named that it is about them all.
    """
    known = vocabulary()
    found = list(found)
    if not any(hit.meaning.licence in known.families for hit in found):
        return found
    times = places(found)
    titled = {
        hit.meaning.licence
        for hit in found
        if hit.meaning.role is Role.LAW or (hit.field.name == TITLE and hit.meaning.role is Role.STRONG)
    }
    feeble = known.families - {hit.meaning.licence for hit in found if hit.meaning.role is not Role.WEAK}
    yielding = set()
    for family in known.families - titled:
        children = [times[licence] for licence in times if known.parents.get(licence) == family]
        if not children or len(children) >= MANY:
            continue
        if times[family] <= sum(children) or family in feeble:
            yielding.add(family)
    return [hit for hit in found if hit.meaning.licence not in yielding]


def places(found: Iterable[Hit]) -> Counter[str]:
    """In how many places each licence is hit; words that stand inside each other are one place."""
    times: Counter[str] = Counter()
    ends: dict[tuple[str, str], int] = {}
    for hit in sorted(found, key=lambda hit: (hit.start, -hit.end)):
        place = (hit.meaning.licence, hit.field.name)
        if hit.end > ends.get(place, 0):
            times[hit.meaning.licence] += 1
            ends[place] = hit.end
    return times


def passing(found: Iterable[Hit]) -> frozenset[str]:
    """The licences that are hit in one place only."""
    return frozenset(licence for licence, count in places(found).items() if count == 1)


def best(found: Iterable[Hit]) -> list[Hit]:
    """The strongest, then earliest hit of each licence, in the order of the vocabulary."""
    chosen: dict[str, Hit] = {}
    for hit in found:
        other = chosen.get(hit.meaning.licence)
        if other is None or rank(hit) < rank(other):
            chosen[hit.meaning.licence] = hit
    return [chosen[licence] for licence in licences() if licence in chosen]


def rank(hit: Hit) -> tuple[Role, bool]:
    return hit.meaning.role, hit.field.name != TITLE


def as_tag(hit: Hit, *, passing: bool) -> LicenceTag:
    start, end = hit.field.span(hit.start, hit.end)
    evidence = hit.field.original[start:end]
    confidence = Confidence.MEDIUM if hit.meaning.role is Role.WEAK else Confidence.HIGH
    return LicenceTag(
        licence=hit.meaning.licence,
        rule=hit.meaning.rule,
        evidence=evidence,
        field=hit.field.name,
        start=start,
        end=end,
        reason=reason(hit, evidence) + ("；长文中只此一处" if passing else ""),
        confidence=Confidence.LOW if passing else confidence,
    )


def reason(hit: Hit, evidence: str) -> str:
    where = "标题" if hit.field.name == TITLE else "原文"
    if hit.meaning.role is Role.LAW:
        return f"{where}写明规则文件“{evidence}”"
    if hit.meaning.role is Role.STRONG:
        return f"{where}命中“{evidence}”"
    return f"{where}命中“{evidence}”，上下文有“{hit.company}”"

"""Any one entry of the vocabulary can be taken out, and the scores move only there; and no entry knows a labelled text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.licences import Licence, licences
from kb.tagging import rules
from kb.tagging.field import squeeze
from kb.tagging.settings import settings
from kb.tagging.vocabulary import Vocabulary, compile_vocabulary
from tests.eval.gold_tagging import Item
from tests.eval.tagging_unseen import own

ITEMS: tuple[Item, ...] = (*own("unseen_a"), *own("unseen_b"))
GRAM = 10
DEFINED = (
    "生成式人工智能服务提供者",  # 生成式人工智能服务管理暂行办法第二十二条
    "提供生成式人工智能服务",  # the same, 第二条
    "不满十四周岁未成年人",  # 个人信息保护法第三十一条
    "互联网信息服务提供者",  # 互联网信息服务管理办法
    "互联网上网服务营业场所",  # 互联网上网服务营业场所管理条例
    "电信业务市场综合管理",  # the system in which telecom licences are applied for
    "基础电信业务经营许可证",  # another licence
    "药品、医疗器械互联网信息服务",  # the paper that proves the filing of such a service
)
"""Terms that rules define, and names of papers and systems."""


def found(known: Vocabulary, monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    with monkeypatch.context() as patched:
        patched.setattr(rules, "vocabulary", lambda: known)
        return [
            {one.licence for one in rules.tag(item.title, item.text, source_kind=item.kind)} for item in ITEMS
        ]


def related(licence: Licence) -> set[str]:
    """A licence, its parent and its children: a family gives way to a child, a child's word hides the parent's."""
    known = licences().values()
    children = {other.id for other in known if other.parent == licence.id}
    siblings = {other.id for other in known if licence.parent and other.parent == licence.parent}
    return {licence.id, *children, *siblings, *filter(None, [licence.parent])}


@pytest.fixture(scope="module")
def complete() -> list[set[str]]:
    return found(compile_vocabulary(licences()), pytest.MonkeyPatch())


@pytest.mark.parametrize("taken", list(licences()))
def test_without_one_entry_only_its_own_tags_go(
    taken: str, complete: list[set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    left = compile_vocabulary({name: licence for name, licence in licences().items() if name != taken})
    without = found(left, monkeypatch)
    mentioned = sum(taken in tags for tags in complete)
    assert mentioned, f"no text of ours is about {taken}"
    assert not any(taken in tags for tags in without)
    moved = set().union(*(before ^ after for before, after in zip(complete, without, strict=True)))
    assert moved <= related(licences()[taken])


def terms() -> Iterator[str]:
    """Every word by which the tagger decides, squeezed."""
    for licence in licences().values():
        yield from map(squeeze, (*licence.strong, *licence.mask, *licence.exclude))
        for weak in licence.weak:
            yield from map(squeeze, (*weak.any, *weak.near, *weak.unless))
    for setting in settings():
        yield from map(squeeze, (*setting.cues, *setting.unless))


def grams(term: str) -> Iterator[str]:
    """Pieces of a word long enough to have been copied; a Latin word is no piece of a Chinese text."""
    pieces = (term[start : start + GRAM] for start in range(len(term) - GRAM + 1))
    return (piece for piece in pieces if not piece.isascii())


def legal_names() -> str:
    """Names of rules and of licences, which labelled texts and the vocabulary may share."""
    known = licences().values()
    names = [
        name for one in known for name in (one.zh, *one.aliases, *one.laws, *(b.title for b in one.basis))
    ]
    return "\n".join(map(squeeze, (*names, *DEFINED)))


LABELLED = ("tagging", "titles", "wechat_categories", "changes")


def strings(value: object) -> Iterator[str]:
    """Every text in a labelled line, whatever it is called there."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


@pytest.mark.parametrize("name", LABELLED)
def test_no_word_of_the_vocabulary_is_a_labelled_title_or_a_piece_of_a_labelled_text(
    name: str, shared: Path
) -> None:
    lines = [json.loads(line) for line in (shared / f"gold/{name}.jsonl").read_text("utf-8").splitlines()]
    titles = {squeeze(line.get("title") or "") for line in lines} - {""}
    texts = "\n".join(squeeze(text) for line in lines for text in strings(line))
    names = legal_names()
    named = [term for term in terms() if term in titles and term not in names]
    copied = {gram for term in terms() for gram in grams(term) if gram in texts and gram not in names}
    assert (named, copied) == ([], set())

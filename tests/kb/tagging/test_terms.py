"""Each word of the term tables does something, and does it to its own family only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kb.licences import licences
from kb.tagging import rules
from kb.tagging.field import squeeze
from kb.tagging.vocabulary import Vocabulary, compile_vocabulary
from tests.eval.gold_tagging import Item
from tests.eval.tagging_unseen import OWN, own
from tests.kb.tagging.probes import Term, family, idle, named, terms, without

EVERY = 12
"""One word in so many is taken out of the whole vocabulary; which ones is fixed by the order of the tables."""

ITEMS: tuple[tuple[str, Item], ...] = tuple(
    (squeeze(f"{item.title}\n{item.text}"), item) for name in OWN for item in own(name.split("/")[1])
)
COMPLETE = compile_vocabulary(licences())
TERMS = tuple(term for licence in licences().values() for term in terms(licence))


@pytest.mark.parametrize("licence", list(licences()))
def test_no_word_is_idle(licence: str) -> None:
    known = licences()[licence]
    assert [term for term in idle(known) if not named(known, term)] == []


def tagged(item: Item, known: Vocabulary, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    with monkeypatch.context() as patched:
        patched.setattr(rules, "vocabulary", lambda: known)
        tags = rules.tag(item.title, item.text, source_kind=item.kind, columns=item.columns)
    return {one.licence for one in tags}


def moved(term: Term, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The licences whose tags come or go in our texts when a word is taken out; only texts with the word can move."""
    known = licences()
    left = compile_vocabulary({**known, term.licence: without(known[term.licence], term)})
    word = squeeze(term.word)
    for text, item in ITEMS:
        if word in text:
            yield from tagged(item, COMPLETE, monkeypatch) ^ tagged(item, left, monkeypatch)


@pytest.mark.parametrize("term", TERMS[::EVERY], ids=lambda term: f"{term.licence}-{term.table}-{term.word}")
def test_without_a_word_only_tags_of_its_family_move(term: Term, monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(moved(term, monkeypatch)) <= family(licences()[term.licence]).keys()

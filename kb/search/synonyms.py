"""Names that mean the same licence: ``synonyms.toml`` -> what else a term of a query should find."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from pydantic import Field

from kb.search.zh import tokens
from kb.tables import Strict, read_table

_FILE = Path(__file__).with_name("synonyms.toml")

Tokens = tuple[str, ...]


class Group(Strict):
    """``names`` find each other; ``short`` forms find the names, but are too ambiguous to be found by them."""

    names: tuple[str, ...] = Field(min_length=1)
    short: tuple[str, ...] = ()


class Synonyms(Strict):
    group: tuple[Group, ...]


def read_synonyms(path: Path) -> Mapping[Tokens, tuple[str, ...]]:
    """Tokens of a name -> its other names. Raises DeclarationError when the file cannot be used."""
    table = read_table(path, Synonyms, "同义词表")
    found: dict[Tokens, tuple[str, ...]] = {}
    for group in table.group:
        for name in (*group.names, *group.short):
            asked = tuple(tokens(name))
            others = (
                *found.get(asked, ()),
                *(other for other in group.names if tuple(tokens(other)) != asked),
            )
            found[asked] = tuple(dict.fromkeys(others))
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def synonyms() -> Mapping[Tokens, tuple[str, ...]]:
    return read_synonyms(_FILE)

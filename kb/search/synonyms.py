"""Names that mean the same licence: ``synonyms.toml`` -> what else a term of a query should find."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kb.errors import DeclarationError
from kb.search.zh import tokens

_FILE = Path(__file__).with_name("synonyms.toml")

Tokens = tuple[str, ...]


class Group(BaseModel):
    """``names`` find each other; ``short`` forms find the names, but are too ambiguous to be found by them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    names: tuple[str, ...] = Field(min_length=1)
    short: tuple[str, ...] = ()


class Synonyms(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    group: tuple[Group, ...]


def read_synonyms(path: Path) -> Mapping[Tokens, tuple[Tokens, ...]]:
    """Tokens of a name -> tokens of its other names. Raises DeclarationError when the file cannot be used."""
    try:
        table = Synonyms.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise DeclarationError(f"同义词表不能使用：{error}", where=str(path), do="请改正后重试") from error
    found: dict[Tokens, tuple[Tokens, ...]] = {}
    for group in table.group:
        names = [tuple(tokens(name)) for name in group.names]
        for asked in [*names, *(tuple(tokens(name)) for name in group.short)]:
            others = (*found.get(asked, ()), *(name for name in names if name != asked))
            found[asked] = tuple(dict.fromkeys(others))
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def synonyms() -> Mapping[Tokens, tuple[Tokens, ...]]:
    return read_synonyms(_FILE)

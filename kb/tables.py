"""Our own tables in TOML, read strictly: a misspelt key is an error, because it would be a rule that silently is not."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from kb.config import complaint, line_of, toml_fault
from kb.errors import DeclarationError

_Table = TypeVar("_Table", bound="Strict")


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def read_table(path: Path, model: type[_Table], name: str) -> _Table:
    """The table in a file. Raises DeclarationError, which calls the table by its Chinese ``name``."""
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DeclarationError(
            f"{name}不是合法的 TOML，{toml_fault(error)}", where=str(path), do="请改正后重试"
        ) from error
    except ValidationError as error:
        raise DeclarationError(
            f"{name}{line_of(error, path.read_text(encoding='utf-8'))} {complaint(error)}",
            where=str(path),
            do="请改正后重试",
        ) from error

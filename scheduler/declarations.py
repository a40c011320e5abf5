"""Which declarations are in force: bundled, then the folders of ``zhengce.toml``, then those the data directory keeps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import tomlkit

import crawler
from kb.config import DataDirectory
from kb.errors import NotFound
from kb.sources import Source, load_declarations

BUNDLED = Path(crawler.__file__).parent / "sources"


def known_sources(data: DataDirectory, folder: Path | None = None) -> dict[str, Source]:
    """Declarations by id; ``folder`` stands in for the bundled ones, a later layer wins. Raises ``DeclarationError``."""
    settings = data.settings()
    bundled = [] if settings.demo else [BUNDLED]
    layers = [*([folder] if folder else bundled), *map(Path, settings.sources), data.declarations]
    if folder is not None:
        layers.append(folder)  # a file given now is newer than the copy kept when it was last used
    return {
        identifier: source
        for layer in layers
        if layer.exists()
        for identifier, source in load_declarations([layer]).items()
    }


def choose(sources: dict[str, Source], wanted: Sequence[str]) -> list[Source]:
    """The sources named, or all that are enabled. Raises ``NotFound`` naming what nobody declares."""
    unknown = [identifier for identifier in wanted if identifier not in sources]
    if unknown:
        raise NotFound(f"没有这个来源：{'、'.join(unknown)}", do="zhengce sources list 可列出全部来源")
    return [sources[identifier] for identifier in wanted] or [s for s in sources.values() if s.enabled]


def keep(data: DataDirectory, sources: Iterable[Source]) -> None:
    """Copy declarations that did not come with the program, so that a rebuild finds them."""
    bundled = load_declarations([BUNDLED])
    for source in sources:
        if bundled.get(source.id) == source:
            continue
        data.declarations.mkdir(parents=True, exist_ok=True)
        content = source.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
        (data.declarations / f"{source.id}.toml").write_text(tomlkit.dumps(content), "utf-8")

"""Which declarations are in force: the copies the data directory keeps, over them the bundled ones, over them the
folders of ``zhengce.toml``, over them a folder given now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import tomlkit

import crawler
from kb.config import DataDirectory
from kb.errors import NotFound, UsageError
from kb.sources import Source, load_declarations

BUNDLED = Path(crawler.__file__).parent / "sources"


def known_sources(data: DataDirectory, folder: Path | None = None) -> dict[str, Source]:
    """Declarations by id; ``folder`` stands in for the bundled ones, a later layer wins.

    The copies the data directory keeps stand in only where nobody declares the id any more: an operator's own file is
    never shadowed by the copy of what it once said. Raises ``DeclarationError``, or ``UsageError`` for a ``folder``
    that declares nothing.
    """
    settings = data.settings()
    bundled = [] if settings.demo else [BUNDLED]
    layers = [data.declarations, *bundled, *map(Path, settings.sources)]
    if folder is not None:
        given = load_declarations([folder])
        if not given:
            raise UsageError("这里没有来源配置", where=str(folder), do="文件夹里应有 *.toml 来源配置")
        layers = [data.declarations, *map(Path, settings.sources), folder]
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
        file = data.declarations / f"{source.id}.toml"
        fresh = file.with_name(f".{file.name}.new")
        fresh.write_text(tomlkit.dumps(content), "utf-8")
        fresh.replace(file)

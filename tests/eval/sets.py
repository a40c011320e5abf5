"""Where the development sets lie, and the manifests that bring them into a knowledge base."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.config import DataDirectory, SystemClock
from kb.sources import Source, load_declaration, load_declarations
from scheduler.declarations import keep, known_sources
from scheduler.histories import read_manifest
from scheduler.importing import import_histories
from tests.eval.table import Absent

SHARED = Path(__file__).resolve().parents[3] / "shared"
DECLARATIONS = Path(__file__).parent / "declarations"
ABSENT = "开发集（../shared）不在旁边"


def present(shared: Path, name: str) -> Path:
    """The folder or file of a set. Raises ``Absent``."""
    path = shared / name
    if not path.exists():
        raise Absent(f"../shared/{name} 不在旁边" if shared.is_dir() else ABSENT)
    return path


@dataclass(frozen=True)
class Entry:
    """One line of a manifest."""

    file: Path
    url: str
    fetched_at: str
    source: str


def write_manifest(entries: Iterable[Entry], target: Path) -> Path:
    with target.open("w", encoding="utf-8") as out:
        for entry in entries:
            line = {
                "file": str(entry.file),
                "url": entry.url,
                "fetched_at": entry.fetched_at,
                "source": entry.source,
            }
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    return target


OTA_DOCUMENTS = {
    "GitHub_Privacy_Policy": "github-privacy",
    "Open_Terms_Archive_Privacy_Policy": "ota-privacy",
    "Kimi_AI_Privacy_Policy": "kimi-privacy",
    "Kimi_AI_Terms_of_Service": "kimi-terms",
    "Qwen_Chat_Terms_of_Service": "qwen-terms",
    "Qwen_Chat_Privacy_Policy": "qwen-privacy",
}


def ota_index(shared: Path) -> Iterator[tuple[dict[str, object], Source, Path]]:
    """(index line, declaration, file) for each of the real captures."""
    folder = present(shared, "data/ota-snapshots-html")
    loaded = {name: load_declaration(DECLARATIONS / f"{name}.toml") for name in OTA_DOCUMENTS.values()}
    for line in (folder / "index.jsonl").read_text("utf-8").splitlines():
        item = json.loads(line)
        file = folder / item["file"]
        yield item, loaded[OTA_DOCUMENTS[file.parent.name]], file


def ota_entries(shared: Path) -> list[Entry]:
    return [
        Entry(file, source.start[0], str(item["date"]), source.id) for item, source, file in ota_index(shared)
    ]


def law_pairs(shared: Path) -> list[dict[str, str]]:
    pairs: list[dict[str, str]] = json.loads(present(shared, "data/law-pairs/pairs.json").read_text("utf-8"))
    return pairs


def law_url(law: str) -> str:
    return f"https://laws.invalid/{law}"


def law_entries(shared: Path) -> list[Entry]:
    folder = present(shared, "data/law-pairs")
    return [
        Entry(
            folder / pair[which], law_url(pair["law"]), f"{pair[f'{which}_date']}T00:00:00+00:00", "eval.laws"
        )
        for pair in law_pairs(shared)
        for which in ("old", "new")
    ]


def import_entries(entries: Iterable[Entry], data: DataDirectory) -> None:
    """Bring entries into a data directory through the line that ``zhengce import`` uses."""
    data.root.mkdir(parents=True, exist_ok=True)
    keep(data, load_declarations([DECLARATIONS]).values())
    manifest = write_manifest(entries, data.root / "manifest.jsonl")
    with data.writer():
        import_histories(
            data,
            read_manifest(manifest, Path("/")),
            sources=known_sources(data),
            chosen=None,
            clock=SystemClock(),
            progress=lambda _done: None,
        )

"""Frozen bytes and the readings they must give. A missing expectation is written, and the test fails once."""

import json
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from kb.codes import PageRole
from kb.reading.decode import decode_body
from kb.reading.fingerprint import fingerprint
from kb.reading.page import read_page
from kb.sources import Source

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "reading"
CASES: dict[str, dict[str, Any]] = tomllib.loads((GOLDEN / "cases.toml").read_text("utf-8"))
DECLARED = ("mechanism", "level", "document", "noise", "title_suffix")


def declared_source(name: str, case: dict[str, Any]) -> Source | None:
    declared = {key: case[key] for key in DECLARED if key in case}
    if not declared:
        return None
    document = {"min_characters": 1, **declared.pop("document", {})}
    return Source.model_validate(
        {
            "id": f"golden.{name.replace('_', '-')}",
            "title": "示例来源",
            "authority": "示例机构",
            "mechanism": "pages",
            "level": "regulator",
            "hosts": ["www.example.gov.cn"],
            "start": ["https://www.example.gov.cn/"],
            "publish": "full",
            "document": document,
            **declared,
        }
    )


def pruned(value: Any) -> Any:
    """JSON-ready, without empty fields."""
    if isinstance(value, dict):
        return {
            key: kept for key, item in value.items() if (kept := pruned(item)) not in ("", None, [], 0, False)
        }
    if isinstance(value, (list, tuple)):
        return [pruned(item) for item in value]
    return value if isinstance(value, (str, int)) or value is None else str(value)


@pytest.mark.parametrize("name", CASES)
def test_reading_is_as_recorded(name: str) -> None:
    case = CASES[name]
    body = (GOLDEN / case["file"]).read_bytes()
    reading = read_page(body, url=case["url"], source=declared_source(name, case))
    found = json.dumps(pruned(asdict(reading)), ensure_ascii=False, indent=1) + "\n"
    expected = GOLDEN / f"{name}.expected.json"
    if not expected.exists():
        expected.write_text(found, "utf-8")
        pytest.fail(f"{expected.name} was written: read it, and commit it when it is right")
    assert found == expected.read_text("utf-8")


@pytest.mark.parametrize("name", CASES)
def test_reading_twice_gives_the_same(name: str) -> None:
    case = CASES[name]
    body, source = (GOLDEN / case["file"]).read_bytes(), declared_source(name, case)
    assert read_page(body, url=case["url"], source=source) == read_page(body, url=case["url"], source=source)


def test_every_fixture_is_used() -> None:
    used = (
        {case["file"] for case in CASES.values()}
        | {"cases.toml"}
        | {f"{name}.expected.json" for name in CASES}
    )
    assert {path.name for path in GOLDEN.iterdir()} == used


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "document" in case])
def test_declared_pages_have_a_fingerprint(name: str) -> None:
    case = CASES[name]
    text = decode_body((GOLDEN / case["file"]).read_bytes()).text
    assert fingerprint(text, url=case["url"], source=declared_source(name, case), role=PageRole.DOCUMENT)

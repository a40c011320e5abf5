import json
from pathlib import Path

import jsonschema
import pytest

from kb.output import schema_files

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"


@pytest.mark.parametrize(("name", "text"), schema_files().items(), ids=schema_files())
def test_published_schemas_follow_the_models(name: str, text: str) -> None:
    """Regenerate with ``python -m kb.output docs/schemas``."""
    assert (SCHEMAS / name).read_text("utf-8") == text
    jsonschema.Draft202012Validator.check_schema(json.loads(text))


def test_every_line_names_its_schema_and_version() -> None:
    for name, text in schema_files().items():
        assert json.loads(text)["properties"]["schema"]["const"].startswith("zhengce."), name

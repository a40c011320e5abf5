from datetime import date
from pathlib import Path

import jsonschema
import pytest

from kb.errors import DeclarationError
from kb.sources import json_schema, load_declaration, load_declarations

GOOD = """
id = "sample.rules"
title = "示例网信办·规章"
authority = "示例网信办"
mechanism = "column"
level = "regulator"
publish = "full"
hosts = ["wangxin.example.invalid"]
start = ["https://wangxin.example.invalid/gz/"]

[list]
item = { css = "ul.list li", evidence = "guessed" }

[document]
body = [{ css = "#body", evidence = "documented" }]

[[history]]
valid_until = 2026-03-31
body = [{ css = "#old", evidence = "verified" }]
"""


def declaration(folder: Path, text: str = GOOD, name: str = "a.toml") -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def test_old_selectors_hold_for_old_days(tmp_path: Path) -> None:
    source = load_declaration(declaration(tmp_path))
    assert source.rules_at(date(2026, 3, 31)).body[0].css == "#old"
    assert source.rules_at(date(2026, 4, 1)).body[0].css == "#body"


def test_the_digest_follows_what_decides_and_nothing_else(tmp_path: Path) -> None:
    source = load_declaration(declaration(tmp_path))
    retitled = load_declaration(declaration(tmp_path, GOOD.replace("示例网信办·规章", "规章"), "b.toml"))
    reselected = load_declaration(declaration(tmp_path, GOOD.replace("#body", "#zoom"), "c.toml"))
    assert source.digest == retitled.digest
    assert source.digest != reselected.digest


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('mechanism = "column"', 'mechanism = "colunm"', "mechanism"),
        ("[document]", "[documents]", "documents"),
        ('hosts = ["wangxin.example.invalid"]', 'hosts = ["other.invalid"]', "hosts"),
        ("https://wangxin", "file://wangxin", "start"),
        ("valid_until = 2026-03-31\n", "", "valid_until"),
        ('id = "sample.rules"', 'id = "../sample"', "id"),
        ("[list]", "[list", "TOML"),
        ("[list]", '[list]\ninclude = "(办法"', "list.include"),
        ("[list]", '[list]\nexclude = "[草"', "list.exclude"),
    ],
)
def test_a_wrong_key_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        load_declaration(declaration(tmp_path, GOOD.replace(old, new)))
    assert named in str(caught.value)
    assert caught.value.where.endswith("a.toml")


def test_two_declarations_of_one_id_are_refused(tmp_path: Path) -> None:
    declaration(tmp_path)
    declaration(tmp_path, name="b.toml")
    with pytest.raises(DeclarationError, match="重复"):
        load_declarations([tmp_path])


def test_the_schema_for_editors_is_valid_and_strict() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False


def test_a_fault_in_a_declaration_is_told_in_chinese_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text('id = "a.b"\ntitle =', "utf-8")
    with pytest.raises(DeclarationError, match="值写法不对") as broken:
        load_declaration(file)
    assert "Invalid" not in str(broken.value)
    file.write_text('title = "甲"\nid = "不是 编号"\n', "utf-8")
    with pytest.raises(DeclarationError) as wrong:
        load_declaration(file)
    assert "should" not in str(wrong.value)
    file.write_text('id = "a.b"\ntitle = "甲"\n\nlevel = "哪级"\n', "utf-8")
    with pytest.raises(DeclarationError) as unknown:
        load_declaration(file)
    assert "Input" not in str(unknown.value)

from pathlib import Path

import pytest

from kb.errors import DeclarationError
from kb.search import also_asked, match_query, without_synonyms
from kb.search.synonyms import read_synonyms, synonyms


def test_names_find_each_other_and_short_forms_only_one_way(tmp_path: Path) -> None:
    file = tmp_path / "synonyms.toml"
    file.write_text('[[group]]\nnames = ["甲证", "乙证"]\nshort = ["丙"]\n', encoding="utf-8")
    table = read_synonyms(file)
    assert table[("甲", "证")] == ("乙证",)
    assert table[("丙",)] == ("甲证", "乙证")
    assert "丙" not in table[("乙", "证")]


@pytest.mark.parametrize(
    "text", ["[[group]", '[[group]]\nname = ["甲"]\n', "group = 1\n", "[[group]]\nnames = []\n"]
)
def test_a_table_that_cannot_be_used_says_so(tmp_path: Path, text: str) -> None:
    file = tmp_path / "synonyms.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError, match="同义词表"):
        read_synonyms(file)


def test_a_term_without_synonym_stays_exactly_as_asked() -> None:
    assert ("备", "案") not in synonyms()
    assert match_query("备案") == '"备 案"'
    assert match_query("“文网文”") == '"文 网 文"'
    assert match_query("文网文") == '("文 网 文" OR "网 络 文 化 经 营 许 可 证" OR "网 文 证")'


def test_other_names_are_told_and_can_be_left_out() -> None:
    assert also_asked("文网文 备案") == (("文网文", ("网络文化经营许可证", "网文证")),)
    assert also_asked("“文网文”") == also_asked("=文网文") == ()
    assert match_query("=文网文") == '"文 网 文"'


def test_a_query_without_other_names_keeps_its_quotes_and_its_exclusions() -> None:
    alone = without_synonyms("文网文 -“ICP证” -EDI证 =算备")
    assert alone == "=文网文 -“ICP证” -=EDI证 =算备"
    assert also_asked(alone) == ()
    assert without_synonyms(alone) == alone

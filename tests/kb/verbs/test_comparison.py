"""A comparison at a terminal: clauses by their legal names, wording folded at the end."""

from __future__ import annotations

import pytest

from kb.changing.compare import compare
from kb.changing.headline import headline
from kb.model import Document
from kb.output import DiffOut
from kb.reading.text import read_text
from kb.verbs.comparison import say_comparison

OLD = "示例办法\n\n第一章 总则\n\n第一条 平台可以公示规则。\n\n第二条 记帐应当及时。\n\n第三条 有下列情形之一的，应当备案：\n\n（一）提供问答服务的；\n\n第四条 变更应当在十日内备案。\n"
NEW = "示例办法\n\n第一章 总则\n\n第一条 平台应当公示规则。\n\n第二条 记账应当及时。\n\n第三条 有下列情形之一的，应当备案：\n\n（一）提供绘画服务的；\n\n第四条 平台应当报送年度报告。\n\n第五条 变更应当在五日内备案。\n"


def _said(capsys: pytest.CaptureFixture[str], *, everything: bool = False) -> str:
    before: Document = read_text(OLD)
    after = read_text(NEW)
    comparison = compare(before, after)
    shown = comparison.passages if everything else comparison.differing
    line = DiffOut.of(comparison, identifier=None, headline=headline(comparison, after), passages=shown)
    say_comparison(line, everything=everything)
    return capsys.readouterr().out


def test_clauses_have_the_names_lawyers_give_them(capsys: pytest.CaptureFixture[str]) -> None:
    said = _said(capsys)
    assert "第三条第（一）项" in said or "第三条第一项" in said
    assert "第一章/" not in said
    assert "第五条（原第四条）" in said
    assert said.count("（原") == 1 + said.split("\n")[0].count("（原")


def test_each_says_its_weight_and_wording_is_folded(capsys: pytest.CaptureFixture[str]) -> None:
    said = _said(capsys)
    assert "修改·实质　第一条" in said
    assert "文字性变动 1 处" in said
    assert "记账" not in said.partition("\n")[2]


def test_all_of_the_wording_is_listed_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    said = _said(capsys, everything=True)
    assert "修改·文字　第二条" in said
    assert "记账应当及时" in said


def test_a_point_that_came_is_told_as_new(capsys: pytest.CaptureFixture[str]) -> None:
    said = _said(capsys)
    assert "期限　十日 → 五日" in said
    assert "　新增“年度报告”" in said
    assert "— →" not in said

"""The table of ``make eval``: floors that belong to a measure, and an exit that tells when one is missed."""

import io
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import ValidationError
from rich.cells import cell_len
from rich.console import Console

from tests.eval import __main__ as command
from tests.eval import sets, table
from tests.eval.table import Floor, Measure, judged, show

AT_LEAST = Floor(set="甲", measure="召回", at_least=0.9, means="测试用的底线")
AT_MOST = Floor(set="甲", measure="误报", at_most=1, means="测试用的底线")


def test_every_floor_names_a_measure_that_its_module_writes_down() -> None:
    for module, floors in table.load_floors().items():
        code = (table.HERE / f"{module}.py").read_text("utf-8")
        assert module in table.modules(), f"[[{module}]] is no evaluation"
        for floor in floors:
            assert f'"{floor.set}"' in code, f"{module} never measures the set {floor.set}"
            assert f'"{floor.measure}"' in code, f"{module} never measures {floor.measure}"


def test_no_floor_stands_twice() -> None:
    keys = [(floor.set, floor.measure) for floors in table.load_floors().values() for floor in floors]
    assert len(keys) == len(set(keys))


def test_every_evaluation_has_a_floor() -> None:
    assert set(table.modules()) == set(table.load_floors())


@pytest.mark.parametrize(
    ("measure", "ok"),
    [
        (Measure("甲", 5, "召回", 0.9), True),
        (Measure("甲", 5, "召回", 0.89), False),
        (Measure("甲", 5, "误报", 1), True),
        (Measure("甲", 5, "误报", 2), False),
        (Measure("甲", 5, "没人定过底线的", 1), False),
    ],
)
def test_a_measure_holds_when_its_floor_does(measure: Measure, ok: bool) -> None:
    assert judged([measure], [AT_LEAST, AT_MOST])[0].ok is ok


def test_a_floor_that_nothing_was_measured_for_fails() -> None:
    (row,) = judged([], [AT_LEAST])
    assert (row.ok, row.verdict) == (False, "没有得数")


@pytest.mark.parametrize("bounds", [{}, {"at_least": 1, "at_most": 1}, {"at_lest": 1}])
def test_a_floor_has_one_direction(bounds: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        Floor.model_validate({"set": "甲", "measure": "乙", "means": "测试用的底线", **bounds})


def printed(rows: list[table.Row], *, details: bool = False) -> str:
    console = Console(file=io.StringIO(), width=110)
    show(rows, console, details=details)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_columns_stand_below_their_heads_whatever_the_width_of_a_character() -> None:
    rows = judged([Measure("甲", 5, "召回", 0.95), Measure("甲", 512, "误报", 1)], [AT_LEAST, AT_MOST])
    head, *lines = printed(rows).splitlines()
    assert head.split() == ["开发集", "数量", "指标", "得数", "底线", "结论"]
    at = cell_len(head[: head.index("结论")])
    assert [cell_len(line[: line.index("达到")]) for line in lines] == [at, at]


def test_a_long_note_is_cut_and_says_how_to_see_the_rest() -> None:
    rows = judged([Measure("甲", 5, "召回", 0.95, "\n".join(f"第{n}处" for n in range(40)))], [AT_LEAST])
    assert "第39处" not in printed(rows)
    assert "另有 28 行" in printed(rows)
    assert "第39处" in printed(rows, details=True)


def evaluate(monkeypatch: pytest.MonkeyPatch, folder: Path, rows: list[table.Row]) -> int:
    monkeypatch.setattr(sets, "SHARED", folder)
    monkeypatch.setattr(table, "evaluated", lambda *_: rows)
    return CliRunner().invoke(command.main, []).exit_code


def test_it_exits_with_one_when_a_floor_is_missed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    good, bad = Measure("甲", 5, "召回", 0.95), Measure("甲", 5, "召回", 0.5)
    assert evaluate(monkeypatch, tmp_path, judged([good], [AT_LEAST])) == 0
    assert evaluate(monkeypatch, tmp_path, judged([bad], [AT_LEAST])) == 1


def test_without_the_sets_every_one_is_skipped_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sets, "SHARED", tmp_path / "absent")
    result = CliRunner().invoke(command.main, [])
    assert result.exit_code == 0
    lines = [line for line in result.output.splitlines() if line.strip()][1:-1]
    assert len(lines) >= len(table.modules())
    assert all("跳过" in line and "../shared" in line for line in lines)


def test_an_evaluation_that_does_not_end_is_a_row_that_fails(tmp_path: Path) -> None:
    (row,) = table.evaluated(["no_such_module"], tmp_path, {})
    assert (row.ok, row.verdict) == (False, "出错")


def test_a_set_that_is_not_there_is_skipped(tmp_path: Path) -> None:
    floors = {"gold_tagging": (AT_LEAST,)}
    (row,) = table.evaluated(["gold_tagging"], tmp_path, floors)
    assert row.ok
    assert "跳过" in row.measure

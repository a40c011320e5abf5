from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kb.codes import DecisionKind
from kb.decisions import LONGEST, Decision, append_decisions, read_decisions
from kb.errors import DecisionUnreadable, UsageError

AT = datetime(2026, 11, 24, 6, 43, tzinfo=UTC)
REJECTED = Decision(DecisionKind.CHANGE_REJECTED, "ch-000000000001", AT, about="0" * 64)


def test_what_is_written_is_read_in_order_of_time_and_once(tmp_path: Path) -> None:
    later = Decision(DecisionKind.IMAGE_READ, "ch-000000000002", AT + timedelta(days=40), said="材料\n一、二")
    append_decisions(tmp_path, [later, REJECTED])
    append_decisions(tmp_path, [REJECTED])
    assert read_decisions(tmp_path).all == (REJECTED, later)
    assert sorted(path.name for path in tmp_path.glob("*.jsonl")) == ["2026-11.jsonl", "2027-01.jsonl"]


def test_nothing_was_decided_where_there_is_no_folder(tmp_path: Path) -> None:
    assert read_decisions(tmp_path / "none").all == ()


def test_a_torn_last_line_is_reported_and_never_written_to_again(tmp_path: Path) -> None:
    append_decisions(tmp_path, [REJECTED])
    file = tmp_path / "2026-11.jsonl"
    torn = file.read_bytes() + b'{"kind":"change_rele'
    file.write_bytes(torn)
    found = read_decisions(tmp_path)
    assert found.all == (REJECTED,)
    assert found.torn == (f"{file}:2 最后一行没有写完，未计入",)
    other = Decision(DecisionKind.CHANGE_RELEASED, "ch-000000000003", AT)
    append_decisions(tmp_path, [other])
    assert file.read_bytes() == torn
    assert set(read_decisions(tmp_path).all) == {REJECTED, other}


@pytest.mark.parametrize(
    "line",
    [
        "",
        "nonsense",
        "[]",
        '{"kind":"change_rejected","at":"2026-11-24T06:43:00Z"}',
        '{"kind":"forgiven","subject":"ch-1","at":"2026-11-24T06:43:00Z"}',
        '{"kind":"change_rejected","subject":"ch-1","at":"2026-11-24T06:43:00"}',
        '{"kind":"change_rejected","subject":"ch-1","at":"yesterday"}',
        '{"kind":"change_rejected","subject":"","at":"2026-11-24T06:43:00Z"}',
        '{"kind":"change_rejected","subject":1,"at":"2026-11-24T06:43:00Z"}',
        '{"kind":"change_rejected","subject":"ch-1","at":"2026-11-24T06:43:00Z","who":"某人"}',
    ],
)
def test_a_line_that_says_nothing_we_know_is_named_with_its_file(tmp_path: Path, line: str) -> None:
    append_decisions(tmp_path, [REJECTED])
    file = tmp_path / "2026-11.jsonl"
    file.write_text(file.read_text() + line + "\n" + REJECTED.line())
    with pytest.raises(DecisionUnreadable) as raised:
        read_decisions(tmp_path)
    assert raised.value.where == f"{file}:2"


def test_what_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        append_decisions(tmp_path, [Decision(DecisionKind.IMAGE_READ, "ch-1", AT, said="字" * (LONGEST + 1))])
    assert read_decisions(tmp_path).all == ()

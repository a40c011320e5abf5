"""What a person is told where a verb cannot answer: a data directory that is none, an id of another kind, a decision that
was made already."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kb.errors import UsageError
from kb.terminal import run
from scheduler.cli import zhengce
from scheduler.held import waiting
from scheduler.ops import Ops
from tests.kb.store.world import ARTICLES, HOST, amended
from tests.scheduler.house import House

FIVE = amended(2, "申请人应当自受理之日起五个工作日内补正全部申请材料。")

Call = Callable[..., tuple[int, str]]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def called(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run(zhengce, list(arguments))
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    return called


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with Ops(tmp_path / "ops.db") as ops:
        yield House(tmp_path, ops)


@pytest.mark.parametrize("verb", ["rebuild", "held", "verify"])
def test_a_directory_that_holds_nothing_is_no_quiet_one(call: Call, tmp_path: Path, verb: str) -> None:
    nowhere = tmp_path / "nosuch"
    code, said = call(verb, "--data", str(nowhere))
    assert code == 2
    assert str(nowhere) in said
    assert not nowhere.exists()


def test_a_lost_knowledge_base_is_made_again_from_the_captures(call: Call, house: House) -> None:
    house.look(0, ARTICLES)
    house.world.data.kb.unlink()
    call("rebuild", "--data", str(house.world.data.root))
    assert house.world.data.kb.exists()


def test_an_id_of_the_other_kind_names_the_other_verb(call: Call, house: House) -> None:
    house.look(0, ARTICLES, FIVE)
    data = ("--data", str(house.world.data.root))
    assert "zhengce show ch-123456789abc" in call("history", "ch-123456789abc", *data)[1]
    assert "zhengce history pg-123456789abc" in call("show", "pg-123456789abc", *data)[1]
    assert f"zhengce history {HOST}/a.html" in call("show", f"{HOST}/a.html", *data)[1]


def test_a_decision_is_shown_with_its_change_and_stands_until_another_is_made(
    call: Call, house: House
) -> None:
    house.look(0, ARTICLES, again=False)
    house.look(1, FIVE, ARTICLES, again=False)
    (held,) = waiting(house.world.data)
    data = ("--data", str(house.world.data.root))
    assert "人工决定" not in call("show", held.id, *data)[1]
    house.say("release", held.id)
    assert "人工决定　2026-03-03 09:31　放行" in call("show", held.id, *data)[1]
    with pytest.raises(UsageError, match="已经决定：放行（2026-03-03"):
        house.say("release", held.id)
    code, said = call("decide", held.id, "reject", *data)
    assert code == 0
    assert "此前的决定：放行（2026-03-03" in said
    with pytest.raises(UsageError, match="已经决定：误报"):
        house.say("reject", held.id)
    shown = call("show", held.id, *data)[1]
    assert shown.index("误报") < shown.index("放行")


@pytest.mark.parametrize("damaged", [b"garbage", b"SQLite format 3\x00" + b"\xff" * 8192])
@pytest.mark.parametrize(
    "verb", [("holding", "list"), ("profile", "list"), ("watch", "list"), ("alerts",), ("subscribe",)]
)
def test_a_damaged_ops_db_is_refused_in_words(
    call: Call, tmp_path: Path, verb: tuple[str, ...], damaged: bytes
) -> None:
    file = tmp_path / "data" / "ops.db"
    file.parent.mkdir()
    file.write_bytes(damaged)
    code, said = call(*verb, "--data", str(tmp_path / "data"))
    assert code == 1
    assert "ops.db 读不出" in said
    assert "备份" in said
    assert "database" not in said
    assert file.read_bytes() == damaged


def test_damage_that_shows_only_later_is_refused_in_words_too(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "data" / "ops.db"
    with Ops(file) as ops:
        ops.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = ops.connection.execute("PRAGMA page_size").fetchone()[0]
    held = file.read_bytes()
    file.write_bytes(held[:size] + b"\xff" * (len(held) - size))
    code, said = call("subscribe", "--data", str(tmp_path / "data"))
    assert (code, "ops.db 读不出" in said) == (1, True)

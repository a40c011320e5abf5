"""``zhengce calendar`` and ``zhengce holding`` from a shell's side, each JSON line held against its schema."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from icalendar import Calendar

from kb.config import FixedClock
from kb.terminal import run
from scheduler.cli import zhengce
from scheduler.ops import Ops, Subscription
from scheduler.verbs import calendar, holding
from scheduler.verbs.days import listing

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"
NOW = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
Verb = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def verb(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Verb:
    for module in (calendar, holding):
        monkeypatch.setattr(module, "SystemClock", lambda: FixedClock(NOW))

    def call(*arguments: str, code: int = 0) -> list[dict[str, Any]]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run(zhengce, [*arguments, "--data", str(tmp_path), "--json"])
        said = capsys.readouterr()
        assert ended.value.code == code, said.err
        lines = [json.loads(line) for line in said.out.splitlines()]
        for line in lines:
            name = line["schema"].removeprefix("zhengce.").removesuffix("/1")
            jsonschema.validate(line, json.loads((SCHEMAS / f"{name}.json").read_text("utf-8")))
        return lines

    return call


def add(verb: Verb, *more: str, code: int = 0) -> dict[str, Any]:
    (line,) = verb("holding", "add", "--licence", "ICP许可", "--expires", "2027-03-10", *more, code=code)
    return line


def test_without_anything_there_are_the_yearly_duties(verb: Verb) -> None:
    lines = verb("calendar")
    assert (lines[0]["day"], lines[0]["weekday"], lines[0]["days_left"]) == ("2027-03-31", "周三", 127)
    undated = [line for line in lines if line["day"] is None]
    assert undated
    assert {line["verified"] for line in undated} == {True, False}
    assert verb("calendar", "--licence", "hr-license") == []


def test_a_holding_from_beginning_to_end(verb: Verb) -> None:
    held = add(
        verb, "--number", "示B2-000001", "--lead", "60", "--used-for", "a.example.com", "--province", "广东省"
    )
    assert (held["subscription"], held["province"], held["days_left"]) == ("sub-main", "广东", 106)
    assert verb("holding", "list") == [held]
    days = verb("calendar", "--licence", "icp-license", "--until", "2027-03-10")
    assert [(line["kind"], line["day"], line["done"]) for line in days if line["day"]] == [
        ("renewal_begins", "2027-01-09", False),
        ("expires", "2027-03-10", False),
    ]
    verb("holding", "done", held["id"])
    assert [line["done"] for line in verb("calendar") if line["source"] == held["id"]] == [True, True]
    (renewed,) = verb("holding", "done", held["id"], "--until", "2032-03-10")
    assert renewed["expires_on"] == "2032-03-10"
    days = verb("calendar", "--until", "2032-12-31", "--licence", "icp-license")
    assert [(line["day"], line["done"]) for line in days if line["source"] == held["id"]] == [
        ("2032-01-10", False),
        ("2032-03-10", False),
    ]
    assert verb("holding", "remove", held["id"]) == [renewed]
    assert verb("holding", "list") == []


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2027-01-31", "注意：续期申请起算日 2026-11-02 已过；下一次提醒在 2027-01-01"),
        ("2026-11-25", "注意：续期申请起算日 2026-08-27 已过；不会再提醒"),
        ("2026-11-23", "注意：到期日 2026-11-23 已过，不会提醒"),
        ("2027-03-10", ""),
    ],
)
def test_who_writes_down_what_is_late_is_told_so(
    verb: Verb, tmp_path: Path, capsys: pytest.CaptureFixture[str], day: str, said: str
) -> None:
    with Ops(tmp_path / "ops.db") as ops:
        ops.put_subscription(Subscription(id="sub-main", name="主站"), now=NOW)
    with pytest.raises(SystemExit):
        run(zhengce, ["holding", "add", "--licence", "ICP许可", "--expires", day, "--data", str(tmp_path)])
    assert capsys.readouterr().err.strip() == said


def test_either_day_of_a_holding_is_done_for_both(verb: Verb) -> None:
    held = add(verb)
    first = next(line for line in verb("calendar") if line["source"] == held["id"])
    assert {line["kind"] for line in verb("calendar", "done", first["id"])} == {"renewal_begins", "expires"}
    assert {line["done"] for line in verb("calendar") if line["source"] == held["id"]} == {True}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("holding", "add", "--licence", "没有这种证"), "没有这个资质事项：没有这种证"),
        (("holding", "add", "--licence", ""), "资质事项不能为空"),
        (
            ("holding", "add", "--licence", "ICP许可", "--expires", "2027-02-30"),
            "到期日有误：不是日期：2027-02-30",
        ),
        (("holding", "add", "--licence", "ICP许可", "--province", "火星"), "没有这个省份：火星"),
        (("holding", "add", "--licence", "ICP许可", "--lead", "-3"), "提前天数有误：不能小于 0"),
        (("holding", "add", "--licence", "ICP许可", "--kind", "agreement"), "合作协议要写对方名称（--with）"),
        (("holding", "add", "--licence", "ICP许可", "--for", "sub-x"), "没有订阅 sub-x"),
        (("holding", "remove", "ho-nothing"), "台账里没有 ho-nothing"),
        (("holding", "done", "ho-nothing"), "台账里没有 ho-nothing"),
        (("calendar", "done", "ev-nothing"), "日历里没有 ev-nothing"),
        (("calendar", "--until", "明年"), "不是日期：明年"),
        (("calendar", "done", "pi-compliance-audit"), "pi-compliance-audit 没有固定日期，不会提醒"),
        (("calendar", "--until", "2026-11-23"), "2026-11-23 已经过去"),
        (("calendar", "--ics", "/no/such/folder/a.ics"), "日历文件写不进去"),
        (("calendar", "--ics", "-"), "--json 和 --ics - 都写到标准输出"),
        (
            ("holding", "add", "--licence", "ICP许可", "--expires", "0001-01-01"),
            "到期日有误：不是日期：0001-01-01",
        ),
        (("calendar", "--licence", "没有"), "没有这个资质事项：没有"),
    ],
)
def test_wrong_input_is_named_in_chinese(verb: Verb, arguments: tuple[str, ...], said: str) -> None:
    (error,) = verb(*arguments, code=2)
    assert error["what"].startswith(said)
    assert error["do"]


def test_with_several_subscriptions_a_holding_must_say_whose_it_is(verb: Verb, tmp_path: Path) -> None:
    with Ops(tmp_path / "ops.db") as ops:
        for key in ("sub-a", "sub-b"):
            ops.put_subscription(Subscription(id=key, name="主站"), now=NOW)
    assert add(verb, code=2)["do"] == "用 --for 写其中之一：sub-a（主站）、sub-b（主站）"
    assert add(verb, "--for", "sub-b")["subscription"] == "sub-b"
    assert verb("holding", "list", "--for", "sub-a") == []


def test_what_one_subscription_has_done_is_done_in_its_own_list_alone(verb: Verb, tmp_path: Path) -> None:
    with Ops(tmp_path / "ops.db") as ops:
        for key in ("sub-a", "sub-b"):
            ops.put_subscription(Subscription(id=key, name=key), now=NOW)
    (duty,) = [line for line in verb("calendar") if line["day"]]
    (said,) = verb("calendar", "done", duty["id"], "--for", "sub-a")
    assert said["done"] is True

    def done(*more: str) -> list[bool]:
        return [line["done"] for line in verb("calendar", *more) if line["day"]]

    assert (done("--for", "sub-a"), done("--for", "sub-b"), done()) == ([True], [False], [False])


def test_who_holds_something_and_follows_nothing_is_told_that_no_reminder_comes(
    verb: Verb, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(
            zhengce,
            ["holding", "add", "--licence", "ICP许可", "--expires", "2027-03-10", "--data", str(tmp_path)],
        )
    assert "还没有订阅" in capsys.readouterr().err
    with Ops(tmp_path / "ops.db") as ops:
        ops.put_subscription(Subscription(id="sub-main", name="主站"), now=NOW)
    with pytest.raises(SystemExit):
        run(
            zhengce,
            ["holding", "add", "--licence", "EDI许可", "--expires", "2027-03-10", "--data", str(tmp_path)],
        )
    assert capsys.readouterr().err == ""


def test_of_one_subscription_only_its_own_days_are_listed(verb: Verb, tmp_path: Path) -> None:
    with Ops(tmp_path / "ops.db") as ops:
        for key, licences in (("sub-a", ("icp-license",)), ("sub-b", ("algorithm-filing",))):
            ops.put_subscription(Subscription(id=key, name=key, licences=licences), now=NOW)
    held = add(verb, "--for", "sub-b")

    def titles(key: str) -> set[str]:
        return {line["kind"] for line in verb("calendar", "--for", key) if line["day"]}

    assert held["subscription"] == "sub-b"
    assert [line["id"] for line in verb("calendar", "--for", "sub-a") if not line["day"]] == []
    assert [line["id"] for line in verb("calendar", "--for", "sub-b") if not line["day"]] == [
        "algorithm-filing-check"
    ]
    assert titles("sub-a") == {"yearly_duty"}
    assert titles("sub-b") == {"yearly_duty", "renewal_begins", "expires"}
    assert verb("calendar", "--for", "sub-c", code=2)[0]["what"] == "没有订阅 sub-c"


def test_what_was_marked_by_mistake_is_opened_again(
    verb: Verb, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (duty,) = [line for line in verb("calendar") if line["day"]]
    (error,) = verb("calendar", "reopen", duty["id"], code=2)
    assert "没有记为已办" in error["what"]
    verb("calendar", "done", duty["id"])
    with pytest.raises(SystemExit):
        run(zhengce, ["calendar", "reopen", duty["id"], "--data", str(tmp_path)])
    assert (
        "已撤回　增值电信业务经营信息年报 截止　2027-03-31　下一次提醒在 2027-03-01"
        in capsys.readouterr().out
    )
    assert [line["done"] for line in verb("calendar") if line["day"]] == [False]


def test_the_calendar_file_is_read_back(verb: Verb, tmp_path: Path) -> None:
    add(verb)
    file = tmp_path / "我的.ics"
    days = [line for line in verb("calendar", "--ics", str(file)) if line["day"]]
    entries = list(Calendar.from_ical(file.read_bytes()).walk("VEVENT"))
    assert [(str(e["summary"]), e["dtstart"].dt) for e in entries] == [
        (line["title"], date.fromisoformat(line["day"])) for line in days
    ]
    assert {entry["dtstamp"].dt for entry in entries} == {NOW}


def test_what_is_done_is_cancelled_in_the_calendar_file(verb: Verb, tmp_path: Path) -> None:
    held = add(verb)
    verb("holding", "done", held["id"])
    file = tmp_path / "a.ics"
    verb("calendar", "--ics", str(file))
    entries = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert {str(e["summary"])[:2]: str(e["status"]) for e in entries} == {
        "贵司": "CANCELLED",
        "增值": "CONFIRMED",
    }


def test_a_list_says_what_is_done_and_nobody_will_be_reminded_of(
    verb: Verb, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held = add(verb)
    assert held["done"] is False
    assert [line["done"] for line in verb("holding", "done", held["id"])] == [True]
    add(verb, "--number", "2", "--lead", "0")
    capsys.readouterr()
    with pytest.raises(SystemExit):
        run(zhengce, ["holding", "list", "--data", str(tmp_path)])
    first, second = sorted(capsys.readouterr().out.splitlines(), key=len, reverse=True)
    assert "到期 2027-03-10（还有 106 天），续期已办，不再提醒" in first
    assert "到期 2027-03-10（还有 106 天）　→" in second
    assert [line["done"] for line in verb("holding", "done", held["id"], "--until", "2032-03-10")] == [False]


def test_the_listing_takes_its_day_from_the_clock(tmp_path: Path) -> None:
    from kb.config import DataDirectory

    late = FixedClock(datetime(2026, 3, 31, 15, 59, tzinfo=UTC))
    assert [str(e.day) for e in listing(DataDirectory(tmp_path), late).events] == ["2026-03-31", "2027-03-31"]
    next_day = FixedClock(datetime(2026, 3, 31, 16, 0, tzinfo=UTC))
    assert [str(e.day) for e in listing(DataDirectory(tmp_path), next_day).events] == ["2027-03-31"]


def test_people_read_sentences(verb: Verb, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(verb)
    capsys.readouterr()
    with pytest.raises(SystemExit):
        run(zhengce, ["calendar", "--data", str(tmp_path)])
    said = capsys.readouterr().out
    assert "2026-12-10（周四）　还有 16 天　贵司ICP许可 续期申请起算日" in said
    assert "没有固定日期的年度事项：" in said
    assert "（未核）" in said


def two_clients(folder: Path) -> None:
    with Ops(folder / "ops.db") as ops:
        for key, name, profile in (
            ("sub-1", "甲公司", "甲"),
            ("sub-2", "乙公司", ""),
            ("sub-3", "乙公司", ""),
        ):
            ops.put_subscription(Subscription(id=key, name=name, profile=profile), now=NOW)


def test_a_day_is_not_silenced_for_every_client_unasked(verb: Verb, tmp_path: Path) -> None:
    two_clients(tmp_path)
    day = verb("calendar")[0]["id"]
    (refused,) = verb("calendar", "done", day, code=2)
    assert refused["what"] == "有几个订阅，请写明对谁已办"
    assert "sub-1（甲公司）" in refused["do"]
    assert "--all" in refused["do"]
    verb("calendar", "done", day, "--for", "甲公司")
    with Ops(tmp_path / "ops.db") as ops:
        assert {row["subscription"] for row in ops.rows("SELECT subscription FROM dates_done")} == {"sub-1"}
    assert verb("calendar", "done", day, "--all")[0]["done"]
    assert [line["done"] for line in verb("calendar", "--for", "sub-2") if line["id"] == day] == [True]


def test_clients_are_told_apart_and_go_by_their_names(
    verb: Verb, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two_clients(tmp_path)
    held = add(verb, "--for", "甲")  # a profile
    assert held["subscription"] == add(verb, "--for", "甲公司", "--number", "1")["subscription"] == "sub-1"
    assert {line["subscription"] for line in verb("holding", "list", "--for", "甲")} == {"sub-1"}
    (refused,) = verb("holding", "add", "--licence", "ICP许可", "--for", "乙公司", code=2)
    assert refused["what"] == "有几个订阅叫 乙公司"
    assert "sub-2（乙公司）、sub-3（乙公司）" in refused["do"]
    verb("holding", "add", "--licence", "ICP备案", "--for", "sub-2", "--expires", "2027-05-01")
    with pytest.raises(SystemExit):
        run(zhengce, ["holding", "list", "--data", str(tmp_path)])
    shown = capsys.readouterr().out
    assert "甲公司ICP许可" in shown
    assert "乙公司（sub-2）ICP备案" in shown
    titles = {line["title"] for line in verb("calendar") if line["source"] == held["id"]}
    assert [title[:9] for title in titles] == ["甲公司ICP许可 "] * 2


def test_what_has_expired_is_listed_as_such(
    verb: Verb, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verb("holding", "add", "--licence", "ICP许可", "--expires", "2020-01-01")
    with pytest.raises(SystemExit):
        run(zhengce, ["holding", "list", "--data", str(tmp_path)])
    shown = capsys.readouterr().out
    assert "到期 2020-01-01（已过 2519 天），已到期，不再提醒" in shown
    assert "提前" not in shown


def test_who_ends_a_subscription_is_told_which(
    verb: Verb, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two_clients(tmp_path)
    with pytest.raises(SystemExit):
        run(zhengce, ["subscribe", "--end", "甲公司", "--data", str(tmp_path)])
    assert "已停止　sub-1　甲公司" in capsys.readouterr().err
    assert [line["id"] for line in verb("subscribe")] == ["sub-2", "sub-3"]

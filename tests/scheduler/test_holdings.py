"""What subscribers hold: written down, named, renewed, removed; what cannot be used is said in Chinese."""

import json
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

import pytest

from kb.errors import ConfigError, NotFound
from kb.sqlite import sqlite3
from scheduler.holdings import (
    Holding,
    add_holding,
    held_dates,
    hold_licences,
    holding,
    holdings,
    remove_holding,
    renew_holding,
    the_holding,
)
from scheduler.ops import Ops
from scheduler.schema import MIGRATIONS

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def icp(**values: Any) -> Holding:
    return holding(
        **{
            "subscription": "sub-1",
            "licence": "icp-license",
            "number": "示B2-000001",
            "expires_on": "2027-03-10",
            **values,
        }
    )


def test_a_holding_is_kept_and_gives_its_days(ops: Ops) -> None:
    key = add_holding(ops, icp(used_for="a.example.com", lead_days=60, note="原件在法务"), now=NOW)
    (kept,) = holdings(ops)
    assert kept == icp(id=key, used_for="a.example.com", lead_days=60, note="原件在法务")
    (dates,) = held_dates(ops)
    assert (dates.expires, dates.lead_days, dates.owner) == (date(2027, 3, 10), 60, "sub-1")
    assert dates.name == "贵司ICP许可（示B2-000001，a.example.com）"


def test_what_does_not_expire_has_no_days(ops: Ops) -> None:
    add_holding(ops, icp(expires_on=""), now=NOW)
    assert held_dates(ops) == ()


@pytest.mark.parametrize(
    ("kind", "name"),
    [("agreement", "贵司与示例模型公司的合作协议"), ("certificate", "示例模型公司出具的在用证明")],
)
def test_papers_of_a_vendor_are_named_after_the_vendor(kind: str, name: str) -> None:
    paper = icp(kind=kind, licence="wx-deep-synthesis", number="", counterparty="示例模型公司")
    assert paper.name == name


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"expires_on": "2027-02-30"}, "到期日有误：不是日期：2027-02-30，请写成 YYYY-MM-DD"),
        ({"expires_on": "20270310"}, "到期日有误：不是日期：20270310"),
        ({"expires_on": "明年三月"}, "到期日有误：不是日期：明年三月"),
        ({"lead_days": -1}, "提前天数有误：不能小于 0"),
        ({"lead_days": 5000}, "提前天数有误：不能大于 1095"),
        ({"licence": "no-such"}, "资质事项有误：没有这个资质事项：no-such"),
        ({"expires_on": "2026/13/40"}, "到期日有误：不是日期：2026/13/40"),
        ({"expires_on": "27年3月5日"}, "到期日有误：不是日期：27年3月5日"),
        ({"used_for": "a b"}, "域名或 AppID 有误：请只写一个域名或 AppID"),
        ({"used_for": "https://a.invalid/x"}, "域名或 AppID 有误：请只写一个域名或 AppID"),
        ({"kind": "certificate"}, "在用证明要写对方名称（--with）"),
        ({"kind": "agreement", "counterparty": "　"}, "合作协议要写对方名称（--with）"),
        ({"counterparty": "示例模型公司"}, "许可或备案没有对方；协议、证明请加 --kind agreement"),
        ({"number": "号" * 201}, "编号有误：不能超过 200 个字"),
        ({"number": "示\x1b[31mB2"}, "编号有误：有看不见的字符"),
        ({"number": "示B2\u202e1"}, "编号有误：有看不见的字符"),
        ({"note": "一\n二"}, "说明有误：有看不见的字符"),
    ],
)
def test_what_cannot_be_used_is_said_in_chinese(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as error:
        icp(**wrong)
    assert error.value.what.startswith(said)


@pytest.mark.parametrize(
    "written", ["2027-03-10", " 2027-3-10 ", "2027年3月10日", "2027年03月10日", "2027/3/10", "2027.03.10"]
)
def test_a_day_is_taken_as_certificates_print_it(written: str) -> None:
    assert icp(expires_on=written).expires_on == "2027-03-10"


@pytest.mark.parametrize(
    ("licence", "name"),
    [
        ("online-culture-license", "贵司网络文化经营许可证"),
        ("performance-license", "贵司营业性演出许可证"),
        ("algorithm-filing", "贵司算法备案"),
        ("wx-deep-synthesis", "贵司小程序·深度合成类目"),
    ],
)
def test_a_licence_is_called_by_the_name_of_its_paper(licence: str, name: str) -> None:
    assert icp(licence=licence, number="").name == name


def test_without_a_number_each_province_has_its_own(ops: Ops) -> None:
    for province in ("广东", "北京"):
        add_holding(ops, icp(number="", province=province), now=NOW)
    assert sorted(each.name for each in holdings(ops)) == ["贵司ICP许可（北京）", "贵司ICP许可（广东）"]
    with pytest.raises(ConfigError, match="已经记过"):
        add_holding(ops, icp(number="", province="北京"), now=NOW)


def test_a_number_is_one_paper_whatever_province_and_spaces_are_written_with_it(ops: Ops) -> None:
    add_holding(ops, icp(province="广东"), now=NOW)
    with pytest.raises(ConfigError, match="已经记过"):
        add_holding(ops, icp(number=" 示B2-000001 "), now=NOW)


def test_the_same_is_written_down_once_but_another_subscription_may_have_it(ops: Ops) -> None:
    key = add_holding(ops, icp(), now=NOW)
    with pytest.raises(ConfigError, match="已经记过：贵司ICP许可（示B2-000001）") as error:
        add_holding(ops, icp(expires_on="2032-03-10", lead_days=30), now=NOW)
    assert error.value.where == key
    add_holding(ops, icp(subscription="sub-2"), now=NOW)
    assert [len(holdings(ops, which)) for which in ("sub-1", "sub-2", "")] == [1, 1, 2]


def test_renewing_and_removing(ops: Ops) -> None:
    key = add_holding(ops, icp(), now=NOW)
    renew_holding(ops, key, "2032-03-10")
    assert the_holding(ops, key).expires_on == "2032-03-10"
    with pytest.raises(ConfigError, match="不晚于原来的 2032-03-10"):
        renew_holding(ops, key, "2032-03-10")
    remove_holding(ops, key)
    assert holdings(ops) == ()
    for gone in (lambda: remove_holding(ops, key), lambda: renew_holding(ops, key, "2040-01-01")):
        with pytest.raises(NotFound, match=key):
            gone()


def test_holdings_of_older_settings_become_rows_and_leave_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "ops.db"
    (moves,) = [n for n, step in enumerate(MIGRATIONS) if "'$.holdings')" in step]
    kept = {"licence": "icp-license", "number": "示B2-1", "expires_on": "2027-03-10", "renew_days": 60}
    settings = {
        "name": "主站",
        "holdings": [kept, {"licence": "icp-filing"}, {"licence": "lost", "expires_on": "2027-02-31"}],
    }
    with closing(sqlite3.connect(str(file))) as old:
        old.executescript(";".join(MIGRATIONS[:moves]) + f";PRAGMA user_version={moves}")
        for key, said in (("sub-1", settings), ("sub-2", {"name": "无"})):
            old.execute(
                "INSERT INTO subscriptions (id, settings, created_at) VALUES (?, ?, '2026-11-24T00:00:00Z')",
                (key, json.dumps(said)),
            )
        old.commit()
    with Ops(file) as ops:
        assert [s.name for s in ops.subscriptions()] == ["主站", "无"]
        moved = {each.licence: each for each in holdings(ops, "sub-1")}
        assert holdings(ops, "sub-2") == ()
    assert (moved["icp-license"].number, moved["icp-license"].lead_days) == ("示B2-1", 60)
    assert moved["icp-license"].expires_on == "2027-03-10"
    assert (moved["icp-filing"].expires_on, moved["icp-filing"].lead_days) == ("", 90)
    assert (moved["lost"].expires_on, moved["lost"].name) == ("", "贵司lost")


def test_what_is_held_already_is_not_written_down_again(ops: Ops) -> None:
    add_holding(ops, icp(), now=NOW)
    hold_licences(ops, "sub-1", ("icp-license", "icp-filing"), now=NOW)
    hold_licences(ops, "sub-1", ("icp-filing",), now=NOW)
    assert [each.licence for each in holdings(ops)] == ["icp-license", "icp-filing"]


@pytest.mark.parametrize("more", [{"number": "示B2-1"}, {"number": "", "lead_days": 30}])
def test_what_was_only_said_to_be_held_gives_way_to_the_paper(ops: Ops, more: dict[str, Any]) -> None:
    hold_licences(ops, "sub-1", ("icp-license", "icp-filing"), now=NOW)
    key = add_holding(ops, icp(**more), now=NOW)
    assert {each.licence: each.id for each in holdings(ops)}["icp-license"] == key
    assert len(holdings(ops)) == 2
    add_holding(ops, icp(number="示B2-2"), now=NOW)
    assert len(holdings(ops)) == 3


def test_what_was_said_to_be_held_is_not_said_twice(ops: Ops) -> None:
    hold_licences(ops, "sub-1", ("icp-filing",), now=NOW)
    with pytest.raises(ConfigError, match="已经记过：贵司ICP备案"):
        add_holding(ops, holding(subscription="sub-1", licence="icp-filing"), now=NOW)
    add_holding(ops, holding(subscription="sub-2", licence="icp-filing", number="1"), now=NOW)
    assert len(holdings(ops, "sub-1")) == 1


def test_a_paper_that_two_write_down_at_once_is_there_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, said = Barrier(2), list[str]()

    def looked(ops: Ops, subscription: str = "") -> tuple[Holding, ...]:
        found = holdings(ops, subscription)
        with suppress(BrokenBarrierError):
            both.wait(0.5)
        return found

    def write() -> None:
        with Ops(tmp_path / "ops.db") as ops:
            try:
                said.append(add_holding(ops, icp(), now=NOW))
            except ConfigError as error:
                said.append(error.what)

    Ops(tmp_path / "ops.db").close()
    monkeypatch.setattr("scheduler.holdings.holdings", looked)
    together = [Thread(target=write) for _ in range(2)]
    for each in together:
        each.start()
    for each in together:
        each.join()
    assert sorted(each[:3] for each in said) == ["ho-", "已经记"]

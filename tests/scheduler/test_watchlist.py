"""Names in filing lists: where they stand, and who hears when a later batch names, alters or drops them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kb.store import open_reader
from kb.store.queries.filings import FilingRow, where_named
from scheduler.missed import missed
from scheduler.ops import Ops
from tests.kb.store.world import days
from tests.scheduler.house import House

HEADS = ("序号", "算法名称", "主体名称", "备案编号", "备注")
STAR = ("示例星河大模型算法", "杭州示例科技有限公司", "网信算备330100000000101240011号", "")
MOON = ("示例明月推荐算法", "北京示例网络有限公司", "网信算备110100000000202240019号", "")
SUN = ("示例朝阳合成算法", "上海示例智能有限公司", "网信算备310100000000303240017号", "")


def page(*rows: tuple[str, ...], title: str = "深度合成服务算法备案清单", words: str = "") -> bytes:
    table = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in (str(n), *row)) + "</tr>"
        for n, row in enumerate(rows, start=1)
    )
    heads = "".join(f"<th>{head}</th>" for head in HEADS)
    body = f"<p>现将深度合成服务算法备案信息予以公告，任何单位和个人如有疑议请提出。{words}</p>"
    if rows:
        body += f"<table><tr>{heads}</tr>{table}</table>"
    return (
        f"<html><head><meta charset='utf-8'><title>{title}</title></head><body>"
        f"<h1>{title}</h1><div class='content'>{body}</div></body></html>"
    ).encode()


@pytest.fixture
def house(tmp_path: Path, ops: Ops) -> House:
    """The subscriber holds another licence, reads a daily digest and watches one name."""
    house = House(tmp_path, ops)
    (mine,) = ops.subscriptions()
    watches = {"watched_names": ("示例 星河",), "digest": "daily", "licences": ("payment-license",)}
    ops.put_subscription(mine.model_copy(update=watches), now=days(-1))
    return house


def see(house: House, day: float, body: bytes) -> None:
    for more in range(2):
        house.see(days(day) + more * timedelta(minutes=30), body)


def named(house: House, name: str) -> tuple[FilingRow, ...]:
    return where_named(open_reader(house.world.data.kb), name)


def test_a_batch_that_names_it_is_told_at_once_with_the_row(house: House) -> None:
    see(house, 0, page(MOON))
    see(house, 1, page(MOON, SUN))
    assert house.tell() == []
    see(house, 2, page(MOON, SUN, STAR))
    ((kind, subject),) = house.tell()
    assert (kind, subject.startswith("〔关注名单命中〕示例 星河：")) == ("change", True)
    (alert,) = house.ops.rows("SELECT body, facts ->> '$.watched[0].row' AS row FROM alerts")
    assert STAR[2] in alert["body"]
    assert STAR[1] in alert["row"]
    assert "包含：关注名单“示例 星河”。" in alert["body"]
    assert house.tell() == []


def test_an_entry_that_is_altered_or_leaves_the_list_is_told(house: House) -> None:
    see(house, 0, page(MOON, STAR))
    see(house, 1, page(MOON, (*STAR[:3], "已注销")))
    ((_, subject),) = house.tell()
    assert "关注名单命中" in subject
    see(house, 2, page(MOON, SUN))
    ((_, subject),) = house.tell()
    assert "移出" in subject or "新增" in subject
    bodies = house.ops.rows("SELECT body FROM alerts ORDER BY created_at")
    assert STAR[2] in bodies[1]["body"]


def test_where_a_name_stands_now(house: House) -> None:
    see(house, 0, page(MOON, STAR))
    (row,) = named(house, "示例星河")
    assert (row.number, row.subject, row.exact, row.withdrawn) == (STAR[2], STAR[1], False, False)
    assert row.list_title == "深度合成服务算法备案清单"
    assert not row.row.startswith("序号")
    (whole,) = named(house, "示例星河大模型算法")
    assert whole.exact
    assert named(house, "备案") == ()  # neither the words around the list nor its heads
    see(house, 1, page(MOON, SUN))
    (gone,) = named(house, "示例星河")
    assert (gone.withdrawn, gone.number) == (True, STAR[2])


def test_a_cancellation_notice_withdraws_the_number_in_every_list(house: House) -> None:
    see(house, 0, page(MOON, STAR))
    with house.world.run(days(1)) as run:
        run.see("/struck.html", page(STAR, title="关于注销部分深度合成服务算法备案的公告"))
    house.ingest()
    found = named(house, "示例星河")
    assert [row.withdrawn for row in found] == [True, True]
    assert [row.withdrawn for row in named(house, "示例明月")] == [False]


def test_a_list_newly_published_with_the_name_is_told(house: House) -> None:
    notice = page(STAR, MOON, title="关于发布第十二批深度合成服务算法备案信息的公告")
    for day, paths in ((0, ("/a.html",)), (1, ("/a.html", "/batch.html"))):
        for more in range(2):
            with house.world.run(days(day) + more * timedelta(minutes=30)) as run:
                run.list(*paths)
                run.see("/a.html", page(MOON))
                if day:
                    run.see("/batch.html", notice)
            house.clock.at = days(day) + timedelta(hours=2)
            house.ingest()
    ((kind, subject),) = house.tell()
    assert (kind, "关注名单命中" in subject) == ("change", True)
    (alert,) = house.ops.rows("SELECT body FROM alerts")
    assert STAR[2] in alert["body"]
    assert MOON[2] not in alert["body"].partition("■ 关注名单命中")[2].partition("■")[0]


def test_a_name_that_a_row_loses_is_told_as_it_was(house: House) -> None:
    see(house, 0, page(MOON, STAR))
    see(house, 1, page(MOON, ("示例月光大模型算法", *STAR[1:])))
    ((kind, subject),) = house.tell()
    assert (kind, "关注名单命中" in subject) == ("change", True)
    (row,) = house.ops.rows("SELECT body, facts ->> '$.watched[0].row' AS row FROM alerts")
    assert "算法名称：" + STAR[0] in row["row"]
    assert "修改前：" in row["body"]


def test_a_cancellation_notice_in_prose_is_told_at_once(house: House) -> None:
    words = f"经核实，现注销{STAR[1]}的“{STAR[0]}”深度合成服务算法备案。"
    notice = page(title="关于注销深度合成服务算法备案的公告", words=words)
    for day, paths in ((0, ("/a.html",)), (1, ("/a.html", "/struck.html"))):
        for more in range(2):
            with house.world.run(days(day) + more * timedelta(minutes=30)) as run:
                run.list(*paths)
                run.see("/a.html", page(MOON))
                if day:
                    run.see("/struck.html", notice)
            house.clock.at = days(day) + timedelta(hours=2)
            house.ingest()
    ((kind, subject),) = house.tell()
    assert (kind, subject.startswith("〔关注名单命中〕示例 星河：")) == ("change", True)
    (row,) = house.ops.rows("SELECT facts ->> '$.watched[0].row' AS row FROM alerts")
    assert STAR[1] in row["row"]


def test_a_list_that_slipped_through_is_told_late_with_the_row(house: House, tmp_path: Path) -> None:
    file = tmp_path / "saved.html"
    file.write_bytes(page(STAR, MOON, title="关于发布第十二批深度合成服务算法备案信息的公告"))
    data, url = house.world.data, "https://gov.example.cn/batch.html"
    with data.writer():
        done = missed(data, house.world.sources, url, file=file, chosen=None, clock=house.clock)
    assert done.alerts == 1
    (alert,) = house.ops.rows("SELECT subject, body, facts ->> '$.watched[0].row' AS row FROM alerts")
    assert alert["subject"].startswith("〔补报〕关注名单命中 示例 星河：")
    assert "■ 关注名单命中（1 行）" in alert["body"]
    assert "包含：关注名单“示例 星河”。" in alert["body"]
    assert STAR[2] in alert["row"]
    assert MOON[2] not in alert["body"]

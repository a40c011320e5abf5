"""Filing lists compared: entries by their number, whatever their order and 序号."""

from collections.abc import Iterable
from dataclasses import replace
from time import process_time

import pytest

from kb.changing.compare import compare
from kb.changing.filings import batch_headline, flags_of, pair_entries
from kb.changing.kinds import new_document_kind
from kb.changing.passages import split_passages
from kb.codes import BlockKind, ChangeKind, Flag, Op
from kb.model import Block, Document
from kb.reading.tables import RawCell, RawTable, blocks_of

HEADS = ("序号", "算法名称", "主体名称", "主要用途", "备案编号")
Entry = tuple[str, str, str, str]
ONE: Entry = ("甲推荐算法", "甲公司", "应用于资讯推荐，根据浏览记录推荐内容", "网信备字110001号")
TWO: Entry = ("甲检索算法", "甲公司", "应用于资讯检索，根据查询词给出结果", "网信备字110002号")
THREE: Entry = ("甲检索算法-2", "甲公司", "应用于资讯检索，根据查询词给出结果", "网信备字110003号")


def listing(*entries: Entry, above: Iterable[str] = ("备案清单（2024年2月）",)) -> Document:
    rows = [HEADS, *((str(at), *entry) for at, entry in enumerate(entries, 1))]
    blocks, table = blocks_of(RawTable([[RawCell(text) for text in row] for row in rows]))
    assert table is not None
    lines = tuple(Block(BlockKind.PARAGRAPH, line) for line in above)
    return Document("关于发布算法备案清单的公告", (*lines, *blocks), tables=(table,))


def ops(before: Document, after: Document) -> list[tuple[str, str]]:
    return [(p.op, p.anchor or p.anchor_before) for p in compare(before, after).differing]


def test_an_entry_is_known_by_its_number() -> None:
    rows = [p for p in split_passages(listing(ONE, TWO)) if p.ordinal]
    assert [(p.anchor, p.ordinal) for p in rows] == [("网信备字110001号", "1"), ("网信备字110002号", "2")]
    assert "序号" not in rows[0].text


def test_entries_of_one_number_are_told_apart_by_name() -> None:
    twin = (THREE[0], THREE[1], THREE[2], TWO[3])
    anchors = [p.anchor for p in split_passages(listing(ONE, TWO, twin)) if p.ordinal]
    assert anchors == ["网信备字110001号", "网信备字110002号/甲检索算法", "网信备字110002号/甲检索算法-2"]
    assert ops(listing(ONE, TWO), listing(ONE, TWO, twin)) == [(Op.ADDED, "网信备字110002号/甲检索算法-2")]


def test_an_entry_without_number_is_known_by_subject_and_name() -> None:
    bare = (*ONE[:3], "—")
    (row,) = [p for p in split_passages(listing(bare)) if p.ordinal]
    assert row.anchor == "甲公司/甲推荐算法"


def test_a_shifted_serial_number_and_another_order_are_no_change() -> None:
    assert ops(listing(ONE, TWO), listing(THREE, TWO, ONE)) == [(Op.ADDED, "网信备字110003号")]


def test_likeness_makes_no_two_numbers_one_entry() -> None:
    assert set(ops(listing(ONE, TWO), listing(ONE, THREE))) == {
        (Op.REMOVED, "网信备字110002号"),
        (Op.ADDED, "网信备字110003号"),
    }


def test_an_altered_entry() -> None:
    altered = (ONE[0], "乙公司", *ONE[2:])
    comparison = compare(listing(ONE, TWO), listing(altered, TWO))
    (change,) = comparison.differing
    assert (change.op, change.anchor) == (Op.AMENDED, "网信备字110001号")
    assert comparison.kind is ChangeKind.LIST_BATCH
    assert batch_headline(comparison) == "名单更新：变更 1 项（甲推荐算法）"


def test_a_batch_is_routine_though_its_dates_and_counts_differ() -> None:
    before = listing(ONE, TWO, above=["备案清单（2024年2月）", "截至2024年2月，共2款算法完成备案。"])
    after = listing(ONE, THREE, above=["备案清单（2024年4月）", "截至2024年4月，共2款算法完成备案。"])
    comparison = compare(before, after)
    assert comparison.kind is ChangeKind.LIST_BATCH
    assert flags_of(comparison, after) == (Flag.ROUTINE,)
    assert batch_headline(comparison) == "名单更新：新增 1 项（甲检索算法-2），移出 1 项（甲检索算法）"


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("应当在变更之日起10个工作日内办理变更手续。", "应当在变更之日起5个工作日内办理变更手续。"),
        ("已备案的主体应当公示编号。", "已备案的主体应当公示编号，并于每年一月报告。"),
    ],
)
def test_a_changed_rule_beside_the_list_is_not_routine(was: str, now: str) -> None:
    comparison = compare(listing(ONE, above=[was]), listing(ONE, TWO, above=[now]))
    assert comparison.kind is ChangeKind.AMENDED
    assert flags_of(comparison, listing(ONE)) == ()


def test_a_new_page_with_a_batch_is_routine() -> None:
    assert new_document_kind(listing(ONE, TWO)) is ChangeKind.LIST_BATCH
    notice = Document(
        "国家互联网信息办公室关于发布第九批深度合成服务算法备案信息的公告",
        (Block(BlockKind.PARAGRAPH, "现公开发布第九批备案信息，任何单位或个人如有疑议，请发送邮件。"),),
    )
    assert new_document_kind(notice) is ChangeKind.LIST_BATCH
    assert (
        new_document_kind(replace(notice, title="关于注销部分增值电信业务经营许可证的公示名单（第三批）"))
        is ChangeKind.LIST_BATCH
    )


@pytest.mark.parametrize(
    "title",
    [
        "互联网信息服务算法备案管理规定",
        "关于开展算法备案工作的通知",
        "关于公布《备案材料清单》的公告",
        "关于发布算法备案填报指南的公告",
        "关于调整网络安全专用产品安全管理有关事项的公告",
        "关于公布行政许可事项清单的公告",
        "关于公布依法取消的行政审批事项清单的通知",
        "关于进一步规范网络微短剧备案公示的通知",
        "关于开展增值电信业务经营许可信息年报公示的通知",
    ],
)
def test_a_rule_about_filing_is_no_batch(title: str) -> None:
    document = Document(title, (Block(BlockKind.PARAGRAPH, "第一条　为了规范备案，制定本规定。"),))
    assert new_document_kind(document) is ChangeKind.NEW


def test_many_entries_of_one_number_cost_no_more_than_others() -> None:
    entries = [(f"算法{at}", "甲公司", f"用途{at}", "网信备字1号") for at in range(3000)]
    renamed = [(f"模型{at}", "甲公司", f"用途{at}", "网信备字1号") for at in range(3000)]
    before, after = (split_passages(listing(*side)) for side in (entries, renamed))
    started = process_time()
    found = pair_entries(before, after, range(len(before)), range(len(after)))
    assert len(found.pairs) == 3000
    assert process_time() - started < 1


@pytest.mark.parametrize(
    "title",
    [
        "关于第三批注销互联网新闻信息服务许可的公告",
        "2024年1月份国产网络游戏审批信息",
        "关于注销跨地区增值电信业务经营许可证的公告",
        "全国重点网络影视剧拍摄备案公示（2024年3月）",
        "北京市互联网信息办公室关于发布生成式人工智能服务登记信息的公告",
    ],
)
def test_a_notice_of_a_batch_without_its_entries(title: str) -> None:
    assert (
        new_document_kind(Document(title, (Block(BlockKind.PARAGRAPH, "现予公布。"),)))
        is ChangeKind.LIST_BATCH
    )


def test_one_more_group_of_entries_is_routine() -> None:
    before, more = listing(ONE), listing(THREE)
    group = Block(BlockKind.PARAGRAPH, "二、内蒙古自治区")
    after = replace(before, blocks=(*before.blocks, group, *more.blocks[1:]))
    assert compare(before, after).kind is ChangeKind.LIST_BATCH


def test_the_points_of_an_entry_are_nobodys_duty() -> None:
    duty: Entry = ("乙算法", "乙公司", "应当自变更之日起十个工作日内报送材料", "网信备字110009号")
    (added,) = compare(listing(ONE), listing(ONE, duty)).differing
    (removed,) = compare(listing(ONE, duty), listing(ONE)).differing
    assert (added.deltas, added.reason) == ((), "名单新增一项")
    assert (removed.deltas, removed.reason) == ((), "名单移出一项")

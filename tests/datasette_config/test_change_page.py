"""One change: its evidence pointed at in the passage, its captures, a line to quote, a pack to check, how to object."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from made_up_base import Base
from selectolax.lexbor import LexborHTMLParser as Html

from datasette_config.saying import comparing, finalised, matched, present
from datasette_config.saying.citing import quoted
from kb.codes import Op, Significance
from kb.model import LicenceTag, PassageChange
from kb.output.schemas import schema_files

AMENDED = PassageChange(
    Op.AMENDED, Significance.SUBSTANTIVE, "第一条", "第二条", "旧的备案要求。", "办理算法备案。"
)


def tag(evidence: str, field: str, start: int = 0) -> LicenceTag:
    return LicenceTag("algorithm-filing", "r", evidence, field, start, start + len(evidence), "原文命中")


def test_words_are_pointed_at_where_the_tag_says_and_else_where_they_are_found():
    assert matched.in_passage([tag("算法备案", "第二条", 2)], AMENDED) == ([], [(2, 6)])
    assert matched.in_passage([tag("算法备案", "第二条", 9)], AMENDED) == ([], [(2, 6)])
    assert matched.in_passage([tag("旧的", "第一条")], AMENDED) == ([(0, 2)], [])
    assert matched.in_passage([tag("算法备案", "title")], AMENDED) == ([], [])
    assert matched.in_passage([tag("没有", "第二条"), tag("", "第二条")], AMENDED) == ([], [])


def retagged(filled, **values) -> None:
    base = Base(filled.kb)
    sets = ", ".join(f'"{name}" = ?' for name in values)
    base.connection.execute(
        f"UPDATE licence_tags SET {sets} WHERE target_id = 'ch-a1' AND licence = 'algorithm-filing'",  # noqa: S608
        tuple(values.values()),
    )
    base.close()


async def test_the_words_a_tag_was_read_from_are_marked_in_the_passage(filled, site):
    retagged(filled, field="第四章/第二十四条", evidence="更新备案信息", start=27, end=33)
    page = Html((await site(filled).client.get("/change/ch-a1")).text)
    assert [mark.text() for mark in page.css("#p1 mark")] == ["更新备案信息"]
    assert page.css_first('.why a[href="#p1"]') is not None


async def test_a_mark_may_lie_across_words_that_changed(filled, site):
    retagged(filled, field="第四章/第二十四条", evidence="日起五个工作", start=19, end=25)
    page = Html((await site(filled).client.get("/change/ch-a1")).text)
    assert "".join(mark.text() for mark in page.css("#p1 mark")) == "日起五个工作"
    assert [ins.text() for ins in page.css("#p1 ins")] == ["增：五个工作日（增完）"]


async def test_words_of_the_title_are_marked_in_the_title(filled, site):
    retagged(filled, field="title", evidence="算法备案", start=2, end=6)
    page = Html((await site(filled).client.get("/change/ch-a1")).text)
    assert page.css_first("#title mark").text() == "算法备案"


async def test_a_row_of_a_table_is_shown_cell_by_cell(filled, site):
    base = Base(filled.kb)
    base.connection.execute("UPDATE passages SET kind = 'row' WHERE anchor = '深度合成/AI绘画'")
    base.connection.execute(
        "UPDATE change_passages SET before = '类目：AI绘画', after = '类目：AI绘画' || char(10) || '资质：备案', spans = '[]'"
        " WHERE anchor = '深度合成/AI绘画'"
    )
    base.close()
    page = Html((await site(filled).client.get("/change/ch-c1")).text)
    assert [head.text() for head in page.css("table.cells th[scope=row]")] == ["类目", "资质"]


async def test_captures_say_when_what_digest_and_where_the_record_lies(filled, site):
    base = Base(filled.kb)
    base.connection.execute(
        "UPDATE captures SET record_file = 'r.warc.gz', record_offset = 301, record_length = 3022, record_digest = 'ab'"
    )
    base.close()
    table = Html((await site(filled).client.get("/change/ch-a1")).text).css_first("table.cards").text()
    for said in (
        "旧文",
        "新文",
        "3b1f" * 16,
        "captures/sample.wangxin.rules/r.warc.gz",
        "第 301 字节起，3022 字节",
    ):
        assert said in table


async def test_the_line_to_quote_stands_by_itself(reader):
    cited = Html((await reader.get("/change/ch-a1")).text).css_first(".cite").text()
    assert cited == (
        "示例网信办《示例算法备案管理办法》（示例网信办令第3号）。第二十四条：更新备案信息的期限由“十个工作日”改为“五个工作日”。"
        "变动发生在 2026-11-23 06:10 至 2026-11-24 06:12（北京时间）之间。"
        "官方原文 https://wangxin.example.invalid/2026-11/23/c_0001.htm。"
        "证策 http://127.0.0.1:8001/change/ch-a1，留存 ca-a1、ca-a2。"
    )


async def test_a_held_change_says_why_and_is_not_quoted_as_one_that_happened(filled, site):
    base = Base(filled.kb)
    base.connection.execute(
        "UPDATE changes SET confirmation = 'held', held_for = 'flip' WHERE change_id = 'ch-a1'"
    )
    base.close()
    client = site(filled).client
    page = Html((await client.get("/change/ch-a1")).text)
    assert "暂缓推送（看到之后又改回）" in page.css_first(".note").text()
    assert "。未确认，等待人工复核（看到之后又改回）：第二十四条" in page.css_first(".cite").text()
    assert "Held (flipped back)" in (await client.get("/change/ch-a1?lang=en")).text
    provisional = Html((await client.get("/change/ch-b1")).text)
    assert "。未确认：示例生成内容标识规定" in provisional.css_first(".cite").text()


async def test_the_pack_to_check_a_change_is_json_of_its_schema(reader):
    answer = await reader.get("/change/ch-a1/evidence.json")
    pack = json.loads(answer.text)
    Draft202012Validator(json.loads(schema_files()["evidence.json"])).validate(pack)
    assert [one["id"] for one in pack["captures"]] == ["ca-a1", "ca-a2"]
    assert len(pack["passages"]) == 3
    assert answer.headers["content-disposition"] == 'attachment; filename="ch-a1.evidence.json"'
    moved = await reader.get("/change/ch-01/evidence.json")
    assert (moved.status_code, moved.headers["location"]) == (301, "/change/ch-a1/evidence.json")
    assert (await reader.get("/change/ch-ff/evidence.json")).status_code == 404


async def test_a_stranger_gets_no_whole_passage_of_a_platform_page_in_the_pack(stranger, reader):
    path = "/change/ch-c1/evidence.json"
    assert json.loads((await stranger.get(path)).text)["passages"] == []
    assert "开头说明" in (await reader.get(path)).text


async def test_a_wrong_tag_can_be_reported_by_a_command_that_names_it(reader):
    commands = [
        node.text() for node in Html((await reader.get("/change/ch-a1")).text).css("#wrong ~ dl code")
    ]
    assert "zhengce review ch-a1 reject algorithm-filing" in commands
    assert "zhengce decide ch-a1 reject" in commands


async def test_what_is_not_confirmed_says_from_when_it_is_looked_at_again(filled, site):
    base = Base(filled.kb)
    base.connection.execute(
        "UPDATE changes SET confirm_from = '2026-11-23T22:42:00Z' WHERE change_id = 'ch-b1'"
    )
    base.close()
    text = (await site(filled).client.get("/change/ch-b1")).text
    assert "待确认：2026-11-24 06:42 以后再查看一次，确认之前不发提醒。" in text


async def test_of_a_new_text_the_passages_that_tags_were_read_from_are_shown_too(filled, site):
    base = Base(filled.kb)
    base.connection.execute("DELETE FROM change_passages")
    version = base.connection.execute("SELECT id FROM versions WHERE version_id = 've-b1'").fetchone()[0]
    for seq in range(1, 9):
        base.add(
            "passages", version=version, seq=seq, anchor=f"第{seq}段", kind="paragraph",
            text="数字虚拟人应当标识。" if seq == 7 else "其他。",
        )  # fmt: skip
    base.tag("change", "ch-b1", "digital-human", evidence="数字虚拟人", field="text", start=0, end=5)
    base.close()
    article = Html((await site(filled).client.get("/change/ch-b1")).text).css_first("article")
    assert article.css_first("#o7 mark").text() == "数字虚拟人"
    assert len(article.css("p[id]")) == 6


@pytest.mark.parametrize(
    ("title", "cited"),
    [
        ("示例管理办法", "《示例管理办法》"),
        ("《示例管理办法》", "《示例管理办法》"),
        ("《示例管理办法》答记者问", "《〈示例管理办法〉答记者问》"),
        ("关于修改《甲》和《乙》的决定", "《关于修改〈甲〉和〈乙〉的决定》"),
        ("《甲》和《乙》", "《〈甲〉和〈乙〉》"),
    ],
)
def test_a_title_is_quoted_with_its_marks_in_pairs(title, cited):
    assert quoted(title) == cited


def test_a_clause_leads_to_the_one_of_its_own_part_of_the_text():
    """Where an annex counts its articles anew, the number alone is the first one's."""
    one = PassageChange(Op.AMENDED, Significance.SUBSTANTIVE, "附件/第一条", "附件/第一条", "甲。", "乙。")
    assert comparing.changed(one, 0, (), comparing.NOTHING, cut=False)["fragment"] == "附件/第一条"


async def test_a_change_of_an_attachment_names_the_attachment_in_its_head_and_in_lists(filled, site):
    base = Base(filled.kb)
    base.connection.execute("UPDATE pages SET role = 'attachment' WHERE page_id = 'pg-a1'")
    base.connection.execute("UPDATE changes SET title = '申请材料清单' WHERE change_id = 'ch-a1'")
    base.close()
    client = site(filled).client
    head = Html((await client.get("/change/ch-a1")).text).css_first("#title").text()
    assert "附件《申请材料清单》" in head
    rows = Html((await client.get("/changes")).text).css(".row")
    named = [row.css_first("a").attributes["href"] for row in rows if "附件《申请材料清单》" in row.text()]
    assert named == ["/change/ch-a1"]


def test_a_number_is_named_without_the_pause_printed_behind_it():
    assert [present.cited(anchor) for anchor in ("四、", "第二条", "一、/（二）")] == [
        "四",
        "第二条",
        "一、（二）",
    ]


async def test_a_final_text_stands_beside_its_draft_which_is_named_and_linked(filled, site):
    base = Base(filled.kb)
    base.connection.execute("UPDATE documents SET draft = 'do-b1' WHERE document_id = 'do-a1'")
    base.connection.execute("UPDATE changes SET kind = 'finalised' WHERE change_id = 'ch-a1'")
    base.close()
    page = Html((await site(filled).client.get("/change/ch-a1")).text)
    which = [node.text() for node in page.css(".passage-change .which")]
    assert which[0].startswith("征求意见稿")
    assert which[1].startswith("正式稿")
    assert page.css_first(".which a").attributes["href"] == "/document/do-b1"


def test_what_frames_the_clauses_of_a_final_text_is_told_apart():
    def shown(before: str, after: str, *texts: str) -> dict[str, object]:
        return {"cited_before": before, "cited": after, "before": texts[0], "after": texts[1]}

    order, sent = shown("", "第1段", "", "第5号"), shown("第2段", "", "可以发送至", "")
    reworded, clause = shown("第3段", "第3段", "一", "二"), shown("", "第六条", "", "应当")
    assert finalised.framing([order, sent, reworded, clause]) == [order, sent]
    assert finalised.framing([order, sent, reworded]) == []


async def test_key_points_are_named_in_the_language_of_the_reader(reader):
    chinese, english = [(await reader.get(f"/change/ch-a1{asked}")).text for asked in ("", "?lang=en")]
    assert "期限　十个工作日 → 五个工作日" in chinese
    assert "deadline　十个工作日 → 五个工作日" in english

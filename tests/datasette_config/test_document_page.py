"""A rule's page: its text under ids that people can write, tables as tables, attachments, past texts, and any day."""

from __future__ import annotations

import pytest
from made_up_base import Base
from selectolax.lexbor import LexborHTMLParser as Html

from datasette_config import as_of
from datasette_config.saying.anchors import contents, fragments, laid_out
from kb.codes import BlockKind
from kb.model import Block, Cell, Passage


def article(anchor: str, text: str = "文字。", kind: str = "article") -> Passage:
    return Passage(anchor, text, kind, anchor.rpartition("/")[2])


def test_an_article_is_known_by_its_number_its_first_clause_and_its_path():
    ids = fragments([article("第三章/第十二条/第一款"), article("第三章/第十二条/第二款", kind="clause")])
    assert ids[0][0] == "第十二条第一款"
    assert {"第十二条", "第三章/第十二条/第一款"} < set(ids[0])
    assert ids[1] == ("第十二条第二款", "第三章/第十二条/第二款")


def test_ids_are_unique_and_every_path_stays_an_id():
    anchors = ["第一条", "附件/第一条", "甲/乙", "丙/乙", "乙", "", "", "有 空格"]
    ids = fragments([article(anchor) for anchor in anchors])
    flat = [name for names in ids for name in names]
    assert len(flat) == len(set(flat))
    assert all(names for names in ids)
    for anchor, names in zip(anchors, ids, strict=True):
        if anchor:
            assert anchor.replace(" ", "_") in names
    assert ids[0][0] == "第一条"
    assert ids[4][0] == "乙"


def test_no_passage_takes_an_id_of_the_page_itself():
    assert fragments([article("text", kind="row"), article("versions", kind="row")]) == [("p0",), ("p1",)]


def row(*words: str, head: tuple[str, ...] = ()) -> tuple[Passage, Block]:
    cells = tuple(Cell(name, word) for name, word in zip(head, words, strict=True)) if head else ()
    return Passage("/".join(words[:1]), " | ".join(words), "row"), Block(
        BlockKind.ROW, " | ".join(words), cells=cells
    )


def test_rows_under_one_head_are_one_table_and_the_head_is_no_row():
    head = ("类目", "资质")
    rows = [
        row(*head),
        row("绘画", "证书", head=head),
        row("问答", "备案", head=head),
        row("甲", "乙", head=("丙", "丁")),
    ]
    first, second = laid_out([one for one, _ in rows], [block for _, block in rows])
    assert (first["head"], [each["cells"] for each in first["rows"]]) == (
        ["类目", "资质"],
        [["绘画", "证书"], ["问答", "备案"]],
    )
    assert first["head_row"]["fragment"] == "类目"
    assert (second["head"], len(second["rows"])) == (["丙", "丁"], 1)


def test_rows_whose_cells_are_not_known_are_still_a_table():
    passages = [Passage("甲", "甲 | 乙", "row"), Passage("丙", "丙 | 丁", "row")]
    (table,) = laid_out(passages)
    assert table["head"] == ["甲", "乙"]
    assert [each["cells"] for each in table["rows"]] == [["丙", "丁"]]


def test_long_texts_get_a_table_of_contents_and_short_ones_none():
    chapters = [Passage(f"第{n}章", "总则", "heading", f"第{n}章") for n in "一二三"]
    many = laid_out([*chapters, *(article(f"第三章/第{n}条") for n in range(30))])
    assert [one["printed"] for one in contents(many)] == [f"第{n}章　总则" for n in "一二三"]
    assert contents(laid_out(chapters)) == []


async def test_a_clause_can_be_linked_by_hand(reader):
    page = Html((await reader.get("/document/do-a1")).text)
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert "第二十四条" in ids
    assert len(ids) == len(set(ids))


async def test_a_past_text_has_a_page_of_its_own(reader):
    text = (await reader.get("/document/do-a1/version/ve-a1")).text
    assert "十个工作日" in text
    assert "这是以前的文字" in text
    assert (await reader.get("/document/do-a1/version/ve-b1")).status_code == 404


async def test_a_past_text_of_a_platform_page_is_not_for_strangers(stranger, reader):
    path = "/document/do-c1/version/ve-c1"
    assert "开头说明。" * 20 in (await reader.get(path)).text
    assert "开头说明" not in (await stranger.get(path)).text


async def test_attachments_lead_to_their_text_and_pictures_stand_side_by_side(filled, site):
    base = Base(filled.kb)
    ((source, document),) = base.connection.execute(
        "SELECT source, document FROM pages WHERE page_id = 'pg-a1'"
    ).fetchall()
    for number, (role, name) in enumerate((("attachment", "申请表.docx"), ("image", "表.png"))):
        url = f"https://wangxin.example.invalid/{name}"
        page = base.page(source, f"pg-d{number}", url, role=role, parent="pg-a1", document=document)
        for version in (1, 2):
            row = base.version(
                page,
                f"ve-d{number}{version}",
                [("第1段", "附件。")],
                first_seen=f"2026-11-2{version}T00:00:00Z",
            )
        base.connection.execute("UPDATE pages SET current_version = ? WHERE id = ?", (row, page))
    base.close()
    page = Html((await site(filled).client.get("/document/do-a1")).text)
    links = [node.attributes["href"] for node in page.css("section.attachment a")]
    assert "/document/do-a1/version/ve-d02" in links
    assert "/document/do-a1/compare?from=ve-d01&to=ve-d02" in links
    assert [image.attributes["src"] for image in page.css(".pictures img")] == [
        "/picture/ca-d11.png",
        "/picture/ca-d12.png",
    ]
    assert "附件。" in (await site(filled).client.get("/document/do-a1/version/ve-d02")).text


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-03-01", "本库从 2026-11-21 起留存此页，不能回答 2026-03-01 的内容。"),
        ("2026-11-22", "程序据此推断未变"),
        ("2099-01-01", "2099-01-01 还没有到来"),
    ],
)
async def test_what_cannot_be_said_of_a_day_is_said(reader, day, said):
    page = Html((await reader.get(f"/document/do-a1?as-of={day}")).text)
    heads = [node.text() for node in page.css("h2")][:2]
    assert heads == ["当日网站上所见", "当日有效的条文（按施行日期推算）"]
    assert said in page.css_first(".note").text() or said in page.body.text()


async def test_a_day_before_the_first_look_is_not_answered_with_the_earliest_text(reader):
    text = Html((await reader.get("/document/do-a1?as-of=2026-03-01")).text).body.text()
    assert "工作日内更新" not in text


async def test_the_text_of_a_day_is_the_one_that_stood(reader):
    old = Html((await reader.get("/document/do-a1?as-of=2026-11-21")).text).css_first("article").text()
    new = Html((await reader.get("/document/do-a1?as-of=2026-11-24")).text).css_first("article").text()
    assert "十个工作日" in old
    assert "五个工作日" in new


def flipped(filled) -> None:
    """The rule's newest text was seen once, and the old one stands again."""
    base = Base(filled.kb)
    base.connection.execute(
        "UPDATE changes SET confirmation = 'held', found = 'held', held_for = 'flip' WHERE change_id = 'ch-a1'"
    )
    for table in ("pages", "documents"):
        base.connection.execute(
            f"UPDATE {table} SET current_version = (SELECT id FROM versions WHERE version_id = 've-a1') "  # noqa: S608
            "WHERE current_version = (SELECT id FROM versions WHERE version_id = 've-a2')"
        )
    base.close()


async def test_another_text_seen_on_a_day_and_held_is_said_beside_the_one_that_stood(filled, site):
    flipped(filled)
    client = site(filled).client
    page = Html((await client.get("/document/do-a1?as-of=2026-11-24")).text)
    assert "十个工作日" in page.css_first("article").text()
    note = page.css_first('.note a[href="/change/ch-a1"]')
    assert note.text() == "当日看到过另一文字（看到之后又改回），等待复核"
    assert "当日看到过" not in (await client.get("/document/do-a1?as-of=2026-11-23")).text


async def test_a_text_that_did_not_stay_has_its_days_and_is_compared_with_the_one_that_stands(filled, site):
    flipped(filled)
    client = site(filled).client
    seen = Html((await client.get("/document/do-a1")).text).css_first("#versions ~ div tbody tr")
    assert [cell.text() for cell in seen.css("td")][:2] == ["2026-11-24 06:12", "2026-11-24 06:12"]
    version = (await client.get("/document/do-a1/version/ve-a2")).text
    assert "这些文字在 2026-11-24 06:12 看到过，没有确认为现在的文字。" in version
    compared = Html((await client.get("/document/do-a1/compare")).text)
    chosen = [node.attributes["value"] for node in compared.css("option[selected]")]
    assert chosen == ["ve-a1", "ve-a2"]
    assert "五个工作日" in compared.text()


async def test_a_rule_whose_page_was_withdrawn_says_so_and_leads_nobody_to_it(filled, site):
    base = Base(filled.kb)
    base.connection.execute("UPDATE changes SET kind = 'gone' WHERE change_id = 'ch-a1'")
    (address,) = base.connection.execute("SELECT url FROM documents WHERE document_id = 'do-a1'").fetchone()
    base.close()
    page = Html((await site(filled).client.get("/document/do-a1")).text)
    assert "原页面撤下（效力待核）" in [node.text() for node in page.css(".badges .badge")]
    assert "官方原文（已撤下）" in page.css_first(".facts").text()
    assert page.css(f'a[href="{address}"]') == []


@pytest.mark.parametrize(
    "words", ["昨天", "2026-13-01", "2026-02-30", "9999-12-31", "%22%3E%3Cscript%3E", "1"]
)
async def test_what_is_no_date_is_answered_in_words(reader, words):
    answer = await reader.get(f"/document/do-a1?as-of={words}")
    assert answer.status_code == 400
    assert "不是日期" in answer.text
    assert "五个工作日" in answer.text
    assert "<script>" not in answer.text


async def test_no_date_at_all_is_the_text_of_now(reader):
    assert (await reader.get("/document/do-a1?as-of=")).status_code == 200


async def test_a_stranger_gets_the_days_of_a_platform_page_and_not_its_text(stranger):
    text = (await stranger.get("/document/do-c1?as-of=2026-11-24")).text
    assert "当日网站上所见" in text
    assert "开头说明" not in text


def test_days_outside_our_centuries_are_no_days():
    assert as_of.day_of("2026-11-24") is not None
    assert as_of.day_of("0001-01-01") is None
    assert as_of.day_of(None) is None


async def test_what_no_text_dates_is_not_said_to_be_out_of_force(filled, site):
    base = Base(filled.kb)
    base.connection.execute("UPDATE versions SET effective = NULL")
    base.connection.execute("UPDATE versions SET document = json_remove(document, '$.effective')")
    base.close()
    for document, said in (
        ("do-a1", "不能推算：没有文字写明自何日起施行。"),
        ("do-c1", "平台页面不写施行日期"),
    ):
        text = (await site(filled).client.get(f"/document/{document}?as-of=2026-11-22")).text
        assert said in text


async def test_a_final_text_leads_to_the_comparison_with_its_draft(filled, site):
    base = Base(filled.kb)
    base.connection.execute("UPDATE documents SET draft = 'do-b1' WHERE document_id = 'do-a1'")
    base.close()
    client = site(filled).client
    path = "/document/do-a1/compare?from=ve-b1&to=ve-a2"
    page = Html((await client.get("/document/do-a1")).text)
    assert path in [node.attributes["href"] for node in page.css("main a")]
    assert "提供者应当添加标识" in (await client.get(path)).text


async def test_the_draft_is_compared_by_its_own_text_not_by_a_newer_attachment(filled, site):
    base = Base(filled.kb)
    base.connection.execute("UPDATE documents SET draft = 'do-b1' WHERE document_id = 'do-a1'")
    document, source = base.connection.execute(
        "SELECT id, source FROM documents WHERE document_id = 'do-b1'"
    ).fetchone()
    page = base.page(source, "pg-form", "https://wangxin.example.invalid/form.doc", role="attachment")
    form = base.version(page, "ve-f1", [("", "意见反馈表。")], first_seen="2026-11-24T00:00:00Z")
    base.connection.execute(
        "UPDATE pages SET document = ?, current_version = ? WHERE id = ?", (document, form, page)
    )
    base.close()
    client = site(filled).client
    assert "from=ve-b1&amp;to=ve-a2" in (await client.get("/document/do-a1")).text
    assert "提供者应当添加标识" in (await client.get("/document/do-a1/compare?to=ve-a1")).text


async def test_the_page_of_a_rule_with_hundreds_of_versions_stays_light(filled, site):
    base = Base(filled.kb)
    page, document, source = base.connection.execute(
        "SELECT id, document, source FROM pages WHERE page_id = 'pg-a1'"
    ).fetchone()
    for number in range(300):
        day = f"2025-{number // 28 + 1:02}-{number % 28 + 1:02}T00:00:00Z"
        base.version(page, f"ve-f{number:03x}", [("第一条", "旧。")], kind="change", first_seen=day)
        base.change(page, source, f"ch-f{number:03x}", "第一条：有修改", document=document, observed_to=day)
    base.close()
    answer = await site(filled).client.get("/document/do-a1")
    shown = Html(answer.text)
    assert len(answer.content) < 100_000
    assert "只列最近 20 个" in shown.body.text()
    assert "302 个" in shown.body.text()
    options = Html((await site(filled).client.get("/document/do-a1/compare")).text).css("#from option")
    assert len(options) == 302


async def test_the_last_day_of_a_rule_that_expires_is_among_its_dates(filled, site):
    base = Base(filled.kb)
    base.connection.execute("UPDATE versions SET expires = '2028-12-31' WHERE version_id = 've-a2'")
    base.close()
    facts = Html((await site(filled).client.get("/document/do-a1")).text).css_first("dl.facts").text()
    assert "有效期至" in facts
    assert "2028-12-31" in facts


async def test_an_older_text_of_a_copy_is_excerpted_as_the_source_of_the_copy_says(filled, site):
    """A rule of a ministry, published in full, that a platform had copied days before we saw the original."""
    base = Base(filled.kb)
    base.connection.execute(
        "UPDATE versions SET first_seen = '2026-11-23T22:12:00Z' WHERE version_id = 've-a1'"
    )
    document = base.connection.execute("SELECT id FROM documents WHERE document_id = 'do-a1'").fetchone()[0]
    source = base.source("sample.copies", level="platform", publish="excerpt")
    page = base.page(source, "pg-copy", "https://copies.example.invalid/1.html")
    copy = base.version(page, "ve-copy", [("第一条", "只许摘录的抄本。")], title="示例算法备案管理办法")
    base.connection.execute(
        "UPDATE pages SET document = ?, current_version = ? WHERE id = ?", (document, copy, page)
    )
    base.capture(page, "ca-copy", "2026-11-20T22:00:00Z")
    base.close()
    address = "/document/do-a1?as-of=2026-11-22"
    assert "只许摘录的抄本" in (await site(filled).client.get(address)).text
    seen = (await site(filled, public=True).client.get(address)).text
    assert "当日网站上所见" in seen
    assert "只许摘录的抄本" not in seen


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("/document/do-01?as-of=2026-11-22&lang=en", "/document/do-a1?as-of=2026-11-22&lang=en"),
        ("/document/do-01/version/ve-a1?lang=en", "/document/do-a1/version/ve-a1?lang=en"),
        ("/document/do-01/feed.atom?lang=en", "/document/do-a1/feed.atom?lang=en"),
        ("/document/do-01/compare?from=ve-a1&to=ve-a2", "/document/do-a1/compare?from=ve-a1&to=ve-a2"),
        (
            "/document/do-01/compare?from=a%0d%0aX-Evil:1",
            "/document/do-a1/compare?from=a%0D%0AX-Evil%3A1&to=",
        ),
    ],
)
async def test_a_swallowed_id_leads_on_with_all_that_was_asked(filled, site, asked, known):
    base = Base(filled.kb)
    base.add("redirects", from_id="do-01", to_id="do-a1", kind="document", page=1)
    base.close()
    answer = await site(filled).client.get(asked)
    assert (answer.status_code, answer.headers["location"]) == (301, known)

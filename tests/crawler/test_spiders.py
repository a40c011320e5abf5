"""Each site mechanism against a server that answers as those sites do."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from kb.codes import PageRole
from tests.crawler.local_web import Asked, Crawled, Desk, LocalWeb, Reply, page


def listed(result: Crawled) -> list[tuple[str, str]]:
    return [(item.title, item.date) for seen in result.seen for item in seen.items or ()]


def documents(result: Crawled, web: LocalWeb) -> set[str]:
    return {seen.url.removeprefix(web.url) for seen in result.seen if seen.role is PageRole.DOCUMENT}


def declare(desk: Desk, web: LocalWeb, mechanism: str, start: str, **fields: object) -> Path:
    rules = {"item": {"css": "li"}, "date": {"css": "span"}}
    return desk.declare(
        **{"mechanism": mechanism, "hosts": [web.host], "start": [web.url + start], "list": rules, **fields}
    )


def test_trs_records(desk: Desk, web: LocalWeb) -> None:
    web.answers["/col/col1/index.html"] = Reply(
        (
            '<script type="text/xml"><datastore><recordset>'
            f"<record><![CDATA[<li><a href='{web.url}/art/2026/1/2/art_1_1.html' title='甲规定'>甲…</a><span>2026-01-02</span></li>]]></record>"
            "<record><![CDATA[<li><a href='/art/2026/1/3/art_1_2.html'>乙</a></li>]]></record></recordset></datastore></script>"
        ).encode()
    )
    web.answers["/art/2026/1/2/art_1_1.html"] = web.answers["/art/2026/1/3/art_1_2.html"] = page("一")
    result = desk.crawl(declare(desk, web, "trs", "/col/col1/index.html"))
    assert listed(result) == [("甲规定", "2026-01-02"), ("乙", "2026-01-03")]
    assert len(documents(result, web)) == 2


SHELL = """<html><body><script src="/unitbuild.js" parseType="buildstatic" url="/api/build/unit"
 queryData="{'webId':'w1','tplSetId':'t1','tagId':'当前栏目_list'}"></script>
 <script parseType="buildstatic" url="/api/build/unit" queryData="{'webId':'w1','tagId':'导航'}"></script></body></html>"""


def test_jpaas_asks_the_unit_that_the_shell_names_and_pages_with_param_json(
    desk: Desk, web: LocalWeb
) -> None:
    asked_units: list[dict[str, list[str]]] = []

    def unit(asked: Asked) -> Reply:
        query = parse_qs(urlsplit(asked.path).query)
        asked_units.append(query)
        number = json.loads(query["paramJson"][0])["pageNo"] if "paramJson" in query else 1
        html = f'<ul count="3" rows="2"><li><a href="./art/a{number}.html" title="第{number}件">第…</a><span>2026-09-1{number}</span></li></ul>'
        return Reply(
            json.dumps({"success": True, "data": {"html": html}}).encode(),
            headers={"Content-Type": "application/json"},
        )

    base = "/api/build/unit?webId=w1&tplSetId=t1&tagId=%E5%BD%93%E5%89%8D%E6%A0%8F%E7%9B%AE_list"
    web.answers["/zwgk/index.html"] = Reply(SHELL.encode())
    web.answers[base] = unit
    web.answers[base + "&paramJson=%7B%22pageNo%22%3A2%2C%22pageSize%22%3A2%7D"] = unit
    web.answers["/zwgk/art/a1.html"] = web.answers["/zwgk/art/a2.html"] = page("一")
    source = declare(desk, web, "jpaas", "/zwgk/index.html", list={"item": {"css": "li"}, "max_pages": 2})
    result = desk.crawl(source)
    assert listed(result) == [("第1件", "2026-09-11"), ("第2件", "2026-09-12")]
    assert documents(result, web) == {"/zwgk/art/a1.html", "/zwgk/art/a2.html"}
    assert len(asked_units) == 2
    (shell,) = (seen for seen in result.seen if seen.url.endswith("/zwgk/index.html"))
    assert shell.items is None, "a shell names nothing, but it was looked at"


def test_a_jpaas_shell_without_unit_is_an_empty_list_not_silence(desk: Desk, web: LocalWeb) -> None:
    web.answers["/zwgk/index.html"] = Reply(b"<html><body>new design</body></html>")
    (seen,) = desk.crawl(declare(desk, web, "jpaas", "/zwgk/index.html")).seen
    assert (seen.role, seen.items) == (PageRole.LIST, ())


def cac_answer(total: int, per_page: int) -> object:
    def answer(asked: Asked) -> Reply:
        form = parse_qs(asked.body.decode())
        assert form["channelCode"] == ["A1"]
        first = (int(form["pageno"][0]) - 1) * per_page
        rows = [
            {
                "topic": f"第{n}号",
                "infourl": f"/2026-09/{n:02}/c_{n}.htm",
                "pubtime": f"2026-09-{n:02} 16:30:00.0",
            }
            for n in range(first + 1, min(first + per_page, total) + 1)
        ]
        return Reply(
            json.dumps({"totalRec": str(total), "list": rows}).encode(),
            headers={"Content-Type": "application/json"},
        )

    return answer


def test_cac_lists_go_on_with_posted_pages_and_end_where_the_count_ends(desk: Desk, web: LocalWeb) -> None:
    rows = "".join(
        f"<li><h5><a href=/2026-09/0{n}/c_{n}.htm title=第{n}号>第…</a></h5><div class=times>2026-09-0{n}</div></li>"
        for n in (1, 2)
    )
    web.answers["/wxzw/A1index_1.htm"] = Reply(f"<div id=loadingInfoPage>{rows}</div>".encode())
    web.answers["/cms/JsonList"] = cac_answer(5, 2)  # type: ignore[assignment]
    for n in range(1, 6):
        web.answers[f"/2026-09/0{n}/c_{n}.htm"] = page(str(n))
    source = declare(
        desk,
        web,
        "cac",
        "/wxzw/A1index_1.htm",
        list={"item": {"css": "#loadingInfoPage li"}, "link": {"css": "h5 a"}, "max_pages": 9},
        cac={"channel": "A1", "per_page": 2},
    )
    result = desk.crawl(source)
    assert sorted(listed(result)) == [(f"第{n}号", f"2026-09-0{n}") for n in range(1, 6)]
    assert len(documents(result, web)) == 5
    assert web.paths().count("/cms/JsonList") == 2
    lists = {seen.url for seen in result.seen if seen.role is PageRole.LIST}
    assert len(lists) == 3, "each posted page is a page of its own"


def test_the_gazette_leads_from_its_index_over_issues_to_documents(desk: Desk, web: LocalWeb) -> None:
    issues = [
        {"year": "2026", "list": [{"gname": "2026/issue_2/"}, {"gname": "2026/issue_10/"}]},
        {"year": "2025", "list": [{"gname": "2025/issue_99/"}]},
    ]
    web.answers["/gongbao/gbgl.json"] = Reply(
        json.dumps(issues).encode(), headers={"Content-Type": "application/json"}
    )
    for number in (2, 10):
        web.answers[f"/gongbao/2026/issue_{number}/"] = Reply(
            f'<ul><li><a href="../content_{number}.htm">互联网\n办法{number}</a></li><li><a href="../content_9{number}.htm">渔业条例</a></li></ul>'.encode()
        )
        web.answers[f"/gongbao/2026/content_{number}.htm"] = page("一")
    source = declare(
        desk,
        web,
        "govcn",
        "/gongbao/gbgl.json",
        list={"item": {"css": "a[href*='content_']"}, "include": "互联网", "max_pages": 2},
    )
    result = desk.crawl(source)
    assert documents(result, web) == {"/gongbao/2026/content_2.htm", "/gongbao/2026/content_10.htm"}
    assert "/gongbao/2025/issue_99/" not in web.paths()
    assert ("互联网 办法10", "") in listed(result)


def test_column_pages_that_a_script_numbers(desk: Desk, web: LocalWeb) -> None:
    web.answers["/l/index.html"] = Reply(
        '<li><a href="t20260101_1.html">甲</a></li><script>createPageHTML(7, 0, "index", "html");</script>'.encode()
    )
    web.answers["/l/index_1.html"] = Reply(
        '<li><a href="t20260102_2.html">乙</a></li><script>createPageHTML(7, 1, "index", "html");</script>'.encode()
    )
    web.answers["/l/t20260101_1.html"] = web.answers["/l/t20260102_2.html"] = page("一")
    result = desk.crawl(
        declare(desk, web, "column", "/l/index.html", list={"item": {"css": "li"}, "max_pages": 2})
    )
    assert sorted(listed(result)) == [("乙", "2026-01-02"), ("甲", "2026-01-01")]
    assert "/l/index_2.html" not in web.paths()


def test_an_attachment_that_failed_once_is_asked_again_though_its_document_stays_the_same(
    desk: Desk, web: LocalWeb
) -> None:
    body = '<h1>通知</h1><div id=c><p>正文见附件，请下载后填写。</p><a href="/f/1.docx">附件1.docx</a></div>'
    web.answers["/1.html"] = Reply(body.encode())
    web.answers["/f/1.docx"] = Reply(b"PK", cut=99)
    source = desk.declare(hosts=[web.host], start=[web.url + "/1.html"])
    assert [failed.role for failed in desk.crawl(source).failed] == [PageRole.ATTACHMENT]
    web.answers["/f/1.docx"] = Reply(b"PK\x03\x04", headers={"Content-Type": "application/octet-stream"})
    kept = [seen for seen in desk.crawl(source).seen if seen.record]
    assert [(seen.role, seen.title) for seen in kept] == [(PageRole.ATTACHMENT, "附件1.docx")]


def test_a_second_look_at_a_list_follows_nothing(desk: Desk, web: LocalWeb) -> None:
    web.answers["/l/"] = Reply('<li><a href="1.html">甲</a></li>'.encode())
    web.answers["/l/1.html"] = page("一")
    source = declare(desk, web, "column", "/l/")
    desk.crawl(source)
    web.asked.clear()
    desk.crawl(source, pages=[web.url + "/l/"], unconditional=True)
    assert set(web.paths()) <= {"/robots.txt", "/l/"}


def test_the_sample_web_is_crawled_whole(desk: Desk, tmp_path: Path) -> None:
    from crawler.sample_web.declarations import render_declarations
    from crawler.sample_web.server import SampleWeb

    with SampleWeb(0) as sample:
        render_declarations(sample.port, tmp_path / "declarations")
        for declaration in sorted((tmp_path / "declarations").glob("*.toml")):
            result = desk.crawl(declaration, delay=0)
            assert result.stderr == ""
            assert result.end.status == "ok", declaration.stem
            assert any(seen.role is PageRole.DOCUMENT and seen.fingerprint for seen in result.seen), (
                declaration.stem
            )


def test_every_link_that_reading_takes_for_an_attachment_is_worth_a_reading() -> None:
    from crawler.spiders.base import FILE_LINK
    from kb.reading.markup import ATTACHMENT

    extensions = re.findall(
        r"[a-z0-9]+", ATTACHMENT.pattern.partition("(?:")[2].partition(")")[0].replace("?", "")
    )
    links = [f"/f/1.{extension}" for extension in extensions]
    links += [link[:-1] for link in links if link[-1] in "xt"]
    links += ["/cms/downloadfile.jsp?filepath=1", "/d?fileName=1"]
    taken = [link for link in links if ATTACHMENT.search(link)]
    assert len(taken) > 12
    assert [link for link in taken if not FILE_LINK.search(f'<a href="{link}">x</a>')] == []

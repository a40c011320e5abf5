"""One crawl, from a job on standard input to the captures it leaves behind."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.alone import only_crawl_of
from kb.archive import RunFinished, Seen, read_record, read_run_log
from kb.codes import Health, PageRole
from kb.model import page_id
from tests.crawler.local_web import Asked, Desk, LocalWeb, Reply, page


def declare_pages(desk: Desk, web: LocalWeb, *paths: str, **fields: object) -> Path:
    return desk.declare(hosts=[web.host], start=[web.url + path for path in paths], **fields)


def test_a_page_is_kept_as_it_came_and_its_second_day_is_a_line(desk: Desk, web: LocalWeb) -> None:
    web.answers["/1.html"] = lambda asked: Reply(page("十个工作日").body + b"<!-- %f -->" % asked.at)
    source = declare_pages(desk, web, "/1.html")
    first, second = desk.crawl(source), desk.crawl(source)
    assert (first.code, first.stderr) == (0, "")
    (kept,), (unchanged,) = first.seen, second.seen
    assert kept.record is not None
    assert "十个工作日" in read_record(first.folder, kept.record, source="test.source").body.decode()
    assert unchanged.record is None
    assert unchanged.capture == kept.capture
    assert unchanged.body_digest != kept.body_digest
    assert second.end.status == "ok"
    assert second.end.counts == {"requested": 1, "kept": 0, "unchanged": 1, "not_modified": 0, "failed": 0}


def test_a_changed_rule_is_kept_in_full(desk: Desk, web: LocalWeb) -> None:
    source = declare_pages(desk, web, "/1.html")
    web.answers["/1.html"] = page("十个工作日")
    desk.crawl(source)
    web.answers["/1.html"] = page("五个工作日")
    (seen,) = desk.crawl(source).seen
    assert seen.record is not None


def test_the_clock_of_the_job_dates_every_capture(desk: Desk, web: LocalWeb) -> None:
    web.answers["/1.html"] = page("一")
    (seen,) = desk.crawl(declare_pages(desk, web, "/1.html"), now="2026-11-24T06:10:00+08:00").seen
    assert seen.fetched_at.isoformat() == "2026-11-23T22:10:00+00:00"


def test_validators_are_sent_and_304_refers_to_the_head(desk: Desk, web: LocalWeb) -> None:
    def answer(asked: Asked) -> Reply:
        headers = {
            "Content-Type": "text/html",
            "ETag": '"v1"',
            "Last-Modified": "Sat, 01 Nov 2026 00:00:00 GMT",
        }
        if asked.headers.get("If-None-Match") == '"v1"':
            return Reply(b"", 304, headers)
        return Reply(page("一").body, 200, headers)

    web.answers["/1.html"] = answer
    source = declare_pages(desk, web, "/1.html")
    (kept,) = desk.crawl(source).seen
    second = desk.crawl(source)
    assert [(seen.status, seen.capture) for seen in second.seen] == [(304, kept.capture)]
    assert second.end.counts["not_modified"] == 1
    assert "If-Modified-Since" in web.asked[-1].headers
    # a second look, a changed declaration: unconditional
    desk.crawl(source, unconditional=True)
    assert "If-None-Match" not in web.asked[-1].headers
    source = declare_pages(desk, web, "/1.html", document={"body": [{"css": "#c p"}], "min_characters": 1})
    (forced,) = desk.crawl(source).seen
    assert "If-None-Match" not in web.asked[-1].headers
    assert forced.record is not None


def test_wire_encoding_is_kept_and_decoded_only_for_the_fingerprint(desk: Desk, web: LocalWeb) -> None:
    import gzip

    moments = iter(range(9))
    web.answers["/1.html"] = lambda _: Reply(
        gzip.compress(page("一").body, mtime=next(moments)),
        headers={"Content-Type": "text/html; charset=utf-8", "Content-Encoding": "gzip"},
    )
    source = declare_pages(desk, web, "/1.html")
    (kept,) = desk.crawl(source).seen
    assert kept.record is not None
    capture = read_record(desk.captures / "test.source", kept.record, source="test.source")
    assert gzip.decompress(capture.body) == page("一").body
    assert ("Content-Encoding", "gzip") in capture.headers
    (unchanged,) = desk.crawl(source).seen
    assert unchanged.record is None


@pytest.mark.parametrize(
    ("reply", "health"),
    [
        (Reply(b"<p>half", cut=500), Health.TRUNCATED),
        (Reply(b"x" * (8 * 1024 * 1024 + 1)), Health.TRUNCATED),
    ],
    ids=["cut short", "larger than 8 MiB"],
)
def test_half_a_page_or_too_much_is_no_page(desk: Desk, web: LocalWeb, reply: Reply, health: Health) -> None:
    web.answers["/1.html"] = reply
    result = desk.crawl(declare_pages(desk, web, "/1.html"))
    assert [failed.health for failed in result.failed] == [health]
    assert not result.seen
    assert (result.code, result.end.status) == (0, "failed")


def test_a_host_that_does_not_answer_is_unreachable_and_the_run_has_its_end_line(
    desk: Desk, web: LocalWeb
) -> None:
    source = declare_pages(desk, web, "/1.html", respects_robots=False)
    web.close()
    result = desk.crawl(source)
    assert [(failed.health, failed.transient) for failed in result.failed] == [(Health.UNREACHABLE, True)]
    assert result.end.status == "failed"


def test_an_error_page_is_captured_with_its_status(desk: Desk, web: LocalWeb) -> None:
    web.answers["/1.html"] = Reply(b"<p>blocked</p>", 403)
    (seen,) = desk.crawl(declare_pages(desk, web, "/1.html")).seen
    assert (seen.status, seen.record is not None) == (403, True)


def moved(target: str) -> Reply:
    return Reply(b"", 301, {"Location": target})


def test_a_page_that_redirects_stays_the_page_and_says_who_answered(desk: Desk, web: LocalWeb) -> None:
    web.answers["/old.html"], web.answers["/new.html"] = moved("/new.html"), page("一")
    source = declare_pages(desk, web, "/old.html")
    (seen,) = desk.crawl(source).seen
    assert (seen.url, seen.final_url) == (web.url + "/old.html", web.url + "/new.html")
    assert seen.page == page_id("test.source", web.url + "/old.html")
    (unchanged,) = desk.crawl(source).seen
    assert (unchanged.capture, unchanged.final_url) == (seen.capture, web.url + "/new.html")
    web.answers["/new.html"] = page("二")
    (amended,) = desk.crawl(source).seen
    assert amended.record is not None
    assert amended.page == seen.page


def test_a_known_page_that_begins_to_redirect_is_looked_at_every_time(desk: Desk, web: LocalWeb) -> None:
    body = page("一").body
    validators = {"Content-Type": "text/html; charset=utf-8", "ETag": '"1"'}

    def not_for_validators(asked: Asked) -> Reply:
        return Reply(b"", 304) if "If-None-Match" in asked.headers else Reply(body, headers=validators)

    web.answers["/old.html"] = web.answers["/error.html"] = not_for_validators
    source = declare_pages(desk, web, "/old.html")
    (before,) = desk.crawl(source).seen
    web.answers["/old.html"] = moved("/error.html")
    for day in range(3):
        (seen,) = desk.crawl(source).seen
        assert (seen.page, seen.final_url, seen.status) == (before.page, web.url + "/error.html", 200)
        assert (seen.record is not None) == (day == 0)
    web.answers["/old.html"] = not_for_validators
    (back,) = desk.crawl(source).seen
    assert (back.status, back.final_url, back.record is not None) == (200, "", True)


def test_the_target_of_a_redirect_is_fetched_once_unless_it_is_a_page_of_its_own(
    desk: Desk, web: LocalWeb
) -> None:
    web.answers["/list/index.html"] = Reply(b"<ul id=l><li><a href=/old.html>a</a></li></ul>")
    web.answers["/old.html"], web.answers["/new.html"] = moved("/new.html"), page("一")
    source = declare_column(desk, web)
    desk.crawl(source)
    desk.crawl(source)
    assert web.paths().count("/new.html") == 2
    both = declare_pages(desk, web, "/new.html", "/old.html")
    for _ in range(2):
        assert {seen.url for seen in desk.crawl(both).seen} == {web.url + "/new.html", web.url + "/old.html"}


def test_attachments_of_a_redirected_page_are_where_the_final_address_says(desk: Desk, web: LocalWeb) -> None:
    web.answers["/old.html"] = moved("/deep/new.html")
    web.answers["/deep/new.html"] = Reply(
        '<div id=c><p>正文见附件。</p><a href="1.docx">附件1：申请表.docx</a></div>'.encode()
    )
    web.answers["/deep/1.docx"] = Reply(b"PK\x03\x04", headers={"Content-Type": "application/octet-stream"})
    document, attachment = desk.crawl(declare_pages(desk, web, "/old.html")).seen
    assert (attachment.status, attachment.parent) == (200, document.page)


def test_one_page_in_two_spellings_is_asked_once(desk: Desk, web: LocalWeb) -> None:
    web.answers["/1.html"] = page("一")
    upper = web.url.replace("http:", "HTTP:") + "/1.html#top"
    source = desk.declare(
        hosts=[web.host], start=[web.url + "/1.html", upper, web.url + "/1.html?utm_source=a"]
    )
    assert len(desk.crawl(source).seen) == 1
    assert web.paths().count("/1.html") == 1


def test_server_errors_are_tried_again(desk: Desk, web: LocalWeb) -> None:
    answers = iter([Reply(b"", 503), page("一")])
    web.answers["/1.html"] = lambda _: next(answers)
    (seen,) = desk.crawl(declare_pages(desk, web, "/1.html")).seen
    assert seen.status == 200


LIST = """<html></html><ul id=l>
<li><a href=./a.html title="关于甲事项的通知（完整标题）">关于甲事项的…</a><span>2026-11-02</span></li>
<li><a href="/b/20261103/b.html">乙办法</a></li></ul>"""


def declare_column(desk: Desk, web: LocalWeb, **fields: object) -> Path:
    return desk.declare(
        mechanism="column",
        hosts=[web.host],
        start=[web.url + "/list/index.html"],
        list={"item": {"css": "#l li"}, "date": {"css": "span"}},
        **fields,
    )


def test_a_list_names_its_documents_and_they_are_fetched(desk: Desk, web: LocalWeb) -> None:
    web.answers["/list/index.html"] = Reply(LIST.encode())
    web.answers["/list/a.html"], web.answers["/b/20261103/b.html"] = page("甲"), page("乙")
    source = declare_column(desk, web)
    result = desk.crawl(source)
    roles = {seen.url.removeprefix(web.url): seen.role for seen in result.seen}
    assert roles == {
        "/list/index.html": PageRole.LIST,
        "/list/a.html": PageRole.DOCUMENT,
        "/b/20261103/b.html": PageRole.DOCUMENT,
    }
    listing = next(seen for seen in result.seen if seen.role is PageRole.LIST)
    assert listing.items is not None
    assert [(item.title, item.date) for item in listing.items] == [
        ("关于甲事项的通知（完整标题）", "2026-11-02"),
        ("乙办法", "2026-11-03"),
    ]
    assert (
        next(seen for seen in result.seen if seen.url.endswith("a.html")).title
        == "关于甲事项的通知（完整标题）"
    )


def test_known_documents_are_looked_at_again_though_the_list_forgot_them(desk: Desk, web: LocalWeb) -> None:
    web.answers["/list/index.html"] = Reply(LIST.encode())
    web.answers["/list/a.html"], web.answers["/b/20261103/b.html"] = page("甲"), page("乙")
    source = declare_column(desk, web)
    desk.crawl(source)
    web.answers["/list/index.html"] = Reply(LIST.replace("<li><a href=./a.html", "<!-- ").encode())
    second = desk.crawl(source)
    assert {seen.url.removeprefix(web.url) for seen in second.seen} >= {"/list/a.html", "/b/20261103/b.html"}
    assert web.paths().count("/list/a.html") == 2


def test_attachments_and_watched_images_belong_to_their_document(desk: Desk, web: LocalWeb) -> None:
    web.answers["/1.html"] = Reply(
        '<h1>通知</h1><div id=c><p>正文见附件。</p><img src="/t.png"><p><a href="/f/1.docx">附件1：申请表.docx</a></p></div>'.encode()
    )
    web.answers["/f/1.docx"] = Reply(b"PK\x03\x04 one", headers={"Content-Type": "application/octet-stream"})
    web.answers["/t.png"] = Reply(b"\x89PNG one", headers={"Content-Type": "image/png"})
    source = declare_pages(
        desk,
        web,
        "/1.html",
        document={"body": [{"css": "#c"}], "images": [{"css": "#c img"}], "min_characters": 1},
    )
    first = desk.crawl(source)
    document = page_id("test.source", web.url + "/1.html")
    assert {(seen.role, seen.parent) for seen in first.seen} == {
        (PageRole.DOCUMENT, ""),
        (PageRole.ATTACHMENT, document),
        (PageRole.IMAGE, document),
    }
    # the document stays the same, its attachment is replaced
    web.answers["/f/1.docx"] = Reply(b"PK\x03\x04 two", headers={"Content-Type": "application/octet-stream"})
    kept = [seen for seen in desk.crawl(source).seen if seen.record]
    assert [(seen.role, seen.parent) for seen in kept] == [(PageRole.ATTACHMENT, document)]


def test_a_second_look_asks_only_for_its_pages(desk: Desk, web: LocalWeb) -> None:
    web.answers["/1.html"], web.answers["/2.html"] = page("一"), page("二")
    source = declare_pages(desk, web, "/1.html", "/2.html")
    desk.crawl(source)
    web.asked.clear()
    again = desk.crawl(source, pages=[web.url + "/2.html"], unconditional=True)
    assert [seen.url for seen in again.seen] == [web.url + "/2.html"]
    assert "/1.html" not in web.paths()


def test_our_name_is_told_and_the_contact_with_it(desk: Desk, web: LocalWeb) -> None:
    web.answers["/1.html"] = page("一")
    desk.crawl(
        declare_pages(desk, web, "/1.html", headers={"Referer": web.url + "/"}),
        contact="mailto:watch@example.org",
    )
    asked = next(asked for asked in web.asked if asked.path == "/1.html")
    assert asked.headers["User-Agent"].startswith("zhengce/")
    assert asked.headers["User-Agent"].endswith("(+mailto:watch@example.org)")
    assert asked.headers["Referer"] == web.url + "/"
    assert "Cookie" not in asked.headers


def test_the_declared_pace_is_kept(desk: Desk, web: LocalWeb) -> None:
    web.answers["/1.html"], web.answers["/2.html"] = page("一"), page("二")
    desk.crawl(declare_pages(desk, web, "/1.html", "/2.html"), delay=0.6)
    times = sorted(asked.at for asked in web.asked)
    assert all(later - earlier > 0.4 for earlier, later in pairwise(times))


def test_a_job_that_cannot_be_used_says_so_without_traceback(desk: Desk) -> None:
    result = desk.crawl(desk.root / "missing.toml")
    assert result.code == 2
    assert "读不到来源配置" in result.stderr
    assert "Traceback" not in result.stderr
    assert desk.crawl(desk.root / "missing.toml", origin="replay").code == 2


def test_kill_9_in_mid_run_leaves_a_log_that_reads_and_the_next_run_goes_on(
    desk: Desk, web: LocalWeb
) -> None:
    for number in range(40):
        web.answers[f"/{number}.html"] = Reply(page(str(number)).body, wait=0.05)
    source = declare_pages(desk, web, *(f"/{number}.html" for number in range(40)))
    process = subprocess.Popen([sys.executable, "-m", "crawler.run"], stdin=subprocess.PIPE, text=True)
    assert process.stdin is not None
    process.stdin.write(json.dumps(desk.job(source)))
    process.stdin.close()
    while sum(1 for log in desk.captures.glob("*/*.jsonl") for _ in log.open()) < 10:
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    (log,) = desk.captures.glob("*/*.jsonl")
    before = [event for _, event in read_run_log(log) if isinstance(event, Seen)]
    assert 0 < len(before) < 40
    for event in before:
        assert event.record is not None
        assert read_record(log.parent, event.record, source="test.source").status == 200
    after = desk.crawl(source)
    assert len(after.seen) == 40
    assert sum(seen.record is None for seen in after.seen) == len(before)


def test_kill_9_before_the_attachments_of_a_kept_document_forgets_none_of_them(
    desk: Desk, web: LocalWeb
) -> None:
    web.answers["/1.html"] = Reply(
        '<div id=c><p>正文见附件。</p><a href="/1.docx">附件1：表.docx</a><a href="/2.docx">附件2：表.docx</a></div>'.encode()
    )
    file = {"Content-Type": "application/octet-stream"}
    for path in ("/1.docx", "/2.docx"):
        web.answers[path] = Reply(b"PK\x03\x04", headers=file, wait=3)
    source = declare_pages(desk, web, "/1.html")
    process = subprocess.Popen([sys.executable, "-m", "crawler.run"], stdin=subprocess.PIPE, text=True)
    assert process.stdin is not None
    process.stdin.write(json.dumps(desk.job(source)))
    process.stdin.close()
    while sum(1 for log in desk.captures.glob("*/*.jsonl") for _ in log.open()) < 2:
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    for path in ("/1.docx", "/2.docx"):
        web.answers[path] = Reply(b"PK\x03\x04", headers=file)
    after = desk.crawl(source).seen
    document = page_id("test.source", web.url + "/1.html")
    assert {(seen.url.removeprefix(web.url), seen.parent, seen.title) for seen in after if seen.record} == {
        ("/1.docx", document, "附件1：表.docx"),
        ("/2.docx", document, "附件2：表.docx"),
    }


def test_a_crawl_that_is_asked_to_stop_ends_with_a_partial_run(desk: Desk, web: LocalWeb) -> None:
    for number in range(200):
        web.answers[f"/{number}.html"] = Reply(page(str(number)).body, wait=0.05)
    source = declare_pages(desk, web, *(f"/{number}.html" for number in range(200)))
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler.run"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(desk.job(source)))
    process.stdin.close()
    while sum(1 for log in desk.captures.glob("*/*.jsonl") for _ in log.open()) < 10:
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    (log,) = desk.captures.glob("*/*.jsonl")
    end = [event for _, event in read_run_log(log)][-1]
    assert isinstance(end, RunFinished)
    assert end.status == "partial"
    assert end.counts["requested"] < 200
    assert (log.parent / "heads").exists()


def test_a_selector_that_is_none_costs_no_evidence_and_is_reported(desk: Desk, web: LocalWeb) -> None:
    web.answers["/1.html"], web.answers["/2.html"] = page("一"), page("二")
    rules = {"body": [{"css": "div[["}]}
    result = desk.crawl(declare_pages(desk, web, "/1.html", "/2.html", document=rules))
    assert (result.code, result.end.status) == (1, "partial")
    assert [(seen.status, seen.fingerprint, seen.record is not None) for seen in result.seen] == [
        (200, "", True)
    ] * 2
    assert {failed.page for failed in result.failed} == {seen.page for seen in result.seen}
    assert all("BadSelector" in failed.reason for failed in result.failed)
    assert "div[[" in result.stderr
    assert "/1.html" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_error_of_ours_keeps_the_capture_and_is_no_refusal(
    desk: Desk, web: LocalWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> str:
        raise ValueError("ours")

    web.answers["/1.html"] = page("一")
    monkeypatch.setattr("crawler.capture.fingerprint", broken)
    result = desk.crawl(declare_pages(desk, web, "/1.html"))
    (seen,), (failed,) = result.seen, result.failed
    assert seen.record is not None
    assert failed.health is not Health.REFUSED
    assert "ValueError" in failed.reason
    assert (result.code, result.end.status) == (1, "partial")


def test_a_list_longer_than_declared_leads_nowhere(desk: Desk, web: LocalWeb) -> None:
    rows = "".join(f"<li><a href=/{number}.html>第{number}件</a></li>" for number in range(6))
    web.answers["/l.html"] = Reply(f"<ul>{rows}</ul>".encode())
    rules = {"item": {"css": "li"}, "max_items": 5}
    result = desk.crawl(
        desk.declare(mechanism="column", hosts=[web.host], start=[web.url + "/l.html"], list=rules)
    )
    assert web.paths() == ["/robots.txt", "/l.html"]
    assert len(result.seen[0].items or ()) == 6


@pytest.mark.parametrize("budget", [{"max_bytes": 3000}, {"max_seconds": 0.2}], ids=str)
def test_a_run_has_a_budget(desk: Desk, web: LocalWeb, budget: dict[str, float]) -> None:
    paths = [f"/{number}.html" for number in range(100)]
    for path in paths:
        web.answers[path] = Reply(page("一").body + b" " * 1000, wait=0.05)
    result = desk.crawl(declare_pages(desk, web, *paths), **budget)
    assert len(result.seen) < 90
    assert result.code == 1
    assert result.end.status in {"partial", "failed"}  # failed when the time was over before the first answer
    assert "上限" in result.stderr


def test_two_crawls_of_one_source_do_not_meet(desk: Desk, web: LocalWeb) -> None:
    web.answers["/1.html"] = page("一")
    source = declare_pages(desk, web, "/1.html")
    with only_crawl_of(desk.captures / "test.source"):
        second = desk.crawl(source)
    assert (second.code, second.events) == (2, [])
    assert "另一个巡查进程" in second.stderr
    assert desk.crawl(source).code == 0


def test_a_crawl_ends_with_the_process_that_wanted_it(desk: Desk, web: LocalWeb) -> None:
    paths = [f"/{number}.html" for number in range(400)]
    for path in paths:
        web.answers[path] = Reply(page("一").body, wait=0.2)
    job = desk.job(declare_pages(desk, web, *paths))
    start = (
        "import subprocess, sys; child = subprocess.Popen([sys.executable, '-m', 'crawler.run'],"
        " stdin=subprocess.PIPE); child.stdin.write(sys.argv[1].encode()); child.stdin.close(); child.wait()"
    )
    parent = subprocess.Popen([sys.executable, "-c", start, json.dumps(job)])
    while sum(1 for log in desk.captures.glob("*/*.jsonl") for _ in log.open()) < 2:
        assert parent.poll() is None
        time.sleep(0.02)
    parent.kill()
    parent.wait()
    (log,) = desk.captures.glob("*/*.jsonl")
    deadline = time.monotonic() + 15
    while not isinstance([event for _, event in read_run_log(log)][-1], RunFinished):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_an_address_that_is_none_is_refused(desk: Desk, web: LocalWeb) -> None:
    web.answers["/1.html"] = moved("http://[::1/x")
    result = desk.crawl(declare_pages(desk, web, "/1.html"))
    assert [failed.health for failed in result.failed] == [Health.REFUSED]
    assert result.code == 0


def test_rules_of_the_day_are_those_of_the_reading(desk: Desk, web: LocalWeb) -> None:
    """The old rules hold to the second day: on the third every page is asked in full, and compared by the new ones."""

    def answer(asked: Asked) -> Reply:
        headers = {"Content-Type": "text/html; charset=utf-8", "ETag": '"1"'}
        if "If-None-Match" in asked.headers:
            return Reply(b"", 304, headers)
        body = f"<h1>办法</h1><div id=o><p>旧处</p></div><div id=c><p>新处{asked.at}</p></div>"
        return Reply(body.encode(), 200, headers)

    web.answers["/1.html"] = answer
    source = declare_pages(
        desk,
        web,
        "/1.html",
        document={"body": [{"css": "#c"}], "min_characters": 1},
        history=[{"body": [{"css": "#o"}], "min_characters": 1, "valid_until": "2026-11-02"}],
    )
    first = desk.crawl(source)
    assert desk.crawl(source, unconditional=True).seen[0].record is None
    (third,) = desk.crawl(source).seen
    assert third.status == 200
    assert third.record is not None
    assert third.fingerprint != first.seen[0].fingerprint
    assert desk.crawl(source).seen[0].status == 304

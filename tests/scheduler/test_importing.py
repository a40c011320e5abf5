"""Importing what people saved: addresses, times, bounds, and saying what could not be used."""

from __future__ import annotations

import gzip
import io
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from kb.codes import Health, SourceState
from kb.config import DataDirectory
from kb.errors import UsageError
from kb.sources import Source
from kb.store import open_reader, queries
from scheduler.declarations import keep, known_sources
from scheduler.histories import Skipped, Snapshot, read_histories, read_manifest, read_saved, read_warc
from scheduler.importing import CHUNK, known_captures
from tests.scheduler.imports import CAC, NOW, bring, page


def toml(source: Source) -> str:
    return tomlkit.dumps(source.model_dump(mode="json", exclude_defaults=True, exclude_none=True))


def warc(file: Path, *records: tuple[str, str, bytes, dict[str, str]], status: str = "200 OK") -> Path:
    with file.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for url, media, body, headers in records:
            http = StatusAndHeaders(status, [("Content-Type", media), *headers.items()], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    url,
                    "response",
                    payload=io.BytesIO(body),
                    length=len(body),
                    http_headers=http,
                    warc_headers_dict={"WARC-Date": "2026-10-19T00:00:00Z"},
                )
            )
    return file


def rows(data: Path, query: str) -> list[tuple[Any, ...]]:
    reader = open_reader(data / "kb.db")
    try:
        return [tuple(row) for row in reader.execute(query)]
    finally:
        reader.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    folder = tmp_path / "另存的网页"
    folder.mkdir()
    return folder


# ------------------------------------------------------------------ what may be read


@pytest.mark.parametrize("named", ["absolute", "parent", "link"])
def test_a_manifest_names_only_files_below_its_folder(tmp_path: Path, saved: Path, named: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("不应公开", "utf-8")
    (saved / "link.txt").symlink_to(secret)
    name = {"absolute": str(secret), "parent": "../secret.txt", "link": "link.txt"}[named]
    manifest = saved / "m.jsonl"
    line = {"file": name, "url": "https://a.cn/x", "fetched_at": "2026-01-01T00:00:00Z"}
    manifest.write_text(json.dumps(line), "utf-8")
    with pytest.raises(UsageError, match="文件夹之外"):
        list(read_histories(manifest, None, None))
    manifest.write_text(json.dumps(line | {"file": str(secret)}), "utf-8")
    (read,) = read_manifest(manifest, Path("/"))  # an explicit root stays possible
    assert isinstance(read, Snapshot)


def test_a_link_in_a_folder_that_leads_out_is_left_out(tmp_path: Path, saved: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("不应公开", "utf-8")
    (saved / "link.txt").symlink_to(secret)
    (item,) = read_saved(saved, None)
    assert isinstance(item, Skipped)
    assert "文件夹之外" in item.problem


# ------------------------------------------------------------------ WARC


@pytest.mark.parametrize("chunked", [False, True])
def test_a_warc_record_that_unpacks_without_end_is_left_out(
    tmp_path: Path, data: Path, chunked: bool
) -> None:
    bomb = gzip.compress(bytes(40_000_000), 9)
    headers = {"Content-Encoding": "gzip"}
    if chunked:
        bomb = b"%x\r\n%s\r\n0\r\n\r\n" % (len(bomb), bomb)
        headers["Transfer-Encoding"] = "chunked"
    plain = bytes(9_000_000)
    file = warc(
        tmp_path / "x.warc.gz",
        ("https://a.cn/bomb", "text/html", bomb, headers),
        ("https://a.cn/long", "text/html", plain, {}),
        ("https://a.cn/good", "text/html", gzip.compress(page()), {"Content-Encoding": "gzip"}),
    )
    done = bring(data, read_warc(file))
    assert (done.kept, done.unreadable, done.skipped) == (1, 0, 2)
    assert all("8 MiB" in problem for problem in done.problems)


def test_only_documents_are_taken_from_a_warc(tmp_path: Path, data: Path) -> None:
    file = warc(
        tmp_path / "x.warc.gz",
        ("https://a.cn/a", "text/html; charset=utf-8", page(), {}),
        ("https://a.cn/s.css", "text/css", b"body{color:red}", {}),
        ("https://a.cn/l.png", "image/png", b"\x89PNG", {}),
        ("https://a.cn/robots.txt", "text/plain", b"User-agent: *", {}),
        ("https://a.cn/j.js", "application/javascript", b"var a=1;", {}),
        ("dns:a.cn", "text/plain", b"x", {}),
        ("https://[x/", "text/html", page(), {}),
    )
    done = bring(data, read_warc(file))
    assert (done.kept, done.skipped, done.problems) == (1, 5, [])
    assert rows(data, "SELECT url FROM pages") == [("https://a.cn/a",)]
    missing = warc(
        tmp_path / "y.warc.gz", ("https://a.cn/b", "text/html", page(), {}), status="404 Not Found"
    )
    assert bring(data, read_warc(missing)).skipped == 1


def test_a_warc_record_without_date_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "x.warc"
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nxx"
    file.write_bytes(
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.cn/\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
        % (len(answer), answer)
    )
    (item,) = read_warc(file)
    assert isinstance(item, Skipped)
    assert "WARC-Date" in item.problem


def test_every_host_gets_a_source_of_its_own(tmp_path: Path, data: Path) -> None:
    hosts = ["a-b.cn", "a.b.cn", "xn--fiqs8s.cn", "例.cn"]
    file = warc(tmp_path / "x.warc.gz", *((f"https://{host}/a", "text/html", page(), {}) for host in hosts))
    bring(data, read_warc(file))
    bring(data, read_warc(file))
    assert len({path.name for path in (data / "captures").iterdir()}) == len(hosts)
    assert {host for s in known_sources(DataDirectory(data)).values() for host in s.hosts} >= set(hosts)
    assert rows(data, "SELECT DISTINCT coverage FROM sources WHERE level = 'hand_saved'") == [("manual",)]


def test_an_unreadable_log_line_does_not_stop_an_import(saved: Path, data: Path) -> None:
    (saved / "2026-10-08 虚构办法.html").write_bytes(page())
    bring(data, read_saved(saved, CAC), CAC)
    log = next((data / "captures").glob("*/*.jsonl"))
    first, *rest = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(first + b"garbage\n" + b"".join(rest))
    assert len(known_captures(data / "captures", CAC.id)) == 1
    assert bring(data, read_saved(saved, CAC), CAC).known == 1


# ------------------------------------------------------------------ pages saved by hand


def test_pages_saved_from_a_browser(saved: Path, data: Path) -> None:
    told = "<!-- saved from url=(0044)https://www.cac.gov.cn/2026-10/08/c_1.htm -->\n"
    (saved / "2026-10-08 虚构办法.html").write_bytes(page(head=told))
    (saved / "通知.htm").write_bytes(page(title="虚构通知"))
    os.utime(saved / "通知.htm", (1_790_000_000, 1_790_000_000))
    (saved / "20261009_另一办法.html").write_bytes(page(title="另一办法"))
    (saved / "通知_files").mkdir()
    (saved / "通知_files" / "saved_resource.html").write_bytes(b"<html></html>")
    done = bring(data, read_saved(saved, CAC), CAC)
    assert (done.kept, done.skipped, done.problems) == (3, 1, [])
    assert rows(data, "SELECT url, first_seen FROM pages ORDER BY first_seen") == [
        ("https://imported.invalid/%E9%80%9A%E7%9F%A5", "2026-09-21T14:13:20Z"),
        ("https://www.cac.gov.cn/2026-10/08/c_1.htm", "2026-10-07T16:00:00Z"),
        ("https://imported.invalid/%E5%8F%A6%E4%B8%80%E5%8A%9E%E6%B3%95", "2026-10-08T16:00:00Z"),
    ]
    states = {row.source: row.state for row in queries.source_states(open_reader(data / "kb.db"))}
    assert states["cac.rules"] is SourceState.IMPORTED


def test_a_single_page_is_never_the_list_page(saved: Path, data: Path) -> None:
    file = saved / "办法.html"
    file.write_bytes(page())
    (item,) = read_saved(file, CAC)
    assert isinstance(item, Snapshot)
    assert item.url not in CAC.start
    (item,) = read_saved(file, CAC, url=CAC.start[0])
    assert isinstance(item, Skipped)
    assert "栏目页" in item.problem


def test_address_and_date_may_be_told(saved: Path, data: Path) -> None:
    url = "https://www.cac.gov.cn/x.htm"
    for day, days in (("2026-10-08", "十"), ("2026-10-09", "五")):
        (saved / "办法.html").write_bytes(page(days))
        at = datetime.fromisoformat(f"{day}T09:00:00+08:00")
        bring(data, read_histories(saved / "办法.html", None, CAC, url=url, at=at), CAC)
    assert rows(data, "SELECT url FROM pages") == [(url,)]
    ((headline, origin),) = rows(data, "SELECT headline, origin FROM changes")
    assert "“十”改为“五”" in headline or "五个工作日" in headline
    assert origin == "import"


def test_a_folder_of_timestamps_is_one_document(saved: Path, data: Path) -> None:
    for stamp, days in (("20261009T000000Z", "五"), ("2026-10-08T000000+0000", "十")):
        (saved / f"{stamp}.html").write_bytes(page(days))
    assert bring(data, read_saved(saved, CAC), CAC).kept == 2
    assert rows(data, "SELECT count(*) FROM changes") == [(1,)]


def test_two_files_of_one_document_at_one_second_are_refused(saved: Path) -> None:
    for name in ("a.html", "b.html"):
        (saved / name).write_bytes(page())
        os.utime(saved / name, (1_790_000_000, 1_790_000_000))
    with pytest.raises(UsageError, match="分不出先后"):
        list(read_saved(saved, CAC, url="https://www.cac.gov.cn/x.htm"))
    assert len(list(read_saved(saved, CAC))) == 2


@pytest.mark.parametrize("kind", ["empty", "manifest", "missing"])
def test_nothing_to_import_is_wrong_use(saved: Path, data: Path, kind: str) -> None:
    (saved / "m.jsonl").write_text("", "utf-8")
    path = {"empty": saved, "manifest": saved / "m.jsonl", "missing": saved / "nothing"}[kind]
    with pytest.raises(UsageError):
        bring(data, read_histories(path, None, CAC), CAC)


def test_what_cannot_be_read_is_said(saved: Path, data: Path) -> None:
    (saved / "2026-10-08 好.html").write_bytes(page())
    (saved / "2026-10-08 空.html").write_bytes(b"")
    (saved / "2026-10-08 壳.html").write_bytes("<html><body><div>无关</div></body></html>".encode())
    (saved / "2026-10-08 乱.html").write_bytes(b"<html>\xff\xfe\xff\x81\x30\xff</html>")
    done = bring(data, read_saved(saved, CAC), CAC)
    assert (done.kept, done.unreadable, len(done.problems)) == (4, 3, 3)
    for name in ("空", "壳", "乱"):
        assert any(name in problem for problem in done.problems)
    again = bring(data, read_saved(saved, CAC), CAC)
    assert (again.kept, again.known, again.problems) == (0, 4, [])


def test_what_cannot_be_read_is_no_fault_of_a_source(saved: Path, data: Path) -> None:
    (saved / "2026-10-08 好.html").write_bytes(page())
    (saved / "2026-10-09 壳.html").write_bytes("<html><body><div>无关</div></body></html>".encode())
    bring(data, read_saved(saved, CAC), CAC)
    assert rows(data, "SELECT count(*) FROM incidents") == [(0,)]
    states = {row.source: row.state for row in queries.source_states(open_reader(data / "kb.db"))}
    assert states["cac.rules"] is SourceState.IMPORTED


def test_pages_of_other_hosts_are_not_said_to_be_of_a_source(saved: Path, data: Path) -> None:
    url = "https://other.example.cn/1.html"
    (saved / "2026-10-08 好.html").write_bytes(page())
    done = bring(data, read_histories(saved, None, CAC, url=url), CAC)
    assert (done.kept, done.skipped) == (0, 1)
    (problem,) = done.problems
    assert "不是来源 cac.rules 的网站" in problem
    assert "www.cac.gov.cn" in problem


def test_an_address_that_nobody_said_is_asked_for_where_a_source_is_named(saved: Path, data: Path) -> None:
    (saved / "2026-10-08 好.html").write_bytes(page())
    done = bring(data, read_saved(saved, CAC), CAC)
    assert done.kept == 1
    (doubt,) = done.doubts
    assert "原网址未知" in doubt
    assert "--url" in doubt


def test_the_fingerprint_is_of_the_day_the_page_was_saved(saved: Path, data: Path) -> None:
    old = {"body": [{"css": "#old"}], "min_characters": 5, "valid_until": date(2026, 1, 1)}
    source = Source.model_validate({**CAC.model_dump(), "history": [old]})
    (saved / "2025-10-08 办法.html").write_bytes(page(body_id="old"))
    (saved / "2025-10-09 另一办法.html").write_bytes(page("五", body_id="old"))
    done = bring(data, read_saved(saved, source), source)
    assert (done.unreadable, done.problems) == (0, [])
    seen = [json.loads(line) for line in next((data / "captures").glob("*/*.jsonl")).open()]
    prints = [line["fingerprint"] for line in seen if line["type"] == "seen"]
    assert len(set(prints)) == 2


def test_newest_first_costs_no_more(data: Path) -> None:
    assert CHUNK >= 1000
    html = (("Content-Type", "text/html"),)
    moments = [datetime(2026, 1, day, tzinfo=UTC) for day in range(1, 21)]
    items = [
        Snapshot("https://www.cac.gov.cn/x.htm", at, 200, html, page(f"{n + 10}"))
        for n, at in enumerate(moments)
    ]
    done = bring(data, reversed(items), CAC)
    assert len(done.ingested) == 1
    assert done.ingested[0].totals["versions"] == len(items)


# ------------------------------------------------------------------ declarations


def test_a_kept_copy_never_shadows_an_operators_own_file(tmp_path: Path) -> None:
    data, own = DataDirectory(tmp_path / "data"), tmp_path / "own"
    own.mkdir()
    data.root.mkdir()
    (data.root / "zhengce.toml").write_text(f'sources = ["{own}"]\n', "utf-8")
    mine = CAC.model_copy(update={"id": "own.rules"})
    (own / "x.toml").write_text(toml(mine), "utf-8")
    keep(data, [known_sources(data)["own.rules"]])
    (own / "x.toml").write_text(toml(mine.model_copy(update={"title": "改过的标题"})), "utf-8")
    assert known_sources(data)["own.rules"].title == "改过的标题"
    assert known_sources(data, own)["own.rules"].title == "改过的标题"
    (own / "x.toml").unlink()
    assert known_sources(data)["own.rules"].title == mine.title
    assert [path.name for path in data.declarations.iterdir()] == ["own.rules.toml"]


def test_a_folder_without_declarations_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有来源配置"):
        known_sources(DataDirectory(tmp_path / "data"), tmp_path)


def test_an_unreadable_capture_is_known_by_its_id(data: Path) -> None:
    html = (("Content-Type", "text/html"),)
    bring(data, [Snapshot("https://www.cac.gov.cn/x.htm", NOW, 200, html, page())], CAC)
    reader = open_reader(data / "kb.db")
    assert queries.capture_health(reader, "ca-000000000000") == (Health.TRUNCATED, ())
    ((capture,),) = rows(data, "SELECT capture_id FROM captures")
    assert queries.capture_health(reader, capture) == (Health.OK, ())

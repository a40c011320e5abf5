"""The sample web answers as its models do, and the same requests always get the same answers."""

from __future__ import annotations

import errno
import io
import zlib

import docx as python_docx
import httpx
import pytest

from crawler.sample_web import SampleWeb
from crawler.sample_web.files import docx, png
from crawler.sample_web.script import Site, sites
from kb.errors import ConfigError
from kb.sources import Source

SITES = {site.source: site for site in sites()}


def url(web: SampleWeb, source: str, path: str) -> str:
    return f"http://{SITES[source].address}:{web.port}{path}"


def page_url(web: SampleWeb, source: str, key: str) -> str:
    return url(web, source, SITES[source].page(key).path)


def test_eight_sites_on_one_port_each_with_its_declaration(
    web: SampleWeb, declared: dict[str, Source]
) -> None:
    assert set(declared) == set(SITES)
    for source in declared.values():
        assert source.demo
        assert source.hosts == (f"{SITES[source.id].address}:{web.port}",)


def test_every_start_address_answers(
    web: SampleWeb, declared: dict[str, Source], client: httpx.Client
) -> None:
    for source in declared.values():
        for start in source.start:
            assert client.get(start).status_code == 200, start


def test_the_same_requests_get_the_same_answers(client: httpx.Client) -> None:
    def bodies(web: SampleWeb) -> list[bytes]:
        paths = [(s.source, p.path) for s in sites() for p in s.pages_on(1)]
        return [client.get(url(web, *path)).content for path in paths * 2]

    with SampleWeb() as first, SampleWeb() as second:
        assert [b.replace(str(first.port).encode(), b"PORT") for b in bodies(first)] == [
            b.replace(str(second.port).encode(), b"PORT") for b in bodies(second)
        ]


@pytest.mark.parametrize("site", sites(), ids=lambda site: site.source)
def test_only_moving_sites_move_between_two_requests(
    site: Site, web: SampleWeb, client: httpx.Client
) -> None:
    for page in site.pages_on(1):
        first, second = (client.get(url(web, site.source, page.path)).content for _ in range(2))
        assert (first != second) is site.moving, page.path


def test_pages_appear_and_disappear_by_the_day(web: SampleWeb, client: httpx.Client) -> None:
    def status(source: str, key: str) -> list[int]:
        found = []
        for day in (1, 2, 3, 4):
            web.day = day
            found.append(client.get(page_url(web, source, key)).status_code)
        return found

    assert status("sample.cac.rules", "avatar_draft") == [404, 404, 200, 200]
    assert status("sample.radio.rules", "temporary") == [200, 404, 404, 404]
    assert status("sample.ca.notices", "annual") == [200, 200, 412, 200]


def test_the_flip_is_seen_at_the_first_look_of_its_day_only(web: SampleWeb, client: httpx.Client) -> None:
    seen = []
    for day, look in ((2, 1), (3, 1), (3, 2), (4, 1)):
        web.day, web.look = day, look
        seen.append(
            "三十日内审查完毕" in client.get(page_url(web, "sample.copyright.answers", "software")).text
        )
    assert seen == [False, True, False, False]


def test_a_challenge_is_small_and_has_the_script(web: SampleWeb, client: httpx.Client) -> None:
    web.day = 3
    answer = client.get(page_url(web, "sample.ca.notices", "annual"))
    assert answer.status_code == 412
    assert "$_ts" in answer.text
    assert len(answer.content) < 2048


def test_an_empty_shell_is_a_success_without_the_text(web: SampleWeb, client: httpx.Client) -> None:
    web.day = 3
    answer = client.get(page_url(web, "sample.culture.notices", "show"))
    assert answer.status_code == 200
    assert "营业性演出" not in answer.content.decode("gb18030")


def test_gbk_is_declared_as_gb2312_in_the_page_alone_and_holds_more(
    web: SampleWeb, client: httpx.Client
) -> None:
    answer = client.get(page_url(web, "sample.culture.notices", "online_culture"))
    assert answer.headers["Content-Type"] == "text/html"
    assert b"charset=gb2312" in answer.content
    assert "喆" in answer.content.decode("gbk")
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode("gb2312")


def test_the_portal_closes_its_document_before_the_text(web: SampleWeb, client: httpx.Client) -> None:
    text = client.get(page_url(web, "sample.gov.latest", "services")).text
    assert 0 < text.find("</html>") < text.find("UCAP-CONTENT")


def test_validators_answer_304_until_the_page_changes(web: SampleWeb, client: httpx.Client) -> None:
    address = page_url(web, "sample.gov.latest", "services")
    tag = {"If-None-Match": client.get(address).headers["ETag"]}
    assert client.get(address, headers=tag).status_code == 304
    web.day = 4
    assert client.get(address, headers=tag).status_code == 200


def test_answers_are_compressed_when_asked_for(web: SampleWeb, client: httpx.Client) -> None:
    address = page_url(web, "sample.wechat.categories", "material")
    assert client.get(address, headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get(address, headers={"Accept-Encoding": "identity"}).headers


def test_robots_is_there_or_not_as_on_the_models(web: SampleWeb, client: httpx.Client) -> None:
    assert "Disallow: /zfz/" in client.get(url(web, "sample.cac.rules", "/robots.txt")).text
    assert client.get(url(web, "sample.ca.notices", "/robots.txt")).status_code == 404


def test_the_json_list_gives_all_rows_by_page(web: SampleWeb, client: httpx.Client) -> None:
    def rows(page: int) -> list[str]:
        form = {"channelCode": "A09370303", "perPage": "4", "pageno": str(page)}
        return [
            r["topic"]
            for r in client.post(url(web, "sample.cac.rules", "/cms/JsonList"), data=form).json()["list"]
        ]

    assert len(rows(1)) == 4
    assert sorted(rows(1) + rows(2)) == sorted(p.title for p in SITES["sample.cac.rules"].pages_on(1))


def test_the_image_is_a_valid_png_and_its_bytes_change_at_the_same_address(
    web: SampleWeb, client: httpx.Client
) -> None:
    address = url(web, "sample.wechat.community", "/community/images/material-table.png")
    before = client.get(address).content
    web.day = 3
    after = client.get(address).content
    assert before.startswith(b"\x89PNG")
    assert before != after
    start = before.index(b"IDAT") + 4
    assert len(zlib.decompress(before[start:-16])) == 180 * 481


def test_files_are_the_same_bytes_every_time() -> None:
    lines = ("一、申请表。", "二、<说明> & 其他。")
    assert docx(lines) == docx(lines)
    assert png(3) == png(3) != png(4)
    assert [paragraph.text for paragraph in python_docx.Document(io.BytesIO(docx(lines))).paragraphs] == list(
        lines
    )


def test_a_taken_port_is_said(web: SampleWeb) -> None:
    with pytest.raises(OSError, match="in use"):
        SampleWeb(web.port)


def test_a_machine_without_the_addresses_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EADDRNOTAVAIL, "Can't assign requested address")

    monkeypatch.setattr("http.server.ThreadingHTTPServer.server_bind", refuse)
    with pytest.raises(ConfigError, match="ifconfig lo0 alias"):
        SampleWeb()

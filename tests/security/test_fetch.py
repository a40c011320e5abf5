"""Attacks on the fetching side: addresses, redirects, certificates, bombs, robots; and the settings that hold them off."""

from __future__ import annotations

import datetime
import gzip
import json
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawler.guard import HostGuard
from crawler.settings import MAX_SIZE, scrapy_settings
from kb.archive import Seen, read_run_log
from kb.codes import Health
from kb.errors import AddressRefused
from kb.netguard import Guard
from tests.crawler.local_web import Asked, Desk, LocalWeb, Reply, page

SPELLINGS = [
    "127.0.0.1",
    "localhost",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "127.1",
    "0",
    "0.0.0.0",  # noqa: S104
    "017700000001",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
]


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_loopback_is_reached_though_a_declaration_names_it(
    desk: Desk, web: LocalWeb, host: str
) -> None:
    web.answers["/1.html"] = page("内部资料")
    address = f"http://{host}:{web.port}/1.html"
    source = desk.declare(hosts=[f"{host}:{web.port}"], start=[address], respects_robots=False)
    result = desk.crawl(source, allow_addresses=[])
    assert web.asked == []
    assert not result.seen
    assert [failed.health for failed in result.failed] in ([Health.REFUSED], [Health.UNREACHABLE])
    assert result.code == 0


def test_a_name_that_resolves_to_loopback_is_refused_by_what_it_resolves_to(
    desk: Desk, web: LocalWeb
) -> None:
    source = desk.declare(hosts=[f"localhost:{web.port}"], start=[f"http://localhost:{web.port}/"])
    (failed,) = desk.crawl(source, allow_addresses=[]).failed
    assert failed.health is Health.REFUSED
    assert "127.0.0.1" in failed.reason
    assert not failed.transient


def test_the_operator_may_allow_a_block(desk: Desk, web: LocalWeb) -> None:
    web.answers["/"] = page("一")
    source = desk.declare(hosts=[f"localhost:{web.port}"], start=[f"http://localhost:{web.port}/"])
    assert len(desk.crawl(source, allow_addresses=["127.0.0.1/32"]).seen) == 1


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.2:{port}/secret",
        "http://localhost:{port}/secret",
        "//127.0.0.2:{port}/secret",
        "http://{host}@127.0.0.2:{port}/secret",
        "http://{host}:1/secret",
        "file:///etc/hostname",
        "data:text/html,hello",
        "ftp://{host}/secret",
        "s3://bucket/secret",
        "javascript:alert(1)",
        "http://127.0.0.2:{port}\\@{host}/secret",
    ],
)
def test_a_redirect_leads_only_to_declared_hosts(desk: Desk, web: LocalWeb, target: str) -> None:
    location = target.format(port=web.port, host=web.host.partition(":")[0])
    web.answers["/1.html"] = Reply(b"", 302, {"Location": location})
    web.answers["/secret"] = page("不该读到")
    result = desk.crawl(desk.declare(hosts=[web.host], start=[web.url + "/1.html"]))
    assert "/secret" not in web.paths()
    assert [failed.health for failed in result.failed] == [Health.REFUSED]
    assert not result.seen


def test_links_in_a_page_do_not_lead_off_its_hosts(desk: Desk, web: LocalWeb) -> None:
    links = (
        f"http://127.0.0.2:{web.port}/a.docx",
        "file:///etc/passwd.docx",
        f"http://{web.host}:80/a.docx",
    )
    body = (
        "<div id=c><p>附件如下，请下载。</p>"
        + "".join(f'<a href="{link}">附件.docx</a>' for link in links)
        + "</div>"
    )
    web.answers["/1.html"] = Reply(body.encode())
    result = desk.crawl(desk.declare(hosts=[web.host], start=[web.url + "/1.html"]))
    assert web.paths() == ["/robots.txt", "/1.html"]
    assert {failed.health for failed in result.failed} <= {Health.REFUSED}


def test_endless_redirects_end(desk: Desk, web: LocalWeb) -> None:
    web.answers["/1.html"] = Reply(b"", 302, {"Location": "/1.html"})
    result = desk.crawl(desk.declare(hosts=[web.host], start=[web.url + "/1.html"]))
    assert len(web.asked) < 10
    assert len(result.failed) == 1


def test_a_response_header_is_never_code(desk: Desk, web: LocalWeb) -> None:
    web.answers["/1.html"] = Reply(
        b"", 302, {"Location": "/2.html", "Referrer-Policy": "os.system", "Set-Cookie": "a=b; Domain=gov.cn"}
    )
    web.answers["/2.html"] = page("一")
    result = desk.crawl(desk.declare(hosts=[web.host], start=[web.url + "/1.html"]))
    assert len(result.seen) == 1
    assert not {"Cookie", "Referer"} & set(web.asked[-1].headers)


def test_a_proxy_of_the_environment_is_not_used(
    desk: Desk, web: LocalWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    web.answers["/1.html"] = page("一")
    assert len(desk.crawl(desk.declare(hosts=[web.host], start=[web.url + "/1.html"])).seen) == 1


# --------------------------------------------------------------------------- TLS


@pytest.fixture
def tls_web(tmp_path: Path) -> Iterator[LocalWeb]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "other.example")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (tmp_path / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")
    server = LocalWeb(context)
    yield server
    server.close()


def test_a_self_signed_certificate_is_a_tls_error_and_nothing_is_read(desk: Desk, tls_web: LocalWeb) -> None:
    tls_web.answers["/1.html"] = page("假的")
    source = desk.declare(hosts=[tls_web.host], start=[tls_web.url + "/1.html"], respects_robots=False)
    result = desk.crawl(source)
    assert [failed.health for failed in result.failed] == [Health.TLS_ERROR]
    assert tls_web.asked == []
    assert not result.seen


# --------------------------------------------------------------------------- bombs


def bomb(encoding: str) -> bytes:
    zeros = b"0" * (200 * 1024 * 1024)
    if encoding == "br":
        brotli = pytest.importorskip("brotli")
        return bytes(brotli.compress(zeros, quality=1))
    if encoding == "gzip, gzip":
        return gzip.compress(gzip.compress(zeros, 1), 1)
    return gzip.compress(zeros, 1)


MEASURED = """
import sys
from crawler.run import main
code = main()
with open("/proc/self/status") as status:  # VmHWM begins anew at exec; ru_maxrss does not
    peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
print(code, peak)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the peak memory from /proc")
@pytest.mark.parametrize("encoding", ["gzip", "br", "gzip, gzip"])
def test_a_compression_bomb_is_kept_as_it_came_and_never_unpacked_whole(
    desk: Desk, web: LocalWeb, encoding: str
) -> None:
    packed = bomb(encoding)
    assert len(packed) < MAX_SIZE
    web.answers["/1.html"] = Reply(
        packed, headers={"Content-Type": "text/html", "Content-Encoding": encoding}
    )
    # a process of its own: a forked one would begin with the memory of this one, which made the bomb
    job = json.dumps(desk.job(desk.declare(hosts=[web.host], start=[web.url + "/1.html"])))
    told = subprocess.run(
        [sys.executable, "-c", MEASURED], check=False, input=job, capture_output=True, text=True
    )
    code, peak = map(int, told.stdout.split())
    assert code == 0
    (log,) = desk.captures.glob("*/*.jsonl")
    (seen,) = [event for _, event in read_run_log(log) if isinstance(event, Seen)]
    assert (seen.fingerprint, seen.record is not None) == ("", True)
    assert peak < 200 * 1024, f"{peak} KiB"


# --------------------------------------------------------------------------- robots


def test_fifty_requests_at_once_to_a_disallowing_host_reach_it_not_once(desk: Desk, web: LocalWeb) -> None:
    web.answers["/robots.txt"] = Reply(
        b"User-agent: *\nDisallow: /\n", headers={"Content-Type": "text/plain"}, wait=0.3
    )
    paths = [f"/{number}.html" for number in range(50)]
    result = desk.crawl(desk.declare(hosts=[web.host], start=[web.url + path for path in paths]))
    assert web.paths() == ["/robots.txt"]
    assert [failed.health for failed in result.failed] == [Health.ROBOTS_DISALLOWED] * 50


@pytest.mark.parametrize(
    "reply", [Reply(b"", 503), Reply(b"", 500), Reply(b"User-agent", cut=99)], ids=["503", "500", "cut"]
)
def test_a_robots_txt_that_cannot_be_read_closes_the_host(desk: Desk, web: LocalWeb, reply: Reply) -> None:
    web.answers["/robots.txt"] = reply
    web.answers["/1.html"] = page("一")
    result = desk.crawl(desk.declare(hosts=[web.host], start=[web.url + "/1.html"]))
    assert set(web.paths()) == {"/robots.txt"}
    (failed,) = result.failed
    assert failed.transient
    assert "robots.txt" in failed.reason


DISALLOW_ALL = b"User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(gzip.compress(DISALLOW_ALL), headers={"Content-Encoding": "gzip"}),
        Reply(b"\xef\xbb\xbf" + DISALLOW_ALL),
        Reply(DISALLOW_ALL, headers={"Content-Encoding": "no such coding"}),
        Reply(gzip.compress(DISALLOW_ALL)[:10] + b"\xff" * 40, headers={"Content-Encoding": "gzip"}),
    ],
    ids=["gzip", "BOM", "unknown coding", "broken gzip"],
)
def test_robots_rules_hold_in_whatever_coding_they_come(desk: Desk, web: LocalWeb, reply: Reply) -> None:
    web.answers["/robots.txt"], web.answers["/1.html"] = reply, page("一")
    result = desk.crawl(desk.declare(hosts=[web.host], start=[web.url + "/1.html"]))
    assert web.paths() == ["/robots.txt"]
    assert [failed.health for failed in result.failed] == [Health.ROBOTS_DISALLOWED]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_host_without_robots_txt_is_open(desk: Desk, web: LocalWeb, status: int) -> None:
    web.answers["/robots.txt"] = Reply(b"Disallow: /", status)
    web.answers["/1.html"] = page("一")
    assert len(desk.crawl(desk.declare(hosts=[web.host], start=[web.url + "/1.html"])).seen) == 1


def test_robots_rules_are_read_for_our_name_and_path(desk: Desk, web: LocalWeb) -> None:
    web.answers["/robots.txt"] = Reply(
        b"User-agent: *\nDisallow: /\n\nUser-agent: zhengce\nDisallow: /private/\n"
    )
    web.answers["/1.html"], web.answers["/private/1.html"] = page("一"), page("二")
    result = desk.crawl(
        desk.declare(hosts=[web.host], start=[web.url + "/1.html", web.url + "/private/1.html"])
    )
    assert [seen.url for seen in result.seen] == [web.url + "/1.html"]
    assert [failed.health for failed in result.failed] == [Health.ROBOTS_DISALLOWED]


def test_crawl_delay_is_honoured(desk: Desk, web: LocalWeb) -> None:
    web.answers["/robots.txt"] = Reply(b"User-agent: *\nCrawl-delay: 0.5\n")
    web.answers["/1.html"], web.answers["/2.html"], web.answers["/3.html"] = (
        page("一"),
        page("二"),
        page("三"),
    )
    desk.crawl(desk.declare(hosts=[web.host], start=[web.url + f"/{n}.html" for n in (1, 2, 3)]))
    times = [asked.at for asked in web.asked]
    assert times[-1] - times[1] > 0.9


# --------------------------------------------------------------------------- replay


def test_a_replay_answers_for_every_declared_host_and_for_no_other(desk: Desk, web: LocalWeb) -> None:
    hosts: list[str] = []

    def answer(asked: Asked) -> Reply:
        hosts.append(asked.headers["Host"])
        return page("一")

    web.answers["/a.html?x=1"] = web.answers["/b.html"] = answer
    start = ["https://www.example.gov.cn/a.html?x=1", "http://www.example.org.cn/b.html"]
    source = desk.declare(hosts=["www.example.gov.cn", "www.example.org.cn"], start=start)
    result = desk.crawl(source, origin="replay", replay=web.url, allow_addresses=[])
    assert sorted(seen.url for seen in result.seen) == sorted(start)
    assert sorted(hosts) == ["www.example.gov.cn", "www.example.org.cn"]
    web.answers["/a.html?x=1"] = Reply(b"", 302, {"Location": "https://elsewhere.example/x"})
    web.answers["/x"] = page("不该读到")
    again = desk.crawl(source, origin="replay", replay=web.url, allow_addresses=[], unconditional=True)
    assert [failed.health for failed in again.failed] == [Health.REFUSED]
    assert "/x" not in web.paths()


def test_a_replay_does_not_mix_with_live_captures(desk: Desk, web: LocalWeb) -> None:
    web.answers["/1.html"] = page("一")
    source = desk.declare(hosts=[web.host], start=[web.url + "/1.html"])
    desk.crawl(source)
    result = desk.crawl(source, origin="replay", replay=web.url)
    assert (result.code, result.events) == (2, [])
    assert "回放" in result.stderr
    assert desk.crawl(source, origin="live", replay=web.url).code == 2
    assert desk.crawl(source, origin="replay", replay="http://example.org/").code == 2


# --------------------------------------------------------------------------- settings and the guard itself


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELNETCONSOLE_ENABLED", False),
        ("REMOTE_CONTROL_ENABLED", False),
        ("DOWNLOAD_VERIFY_CERTIFICATES", True),
        ("COOKIES_ENABLED", False),
        ("METAREFRESH_ENABLED", False),
        ("HTTPPROXY_ENABLED", False),
        ("REFERER_ENABLED", False),
        ("DOWNLOAD_MAXSIZE", 8 * 1024 * 1024),
        ("DOWNLOAD_FAIL_ON_DATALOSS", True),
        ("EXTENSIONS_BASE", {}),
        ("SPIDER_MIDDLEWARES_BASE", {}),
        ("DOWNLOADER_MIDDLEWARES_BASE", {}),
    ],
)
def test_insecure_defaults_are_off(name: str, value: object) -> None:
    settings = scrapy_settings(HostGuard(["a.cn"], Guard()), delay=8, replay=False)
    assert settings[name] == value
    handlers = settings["DOWNLOAD_HANDLERS"]
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}
    assert not any("CannotResolveHost" in str(error) for error in settings["RETRY_EXCEPTIONS"])


def test_the_settings_of_a_crawl_are_really_in_force(desk: Desk) -> None:
    """Names that Scrapy does not know would be ignored silently."""
    from scrapy.settings import Settings

    known = set(Settings())
    assert set(scrapy_settings(HostGuard(["a.cn"], Guard()), delay=0, replay=True)) <= known


@pytest.mark.parametrize(
    "url",
    [
        "http://a.cn:8080/",
        "http://a.cn.evil.example/",
        "http://evil.example/a.cn",
        "http://user@a.cn/",
        "http://a.cn\\@evil.example/",
        "http://evil.example\\@a.cn/",
        "ftp://a.cn/",
        "http:///a.cn",
        "gopher://a.cn/",
        "http://a.cn:80@evil.example/",
        "http://a。cn/",
    ],
)
def test_only_the_exact_declared_host_and_port_pass(url: str) -> None:
    guard = HostGuard(["a.cn"], Guard())
    guard.check_url("http://a.cn/x")
    guard.check_url("https://A.CN:443/x")
    with pytest.raises(AddressRefused):
        guard.check_url(url)


def test_odd_bytes_in_a_location_do_not_reach_a_request_line(desk: Desk, web: LocalWeb) -> None:
    web.answers["/1.html"] = Reply(b"", 302, {"Location": "/2.html%0d%0aX-Injected:%201"})
    desk.crawl(desk.declare(hosts=[web.host], start=[web.url + "/1.html"]))
    assert not any("X-Injected" in asked.headers for asked in web.asked)


def test_a_slow_regex_is_not_how_a_list_is_read() -> None:
    from crawler.listing import html_items, jpaas_units, next_pages, trs_items
    from kb.sources import ListRules

    rules = ListRules.model_validate({"item": {"css": "li"}, "date": {"css": "span"}})
    hostile = [
        "<record><![CDATA[" * 30_000,
        "createPageHTML(1," * 30_000,
        "<li><a href=x>" + "2026-" * 60_000,
        '<script url=x queryData="{' + "'a':" * 60_000,
        "<li>" * 20_000,
    ]
    for text in hostile:
        start = time.process_time()
        for read in (html_items, trs_items):
            read(text, rules, "http://a.cn/")
        jpaas_units(text, "http://a.cn/")
        next_pages(text, "http://a.cn/", 3)
        assert time.process_time() - start < 5

"""A rule that slipped through is fetched from its own site, as its source would be crawled; or it is said why not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kb.errors import NotFetched, NotFound, UsageError
from kb.store import open_reader
from kb.terminal import run
from scheduler import processes
from scheduler.cli import zhengce
from scheduler.escaped import home_of, near
from scheduler.missed import Missed, missed
from scheduler.ops import EmailSettings, Ops
from tests.crawler.local_web import LocalWeb, Reply
from tests.kb.store.world import declare, rule
from tests.scheduler.house import House
from tests.scheduler.test_missed import FILED

LATE = rule("示例算法备案管理办法", FILED)
PATH = "/tz/2026/1.html?a=1&b=2"


@pytest.fixture
def web() -> Iterator[LocalWeb]:
    server = LocalWeb()
    yield server
    server.close()


@pytest.fixture
def house(tmp_path: Path, ops: Ops, web: LocalWeb) -> House:
    return at_home(tmp_path, ops, web)


def at_home(root: Path, ops: Ops, web: LocalWeb, **declared: Any) -> House:
    source = declare(
        "gov.local",
        **{"hosts": (web.host,), "start": (f"{web.url}/tz/index.html",), "delay_seconds": 0, **declared},
    )
    house = House(root, ops, source)
    house.world.data.settings_file.write_text('allow_addresses = ["127.0.0.0/8"]\n', "utf-8")
    return house


def say(house: House, url: str) -> Missed:
    data = house.world.data
    with data.writer():
        return missed(data, house.world.sources, url, file=None, chosen=None, clock=house.clock)


def kept(house: House) -> list[str]:
    """What was kept, of whatever kind."""
    folder = house.world.data.captures
    rows = open_reader(house.world.data.kb).execute(
        "SELECT count(*) FROM pages UNION ALL SELECT count(*) FROM versions UNION ALL SELECT count(*) FROM incidents"
    )
    return [*map(str, folder.glob("*/*")), *(str(row[0]) for row in rows if row[0])]


def test_its_source_fetches_it_and_those_concerned_are_told_once(house: House, web: LocalWeb) -> None:
    web.answers[PATH] = Reply(LATE)
    done = say(house, web.url + PATH)
    assert (done.rule.title, done.source, done.alerts) == ("示例算法备案管理办法", "gov.local", 1)
    assert web.paths() == ["/robots.txt", PATH]
    assert say(house, web.url + PATH).alerts == 0
    assert web.paths().count(PATH) == 1  # what we hold is not fetched
    assert house.tell() == []


def test_robots_are_obeyed_and_nothing_is_kept(house: House, web: LocalWeb) -> None:
    web.answers["/robots.txt"] = Reply(
        b"User-agent: *\nDisallow: /tz/", headers={"Content-Type": "text/plain"}
    )
    web.answers[PATH] = Reply(LATE)
    with pytest.raises(NotFetched, match=r"robots\.txt 不允许") as told:
        say(house, web.url + PATH)
    assert f"zhengce missed '{web.url}{PATH}' --file" in told.value.do
    assert web.paths() == ["/robots.txt"]
    assert kept(house) == []


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply(b"<html><body>blocked</body></html>", 403), "拒绝访问"),
        (Reply(b"not found", 404), "页面不存在"),
        (Reply(LATE[:300], cut=5000), "传输不完整"),
        (Reply(b"<html><body><div id=app></div><script src=a.js></script></body></html>"), ""),
    ],
    ids=["refused", "not found", "cut", "shell"],
)
def test_what_is_no_rule_is_said_and_nothing_is_kept(
    house: House, web: LocalWeb, reply: Reply, why: str
) -> None:
    web.answers[PATH] = reply
    with pytest.raises(NotFetched, match=f"没有取到这一页.*{why}"):
        say(house, web.url + PATH)
    assert kept(house) == []


def test_a_site_that_does_not_answer_is_said(house: House, web: LocalWeb) -> None:
    web.close()
    with pytest.raises(NotFetched, match="连接不上"):
        say(house, web.url + PATH)
    assert kept(house) == []


@pytest.mark.parametrize(("coverage", "said"), [("manual", "需人工"), ("blind", "盲区")])
def test_a_source_that_only_people_look_at_is_not_fetched(
    tmp_path: Path, ops: Ops, web: LocalWeb, coverage: str, said: str
) -> None:
    house = at_home(tmp_path, ops, web, coverage=coverage, enabled=False)
    with pytest.raises(NotFetched, match=rf"gov\.local 的监测覆盖是“{said}"):
        say(house, web.url + PATH)
    assert web.paths() == []


def test_a_private_address_is_not_fetched(house: House, web: LocalWeb) -> None:
    house.world.data.settings_file.unlink()
    web.answers[PATH] = Reply(LATE)
    with pytest.raises(NotFetched, match="本机、内网或保留地址"):
        say(house, web.url + PATH)
    assert web.paths() == []


def test_of_a_site_that_nobody_declares_the_nearest_is_named(tmp_path: Path, ops: Ops) -> None:
    house = House(
        tmp_path,
        ops,
        declare(
            "a.miit", hosts=("www.miit.gov.cn",), start=("https://www.miit.gov.cn/",), authority="示例工信部"
        ),
    )
    with pytest.raises(NotFound, match=r"没有来源声明网站 scca\.miit\.gov\.cn") as told:
        say(house, "https://scca.miit.gov.cn/1.html")
    assert "a.miit（示例工信部，www.miit.gov.cn）" in told.value.where
    assert "增加一个来源" in told.value.do
    with pytest.raises(NotFound) as told:
        say(house, "https://www.bj.gov.cn/1.html")
    assert told.value.where == "没有相近的来源"


def test_another_column_of_a_watched_site_is_fetched_by_its_source() -> None:
    column = declare("a.column", hosts=("gov.example.cn",), start=("https://gov.example.cn/zwgk/",))
    imported = declare("imported.gov", hosts=("gov.example.cn",), start=("https://gov.example.cn/",))
    assert home_of("https://gov.example.cn/other/1.html", [imported, column]) == column
    assert home_of("https://elsewhere.example.cn/1.html", [imported, column]) is None
    assert near("https://news.example.cn/1.html", [imported, column]) == [column]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "http://a b/",
        "https://user:secret@gov.example.cn/1.html",
    ],
)
def test_what_is_no_address_is_refused(house: House, url: str) -> None:
    with pytest.raises(UsageError, match="http 或 https"):
        say(house, url)


def test_the_crawl_gets_no_secret_of_a_channel(
    house: House, fake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHENGCE_TEST_PASSWORD", "hunter2")
    mail = EmailSettings(
        to="a@b.invalid", sender="c@d.invalid", host="h", username="u", password="env:ZHENGCE_TEST_PASSWORD"
    )
    house.ops.put_channel(mail, now=house.clock.now())
    with pytest.raises(NotFetched, match="没有得到回应"):
        say(house, house.world.source.start[0] + "/1")
    assert "hunter2" not in (fake / "gov.local.environment").read_text()


def test_a_crawl_that_cannot_start_is_said_without_a_promise(
    house: House, web: LocalWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes.sys, "executable", "/nowhere/python")
    with pytest.raises(NotFetched, match="巡查进程无法启动") as told:
        say(house, web.url + PATH)
    assert "重试" not in str(told.value)
    assert kept(house) == []


def test_a_death_between_import_and_telling_is_made_good_by_asking_again(
    house: House, web: LocalWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> int:
        raise KeyboardInterrupt

    web.answers[PATH] = Reply(LATE)
    monkeypatch.setattr("scheduler.missed._tell", dies)
    with pytest.raises(KeyboardInterrupt):
        say(house, web.url + PATH)
    monkeypatch.undo()
    assert say(house, web.url + PATH).alerts == 1
    assert web.paths().count(PATH) == 1
    assert say(house, web.url + PATH).alerts == 0


def test_while_another_writes_nothing_is_asked(house: House, web: LocalWeb) -> None:
    web.answers[PATH] = Reply(LATE)
    with house.world.data.writer(), pytest.raises(SystemExit) as ended:
        run(zhengce, ["missed", web.url + PATH, "--data", str(house.world.data.root)])
    assert ended.value.code == 1
    assert web.asked == []


def test_a_redirect_to_another_site_is_not_followed(house: House, web: LocalWeb) -> None:
    elsewhere = LocalWeb()
    try:
        web.answers[PATH] = Reply(status=302, headers={"Location": f"{elsewhere.url}/x"})
        with pytest.raises(NotFetched, match="不在来源声明的主机中"):
            say(house, web.url + PATH)
        assert elsewhere.asked == []
    finally:
        elsewhere.close()
    assert kept(house) == []

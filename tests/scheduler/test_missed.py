"""A rule that slipped through: why, and who hears of it late."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kb.codes import Origin, PageRole
from kb.errors import NotFound, UsageError
from kb.model import page_id
from kb.profiles import Profile, answered
from kb.store import open_reader
from kb.store.dump import canonical_dump
from kb.store.maintenance import derive_into
from scheduler.declarations import known_sources
from scheduler.escaped import Why, should_have_caught
from scheduler.missed import Missed, missed
from scheduler.ops import Ops, Subscription
from scheduler.profiles import keep
from tests.kb.store.world import ARTICLES, amended, days, declare, rule
from tests.scheduler.house import House

FILED = amended(2, "申请人应当在五个工作日内办理算法备案手续。")


@pytest.fixture
def house(tmp_path: Path, ops: Ops) -> House:
    house = House(tmp_path, ops)
    (first,) = ops.subscriptions()
    for licence in ("algorithm-filing", "payment-license"):
        mine = Subscription(id=f"sub-{licence}", name=licence, licences=(licence,), channels=first.channels)
        ops.put_subscription(mine, now=days(-1))
    return house


def say(house: House, url: str, tmp_path: Path, body: bytes | None) -> Missed:
    file = tmp_path / "saved.html"
    if body is not None:
        file.write_bytes(body)
    with house.world.data.writer():
        return missed(
            house.world.data,
            house.world.sources,
            url,
            file=file if body is not None else None,
            chosen=None,
            clock=house.clock,
        )


def reached(house: House) -> set[str]:
    return {row["subscription"] for row in house.ops.rows("SELECT subscription FROM alerts")}


def test_a_rule_of_an_undeclared_site_is_told_late_once_to_those_concerned(
    house: House, tmp_path: Path
) -> None:
    page = rule("示例算法备案管理办法", FILED)
    done = say(house, "https://elsewhere.example.org/tz/1.html", tmp_path, page)
    assert (done.reason.why, done.reason.sources) == (Why.NOT_DECLARED, ())
    assert done.alerts == 2
    assert reached(house) == {"sub-1", "sub-algorithm-filing"}
    (alert,) = house.ops.rows("SELECT * FROM alerts WHERE subscription = 'sub-1'")
    assert alert["kind"] == "late_notice"
    assert alert["subject"].startswith("〔补报〕")
    assert alert["subject"].endswith("的《示例算法备案管理办法》，我们今天才发现")
    assert alert["body"].startswith("原因：网站 elsewhere.example.org 此前不在监测清单。")
    again = say(house, "https://elsewhere.example.org/tz/1.html", tmp_path, page)
    assert again.alerts == 0
    assert house.tell() == []


def test_what_was_imported_is_derived_again_the_same(house: House, tmp_path: Path) -> None:
    house.look(0, ARTICLES)
    say(house, "https://gov.example.cn/late.html", tmp_path, rule("示例算法备案管理办法", FILED))
    fresh = tmp_path / "fresh.db"
    derive_into(fresh, house.world.data, house.world.sources)
    assert list(canonical_dump(open_reader(fresh))) == list(canonical_dump(open_reader(house.world.data.kb)))


def test_a_page_of_the_baseline_is_held_and_told_to_nobody(house: House, tmp_path: Path) -> None:
    for more in range(2):
        with house.world.run(days(0) + more * timedelta(minutes=30)) as run:
            run.list("/a.html")
            run.see("/a.html", rule("示例算法备案管理办法", FILED))
    house.clock.at = days(1)
    house.ingest()
    assert house.tell() == []
    url = next(iter(house.world.source.hosts))
    for body in (None, rule("示例算法备案管理办法", FILED)):
        done = say(house, f"https://{url}/a.html", tmp_path, body)
        assert (done.reason.why, done.alerts) == (Why.BASELINE, 0)
        assert done.reason.explained == (
            "本库自 2026-03-02 起就有它（来源“示例规则”）；首次查看时已有，作为基线不提醒；此后没有变动"
        )
    assert reached(house) == set()


def test_a_page_that_a_source_of_another_column_holds_names_its_changes_and_alerts(
    house: House, tmp_path: Path
) -> None:
    house.look(0, ARTICLES, FILED)
    house.tell()
    (source,) = house.world.sources.values()
    house.world.sources[source.id] = source.model_copy(
        update={"start": (f"https://{source.hosts[0]}/other/index.html",)}
    )
    url = house.world.source.start[0].rsplit("/", 1)[0] + "/a.html"
    done = say(house, url, tmp_path, None)
    assert (done.reason.why, done.reason.sources, done.alerts) == (Why.CAUGHT, (source.id,), 0)
    (change,) = {row["about"] for row in house.ops.rows("SELECT about FROM alerts")}
    alerts = "、".join(row["id"] for row in house.ops.rows("SELECT id FROM alerts ORDER BY id"))
    assert done.reason.explained.endswith(f"发现的变动：{change}（已确认，提醒 {alerts}）")


@pytest.mark.parametrize(
    ("title", "home"),
    [
        ("示例算法备案管理办法", "a.rules"),
        ("示例算法备案管理办法（征求意见稿）", "a.asks"),
        ("关于示例算法备案的公告", "a.notices"),
    ],
)
def test_where_the_address_names_only_a_day_the_document_chooses_its_source(
    tmp_path: Path, ops: Ops, title: str, home: str
) -> None:
    house = House(tmp_path, ops)
    host = house.world.source.hosts[0]
    columns = {"a.asks": "征求意见", "a.notices": "通知公告", "a.rules": "部门规章"}
    declared = {
        key: declare(key, title=f"示例机关·{name}", start=(f"https://{host}/{key}/index.htm",))
        for key, name in columns.items()
    }
    house.world.sources.clear()
    house.world.sources.update(declared)
    done = say(house, f"https://{host}/2026-11/18/c_x.htm", tmp_path, rule(title, FILED))
    assert (done.source, done.reason.why, done.reason.sources) == (home, Why.NEVER_SEEN, (home,))


@pytest.mark.parametrize(
    ("declared", "why"),
    [
        ({"enabled": False}, Why.DISABLED),
        ({"coverage": "manual"}, Why.MANUAL),
        ({"list": {"item": {"css": "li"}, "exclude": "算法"}}, Why.FILTERED),
        ({"list": {"item": {"css": "li"}, "include": "招标"}}, Why.FILTERED),
        ({}, Why.NEVER_SEEN),
    ],
)
def test_why_a_declared_source_did_not_catch_it(
    tmp_path: Path, ops: Ops, declared: dict[str, object], why: Why
) -> None:
    house = House(tmp_path, ops, declare(**declared))
    host = house.world.source.hosts[0]
    done = say(house, f"https://{host}/x.html", tmp_path, rule("示例算法备案管理办法", FILED))
    assert (done.reason.why, done.reason.sources) == (why, (house.world.source.id,))


def test_the_deepest_column_should_have_caught_it() -> None:
    def at(identifier: str, start: str) -> object:
        return declare(identifier, start=(start,), hosts=("gov.example.cn",))

    site, column, other = (
        at("a.site", "https://gov.example.cn/"),
        at("b.column", "https://gov.example.cn/zwgk/tzgg/index.html"),
        at("c.other", "https://gov.example.cn/zwgk/zcfg/"),
    )
    found = should_have_caught("https://gov.example.cn/zwgk/tzgg/2026/1.html", [site, column, other])  # type: ignore[list-item]
    assert [source.id for source in found] == ["b.column", "a.site"]


def listed(house: House, day: float, *paths: str, body: bytes = b"", looks: int = 2) -> None:
    """A list that names these pages, and the last of them with this body; half an hour later the same again."""
    for more in range(looks):
        with house.world.run(days(day) + more * timedelta(minutes=30)) as run:
            run.list("/a.html", *paths)
            run.see("/a.html", rule())
            for path in paths:
                run.see(path, body)
        house.clock.at = days(day) + more * timedelta(minutes=30) + timedelta(minutes=1)
        house.ingest()


LATE = rule("示例算法备案管理办法", FILED)


def test_what_its_source_lists_later_is_not_told_again(house: House, tmp_path: Path) -> None:
    listed(house, 0)
    url = f"https://{house.world.source.hosts[0]}/late.html"
    assert say(house, url, tmp_path, LATE).alerts == 2
    listed(house, 1, "/late.html", body=LATE)
    assert house.tell() == []
    assert reached(house) == {"sub-1", "sub-algorithm-filing"}


def test_what_waits_for_its_second_look_is_caught_and_told_once(house: House, tmp_path: Path) -> None:
    listed(house, 0)
    listed(house, 1, "/late.html", body=LATE, looks=1)
    url = f"https://{house.world.source.hosts[0]}/late.html"
    done = say(house, url, tmp_path, None)
    assert (done.reason.why, done.alerts) == (Why.CAUGHT, 0)
    assert "（待确认，没有单独提醒）" in done.reason.explained
    listed(house, 1.5, "/late.html", body=LATE)
    assert {kind for kind, _ in house.tell()} == {"change"}
    assert say(house, url, tmp_path, None).alerts == 0


def test_a_copy_of_what_waits_for_its_second_look_is_caught_and_told_once(
    house: House, tmp_path: Path
) -> None:
    listed(house, 0)
    listed(house, 1, "/late.html", body=LATE, looks=1)
    done = say(house, "https://elsewhere.example.org/tz/1.html", tmp_path, LATE)
    assert (done.reason.why, done.reason.sources, done.alerts) == (Why.CAUGHT, ("test.rules",), 0)
    assert done.reason.explained == "来源“示例规则”已经发现它，待再次查看后提醒"
    listed(house, 1.5, "/late.html", body=LATE)
    assert {kind for kind, _ in house.tell()} == {"change"}


def test_another_source_that_publishes_it_later_tells_nobody_again(house: House, tmp_path: Path) -> None:
    listed(house, 0)
    url = f"https://{house.world.source.hosts[0]}/late.html"
    other = declare("test.other", mechanism="pages", list=None, start=(url,))
    house.world.sources[other.id] = other
    assert say(house, url, tmp_path, LATE).source == "test.other"
    listed(house, 1, "/late.html", body=LATE)
    assert house.tell() == []
    assert reached(house) == {"sub-1", "sub-algorithm-filing"}


def test_a_source_that_looks_and_did_not_list_it_says_so(house: House, tmp_path: Path) -> None:
    listed(house, 0)
    url = f"https://{house.world.source.hosts[0]}/late.html"
    reason = say(house, url, tmp_path, LATE).reason
    assert reason.why is Why.NOT_LISTED
    assert "栏目里没有见到它（每次看 1 页" in reason.explained


def test_a_source_that_could_not_see_then_says_since_when(house: House, tmp_path: Path) -> None:
    listed(house, 0)
    for more in (1, 2, 3):
        with house.world.run(days(more)) as run:
            run.see("/list.html", b"<html><body>no</body></html>", status=403, role=PageRole.LIST)
        house.clock.at = days(more) + timedelta(hours=1)
        house.ingest()
    url = f"https://{house.world.source.hosts[0]}/late.html"
    reason = say(house, url, tmp_path, LATE).reason
    assert reason.why is Why.OUT_OF_SIGHT
    assert "至今未能查看：拒绝访问" in reason.explained


def test_a_source_of_single_pages_has_no_list_to_blame(tmp_path: Path, ops: Ops) -> None:
    house = House(
        tmp_path, ops, declare(mechanism="pages", list=None, start=("https://gov.example.cn/a.html",))
    )
    reason = say(house, "https://gov.example.cn/late.html", tmp_path, LATE).reason
    assert (reason.why, "只看声明的那几个网页" in reason.explained) == (Why.NOT_LISTED, True)


def test_a_site_that_was_imported_before_is_still_declared_by_nobody(house: House, tmp_path: Path) -> None:
    for number in (1, 2):
        url = f"https://elsewhere.example.org/tz/{number}.html"
        reason = say(house, url, tmp_path, rule(f"示例算法备案管理办法之{number}", FILED)).reason
        assert reason.why is Why.NOT_DECLARED
        house.world.sources |= known_sources(house.world.data)


def test_a_local_rule_that_slipped_through_reaches_its_province(tmp_path: Path, ops: Ops) -> None:
    house = House(tmp_path, ops, declare(province="广东"))
    (first,) = ops.subscriptions()
    for province in ("广东", "浙江"):
        each = Subscription(id=province, name=province, province=province, channels=first.channels)
        ops.put_subscription(each, now=days(-1))
    url = f"{next(iter(house.world.sources.values())).start[0].rsplit('/', 1)[0]}/tz/9.html"
    assert say(house, url, tmp_path, rule("示例算法备案管理办法", FILED)).alerts == 2
    assert reached(house) == {"sub-1", "广东"}


def test_a_saved_page_that_shows_no_rule_is_refused_and_not_kept(house: House, tmp_path: Path) -> None:
    listed(house, 0)
    before = list(canonical_dump(open_reader(house.world.data.kb)))
    url = f"https://{house.world.source.hosts[0]}/late.html"
    with pytest.raises(NotFound, match="没有读出规则文件（定位不到正文") as told:
        say(house, url, tmp_path, LATE.replace(b"class='content'", b"class='other'"))
    assert told.value.what.count("定位不到正文") == 1
    assert "--source" in told.value.do
    assert list(canonical_dump(open_reader(house.world.data.kb))) == before


def test_a_page_of_another_site_than_the_named_source_s_is_refused(house: House, tmp_path: Path) -> None:
    file = tmp_path / "saved.html"
    file.write_bytes(LATE)
    world = house.world
    with world.data.writer(), pytest.raises(UsageError, match=r"不是来源 test\.rules 的网站"):
        missed(
            world.data,
            world.sources,
            "https://elsewhere.example.org/tz/1.html",
            file=file,
            chosen=world.source,
            clock=house.clock,
        )
    assert reached(house) == set()


def test_who_read_of_it_in_a_digest_hears_nothing_of_a_copy(house: House, tmp_path: Path) -> None:
    (first, mine, _) = house.ops.subscriptions()
    house.ops.put_subscription(mine.model_copy(update={"immediate": False}), now=days(-1))
    listed(house, 0)
    listed(house, 1, "/late.html", body=LATE)
    house.tell()
    assert reached(house) == {first.id}  # the other reads of it in the next digest
    assert say(house, "https://elsewhere.example.org/tz/1.html", tmp_path, LATE).alerts == 0


def test_who_heard_of_another_page_or_only_counted_a_change_of_this_one_is_told(
    house: House, tmp_path: Path
) -> None:
    house.look(0, ARTICLES, FILED)
    house.tell()
    assert reached(house) == {"sub-1", "sub-algorithm-filing"}
    with house.world.run(days(2), origin=Origin.IMPORT) as run:
        run.see("/late.html", LATE)
    house.ingest()
    page = page_id("test.rules", f"https://{house.world.source.hosts[0]}/late.html")
    with house.ops.transaction() as db:
        db.execute("INSERT INTO considered (change, page, at) VALUES ('ch-1', ?, '')", (page,))
        db.execute(
            "INSERT INTO digest_items (change, subscription, reason, at) VALUES ('ch-1', 'sub-1', 'below', '')"
        )
    assert say(house, "https://elsewhere.example.org/tz/1.html", tmp_path, LATE).alerts == 2


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({"sources": ("test.rules",), "province": "浙江"}, True),  # a source that was chosen, wherever it is
        ({"sources": ("test.other",)}, False),
    ],
)
def test_who_named_sources_hears_of_what_those_missed(
    tmp_path: Path, ops: Ops, wish: dict[str, object], told: bool
) -> None:
    house = House(tmp_path, ops, declare(province="广东"))
    (first,) = ops.subscriptions()
    ops.put_subscription(first.model_copy(update=wish), now=days(-1))
    url = f"https://{house.world.source.hosts[0]}/late.html"
    assert bool(say(house, url, tmp_path, LATE).alerts) is told


def test_a_profile_edited_since_the_last_step_counts(house: House, tmp_path: Path) -> None:
    (first, *_) = house.ops.subscriptions()
    answers = {"form": ["website"], "charge": "paid", "output": ["text"], "model": ["filed_api"]}
    with_algorithms = Profile(name="甲", answers=answered({**answers, "functions": ["recommend"]}))
    keep(house.world.data, "甲", with_algorithms)
    held = Subscription(
        id="sub-profile", name="甲", licences=("payment-license",), profile="甲", channels=first.channels
    )
    house.ops.put_subscription(held, now=days(-1))
    say(house, "https://elsewhere.example.org/tz/1.html", tmp_path, LATE)
    assert "sub-profile" in reached(house)
    (profile,) = (each for each in house.ops.subscriptions() if each.profile)
    assert profile.licences == ("payment-license",)  # the step says what it changes


@pytest.mark.parametrize(
    ("published", "why", "said"),
    [
        ("2026-02-20", Why.NOT_LISTED, "首次查看栏目是 2026-03-03"),  # before anybody could look
        ("2026-03-04", Why.NOT_LISTED, "可能在两次查看之间翻过"),  # seen well for weeks after
        ("2026-03-25", Why.OUT_OF_SIGHT, "自 2026-03-27 至 2026-04-01未能查看：拒绝访问"),
    ],
)
def test_a_problem_excuses_a_source_only_while_the_rule_was_listed(
    house: House, tmp_path: Path, published: str, why: Why, said: str
) -> None:
    refused = [0, 25, 26, 27]
    for day in (0, 1, 2, 25, 26, 27, 30):
        with house.world.run(days(day)) as run:
            if day in refused:
                run.see("/list.html", b"<html><body>no</body></html>", status=403, role=PageRole.LIST)
            else:
                run.list("/a.html")
                run.see("/a.html", rule())
        house.clock.at = days(day) + timedelta(hours=1)
        house.ingest()
    page = LATE.replace(b"<head>", f"<head><meta name='PubDate' content='{published}'>".encode())
    reason = say(house, f"https://{house.world.source.hosts[0]}/late.html", tmp_path, page).reason
    assert (reason.why, said in reason.explained) == (why, True), reason.explained

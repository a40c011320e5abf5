"""What stood on the site on a day and what was in force on it are two questions; what is not known is said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from world import ARTICLES, HOST, World, amended, days, declare, rule

from kb.codes import DocumentStatus
from kb.errors import NotFound
from kb.model import page_id
from kb.store import open_reader, queries
from kb.store.asof import OnSite, Outage, PageHistory, Seen, Text, in_force, on_site, sentence, undatable
from kb.store.ingest import Ingestor

LATER = timedelta(minutes=30)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


OLD = Text("old", "1", at("2026-01-10T02:00"), effective=date(2020, 1, 1))
NEW = Text("new", "2", at("2026-02-20T02:00"), at("2026-02-19T02:00"), date(2026, 9, 1))
PAGE = PageHistory((OLD, NEW), (), at("2026-05-01T02:00"))


def test_before_the_first_look_nothing_is_answered() -> None:
    found = on_site(PAGE, date(2026, 1, 9))
    assert (found.seen, found.text, found.since) == (Seen.BEFORE, None, date(2026, 1, 10))


@pytest.mark.parametrize(
    ("day", "text"), [(date(2026, 1, 10), OLD), (date(2026, 2, 19), OLD), (date(2026, 2, 20), NEW)]
)
def test_what_stood(day: date, text: Text) -> None:
    assert on_site(PAGE, day).text == text
    assert on_site(PAGE, day).seen is Seen.STOOD


def test_a_day_is_a_day_in_beijing() -> None:
    """Half past midnight in Beijing is still the day before in Greenwich."""
    early = PageHistory(
        (OLD, Text("new", "2", at("2026-02-19T16:30"), at("2026-02-19T15:30"))), (), PAGE.last_good
    )
    assert on_site(early, date(2026, 2, 19)).text == OLD
    assert on_site(early, date(2026, 2, 20)).text == early.texts[1]


def test_an_outage_names_both_neighbours() -> None:
    outage = Outage(at("2026-03-02T02:00"), at("2026-03-20T02:00"))
    found = on_site(PageHistory((OLD,), (outage,), PAGE.last_good), date(2026, 3, 10))
    assert (found.seen, found.since, found.until, found.same) == (
        Seen.BETWEEN, date(2026, 1, 10), date(2026, 3, 20), True,
    )  # fmt: skip
    changed = Text("new", "2", at("2026-03-20T02:00"), at("2026-03-01T02:00"))
    found = on_site(PageHistory((OLD, changed), (outage,), PAGE.last_good), date(2026, 3, 10))
    assert (found.text, found.after, found.same, found.since) == (OLD, changed, False, date(2026, 3, 1))


def test_what_is_said_of_a_day_that_was_not_looked_at() -> None:
    outage = Outage(at("2026-02-20T02:00"), at("2026-03-05T02:00"))
    looks = (at("2026-02-19T02:00"),)
    site = on_site(PageHistory((OLD,), (outage,), PAGE.last_good, looks), date(2026, 3, 1))
    assert sentence(site, date(2026, 3, 1), date(2026, 1, 10)) == (
        "2026-03-01 前后未能查看（02-19 至 03-05）。02-19 与 03-05 的文字相同，程序据此推断未变。"
    )
    before = on_site(PAGE, date(2026, 1, 1))
    assert sentence(before, date(2026, 1, 1), date(2026, 1, 10)) == (
        "本库从 2026-01-10 起留存此页，不能回答 2026-01-01 的内容。"
    )
    assert "2025-12-01 至 01-05" in sentence(
        on_site(
            PageHistory(
                (Text("old", "1", at("2025-12-01T02:00")),),
                (Outage(at("2025-12-30T02:00"), at("2026-01-05T02:00")),),
                PAGE.last_good,
            ),
            date(2026, 1, 1),
        ),
        date(2026, 1, 1),
        date(2025, 12, 1),
    )
    assert sentence(on_site(PAGE, date(2026, 2, 20)), date(2026, 2, 20), date(2026, 1, 10)) == ""


def test_no_look_between_two_texts_is_an_outage_too() -> None:
    late = Text("new", "2", at("2026-03-20T02:00"), at("2026-03-01T02:00"))
    found = on_site(PageHistory((OLD, late), (), PAGE.last_good), date(2026, 3, 10))
    assert (found.seen, found.since, found.until) == (Seen.BETWEEN, date(2026, 3, 1), date(2026, 3, 20))
    assert on_site(PageHistory((OLD, late), (), PAGE.last_good), date(2026, 3, 1)).seen is Seen.STOOD


def test_a_text_that_stood_on_both_sides_of_a_day_without_a_look_is_inferred() -> None:
    rounds = tuple(at(f"2026-03-{day:02}T02:00") for day in (1, 4, 9, 12))
    page = PageHistory((OLD,), (), at("2026-03-12T02:00"), rounds)
    assert on_site(page, date(2026, 3, 4)).since is None
    found = on_site(page, date(2026, 3, 6))
    assert (found.seen, found.text, found.since, found.until) == (
        Seen.STOOD, OLD, date(2026, 3, 4), date(2026, 3, 9),
    )  # fmt: skip
    assert sentence(found, date(2026, 3, 6), date(2026, 1, 10)) == (
        "2026-03-06 当日没有查看。03-04 与 03-09 两次查看之间未见变动，程序据此推断未变。"
    )


def test_nobody_looked_since() -> None:
    found = on_site(PAGE, date(2026, 6, 1))
    assert (found.seen, found.text, found.since) == (Seen.SINCE, NEW, date(2026, 5, 1))
    lasting = PageHistory((OLD,), (Outage(at("2026-03-02T02:00"), None),), at("2026-03-01T02:00"))
    assert on_site(lasting, date(2026, 3, 10)).seen is Seen.SINCE


def test_what_stands_on_the_site_need_not_be_in_force() -> None:
    found = in_force(PAGE.texts, (), date(2026, 3, 1))
    assert found is not None
    assert (found.text, found.since) == (OLD, date(2020, 1, 1))
    found = in_force(PAGE.texts, (), date(2026, 9, 1))
    assert found is not None
    assert found.text == NEW


def test_an_amended_text_applies_from_the_day_of_the_decision() -> None:
    same = Text("new", "2", at("2026-02-20T02:00"), at("2026-02-19T02:00"), date(2020, 1, 1))
    decided = in_force((OLD, same), (date(2026, 4, 1),), date(2026, 3, 1))
    assert decided is not None
    assert decided.text == OLD
    seen = in_force((OLD, same), (), date(2026, 3, 1))
    assert seen is not None
    assert (seen.text, seen.since, seen.inferred) == (same, date(2026, 2, 20), True)


def test_a_text_amended_before_the_rule_applies_applies_from_the_day_of_the_rule() -> None:
    day = date(2027, 1, 1)
    first = Text("first", "1", at("2026-11-01T02:00"), effective=day)
    other = Text("other", "2", at("2026-11-24T02:00"), at("2026-11-23T02:00"), effective=day)
    assert in_force((first, other), (), date(2026, 12, 31)) is None
    found = in_force((first, other), (), date(2027, 5, 1))
    assert found is not None
    assert (found.text, found.since, found.inferred) == (other, day, False)
    third = Text("third", "3", at("2027-03-01T02:00"), at("2027-02-28T02:00"), effective=day)
    found = in_force((first, other, third), (), date(2027, 5, 1))
    assert found is not None
    assert (found.text, found.since, found.inferred) == (third, date(2027, 3, 1), True)
    decided = in_force((first, other, third), (date(2027, 4, 1),), date(2027, 3, 15))
    assert decided is not None
    assert (decided.text, decided.since) == (other, day)


def test_nothing_is_in_force_that_does_not_say_from_when() -> None:
    assert in_force((Text("old", "1", OLD.first_seen),), (), date(2026, 3, 1)) is None


def test_only_looks_that_showed_the_text_bound_a_day_without_one() -> None:
    """The last look at the page is none at a text that was replaced long before."""
    page = PageHistory(
        (
            Text("first", "1", at("2026-03-05T02:00")),
            Text("second", "2", at("2026-05-10T02:00"), at("2026-04-06T02:00")),
            Text("third", "3", at("2026-07-20T02:00"), at("2026-05-10T02:00")),
        ),
        (),
        at("2026-07-20T02:00"),
    )
    found = on_site(page, date(2026, 3, 20))
    assert (found.seen, found.since, found.until) == (Seen.STOOD, date(2026, 3, 5), date(2026, 4, 6))
    assert on_site(page, date(2026, 4, 6)) == OnSite(Seen.STOOD, page.texts[0])
    gap = on_site(page, date(2026, 6, 1))
    assert (gap.seen, gap.text, gap.after, gap.either) == (Seen.BETWEEN, *page.texts[1:], True)
    assert (gap.since, gap.until) == (date(2026, 5, 10), date(2026, 7, 20))


def test_a_day_that_has_not_come_is_no_day_that_was_missed() -> None:
    page = PageHistory((OLD, NEW), (), at("2026-05-01T02:00"), now=at("2026-05-03T15:59"))
    found = on_site(page, date(2026, 5, 4))
    assert found.seen is Seen.AHEAD
    assert sentence(found, date(2026, 5, 4), date(2026, 1, 10)) == (
        "2026-05-04 还没有到来，不能说当日网站上是哪些文字；最后一次看到此页是 2026-05-01。"
    )
    assert on_site(page, date(2026, 5, 3)).seen is Seen.SINCE


def test_nobody_can_date_an_amendment_that_nobody_saw_come() -> None:
    new = Text("new", "2", at("2026-07-20T02:00"), at("2026-05-10T02:00"), date(2020, 1, 1))
    page = PageHistory((OLD, new), (), at("2026-07-20T02:00"))
    gap = on_site(page, date(2026, 6, 1))
    assert undatable(page.texts, (), gap)
    assert not undatable(page.texts, (date(2026, 6, 15),), gap)
    assert not undatable(page.texts, (), on_site(page, date(2026, 7, 20)))


# ------------------------------------------------------------------ with a knowledge base


def dated(title: str, day: str, articles: tuple[str, ...] = ARTICLES, more: str = "") -> bytes:
    return rule(title, (*articles, f"本办法自{day}起施行。{more}"))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, declare())


def ask(world: World, path: str, day: date) -> queries.AsOf:
    Ingestor(world.data, world.sources).ingest()
    return queries.as_of(open_reader(world.data.kb), page_id("test.rules", HOST + path), day)


FIVE = amended(2, "申请人应当自受理之日起五个工作日内补正全部申请材料。")


def test_the_site_shows_the_new_text_and_the_old_one_applies(world: World) -> None:
    for day, body in (
        (0, dated("示例服务管理办法", "2020年1月1日")),
        (3, dated("示例服务管理办法", "2026年9月1日", FIVE)),
    ):
        for look in (days(day), days(day) + LATER):
            with world.run(look) as run:
                run.see("/a.html", body)
    with world.run(days(10)) as run:
        run.see("/a.html", body)
    found = ask(world, "/a.html", date(2026, 3, 8))
    assert found.site.text is not None
    assert found.force is not None
    assert found.site.text.version != found.force.text.version
    assert (found.force.since, found.status) == (date(2020, 1, 1), DocumentStatus.IN_FORCE)
    assert ask(world, "/a.html", date(2026, 9, 1)).force != found.force


def test_before_the_first_capture_neither_question_is_answered(world: World) -> None:
    with world.run(days(0)) as run:
        run.see("/a.html", dated("示例服务管理办法", "2020年1月1日"))
    found = ask(world, "/a.html", date(2026, 3, 1))
    assert (found.site.seen, found.force, found.held_since) == (Seen.BEFORE, None, date(2026, 3, 2))


def test_a_new_rule_that_does_not_apply_yet_names_the_one_that_does(world: World) -> None:
    new = dated("示例服务管理办法", "2026年9月1日", FIVE, "《示例服务管理暂行办法》同时废止。")
    with world.run(days(0)) as run:
        run.see("/old.html", dated("示例服务管理暂行办法", "2009年3月1日"))
        run.see("/new.html", new)
    with world.run(days(1)) as run:
        run.see("/new.html", new)
    found = ask(world, "/new.html", date(2026, 3, 3))
    assert (found.status, found.force) == (DocumentStatus.NOT_YET_IN_FORCE, None)
    assert [each.other for each in found.instead] == [page_id("test.rules", f"{HOST}/old.html")]
    old = ask(world, "/old.html", date(2026, 3, 3))
    assert old.status is DocumentStatus.IN_FORCE
    ended = ask(world, "/old.html", date(2026, 9, 1))
    assert (ended.status, ended.force) == (DocumentStatus.REPEALED, None)
    assert ended.ended_by is not None
    assert ended.ended_by.other == page_id("test.rules", f"{HOST}/new.html")


def edition(head: str, articles: tuple[str, ...], *, signed: str = "") -> bytes:
    page = rule("示例备案管理办法", (*articles, "本办法自2019年10月1日起施行。")).decode()
    page = page.replace("<div class='content'>", f"<div class='content'><p>{head}</p>")
    return page.replace("</div></body>", f"<p>示例通信部</p><p>{signed}</p></div></body>").encode()


def test_a_later_edition_on_a_page_of_its_own_stands_for_the_earlier(world: World) -> None:
    first = edition("示例通信部令第7号", ARTICLES, signed="2019年5月6日")
    head = "（2019年5月6日示例通信部令第7号公布 根据2026年3月1日示例通信部令第11号《关于修改部分规章的决定》修正）"
    with world.run(days(0)) as run:
        run.see("/2019.html", first)
    with world.run(days(3)) as run:
        run.see("/2026.html", edition(head, FIVE, signed="2019年5月6日"))
    earlier = ask(world, "/2019.html", date(2026, 3, 4))
    assert earlier.status is DocumentStatus.IN_FORCE
    assert ask(world, "/2019.html", date(2026, 3, 5)).status is DocumentStatus.SUPERSEDED
    later = ask(world, "/2026.html", date(2026, 3, 5))
    assert later.status is DocumentStatus.IN_FORCE
    assert later.document != earlier.document


def test_a_notice_of_the_next_year_supersedes_nothing(world: World) -> None:
    for path, year in (("/a.html", 2025), ("/b.html", 2026)):
        page = rule(
            "关于开展示例业务年报工作的通知",
            ("各企业应当于三月底前报送年度报告，逾期不报的列入不良名单。" * 3,),
        ).decode()
        with world.run(days(0)) as run:
            run.see(
                path,
                page.replace(
                    "</div></body>", f"<p>示例通信部</p><p>{year}年1月3日</p></div></body>"
                ).encode(),
            )
    Ingestor(world.data, world.sources).ingest()
    assert queries.relations_of(open_reader(world.data.kb), f"{HOST}/a.html").suffers == ()


def test_an_outage_in_the_knowledge_base(world: World) -> None:
    with world.run(days(0)) as run:
        run.see("/a.html")
    for day in (2, 3, 4):
        with world.run(days(day)) as run:
            run.fail("/a.html")
    with world.run(days(6)) as run:
        run.see("/a.html")
    found = ask(world, "/a.html", date(2026, 3, 6))
    assert (found.site.seen, found.site.since, found.site.until, found.site.same) == (
        Seen.BETWEEN, days(0).date(), date(2026, 3, 8), True,
    )  # fmt: skip


def test_an_unknown_document(world: World) -> None:
    with world.run(days(0)) as run:
        run.see("/a.html")
    with pytest.raises(NotFound):
        ask(world, "/nothing.html", date(2026, 3, 1))


def test_a_short_notice_that_stood_for_days_is_said_to_have_stood(world: World) -> None:
    long = tuple(text * 6 for text in ARTICLES)
    notice = ("本办法正在修订，修订期间请与主管部门联系。",)
    for day, articles in (
        (0, long),
        *((day, notice) for day in (1, 2, 3, 4)),
        *((day, long[:3]) for day in (5, 6)),
    ):
        with world.run(days(day)) as run:
            run.see(body=rule(articles=articles))
    Ingestor(world.data, world.sources).ingest()
    found = queries.as_of(open_reader(world.data.kb), page_id("test.rules", f"{HOST}/a.html"), days(4).date())
    assert found.site.seen is Seen.STOOD
    assert found.site.text is not None
    text = queries.version_document(open_reader(world.data.kb), found.site.text.version).text
    assert "正在修订" in text


def test_a_day_on_which_no_round_was_made_is_said_to_be_so(world: World) -> None:
    for day in (0, 20):
        with world.run(days(day)) as run:
            run.see("/a.html", rule())
    found = ask(world, "/a.html", days(7).date())
    assert (found.site.seen, found.site.since, found.site.until) == (
        Seen.STOOD, days(0).date(), days(20).date(),
    )  # fmt: skip

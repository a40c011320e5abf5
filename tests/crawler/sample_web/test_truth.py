"""The truth stands in the served bytes: what it says was and is there is there, and nothing else changed."""

from __future__ import annotations

import io
from collections import Counter

import docx as python_docx
import httpx
import pytest

from crawler.sample_web import DAYS, SampleWeb, mails, truth
from crawler.sample_web.script import Site, sites
from crawler.sample_web.state import PageState, numeral, page_at, parse_body
from crawler.sample_web.truth import ExpectedChange
from kb.codes import ChangeKind, Confirmation, Flag, Health, Op, Significance

SITES = {site.source: site for site in sites()}
DAY_NUMBERS = range(1, len(DAYS) + 1)
ALL = [change for day in DAY_NUMBERS for change in truth.expected(day).changes]
WORDED = [change for change in ALL if change.kind is not ChangeKind.IMAGE_REPLACED]


def served(web: SampleWeb, client: httpx.Client, change: ExpectedChange, day: int, path: str) -> str:
    """The text of an address on a day: a DOCX by its paragraphs, a page by its bytes in the site's encoding."""
    site = SITES[change.source]
    web.day, web.look = day, 1
    body = client.get(f"http://{site.address}:{web.port}{path}").content
    if path.endswith(".docx"):
        return "\n".join(paragraph.text for paragraph in python_docx.Document(io.BytesIO(body)).paragraphs)
    return body.decode(site.encoding)


@pytest.mark.parametrize("change", WORDED, ids=lambda c: f"{c.day}-{c.kind}-{c.title}")
def test_the_words_of_each_change_are_served_before_and_after(
    change: ExpectedChange, web: SampleWeb, client: httpx.Client
) -> None:
    after = served(web, client, change, change.day, change.path)
    if change.kind is ChangeKind.GONE:
        assert "不存在" in after
        return
    path = change.draft_path or change.path
    before = served(web, client, change, change.since, path) if change.since else ""
    for passage in change.passages:
        assert passage.after in after
        if before:
            assert passage.before in before
        if passage.op is Op.ADDED:
            assert passage.after not in before
        if passage.op is Op.AMENDED:  # “五个工作日” also stands in “十五个工作日”: count
            assert after.count(passage.after) == before.count(passage.after) + 1


def test_the_script_has_a_change_of_every_kind_that_was_asked_for() -> None:
    assert Counter(change.kind for change in ALL) == {
        ChangeKind.AMENDED: 4,
        ChangeKind.NEW: 1,
        ChangeKind.DRAFT_PUBLISHED: 1,
        ChangeKind.FINALISED: 1,
        ChangeKind.IMAGE_REPLACED: 1,
        ChangeKind.ATTACHMENT_REPLACED: 1,
        ChangeKind.GONE: 1,
    }
    assert {c.title for c in ALL if c.significance is Significance.EDITORIAL} == {
        "示例互联网信息服务分级管理办法"
    }
    assert [c.kind for c in ALL if Flag.NEEDS_READING in c.flags] == [ChangeKind.IMAGE_REPLACED]
    assert [c.kind for c in ALL if c.confirmation is Confirmation.HELD] == [
        ChangeKind.AMENDED,
        ChangeKind.GONE,
    ]


def test_the_amended_rule_is_told_article_by_article() -> None:
    change = next(c for c in ALL if c.title == "示例算法备案管理办法")
    assert [(p.op, p.anchor_before, p.anchor) for p in change.passages if p.op is not Op.RENUMBERED] == [
        (Op.ADDED, "", "第九条"),
        (Op.AMENDED, "第二十三条", "第二十四条"),
    ]
    renumbered = [(p.anchor_before, p.anchor) for p in change.passages if p.op is Op.RENUMBERED]
    assert renumbered[0] == ("第九条", "第十条")
    assert renumbered[-1] == ("第二十五条", "第二十六条")
    assert len(renumbered) == 16


def test_the_first_day_is_baseline_only() -> None:
    first = truth.expected(1)
    assert (first.documents, len(first.watched), first.changes, first.opened) == (31, 8, (), ())


def test_problems_open_and_close_and_hide_what_happened_meanwhile() -> None:
    third, fourth = truth.expected(3), truth.expected(4)
    assert {(i.source, i.health) for i in third.opened} == {
        ("sample.ca.notices", Health.CHALLENGE),
        ("sample.culture.notices", Health.EMPTY_SHELL),
    }
    assert set(fourth.closed) == set(third.opened)
    replaced = next(c for c in fourth.changes if c.kind is ChangeKind.ATTACHMENT_REPLACED)
    assert replaced.since == 2


@pytest.mark.parametrize("day", [2, 3, 4])
def test_noise_pages_are_those_whose_bytes_move_while_their_words_stay(
    day: int, web: SampleWeb, client: httpx.Client
) -> None:
    moved = 0
    for site in sites():
        since = next((d for d in range(day - 1, 0, -1) if site.trouble(d) is None), 0)
        if site.trouble(day) is not None or not since:
            continue
        for page in site.pages_on(day):
            if page.from_day > since:
                continue
            bodies = []
            for when in (since, day):
                web.day, web.look = when, 1
                bodies.append(client.get(f"http://{site.address}:{web.port}{page.path}").content)
            moved += bodies[0] != bodies[1] and words(site, page.key, since) == words(site, page.key, day)
    assert moved == truth.expected(day).noise_pages


def words(site: Site, key: str, day: int) -> tuple[object, ...]:
    state: PageState = page_at(site, key, day)
    return state.lines, state.tables


def test_messages_follow_from_the_changes() -> None:
    assert mails.counts() == {
        ("email", "immediate"): 5,
        ("email", "digest"): 4,
        ("email", "incident"): 2,
        ("email", "recovery"): 2,
        ("webhook", "immediate"): 2,
    }
    told = {m.title for day in DAY_NUMBERS for m in mails.messages(day) if m.purpose == "immediate"}
    assert "示例互联网信息服务分级管理办法" not in told  # editorial
    assert "问：计算机软件著作权登记需要多长时间" not in told  # flipped back
    assert "示例微短剧分类备案管理办法" not in told  # nobody asked for it


@pytest.mark.parametrize(
    ("number", "printed"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (26, "二十六")]
)
def test_numerals(number: int, printed: str) -> None:
    assert numeral(number) == printed


def test_a_line_without_a_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="没有种类"):
        parse_body("条 为了示例。\n没有种类", "x")

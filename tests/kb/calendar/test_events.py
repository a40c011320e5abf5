"""Days of documents and holdings: which there are, what they are called, and that their ids hold."""

from dataclasses import replace
from datetime import date

import pytest

from kb.calendar import DocumentDates, Event, HeldDates, document_events, holding_events, weekday
from kb.codes import DateKind

RULE = DocumentDates(
    "doc-1",
    "示例算法备案管理办法",
    False,
    effective=date(2027, 1, 1),
    transition_until=date(2027, 7, 1),
    licences=("algorithm-filing",),
    source="a.rules",
)
DRAFT = DocumentDates(
    "doc-2",
    "示例标识规定",
    True,
    effective=date(2027, 5, 1),
    comments_until=date(2026, 12, 1),
    source="a.rules",
)


def named(events: tuple[Event, ...]) -> list[tuple[str, str]]:
    return [(str(event.day), event.title) for event in events]


def test_a_rule_begins_and_its_transition_ends() -> None:
    assert named(document_events([RULE])) == [
        ("2027-01-01", "示例算法备案管理办法 施行"),
        ("2027-07-01", "示例算法备案管理办法 过渡期届满"),
    ]


def test_a_transition_that_ends_as_the_rule_begins_is_no_day_of_its_own() -> None:
    (only,) = document_events([replace(RULE, transition_until=RULE.effective)])
    assert only.kind is DateKind.EFFECTIVE


def test_of_a_draft_only_the_comments_count_and_it_is_called_a_draft() -> None:
    assert named(document_events([DRAFT])) == [("2026-12-01", "示例标识规定（征求意见稿）意见反馈截止")]
    titled = replace(DRAFT, title="示例标识规定（修订草案征求意见稿）")
    assert named(document_events([titled])) == [
        ("2026-12-01", "示例标识规定（修订草案征求意见稿）意见反馈截止")
    ]


@pytest.mark.parametrize(
    ("title", "about"),
    [
        ("示例网信办关于《示例标识规定（征求意见稿）》公开征求意见的通知", "示例标识规定（征求意见稿）"),
        ("关于公开征求《示例标识规定》意见的公告", "示例标识规定（征求意见稿）"),
        (
            "关于《示例甲办法》《示例乙办法》公开征求意见的通知",
            "关于《示例甲办法》《示例乙办法》公开征求意见的通知",
        ),
        ("示例标识规定（修订草案）", "示例标识规定（修订草案）"),
        ("示例标识规定", "示例标识规定（征求意见稿）"),
    ],
)
def test_a_notice_that_asks_for_comments_is_about_the_draft(title: str, about: str) -> None:
    (event,) = document_events([replace(DRAFT, title=title)])
    assert event.about == about


def test_the_notice_and_the_draft_on_a_page_of_its_own_are_one_event() -> None:
    notice = replace(DRAFT, document="doc-3", title="关于《示例标识规定（征求意见稿）》公开征求意见的通知")
    (event,) = document_events([notice, DRAFT])
    assert event.source == "doc-3"


def test_an_event_keeps_its_id_when_its_day_moves() -> None:
    (before, _), (after, _) = (
        document_events([RULE]),
        document_events([replace(RULE, effective=date(2027, 3, 1), title="示例算法备案管理规定")]),
    )
    assert before.id == after.id
    assert before.day != after.day


def test_copies_of_one_title_and_day_are_one_event_known_by_the_first() -> None:
    copy = replace(
        RULE,
        document="doc-9",
        title="示例算法备案管理办法　",
        licences=("icp-filing",),
        source="b",
        live=False,
    )
    begins, _ = document_events([replace(RULE, province="广东"), copy])
    assert begins.licences == ("algorithm-filing", "icp-filing")
    assert begins.publications == ("a.rules", "b")
    assert (begins.source, begins.live, begins.province) == ("doc-1", True, "")
    assert document_events([copy])[0].id in begins.former
    assert document_events([copy, RULE])[0].live, "seen by a program on one of the sites is seen"
    other_day = document_events([RULE, replace(copy, effective=date(2027, 1, 2), transition_until=None)])
    assert len(other_day) == 3


def test_ids_of_joined_documents_lead_to_the_event() -> None:
    earlier = document_events([replace(RULE, document="doc-0")])[0]
    assert earlier.id in document_events([replace(RULE, former=("doc-0",))])[0].former


def test_a_platform_rule_is_no_law() -> None:
    assert document_events([replace(RULE, is_law=False)])[0].note == "平台规则，不是法律"


def test_a_holding_is_renewed_by_its_own_lead_time_and_expires() -> None:
    held = HeldDates("ho-1", "贵司ICP许可", date(2027, 3, 10), 90, ("icp-license",), owner="sub-1")
    begins, ends = holding_events([held])
    assert named((begins, ends)) == [
        ("2026-12-10", "贵司ICP许可 续期申请起算日（到期 2027-03-10，提前天数按贵司台账填写）"),
        ("2027-03-10", "贵司ICP许可 到期"),
    ]
    assert (begins.kind, ends.kind) == (DateKind.RENEWAL, DateKind.EXPIRY)
    assert begins.id != ends.id
    assert begins.days_left(date(2026, 11, 24)) == 16
    assert [event.kind for event in holding_events([replace(held, lead_days=0)])] == [DateKind.EXPIRY]


def test_weekdays() -> None:
    assert [weekday(date(2026, 11, day)) for day in (22, 23, 28)] == ["周日", "周一", "周六"]


def _asked(key: str, title: str, until: date) -> DocumentDates:
    return DocumentDates(key, title, True, comments_until=until)


ASKED = _asked("doc-1", "关于《示例规定（征求意见稿）》公开征求意见的通知", date(2026, 12, 1))
MORE = _asked("doc-2", "关于延长《示例规定（征求意见稿）》征求意见时间的通知", date(2026, 12, 15))


def test_a_notice_that_gives_more_time_replaces_the_day_of_the_draft() -> None:
    (old,) = document_events([ASKED])
    (alone,) = document_events([MORE])
    (event,) = document_events([ASKED, MORE])
    assert (event.day, event.id, event.former) == (date(2026, 12, 15), alone.id, (old.id,))
    assert event.title == "示例规定（征求意见稿）意见反馈截止"


def test_other_drafts_and_a_second_round_keep_their_days() -> None:
    another = _asked("doc-3", "示例办法（征求意见稿）", date(2026, 12, 2))
    again = _asked("doc-4", "示例规定（征求意见稿）", date(2027, 3, 1))
    days = {event.day: event.former for event in document_events([ASKED, another, again])}
    assert days == {date(2026, 12, 1): (), date(2026, 12, 2): (), date(2027, 3, 1): ()}
    days = {event.day: len(event.former) for event in document_events([ASKED, MORE, another, again])}
    assert days == {date(2026, 12, 2): 0, date(2026, 12, 15): 1, date(2027, 3, 1): 0}

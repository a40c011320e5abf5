"""From observed facts to the outbox, with the knowledge base played by plain values."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kb.codes import ChangeKind, Confirmation, Health, HeldFor, Significance
from kb.sources import Source
from scheduler.alerts.digesting import Digester
from scheduler.alerts.message import Letterhead
from scheduler.alerts.telling import Teller
from scheduler.facts import ChangeFacts, IncidentFacts, LookFacts, gather
from scheduler.ops import EmailSettings, Ops, Subscription
from scheduler.plan import DigestDue

Make = Callable[..., ChangeFacts]


@dataclass
class World:
    """What the knowledge base says; set it and tell again."""

    known: list[ChangeFacts] = field(default_factory=list)
    faults: list[IncidentFacts] = field(default_factory=list)
    reread: set[str] = field(default_factory=set)
    open: list[ChangeFacts] = field(default_factory=list)
    good: dict[str, datetime] = field(default_factory=dict)
    again: set[str] = field(default_factory=set)
    let_out: set[str] = field(default_factory=set)
    accept: set[str] = field(default_factory=set)
    rejected: list[ChangeFacts] = field(default_factory=list)

    def alertable(self) -> dict[str, str]:
        return {change.id: change.page for change in self.known}

    def tagged(self) -> dict[str, dict[str, str]]:
        return {change.id: {tag.licence: tag.rule for tag in change.tags} for change in self.known}

    def changes(self, ids: Iterable[str]) -> list[ChangeFacts]:
        by_id = {change.id: change for change in [*self.known, *self.rejected]}
        return [by_id[change] for change in ids if change in by_id]

    def released(self) -> frozenset[str]:
        return frozenset(self.let_out)

    def accepted(self) -> frozenset[str]:
        return frozenset(self.accept)

    def revealed(self, before: datetime) -> frozenset[str]:
        return frozenset(
            c.id for c in self.known if c.id in self.reread and c.confirmed_at and c.confirmed_at < before
        )

    def changes_of(self, source: str, **_: Any) -> list[ChangeFacts]:
        return [change for change in self.known if change.source == source]

    def incidents(self, where: str = "1") -> list[IncidentFacts]:
        if where == "1":
            return self.faults
        if "NOT NULL" in where:
            return [i for i in self.faults if i.closed_at]
        return [i for i in self.faults if not i.closed_at]

    def unsettled(self) -> list[ChangeFacts]:
        return self.open

    def undone(self) -> frozenset[str]:
        return frozenset(c.undoes for c in self.known if c.undoes)

    def successor(self, change: str) -> str:
        return change

    def looked_again(self, page: str, after: datetime) -> bool:
        return page in self.again

    def last_good(self) -> dict[str, datetime]:
        return self.good

    def looked(self, sources: dict[str, Source], since: datetime, now: datetime) -> LookFacts:
        """Seen is what was good since; every source was due."""
        seen = [s for s in sources.values() if self.good.get(s.id, since - timedelta(days=1)) >= since]
        blind = tuple(s.title for s in sources.values() if s not in seen)
        return LookFacts(len(sources), len(seen), 10 * len(seen), blind)

    def document_dates(self, *_: Any) -> tuple[Any, ...]:
        return ()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def teller(ops: Ops, world: World, head: Letterhead, subscription: Subscription) -> Teller:
    channel = ops.put_channel(EmailSettings(to="a@b.invalid", sender="c@d.invalid", host="h"), now=head.now)
    wanted = ("algorithm-filing", "icp-license")
    ops.put_subscription(
        subscription.model_copy(update={"channels": (channel,), "licences": wanted}), now=head.now
    )
    return Teller(ops, world, head, lambda _: None, watching(world, head.now))  # type: ignore[arg-type]


def told(ops: Ops) -> list[tuple[str, str, int]]:
    rows = ops.rows("SELECT kind, about, number FROM alerts ORDER BY rowid")
    return [(row["kind"], row["about"], row["number"]) for row in rows]


def test_a_change_is_told_once_however_often_we_look(
    teller: Teller, ops: Ops, world: World, make_change: Make
) -> None:
    world.known = [make_change()]
    assert [teller.changes() for _ in range(3)] == [1, 0, 0]
    assert told(ops) == [("change", "ch-4f1a09000000", 1)]
    assert [row["state"] for row in ops.rows("SELECT state FROM deliveries")] == ["pending"]


def test_a_new_subscriber_is_not_told_of_the_past(
    teller: Teller, ops: Ops, world: World, make_change: Make, subscription: Subscription
) -> None:
    head = teller.head
    world.known = [make_change()]
    teller.changes()
    late = subscription.model_copy(update={"id": "sub-2", "created_at": head.now + timedelta(days=1)})
    ops.put_subscription(late, now=head.now)
    teller.changes()
    assert len(told(ops)) == 1


def test_a_revealed_change_waits_for_a_person_and_goes_out_as_a_late_notice(
    teller: Teller, ops: Ops, world: World, make_change: Make, head: Letterhead
) -> None:
    world.known = [make_change()]
    ops.hold(["ch-4f1a09000000"], "重读", now=head.now)
    assert teller.changes() == 0
    ops.release("ch-4f1a09000000", by="张三", now=head.now)
    assert teller.changes() == 1
    assert told(ops) == [("late_notice", "ch-4f1a09000000", 1)]
    assert ops.rows("SELECT subject FROM alerts")[0]["subject"].startswith("〔补报〕")


def test_what_new_rules_find_in_old_captures_is_held_but_not_what_was_waiting(
    teller: Teller, ops: Ops, world: World, make_change: Make, head: Letterhead
) -> None:
    long_ago = make_change(id="ch-old", confirmed_at=head.now - timedelta(days=40))
    waiting = make_change(id="ch-new", page="pg-2", confirmed_at=head.now - timedelta(minutes=5))
    world.known, world.reread = [long_ago, waiting], {"ch-old", "ch-new"}
    assert teller.changes() == 1
    assert told(ops) == [("change", "ch-new", 1)]
    assert ops.held() == {"ch-old"}
    ops.release("ch-old", by="张三", now=head.now)
    assert teller.changes() == 1
    assert told(ops)[-1] == ("late_notice", "ch-old", 1)


def test_a_change_undone_is_corrected_to_the_same_people(
    teller: Teller, ops: Ops, world: World, make_change: Make
) -> None:
    world.known = [make_change()]
    teller.changes()
    original = ops.rows("SELECT id FROM alerts")[0]["id"]
    world.known.append(make_change(id="ch-back", kind=ChangeKind.REVERTED, undoes="ch-4f1a09000000"))
    assert teller.changes() == 1
    (row,) = ops.rows(
        "SELECT subject, facts ->> '$.replies_to' AS answers FROM alerts WHERE kind = 'correction'"
    )
    assert row["answers"] == original
    assert row["subject"].startswith("〔更正〕")


def test_what_is_below_the_minimum_is_counted_and_not_listed(
    teller: Teller, ops: Ops, world: World, make_change: Make, head: Letterhead
) -> None:
    draft = make_change(id="ch-2", kind=ChangeKind.DRAFT_PUBLISHED, is_draft=True)
    world.known = [make_change(id="ch-1", significance=Significance.EDITORIAL), draft]
    teller.changes()
    assert told(ops) == []
    due = DigestDue("sub-0001", "2026-11-24", head.now - timedelta(days=1))
    digester = Digester(teller, {})
    assert [digester.write(due) for _ in range(2)] == [True, False]
    (row,) = ops.rows("SELECT subject, body FROM alerts")
    assert row["subject"].startswith("1 处变动（草案 1）｜11月24日日报")
    assert "另有文字性变动 1 处" in row["body"]
    later = replace(teller, head=replace(head, now=head.now + timedelta(days=1)))
    Digester(later, watching(world, later.head.now)).write(DigestDue("sub-0001", "2026-11-25", head.now))
    assert ops.rows("SELECT subject FROM alerts ORDER BY rowid")[1]["subject"].startswith("未见变动｜")


def test_a_digest_repeats_what_was_told_at_once(
    teller: Teller, ops: Ops, world: World, make_change: Make, head: Letterhead
) -> None:
    world.known = [make_change()]
    teller.changes()
    Digester(teller, {}).write(DigestDue("sub-0001", "2026-11-24", head.now - timedelta(days=1)))
    (row,) = ops.rows("SELECT body FROM alerts WHERE kind = 'digest'")
    assert "已于 06:43 即时提醒　处理：未处理" in row["body"]
    assert "未处理的提醒：1 件" in row["body"]


def watching(world: World, good: datetime, **values: Any) -> dict[str, Source]:
    """One enabled source for both licence types of the subscriber, seen well at ``good``."""
    source = Source.model_validate(
        {
            "id": "sample.ca.notices",
            "title": "示例通信管理局·通知公告",
            "authority": "示例通信管理局",
            "mechanism": "pages",
            "level": "regulator",
            "hosts": ["ca.example.invalid"],
            "start": ["https://ca.example.invalid/tzgg/"],
            "publish": "full",
            "licences": ["algorithm-filing", "icp-license"],
            **values,
        }
    )
    world.good[source.id] = good
    return {source.id: source}


def digest_of(ops: Ops, digester: Digester, day: str = "2026-11-24") -> tuple[str, str]:
    now = digester.teller.head.now
    assert digester.write(DigestDue("sub-0001", day, now - timedelta(days=1)))
    row = ops.rows("SELECT subject, body FROM alerts WHERE kind = 'digest' ORDER BY rowid DESC")[0]
    return row["subject"], row["body"]


def test_a_calm_digest_needs_all_to_be_seen_and_settled(
    teller: Teller, ops: Ops, world: World, make_change: Make, make_incident: Callable[..., IncidentFacts]
) -> None:
    now = teller.head.now
    sources = watching(world, now)
    assert digest_of(ops, Digester(teller, sources), "2026-12-01")[0].startswith("未见变动｜")

    world.open = [make_change(id="ch-p", confirmation=Confirmation.PROVISIONAL)]
    assert digest_of(ops, Digester(teller, sources), "2026-12-02")[0].startswith("待确认 1 处｜")
    world.open = [make_change(id="ch-h", kind=ChangeKind.GONE, confirmation=Confirmation.HELD)]
    subject, body = digest_of(ops, Digester(teller, sources), "2026-12-03")
    assert subject.startswith("暂缓推送 1 处｜")
    assert "连续三天看不到" in body
    world.open = [make_change(tags=(), confirmation=Confirmation.HELD)]  # of no concern
    assert digest_of(ops, Digester(teller, sources), "2026-12-04")[0].startswith("未见变动｜")

    world.open, world.faults = [], [make_incident(whole_source=False, page_title="附件一")]
    assert digest_of(ops, Digester(teller, sources), "2026-12-05")[0].startswith("部分未能查看｜")
    world.faults = [make_incident(source="sample.somewhere.else", whole_source=False)]
    assert digest_of(ops, Digester(teller, sources), "2026-12-06")[0].startswith("未见变动｜")

    some = watching(world, now, licences=["icp-license"])
    assert "不能说“未见变动”的：算法备案" in digest_of(ops, Digester(teller, some), "2026-12-07")[1]
    for day, coverage in (("2026-12-11", "manual"), ("2026-12-12", "blind")):
        none = watching(world, now, coverage=coverage)
        assert digest_of(ops, Digester(teller, none), day)[0].startswith("未能查看")

    stale = watching(world, now - timedelta(days=2))
    subject, body = digest_of(ops, Digester(teller, stale), "2026-12-08")
    assert subject.startswith("未能查看｜")
    assert "未能查看：示例通信管理局·通知公告" in body


def test_what_was_given_up_is_named_in_the_next_digest(
    teller: Teller, ops: Ops, world: World, make_change: Make
) -> None:
    world.known = [make_change()]
    teller.changes()
    (alert,) = (row["id"] for row in ops.rows("SELECT id FROM alerts"))
    ops.connection.execute("UPDATE deliveries SET state = 'dead'")
    _, body = digest_of(ops, Digester(teller, teller.sources))
    assert f"有 1 封提醒未送出：{alert}。" in body


def test_what_our_own_ledger_holds_is_listed(
    teller: Teller, ops: Ops, world: World, make_change: Make
) -> None:
    world.known = [make_change()]
    ops.hold(["ch-4f1a09000000"], "重读时发现", now=teller.head.now)
    subject, body = digest_of(ops, Digester(teller, watching(world, teller.head.now)))
    assert subject.startswith("暂缓推送 1 处｜")
    assert "示例算法备案管理办法（重读时发现）" in body


def resubscribe(teller: Teller, subscription: Subscription, **values: Any) -> None:
    wanted = ("algorithm-filing", "icp-license")
    channels = tuple(teller.ops.channels())
    teller.ops.put_subscription(
        subscription.model_copy(update={"channels": channels, "licences": wanted, **values}),
        now=teller.head.now,
    )


def test_without_a_digest_a_storm_ends_in_one_summary(
    teller: Teller, ops: Ops, world: World, make_change: Make, subscription: Subscription
) -> None:
    resubscribe(teller, subscription, digest="none")
    world.known = [make_change(id=f"ch-{n:02d}", page=f"pg-{n}") for n in range(30)]
    assert teller.changes() == 21
    assert [kind for kind, _, _ in told(ops)].count("digest") == 1
    assert body_of(ops, "digest")[0].startswith("另有 10 处变动（实质 10）")
    world.known.append(make_change(id="ch-back", kind=ChangeKind.REVERTED, undoes="ch-25"))
    assert teller.changes() == 1
    assert told(ops)[-1][:2] == ("correction", "ch-back")


def test_a_storm_is_capped_over_an_hour_not_a_step(
    teller: Teller, ops: Ops, world: World, make_change: Make, head: Letterhead
) -> None:
    written = []
    for batch in range(3):
        world.known += [make_change(id=f"ch-{batch}-{n:02d}", page=f"pg-{batch}-{n}") for n in range(15)]
        written.append(at(head, teller, head.now + timedelta(minutes=batch)).changes())
    assert written == [15, 5, 0]


def test_what_a_digest_told_is_corrected_in_the_next(
    teller: Teller, ops: Ops, world: World, make_change: Make, subscription: Subscription
) -> None:
    resubscribe(teller, subscription, immediate=False)
    world.known = [make_change()]
    teller.changes()
    digest_of(ops, Digester(teller, teller.sources))
    world.known.append(make_change(id="ch-back", kind=ChangeKind.REVERTED, undoes="ch-4f1a09000000"))
    assert teller.changes() == 0
    subject, body = digest_of(ops, Digester(teller, teller.sources), "2026-11-25")
    assert subject.startswith("1 处变动（更正 1）｜")
    assert "一、更正（原站已改回）" in body


def test_what_waits_for_a_digest_and_is_taken_back_is_never_told(
    teller: Teller, ops: Ops, world: World, make_change: Make, subscription: Subscription
) -> None:
    resubscribe(teller, subscription, immediate=False)
    world.known = [make_change(), make_change(id="ch-lost", page="pg-2")]
    teller.changes()
    world.known = [
        make_change(),
        make_change(id="ch-back", kind=ChangeKind.REVERTED, undoes="ch-4f1a09000000"),
    ]
    teller.changes()
    assert digest_of(ops, Digester(teller, teller.sources))[0].startswith("未见变动｜")
    assert ops.rows("SELECT * FROM digest_items") == []


def test_what_we_misread_is_corrected_once_the_page_was_seen_again(
    teller: Teller, ops: Ops, world: World, make_change: Make
) -> None:
    world.known = [make_change()]
    teller.changes()
    world.known = []  # a rebuild that has only begun lacks everything
    assert teller.changes() == 0
    world.again = {"pg-000000000001"}
    assert [teller.changes() for _ in range(2)] == [0, 0], "it may be today's reading that is wrong"
    assert list(ops.waiting(HeldFor.WITHDRAWN)) == ["ch-4f1a09000000"]
    world.accept = {"ch-4f1a09000000"}
    assert [teller.changes() for _ in range(2)] == [1, 0]
    subject, body = body_of(ops, "correction")
    assert subject.startswith("〔更正〕11-24 06:43的提醒有误，是我们读错了：示例算法备案管理办法")
    assert "原提醒有误，是我们读错了：" in body


def test_what_is_found_again_after_all_waits_no_longer_and_is_not_told_twice(
    teller: Teller, ops: Ops, world: World, make_change: Make
) -> None:
    world.known = [make_change()]
    teller.changes()
    world.known, world.again = [], {"pg-000000000001"}
    teller.changes()
    world.known = [make_change()]
    assert teller.changes() == 0
    assert ops.waiting(HeldFor.WITHDRAWN) == {}
    assert told(ops) == [("change", "ch-4f1a09000000", 1)]


def test_what_a_person_takes_back_is_said_once_to_those_who_were_told(
    teller: Teller, ops: Ops, world: World, make_change: Make
) -> None:
    world.known = [make_change()]
    teller.changes()
    world.known, world.rejected = [], [make_change(confirmation=Confirmation.RETRACTED)]
    assert [teller.changes() for _ in range(2)] == [1, 0]
    subject, body = body_of(ops, "correction")
    assert "经复核撤回" in subject
    assert body.startswith("原提醒有误：经人工复核")
    assert ops.waiting(HeldFor.WITHDRAWN) == {}


@pytest.mark.parametrize(("days", "kind"), [(9, "late_notice"), (0.5, "change")])
def test_what_a_person_lets_out_is_told_once_and_called_late_where_it_is(
    teller: Teller, world: World, make_change: Make, days: float, kind: str
) -> None:
    ops, now = teller.ops, teller.head.now
    seen = now - timedelta(days=days)
    flip = make_change(new_seen=seen, confirmed_at=now, held_for=HeldFor.FLIP)
    world.known, world.let_out = [flip], {flip.id}
    assert [teller.changes() for _ in range(2)] == [1, 0]
    assert told(ops) == [(kind, flip.id, 1)]
    _, body = body_of(ops, kind)
    assert ("因为看到之后又改回而暂缓推送" in body) == (kind == "late_notice")
    assert "人工复核后放行（此前暂缓推送：看到之后又改回）" in body
    assert "再次查看，一致" not in body


def at(head: Letterhead, teller: Teller, moment: datetime) -> Teller:
    return replace(teller, head=replace(head, now=moment))


def test_a_blind_source_is_told_weekly_until_it_recovers(
    teller: Teller, ops: Ops, world: World, head: Letterhead, make_incident: Callable[..., IncidentFacts]
) -> None:
    incident = make_incident()
    world.faults = [incident]
    for days in (0, 1, 6, 7, 8, 15):
        at(head, teller, incident.opened_at + timedelta(days=days, hours=1)).incidents()
    assert [number for _, _, number in told(ops)] == [1, 2, 3]
    for minutes in range(6):  # after weeks asleep: one notice, not one for every week
        at(head, teller, incident.opened_at + timedelta(days=40, minutes=minutes)).incidents()
    assert [number for _, _, number in told(ops)] == [1, 2, 3, 6]
    world.faults = [replace(incident, closed_at=incident.opened_at + timedelta(days=41))]
    recovered = at(head, teller, incident.opened_at + timedelta(days=41))
    world.good[incident.source] = recovered.head.now
    assert recovered.incidents(unfinished={incident.source}) == 0  # its pages are still being looked at
    assert [recovered.incidents() for _ in range(2)] == [1, 0]
    assert told(ops)[-1] == ("recovery", incident.id, 1)


def body_of(ops: Ops, kind: str) -> tuple[str, str]:
    row = ops.rows("SELECT subject, body FROM alerts WHERE kind = ? ORDER BY rowid DESC", (kind,))[0]
    return row["subject"], row["body"]


def test_a_recovery_repeats_what_the_notice_said_and_owns_what_is_still_unseen(
    teller: Teller, ops: Ops, world: World, head: Letterhead, make_incident: Callable[..., IncidentFacts]
) -> None:
    world.faults = [make_incident()]
    assert teller.incidents() == 1
    world.faults = [
        make_incident(
            health=Health.BODY_GONE,
            reason="别的",
            closed_at=head.now,
            last_good_at=head.now,
            last_good_capture="x",
        ),
        make_incident(id="in-page", whole_source=False, health=Health.NOT_FOUND),
    ]
    assert teller.incidents() == 2  # the page's own notice and the recovery
    subject, body = body_of(ops, "recovery")
    assert "其中 1 页仍未能查看" in subject
    assert "未见变动" not in subject + body
    assert "原因曾是：要求人机验证（HTTP 412，正文 318 字节，含验证脚本）。" in body
    assert "上次正常：2026-11-02 06:18　留存 ca-77aa01000000" in body


def test_a_disabled_source_is_told_of_once_more(
    teller: Teller, ops: Ops, world: World, head: Letterhead, make_incident: Callable[..., IncidentFacts]
) -> None:
    world.faults = [make_incident()]
    assert teller.incidents() == 1
    off = replace(teller, sources=watching(world, head.now, enabled=False))
    later = [at(head, off, head.now + timedelta(days=days)).incidents() for days in (1, 8, 30)]
    assert later == [1, 0, 0]
    assert body_of(ops, "recovery")[0] == "已停用｜示例通信管理局·通知公告｜不再查看"
    assert replace(off, sources={}).incidents() == 0


def test_a_source_that_nobody_managed_to_look_at_is_told_of(
    teller: Teller, ops: Ops, world: World, head: Letterhead
) -> None:
    """Its crawl dies every day: no page shows a problem."""
    source = "sample.ca.notices"
    hours = [24, 47, 49, 72, 24 * 9, 24 * 9 + 2]
    assert [at(head, teller, head.now + timedelta(hours=h)).incidents() for h in hours] == [0, 0, 1, 0, 0, 1]
    subject, body = body_of(ops, "incident")
    assert subject.startswith("未能查看｜示例通信管理局·通知公告，已 9 天｜")
    assert "长时间没有一次成功的查看" in body
    back = head.now + timedelta(days=10)
    world.good[source] = back
    assert [at(head, teller, back).incidents() for _ in range(2)] == [1, 0]
    assert body_of(ops, "recovery")[0].startswith("已恢复｜")


def test_a_blip_is_not_told(
    teller: Teller, ops: Ops, world: World, head: Letterhead, make_incident: Callable[..., IncidentFacts]
) -> None:
    blip = make_incident(health=Health.UNREACHABLE, times=1)
    world.faults = [blip]
    assert at(head, teller, blip.opened_at + timedelta(hours=1)).incidents() == 0
    assert at(head, teller, blip.opened_at + timedelta(hours=6)).incidents() == 1
    world.faults = [replace(blip, closed_at=blip.opened_at + timedelta(hours=7))]
    assert at(head, teller, blip.opened_at + timedelta(hours=7)).incidents() == 1
    assert [kind for kind, _, _ in told(ops)] == ["incident", "recovery"]


def test_a_problem_nobody_was_told_of_recovers_in_silence(
    teller: Teller, world: World, make_incident: Callable[..., IncidentFacts]
) -> None:
    world.faults = [make_incident(closed_at=datetime(2026, 11, 4, tzinfo=UTC))]
    assert teller.incidents() == 0


def test_a_blind_source_is_one_problem_not_one_a_page(make_incident: Callable[..., IncidentFacts]) -> None:
    whole = make_incident(health=Health.BODY_GONE, reason="名单取到 0 条")
    pages = [
        make_incident(id=f"in-{n}", whole_source=False, health=Health.EMPTY_SHELL, reason="正文只有 0 字")
        for n in range(3)
    ]
    (one,) = gather([*pages, whole])
    assert (one.id, one.health, one.reason) == (whole.id, Health.EMPTY_SHELL, "正文只有 0 字")
    assert gather(pages) == pages

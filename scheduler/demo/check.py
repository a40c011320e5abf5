"""The demonstration against the truth of the sample web: what was missed, and what was invented."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from crawler.sample_web import DAYS, truth
from crawler.sample_web.differences import ExpectedPassage
from crawler.sample_web.mails import messages
from crawler.sample_web.truth import ExpectedChange
from kb.codes import Confirmation
from kb.model import PassageChange
from scheduler.alerts.text import today
from scheduler.demo.found import Found, path_of
from scheduler.demo.show import DayFacts
from scheduler.facts import ChangeFacts


def compare_all(
    found: Found, appeared: Mapping[str, int], days: Iterable[DayFacts]
) -> tuple[list[str], list[str]]:
    """(missed, invented), each a list of sentences. ``appeared``: the day, from 1, on which each change was first there."""
    missed: list[str] = []
    invented: list[str] = []
    for less, more in (
        _changes(found, appeared),
        _incidents(found),
        _messages(found),
        _looked(days),
    ):
        missed += less
        invented += more
    expected = truth.expected(len(DAYS)).documents
    if found.documents < expected:
        missed.append(f"收录文件少 {expected - found.documents} 份")
    elif found.documents > expected:
        invented.append(f"收录文件多 {found.documents - expected} 份")
    return missed, invented


def _changes(found: Found, appeared: Mapping[str, int]) -> tuple[list[str], list[str]]:
    wanted = [change for day in range(1, len(DAYS) + 1) for change in truth.expected(day).changes]
    settled = [c for c in found.changes if c.confirmation is not Confirmation.PROVISIONAL]
    left = list(found.changes)
    missed = []
    for change in wanted:
        match = next((c for c in settled if c in left and _same(change, c, appeared[c.id])), None)
        if match is None:
            missed.append(f"第 {change.day} 天 {change.kind} {change.source} {change.title}")
            continue
        left.remove(match)
        missed += [f"第 {change.day} 天 {change.title}：{what}" for what in _lacking(change, match)]
    return missed, [f"第 {appeared[c.id]} 天 {c.kind} {c.source} {c.title}（{c.confirmation}）" for c in left]


def _same(wanted: ExpectedChange, change: ChangeFacts, day: int) -> bool:
    return (
        wanted.source == change.source
        and wanted.path == path_of(change.url)
        and wanted.kind is change.kind
        and wanted.day == day
    )


def _lacking(wanted: ExpectedChange, change: ChangeFacts) -> Iterable[str]:
    if wanted.significance is not change.significance:
        yield f"性质应为 {wanted.significance}，得到 {change.significance}"
    if wanted.confirmation is not change.confirmation:
        yield f"确认状态应为 {wanted.confirmation}，得到 {change.confirmation}"
    if not set(wanted.flags) <= change.flags:
        yield f"缺标志 {sorted(set(wanted.flags) - change.flags)}"
    if lacking := set(wanted.licences) - {tag.licence for tag in change.tags}:
        yield f"缺事项 {sorted(lacking)}"
    if wanted.effective and wanted.effective != change.effective:
        yield f"施行日期应为 {wanted.effective}，得到 {change.effective}"
    if wanted.comments_until and wanted.comments_until != change.comments_until:
        yield f"意见反馈截止应为 {wanted.comments_until}，得到 {change.comments_until}"
    for passage in wanted.passages:
        if not any(_is_passage(passage, found) for found in change.passages):
            yield f"缺条款 {passage.op} {passage.anchor_before} → {passage.anchor}"


def _is_passage(wanted: ExpectedPassage, found: PassageChange) -> bool:
    return (
        wanted.op is found.op
        and _at(wanted.anchor, found.anchor)
        and _at(wanted.anchor_before, found.anchor_before)
        and wanted.before in _place(found.anchor_before) + found.before
        and wanted.after in _place(found.anchor) + found.after
    )


def _place(anchor: str) -> str:
    """The printed number, which a passage's text may leave out."""
    return anchor.rpartition("/")[2]


def _at(label: str, anchor: str) -> bool:
    """The label a reader would cite stands in the path, below chapters and above paragraphs without a number."""
    return not label or f"/{label}/" in f"/{anchor}/"


def _incidents(found: Found) -> tuple[list[str], list[str]]:
    wanted, got = Counter[str](), Counter[str]()
    for day in range(1, len(DAYS) + 1):
        expected = truth.expected(day)
        wanted.update(f"{expected.on} 开始 {i.source} {i.health} {i.path}" for i in expected.opened)
        wanted.update(f"{expected.on} 恢复 {i.source} {i.health} {i.path}" for i in expected.closed)
    for incident in found.incidents:
        name = f"{incident.source} {incident.health} {'' if incident.whole_source else path_of(incident.url)}"
        got[f"{today(incident.opened_at)} 开始 {name}"] += 1
        if incident.closed_at:
            got[f"{today(incident.closed_at)} 恢复 {name}"] += 1
    return _difference("异常", wanted, got)


def _messages(found: Found) -> tuple[list[str], list[str]]:
    wanted = Counter(
        f"{DAYS[day - 1]} {m.subscription} {m.channel} {m.purpose} {m.title}"
        for day in range(1, len(DAYS) + 1)
        for m in messages(day)
    )
    got = Counter(f"{a.day} {a.subscription} {a.channel} {a.purpose} {a.about}" for a in found.arrived)
    missed, invented = _difference("消息", wanted, got)
    return missed, invented + [f"消息 {alert} 不在提醒账上" for alert in found.unknown]


def _looked(days: Iterable[DayFacts]) -> tuple[list[str], list[str]]:
    """The “N/M 个来源已查看” of each day."""
    wanted = Counter(
        f"{e.on} 已查看 {len(e.watched)}/{len(e.watched) + len(e.not_watched)}"
        for e in map(truth.expected, range(1, len(DAYS) + 1))
    )
    return _difference("查看", wanted, Counter(f"{day.day} 已查看 {day.seen}/{day.due}" for day in days))


def _difference(what: str, wanted: Counter[str], got: Counter[str]) -> tuple[list[str], list[str]]:
    return (
        [f"{what} {name.strip()}" for name in (wanted - got).elements()],
        [f"{what} {name.strip()}" for name in (got - wanted).elements()],
    )

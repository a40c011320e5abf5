"""What is held and seen of one licence type: coverage, documents with their status, changes lately, days to come."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kb.calendar import Event, document_events, duties, duty_events, in_order
from kb.codes import ChangeKind, Confirmation, Coverage, DocumentStatus, Significance, SourceLevel
from kb.config import BEIJING
from kb.coverage import Fault, LicenceCoverage, Watched, covered, state_at
from kb.folding import fold
from kb.licences import Basis, Part, licences, part_of
from kb.places import place_named
from kb.sqlite import sqlite3
from kb.store.keys import title_core
from kb.store.queries.changes import ChangeRow, changes
from kb.store.queries.dates import document_dates
from kb.store.queries.families import reached_by
from kb.store.queries.newest import newest_look
from kb.store.queries.sources import open_incidents, source_states
from kb.store.queries.standing import statuses_on

LATELY = timedelta(days=90)
_MOST = 100_000
_BEHIND = re.compile(r"(?:（第[^（）条]{0,40}条[^（）]{0,40}）|第[一二三四五六七八九十百、]{1,40}条|B\d\d)$")
_DRAFT = re.compile("征求意见稿|草案")
_RESULTS = re.compile(
    r"第[一二三四五六七八九十百零〇\d]{1,5}批[^，。]{0,60}(?:备案|登记|审批|许可|名单|清单)"
    r"|(?:备案|登记|审批)(?:编号)?(?:结果|清单|名单|信息)(?:的?(?:公告|公示|通告))?(?:（[^（）]*）)?$"
    r"|已(?:完成)?(?:备案|登记)的[^，。]{0,30}(?:服务|产品|应用|功能|模型)(?:信息)?的?(?:公告|公示|名单)?(?:（[^（）]*）)?$"
    r"|注销[^，。]{0,30}(?:编号|备案|许可证)的?(?:公告|公示)"
)
_A_RULE = re.compile(r"(?:办法|规定|细则|条例|决定|通知|指南|指引|标准|意见)(?:（[^（）]*）)?$")
_NO_BASIS = (SourceLevel.AGENCY, SourceLevel.HAND_SAVED)
_OF_NAME = """
    SELECT DISTINCT d.document_id, d.title, d.is_draft, s.level, d.first_seen
    FROM pages p JOIN documents d ON d.id = p.document JOIN sources s ON s.id = d.source
    WHERE p.title_core <> '' AND p.title_core IN (SELECT value FROM json_each(?1)) AND s.level NOT IN (?2, ?3)
    ORDER BY s.level <> ?4, d.first_seen, d.document_id
"""
_UNTOLD = frozenset({ChangeKind.TECHNICAL, ChangeKind.BASELINE})


@dataclass(frozen=True, slots=True)
class GoverningDocument:
    """A document tagged with the type, the one above it or one below; ``licences`` are those tags. ``region``: the
    place whose local rule it is, empty for the whole country. ``routine``: it publishes what was filed or
    registered and rules nothing."""

    id: str
    title: str
    number: str
    url: str
    source_title: str
    level: SourceLevel
    published: str | None
    effective: str | None
    status: DocumentStatus
    licences: tuple[str, ...]
    region: str
    routine: bool


@dataclass(frozen=True, slots=True)
class StandingBasis:
    """A legal basis with its status: that of the document held under its name, else what the vocabulary says."""

    basis: Basis
    status: DocumentStatus
    document: str | None

    @property
    def part(self) -> Part:
        return part_of(self.basis, self.status)


@dataclass(frozen=True, slots=True)
class LicenceView:
    """``moment`` is the newest look, the "now" of all that is said here; ``since`` begins what counts as lately."""

    moment: datetime
    since: datetime
    basis: tuple[StandingBasis, ...]
    coverage: LicenceCoverage
    documents: tuple[GoverningDocument, ...]
    changes: tuple[ChangeRow, ...]
    coming: tuple[Event, ...]


def watched(connection: sqlite3.Connection, moment: datetime | None = None) -> tuple[Watched, ...]:
    """Every source with how it stands at a moment, by default at the newest look."""
    moment = moment or newest_look(connection)
    declared = {row["source_id"]: row for row in connection.execute("SELECT * FROM sources")}
    faults: dict[str, list[Fault]] = {}
    for incident in open_incidents(connection):
        fault = Fault(incident.health, datetime.fromisoformat(incident.opened_at))
        faults.setdefault(incident.source, []).append(fault)
    found = []
    for row in source_states(connection):
        source = declared[row.source]
        good = datetime.fromisoformat(row.last_good) if row.last_good else None
        found.append(
            Watched(
                id=row.source,
                title=row.title,
                authority=row.authority,
                level=SourceLevel(source["level"]),
                coverage=Coverage(source["coverage"]),
                licences=tuple(json.loads(source["licences"])),
                province=source["province"],
                state=state_at(row.state, good, source["period_hours"], moment) if moment else row.state,
                last_good=good,
                faults=tuple(sorted(faults.get(row.source, ()), key=lambda fault: fault.since)),
            )
        )
    return tuple(found)


def coverage(connection: sqlite3.Connection, moment: datetime | None = None) -> tuple[LicenceCoverage, ...]:
    """Of every licence type, in the order of the vocabulary."""
    sources = watched(connection, moment)
    return tuple(covered(licence, sources) for licence in licences().values())


def coverage_of(
    connection: sqlite3.Connection, licence: str, moment: datetime | None = None
) -> LicenceCoverage:
    """Of one licence type. ``licence`` is known."""
    return covered(licences()[licence], watched(connection, moment))


def licence_view(
    connection: sqlite3.Connection, licence: str, moment: datetime | None = None
) -> LicenceView | None:
    """All that is said of one licence type; ``None`` where nothing was ever kept. Raises ``NotFound``."""
    reached_by(licence)
    moment = moment or newest_look(connection)
    if moment is None:
        return None
    today = moment.astimezone(BEIJING).date()
    since = moment - LATELY
    return LicenceView(
        moment=moment,
        since=since,
        basis=standing_basis(connection, licence, today),
        coverage=coverage_of(connection, licence, moment),
        documents=governing(connection, licence, today),
        changes=_lately(connection, licence, since),
        coming=coming(connection, licence, today),
    )


def governing(connection: sqlite3.Connection, licence: str, today: date) -> tuple[GoverningDocument, ...]:
    """Documents tagged with the type, newest first; articles of agencies are no rules. Raises ``NotFound``."""
    rows = connection.execute(
        "SELECT d.document_id, d.title, d.doc_number, d.issuers, d.url, d.published, d.effective, s.title AS source_title, s.level, s.province,"
        " json_group_array(DISTINCT t.licence) AS licences FROM licence_tags t"
        " JOIN documents d ON d.document_id = t.target_id JOIN sources s ON s.id = d.source"
        " WHERE t.target_kind = 'document' AND t.licence IN (SELECT value FROM json_each(?1)) AND s.level <> ?2"
        " GROUP BY d.id ORDER BY coalesce(d.published, d.made, d.first_seen) DESC, d.document_id",
        (json.dumps(sorted(reached_by(licence))), SourceLevel.AGENCY),
    ).fetchall()
    stands = statuses_on(connection, (row["document_id"] for row in rows), today)
    return tuple(
        GoverningDocument(
            id=row["document_id"],
            title=row["title"],
            number=row["doc_number"],
            url=row["url"],
            source_title=row["source_title"],
            level=SourceLevel(row["level"]),
            published=row["published"],
            effective=row["effective"],
            status=stands[row["document_id"]],
            licences=tuple(sorted(json.loads(row["licences"]))),
            region=place_named(row["province"], json.loads(row["issuers"]), row["title"]),
            routine=publishes_results(row["title"]),
        )
        for row in rows
    )


def publishes_results(title: str) -> bool:
    """Whether a document is, by its title, a list or notice of what was filed or registered, and no rule."""
    bare = title.strip("《》")
    return _RESULTS.search(bare) is not None and _A_RULE.search(bare) is None


def rule_name(title: str) -> str:
    """The name by which a rule is looked up: without the articles meant, 《》 and the name of the state."""
    bare = _BEHIND.sub("", title).strip("《》").removeprefix("中华人民共和国")
    return "".join(fold(bare).split())


def standing_basis(connection: sqlite3.Connection, licence: str, today: date) -> tuple[StandingBasis, ...]:
    """The legal bases of a type. A draft that is held never stands for the rule of the same name."""
    bases = licences()[licence].basis
    cores = {title_core(_BEHIND.sub("", basis.title)) for basis in bases}
    held: dict[tuple[str, bool], str] = {}
    for row in connection.execute(_OF_NAME, (json.dumps(sorted(cores)), *_NO_BASIS, SourceLevel.REGULATOR)):
        held.setdefault((rule_name(row["title"]), bool(row["is_draft"])), row["document_id"])
    documents = [held.get((rule_name(basis.title), bool(_DRAFT.search(basis.title)))) for basis in bases]
    stands = statuses_on(connection, filter(None, documents), today)
    return tuple(
        StandingBasis(basis, stands[document] if document else basis.status, document)
        for basis, document in zip(bases, documents, strict=True)
    )


def _lately(connection: sqlite3.Connection, licence: str, since: datetime) -> tuple[ChangeRow, ...]:
    """Changes of the type, of those below it, and of the one above where the change carries that very tag."""
    found = {row.id: row for row in changes(connection, licence=licence, since=since, limit=_MOST)}
    if above := licences()[licence].parent:
        rows = changes(connection, licence=above, since=since, limit=_MOST)
        found |= {row.id: row for row in rows if above in row.licences}
    told = (
        row
        for row in found.values()
        if row.significance is not Significance.NOISE
        and row.kind not in _UNTOLD
        and row.confirmation is not Confirmation.RETRACTED
    )
    return tuple(sorted(sorted(told, key=lambda row: row.id), key=lambda row: row.observed_to, reverse=True))


def coming(connection: sqlite3.Connection, licence: str, today: date) -> tuple[Event, ...]:
    """Days of documents and of yearly duties of the type, from today on, a year of duties ahead."""
    reach = reached_by(licence)
    of_rules = document_events(document_dates(connection, today, licences=reach))
    yearly = duty_events(duties(), today, today + timedelta(days=365))
    return in_order(
        event for event in (*of_rules, *yearly) if event.day >= today and not reach.isdisjoint(event.licences)
    )

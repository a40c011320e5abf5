"""The sample web read by the product itself: every page by its declaration, every change as the truth tells it."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
import pytest

from crawler import listing
from crawler.sample_web import DAYS, SampleWeb, truth
from crawler.sample_web.render import cac, govcn, jpaas, mct, nppa, trs
from crawler.sample_web.script import Page, Site, sites
from crawler.sample_web.truth import ExpectedChange
from kb.changing.compare import compare
from kb.codes import ChangeKind, Health, Op, PageRole
from kb.model import Document, PassageChange, Reading
from kb.reading.decode import decode_body
from kb.reading.fingerprint import fingerprint
from kb.reading.page import read_page
from kb.sources import Source
from kb.tagging import tag, tag_change

SITES = {site.source: site for site in sites()}
AMENDED = [
    change
    for day in range(1, len(DAYS) + 1)
    for change in truth.expected(day).changes
    if change.kind in {ChangeKind.AMENDED, ChangeKind.FINALISED}
]
PAGES = [(site, page) for site in sites() for page in site.pages_on(1)]
LISTS = {
    "cac": cac.LIST,
    "govcn": govcn.FEED,
    "jpaas": jpaas.LIST,
    "mct": mct.LIST,
    "nppa": nppa.LIST,
    "trs": trs.LIST,
}


class Reader:
    """Fetches from the sample web and reads by the declaration."""

    def __init__(self, web: SampleWeb, client: httpx.Client, declared: dict[str, Source]) -> None:
        self.web, self.client, self.declared = web, client, declared

    def url(self, site: Site, path: str) -> str:
        return f"http://{site.address}:{self.web.port}{path}"

    def raw(self, site: Site, path: str, day: int) -> httpx.Response:
        self.web.day, self.web.look = day, 1
        return self.client.get(self.url(site, path), headers={"Accept-Encoding": "identity"})

    def read(self, site: Site, path: str, day: int) -> Reading:
        answer = self.raw(site, path, day)
        return read_page(
            answer.content,
            url=self.url(site, path),
            status=answer.status_code,
            headers=answer.headers.multi_items(),
            source=self.declared[site.source],
            on=DAYS[day - 1],
        )

    def document(self, site: Site, path: str, day: int) -> Document:
        reading = self.read(site, path, day)
        assert reading.health is Health.OK, reading.reasons
        assert reading.document
        return reading.document

    def fingerprint(self, site: Site, path: str) -> str:
        answer = self.raw(site, path, 1)
        text = decode_body(answer.content, answer.headers.multi_items()).text
        source = self.declared[site.source]
        return fingerprint(text, url=self.url(site, path), source=source, role=PageRole.DOCUMENT)


@pytest.fixture
def reader(web: SampleWeb, client: httpx.Client, declared: dict[str, Source]) -> Reader:
    return Reader(web, client, declared)


@pytest.mark.parametrize(("site", "page"), PAGES, ids=lambda value: getattr(value, "key", ""))
def test_every_page_is_read_whole(site: Site, page: Page, reader: Reader) -> None:
    document = reader.document(site, page.path, 1)
    assert document.title == page.title
    for line in (raw.split(" ", 1)[1] for raw in page.body.splitlines() if raw.strip()):
        assert line in document.text.replace("　", ""), line
    for table in page.tables:
        for row in table.rows:
            assert all(cell in document.text for cell in row if cell != "/")
    assert "演示数据" not in document.text


@pytest.mark.parametrize(("site", "page"), PAGES, ids=lambda value: getattr(value, "key", ""))
def test_dates_and_numbers_are_found(site: Site, page: Page, reader: Reader) -> None:
    document = reader.document(site, page.path, 1)
    assert document.is_draft is page.draft
    assert document.comments_until == page.comments_until
    assert document.effective == page.effective
    if site.family != "docs":
        assert document.published == page.published


@pytest.mark.parametrize(("site", "page"), PAGES, ids=lambda value: getattr(value, "key", ""))
def test_noise_moves_no_fingerprint(site: Site, page: Page, reader: Reader) -> None:
    assert len({reader.fingerprint(site, page.path) for _ in range(3)}) == 1


@pytest.mark.parametrize("change", AMENDED, ids=lambda c: f"{c.day}-{c.title}")
def test_changes_are_told_as_the_truth_tells_them(change: ExpectedChange, reader: Reader) -> None:
    site = SITES[change.source]
    before = reader.document(site, change.draft_path or change.path, change.since)
    after = reader.document(site, change.path, change.day)
    comparison = compare(before, after)
    assert comparison.significance is change.significance
    for passage in change.passages:
        assert any(
            found.op is passage.op
            and labelled(found.anchor_before, passage.anchor_before)
            and labelled(found.anchor, passage.anchor)
            and passage.before in found.before
            and passage.after in found.after
            for found in comparison.differing
        ), (passage, [short(found) for found in comparison.differing])
    if change.kind is ChangeKind.AMENDED:
        differing = [found for found in comparison.differing if found.op is not Op.RENUMBERED]
        expected = [passage for passage in change.passages if passage.op is not Op.RENUMBERED]
        assert len(differing) == len(expected), [short(found) for found in differing]
    tags = {tag.licence for tag in tag_change(after.title, comparison, after)}
    assert set(change.licences) <= tags


def labelled(anchor: str, label: str) -> bool:
    return all(part in anchor for part in label.split("/"))


def short(found: PassageChange) -> tuple[str, ...]:
    return found.op.value, found.anchor_before, found.anchor, found.before[:30], found.after[:30]


@pytest.mark.parametrize(
    ("source", "key", "day"),
    [("sample.radio.rules", "microdrama", 2), ("sample.cac.rules", "avatar_draft", 3)],
)
def test_new_documents_are_tagged_and_dated(source: str, key: str, day: int, reader: Reader) -> None:
    site = SITES[source]
    page = site.page(key)
    document = reader.document(site, page.path, day)
    assert set(page.licences) <= {found.licence for found in tag(document.title, document.text)}
    assert (document.effective, document.comments_until) == (page.effective, page.comments_until)


@pytest.mark.parametrize(
    ("source", "key", "day", "health"),
    [
        ("sample.ca.notices", "annual", 3, Health.CHALLENGE),
        ("sample.culture.notices", "show", 3, Health.EMPTY_SHELL),
        ("sample.radio.rules", "temporary", 2, Health.NOT_FOUND),
    ],
)
def test_trouble_is_called_by_its_name(
    source: str, key: str, day: int, health: Health, reader: Reader
) -> None:
    site = SITES[source]
    reading = reader.read(site, site.page(key).path, day)
    assert (reading.health, reading.document) == (health, None)


@pytest.mark.parametrize("site", [s for s in sites() if s.family in LISTS], ids=lambda site: site.source)
def test_the_list_names_every_page_with_its_whole_title_and_date(site: Site, reader: Reader) -> None:
    rules = reader.declared[site.source].list
    url = reader.url(site, LISTS[site.family])
    answer = reader.raw(site, LISTS[site.family], 1)
    text = answer.content.decode(site.encoding)
    match site.family:
        case "jpaas":
            [(unit, params)] = listing.jpaas_units(text, url)
            fragment, _ = listing.jpaas_fragment(reader.client.get(listing.jpaas_url(unit, params)).text)
            items = listing.html_items(fragment, rules, url)
        case "govcn":
            items = listing.govcn_items(text, rules, url)
        case "trs":
            items = listing.trs_items(text, rules, url)
        case _:
            items = listing.html_items(text, rules, url)
    named = {(urlsplit(item.url).path, item.title, item.date) for item in items}
    pages = site.pages_on(1)[: cac.FIRST] if site.family == "cac" else site.pages_on(1)
    assert named == {(page.path, page.title, str(page.published)) for page in pages}

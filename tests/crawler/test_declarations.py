"""The bundled declarations load, are honest about what is known, and ask only the hosts they name."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import soupsieve
from selectolax.lexbor import LexborHTMLParser

from kb.codes import Coverage, SourceLevel
from kb.errors import DeclarationError
from kb.sources import Evidence, Publish, Selector, Source, load_declaration, load_declarations

FOLDER = Path(__file__).resolve().parents[2] / "crawler" / "sources"
EMPTY = LexborHTMLParser("<html></html>")
SOURCES = load_declarations([FOLDER])

#: The only selectors that were read on a saved real page; everything else is documented by others or guessed.
SEEN_ON_REAL_PAGES = {"#BodyLabel", "h1.title", "#pubtime", "#source", "#UCAP-CONTENT"}


def selectors(source: Source) -> list[Selector]:
    rules = source.document
    found = [
        *rules.body,
        *rules.remove,
        *rules.title,
        *rules.published,
        *rules.issuer,
        *rules.doc_number,
        *rules.attachments,
        *rules.images,
    ]
    if source.list:
        found += [source.list.item, source.list.link]
        found += [source.list.date] if source.list.date else []
    return found


@pytest.fixture(params=sorted(SOURCES), ids=str)
def source(request: pytest.FixtureRequest) -> Source:
    return SOURCES[request.param]


def test_the_watched_publications_are_all_there() -> None:
    assert set(SOURCES) == {
        "cac.consultations",
        "cac.notices",
        "cac.rules",
        "gdca.notices",
        "govcn.gazette",
        "govcn.latest",
        "mct.notices",
        "miit.policy",
        "mps.notices",
        "nppa.notices",
        "nrta.rules",
        "pbc.rules",
        "samr.documents",
        "wechat.categories",
        "wechat.community",
        "wechat.rules",
    }


def test_the_file_is_named_after_the_source() -> None:
    for file in FOLDER.glob("*.toml"):
        assert load_declaration(file).id == file.stem


def test_only_official_texts_are_published_in_full(source: Source) -> None:
    platform = source.level is SourceLevel.PLATFORM
    assert source.publish is (Publish.EXCERPT if platform else Publish.FULL)


def test_every_selector_is_css_and_says_how_it_is_known(source: Source) -> None:
    text = (FOLDER / f"{source.id}.toml").read_text("utf-8")
    for selector in selectors(source):
        soupsieve.compile(selector.css)
        EMPTY.css(selector.css)
        quoted = f'css = "{selector.css}"'
        if quoted in text:
            assert re.search(re.escape(quoted) + r".*?evidence = ", text), selector.css


def test_verified_is_said_only_of_selectors_seen_on_a_real_page(source: Source) -> None:
    verified = {s.css for s in selectors(source) if s.evidence is Evidence.VERIFIED}
    assert verified <= SEEN_ON_REAL_PAGES


def test_hosts_that_are_asked_are_asked_over_https_at_a_slow_pace_and_by_their_robots(source: Source) -> None:
    assert not source.enabled or {urlsplit(url).scheme for url in source.start} == {"https"}
    others = set(source.hosts) - {urlsplit(url).netloc for url in source.start}
    assert not others or source.document.images  # only pictures lie elsewhere
    assert source.delay_seconds >= 6
    assert source.respects_robots


def test_what_cannot_be_watched_by_a_program_is_left_to_people(source: Source) -> None:
    assert source.enabled is (source.coverage is not Coverage.MANUAL)
    assert source.enabled or "zhengce import" in source.notes


def test_patterns_compile_and_do_not_match_everything(source: Source) -> None:
    patterns = list(source.noise.patterns)
    if source.list:
        patterns += [p for p in (source.list.include, source.list.exclude) if p]
    for pattern in patterns:
        assert re.compile(pattern).search("示例") is None


def test_what_it_concerns_is_in_the_vocabulary(source: Source) -> None:
    vocabulary = pytest.importorskip("kb.licences", reason="the vocabulary of licences is not there yet")
    known = set(vocabulary.licences())
    assert source.licences
    assert set(source.licences) <= known


def test_a_misspelt_key_is_refused_by_name(tmp_path: Path) -> None:
    text = (FOLDER / "cac.rules.toml").read_text("utf-8").replace("title_suffix", "title_sufix")
    (tmp_path / "x.toml").write_text(text, "utf-8")
    with pytest.raises(DeclarationError, match="title_sufix"):
        load_declaration(tmp_path / "x.toml")


def test_real_declarations_are_never_marked_as_demonstration() -> None:
    for file in FOLDER.glob("*.toml"):
        assert "demo" not in tomllib.loads(file.read_text("utf-8"))


def test_the_page_about_sources_names_each_with_its_mechanism(source: Source) -> None:
    page = (FOLDER.parents[1] / "docs" / "sources.md").read_text("utf-8")
    row = next(line for line in page.splitlines() if line.startswith(f"| `{source.id}` |"))
    assert f"| {source.mechanism} |" in row
    assert ("摘录" if source.publish is Publish.EXCERPT else "全文") in row

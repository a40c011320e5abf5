"""The map of verbs: drawn and completed without importing one, and saying what each says of itself."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from kb.config import DataDirectory
from kb.store.connection import open_writer
from kb.terminal import LazyVerb, Map, Verb
from scheduler.cli import zhengce

LISTED = [verb for verb in zhengce.commands.values() if isinstance(verb, LazyVerb)]
HEAVY = {
    "bs4",
    "datasette",
    "kb.output",
    "kb.reading",
    "kb.store",
    "lxml",
    "pydantic",
    "scrapy",
    "selectolax",
    "sqlite_utils",
}
LOADED = """
import json, sys
sys.argv = ["zhengce", *sys.argv[1:]]
from scheduler.cli import main
try:
    main()
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def loaded(*arguments: str, **environment: str) -> tuple[str, set[str]]:
    """What a run prints, and the modules it leaves behind."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
    )
    return done.stdout, set(json.loads(done.stderr.splitlines()[-1]))


def test_every_verb_is_listed_lazily() -> None:
    assert len(LISTED) == len(zhengce.commands) > 30


@pytest.mark.parametrize("listed", LISTED, ids=lambda verb: verb.name)
def test_the_map_says_of_a_verb_what_the_verb_says_of_itself(listed: LazyVerb) -> None:
    verb = listed.load()
    assert isinstance(verb, Verb | Map)
    assert (verb.name, verb.section) == (listed.name, listed.section)
    assert listed.words == tuple(text.split("\n", 1)[0] for text in verb.words)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_map_imports_no_verb(language: str) -> None:
    printed, modules = loaded("--lang", language, "--help")
    assert {"zh": "现在的状况：来源、异常、待发", "en": "How things stand"}[language] in printed
    assert not modules & HEAVY
    assert not [name for name in modules if name.startswith(("kb.verbs.", "scheduler.verbs."))]


@pytest.mark.parametrize("verb", ["changes", "status", "alerts", "held", "licence", "calendar", "search"])
def test_a_verb_that_only_reads_loads_no_reading_and_no_writing(verb: str, tmp_path: Path) -> None:
    with DataDirectory(tmp_path).writer():
        open_writer(tmp_path / "kb.db").close()
    words = ["算法"] if verb == "search" else []
    _, modules = loaded(verb, *words, "--data", str(tmp_path))
    assert "kb.store.queries" in modules
    assert not modules & {
        "bs4",
        "kb.changing.compare",
        "kb.reading.page",
        "kb.store.ingest",
        "kb.tagging.rules",
    }


def test_what_is_private_is_opened_without_the_knowledge_base(tmp_path: Path) -> None:
    _, modules = loaded("subscribe", "--data", str(tmp_path))
    assert "scheduler.ops" in modules
    assert "kb.store" not in modules


def test_completing_a_verb_imports_none() -> None:
    printed, modules = loaded(_ZHENGCE_COMPLETE="zsh_complete", COMP_WORDS="zhengce st", COMP_CWORD="1")
    assert "status" in printed
    assert not modules & HEAVY


def test_the_options_of_a_verb_are_completed() -> None:
    printed, modules = loaded(
        _ZHENGCE_COMPLETE="zsh_complete", COMP_WORDS="zhengce status --js", COMP_CWORD="2"
    )
    assert "--json" in printed
    assert "scheduler.verbs.sources" in modules


def test_a_verb_is_imported_when_it_is_called() -> None:
    verb = zhengce.get_command(click.Context(zhengce), "status")
    assert isinstance(verb, Verb)
    assert zhengce.get_command(click.Context(zhengce), "nowhere") is None

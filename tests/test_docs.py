"""What the documents promise exists, and what exists is in the documents."""

import re
from pathlib import Path

import click
import pytest

from scheduler.cli import zhengce

ROOT = Path(__file__).resolve().parents[1]
READABLE = [
    ROOT / "README.md",
    ROOT / "README.en.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "CONTRIBUTING.md",
]


@pytest.mark.parametrize("readme", ["README.md", "README.en.md"])
def test_the_readme_names_every_verb(readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    assert [verb for verb in zhengce.commands if not re.search(rf"[`\s(]{verb}[`\s)]", text)] == []


@pytest.mark.parametrize("document", READABLE, ids=lambda path: path.name)
def test_commands_and_files_that_documents_name_exist(document: Path) -> None:
    text = document.read_text("utf-8")
    verbs = set(re.findall(r"zhengce ([a-z]+)\b", text))
    assert verbs <= zhengce.commands.keys()
    targets = set(re.findall(r"(?:`|^ {4})make ([a-z]+)\b", text, re.M))
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert targets <= made
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_options_that_documents_use_exist() -> None:
    for document in READABLE:
        for verb, rest in re.findall(r"zhengce ([a-z]+)([^\n`]*)", document.read_text("utf-8")):
            command = zhengce.get_command(click.Context(zhengce), verb)
            commands = [command, *getattr(command, "commands", {}).values()]
            known = {name for each in commands for option in each.params for name in option.opts}
            assert set(re.findall(r"--[a-z-]+", rest)) <= known | {"--json", "--help"}, (
                document.name,
                verb,
                rest,
            )

"""研: read, diff and tag single texts, without a knowledge base."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import click

from kb import words
from kb.errors import UsageError
from kb.media import media_type
from kb.model import (
    ChangeKind,
    Comparison,
    Document,
    Health,
    Reading,
    Significance,
)
from kb.output import DiffOut, ReadOut, TagOut, TagsOut
from kb.sources import Source, load_declaration
from kb.terminal import Verb, note, option, print_line, say, tr
from kb.verbs.comparison import say_comparison
from kb.verbs.options import json_option


def _read_file(path: Path, url: str, source: Source | None) -> Reading:
    from kb.reading import read_page

    try:
        body = path.read_bytes()
    except OSError as error:
        raise UsageError("读不到文件", where=str(path), do="请检查路径和权限") from error
    headers = [("Content-Type", media_type(path))]
    return read_page(body, url=url, headers=headers, source=source)


@click.command(
    "read", cls=Verb, section="研", zh="读一个页面文件：判定、题名、文号、条款", en="Read one page file"
)
@click.argument("file", type=click.Path(path_type=Path))
@option("--url", required=True, zh="页面的原网址", en="the page's address")
@option("--declaration", type=click.Path(path_type=Path), zh="来源配置文件", en="a source declaration")
@json_option
def read(file: Path, url: str, declaration: Path | None, as_json: bool) -> int:
    from kb.changing import split_passages

    source = load_declaration(declaration) if declaration else None
    reading = _read_file(file, url, source)
    passages = split_passages(reading.document) if reading.document else ()
    line = ReadOut.of(url, reading, passages)
    if as_json:
        print_line(line)
    else:
        _say_reading(line)
    return 0 if reading.health is Health.OK else 1


def _say_reading(line: ReadOut) -> None:
    say(tr(f"判定　{words.zh(line.health)}", f"health  {words.en(line.health)}"))
    for reason in line.reasons:
        say(tr(f"　　　{reason}", f"        {reason}"))
    for zh, en, value in (
        ("题名", "title", line.title),
        ("机关", "issuer", line.issuer),
        ("文号", "number", line.doc_number),
        ("发布", "published", line.published),
        ("施行", "effective", line.effective),
    ):
        if value:
            say(tr(f"{zh}　{value}", f"{en}  {value}"))
    for passage in line.passages:
        say(f"{passage.anchor}　{passage.text}")


def _json_lines(stream: TextIO) -> Iterator[dict[str, Any]]:
    for number, text in enumerate(stream, start=1):
        if not text.strip():
            continue
        try:
            item = json.loads(text)
        except ValueError as error:
            raise UsageError(f"第 {number} 行不是 JSON：{error}", do="每行应是一个 JSON 对象") from error
        if not isinstance(item, dict):
            raise UsageError(f"第 {number} 行不是 JSON 对象", do="每行应是一个 JSON 对象")
        yield item


FETCH_STATUS = {  # words that collections of page pairs use for what happened to the second fetch
    "redirect": Health.REDIRECT_HOME,
    "blocked": Health.CHALLENGE,
    "challenge": Health.CHALLENGE,
    "login": Health.LOGIN_WALL,
    "partial": Health.TRUNCATED,
    "truncated": Health.TRUNCATED,
    "timeout": Health.UNREACHABLE,
    "error": Health.UNREACHABLE,
}


def _text_health(text: str, fetch_status: str | None) -> Health:
    """The verdict on a text that came with, or without, the status of its fetch."""
    from kb.reading import read_page

    status = (fetch_status or "200").strip().lower()
    number = int(status) if status.isdecimal() and len(status) == 3 else 200
    reading = read_page(
        text.encode(), url="", status=number, headers=[("Content-Type", "text/plain; charset=utf-8")]
    )
    if reading.health not in {Health.OK, Health.EMPTY_SHELL}:
        return reading.health
    return FETCH_STATUS.get(status, Health.OK)


def _compare_texts(before: str, after: str, fetch_status: str | None) -> tuple[Comparison, Document]:
    from kb.changing import compare
    from kb.reading import read_text

    health = _text_health(after, fetch_status) if fetch_status else Health.OK
    document = read_text(after)
    if health is not Health.OK:
        return _not_compared(health), document
    return compare(read_text(before), document), document


def _not_compared(health: Health) -> Comparison:
    return Comparison(ChangeKind.AMENDED, Significance.NOISE, (), health=health, reason=words.zh(health))


def _diff_line(
    comparison: Comparison, after: Document, *, identifier: str | None, everything: bool
) -> DiffOut:
    from kb.changing import headline

    shown = comparison.passages if everything else comparison.differing
    first = headline(comparison, after) if comparison.differing else ""
    return DiffOut.of(comparison, identifier=identifier, headline=first, passages=shown)


def _documents(before: str, after: str) -> tuple[Comparison, Document]:
    from kb.changing import compare

    paths = Path(before), Path(after)
    if not all(
        len(name) < 1024 and path.is_file() for name, path in zip((before, after), paths, strict=True)
    ):
        return _compare_texts(before, after, None)
    first, second = (_read_file(path, path.resolve().as_uri(), None) for path in paths)
    if first.document is None or second.document is None:
        unread = first if first.document is None else second
        return _not_compared(unread.health), Document("", ())
    return compare(first.document, second.document), second.document


@click.command(
    "diff",
    cls=Verb,
    section="研",
    zh="逐条比较两个文件或两段文字",
    en="Compare two files or texts clause by clause",
)
@click.argument("before", required=False)
@click.argument("after", required=False)
@option(
    "--batch",
    type=click.File("r", encoding="utf-8"),
    zh="JSON 行：id、before、after",
    en="JSON lines: id, before, after",
)
@option("--all", "everything", is_flag=True, zh="连未变的条款一起列出", en="list unchanged passages too")
@json_option
def diff(before: str | None, after: str | None, batch: TextIO | None, everything: bool, as_json: bool) -> int:
    if batch is not None:
        for item in _json_lines(batch):
            missing = {"id", "before", "after"} - item.keys()
            if missing:
                raise UsageError(f"缺少字段：{'、'.join(sorted(missing))}", do="每行需要 id、before、after")
            comparison, document = _compare_texts(
                str(item["before"]), str(item["after"]), item.get("fetch_status")
            )
            print_line(_diff_line(comparison, document, identifier=str(item["id"]), everything=everything))
        return 0
    if before is None or after is None:
        raise UsageError("需要两个文件（或两段文字），或 --batch 文件", do="zhengce diff --help")
    comparison, document = _documents(before, after)
    line = _diff_line(comparison, document, identifier=None, everything=everything)
    if as_json:
        print_line(line)
    else:
        say_comparison(line)
    return 0 if line.health is Health.OK else 1


@click.command("tag", cls=Verb, section="研", zh="标注文字涉及的资质事项", en="Tag texts by licence type")
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
@json_option
def tag(file: TextIO, as_json: bool) -> int:
    from kb.tagging import tag as tag_text

    for item in _json_lines(file):
        tags = tag_text(
            str(item.get("title") or ""),
            str(item.get("text") or ""),
            source_kind=str(item.get("source_kind") or ""),
        )
        line = TagsOut(
            id=str(item.get("id", "")),
            licence_ids=sorted({found.licence for found in tags}),
            tags=[TagOut.of(found) for found in tags],
        )
        if as_json:
            print_line(line)
            continue
        say(f"{line.id}　{'、'.join(line.licence_ids) or tr('未见涉及事项', 'none')}")
        for found in line.tags:
            note(f"　{found.licence}　“{found.evidence}”　{found.reason}")
    return 0

"""研: read, diff and tag single texts, without a knowledge base."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from kb import words
from kb.codes import ChangeKind, Health, Significance
from kb.errors import UsageError, ZhengceError
from kb.media import media_type
from kb.model import Comparison, Document, Reading
from kb.output import DiffOut, PassageOut, ReadOut, TagOut, TagsOut
from kb.saved_from import saved_from
from kb.sources import Source, load_declaration
from kb.terminal import Verb, note, option, print_line, say, tr
from kb.verbs.comparison import say_comparison
from kb.verbs.options import json_option, licence_name


def _bytes_of(path: Path) -> bytes:
    """Raises ``UsageError`` for what is no readable file."""
    if path.is_dir():
        raise UsageError("这是文件夹，不是文件", where=str(path), do="请指明一个文件")
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise UsageError("读不到文件", where=str(path)[:200], do="请检查路径和权限") from error


def _read_file(path: Path, url: str, source: Source | None) -> tuple[str, Reading]:
    """The page's address and its reading; without ``url`` the address is what the browser noted when it saved the page,
    else that of the file."""
    from kb.reading.page import read_page

    body = _bytes_of(path)
    address = url or saved_from(body) or path.resolve().as_uri()
    return address, read_page(body, url=address, headers=[("Content-Type", media_type(path))], source=source)


@click.command(
    "read",
    cls=Verb,
    section="研",
    zh="读一个页面文件：判定、题名、文号、条款\n\nFILE 是另存的网页、PDF、DOCX、XLSX、JSON 或文本。",
    en="Read one page file\n\nFILE is a saved page, PDF, DOCX, XLSX, JSON or text: verdict, title, number, passages.",
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@option(
    "--url",
    default="",
    zh="页面的原网址；不给时用浏览器另存时写下的网址",
    en="the page's address; by default the one the browser noted when it saved the page",
)
@option("--declaration", type=click.Path(path_type=Path), zh="来源配置文件", en="a source declaration")
@json_option
def read(file: Path, url: str, declaration: Path | None, as_json: bool) -> int:
    from kb.changing.passages import split_passages

    source = load_declaration(declaration) if declaration else None
    address, reading = _read_file(file, url, source)
    passages = split_passages(reading.document) if reading.document else ()
    line = ReadOut.of(address, reading, passages)
    if as_json:
        print_line(line)
    else:
        _say_reading(line)
    return 0 if reading.health is Health.OK else 1


def _say_reading(line: ReadOut) -> None:
    say(tr(f"判定　{words.zh(line.health)}", f"health  {words.en(line.health)}"))
    for reason in line.reasons:
        say(tr(f"　　　{reason}", f"        {reason}"))
    if line.is_draft:
        _say_draft(line.comments_until)
    for zh, en, value in (
        ("题名", "title", line.title),
        ("机关", "issuer", line.issuer),
        ("文号", "number", line.doc_number),
        ("成文", "made", line.made),
        ("发布", "published", line.published),
        ("施行", "effective", line.effective),
        ("过渡期至", "transition until", line.transition_until),
        *(("附件", "attachment", f"{link.name}　{link.url}") for link in line.attachments),
    ):
        if value:
            say(tr(f"{zh}　{value}", f"{en}  {value}"))
    for passage in line.passages:
        say(_said_passage(passage))


def _say_draft(until: str | None) -> None:
    """Before anything else a draft says that it is none of the rules in force."""
    zh = f"意见反馈截止 {until}" if until else "没有写明意见反馈截止日"
    en = f"comments until {until}" if until else "no last day for comments given"
    say(tr(f"征求意见稿，不是现行规定；{zh}", f"draft for comment, not in force; {en}"))


def _said_passage(passage: PassageOut) -> str:
    """A heading as printed, a table's row on one line with its number, any other passage after its anchor."""
    text = passage.text.replace("\n", "；")
    if passage.kind == "heading":
        return "　".join(filter(None, (passage.ordinal, text)))
    if passage.kind == "row" and passage.ordinal:
        return f"{tr('表行', 'row')} {passage.ordinal}　{text}"
    return text if passage.anchor == text else f"{passage.anchor}　{text}"


def _text_of(name: str) -> str:
    """The UTF-8 text of a file, or of the standard input for ``-``. Raises ``UsageError`` naming where it is not."""
    body = sys.stdin.buffer.read() if name == "-" else _bytes_of(Path(name))
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"第 {line} 行不是 UTF-8 文字",
            where="标准输入" if name == "-" else name,
            do="请另存为 UTF-8 编码",
        ) from error


def _json_lines(whole: str) -> Iterator[dict[str, Any]]:
    for number, text in enumerate(whole.split("\n"), start=1):
        if not text.strip():
            continue
        try:
            item = json.loads(text)
        except ValueError as error:
            raise UsageError(f"第 {number} 行不是 JSON", do="每行应是一个 JSON 对象") from error
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
    from kb.reading.page import read_page

    status = (fetch_status or "200").strip().lower()
    number = int(status) if status.isdecimal() and len(status) == 3 else 200
    reading = read_page(
        text.encode(), url="", status=number, headers=[("Content-Type", "text/plain; charset=utf-8")]
    )
    if reading.health not in {Health.OK, Health.EMPTY_SHELL}:
        return reading.health
    return FETCH_STATUS.get(status, Health.OK)


def _compare_texts(before: str, after: str, fetch_status: str | None) -> tuple[Comparison, Document]:
    from kb.changing.compare import compare
    from kb.reading.text import read_text

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
    from kb.changing.headline import headline

    shown = comparison.passages if everything else comparison.differing
    first = headline(comparison, after) if comparison.differing else ""
    return DiffOut.of(comparison, identifier=identifier, headline=first, passages=shown)


NAMED = re.compile(r"\.(?:html?|md|markdown|txt|json|docx?|pdf|xlsx?)$", re.IGNORECASE)
LONGEST_NAME = 1024


def names_file(given: str) -> bool:
    """Whether an argument means a file: one that is there, or one written like a path. Texts have line breaks or spaces."""
    if len(given) > LONGEST_NAME or "\n" in given:
        return False
    return Path(given).exists() or NAMED.search(given) is not None or ("/" in given and " " not in given)


def _documents(before: str, after: str) -> tuple[Comparison, Document]:
    from kb.changing.compare import compare

    if not before.strip() or not after.strip():
        which = "旧文" if not before.strip() else "新文"
        raise UsageError("文字是空的", where=which, do="请给出两段文字，或两个文件")
    if not (names_file(before) or names_file(after)):
        return _compare_texts(before, after, None)
    paths = Path(before), Path(after)
    first, second = (_read_file(path, "", None)[1] for path in paths)
    if first.document is None or second.document is None:
        unread, path = (first, before) if first.document is None else (second, after)
        note(tr(f"{path}：{words.zh(unread.health)}", f"{path}: {words.en(unread.health)}"))
        return _not_compared(unread.health), Document("", ())
    return compare(first.document, second.document), second.document


@click.command(
    "diff",
    cls=Verb,
    section="研",
    zh="逐条比较两个文件或两段文字\n\n两个参数都是文件（网页、PDF、DOCX、XLSX、文本），或者都是文字。",
    en="Compare two files or texts clause by clause\n\nBoth arguments are files, or both are texts.",
)
@click.argument("before", metavar="旧文", required=False)
@click.argument("after", metavar="新文", required=False)
@option(
    "--batch",
    metavar="FILE",
    zh="成批比较：每行一个 JSON 对象，有 id、before、after；- 为标准输入",
    en="compare many: one JSON object a line with id, before, after; - is the standard input",
)
@option(
    "--all",
    "everything",
    is_flag=True,
    zh="文字性变动和未变的条款也列出",
    en="list wording and unchanged passages too",
)
@json_option
def diff(before: str | None, after: str | None, batch: str | None, everything: bool, as_json: bool) -> int:
    if batch is not None:
        for item in _json_lines(_text_of(batch)):
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
        say_comparison(line, everything=everything)
    return 0 if line.health is Health.OK else 1


PAGES = frozenset({".html", ".htm", ".shtml", ".pdf", ".docx", ".xlsx", ".ofd"})


def _page_item(path: Path) -> dict[str, Any]:
    """A page's own title and text, not its markup. Raises ``ZhengceError`` for one that cannot be read."""
    _, reading = _read_file(path, "", None)
    if reading.document is None:
        why = "；".join(reading.reasons) or words.zh(reading.health)
        raise ZhengceError(f"读不出这个页面：{why}", where=str(path), do=f"zhengce read {path}")
    return {"id": path.name, "title": reading.document.title, "text": reading.document.text}


def _items(file: str) -> Iterator[dict[str, Any]]:
    """JSON lines, a page or document as read, or a plain text as one item whose id is the file's name."""
    suffix = Path(file).suffix.lower()
    if suffix in PAGES:
        yield _page_item(Path(file))
        return
    whole = _text_of(file)
    if not whole.strip():
        raise ZhengceError(
            "没有文字可标注", where="标准输入" if file == "-" else file, do="请给出有文字的文件"
        )
    if suffix in {".txt", ".md"} or not (suffix.startswith(".json") or whole.lstrip().startswith("{")):
        yield {"id": Path(file).name, "text": whole}
        return
    yield from _json_lines(whole)


def _columns(heads: Any) -> tuple[str, ...]:
    """The heads of the table a row stands in: a list, or one text."""
    return tuple(map(str, heads)) if isinstance(heads, list) else tuple(filter(None, [str(heads or "")]))


@click.command(
    "tag",
    cls=Verb,
    section="研",
    zh="标注文字涉及的资质事项\n\nFILE 是纯文本（.txt、.md）、网页或文档（.html、.pdf、.docx），或每行一个 JSON 对象（id、title、text，可有 source_kind、authority、columns）；- 为标准输入。",
    en="Tag texts by licence type\n\nFILE is plain text (.txt, .md), a page or document (.html, .pdf, .docx), or JSON lines (id, title, text, and if known source_kind, authority, columns); - is the standard input.",
)
@click.argument("file", metavar="[FILE]", default="-")
@json_option
def tag(file: str, as_json: bool) -> int:
    from kb.tagging import tag as tag_text

    for item in _items(file):
        tags = tag_text(
            str(item.get("title") or ""),
            str(item.get("text") or ""),
            source_kind=str(item.get("source_kind") or ""),
            authority=str(item.get("authority") or ""),
            columns=_columns(item.get("columns")),
        )
        line = TagsOut(
            id=str(item.get("id", "")),
            licence_ids=sorted({found.licence for found in tags}),
            tags=[TagOut.of(found) for found in tags],
        )
        if as_json:
            print_line(line)
            continue
        named = [licence_name(identifier) for identifier in line.licence_ids]
        say(f"{line.id}　{'、'.join(named) or tr('未见涉及事项', 'none')}")
        for found in line.tags:
            note(f"　{licence_name(found.licence)}　“{found.evidence}”　{found.reason}")
    return 0

"""``/changes.csv``, ``/documents.csv``, ``/search.csv``: what the pages of these names list, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from datasette.app import Datasette
from datasette.utils.asgi import BadRequest, Request, Response

from datasette_config import knowledge
from datasette_config.choosing import filters
from datasette_config.choosing.filters import Filter
from datasette_config.knowledge import Connection, Row
from datasette_config.language import gettext as _
from datasette_config.machines.export import HEADERS, as_csv
from datasette_config.saying import format as say
from datasette_config.saying import present
from datasette_config.saying.anchors import fragment
from datasette_config.site import ask, cut_for, now, site_of
from kb.changing.labels import label
from kb.sources import Publish
from kb.store import queries

MOST = 1000
KIND = "text/csv; charset=utf-8"
Cells = tuple[str, ...]


async def changes(datasette: Datasette, request: Request) -> Response:
    chosen = _chosen(request)
    base = site_of(datasette).base_url

    def read(connection: Connection) -> bytes:
        day = now(datasette, knowledge.newest_look(connection)).date()
        listed = knowledge.changes_listed(connection, chosen, day, MOST)
        return _table(datasette, _change_header(), (_change(row, base) for row in listed.rows), listed.rest)

    return _attached(await ask(datasette, read), "changes", _("规则变动"))


async def documents(datasette: Datasette, request: Request) -> Response:
    chosen = _chosen(request)
    base = site_of(datasette).base_url

    def read(connection: Connection) -> bytes:
        day = now(datasette, knowledge.newest_look(connection)).date()
        rows, rest = knowledge.documents_under(connection, chosen, day, MOST)
        return _table(datasette, _document_header(), (_document(row, base) for row in rows), rest)

    return _attached(await ask(datasette, read), "documents", _("规则文件"))


async def search(datasette: Datasette, request: Request) -> Response:
    words = " ".join((request.args.get("q") or "").split())[: filters.LONGEST]
    base, cut = site_of(datasette).base_url, cut_for(datasette, request)

    def read(connection: Connection) -> bytes:
        hits = queries.search(connection, words, limit=MOST + 1) if words else ()
        rows = (_hit(hit, base, cut=cut) for hit in hits[:MOST])
        return _table(datasette, _hit_header(), rows, hits[MOST:] or None)

    return _attached(await ask(datasette, read), "search", _("检索"))


def _chosen(request: Request) -> Filter:
    """Raises ``BadRequest``: nobody would see that a table holds more than was asked for."""
    chosen = filters.parse(request.args)
    if chosen.unread:
        raise BadRequest(str(chosen.unread))
    return chosen


def _table(
    datasette: Datasette, header: Cells, rows: Iterator[Cells], rest: Sequence[object] | None
) -> bytes:
    """On a demo site every row says that it is made up, in a column of its own."""
    mark: Cells = ()
    if site_of(datasette).demo:
        header, mark = (*header, _("演示数据")), (_("内容虚构"),)
    return as_csv(header, _ended(((*row, *mark) for row in rows), rest))


def _ended(rows: Iterator[Cells], rest: Sequence[object] | None) -> Iterator[Cells]:
    """The rows, and behind them, where the list goes on, how many they are: of a status fewer are found than looked at."""
    given = tuple(rows)
    yield from given
    if rest:
        yield (_("只列出前 %(number)s 行，其余请缩小条件后再导出。") % {"number": len(given)},)


def _attached(body: bytes, name: str, title: str) -> Response:
    """``name`` for programs that know no more than ASCII, ``title`` for the others (RFC 6266)."""
    attachment = f"attachment; filename=\"{name}.csv\"; filename*=UTF-8''{quote(title)}.csv"
    return Response(body, content_type=KIND, headers={"content-disposition": attachment, **HEADERS})


def _change_header() -> Cells:
    return (
        _("变动编号"),
        _("首次看到（北京时间）"),
        _("性质"),
        _("变动类型"),
        _("确认状态"),
        _("要点"),
        _("规则文件"),
        _("文号"),
        _("发布机关"),
        _("涉及事项"),
        _("文件状态"),
        _("施行日期"),
        _("来源"),
        _("官方原文"),
        _("变动页"),
    )


def _change(row: Row, base: str) -> Cells:
    return (
        row["change_id"],
        say.beijing(row["observed_to"]),
        present.nature(row),
        say.kind_word(row["kind"]),
        say.confirmation_word(row["confirmation"]),
        row["headline"] or row["title"],
        row["document_title"] or row["title"],
        row["doc_number"] or "",
        "、".join(row["issuers"] or ()),
        "、".join(present.licence_name(tag.licence) for tag in row["tags"]),
        say.status_word(row["standing"]),
        row["in_force_from"] or "",
        row["source_title"],
        say.safe_url(row["url"]),
        f"{base}/change/{row['change_id']}",
    )


def _document_header() -> Cells:
    return (
        _("规则文件"),
        _("文号"),
        _("发布机关"),
        _("文件状态"),
        _("发布日期"),
        _("施行日期"),
        _("意见反馈截止"),
        _("涉及事项"),
        _("来源"),
        _("官方原文"),
        _("文件页"),
    )


def _document(row: Row, base: str) -> Cells:
    return (
        row["title"],
        row["doc_number"],
        "、".join(row["issuers"]),
        say.status_word(row["standing"]),
        row["published"] or "",
        row["effective"] or "",
        row["comments_until"] or "",
        "、".join(present.licence_name(licence) for licence in row["licences"]),
        row["source_title"],
        say.safe_url(row["url"]),
        f"{base}/document/{row['document_id']}",
    )


def _hit_header() -> Cells:
    return (_("规则文件"), _("文号"), _("条款"), _("原文"), _("官方原文"), _("文件页"))


def _hit(hit: queries.Hit, base: str, *, cut: bool) -> Cells:
    quoted = not cut or hit.publish is Publish.FULL
    return (
        hit.title,
        hit.doc_number,
        label(hit.anchor),
        hit.snippet if quoted else "",
        say.safe_url(hit.url),
        f"{base}/document/{hit.document}#{quote(fragment(hit.anchor))}",
    )

"""The table of the API: one line an address. Routes, the reading of parameters, and the OpenAPI document come from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel

from datasette_config.api import parameters as by
from datasette_config.api.asked import Asked, Listed
from datasette_config.api.reads import changes, days, documents, licences, searching, watch
from datasette_config.knowledge import Connection
from datasette_config.language import gettext as _
from kb import output

BASE = "/api/v1"


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """``path`` is under ``BASE``; ``answer`` is the model of the answer, a list or one item."""

    path: str
    name: str
    says: Callable[[], str]
    parameters: tuple[by.Parameter, ...]
    answer: type[BaseModel]
    read: Callable[[Connection, Asked], BaseModel]


_OF_CHANGES = (
    by.LICENCE,
    by.AUTHORITY,
    by.REGION,
    by.SOURCE,
    by.KIND,
    by.SIGNIFICANCE,
    by.STATUS,
    by.CONFIRMATION,
)
_DAYS = (by.SINCE, by.UNTIL)

OPERATIONS = (
    Operation(
        "/changes",
        "changes",
        lambda: _("规则变动，新的在前"),
        (*_OF_CHANGES, *_DAYS, by.HEADLINE_WORDS, *by.PAGING),
        Listed[output.ChangeOut],
        changes.changes,
    ),
    Operation(
        "/changes/{id}",
        "change",
        lambda: _("一处变动：新旧原文、标注理由、留存"),
        (by.CHANGE_ID,),
        output.ChangeDetailOut,
        changes.change,
    ),
    Operation(
        "/documents",
        "documents",
        lambda: _("规则文件，新的在前"),
        (
            by.LICENCE,
            by.AUTHORITY,
            by.REGION,
            by.SOURCE,
            by.STATUS,
            by.DRAFT,
            *_DAYS,
            by.TITLE_WORDS,
            *by.PAGING,
        ),
        Listed[output.DocumentOut],
        documents.documents,
    ),
    Operation(
        "/documents/{id}",
        "document",
        lambda: _("一份规则文件：状态、网址、涉及事项、与其他文件的关系、历次变动"),
        (by.DOCUMENT_ID,),
        output.DocumentDetailOut,
        documents.document,
    ),
    Operation(
        "/documents/{id}/passages",
        "passages",
        lambda: _("一份规则文件的条款，按原文顺序"),
        (by.DOCUMENT_ID, by.VERSION, *by.PAGING),
        Listed[output.PassageOut],
        documents.passages,
    ),
    Operation(
        "/documents/{id}/versions",
        "versions",
        lambda: _("一份规则文件的各个文本版本，旧的在前"),
        (by.DOCUMENT_ID, *by.PAGING),
        Listed[output.VersionOut],
        documents.versions,
    ),
    Operation(
        "/licences",
        "licences",
        lambda: _("资质事项，连同监测覆盖"),
        by.PAGING,
        Listed[output.LicenceOut],
        licences.licences,
    ),
    Operation(
        "/licences/{id}",
        "licence",
        lambda: _("一项资质事项：是什么、谁主管、依据、规则文件、变动、将到的日期、监测覆盖"),
        (by.LICENCE_ID,),
        output.LicenceDetailOut,
        licences.licence,
    ),
    Operation(
        "/sources",
        "sources",
        lambda: _("来源及其状态"),
        by.PAGING,
        Listed[output.WatchedSourceOut],
        watch.sources,
    ),
    Operation(
        "/sources/{id}",
        "source",
        lambda: _("一个来源及其状态"),
        (by.SOURCE_ID,),
        output.WatchedSourceOut,
        watch.source,
    ),
    Operation(
        "/incidents",
        "incidents",
        lambda: _("监测异常，新的在前"),
        (by.SOURCE, by.INCIDENT_STATE, *by.PAGING),
        Listed[output.IncidentOut],
        watch.incidents,
    ),
    Operation(
        "/calendar",
        "calendar",
        lambda: _("日期：施行、意见反馈截止、过渡期、年度事项，近的在前"),
        (by.LICENCE, by.DATE_KIND, *_DAYS, *by.PAGING),
        Listed[output.CalendarOut],
        days.calendar,
    ),
    Operation(
        "/search",
        "search",
        lambda: _("检索现行原文的条款，最相关的在前"),
        (by.SEARCH_WORDS, *by.PAGING),
        Listed[output.SearchOut],
        searching.search,
    ),
)

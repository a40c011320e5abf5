"""The parameters of the API: how each is written, and the reading of a request by them. Pure.

One declaration serves the reading and the OpenAPI document. Nothing unknown is passed over: a filter that is misspelt
would otherwise find everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from datasette_config.api.cursors import LONGEST as LONGEST_CURSOR
from datasette_config.api.problems import Fault, Refused
from datasette_config.choosing import filters
from datasette_config.language import gettext as _
from kb.codes import Confirmation, DateKind, DocumentStatus, IncidentState
from kb.licences import licences
from kb.sources import SLUG

MOST_VALUES = 10
SHOWN = 80
PUBLIC_DATES = (DateKind.EFFECTIVE, DateKind.COMMENTS, DateKind.TRANSITION, DateKind.DUTY)
MOST_ITEMS, USUAL_ITEMS = 200, 50
_NAME = r"^[\u4e00-\u9fffA-Za-z0-9（）()·]{1,40}$"


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """``kind`` is a pydantic type, of one value where ``many``. ``says``: what it is for, in the reader's language."""

    name: str
    kind: Any
    says: Callable[[], str]
    example: Any = None
    place: Literal["query", "path"] = "query"
    required: bool = False
    many: bool = False


@cache
def adapter(parameter: Parameter) -> TypeAdapter[Any]:
    """What reads one value of it."""
    return TypeAdapter(parameter.kind)


@cache
def schema(parameter: Parameter) -> dict[str, Any]:
    """The JSON Schema of one value of it."""
    return adapter(parameter).json_schema()


def _id(prefix: str) -> Any:
    return Annotated[str, Field(pattern=f"^{prefix}-[0-9a-f]{{1,64}}$")]


def _path(name: str, kind: Any, says: Callable[[], str], example: str) -> Parameter:
    return Parameter(name, kind, says, example, place="path", required=True)


LicenceId = Literal[tuple(licences())]
SourceId = Annotated[str, Field(pattern=SLUG, max_length=80)]
Words = Annotated[str, Field(min_length=1, max_length=filters.LONGEST)]

CHANGE_ID = _path("id", _id("ch"), lambda: _("变动编号"), "ch-4f1a0922bd31")
DOCUMENT_ID = _path(
    "id",
    Annotated[str, Field(pattern="^[a-z]{2}-[0-9a-f]{1,64}$")],
    lambda: _("规则文件或其页面的编号"),
    "pg-a1b2c3d4e5f6",
)
LICENCE_ID = _path("id", LicenceId, lambda: _("资质事项编号"), "algorithm-filing")
SOURCE_ID = _path("id", SourceId, lambda: _("来源编号"), "miit.rules")

LIMIT = Parameter("limit", Annotated[int, Field(ge=1, le=MOST_ITEMS)], lambda: _("最多几项，默认 50"), 20)
CURSOR = Parameter(
    "cursor",
    Annotated[
        str,
        Field(
            min_length=1,
            max_length=LONGEST_CURSOR,
            pattern="^[A-Za-z0-9_-]+$",
            json_schema_extra={"format": "cursor"},
        ),
    ],
    lambda: _("从哪里接着列：上一次回答中 next 的地址里已带有，请原样使用"),
)
PAGING = (LIMIT, CURSOR)
LANG = Parameter("lang", Literal["zh-CN", "en"], lambda: _("出错时说哪种语言，默认中文"), "en")

LICENCE = Parameter(
    "licence", LicenceId, lambda: _("资质事项编号：本项、其下级与上级"), ["algorithm-filing"], many=True
)
SOURCE = Parameter("source", SourceId, lambda: _("来源编号"), ["miit.rules"], many=True)
AUTHORITY = Parameter(
    "authority",
    Annotated[str, Field(pattern=_NAME)],
    lambda: _("主管机关名称"),
    ["工业和信息化部"],
    many=True,
)
REGION = Parameter(
    "region",
    Annotated[str, Field(pattern=_NAME)],
    lambda: _("省份，如 广东；全国 指全国性来源"),
    ["广东"],
    many=True,
)
KIND = Parameter(
    "kind", Literal[tuple(map(str, filters.KINDS))], lambda: _("变动类型"), ["amended"], many=True
)
SIGNIFICANCE = Parameter(
    "significance",
    Literal[tuple(map(str, filters.SIGNIFICANCES))],
    lambda: _("性质"),
    ["substantive"],
    many=True,
)
STATUS = Parameter(
    "status",
    Literal[tuple(map(str, DocumentStatus))],
    lambda: _("文件今天的状态"),
    ["not_yet_in_force"],
    many=True,
)
CONFIRMATION = Parameter(
    "confirmation", Literal[tuple(map(str, Confirmation))], lambda: _("确认状态"), ["confirmed"], many=True
)
SINCE = Parameter("since", date, lambda: _("这一天起（北京时间）"), "2026-11-01")
UNTIL = Parameter("until", date, lambda: _("到这一天为止（北京时间）"), "2026-11-30")
DRAFT = Parameter("draft", Literal["yes", "no"], lambda: _("只要征求意见稿，或不要征求意见稿"), "no")
HEADLINE_WORDS = Parameter("q", Words, lambda: _("标题中的词，几个词用空格分开，都要出现"), "期限")
TITLE_WORDS = Parameter("q", Words, lambda: _("题名或文号中的词，几个词用空格分开，都要出现"), "令第3号")
SEARCH_WORDS = Parameter(
    "q",
    Words,
    lambda: _("要找的文字：几个词用空格分开，都要出现；引号内逐字匹配，前加 - 排除"),
    "五个工作日",
    required=True,
)
VERSION = Parameter("version", _id("ve"), lambda: _("文本版本的编号，默认现行文本"), "ve-5b6c7d8e9f01")
INCIDENT_STATE = Parameter(
    "state", Literal[tuple(map(str, IncidentState))], lambda: _("状态"), ["open"], many=True
)
DATE_KIND = Parameter(
    "kind", Literal[tuple(map(str, PUBLIC_DATES))], lambda: _("日期的种类"), ["effective"], many=True
)

_WHOLE = re.compile(r"[0-9]{1,9}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read(
    parameters: tuple[Parameter, ...], path: Mapping[str, str], query: Mapping[str, list[str]]
) -> dict[str, Any]:
    """The values by name, those of ``many`` as tuples; without those that were not given. Raises ``Refused``."""
    declared = {each.name: each for each in parameters if each.place == "query"}
    faults = [
        Fault(parameter=name, value=" ".join(given)[:SHOWN], why=_("没有这个参数"))
        for name, given in query.items()
        if name not in declared
    ]
    found: dict[str, Any] = {}
    for name, each in declared.items():
        given = query.get(name, [])
        try:
            if given:
                found[name] = _many(each, given) if each.many else _single(each, given)
            elif each.required:
                faults.append(Fault(parameter=name, value="", why=_("缺少这个参数")))
        except ValueError:
            faults.append(Fault(parameter=name, value=" ".join(given)[:SHOWN], why=_("写法不对")))
    first, last = found.get("since"), found.get("until")
    if first and last and first > last:
        faults.append(Fault(parameter="until", value=str(last), why=_("起始日期晚于截止日期")))
    if faults:
        raise Refused("bad-parameter", *faults)
    return found | _of_path(parameters, path)


def _of_path(parameters: tuple[Parameter, ...], path: Mapping[str, str]) -> dict[str, Any]:
    """An address that cannot be one of an item is that of no item."""
    try:
        return {each.name: _one(each, path[each.name]) for each in parameters if each.place == "path"}
    except ValueError as error:
        raise Refused("not-found") from error


def _many(parameter: Parameter, given: list[str]) -> tuple[Any, ...]:
    values = [value for each in given for value in each.split(",")]
    if len(values) > MOST_VALUES:
        raise ValueError(values)
    return tuple(dict.fromkeys(_one(parameter, value) for value in values))


def _single(parameter: Parameter, given: list[str]) -> Any:
    if len(given) > 1:
        raise ValueError(given)
    return _one(parameter, given[0])


def _one(parameter: Parameter, text: str) -> Any:
    """pydantic reads more spellings of numbers and days than the document describes. Raises ``ValueError``."""
    form = schema(parameter)
    if form.get("type") == "integer" and not _WHOLE.fullmatch(text):
        raise ValueError(text)
    if form.get("format") == "date" and not _DAY.fullmatch(text):
        raise ValueError(text)
    return adapter(parameter).validate_python(text)

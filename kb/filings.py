"""Lists of what was filed, registered, licensed or struck off: known by the heads of their columns.

Both kinds that regulators publish are meant: one list that grows at one address, and batches each on a page of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_SERIAL = re.compile(r"(?:序号|序|编号|号|No\.?|#)", re.I)
_COUNT = re.compile(r"\d{0,6}[.、．]?|[一二三四五六七八九十百]{1,5}")
_ACT = "备案|登记|许可证?|审批|批准|报备|注册|上线|核准|核发|注销|撤销|公示|出版物|资质|证书|执照"
_NUMBER = re.compile(
    rf"(?:算法|产品|模型|服务|信息|网站|应用|ICP|App|APP|工信部?)?(?:{_ACT})(?:信息)?(?:的?编号|号码|号|文号|序号|代码)"
)
_WHEN = re.compile(rf"(?:{_ACT}|通过|发布)(?:的)?(?:时间|日期|年月)")
_SUBJECT = re.compile(
    r"(?:(?:主体|单位|企业|公司|机构|备案人|申请人|开办者|主办者|运营者|提供者|持证人)(?:全称|名称)?"
    rf"|(?:{_ACT}|申请|申报|主办|开办|运营|出版|制作|研发|服务|开发|报备|所属|责任|被许可)(?:主体|单位|企业|公司|机构|人|者|方)(?:全称|名称)?)"
)
_NAME = re.compile(
    r"(?:(?:算法|大?模型|产品|服务|应用|应用程序|项目|系统|网站|平台|游戏|节目|作品|软件|小程序|功能|品种|区块链服务|[Aa][Pp][Pp]|剧目?|片)(?:[(（/、或及和][^()（）]{1,10}[)）]?)?(?:名称|名)"
    r"|名称|剧名|片名)"
)
_BESIDE = re.compile(
    r"(?:(?:应用|使用|关联|涉及|登记|上线)?(?:产品|应用|服务|平台|网站|小程序|[Aa][Pp][Pp])(?:[/及和、或]?(?:功能|服务|产品|应用))?(?:名称)?"
    r"(?:[(（][^()（）]{1,10}[)）])?"
    r"|备注|(?:变更|更名)(?:内容|情况|事项|说明)?)"
)
_NO_LIST = re.compile(r"文件|法规|规章|标准|法律|依据|材料|要求|条款|事项名称|许可事项|资质要求|说明书")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a filing list says who filed what under which number; -1 for a column it does not have. ``beside``: columns
    that hold further names: products that use what was filed, remarks on what it was called before."""

    number: int
    subject: int
    name: int
    beside: tuple[int, ...] = ()


def is_serial(header: str, text: str) -> bool:
    """A cell that only counts the rows, and is no content of them: a shifted 序号 is the same row."""
    return _SERIAL.fullmatch(_plain(header)) is not None and _COUNT.fullmatch(text) is not None


def filing_columns(header: Sequence[str]) -> Columns | None:
    """None when these are not the heads of a filing list.

    A list names a number (备案编号, 登记号, 许可证号 …) and a subject or a thing filed; without a number it names a
    subject, a thing and the day of its filing.
    """
    return _columns(tuple(header))


@lru_cache(maxsize=256)
def _columns(header: tuple[str, ...]) -> Columns | None:
    heads = [_plain(text) for text in header]
    if len(heads) < 3 or any(_NO_LIST.search(text) for text in heads if len(text) <= 12):
        return None
    number, when, subject, name = (
        next((at for at, text in enumerate(heads) if pattern.fullmatch(text)), -1)
        for pattern in (_NUMBER, _WHEN, _SUBJECT, _NAME)
    )
    beside = tuple(
        at for at, text in enumerate(heads) if at not in {number, subject, name} and _BESIDE.fullmatch(text)
    )
    if number >= 0 and (subject >= 0 or name >= 0):
        return Columns(number, subject, name, beside)
    return Columns(-1, subject, name, beside) if min(when, subject, name) >= 0 else None


def filing_number(text: str) -> str:
    """A number as it is compared: cells break it over lines."""
    number = "".join(text.split())
    return "" if number.strip("/／-—–无") == "" else number


def _plain(header: str) -> str:
    return "".join(header.split()).rstrip("*＊:：").rpartition("/")[2]

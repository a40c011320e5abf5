"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from kb.config import DataDirectory
from kb.errors import NotFound, UsageError
from kb.terminal import option, tr


class DataPath(click.ParamType[DataDirectory]):
    name = "DIR"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> DataDirectory:  # noqa: ARG002
        if isinstance(value, DataDirectory):
            return value
        root = Path(value)
        if root.exists() and not root.is_dir():
            raise UsageError(
                "数据目录应是文件夹，这是一个文件", where=str(root), do="请用 --data 换一个文件夹"
            )
        return DataDirectory(root)


data_option = option(
    "--data",
    type=DataPath(),
    default="zhengce-data",
    envvar="ZHENGCE_DATA",
    show_default=True,
    zh="数据目录",
    en="data directory",
)
json_option = option(
    "--json", "as_json", is_flag=True, zh="每行输出一个 JSON 对象", en="print one JSON object a line"
)


ALIKE = 6  # types offered for a word that is part of their names
MOST = 100_000
"""The highest ``--limit`` and ``--offset``: more is no list for anybody."""


def licence_name(identifier: str) -> str:
    """``算法备案（algorithm-filing）``; the id alone where the vocabulary no longer has it."""
    from kb.licences import licences

    known = licences().get(identifier)
    return tr(f"{known.short}（{identifier}）", f"{known.en} ({identifier})") if known else identifier


def licence_ids(named: Iterable[str]) -> tuple[str, ...]:
    """Ids of licence types named by id, Chinese name or alias, in any width, case or spacing and in Traditional too.

    Raises ``NotFound`` for a word nobody knows, ``UsageError`` for one that several types bear.
    """
    from kb.licences import bearers

    found: list[str] = []
    for word in (part.strip() for part in named):
        if not word:
            continue
        bearing = bearers(word)
        if not bearing:
            raise NotFound(f"没有这个资质事项：{word}", do=_alike(word))
        if len(bearing) > 1:
            raise UsageError(
                f"“{word}”是 {len(bearing)} 项资质事项共有的名称",
                do=f"请写其中一项的编号：{_listed(bearing)}",
            )
        found += bearing
    return tuple(dict.fromkeys(found))


def _alike(word: str) -> str:
    from kb.licences import alike

    near = alike(word)
    return f"您是不是要找：{_listed(near[:ALIKE])}" if near else "zhengce licence 可列出全部事项"


def _listed(identifiers: Iterable[str]) -> str:
    from kb.licences import licences

    return "、".join(f"{licences()[one].short}（{one}）" for one in identifiers)

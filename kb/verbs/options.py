"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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

    Raises ``NotFound`` for a word nobody knows.
    """
    from kb.folding import fold
    from kb.licences import licences

    known = {
        "".join(fold(name).split()): licence.id
        for licence in licences().values()
        for name in (*licence.aliases, licence.short, licence.zh, licence.id)
    }
    found = []
    for word in (part.strip() for part in named):
        if not word:
            continue
        folded = "".join(fold(word).split())
        if folded not in known:
            raise NotFound(f"没有这个资质事项：{word}", do=_alike(folded, known))
        found.append(known[folded])
    return tuple(dict.fromkeys(found))


def _alike(word: str, known: Mapping[str, str]) -> str:
    """The types of whose names the word is a part; nothing is guessed from one character."""
    from kb.licences import licences

    near = dict.fromkeys(known[name] for name in known if len(word) > 1 and word in name)
    if not near:
        return "zhengce licence 可列出全部事项"
    names = "、".join(f"{licences()[one].short}（{one}）" for one in list(near)[:ALIKE])
    return f"您是不是要找：{names}"

"""Options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kb.config import DataDirectory
from kb.errors import UsageError
from kb.terminal import option


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

"""Options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kb.config import DataDirectory
from kb.terminal import option


class DataPath(click.ParamType[DataDirectory]):
    name = "DIR"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> DataDirectory:  # noqa: ARG002
        return value if isinstance(value, DataDirectory) else DataDirectory(Path(value))


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

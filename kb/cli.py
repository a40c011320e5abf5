"""``zhengce``: the verbs of the ground floor. The top floor adds its own and runs them (``scheduler.cli``)."""

from __future__ import annotations

import click

from kb.terminal import Map
from kb.verbs import licence, look, study


@click.group(
    cls=Map,
    zh="证策：许可与备案规则变动监测。\n\n看：查变动与原文　收：订阅与提醒　管：巡查与数据　研：读、比、标注单个文件",
    en="zhengce watches Chinese licence rules and says, clause by clause, what changed.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
def zhengce() -> None:
    pass


LOOK = (look.changes, look.show, look.history, look.search, licence.licence)
STUDY = (study.read, study.diff, study.tag)

for verb in (*LOOK, *STUDY):
    zhengce.add_command(verb)

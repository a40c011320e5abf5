"""``zhengce``: the verbs of the ground floor. The top floor adds its own and runs them (``scheduler.cli``).

A verb stands here by its name and the first line of its help; it is imported when it is called.
"""

from __future__ import annotations

import click

from kb.terminal import LazyVerb, Map


@click.group(
    cls=Map,
    zh="证策：许可与备案规则变动监测。\n\n看：查变动与原文　收：订阅与提醒　管：巡查与数据　研：读、比、标注单个文件",
    en="zhengce watches Chinese licence rules and says, clause by clause, what changed.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
def zhengce() -> None:
    pass


for verb in (
    LazyVerb(
        "changes", "kb.verbs.look:changes", section="看", zh="变动，新的在前", en="Changes, newest first"
    ),
    LazyVerb(
        "show",
        "kb.verbs.look:show",
        section="看",
        zh="一处变动：新旧原文、标注理由、留存",
        en="One change whole: both texts, why it is tagged so, its captures",
    ),
    LazyVerb(
        "history",
        "kb.verbs.look:history",
        section="看",
        zh="一份文件的各个文本版本",
        en="The text versions of a document",
    ),
    LazyVerb(
        "search",
        "kb.verbs.look:search",
        section="看",
        zh="检索现行原文的条款",
        en="Search the passages that stand now",
    ),
    LazyVerb(
        "licence",
        "kb.verbs.licence:licence",
        section="看",
        zh="资质事项：是什么、谁主管、依据、规则文件、变动、看得到什么",
        en="Licence and filing types: what they are, rules, changes, what is seen",
    ),
    LazyVerb(
        "read",
        "kb.verbs.study:read",
        section="研",
        zh="读一个页面文件：判定、题名、文号、条款",
        en="Read one page file",
    ),
    LazyVerb(
        "diff",
        "kb.verbs.study:diff",
        section="研",
        zh="逐条比较两个文件或两段文字",
        en="Compare two files or texts clause by clause",
    ),
    LazyVerb(
        "tag", "kb.verbs.study:tag", section="研", zh="标注文字涉及的资质事项", en="Tag texts by licence type"
    ),
):
    zhengce.add_command(verb)

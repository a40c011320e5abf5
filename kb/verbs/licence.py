"""``zhengce licence``: the licence types, and one of them whole — what it is, its rules, what is seen of it."""

from __future__ import annotations

import click

from kb.config import DataDirectory
from kb.licences import Licence, alike, bearers, licences
from kb.lines import licence_detail_line, licence_lines
from kb.output import LicenceDetailOut, LicenceOut
from kb.terminal import Verb, print_line
from kb.verbs.licencetext import say_all, say_bearers, say_unknown, say_whole
from kb.verbs.options import ALIKE, data_option, json_option, licence_ids
from kb.verbs.reader import reader


@click.command(
    "licence",
    cls=Verb,
    section="看",
    zh="资质事项：是什么、谁主管、依据、规则文件、变动、看得到什么\n\nID 是编号、名称或别名；几项共有的名称列出各项；不写则列出全部。",
    en="Licence and filing types: what they are, rules, changes, what is seen\n\nID is an id, Chinese name or alias; one that several bear lists them; without it, all.",
)
@click.argument("identifier", metavar="[ID]", required=False)
@data_option
@json_option
def licence(*, identifier: str | None, data: DataDirectory, as_json: bool) -> int:
    if identifier is None or not identifier.strip():
        lines = _overview(data)
        if as_json:
            for each in lines:
                print_line(each)
        else:
            say_all(lines)
        return 0
    wanted = bearers(identifier)
    if not wanted and not as_json and alike(identifier):
        say_unknown(identifier, alike(identifier)[:ALIKE])
        return 0
    wanted = wanted or licence_ids([identifier])
    if as_json:
        for one in wanted:
            print_line(_detail(licences()[one], data))
    elif len(wanted) > 1:
        say_bearers(identifier, wanted)
    else:
        say_whole(_detail(licences()[wanted[0]], data))
    return 0


def _overview(data: DataDirectory) -> list[LicenceOut]:
    from kb.store import queries

    if not data.kb.exists():
        return licence_lines(())
    with reader(data) as connection:
        counted = queries.licence_overview(connection)
        covered = queries.coverage(connection) if queries.newest_look(connection) else ()
    return licence_lines(counted, covered)


def _detail(item: Licence, data: DataDirectory) -> LicenceDetailOut:
    from kb.store import queries

    if not data.kb.exists():
        return licence_detail_line(item, None)
    with reader(data) as connection:
        return licence_detail_line(item, queries.licence_view(connection, item.id))

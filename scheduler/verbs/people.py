"""管: people — who may sign in to the site."""

from __future__ import annotations

import sys

import click

from kb.config import DataDirectory, SystemClock
from kb.errors import UsageError
from kb.people import LONGEST, People
from kb.terminal import Map, note, say, tr
from kb.verbs.options import data_option
from kb.verbs.reader import beijing


@click.group(
    "people",
    cls=Map,
    section="管",
    zh='登录网站的人：添加、列出、移出\n\nzhengce.toml 的 [site] 里写 sign_in = "password" 才要求登录。',
    en='Who may sign in to the site\n\nSign-in is asked for with sign_in = "password" under [site] of zhengce.toml.',
)
def people() -> None:
    pass


@people.command(
    "add",
    section="管",
    zh="添加一个人，或给他换一个密码（原来的登录随即失效）\n\n密码在提示后输入；不是终端时读标准输入的第一行。",
    en="Add somebody, or give them another password, which ends their sessions\n\n"
    "The password is prompted for; without a terminal it is the first line of standard input.",
)
@click.argument("name")
@data_option
def add(*, name: str, data: DataDirectory) -> int:
    if not data.root.is_dir():
        raise UsageError("没有这个数据目录", where=str(data.root), do="请检查 --data")
    new = People(data.people).put(name, _password(), SystemClock().now())
    say(tr("已添加　", "added: ") + name if new else tr("已换密码　", "password changed: ") + name)
    if data.settings().site.sign_in != "password":
        note(
            tr(
                '网站现在不要求用密码登录：zhengce.toml 的 [site] 里写 sign_in = "password"，再重新启动网站。',
                'the site asks for no password yet: set sign_in = "password" under [site] of zhengce.toml',
            )
        )
    return 0


@people.command("list", section="管", zh="列出可以登录的人", en="List who may sign in")
@data_option
def list_people(*, data: DataDirectory) -> int:
    known = People(data.people).all()
    for each in known.values():
        say(f"{each.name}　{tr('密码设于', 'password of')} {beijing(each.since)}")
    if not known:
        say(tr("还没有人可以登录。zhengce people add 名字", "nobody yet: zhengce people add NAME"))
    return 0


@people.command(
    "remove", section="管", zh="移出一个人，他的登录随即失效", en="Remove somebody, which ends their sessions"
)
@click.argument("name")
@data_option
def remove(*, name: str, data: DataDirectory) -> int:
    People(data.people).remove(name)
    say(tr("已移出　", "removed: ") + name)
    return 0


def _password() -> str:
    """From a prompt, twice; without a terminal the first line of standard input. Never from the command line, which
    other users of the machine can read."""
    if not sys.stdin.isatty():
        return sys.stdin.readline(LONGEST + 2).rstrip("\r\n")
    first: str = click.prompt(tr("密码", "Password"), hide_input=True, err=True)
    again: str = click.prompt(tr("再输一次", "Once more"), hide_input=True, err=True)
    if first != again:
        raise UsageError("两次输入的密码不同", do="请重新运行")
    return first

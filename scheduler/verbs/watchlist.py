"""收: watch — names in the filing lists: where they stand now, and an alert when a later batch names them."""

from __future__ import annotations

from collections.abc import Iterable

import click

from kb.config import DataDirectory, SystemClock
from kb.entries import plain_name
from kb.errors import NotFound, UsageError
from kb.output.filings import FilingRowOut, WatchOut
from kb.store import open_reader
from kb.store.queries.filings import FilingRow, where_named
from kb.terminal import Map, option, print_line, say, tr
from kb.verbs.options import data_option, json_option
from scheduler.ops import Ops, Subscription
from scheduler.verbs.receive import open_ops
from scheduler.verbs.whose import whose

LONGEST = 100
"""Characters of a name."""

SHOWN = 10
"""Places of one name on a screen; with --json all of them."""

for_option = option(
    "--for", "owner", default="", metavar="ID", zh="哪个订阅；只有一个时不必写", en="whose subscription"
)


@click.group(
    "watch",
    cls=Map,
    section="收",
    zh="关注名单：模型、应用、公司的名字出现在备案名单或注销公告里时，立刻提醒",
    en="Names to watch for in filing lists and cancellation notices",
)
def watch() -> None:
    pass


@watch.command(
    "add",
    section="收",
    zh="关注一个名字，并写出它现在在哪些名单里\n\n名字可以只写一部分（如 文心），全半角、空格、括号不论；也可以写备案编号。",
    en="Watch a name, and say where it stands now\n\nA part of a name or a filing number will do.",
)
@click.argument("name")
@for_option
@data_option
@json_option
def add(*, name: str, owner: str, data: DataDirectory, as_json: bool) -> int:
    name = " ".join(name.split())
    if not 2 <= len(plain_name(name)) <= LONGEST:
        raise UsageError(f"名字太短或太长（{len(name)} 字）", do=f"请写 2 到 {LONGEST} 个字")
    with open_ops(data) as ops, ops.transaction():
        mine = _subscription(ops, owner)
        if plain_name(name) not in map(plain_name, mine.watched_names):
            mine = _keep(ops, mine, (*mine.watched_names, name))
    _tell(mine, name, _rows(data, name), watched=True, as_json=as_json)
    return 0


@watch.command(
    "list", section="收", zh="列出关注的名字和它们现在的位置", en="List the names and where they stand"
)
@for_option
@data_option
@json_option
def list_names(*, owner: str, data: DataDirectory, as_json: bool) -> int:
    if not data.ops.exists():
        raise NotFound("还没有订阅", where=str(data.root), do="zhengce init")
    with open_ops(data) as ops:
        known = ops.subscriptions()
        mine = [each for each in known if each.id == whose(ops, owner)] if owner else known
    for each in mine:
        for name in each.watched_names:
            _tell(each, name, _rows(data, name), watched=True, as_json=as_json)
    if not as_json and not any(each.watched_names for each in mine):
        say(tr("没有关注的名字。zhengce watch add 名字", "no name is watched: zhengce watch add NAME"))
    return 0


@watch.command("remove", section="收", zh="不再关注一个名字", en="Stop watching a name")
@click.argument("name")
@for_option
@data_option
@json_option
def remove(*, name: str, owner: str, data: DataDirectory, as_json: bool) -> int:
    with open_ops(data) as ops, ops.transaction():
        mine = _subscription(ops, owner)
        left = tuple(each for each in mine.watched_names if plain_name(each) != plain_name(name))
        if len(left) == len(mine.watched_names):
            raise NotFound(f"没有关注 {name}", do="zhengce watch list 可列出")
        mine = _keep(ops, mine, left)
    if as_json:
        print_line(WatchOut(subscription=mine.id, name=name, watched=False, rows=[]))
    else:
        say(tr(f"不再关注　{name}", f"no longer watched: {name}"))
    return 0


def _subscription(ops: Ops, owner: str) -> Subscription:
    wanted = whose(ops, owner)
    for each in ops.subscriptions():
        if each.id == wanted:
            return each
    raise NotFound("还没有订阅", do="zhengce init 或 zhengce subscribe --to 先添加订阅")


def _keep(ops: Ops, subscription: Subscription, names: tuple[str, ...]) -> Subscription:
    kept = subscription.model_copy(update={"watched_names": names})
    ops.put_subscription(kept, now=SystemClock().now())
    return kept


def _rows(data: DataDirectory, name: str) -> tuple[FilingRow, ...]:
    if not data.kb.exists():
        return ()
    reader = open_reader(data.kb)
    try:
        return where_named(reader, name)
    finally:
        reader.close()


def _tell(
    subscription: Subscription, name: str, rows: Iterable[FilingRow], *, watched: bool, as_json: bool
) -> None:
    rows = list(rows)
    if as_json:
        fields = FilingRowOut.model_fields
        out = [FilingRowOut(**{field: getattr(row, field) for field in fields}) for row in rows]
        print_line(WatchOut(subscription=subscription.id, name=name, watched=watched, rows=out))
        return
    say(tr(f"关注　{name}（{subscription.name}）", f"watched: {name} ({subscription.name})"))
    for row in rows[:SHOWN]:
        state = tr("〔已注销或移出〕", "[withdrawn]") if row.withdrawn else ""
        near = "" if row.exact else tr("（名称相近）", " (part of a name)")
        say(f"　{state}{row.name or row.subject or row.row[:60]}{near}　{row.number}　{row.subject}")
        say(f"　　{row.list_title}　{row.day}　{row.url}")
    if len(rows) > SHOWN:
        say(tr(f"　另有 {len(rows) - SHOWN} 处（--json 全部列出）", f"  {len(rows) - SHOWN} more (--json)"))
    if not rows:
        told = tr("立刻提醒", "at once") if subscription.immediate else tr("写进日报", "in the digest")
        say(
            tr(
                f"　本库现有的名单里没有它；以后的名单里出现时{told}。",
                f"  in no list we hold; you will be told {told} when it is",
            )
        )

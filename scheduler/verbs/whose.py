"""Whose it is: the subscription that ``--for`` names, by its id, its name or the name of its profile."""

from __future__ import annotations

from collections.abc import Iterable

from kb.errors import ConfigError, NotFound
from scheduler.ops import Ops, Subscription
from scheduler.verbs.receive import MAIN


def whose(ops: Ops, given: str = "") -> str:
    """The id of the subscription named, of the only one there is, or of that of ``zhengce init``.

    Raises ``NotFound`` for an unknown one, ``ConfigError`` where several might be meant.
    """
    known = ops.subscriptions()
    if given:
        return called(known, given).id
    ids = [each.id for each in known]
    if len(known) > 1 and MAIN not in ids:
        raise ConfigError("有几个订阅，请写明是谁的", do=f"用 --for 写其中之一：{listed(known)}")
    return MAIN if MAIN in ids or not known else ids[0]


def called(known: Iterable[Subscription], given: str) -> Subscription:
    """Raises ``NotFound`` for a name nobody has, ``ConfigError`` for one that several have."""
    known = tuple(known)
    wanted = given.strip()
    found = [each for each in known if each.id == wanted] or [
        each for each in known if wanted and wanted in {each.profile, each.name}
    ]
    if not found:
        raise NotFound(f"没有订阅 {given}", do="zhengce subscribe 可列出全部订阅")
    if len(found) > 1:
        raise ConfigError(f"有几个订阅叫 {given}", do=f"请写编号：{listed(found)}")
    return found[0]


def listed(known: Iterable[Subscription]) -> str:
    return "、".join(f"{each.id}（{each.name}）" for each in known)

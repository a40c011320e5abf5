"""A comparison for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from kb import words
from kb.model import Health, Op
from kb.output import DiffOut, PassageChangeOut
from kb.terminal import say, tr


def say_comparison(line: DiffOut) -> None:
    """The comparison for a person: the headline, then each passage with what it said and says."""
    if line.health is not Health.OK:
        say(tr(f"未能比较：{words.zh(line.health)}", f"not compared: {words.en(line.health)}"))
        return
    if not line.passages:
        say(tr("未见变动", "no change seen"))
        return
    say(
        tr(
            f"〔{words.zh(line.significance)}〕{line.headline}",
            f"[{words.en(line.significance)}] {line.headline}",
        )
    )
    say_passages(line.passages)


def say_passages(passages: Iterable[PassageChangeOut]) -> None:
    for change in passages:
        renamed = change.op is not Op.ADDED and change.anchor_before and change.anchor_before != change.anchor
        where = change.anchor or change.anchor_before
        formerly = tr(f"（原{change.anchor_before}）", f" (was {change.anchor_before})") if renamed else ""
        say(f"\n{tr(words.zh(change.op), words.en(change.op))}　{where}{formerly}")
        if change.before and change.op is not Op.RENUMBERED:
            say(f"　－ {change.before}")
        if change.after and change.op is not Op.RENUMBERED:
            say(f"　＋ {change.after}")
        for delta in change.deltas:
            say(
                f"　{tr(words.zh(delta.kind), words.en(delta.kind))}　{delta.before or '—'} → {delta.after or '—'}"
            )

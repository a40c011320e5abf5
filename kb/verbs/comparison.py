"""A comparison for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from kb import words
from kb.changing.labels import label
from kb.changing.naming import from_to, point_name, point_name_en
from kb.codes import Health, Op, Significance
from kb.output import DiffOut, PassageChangeOut
from kb.terminal import say, tr

_WEIGHT = {Significance.SUBSTANTIVE: "实质", Significance.EDITORIAL: "文字", Significance.NOISE: "杂项"}


def say_comparison(line: DiffOut, *, everything: bool = False) -> None:
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
    say_passages(line.passages, everything=everything)


def say_passages(passages: Iterable[PassageChangeOut], *, everything: bool = False) -> None:
    """Beside substantive passages the others are told by their number alone, unless everything is asked for."""
    listed = list(passages)
    grave = [change for change in listed if change.significance is Significance.SUBSTANTIVE]
    shown = listed if everything or not grave else grave
    for change in shown:
        _say_passage(change)
    for significance in (Significance.EDITORIAL, Significance.NOISE):
        folded = sum(c.significance is significance for c in listed) if len(shown) < len(listed) else 0
        if folded:
            say(tr(f"\n{words.zh(significance)} {folded} 处", f"\n{words.en(significance)}: {folded}"))


def _say_passage(change: PassageChangeOut) -> None:
    old, new = label(change.anchor_before), label(change.anchor)
    renamed = old and new and old != new
    formerly = tr(f"（原{old}）", f" (was {old})") if renamed else ""
    weight = tr(_WEIGHT[change.significance], words.en(change.significance))
    op = tr(words.zh(change.op), words.en(change.op))
    say(f"\n{op}{'' if change.op is Op.SAME else f'·{weight}'}　{new or old}{formerly}")
    if change.op is not Op.RENUMBERED:
        for sign, text in (("－", change.before), ("＋", change.after)):
            if text:
                say(f"　{sign} {text}")
    if change.op is Op.REMOVED and not change.deltas and change.reason:
        say(f"　{change.reason}")
    for delta in change.deltas:
        name = tr(*(named(delta, change.before, change.after, new) for named in (point_name, point_name_en)))
        moved = tr(from_to(delta.before, delta.after), f"{delta.before or '—'} → {delta.after or '—'}")
        say(f"　{name}　{moved}")

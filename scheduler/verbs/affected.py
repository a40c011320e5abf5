"""看: affected — which clients a change or a document concerns, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kb import words
from kb.codes import SourceLevel
from kb.config import DataDirectory
from kb.errors import NotFound
from kb.output import AffectedOut, TagOut
from kb.terminal import Verb, option, print_line, say, tr
from kb.verbs.options import data_option, json_option, licence_name
from kb.verbs.reader import beijing
from scheduler.affected import Affected, Place

if TYPE_CHECKING:
    from kb.store.queries import ChangeRow
    from scheduler.rules import Rule


@click.command(
    "affected",
    cls=Verb,
    section="看",
    zh="一处变动或一份文件关系到哪些业务画像（客户），为什么\n\nID 是变动编号（zhengce changes）或文件编号、网址。",
    en="Which profiles (clients) a change or a document concerns, and why\n\nID is that of a change (zhengce changes), or of a document, or its address.",
)
@click.argument("identifier", metavar="ID")
@data_option
@option(
    "--all",
    "everywhere",
    is_flag=True,
    zh="也列出在其他省的（省级来源的变动）",
    en="those in other provinces too (of a provincial source)",
)
@json_option
def affected(*, identifier: str, data: DataDirectory, everywhere: bool, as_json: bool) -> int:
    from kb.licences import licences
    from scheduler.affected import affected as find
    from scheduler.affected import forms_of
    from scheduler.profiles import all_profiles, subscribed, subscription_id
    from scheduler.rules import rule_of_change, rule_of_document
    from scheduler.verbs.advising import note_faults

    held = all_profiles(data)
    profiles = held.profiles
    if not profiles and not held.faults:
        raise NotFound("还没有业务画像", where=str(data.profiles), do="zhengce profile new 可新建")
    asked = rule_of_change if identifier.startswith("ch-") else rule_of_document
    rule = asked(data, identifier)

    def parent_of(licence: str) -> str | None:
        return licences()[licence].parent if licence in licences() else None

    forms = forms_of(rule.tags) if rule.level is SourceLevel.PLATFORM else frozenset()
    concerned = find(rule.tags, rule.region, profiles, parent_of, forms=forms)
    shown = [each for each in concerned if everywhere or each.place is not Place.OTHER]
    active = subscribed(data)
    if not as_json:
        _say_rule(rule)
    for each in shown:
        number = subscription_id(each.profile)
        line = affected_line(each, rule.id, rule.province, number if number in active else "")
        print_line(line) if as_json else _say(line)
    if not as_json:
        _say_rest(len(profiles), len(concerned) - len(shown), concerned)
    return note_faults(held.faults)


def affected_line(each: Affected, change: str, province: str, subscription: str) -> AffectedOut:
    from kb.profiles.page import GUIDANCE
    from scheduler.verbs.advising import advice_line

    return AffectedOut(
        change=change,
        profile=each.profile,
        name=each.name,
        province=each.province,
        source_province=province,
        place=each.place.value,
        advice=[advice_line(advice) for advice in each.advice],
        tags=[TagOut.of(tag) for tag in each.tags],
        subscription=subscription,
        guidance=GUIDANCE,
    )


def _say_rule(rule: Rule) -> None:
    if rule.change:
        _say_change(rule.change)
    where = rule.province or tr("全国", "national")
    say(f"　{rule.title}　{rule.source_title}（{where}）")
    named = "、".join(map(licence_name, dict.fromkeys(tag.licence for tag in rule.tags)))
    say(tr("　涉及　", "  licences  ") + (named or tr("没有标注任何事项，不能说关系到谁", "none tagged")))


def _say_change(row: ChangeRow) -> None:
    nature = tr(words.zh(row.significance), words.en(row.significance))
    kind = tr(words.zh(row.kind), words.en(row.kind))
    sure = tr(words.zh(row.confirmation), words.en(row.confirmation))
    say(f"{row.id}　{beijing(row.observed_to)}　〔{nature}〕{kind}　{sure}")
    if row.headline and row.headline != row.title:
        say(f"　{row.headline}")


def _say(line: AffectedOut) -> None:
    from kb.profiles import Likelihood
    from scheduler.verbs.advising import likelihood_name

    title = line.name if line.name != line.profile else ""
    state = tr("已订阅", "subscribed") if line.subscription else tr("未订阅", "not subscribed")
    say("\n■ " + "　".join(filter(None, (line.profile, title, line.province, _where(line), state))))
    labels = list(dict.fromkeys(tag.licence for tag in line.tags))
    for advice in line.advice:
        named = f"{licence_name(advice.licence)}　{likelihood_name(Likelihood(advice.likelihood))}"
        say(named + ("" if advice.licence in labels else _by_way(advice.licence, labels)))
        say(f"　{tr(advice.reason, advice.reason_en)}")
        for obstacle in advice.obstacles:
            say(tr(f"　限制　{obstacle.reason}", f"  but  {obstacle.reason_en}"))
    seen: set[tuple[str, str]] = set()
    for tag in line.tags:
        if (tag.licence, tag.evidence) not in seen:
            seen.add((tag.licence, tag.evidence))
            say(tr(f"　命中原文　“{tag.evidence}”　{tag.reason}", f"  matched  “{tag.evidence}”"))


def _by_way(licence: str, labels: list[str]) -> str:
    """Which labels reached a type that the change does not carry itself: its parent, or its children."""
    from kb.licences import licences

    parent = licences()[licence].parent
    if parent in labels:
        return tr(
            f"（上级事项带出：{licence_name(parent)}）", f" (through its parent {licence_name(parent)})"
        )
    below = [label for label in labels if label in licences() and licences()[label].parent == licence]
    named = "、".join(map(licence_name, below))
    return tr(f"（下级事项带出：{named}）", f" (through {named})")


def _where(line: AffectedOut) -> str:
    return {
        Place.NATIONAL: "",
        Place.SAME: tr("本省来源", "source of this province"),
        Place.UNSAID: tr(
            f"画像不限于一省，来源为{line.source_province}", f"source of {line.source_province}"
        ),
        Place.OTHER: tr(f"外省来源（{line.source_province}）", f"source of {line.source_province}"),
    }[Place(line.place)]


def _say_rest(profiles: int, elsewhere: int, concerned: tuple[Affected, ...]) -> None:
    from scheduler.verbs.advising import say_guidance

    say(
        tr(
            f"\n画像共 {profiles} 份，关系到 {len(concerned) - elsewhere} 份。",
            f"\n{len(concerned) - elsewhere} of {profiles} profiles",
        )
    )
    if elsewhere:
        say(
            tr(
                f"另有 {elsewhere} 份在其他省，--all 也列出。",
                f"{elsewhere} more in other provinces: --all",
            )
        )
    say_guidance()

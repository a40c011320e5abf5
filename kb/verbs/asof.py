"""A document as of a day, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING

from kb import words
from kb.addresses import shown
from kb.errors import NotFound
from kb.output import AsOfOut, DivergenceOut, InForceOut, OnSiteOut, RelationOut
from kb.terminal import print_line, say, tr

if TYPE_CHECKING:
    from kb.sqlite import sqlite3
    from kb.store.queries import AsOf, DivergenceRow, RelationRow, Relations


def say_as_of(
    connection: sqlite3.Connection, document: str, day: date, *, clock: datetime, as_json: bool
) -> int:
    """``clock`` is now. Raises ``NotFound`` for a document that is not held, or was not yet on that day."""
    from kb.store import queries
    from kb.store.asof import sentence

    found = queries.as_of(connection, document, day, clock=clock)
    stood = found.site.text
    said = sentence(found.site, day, found.held_since)
    if stood is None:
        raise NotFound(said, where=shown(found.url), do=f"可查询 {found.held_since} 及以后的日期")
    site = OnSiteOut.model_validate(
        {
            "seen": str(found.site.seen),
            "version": stood.version,
            "after": found.site.after.version if found.site.after else None,
            "same": found.site.same if found.site.after else None,
            "since": _iso(found.site.since),
            "until": _iso(found.site.until),
            "said": said,
            "text": None if found.site.either else queries.version_document(connection, stood.version).text,
        }
    )
    force = (
        InForceOut(
            version=found.force.text.version,
            since=str(found.force.since),
            inferred=found.force.inferred,
            text=queries.version_document(connection, found.force.text.version).text,
        )
        if found.force
        else None
    )
    relations = queries.relations_of(connection, found.document)
    diverging = [each for each in queries.divergences(connection, found.document) if _on(each, day)]
    if as_json:
        print_line(_line(found, site, force, relations, diverging))
    else:
        _say(found, site, force)
        _say_relations(tr("本文件写明", "this document"), relations.does)
        _say_relations(tr("其他文件写明", "others about it"), relations.suffers)
        say_divergences(diverging)
    return 0


def say_divergences(rows: Iterable[DivergenceRow]) -> None:
    """Copies of a document that differ, clause by clause."""
    for row in rows:
        say(tr("\n■ 各处文本不一致", "\n■ copies differ"))
        say(
            tr(
                f"　甲　{shown(row.page)}\n　乙　{shown(row.copy)}",
                f"  A  {shown(row.page)}\n  B  {shown(row.copy)}",
            )
        )
        for clause in row.clauses:
            say(
                tr(
                    f"　{clause.anchor}\n　　甲：{clause.page}\n　　乙：{clause.copy}",
                    f"  {clause.anchor}\n    A: {clause.page}\n    B: {clause.copy}",
                )
            )


def _on(row: DivergenceRow, day: date) -> bool:
    from kb.config import beijing_day

    since = beijing_day(datetime.fromisoformat(row.since))
    return since <= day and (row.until is None or beijing_day(datetime.fromisoformat(row.until)) > day)


def _iso(day: date | None) -> str | None:
    return str(day) if day else None


def _say(found: AsOf, site: OnSiteOut, force: InForceOut | None) -> None:
    stands = tr(words.zh(found.status), words.en(found.status))
    ahead = site.seen == "ahead"
    by_dates = tr("按已知日期推算：", "by the dates known: ") if ahead else ""
    say(f"{found.title}　{found.day}　〔{by_dates}{stands}〕")
    say(tr(f"官方原文　{shown(found.url)}", f"source  {shown(found.url)}"))
    say(tr("\n■ 当日网站上所见", "\n■ on the site that day"))
    if site.said:
        say(f"　{site.said}")
    if site.text is not None and not ahead:
        say(site.text)
    for day in (site.since, site.until) if site.text is None else ():
        say(f"　zhengce history {found.document} --as-of {day}")
    say(tr("\n■ 当日有效的条文（按施行日期推算）", "\n■ in force that day, reckoned by dates"))
    if force is None:
        _say_none(found)
        return
    how = tr("，按首见日推断", ", inferred from the day it was first seen") if force.inferred else ""
    say(tr(f"　自 {force.since} 起施行{how}", f"  in force since {force.since}{how}"))
    _say_text_in_force(site, force)


def _say_text_in_force(site: OnSiteOut, force: InForceOut) -> None:
    """The words, unless they stand above, and in which look at the site they were found where that was not that day."""
    shown = force.version == site.version
    if shown and site.text is not None and site.seen in {"stood", "between"}:
        say(tr("　与网站上所见相同", "  the same as on the site"))
        return
    if shown or site.text is None:
        seen = site.since if shown else site.until
        say(tr(f"　所据文字：{seen} 在网站上所见", f"  by the text seen on {seen}"))
    if not shown or site.seen != "since":
        say(force.text)


def _say_none(found: AsOf) -> None:
    if found.undatable:
        say(
            tr(
                f"　不能推算：{found.site.until} 所见的文字没有写明自何日起施行，程序不知道它在哪一天代替了 {found.site.since} 所见的文字",
                f"  cannot be told: the text seen on {found.site.until} does not say from when it applies",
            )
        )
        return
    say(tr(f"　没有：{words.zh(found.status)}", f"  none: {words.en(found.status)}"))
    if (by := found.ended_by) is not None:
        say(
            tr(
                f"　见《{by.title}》{by.anchor}，自 {by.effective} 起",
                f"  by 《{by.title}》 since {by.effective}",
            )
        )
    for other in found.instead:
        say(
            tr(
                f"　此前适用的文件　{other.other}　《{other.title}》",
                f"  until then  {other.other} 《{other.title}》",
            )
        )


def _say_relations(heading: str, rows: tuple[RelationRow, ...]) -> None:
    if rows:
        say(f"\n■ {heading}")
    for row in rows:
        kind = tr(words.zh(row.kind), words.en(row.kind))
        say(
            "　"
            + "　".join(
                filter(None, (kind, f"《{row.title.strip('《》')}》", row.number, row.anchor, row.other))
            )
        )


def _line(
    found: AsOf,
    site: OnSiteOut,
    force: InForceOut | None,
    relations: Relations,
    diverging: list[DivergenceRow],
) -> AsOfOut:
    return AsOfOut(
        document=found.document,
        title=found.title,
        url=found.url,
        day=str(found.day),
        held_since=str(found.held_since),
        status=found.status,
        site=site,
        force=force,
        undatable=found.undatable,
        ended_by=_relation(found.ended_by) if found.ended_by else None,
        instead=[_relation(row) for row in found.instead],
        does=[_relation(row) for row in relations.does],
        suffers=[_relation(row) for row in relations.suffers],
        diverging=[DivergenceOut.model_validate(_divergence(row)) for row in diverging],
    )


def _divergence(row: DivergenceRow) -> dict[str, object]:
    fields = asdict(row)
    del fields["id"]
    return fields


def _relation(row: RelationRow) -> RelationOut:
    return RelationOut.model_validate({name: getattr(row, name) for name in RelationOut.model_fields})

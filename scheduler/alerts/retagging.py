"""Tags that changed after a change was matched: whom a new tag concerns, and what is not told any more.

The ledger remembers the licence types each change was matched with. A type that a person adds is told at once to those
it newly concerns; one that only a new vocabulary finds waits for a person, as a late notice. A type that is taken off
takes its waiting digest items with it; what was told already is not told again and not taken back: the change is a fact.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from kb.codes import Flag, Significance
from kb.model import instant
from kb.store.tagged import is_said, said_of, words_of
from scheduler.alerts.match import NEVER
from scheduler.facts import ChangeFacts
from scheduler.observed import Observed
from scheduler.ops import Ops, Subscription

ADDED = "当时没有标到这一事项，现由人工补充标注"
RETAGGED = "当时没有标到这一事项，词表更新后标出，现经人工放行"
_NO_TAGS = ("below", "corrects:")


@dataclass(frozen=True, slots=True)
class NewlyTagged:
    """A change seen with its new tags alone; ``because`` is the clause that says why it comes late."""

    change: ChangeFacts
    because: str


@dataclass(frozen=True, slots=True)
class Retagger:
    ops: Ops
    observed: Observed
    now: datetime

    def note(self) -> None:
        """Compare the tags of all changes that were matched with those they were matched with."""
        rows = self.ops.rows("SELECT change, licences FROM considered")
        current = self.observed.tagged()
        pending = {
            row["change"]
            for row in self.ops.rows(
                "SELECT change FROM newly_tagged WHERE state IN ('waiting', 'released')"
                " UNION SELECT change FROM digest_items WHERE alert IS NULL"
            )
        }
        with self.ops.transaction() as db:
            for row in rows:
                tags = current.get(row["change"])
                if tags is None:
                    continue
                known = set(tags if row["licences"] is None else json.loads(row["licences"]))
                told = known - (self._drop_lost(row["change"], tags) if row["change"] in pending else set())
                gained = tags.keys() - told
                if gained and self._matters(row["change"]):
                    self._hold(row["change"], {licence: tags[licence] for licence in sorted(gained)})
                if row["licences"] is None or told | gained != known:
                    db.execute(
                        "UPDATE considered SET licences = ? WHERE change = ?",
                        (json.dumps(sorted(told | gained)), row["change"]),
                    )

    def _matters(self, change: str) -> bool:
        return any(
            facts.kind not in NEVER
            and (facts.significance is Significance.SUBSTANTIVE or Flag.NEEDS_READING in facts.flags)
            for facts in self.observed.changes([change])
        )

    def _hold(self, change: str, gained: Mapping[str, str]) -> None:
        """``gained``: licence types and the rules that gave them, none that a person rejected. What a person said goes out,
        the rest waits for one."""
        reader = self.observed.connection
        said = said_of(reader, "change", change, words_of(reader, "change", change) or "")
        with self.ops.transaction() as db:
            for licence, rule in gained.items():
                by_person = licence in said or is_said(rule)
                db.execute(
                    "INSERT OR IGNORE INTO newly_tagged (change, licence, person, since, state) VALUES (?, ?, ?, ?, ?)",
                    (
                        change,
                        licence,
                        int(by_person),
                        instant(self.now),
                        "released" if by_person else "waiting",
                    ),
                )

    def _drop_lost(self, change: str, tags: Mapping[str, str]) -> set[str]:
        """What waited for a tag that is gone is not told: new tags, which are given, and items of the next digest, of
        which the licence types are given. Should such a tag come back, it is new again."""
        with self.ops.transaction() as db:
            dropped = {
                row["licence"]
                for row in db.execute(
                    "DELETE FROM newly_tagged WHERE change = ? AND state IN ('waiting', 'released')"
                    " AND licence NOT IN (SELECT value FROM json_each(?)) RETURNING licence",
                    (change, json.dumps(sorted(tags))),
                ).fetchall()
            }
            for row in self.ops.rows(
                "SELECT i.subscription, i.reason FROM digest_items AS i JOIN subscriptions AS s ON s.id = i.subscription"
                " WHERE i.change = ? AND i.alert IS NULL AND i.reason <> ''"
                " AND coalesce(s.settings ->> '$.licences', '[]') <> '[]'",
                (change,),
            ):
                named = row["reason"].split(",")
                if not row["reason"].startswith(_NO_TAGS) and not tags.keys() & set(named):
                    db.execute(
                        "DELETE FROM digest_items WHERE change = ? AND subscription = ? AND alert IS NULL",
                        (change, row["subscription"]),
                    )
                    dropped.update(named)
        return dropped

    def due(self) -> list[NewlyTagged]:
        """Changes with new tags that go out now."""
        found: dict[str, dict[str, bool]] = {}
        for row in self.ops.rows(
            "SELECT change, licence, person FROM newly_tagged WHERE state = 'released' ORDER BY since, change, licence"
        ):
            found.setdefault(row["change"], {})[row["licence"]] = bool(row["person"])
        due = []
        for change in self.observed.changes(found):
            new = found[change.id]
            limited = replace(change, tags=tuple(t for t in change.tags if t.licence in new))
            if limited.tags:
                due.append(NewlyTagged(limited, ADDED if all(new.values()) else RETAGGED))
        return due

    def newly_concerned(self, change: str, subscriptions: Iterable[Subscription]) -> list[Subscription]:
        """Those who wish for certain types and whom this change did not reach before."""
        reached = {
            row["subscription"]
            for row in self.ops.rows(
                "SELECT subscription FROM alerts WHERE about = ?1 AND kind IN ('change', 'late_notice', 'correction')"
                " UNION SELECT subscription FROM digest_items WHERE change = ?1",
                (change,),
            )
        }
        return [each for each in subscriptions if each.licences and each.id not in reached]

    def told(self, changes: Iterable[str]) -> None:
        with self.ops.transaction() as db:
            db.executemany(
                "UPDATE newly_tagged SET state = 'told' WHERE change = ? AND state = 'released'",
                [(change,) for change in changes],
            )


def waiting_tags(ops: Ops) -> dict[str, list[str]]:
    """Licence types, by change, that only a new vocabulary finds and that wait for a person."""
    found: dict[str, list[str]] = {}
    for row in ops.rows(
        "SELECT change, licence FROM newly_tagged WHERE state = 'waiting' ORDER BY since, change, licence"
    ):
        found.setdefault(row["change"], []).append(row["licence"])
    return found


def release_tag(ops: Ops, change: str, licence: str) -> None:
    """A person found a tag right that waited, or that they had found wrong before: it goes out."""
    _settle(ops, change, licence, "released", ("waiting", "dropped"))


def drop_tag(ops: Ops, change: str, licence: str) -> None:
    """A person found a tag wrong that waited: it never goes out, unless they think again."""
    _settle(ops, change, licence, "dropped", ("waiting",))


def _settle(ops: Ops, change: str, licence: str, state: str, before: tuple[str, ...]) -> None:
    with ops.transaction() as db:
        db.execute(
            "UPDATE newly_tagged SET state = ? WHERE change = ? AND licence = ?"
            " AND state IN (SELECT value FROM json_each(?))",
            (state, change, licence, json.dumps(before)),
        )

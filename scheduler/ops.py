"""ops.db: subscriptions, channels, alerts, deliveries, acknowledgements. Private: the public site never opens it.

Mode 0600, WAL, ``synchronous=FULL``. Secrets are never stored, only references to them (``env:NAME``, ``file:/path``).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from kb.codes import DeliveryState, HeldFor, Significance
from kb.decisions import Decision
from kb.errors import ConfigError, NotFound, SchemaTooNew
from kb.model import instant
from kb.sqlite import sqlite3
from scheduler.damage import damage
from scheduler.schema import MIGRATIONS


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EmailSettings(Strict):
    """``security``: implicit TLS, mandatory STARTTLS, or none, which only a loopback or allowed server may use."""

    kind: Literal["email"] = "email"
    to: str = Field(min_length=3)
    sender: str = Field(min_length=3)
    host: str = Field(min_length=1)
    port: int = Field(default=465, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "tls"
    username: str = ""
    password: str = Field(default="", pattern=r"^$|^(env|file):.+", description="a reference, never a secret")
    allow_private: bool = False


class WebhookSettings(Strict):
    kind: Literal["webhook"] = "webhook"
    url: str = Field(pattern=r"^https?://[^\s\\]+$")
    secret: str = Field(pattern=r"^(env|file):.+", description="a reference to a whsec_ secret")
    allow_private: bool = False

    @model_validator(mode="after")
    def _can_be_posted_to(self) -> WebhookSettings:
        try:
            parts = urlsplit(self.url)
            usable = bool(parts.hostname) and parts.port != 0
        except ValueError as error:  # a port beyond 65535, an IPv6 address without its bracket
            raise ValueError(f"url 无法使用：{error}") from error
        if not usable:
            raise ValueError("url 缺少主机名或端口有误")
        if parts.scheme != "https" and not self.allow_private:
            raise ValueError("url 只接受 https；内网地址须由管理员设 allow_private")
        return self


ChannelSettings = Annotated[EmailSettings | WebhookSettings, Field(discriminator="kind")]
_CHANNEL: TypeAdapter[EmailSettings | WebhookSettings] = TypeAdapter(ChannelSettings)


class Subscription(Strict):
    """Who wants what. Empty ``licences`` or ``sources`` mean all of them; local rules are wanted of ``province`` and
    ``regions``, of all provinces where neither says one. What they hold: ``scheduler.holdings``."""

    id: str = ""
    name: str = Field(min_length=1)
    licences: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    minimum: Significance = Significance.SUBSTANTIVE
    channels: tuple[str, ...] = ()
    immediate: bool = True
    digest: Literal["daily", "weekly", "none"] = "daily"
    incidents: bool = True
    province: str = ""
    regions: tuple[str, ...] = Field(default=(), description="provinces wanted beside their own")
    profile: str = Field(default="", description="the profile whose answers licences and province follow")
    service: str = Field(default="", description="what the subscriber offers, in their own words")
    watched_names: tuple[str, ...] = ()
    created_at: datetime | None = None


class Ops:
    """An open ops.db. Use ``with ops.transaction():`` around everything that belongs together."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
        self.connection = sqlite3.connect(
            str(path), isolation_level=None, timeout=10, check_same_thread=False
        )
        self.connection.row_factory = sqlite3.Row
        self.path = path
        try:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
                self.connection.execute(f"PRAGMA {pragma}")
            self._migrate(path)
        except BaseException as error:
            self.__exit__(type(error), error)
            raise

    def _migrate(self, path: Path) -> None:
        (version,) = self.connection.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise SchemaTooNew(
                "ops.db 由更新的 zhengce 写成", where=str(path), do="请升级 zhengce，或用升级前的备份"
            )
        for number, migration in enumerate(MIGRATIONS[version:], start=version + 1):
            self.connection.executescript(f"BEGIN;{migration};PRAGMA user_version={number};COMMIT;")

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> Ops:
        return self

    def __exit__(self, _type: object, error: BaseException | None, *_: object) -> None:
        """Raises ``StoreError`` where the file turned out to be damaged."""
        self.close()
        if found := damage(error, self.path):
            raise found from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """``BEGIN IMMEDIATE`` ... commit, or roll everything back; inside another transaction it joins that one."""
        if self.connection.in_transaction:
            yield self.connection
            return
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def note(self, what: str, keys: Iterable[str], *, now: datetime, failed: bool = False) -> None:
        """Remember that something was tried, whatever came of it: a crawl of a source, a second look at a page."""
        with self.transaction() as db:
            db.executemany(
                "INSERT INTO activity (what, key, at, failed) VALUES (?, ?, ?, ?) ON CONFLICT (what, key) DO UPDATE"
                " SET at = excluded.at, failed = excluded.failed, times = times + 1",
                [(what, key, instant(now), int(failed)) for key in keys],
            )

    def noted(self, what: str) -> dict[str, tuple[datetime, bool]]:
        """When each was last tried, and whether that failed."""
        rows = self.rows("SELECT key, at, failed FROM activity WHERE what = ?", (what,))
        return {row["key"]: (datetime.fromisoformat(row["at"]), bool(row["failed"])) for row in rows}

    def times(self, what: str) -> dict[str, int]:
        """How often each was tried since it was last forgotten."""
        rows = self.rows("SELECT key, times FROM activity WHERE what = ?", (what,))
        return {row["key"]: int(row["times"]) for row in rows}

    def forget(self, what: str, keys: Iterable[str]) -> None:
        with self.transaction() as db:
            db.executemany("DELETE FROM activity WHERE what = ? AND key = ?", [(what, key) for key in keys])

    def rows(self, sql: str, parameters: Iterable[Any] = ()) -> list[sqlite3.Row]:
        return self.connection.execute(sql, tuple(parameters)).fetchall()

    # ------------------------------------------------------------------ channels

    def put_channel(
        self, settings: EmailSettings | WebhookSettings, *, now: datetime, channel: str = ""
    ) -> str:
        """Insert or replace; a replaced channel is active again. Returns its id."""
        channel = channel or f"cn-{secrets.token_hex(4)}"
        with self.transaction() as db:
            db.execute(
                "INSERT INTO channels (id, settings, created_at) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE"
                " SET settings = excluded.settings, state = 'active', state_reason = ''",
                (channel, settings.model_dump_json(), instant(now)),
            )
        return channel

    def channel(self, channel: str) -> EmailSettings | WebhookSettings:
        rows = self.rows("SELECT settings FROM channels WHERE id = ?", (channel,))
        if not rows:
            raise NotFound(f"没有投递方式 {channel}", do="zhengce subscribe 可查看和添加")
        try:
            return _CHANNEL.validate_json(rows[0]["settings"])
        except ValidationError as error:  # written by hand, or by a version that accepted more
            said = error.errors(include_url=False)[0]["msg"]
            raise ConfigError(f"投递方式 {channel} 无法使用：{said}", do="请重新添加") from error

    def channels(self) -> tuple[str, ...]:
        """The ids of all of them, disabled ones included."""
        return tuple(row["id"] for row in self.rows("SELECT id FROM channels ORDER BY id"))

    def secret_variables(self) -> frozenset[str]:
        """Names of the environment variables that hold secrets of channels; no child process needs them."""
        rows = self.rows(
            "SELECT value FROM channels, json_each(channels.settings) WHERE key IN ('password', 'secret')"
            " AND value LIKE 'env:_%'"
        )
        return frozenset(row["value"].removeprefix("env:") for row in rows)

    def enable_channel(self, channel: str) -> None:
        """Send there again; what was given up meanwhile stays given up until ``alerts --retry``."""
        with self.transaction() as db:
            db.execute("UPDATE channels SET state = 'active', state_reason = '' WHERE id = ?", (channel,))

    def disable_channel(self, channel: str, reason: str, *, now: datetime) -> None:
        """Stop sending there; what was still waiting becomes ``disabled``."""
        with self.transaction() as db:
            db.execute(
                "UPDATE channels SET state = 'disabled', state_reason = ? WHERE id = ?", (reason, channel)
            )
            db.execute(
                "UPDATE deliveries SET state = ?, detail = ?, due_at = NULL, lease_until = NULL, changed_at = ?"
                " WHERE channel = ? AND state IN (?, ?, ?)",
                (
                    DeliveryState.DISABLED,
                    reason,
                    instant(now),
                    channel,
                    DeliveryState.PENDING,
                    DeliveryState.RETRY,
                    DeliveryState.LEASED,
                ),
            )

    # ------------------------------------------------------------------ subscriptions

    def put_subscription(self, subscription: Subscription, *, now: datetime) -> str:
        """Insert or replace by id; when it began is kept. ``ConfigError`` for a channel that does not exist."""
        known = self.channels()
        if missing := [c for c in subscription.channels if c not in known]:
            raise ConfigError(f"没有投递方式：{'、'.join(missing)}", do="请先添加投递方式")
        key = subscription.id or f"sub-{secrets.token_hex(4)}"
        settings = subscription.model_dump(mode="json", exclude={"id", "created_at"})
        with self.transaction() as db:
            db.execute(
                "INSERT INTO subscriptions (id, settings, created_at) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE"
                " SET settings = excluded.settings, active = 1",
                (key, json.dumps(settings, ensure_ascii=False), instant(subscription.created_at or now)),
            )
        return key

    def subscriptions(self) -> tuple[Subscription, ...]:
        """The active ones, oldest first."""
        rows = self.rows("SELECT * FROM subscriptions WHERE active = 1 ORDER BY created_at, id")
        return tuple(
            Subscription.model_validate(
                {
                    **json.loads(row["settings"]),
                    "id": row["id"],
                    "created_at": datetime.fromisoformat(row["created_at"]),
                }
            )
            for row in rows
        )

    def end_subscription(self, subscription: str) -> None:
        with self.transaction() as db:
            if not db.execute("UPDATE subscriptions SET active = 0 WHERE id = ?", (subscription,)).rowcount:
                raise NotFound(f"没有订阅 {subscription}", do="zhengce subscribe 可列出全部订阅")

    # ------------------------------------------------------------------ late notices

    def hold(
        self,
        changes: Iterable[str],
        reason: str,
        *,
        now: datetime,
        held_for: HeldFor = HeldFor.REVEALED,
    ) -> None:
        with self.transaction() as db:
            db.executemany(
                "INSERT OR IGNORE INTO holds (change, reason, since, held_for) VALUES (?, ?, ?, ?)",
                [(change, reason, instant(now), held_for) for change in changes],
            )

    def waiting(self, held_for: HeldFor) -> dict[str, str]:
        """Ids of what our ledger holds for this reason, with the sentence that says why, longest held first."""
        rows = self.rows(
            "SELECT change, reason FROM holds WHERE released_at IS NULL AND held_for = ? ORDER BY since, change",
            (held_for,),
        )
        return {row["change"]: row["reason"] for row in rows}

    def settle_hold(self, change: str, *, by: str, now: datetime) -> None:
        """A person has dealt with it; nothing of it is matched again."""
        with self.transaction() as db:
            db.execute(
                "UPDATE holds SET released_at = ?, released_by = ? WHERE change = ? AND released_at IS NULL",
                (instant(now), by, change),
            )

    def drop_holds(self, changes: Iterable[str], held_for: HeldFor) -> None:
        """What was held and is no longer so, by itself."""
        with self.transaction() as db:
            db.executemany(
                "DELETE FROM holds WHERE change = ? AND held_for = ? AND released_at IS NULL",
                [(change, held_for) for change in changes],
            )

    def note_decision(self, decision: Decision, *, who: str, note: str) -> None:
        with self.transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO decided (decision, subject, at, who, note) VALUES (?, ?, ?, ?, ?)",
                (decision.id, decision.subject, instant(decision.at), who, note),
            )

    def release(self, change: str, *, by: str, now: datetime) -> None:
        """A person lets a late notice go out; it is matched at the next step."""
        with self.transaction() as db:
            changed = db.execute(
                "UPDATE holds SET released_at = ?, released_by = ? WHERE change = ? AND released_at IS NULL",
                (instant(now), by, change),
            )
            if not changed.rowcount:
                raise NotFound(f"没有等待补报的变动 {change}", do="zhengce held 可查看等待的变动")
            db.execute("DELETE FROM considered WHERE change = ?", (change,))

    def held(self) -> frozenset[str]:
        return frozenset(
            row["change"] for row in self.rows("SELECT change FROM holds WHERE released_at IS NULL")
        )

    def released(self) -> frozenset[str]:
        """Late notices that a person let out."""
        rows = self.rows(
            "SELECT change FROM holds WHERE released_at IS NOT NULL AND held_for = ?", (HeldFor.REVEALED,)
        )
        return frozenset(row["change"] for row in rows)

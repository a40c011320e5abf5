"""Settings, the data directory and its lock, secrets by reference, and the one clock."""

from __future__ import annotations

import fcntl
import os
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from kb.errors import ConfigError, DataDirectoryBusy, system_words

BEIJING = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """The only source of "now" above the pure rooms."""

    def now(self) -> datetime: ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock that stands still until it is set: for the demo and the tests."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


def clock_at(moment: str | None) -> Clock:
    """``FixedClock`` at an ISO 8601 instant with its offset, or the system's clock for ``None``."""
    if moment is None:
        return SystemClock()
    parsed = datetime.fromisoformat(moment)
    if parsed.tzinfo is None:
        raise ConfigError(f"时刻缺少时区：{moment}", do="请写成 2026-11-24T06:10:00+08:00 的形式")
    return FixedClock(parsed)


def beijing_day(moment: datetime) -> date:
    return moment.astimezone(BEIJING).date()


OUR_OWN = frozenset(
    [
        "-",
        "api",
        "calendar",
        "change",
        "changes",
        "chart",
        "document",
        "documents",
        "feed",
        "healthz",
        "incidents",
        "kb",
        "licence",
        "licences",
        "picture",
        "profile",
        "robots",
        "search",
        "sign-in",
        "sign-out",
        "sitemap",
        "source",
        "sources",
        "static",
    ]
)
"""First segments of the site's own addresses that a path in front of it may not have."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


Rate = Annotated[str, Field(pattern=r"^(off|[1-9]\d{0,5}/(second|minute|hour))$")]


class SiteLimits(Strict):
    """How often one address may ask for what is expensive, and how many such answers are made at once."""

    pages: Rate = "300/minute"
    search: Rate = "60/minute"
    compare: Rate = "30/minute"
    chart: Rate = "60/minute"
    export: Rate = "20/minute"
    tables: Rate = "120/minute"
    api: Rate = "240/minute"
    at_once: int = Field(default=16, ge=1, le=1000)


class SiteSettings(Strict):
    """``[site]``: where it listens, where readers reach it (``base_url``, with its path behind a proxy), who may read it."""

    host: str = "127.0.0.1"
    port: int = Field(default=8001, ge=0, le=65535)
    base_url: str = "http://127.0.0.1:8001"
    public: bool = False
    sign_in: Literal["off", "password", "proxy"] = "off"
    public_read: bool = Field(
        default=False,
        description="with sign-in: strangers read what may be published, not only those signed in",
    )
    person_header: str = Field(
        default="X-Forwarded-User",
        pattern=r"^[A-Za-z][A-Za-z0-9-]{2,60}$",
        description="with sign_in = proxy: the header in which a proxy names the person",
    )
    proxies: list[str] = Field(
        default=["127.0.0.1/32", "::1/128"], description="CIDR blocks of proxies that are believed"
    )
    limits: SiteLimits = SiteLimits()

    @field_validator("proxies")
    @classmethod
    def _are_blocks(cls, given: list[str]) -> list[str]:
        for each in given:
            try:
                ip_network(each)
            except ValueError as error:
                raise ValueError(f"{each} 不是地址段，请写成 10.0.0.0/24 的形式") from error
        return given

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, given: str) -> str:
        parts = urlsplit(given)
        path = parts.path.removeprefix("/").removesuffix("/")
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("请写成 https://example.cn/ 或 https://example.cn/zhengce/ 的形式")
        steps = path.split("/") if path else []
        good = all(re.fullmatch(r"\w[\w.-]*", step, re.ASCII) for step in steps)
        if not good or (steps and steps[0].partition(".")[0] in OUR_OWN):
            raise ValueError("路径只能用字母、数字和 - _ . /，第一段不能是网站自己的页面")
        return given


class Settings(Strict):
    """``zhengce.toml`` in the data directory. Subscriptions and channels live in ops.db; secrets are only named here."""

    language: Literal["zh", "en"] = "zh"
    demo: bool = False
    contact: str = Field(
        default="", description="address that watched sites may write to; goes into the user agent"
    )
    crawl_at: str = Field(default="06:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    digest_at: str = Field(default="08:30", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    second_look_minutes: int = Field(default=30, ge=1)
    sources: list[str] = Field(
        default_factory=list, description="folders of declarations; empty means the bundled ones"
    )
    allow_addresses: list[str] = Field(
        default_factory=list, description="CIDR blocks the operator allows besides public ones"
    )
    site: SiteSettings = SiteSettings()


_COMPLAINTS = {
    "extra_forbidden": "没有这个键",
    "missing": "缺少这一项",
    "string_too_short": "不能为空",
    "string_too_long": "不能超过 {max_length} 个字",
    "string_type": "应为文字",
    "string_pattern_mismatch": "格式不对",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "bool_parsing": "应为 true 或 false",
    "bool_type": "应为 true 或 false",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "可用 {expected}",
    "enum": "可用 {expected}",
}
_CLOCK_TIMES = {"crawl_at", "digest_at"}


def complaint(error: ValidationError) -> str:
    """The first thing a pydantic model found wrong, in Chinese: ``键 有误：原因``."""
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"]) or "（整项）"
    if key in _CLOCK_TIMES:
        return f"{key} 有误：请写成 HH:MM，例如 08:30"
    if first["type"] == "value_error":
        return f"{key} 有误：{first['ctx']['error']}"
    reason = _COMPLAINTS.get(first["type"], "值不可用")
    return f"{key} 有误：{reason.format_map(first.get('ctx', {}))}"


_TOML_FAULTS = (
    ("Cannot overwrite", "键或表重复了"),
    ("Cannot declare", "键或表重复了"),
    ("Expected '='", "键后面缺少 ="),
    ("Expected ']", "方括号没有闭合"),
    ("Unclosed", "括号没有闭合"),
    ("Unterminated", "引号没有闭合"),
    ("Illegal character", "引号没有闭合，或有不允许的字符"),
    ("Invalid value", "值写法不对，文字要加引号"),
)


def toml_fault(error: Exception) -> str:
    """What is wrong with a TOML file and on which line, in Chinese: ``第 3 行：键后面缺少 =``."""
    if isinstance(error, UnicodeDecodeError):
        line = error.object.count(b"\n", 0, error.start) + 1
        return f"第 {line} 行：不是 UTF-8 文字"
    found = re.search(r"line (\d+)", str(error))
    why = next((zh for english, zh in _TOML_FAULTS if english in str(error)), "写法不对")
    return f"{f'第 {found[1]} 行' if found else '文件末尾'}：{why}"


def line_of(error: ValidationError, text: str) -> str:
    """Where in a TOML file the key stands that a model found wrong: ``第 3 行``; "" when that is not certain."""
    keys = [part for part in error.errors(include_url=False)[0]["loc"] if isinstance(part, str)]
    pattern = rf"^[ \t]*{re.escape(keys[-1])}[ \t]*=" if keys else r"(?!)"
    found = list(re.finditer(pattern, text, re.M))
    return f"第 {text.count(chr(10), 0, found[0].start()) + 1} 行" if len(found) == 1 else ""


def secret(reference: str) -> str:
    """The secret a reference names: ``env:NAME`` or ``file:/path``. Secrets themselves are never configuration."""
    scheme, _, name = reference.partition(":")
    if scheme == "env" and name:
        if value := os.environ.get(name):
            return value
        raise ConfigError(f"环境变量 {name} 未设置", do=f"请先 export {name}=…")
    if scheme == "file" and name:
        try:
            return Path(name).read_text("utf-8").strip()
        except OSError as error:
            raise ConfigError(f"读不到密钥文件 {name}", do="请检查路径和权限") from error
    raise ConfigError("密钥只能写成 env:变量名 或 file:/路径", do="请不要把密钥写进配置")


@dataclass(frozen=True)
class DataDirectory:
    """One data directory: ``captures/`` and ``decisions/`` are the truth, ``kb.db`` is derived, ``ops.db`` is private."""

    root: Path

    @property
    def captures(self) -> Path:
        return self.root / "captures"

    @property
    def decisions(self) -> Path:
        return self.root / "decisions"

    @property
    def declarations(self) -> Path:
        """Declarations that did not come with the program; see docs/decisions/0001."""
        return self.root / "sources"

    @property
    def profiles(self) -> Path:
        """One file a service or client; see docs/profiles.md."""
        return self.root / "profiles"

    @property
    def kb(self) -> Path:
        return self.root / "kb.db"

    @property
    def ops(self) -> Path:
        return self.root / "ops.db"

    @property
    def people(self) -> Path:
        """Who may sign in to the site; private."""
        return self.root / "people.json"

    @property
    def site_key(self) -> Path:
        """What signs sessions of the site; private, and not part of a backup."""
        return self.root / "site.key"

    @property
    def settings_file(self) -> Path:
        return self.root / "zhengce.toml"

    def settings(self) -> Settings:
        """Raises ``ConfigError`` naming the key; an absent file gives the defaults."""
        where = str(self.settings_file)
        if not self.settings_file.exists():
            return Settings()
        try:
            return Settings.model_validate(tomllib.loads(self.settings_file.read_text("utf-8")))
        except ValidationError as error:
            raise ConfigError(f"配置无法使用：{complaint(error)}", where=where, do="请改正后重试") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"配置无法使用：{toml_fault(error)}", where=where, do="请改正后重试") from error

    def create(self) -> None:
        """Make the folder if it is not there. Raises ``ConfigError`` when it cannot be one."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(
                f"数据目录不能使用：{system_words(error)}",
                where=str(self.root),
                do="请用 --data 换一个文件夹",
            ) from error

    @contextmanager
    def writer(self) -> Iterator[None]:
        """Hold the one writer's lock; ``DataDirectoryBusy`` when another process has it."""
        self.create()
        with (self.root / ".lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise DataDirectoryBusy(
                    "另一个 zhengce 正在写这个数据目录", where=str(self.root), do="请等它结束，或先停止它"
                ) from error
            yield

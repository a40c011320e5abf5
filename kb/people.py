"""Who may sign in to the site: names and password hashes in one private file of the data directory.

Hashes are scrypt of Python's own library (RFC 7914): memory-hard, so that graphics cards gain little, and no dependency
to keep. The cost stands in each hash, so that it can be raised without anybody losing access. Passwords are compared in
NFKC, because an input method may give the same key in full or half width.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kb.errors import ConfigError, NotFound, UsageError

NAME = re.compile(r"[\w.@-]{1,64}")
SHORTEST, LONGEST = 10, 256
COST = (15, 8, 3)
"""log2 of the work factor, block size, lanes: 32 MiB; one of the equals that OWASP recommends."""
_HASH = re.compile(r"scrypt\$(\d{1,2}),(\d{1,2}),(\d{1,2})\$([\w+/=]+)\$([\w+/=]+)")


def hashed(password: str, *, cost: tuple[int, int, int] = COST) -> str:
    """``scrypt$ln,r,p$salt$hash``, salt and hash in Base64."""
    salt = secrets.token_bytes(16)
    return f"scrypt${','.join(map(str, cost))}${_base64(salt)}${_base64(_scrypt(password, salt, cost))}"


def matches(password: str, kept: str) -> bool:
    """Whether a password gives a hash; in the same time whatever it is."""
    found = _HASH.fullmatch(kept)
    if found is None:
        return False
    cost = (int(found[1]), int(found[2]), int(found[3]))
    salt, expected = base64.b64decode(found[4]), base64.b64decode(found[5])
    return hmac.compare_digest(_scrypt(password, salt, cost), expected)


def _scrypt(password: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    log, block, lanes = cost
    given = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    memory = 128 * block * (2**log + lanes + 2)
    return hashlib.scrypt(given, salt=salt, n=2**log, r=block, p=lanes, maxmem=memory + 2**20, dklen=32)


def _base64(given: bytes) -> str:
    return base64.b64encode(given).decode()


def spelt(name: str) -> str:
    """A name as it is kept, counted and looked up: what Unicode holds for the same is the same."""
    return unicodedata.normalize("NFC", name)


@dataclass(frozen=True, slots=True)
class Person:
    """``since``: when the password was set, ISO 8601."""

    name: str
    hash: str
    since: str

    @property
    def stamp(self) -> str:
        """Changes with the password: what was given out for the old one ends."""
        return hashlib.sha256(self.hash.encode()).hexdigest()[:16]


_NOBODY = Person("", hashed(secrets.token_hex(), cost=(1, 1, 1)), "")


class People:
    """The file, read again when it changed. Absent, nobody may sign in."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._read: tuple[object, Mapping[str, Person]] = (None, {})

    def all(self) -> Mapping[str, Person]:
        """Everybody by name. Raises ``ConfigError`` when the file is no such file, or others can read it."""
        try:
            status = self.file.stat()
        except FileNotFoundError:
            return {}
        if status.st_mode & 0o077:
            raise ConfigError(
                "别人也能读到登录名单", where=str(self.file), do=f"请运行 chmod 600 {self.file.name}"
            )
        state = (status.st_mtime_ns, status.st_ino, status.st_size)
        if self._read[0] != state:
            self._read = (state, _people_in(self.file))
        return self._read[1]

    def verified(self, name: str, password: str) -> Person | None:
        """Who gave the right password. Somebody unknown takes as long as somebody known."""
        known = self.all().get(spelt(name))
        kept = known or next(iter(self.all().values()), _NOBODY)
        right = matches(password, kept.hash)
        return known if right and known is not None else None

    def put(self, name: str, password: str, now: datetime, *, cost: tuple[int, int, int] = COST) -> bool:
        """Add somebody, or give them another password; whether they are new. Raises ``UsageError``."""
        name = spelt(name)
        if not NAME.fullmatch(name):
            raise UsageError(f"这个名字不能用：{name}", do="请用 64 个以内的字母、汉字、数字或 . _ @ -")
        if not SHORTEST <= len(password) <= LONGEST or password.casefold() == name.casefold():
            raise UsageError("密码不能用", do=f"请用 {SHORTEST} 到 {LONGEST} 个字符，不要与名字相同")
        person = Person(name, hashed(password, cost=cost), now.isoformat(timespec="seconds"))
        with self._held():
            known = dict(self.all())
            self._write({**known, name: person})
        return name not in known

    def remove(self, name: str) -> None:
        """Raises ``NotFound``."""
        name = spelt(name)
        with self._held():
            known = dict(self.all())
            if known.pop(name, None) is None:
                raise NotFound(f"登录名单里没有 {name}", do="zhengce people list 可列出")
            self._write(known)

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Nobody else changes the file meanwhile."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        folder = os.open(self.file.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def _write(self, people: Mapping[str, Person]) -> None:
        said = {each.name: {"hash": each.hash, "since": each.since} for each in people.values()}
        handle, temporary = tempfile.mkstemp(prefix=".people-", dir=self.file.parent)  # of mode 0600
        with os.fdopen(handle, "w", encoding="utf-8") as target:
            json.dump({"people": said}, target, ensure_ascii=False, indent=1)
        Path(temporary).replace(self.file)


def _people_in(file: Path) -> dict[str, Person]:
    try:
        said = json.loads(file.read_text("utf-8"))["people"]
        return {name: Person(name, str(each["hash"]), str(each["since"])) for name, each in said.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError("登录名单无法读取", where=str(file), do="请恢复备份，或删去后重新添加") from error


def signing_key(file: Path) -> str:
    """The key that signs sessions, made in a file of mode 0600 when it is not there; whoever removes it ends them all."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text("ascii").strip()
    key = secrets.token_hex(32)
    with os.fdopen(handle, "w", encoding="ascii") as target:
        target.write(key)
    return key

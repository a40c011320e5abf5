"""Digests that say which rules of ours a capture was compared under."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

_ROOMS = tuple(Path(__file__).resolve().parent.parent / room for room in ("reading", "files", "changing"))


@lru_cache(maxsize=1)
def code_digest() -> str:
    """SHA-256 over the names and bytes of the files of ``kb.reading``, ``kb.files`` and ``kb.changing``: when it moves,
    old fingerprints say nothing, and what was derived is derived again."""
    digest = hashlib.sha256()
    for file in sorted(file for room in _ROOMS for file in room.rglob("*")):
        if file.is_file() and file.suffix in {".py", ".toml"}:
            digest.update(f"{file.parent.name}/{file.name}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def rules_key(declaration_digest: str, code_digest: str, rules_digest: str = "") -> str:
    """What a fingerprint is good for: 16 hex digits of the declaration's and the code's digest together, and of the
    day's document rules where a declaration has rules of old."""
    parts = (declaration_digest, code_digest, *((rules_digest,) if rules_digest else ()))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

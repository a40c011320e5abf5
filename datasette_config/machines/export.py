"""Rows -> CSV that a spreadsheet opens in Chinese and does not run. Pure."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "|", "%", "\t", "\r")
HEADERS = {"x-robots-tag": "noindex"}


def as_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a byte order mark, lines ended by CRLF (RFC 4180), cells that a spreadsheet could run as text."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([cell(each) for each in row] for row in rows)
    return written.getvalue().encode("utf-8-sig", errors="replace")


def cell(text: str) -> str:
    """One line without control and direction-changing characters; an apostrophe before what begins a formula, in
    full-width signs too."""
    line = "".join(
        " " if sign.isspace() else sign
        for sign in text
        if sign.isspace() or unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co"}
    ).strip()
    return f"'{line}" if unicodedata.normalize("NFKC", line).startswith(FORMULA) else line

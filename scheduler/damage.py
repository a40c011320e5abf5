"""What is said of an ops.db that cannot be read: unlike kb.db nothing derives it, so only a backup brings it back."""

from __future__ import annotations

from pathlib import Path

from kb.errors import StoreError
from kb.sqlite import sqlite3


def damage(error: BaseException | None, path: Path) -> StoreError | None:
    """The refusal where the driver found the file damaged; none for its other errors (locked, a broken constraint)."""
    if type(error) is not sqlite3.DatabaseError:
        return None
    return StoreError(
        "ops.db 读不出：文件已损坏，或不是数据库",
        where=str(path),
        do="请用最近一次备份里的 ops.db 换上（docs/runbook.md“备份与恢复”）；没有备份的，把它改名另存后用 zhengce init 重新设置",
    )

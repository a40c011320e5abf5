"""One crawl of a source at a time, and none that outlives the process that wanted it."""

from __future__ import annotations

import fcntl
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.errors import ConfigError

LOOK_EVERY = 1.0  # seconds


@contextmanager
def only_crawl_of(folder: Path) -> Iterator[None]:
    """Hold the lock of ``captures/<source>/``, which the system releases however this process ends.

    Raises ``ConfigError`` when another process crawls this source.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConfigError(
                "另一个巡查进程正在查看这个来源", where=folder.name, do="请等它结束后再试"
            ) from error
        yield


def end_with(parent: int) -> None:
    """Ask this process to end, with an end line in its log, as soon as ``parent`` is no longer its parent.

    Linux could send a signal by itself, but at the end of the thread that started us, not of the process.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_EVERY)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()

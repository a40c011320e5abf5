"""``zhengce run``: one tick a minute, the site beside it, an orderly end on SIGTERM and SIGINT."""

from __future__ import annotations

import logging
import signal
import subprocess
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from types import FrameType
from typing import Any

from kb.errors import ZhengceError
from kb.store.connection import bring_up_to_date
from scheduler.declarations import keep
from scheduler.jobs import Context, StepReport, run_once

TICK = 60  # seconds
LATE = 3600  # seconds a missed tick may be late and still run, once
GRACE = 10.0  # seconds the site has to end by itself

StartSite = Callable[[], "subprocess.Popen[Any]"]
Report = Callable[[StepReport], object]
log = logging.getLogger("zhengce")


class Daemon:
    """Holds the data directory's lock while it runs. ``start_site`` starts the site's process; ``None``: no site."""

    def __init__(
        self, context: Context, *, start_site: StartSite | None = None, report: Report | None = None
    ) -> None:
        self._ending = threading.Event()
        self.context = replace(context, ending=self._ending)
        self.start_site, self.report = start_site, report
        self.site: subprocess.Popen[Any] | None = None

    def run(self) -> None:
        """Until a signal or ``stop()``. Raises ``DataDirectoryBusy`` at once when another zhengce runs here."""
        from apscheduler.schedulers.background import BackgroundScheduler

        with self.context.data.writer():
            keep(self.context.data, self.context.sources.values())
            self._guarded(lambda: bring_up_to_date(self.context.data.kb))
            handlers = {
                number: signal.signal(number, self._signalled) for number in (signal.SIGTERM, signal.SIGINT)
            }
            scheduler = BackgroundScheduler(timezone="UTC")
            scheduler.add_job(
                self.tick,
                "interval",
                seconds=TICK,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=LATE,
                next_run_time=datetime.now(UTC),
            )
            try:
                scheduler.start()
                self._ending.wait()
            finally:
                scheduler.shutdown(wait=True)
                self._end_site()
                for number, handler in handlers.items():
                    signal.signal(number, handler)

    def stop(self) -> None:
        """Ask for the end; a tick under way stops its crawl processes and ends its step."""
        self._ending.set()

    def tick(self) -> None:
        """One step, and the site again if it died. An error is reported and the next tick tries again."""
        self._guarded(self._keep_site)
        self._guarded(self._step)

    def _guarded(self, part: Callable[[], None]) -> None:
        """The top of a house that must go on watching: whatever a part raises is logged, and the other part still runs."""
        try:
            part()
        except ZhengceError as error:
            log.error("%s", error)
        except Exception:
            log.exception("这一步没有做完，下一分钟再试")

    def _step(self) -> None:
        step = run_once(self.context)
        if self.report:
            self.report(step)

    def _keep_site(self) -> None:
        if self.start_site is None or self._ending.is_set():
            return
        if self.site is not None and self.site.poll() is not None:
            log.error("网站进程已退出（退出码 %s），重新启动", self.site.returncode)
            self.site = None
        if self.site is None:
            self.site = self.start_site()

    def _end_site(self) -> None:
        if self.site is None or self.site.poll() is not None:
            return
        self.site.terminate()
        try:
            self.site.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.site.kill()
            self.site.wait()

    def _signalled(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self.stop()

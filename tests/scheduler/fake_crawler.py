"""A crawler that notes its job instead of crawling, and the declarations it is given."""

from __future__ import annotations

from typing import Any

from kb.sources import Source

FAKE = """
import json, os, signal, sys, time
from pathlib import Path
job = json.loads(sys.stdin.readline())
here = Path({folder!r})
name = Path(job["declaration"]).stem
(here / f"{{name}}.{{time.time_ns()}}.job").write_text(json.dumps(job))
(here / f"{{name}}.on").touch()
running = len(list(here.glob("*.on")))
(here / f"{{name}}.{{running}}.count").touch()
(here / f"{{name}}.environment").write_text(json.dumps(dict(os.environ)))
if name == "deaf": signal.signal(signal.SIGTERM, signal.SIG_IGN)
(here / f"{{name}}.ready").touch()
time.sleep(30 if name in ("endless", "deaf") else {pause})
(here / f"{{name}}.on").unlink()
if name == "broken": sys.exit("Traceback\\n  nonsense\\n巡查失败：磁盘已满")
if name == "killed": os.kill(os.getpid(), 9)
"""


def source(name: str, **values: Any) -> Source:
    return Source.model_validate(
        {
            "id": name,
            "title": name,
            "authority": "示例",
            "mechanism": "pages",
            "level": "regulator",
            "hosts": ["a.invalid"],
            "start": ["https://a.invalid/"],
            "publish": "full",
            **values,
        }
    )

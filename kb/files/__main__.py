"""Reads one file from stdin and writes its answer as JSON, or ``{"error"}``, to stdout.

Run as a file and in isolated mode: importing ``kb.reading`` would cost more than most files do.
"""

from __future__ import annotations

import json
import logging
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

READERS = {
    "docx": "docx",
    "xlsx": "xlsx",
    "pdf": "pdf",
    "zip": "archive",
    "image": "image",
    "ole": "office",
    "rtf": "office",
    "ofd": "ofd",
}


def main() -> int:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from kb.files.limits import LimitExceeded, limit_process

    kind = sys.argv[1]
    if READERS[kind] != "office":  # a converter needs a file to write; it sets limits of its own
        limit_process()
    logging.disable(logging.CRITICAL)
    answer: dict[str, Any]
    try:
        answer = import_module(f"kb.files.{READERS[kind]}").read(sys.stdin.buffer.read(), kind).as_json()
    except MemoryError:
        answer = {"error": "超出内存限额"}
    except LimitExceeded as error:
        answer = {"error": str(error)}
    except (
        Exception
    ) as error:  # whatever a parser raises on a hostile file becomes a sentence, here and nowhere else
        answer = {"error": f"文件损坏或不受支持（{type(error).__name__}）"}
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())

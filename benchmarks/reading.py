"""How long decoding, fingerprint and full reading of one page of about 45 KB take, in milliseconds (best and median).

Run: ``python benchmarks/reading.py``. The page is made here; nothing is fetched.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from kb.model import PageRole
from kb.reading import decode_body, fingerprint, read_page
from kb.sources import Source

URL = "https://www.example.gov.cn/a/b.html"
ROUNDS = 200


def page() -> bytes:
    """Half frame, half body, with the marks of a word processor."""
    frame = "".join(
        f'<li class="n{n}"><a href="/c/{n}.html" title="栏目{n}">政务公开栏目{n}</a></li>' for n in range(220)
    )
    article = '<p class="MsoNormal" style="text-indent:32pt"><span style="font-family:仿宋">第{n}条　申请人应当在三十日内提交材料，逾期不予受理。</span></p>'
    body = "".join(article.format(n=n) for n in range(130))
    return f"<!doctype html><html><head><meta charset=utf-8><title>示例办法</title></head><body><ul>{frame}</ul><div id=zoom>{body}</div></body></html>".encode()


def milliseconds(work: Callable[[], object]) -> tuple[float, float]:
    spent = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        spent.append(1000 * (time.perf_counter() - started))
    return min(spent), statistics.median(spent)


def main() -> None:
    source = Source.model_validate(
        {
            "id": "bench.rules", "title": "示例", "authority": "示例局", "mechanism": "pages", "level": "regulator",
            "hosts": ["www.example.gov.cn"], "start": [URL], "publish": "full", "document": {"body": [{"css": "#zoom"}]},
        }
    )  # fmt: skip
    body = page()
    text = decode_body(body).text
    steps: dict[str, Callable[[], object]] = {
        "decode": lambda: decode_body(body),
        "fingerprint": lambda: fingerprint(text, url=URL, source=source, role=PageRole.DOCUMENT),
        "full reading": lambda: read_page(body, url=URL, source=source),
    }
    print(f"page of {len(body)} bytes, {ROUNDS} rounds")
    for name, work in steps.items():
        best, median = milliseconds(work)
        print(f"{name:>14}: best {best:6.2f} ms, median {median:6.2f} ms")


if __name__ == "__main__":
    main()

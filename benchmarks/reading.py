"""How long a bare parse, decoding, fingerprint and full reading of one page of about 45 KB take, in milliseconds (best and median).

Run: ``python benchmarks/reading.py``. The page is made here; nothing is fetched.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser

from kb.codes import PageRole
from kb.reading.decode import decode_body
from kb.reading.fingerprint import fingerprint
from kb.reading.page import read_page
from kb.sources import Source

URL = "https://www.example.gov.cn/a/b.html"
ROUNDS = 200


def page() -> bytes:
    """A third frame, a third styles and options, a third body with the marks of a word processor; like a ministry's page."""
    styles = "".join(
        f".m{n} li{{color:#{n:06x};padding:{n}px;background:url(/images/b{n}.png)}}" for n in range(60)
    )
    frame = "".join(
        f'<li class="n{n}"><span class="date">2024-01-{n % 28 + 1:02}</span><a href="/c/{n}.html" title="关于栏目{n}的管理规定">关于栏目{n}的管理规定</a></li>'
        for n in range(150)
    )
    options = "".join(
        f'<option value="http://www.{n}.example/">某省第{n}主管部门</option>' for n in range(40)
    )
    article = (
        '<p style="text-indent:2em;line-height:1.75em"><span style="font-family:仿宋_GB2312;font-size:16pt"><b>第{n}条</b>　'
        "申请人应当在三十日内向主管部门提交材料并对其真实性负责；逾期不提交的，不予受理，法律、行政法规另有规定的除外。</span></p>\n"
    )
    body = "".join(article.format(n=n) for n in range(60))
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><style>{styles}</style><title>示例办法</title>'
        f'<meta name="ArticleTitle" content="示例办法"><meta name="PubDate" content="2020-02-08"></head><body><ul>{frame}</ul>'
        f'<div class="article"><h1>示例办法</h1><div class="article-content" id="zoom">{body}</div></div><select>{options}</select></body></html>'
    ).encode()


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
            "hosts": ["www.example.gov.cn"], "start": [URL], "publish": "full", 
            "document": {"body": [{"css": "div.article-content"}], "title": [{"css": "div.article h1"}]},
        }
    )  # fmt: skip
    body = page()
    text = decode_body(body).text
    steps: dict[str, Callable[[], object]] = {
        "bare parse": lambda: LexborHTMLParser(text),
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

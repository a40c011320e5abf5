"""``python -m crawler.sample_web --port 8800 --day 2``: serve one day by hand, until Ctrl-C."""

from __future__ import annotations

import argparse
import threading
from pathlib import Path

from crawler.sample_web.declarations import render_declarations
from crawler.sample_web.script import DAYS, sites
from crawler.sample_web.server import SampleWeb


def main() -> None:
    parser = argparse.ArgumentParser(description="演示用的虚构小监管网络")
    parser.add_argument("--port", type=int, default=8800)
    parser.add_argument("--day", type=int, default=1, choices=range(1, len(DAYS) + 1))
    parser.add_argument("--look", type=int, default=1, choices=(1, 2), help="当天的第几次查看")
    parser.add_argument("--declarations", type=Path, help="同时把来源配置写到这个目录")
    options = parser.parse_args()
    with SampleWeb(options.port) as web:
        web.day, web.look = options.day, options.look
        print(f"演示数据，内容虚构。第 {web.day} 天（{DAYS[web.day - 1]}）")
        for site in sites():
            print(f"  http://{site.address}:{web.port}/  {site.name}（{site.source}）")
        if options.declarations:
            render_declarations(web.port, options.declarations)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("已停止")


if __name__ == "__main__":
    main()

"""``python -m scheduler.demo [--no-serve] [--folder .demo]``: four days, checked against the truth."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

from crawler.sample_web import DAYS, SampleWeb, render_declarations
from crawler.sample_web.mails import SUBSCRIPTIONS
from kb.config import BEIJING, DataDirectory, FixedClock, Settings, secret
from kb.errors import ConfigError, ZhengceError
from kb.sources import load_declarations
from scheduler.demo.check import compare_all
from scheduler.demo.found import read_found
from scheduler.demo.mailbox import Mailbox
from scheduler.demo.show import DayFacts, day_lines, sent_line
from scheduler.jobs import Context, StepReport, run_once
from scheduler.observed import Observed
from scheduler.ops import Ops
from scheduler.setup import email_channel, new_webhook_secret, subscription, webhook_channel, write_settings

CRAWL, SECOND_LOOK, DIGEST = time(6, 10), time(6, 43), time(8, 30)
SENDER = "zhengce@demo.invalid"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m scheduler.demo", description="证策演示：数据虚构，不联网"
    )
    parser.add_argument("--no-serve", action="store_true", help="只看报告，不开网站")
    parser.add_argument("--folder", type=Path, default=Path(".demo"), help="演示数据放在哪里（会清空）")
    options = parser.parse_args(arguments)
    try:
        return demonstrate(DataDirectory(options.folder), serve=not options.no_serve)
    except ZhengceError as error:
        print(error, file=sys.stderr)
        return error.exit_code


def demonstrate(data: DataDirectory, *, serve: bool) -> int:
    """Play the four days into an empty directory; 1 when anything was missed or invented."""
    print("证策演示：正在布置虚构的网站和邮箱，约两分钟演完……", flush=True)
    wipe(data.root)
    appeared: dict[str, int] = {}
    days: list[DayFacts] = []
    with stage(data) as (context, web, mailbox):
        print(f"证策演示 · 数据虚构 · {len(DAYS)} 天 · {len(context.sources)} 个来源\n", flush=True)
        for number, day in enumerate(DAYS, start=1):
            print(f"正在演第 {number}/{len(DAYS)} 天……", file=sys.stderr, flush=True)
            facts = play_day(context, web, number, day)
            days.append(facts)
            found = read_found(data, context.ops, mailbox)
            appeared = {change.id: appeared.get(change.id, number) for change in found.changes}
            print("\n".join(day_lines(facts, found, appeared)), flush=True)
        found = read_found(data, context.ops, mailbox)
        missed, invented = compare_all(found, appeared, days)
        print(f"\n{sent_line(found.arrived, f'{mailbox.folder}/')}")
    verdict = "一致" if not (missed or invented) else "不一致"
    print(f"核对：与标准答案{verdict}，漏 {len(missed)}，误 {len(invented)}")
    for title, sentences in (("漏", missed), ("误", invented)):
        for sentence in sentences:
            print(f"   {title}  {sentence}")
    if serve:
        serve_site(data)
    else:
        print(next_lines(data.root, mailbox.folder))
    return 1 if missed or invented else 0


@contextmanager
def stage(data: DataDirectory) -> Iterator[tuple[Context, SampleWeb, Mailbox]]:
    """The sample web, the mailbox, the settings and subscriptions; everything on loopback addresses."""
    reference = new_webhook_secret(data.root)
    with SampleWeb() as web, Mailbox(data.root / "mailbox", secret(reference)) as mailbox:
        settings = write_settings(
            data,
            {
                "demo": True,
                "crawl_at": f"{CRAWL:%H:%M}",
                "digest_at": f"{DIGEST:%H:%M}",
                "contact": SENDER,
                "allow_addresses": ["127.0.0.0/8"],
            },
        )
        render_declarations(web.port, data.declarations)
        sources = load_declarations([data.declarations])
        with Ops(data.ops) as ops, data.writer():
            begin = FixedClock(at(DAYS[0], time(6, 0)))
            subscribe(ops, mailbox, reference, begin.now())
            yield Context(data, settings, sources, ops, begin, delay=0, at_once=4), web, mailbox


def subscribe(ops: Ops, mailbox: Mailbox, reference: str, now: datetime) -> None:
    """The subscriptions that the truth of the sample web was made for."""
    for number, who in enumerate(SUBSCRIPTIONS, start=1):
        if who.channel == "email":
            channel = ops.put_channel(
                email_channel(
                    to=f"fawu{number}@demo.invalid",
                    sender=SENDER,
                    host="127.0.0.1",
                    port=mailbox.smtp_port,
                    security="none",
                ),
                now=now,
            )
        else:
            channel = ops.put_channel(
                webhook_channel(url=mailbox.hook_url, secret=reference, allow_private=True), now=now
            )
        ops.put_subscription(
            subscription(
                id=f"sub-{number:02d}",
                name=who.name,
                licences=who.licences,
                channels=(channel,),
                digest=who.digest,
                incidents=who.incidents,
            ),
            now=now,
        )


def play_day(context: Context, web: SampleWeb, number: int, day: date) -> DayFacts:
    """One day: the crawl, the second look, and at half past eight the digest with whatever is still due."""
    web.day, web.look = number, 1
    first = step(context, day, CRAWL)
    web.look = 2
    step(context, day, SECOND_LOOK)
    step(context, day, DIGEST)
    noise = sum(report.totals["noise"] for report in first.crawl.ingested) if first.crawl else 0
    with Observed(context.data.kb) as observed:
        looked = observed.looked(context.sources, at(day, time(0, 0)), at(day, DIGEST))
        (documents,) = observed.connection.execute("SELECT count(*) FROM documents").fetchone()
    return DayFacts(number, day, looked.sources_due, looked.sources_seen, documents, noise)


def step(context: Context, day: date, moment: time) -> StepReport:
    report = run_once(replace(context, clock=FixedClock(at(day, moment))))
    for problem in report.problems:
        print(f"   注意  {problem}", flush=True)
    return report


def at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, BEIJING)


def wipe(folder: Path) -> None:
    """Empty the demonstration's folder. Raises ``ConfigError`` for a folder that holds anything else."""
    if folder.exists() and any(folder.iterdir()):
        settings = DataDirectory(folder).settings() if (folder / "zhengce.toml").exists() else Settings()
        if not settings.demo:
            raise ConfigError(
                "这个目录里不是演示数据，不清空", where=str(folder), do="请换一个目录（--folder）"
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)


def next_lines(root: Path, mails: Path) -> str:
    """Where the mail is, and what to do next, for who asked for no site."""
    return "\n".join(
        (
            f"演示邮件：{mails}/（*.eml，用邮件程序或文本编辑器打开）",
            f"看演示网站：zhengce serve --data {root}",
            "下一步：zhengce init（设置正式使用）",
        )
    )


def serve_site(data: DataDirectory) -> None:
    from datasette_config.app import run

    settings = data.settings()
    end = at(DAYS[-1], DIGEST)
    print(
        f"网站：http://{settings.site.host}:{settings.site.port}/      停止：Ctrl-C      下一步：zhengce init",
        flush=True,
    )
    run(data, settings, now=end.isoformat())


if __name__ == "__main__":
    raise SystemExit(main())

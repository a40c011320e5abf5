"""``zhengce`` whole: the verbs of every room, joined on the top floor."""

from __future__ import annotations

from typing import NoReturn

from kb.cli import zhengce
from kb.terminal import LazyVerb, run

for verb in (
    LazyVerb(
        "serve",
        "scheduler.verbs.watch:serve",
        section="看",
        zh="在浏览器里看知识库",
        en="Serve the knowledge base as a site",
    ),
    LazyVerb(
        "init",
        "scheduler.verbs.receive:init",
        section="收",
        zh="初次设置：五个问题，发一封测试",
        en="Set up: five questions and a test message",
    ),
    LazyVerb(
        "subscribe",
        "scheduler.verbs.receive:subscribe",
        section="收",
        zh="添加、列出、停止订阅，测试投递",
        en="Add, list, end subscriptions; test a channel",
    ),
    LazyVerb(
        "profile",
        "scheduler.verbs.profile:profile",
        section="收",
        zh="业务画像：您的服务通常、有时、一般不涉及哪些事项",
        en="Service profiles: which licence types usually, sometimes and rarely concern a service",
    ),
    LazyVerb(
        "affected",
        "scheduler.verbs.affected:affected",
        section="看",
        zh="一处变动或一份文件关系到哪些业务画像（客户），为什么",
        en="Which profiles (clients) a change or a document concerns, and why",
    ),
    LazyVerb(
        "calendar",
        "scheduler.verbs.calendar:calendar",
        section="收",
        zh="快到的日期：施行、意见反馈截止、过渡期、年度事项、续期",
        en="Days that come near: rules, comment periods, yearly duties, renewals",
    ),
    LazyVerb(
        "holding",
        "scheduler.verbs.holding:holding",
        section="收",
        zh="台账：已持有的许可、备案，模型方的合作协议和在用证明",
        en="What you hold: licences, filings, a vendor's agreement or certificate",
    ),
    LazyVerb(
        "alerts",
        "scheduler.verbs.alerts:alerts",
        section="收",
        zh="提醒与投递：列出、查看、记下处理、重发",
        en="Alerts and deliveries: list, show, assess, send again",
    ),
    LazyVerb(
        "held",
        "scheduler.verbs.held:held",
        section="收",
        zh="列出等待人工复核的一切：为什么暂缓，改前改后的文字",
        en="Everything that waits for a person: why, and the words before and after",
    ),
    LazyVerb(
        "decide",
        "scheduler.verbs.held:decide",
        section="收",
        zh="对一处变动作出人工决定",
        en="Say what a person decides about a change",
    ),
    LazyVerb(
        "review",
        "scheduler.verbs.feedback:review",
        section="收",
        zh="列出没有把握的标注；accept、reject、add 写下人工判断",
        en="List doubtful tags; accept, reject or add one",
    ),
    LazyVerb(
        "retag",
        "scheduler.verbs.feedback:retag",
        section="管",
        zh="用现在的词表重新标注全部历史，写出多出和消失的标注",
        en="Tag all of history by the vocabulary of today, and say what that gives and takes",
    ),
    LazyVerb(
        "missed",
        "scheduler.verbs.feedback:missed",
        section="管",
        zh="导入一份漏掉的规则，写明哪个来源本应发现、为什么没有，并补报",
        en="Import a rule that slipped through, say why, and tell those concerned",
    ),
    LazyVerb(
        "watch",
        "scheduler.verbs.watchlist:watch",
        section="收",
        zh="关注名单：模型、应用、公司的名字出现在备案名单或注销公告里时，立刻提醒",
        en="Names to watch for in filing lists and cancellation notices",
    ),
    LazyVerb(
        "run",
        "scheduler.verbs.watch:run",
        section="管",
        zh="常驻：每天巡查、比对、发提醒，并提供网站",
        en="Stay: crawl daily, alert, serve the site",
    ),
    LazyVerb(
        "crawl",
        "scheduler.verbs.work:crawl",
        section="管",
        zh="现在巡查一遍（全部或指名的来源）",
        en="Crawl now, all or the named sources",
    ),
    LazyVerb(
        "import",
        "scheduler.verbs.work:import_pages",
        section="管",
        zh="导入另存的网页、WARC 或历史快照",
        en="Import saved pages, WARC files or histories",
    ),
    LazyVerb(
        "sources",
        "scheduler.verbs.sources:sources",
        section="管",
        zh="来源：列出、查看、核对",
        en="Declared sources: list, show, check",
    ),
    LazyVerb(
        "status",
        "scheduler.verbs.sources:status",
        section="管",
        zh="现在的状况：来源、异常、待发",
        en="How things stand",
    ),
    LazyVerb(
        "verify",
        "scheduler.verbs.work:verify",
        section="管",
        zh="核验留存与知识库是否一致",
        en="Check captures and knowledge base against each other",
    ),
    LazyVerb(
        "rebuild",
        "scheduler.verbs.work:rebuild",
        section="管",
        zh="由留存重新生成知识库",
        en="Derive the knowledge base again from the captures",
    ),
    LazyVerb(
        "backup",
        "scheduler.verbs.work:backup",
        section="管",
        zh="备份整个数据目录",
        en="Back up the data directory",
    ),
    LazyVerb(
        "people",
        "scheduler.verbs.people:people",
        section="管",
        zh="登录网站的人：添加、列出、移出",
        en="Who may sign in to the site",
    ),
    LazyVerb(
        "publish",
        "scheduler.verbs.publish:publish",
        section="管",
        zh="写出知识库的一份固定副本，供只读的网站使用",
        en="Write a frozen copy of the knowledge base for a read-only site",
    ),
    LazyVerb(
        "backtest",
        "scheduler.verbs.study:backtest",
        section="研",
        zh="用新的来源配置重读历史，列出会多出、会消失、会改写的变动，连同改前改后的文字",
        en="Replay history under a new declaration: what changes it reveals, withdraws and words differently",
    ),
):
    zhengce.add_command(verb)


def main() -> NoReturn:
    run(zhengce)

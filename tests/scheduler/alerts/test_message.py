import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from kb.codes import ChangeKind, DeltaKind, Flag, Health, Op, Significance, SourceLevel
from kb.model import LicenceTag, ObligationDelta, PassageChange, Span
from scheduler.alerts.correction import correction_message
from scheduler.alerts.digest import DigestContents, Entry, Waiting, digest_message
from scheduler.alerts.incident import incident_message, notice_number, recovery_message
from scheduler.alerts.message import Letterhead, change_message, why_late
from scheduler.alerts.passages import excerpt
from scheduler.alerts.text import clean, clip_sentence
from scheduler.facts import ChangeFacts, IncidentFacts, LookFacts

Make = Callable[..., ChangeFacts]

CHANGE = """\
第二十四条：“十个工作日”改为“五个工作日”。
涉及：算法备案、深度合成算法备案　状态：已公布，尚未施行（2027-01-01 起，还有 38 天）

■ 原文对照
修改前（原第二十三条）
　第二十三条　备案信息有变化的，备案主体应当自变化之日起【十个工作日】内更新备案信息。
修改后（第二十四条）
　第二十四条　备案信息有变化的，备案主体应当自变化之日起【五个工作日】内更新备案信息。
新增（第九条）
　第九条　备案主体应当每年报送年度报告。

■ 程序判断
　要点变化：期限 十个工作日 → 五个工作日（缩短）
　标注理由（算法备案）：命中原文“更新备案信息”，所在章题“第四章 算法备案”　把握：高
　变动类型：内容修改　性质：实质性变动
　来源级别：监管机关原站

■ 同一文件的其他变动（2 处）
　原第九条至第十条，条号顺延（2 条），文字未变；另有 1 条条号与文字同时变动

■ 变动发生在什么时候
　2026-11-23 06:10　最后一次看到旧文
　2026-11-24 06:12　首次看到新文
　2026-11-24 06:43　再次查看，一致，确认
　程序只能说变动发生在前两个时刻之间。

■ 请人工（只有您和本单位管理员可见）
　适用｜不适用｜请律师判断｜这是误报｜标注有误
　在部署本系统的机器上记录：zhengce alerts al-7f3c20 --assess applies

文件：示例算法备案管理办法（示例网信办令第3号）
官方原文：https://wangxin.example.invalid/2026-11/23/c_0001.htm
全文对照：http://127.0.0.1:8001/change/ch-4f1a09000000
留存：ca-91be77000000　SHA-256 3b1f000000000000000000000000000000000000000000000000000000000000

——
发给您是因为订阅“主站-AI生图”包含：算法备案。修改或退订：回复本邮件写明“退订”，或由管理员运行 zhengce subscribe。
差异由程序逐字比对得出，不是法律意见，以官方原文为准。邮件编号 al-7f3c20
"""


def tell(change: ChangeFacts, head: Letterhead, late: bool = False) -> tuple[str, str, str]:
    message = change_message(
        change, ("algorithm-filing",), head, alert="al-7f3c20", subscription="主站-AI生图", late=late
    )
    return message.subject, message.body, message.short


def test_an_alert_reads_like_the_house_writes(make_change: Make, head: Letterhead) -> None:
    subject, body, short = tell(make_change(), head)
    assert subject == "〔实质变动〕算法备案：期限改为五个工作日（第二十四条），2027-01-01 起"
    assert body == CHANGE
    assert short.splitlines() == [
        "〔实质变动〕算法备案",
        "第二十四条：“十个工作日”改为“五个工作日”",
        "示例算法备案管理办法 · 已公布，尚未施行（2027-01-01 起，还有 38 天）",
        "对照与处理：http://127.0.0.1:8001/change/ch-4f1a09000000",
    ]


def test_fictional_data_says_so_first(make_change: Make, head: Letterhead) -> None:
    _, body, short = tell(make_change(), replace(head, demo=True))
    assert body.startswith("演示数据，内容虚构\n")
    assert short.startswith("演示数据，内容虚构\n")


@pytest.mark.parametrize(
    ("values", "begins"),
    [
        (
            {
                "kind": ChangeKind.DRAFT_PUBLISHED,
                "is_draft": True,
                "effective": None,
                "comments_until": date(2026, 12, 1),
            },
            "〔征求意见〕算法备案：",
        ),
        ({"kind": ChangeKind.AMENDED, "is_draft": True}, "〔征求意见〕"),
        ({"level": SourceLevel.PLATFORM}, "〔平台规则〕"),
        ({"level": SourceLevel.AGENCY, "kind": ChangeKind.NEW}, "〔代办机构文章，仅线索〕"),
        ({"kind": ChangeKind.NEW}, "〔新发布〕"),
        ({"kind": ChangeKind.REPEALED}, "〔废止〕"),
        ({"kind": ChangeKind.GONE}, "〔页面撤下〕"),
        ({"significance": Significance.EDITORIAL}, "〔文字变动〕"),
        ({"kind": ChangeKind.IMAGE_REPLACED, "flags": frozenset({Flag.NEEDS_READING})}, "〔图片更换〕"),
    ],
)
def test_a_subject_begins_with_what_it_is(
    make_change: Make, head: Letterhead, values: dict[str, object], begins: str
) -> None:
    subject, body, _ = tell(make_change(**values), head)
    assert subject.startswith(begins)
    if values.get("is_draft"):
        assert "征求意见稿，不是现行规定" in body
        assert "尚未施行" not in body


def test_words_that_advise_or_alarm_are_not_used(make_change: Make, head: Letterhead) -> None:
    for values in ({}, {"kind": ChangeKind.NEW}, {"is_draft": True}):
        text = "".join(tell(make_change(**values), head))
        assert not re.search(r"合规|违法|必须办理|建议立即|已送达|无变化|一切正常|[!！]", text)


def test_a_hostile_page_cannot_break_out_of_its_line(make_change: Make, head: Letterhead) -> None:
    evil = "规则\r\nBcc: a@b.invalid\r\n\r\n正文\x1b[31m\u202e反向\u2028{{7*7}} {0} %s"
    tags = (LicenceTag("algorithm-filing", "r", evil, "text", 0, 1, evil),)
    passages = (PassageChange(Op.AMENDED, Significance.SUBSTANTIVE, evil, evil, evil, evil),)
    change = make_change(title=evil, headline=evil, doc_number=evil, url=evil, tags=tags, passages=passages)
    for text in tell(change, head):
        assert not re.search("[\x00-\x09\x0b-\x1f\u202e\u2028]", text)
        assert "\nBcc" not in text
    subject, body, _ = tell(change, head)
    assert "\n" not in subject
    assert "{{7*7}} {0} %s" in body


def test_the_short_form_keeps_its_link(make_change: Make, head: Letterhead) -> None:
    _, _, short = tell(make_change(headline="长" * 900, title="题" * 900), replace(head, demo=True))
    assert len(short) <= 400
    assert short.endswith("/change/ch-4f1a09000000")


def test_a_late_notice_says_why_it_is_late(make_change: Make, head: Letterhead) -> None:
    subject, body, _ = tell(make_change(), head, late=why_late(make_change()))
    assert subject.startswith("〔补报〕")
    assert body.startswith("补报：")


def test_a_long_passage_is_cut_around_what_changed() -> None:
    text = "前" * 500 + "十个工作日" + "后" * 500
    shown = excerpt(text, (Span("replace", 500, 501, 500, 501, "十", "五"),), "before", ("十个工作日",))
    assert "【十个工作日】" in shown
    assert shown.startswith("…前")
    assert shown.endswith("后…")
    assert len(shown) < 420


def passage(anchor: str, before: str, after: str, *deltas: ObligationDelta) -> PassageChange:
    return PassageChange(Op.AMENDED, Significance.SUBSTANTIVE, anchor, anchor, before, after, (), deltas)


def test_what_the_headline_speaks_of_is_shown_first(make_change: Make, head: Letterhead) -> None:
    """Weight before order; the days of making and taking effect are no deadlines."""
    made = "已经2026年11月20日会议审议通过，现予公布，自2027年3月1日起施行。"
    days = [ObligationDelta(DeltaKind.DEADLINE, "", day) for day in ("2026年11月20日", "2027年3月1日")]
    fine = ObligationDelta(DeltaKind.PENALTY, "一万元以下罚款", "十万元以下罚款")
    change = make_change(
        kind=ChangeKind.FINALISED,
        headline="正式稿公布；第十一条：“一万元”改为“十万元”",
        passages=(
            passage("第2段", "旧", made, *days),
            passage(
                "第六条", "旧", "服务提供者应当添加提示。", ObligationDelta(DeltaKind.MODALITY, "", "应当")
            ),
            passage("第七条", "旧", "服务提供者可以添加提示。"),
            passage("第十一条", "处一万元以下罚款", "处十万元以下罚款", fine),
        ),
    )
    _, body, _ = tell(change, head)
    shown = body.split("■ 程序判断")[0]
    assert shown.index("第十一条）") < shown.index("第六条）")
    assert "要点变化：期限" not in body
    assert "要点变化：罚则 一万元以下罚款 → 十万元以下罚款" in body
    assert "　2026-11-23 06:10　列表上还没有它" in body
    assert "旧文" not in body


def test_a_subject_is_never_cut_inside_a_quotation(make_change: Make, head: Letterhead) -> None:
    headline = "正式稿公布；第十一条：“一万元”改为“三万元”，“三万元”改为“十万元”；第4段：“征求意见稿”改为“2026年11月26日公布”；另有3处"
    for length in range(20, 60):
        cut = clip_sentence(headline, length)
        assert len(cut) <= length
        assert cut.count("“") == cut.count("”"), cut
    subject, _, _ = tell(make_change(kind=ChangeKind.FINALISED, headline=headline), head)
    assert "“三万元”改为“十万元”…，2027-01-01 起" in subject


def test_a_replaced_image_says_where_both_files_are(make_change: Make, head: Letterhead) -> None:
    image = make_change(kind=ChangeKind.IMAGE_REPLACED, flags=frozenset({Flag.NEEDS_READING}))
    _, body, _ = tell(image, head)
    assert "　旧留存 ca-000000000001\n　新留存 ca-91be77000000\n　并列查看：http" in body
    assert "传输时压缩过则两者不同" in body


def test_the_item_whose_words_changed_comes_first(make_change: Make, head: Letterhead) -> None:
    tags = (
        LicenceTag("icp-license", "r", "年度", "text", 0, 2, ""),
        LicenceTag("algorithm-filing", "r", "年度报告", "text", 0, 4, ""),
        LicenceTag("deep-synthesis-filing", "r", "办法", "title", 0, 2, ""),
    )
    change = make_change(tags=(tags[2], tags[0]), headline="甲")
    message = change_message(
        change, ("deep-synthesis-filing", "icp-license"), head, alert="al-1", subscription="主站"
    )
    assert message.subject.startswith("〔实质变动〕ICP许可等2项：")


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [("a\tb\n c", "a b c"), ("甲　乙", "甲　乙"), ("\x00\u200e\ufeff", ""), ("a\u00a0b", "a b")],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


# --------------------------------------------------------------------------- the other mails


def test_a_correction_names_what_it_corrects(make_change: Make, head: Letterhead) -> None:
    reverted = make_change(
        id="ch-back",
        kind=ChangeKind.REVERTED,
        capture_after="ca-3",
        new_seen=datetime(2026, 11, 24, 7, 8, tzinfo=UTC),
        confirmed_at=datetime(2026, 11, 24, 7, 39, tzinfo=UTC),
    )
    message = correction_message(
        reverted,
        make_change(),
        head,
        alert="co-7f3c20-1",
        original_alert="al-7f3c20",
        alerted_at=datetime(2026, 11, 23, 22, 43, tzinfo=UTC),
        told=3,
        subscription="主站",
    )
    assert message.subject == "〔更正〕11-24 06:43“五个工作日”的提醒：原站已改回十个工作日"
    assert message.body.startswith(
        "请按本信为准：示例算法备案管理办法已改回修改前的文字，现为“十个工作日”。\n"
    )
    assert "　2026-11-24 06:12　看到“五个工作日”，06:43 向 3 个订阅发出提醒 al-7f3c20" in message.body
    assert "　2026-11-24 15:08　原站同一页面改回“十个工作日”；15:39 再次查看，一致" in message.body
    assert "ca-000000000001、ca-91be77000000、ca-3" in message.body
    assert "原提醒 al-7f3c20 ← 更正 co-7f3c20-1" in message.body


def test_a_blind_source_is_never_called_unchanged(
    make_incident: Callable[..., IncidentFacts], head: Letterhead
) -> None:
    message = incident_message(make_incident(), head, alert="al-1", number=1, subscription="主站")
    assert message.subject == "未能查看｜示例通信管理局·通知公告，已连续 2 次｜不等于没有变动"
    assert message.body.startswith(
        "从 2026-11-03 06:20 起看不到这个来源。在恢复之前，我们无法告诉您它有没有变。\n\n"
        "■ 原因：要求人机验证（HTTP 412，正文 318 字节，含验证脚本）。本系统不绕过验证。\n■ 影响：ICP许可。\n"
    )
    assert "上次正常：2026-11-02 06:18　留存 ca-77aa01000000" in message.body
    assert "未见变动" not in message.subject + message.body + message.short
    first = incident_message(
        make_incident(times=1, health=Health.EMPTY_SHELL, reason="页面只有框架，没有正文（44 字）"),
        head,
        alert="al-1",
        number=1,
        subscription="主站",
    )
    assert first.subject == "未能查看｜示例通信管理局·通知公告，首次发现｜不等于没有变动"
    assert "■ 原因：只有框架，没有正文（44 字）。不视为删除。\n" in first.body
    again = incident_message(make_incident(), head, alert="al-2", number=4, subscription="主站")
    assert again.subject == "未能查看｜示例通信管理局·通知公告，已 21 天｜ICP许可处于盲区"


def test_a_problem_is_told_again_every_seven_days(make_incident: Callable[..., IncidentFacts]) -> None:
    incident = make_incident()
    numbers = [
        notice_number(incident, incident.opened_at + timedelta(days=d)) for d in (0, 6.9, 7, 13, 14, 21)
    ]
    assert numbers == [1, 1, 2, 2, 3, 4]


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (date(2027, 1, 1), "将于 2027-01-01 废止（还有 38 天）"),
        (date(2026, 11, 1), "已废止（2026-11-01 起）"),
        (None, "已废止"),
    ],
)
def test_a_repealed_rule_is_never_said_to_be_in_force(
    make_change: Make, head: Letterhead, day: date | None, standing: str
) -> None:
    change = make_change(kind=ChangeKind.REPEALED, effective=day, headline="《示例办法》被废止")
    message = change_message(change, ("algorithm-filing",), head, alert="al-1", subscription="主站")
    assert f"状态：{standing}\n" in message.body
    assert "施行" not in message.body.partition("■")[0]


def test_a_recovery_says_what_was_compared(
    make_incident: Callable[..., IncidentFacts], make_change: Make, head: Letterhead
) -> None:
    over = make_incident(closed_at=datetime(2026, 11, 23, 22, 20, tzinfo=UTC))
    message = recovery_message(over, (make_change(),), head, alert="al-1", subscription="主站")
    assert message.subject == "已恢复｜示例通信管理局·通知公告｜21 天中断，有 1 处变动"
    assert "中断：2026-11-03 06:20 至 2026-11-24 06:20。" in message.body
    assert "中断期间发布又撤下的内容，程序无从知道。" in message.body


def contents(**values: object) -> DigestContents:
    return DigestContents(
        **{  # type: ignore[arg-type]
            "day": date(2026, 11, 24),
            "since": datetime(2026, 11, 23, 0, 30, tzinfo=UTC),
            "entries": (),
            "looked": LookFacts(9, 9, 412),
            "licences": ("algorithm-filing", "icp-license"),
            **values,
        }
    )


@pytest.fixture
def morning(head: Letterhead) -> Letterhead:
    return replace(head, now=datetime(2026, 11, 24, 0, 30, tzinfo=UTC))


def test_a_calm_day_is_short(morning: Letterhead) -> None:
    dates = (
        (date(2026, 12, 1), "示例标识规定（征求意见稿）意见反馈截止"),
        (date(2026, 12, 10), "贵司ICP许可 续期申请起算日（到期 2027-03-10，提前天数按贵司台账填写）"),
        (date(2027, 3, 10), "贵司ICP许可 到期"),
        (date(2028, 1, 1), "太远"),
    )
    message = digest_message(contents(dates=dates), morning, alert="dg-20261124-02", subscription="主站")
    assert message.subject == "未见变动｜11月24日日报｜应看 9 个来源，已看 9 个"
    assert message.body.splitlines()[:9] == [
        "2026-11-23 08:30 至 2026-11-24 08:30，您关注的 2 项均未见变动。",
        "查看了 9 个来源、412 个页面，逐一比对。",
        "",
        "",
        "快到的日期",
        "　12-01　示例标识规定（征求意见稿）意见反馈截止（还有 7 天）",
        "　12-10　贵司ICP许可 续期申请起算日（到期 2027-03-10，提前天数按贵司台账填写）（还有 16 天）",
        "　03-10　贵司ICP许可 到期（还有 106 天）",
        "未处理的提醒：0 件",
    ]
    assert len(message.body.splitlines()) < 15


def test_unseen_sources_are_said_beside_the_calm(
    make_incident: Callable[..., IncidentFacts], morning: Letterhead
) -> None:
    message = digest_message(
        contents(
            looked=LookFacts(9, 8, 400, ("示例通信管理局·通知公告", "乙")), incidents=(make_incident(),)
        ),
        morning,
        alert="dg-1",
        subscription="主站",
    )
    assert "在看得到的来源上均未见变动" in message.body
    assert (
        "未能查看：示例通信管理局·通知公告，要求人机验证，自 2026-11-03 06:20 起（21 天）。影响：ICP许可。"
        in message.body
    )
    assert message.subject.startswith("部分未能查看｜")
    assert "未能查看：乙（巡查没有完成" in message.body
    assert message.body.count("未能查看：示例通信管理局") == 1
    blind = digest_message(contents(looked=LookFacts(9, 0, 0)), morning, alert="dg-1", subscription="主站")
    assert blind.subject.startswith("未能查看｜")
    assert "未见变动" not in blind.body


@pytest.mark.parametrize(
    ("values", "begins", "says"),
    [
        ({"unwatched": ("icp-license",)}, "未见变动｜", "不能说“未见变动”的：ICP许可。"),
        ({"unwatched": ("algorithm-filing", "icp-license")}, "未能查看｜", "都没有自动查看的来源"),
        ({"looked": LookFacts(9, 9, 412, first=9)}, "已建立基线｜", "还没有以前的留存可以比对"),
        ({"looked": LookFacts(0, 0, 0)}, "本期没有轮到查看的来源｜", "无法告诉您有没有变动"),
        ({"unsent": ("al-1", "al-2")}, "未见变动｜", "有 2 封提醒未送出：al-1、al-2。"),
    ],
)
def test_calm_is_said_only_of_what_was_seen(
    morning: Letterhead, values: dict[str, object], begins: str, says: str
) -> None:
    message = digest_message(contents(**values), morning, alert="dg-1", subscription="主站")
    assert message.subject.startswith(begins)
    assert says in message.body
    if not begins.startswith("未见变动"):
        assert "均未见变动" not in message.body


def test_what_waits_forbids_the_calm_and_is_listed(make_change: Make, morning: Letterhead) -> None:
    waiting = (
        Waiting(make_change(id="ch-a", title="甲")),
        Waiting(make_change(id="ch-b", title="乙"), "改了又改回"),
    )
    message = digest_message(contents(waiting=waiting), morning, alert="dg-1", subscription="主站")
    assert message.subject.startswith("待确认 1 处、暂缓推送 1 处｜")
    assert "均未见变动" not in message.body
    assert "待确认 1 处，将再查看一次：\n　甲 → http://127.0.0.1:8001/change/ch-a" in message.body
    assert "暂缓推送 1 处，等待复核：\n　乙（改了又改回） → http" in message.body


def test_a_problem_of_pages_forbids_the_calm(
    make_incident: Callable[..., IncidentFacts], morning: Letterhead
) -> None:
    pages = tuple(make_incident(id=f"in-{n}", whole_source=False, page_title="附件一") for n in range(3))
    message = digest_message(contents(incidents=pages), morning, alert="dg-1", subscription="主站")
    assert message.subject.startswith("部分未能查看｜")
    assert message.subject.endswith("，其中 1 个有网页未能查看")
    assert "（页面：附件一 等 3 页）" in message.body


def test_law_drafts_and_platform_rules_stand_apart(make_change: Make, morning: Letterhead) -> None:
    draft = make_change(
        id="ch-2",
        kind=ChangeKind.DRAFT_PUBLISHED,
        is_draft=True,
        effective=None,
        comments_until=date(2026, 12, 1),
    )
    image = make_change(
        id="ch-3",
        kind=ChangeKind.IMAGE_REPLACED,
        level=SourceLevel.PLATFORM,
        flags=frozenset({Flag.NEEDS_READING}),
        passages=(),
    )
    alerted = Entry(make_change(), ("algorithm-filing",), datetime(2026, 11, 23, 22, 43, tzinfo=UTC))
    message = digest_message(
        contents(entries=(Entry(image), Entry(draft), alerted), looked=LookFacts(12, 11, 1), editorial=4),
        morning,
        alert="dg-1",
        subscription="主站",
    )
    assert message.subject == "3 处变动（实质 1、草案 1、待判读 1）｜11月24日日报｜12 个来源已看 11 个"
    headings = [line for line in message.body.splitlines() if line[1:2] == "、"]
    assert headings == [
        "一、实质性变动",
        "二、征求意见（不是现行规定）",
        "三、平台规则（不是法律，但影响上架）",
    ]
    assert "已于 06:43 即时提醒　处理：未处理" in message.body
    assert "另有文字性变动 4 处" in message.body


def test_a_new_scan_has_no_old_file_to_compare(make_change: Make, head: Letterhead) -> None:
    scan = make_change(kind=ChangeKind.NEW, flags=frozenset({Flag.NEEDS_READING}), capture_before="")
    _, body, _ = tell(scan, head)
    assert "请人工看原件" in body
    assert "新旧两份" not in body

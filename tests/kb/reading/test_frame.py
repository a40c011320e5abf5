"""What belongs to the page and what to its text, at both ends: nothing of the rule may be taken for a button."""

import pytest

from kb.reading.ends import trimmed
from kb.reading.frame import index_values, read_frame
from kb.reading.page import read_page

TITLE = "示例事项办理指南"
BODY = "申请人应当在三十日内提出申请，并提交下列材料。"


@pytest.mark.parametrize(
    "first",
    [
        "时间：2025年3月5日上午9时",
        "名称：示例公司",
        "微信小程序类目资质要求",
        "分享链接管理规范",
        "关闭账号的条件",
        "打印件与原件同等有效",
        "评论区管理规定",
        "公告编号：2025-001",
        "各有关单位：",
        "分类：第二类增值电信业务",
        "示例办法",
        "推荐性标准目录",
        "收藏品经营规则",
        "中小企业扶持办法",
    ],
)
def test_a_first_line_of_the_text_stays(first: str) -> None:
    assert trimmed(f"{first}\n{BODY}\n示例局", TITLE).split("\n")[0] == first


@pytest.mark.parametrize(
    "last",
    [
        "2025年3月5日",
        "示例市评论家协会",
        "附件：示例表.docx",
        '<a href="/a.docx">附件下载</a>',
        "主办单位：示例局",
        "公开方式：主动公开",
        "示例局办公室2025年3月6日印发",
        "联系人：张三，电话：000-00000000",
        "时间：2025年3月5日",
        "返回原籍的，按原标准执行",
        "（此件公开发布）",
        "示例新闻编辑中心",
        "60",
        "中",
    ],
)
def test_a_last_line_of_the_text_stays(last: str) -> None:
    assert trimmed(f"{BODY}\n{last}", TITLE).split("\n")[-1] == last


@pytest.mark.parametrize(
    "line",
    [
        "来源：示例日报",
        "信息来源：示例局 发布时间：2025-03-05",
        "发布时间：2025-03-05 浏览次数：33",
        "【字体：大 中 小】",
        "字号：大 中 小 打印",
        "听全文",
        "分享到：微信 微博",
        "A+ A-",
    ],
)
def test_a_line_of_the_page_before_the_text_goes(line: str) -> None:
    assert trimmed(f"{line}\n{BODY}\n示例局", TITLE) == f"{BODY}\n示例局"


@pytest.mark.parametrize(
    "line",
    [
        "【打印】【关闭】",
        "打印本页 关闭窗口",
        "责任编辑：张三",
        "（责编：张三、李四）",
        "编辑：张三 审核：李四",
        "上一篇：关于甲的通知",
        "下一条：没有了",
        "相关附件",
        "相关新闻：",
        "扫一扫在手机打开当前页",
        "分享到：",
        "Copyright 2025 示例网",
        "文/张三 图/李四 摄",
        "来源：示例局",
        "浏览次数：33",
        "返回顶部",
    ],
)
def test_a_line_of_the_page_after_the_text_goes(line: str) -> None:
    assert trimmed(f"{BODY}\n示例局\n{line}", TITLE) == f"{BODY}\n示例局"


def test_a_text_of_such_lines_alone_stays() -> None:
    assert trimmed("来源：示例局\n打印", TITLE) == "来源：示例局\n打印"


def test_the_title_of_the_text_itself_stays() -> None:
    assert trimmed(f"{TITLE}\n{BODY}", TITLE) == f"{TITLE}\n{BODY}"


def test_the_title_of_the_page_in_heading_tags_goes() -> None:
    assert trimmed(f"<h1>\n{TITLE}\n</h1>\n{BODY}", TITLE) == BODY


def test_an_index_is_read_above_the_text_only() -> None:
    lines = f"索引号：1\n发文字号：\n示发〔2025〕3号\n{TITLE}\n{BODY * 2}\n文号：示发〔2019〕1号\n实施日期：2019年1月1日"
    values = dict(index_values(lines))
    assert values["发文字号"] == "示发〔2025〕3号"
    assert "文号" not in values
    assert "实施日期" not in values


@pytest.mark.parametrize(
    ("lines", "published", "source"),
    [
        ("示例事项办理指南\n发布时间：2025-03-05 来源：示例局", "2025-03-05", "示例局"),
        ("示例事项办理指南\n2025-03-05 10:22\n来源：\n示例局\n正文。", "2025-03-05", "示例局"),
        ("示例事项\n办理指南\n日期：2025年3月5日", "2025年3月5日", ""),
        ("示例事项办理指南\n申请人应当于2025年3月5日前提出申请。", "", ""),
        ("示例事项办理指南\n各有关单位：\n请于2025年3月5日前报送。\n2025年3月1日", "", ""),
        ("示例事项办理指南\n来源：示例局\n作者：张三\n时间：2025-03-05\n分享到", "2025-03-05", "示例局"),
    ],
)
def test_the_line_of_date_and_source(lines: str, published: str, source: str) -> None:
    frame = read_frame(lines, TITLE, TITLE)
    assert (frame.published, frame.source) == (published, source)


def test_files_linked_below_a_body_nobody_declared_are_its_attachments() -> None:
    page = (
        '<html><body><nav><a href="/manual.pdf">使用手册</a></nav><div><h1>示例备案事项的通知</h1><div class="TRS_Editor">'
        + "<p>各有关单位应当在十个工作日内报送备案材料，逾期不予受理，具体要求见附件。</p>" * 4
        + '<p>附表：<a href="b.xlsx">申请表</a></p></div><p>附件：<a href="a.docx">1.备案表.docx</a>'
        + '<a href="b.xlsx">2.申请表</a><a href="/list.html">更多</a></p></div></body></html>'
    )
    document = read_page(page.encode(), url="https://www.example.gov.cn/a/1.html").document
    assert document is not None
    assert [(link.url.rpartition("/")[2], link.name) for link in document.attachments] == [
        ("b.xlsx", "申请表"),
        ("a.docx", "1.备案表.docx"),
    ]

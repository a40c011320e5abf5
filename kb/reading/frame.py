"""What a page prints around its text: the line of the title, the lines of date and source, buttons and editors' lines.

For pages that no declaration describes. A declared page says where its fields stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kb.reading.dates import DATE, parse_date
from kb.reading.numbers import BRACKETED

TITLE_LINES = 4
SENTENCE = 30  # characters of a line that ends like a sentence: the text has begun
MAX_INDEX = 400  # lines looked through for the index, which stands above the text
NEAR = 8  # lines below the title in which the page prints its date and its source
SHORTEST_TITLE, LONGEST_TITLE = 6, 120
LONG_TITLE = 10  # characters from which the beginning of <title> is no name of a column
LONGEST_INFO = 160
LONGEST_BUTTON = 70
LONGEST_NAME = 20

_TAG = re.compile(r"<[^>]*>")
_DAY_FIRST = re.compile(rf"[|｜【\[·\s]{{0,4}}{DATE}")
_CLOCKED = re.compile(rf"{DATE} ?\d{{1,2}}[:：]\d\d")
INDEX_LABELS = (
    r"索 ?引 ?号|主 ?题 ?分 ?类|主 ?题 ?词|发 ?文 ?机 ?[关构]|发 ?布 ?机 ?[关构]|制定机关|发 ?文 ?字 ?号|文 ?号|[成发] ?文 ?日 ?期|统一编号"
    r"|发 ?布 ?(?:日 ?期|时 ?间)|(?:生效|施行|实施|失效)日期"
)
INDEX = re.compile(
    rf"[\[【]?(?:{INDEX_LABELS}|分 ?类|公开主体|公开方式|标 ?题|名 ?称|有效性|时效性|文件状态|体裁分类|公文种类) ?(?:[:：]|[\]】] ?[:：]?)"
)
LABEL = re.compile(
    r"[|｜【\[（(·\s]{0,4}(?:(?:信息|文章|稿件|新闻|文件|本文|供稿)?(?:来源|出处)(?:于)?|(?:信息)?(?:发布|发表|更新|上传|录入|公布|上网|创建|添加|日)?"
    r"(?:时 ?间|日 ?期)|发布于|发布(?:机构|单位|者|人)|作 ?者|编 ?辑|浏览(?:次数|量|人数)?|点击(?:数|量|次数)?|阅读(?:数|量|次数)?|访问量|字 ?[体号](?:大小)?(?= ?大)?)[】\]]?"
    r" ?(?:[:：]|于|$|大 )"
)
FOOTER = re.compile(r"ICP备 ?\d|公网安备 ?\d|网站标识码|版权所有|Copyright|©", re.I)
_SOURCE = re.compile(r"(?:来源|出处)(?:于)?[】\]]? ?[:：] ?([^\s:：|｜【】\[\]]{2,40})")
_NAVIGATION = re.compile(r"当前位置|所在位置|现在位置|首页|[>＞»]|^正文$|网站|登录|搜索")
_WORDS = (
    r"打印(?:本页|此页|页面|文章|正文)?|关闭(?:窗口|本页|页面|此页)?|返回(?:顶部|首页|列表|上一页|上页)?|(?:我要|内容)?纠错|(?:加入)?收藏(?:本页)?"
    r"|推荐给?朋友|分享文章?到|分享到?|评论|图集|微信(?:好友|朋友圈)?|(?:新浪|腾讯)?微博|QQ好友|QQ空间|Qzone|复制链接|点赞|听全文|语音播报|视力保护色"
    r"|大|中|小|字体|字号|A|取消|无障碍(?:阅读)?|长者(?:助手|模式)?"
)
BUTTONS = re.compile(rf"[\W_]*(?:(?:{_WORDS})[\W_]+){{0,15}}(?:{_WORDS})[\W_]*$")
PHRASE = re.compile(
    r"\+ ?1$|[\W_]{0,3}(?:(?:扫一扫|微信扫一扫|手机扫一扫|扫码)[^。]{0,8}(?:打开|分享|手机|关注)|点击进入|Copyright|版权所有|上一[篇条] ?[:：]|下一[篇条] ?[:：]"
    r"|(?:相关(?:附件|新闻|文档|链接|阅读|文章|报道|文件下载|稿件|信息|政策|解读)|附件下载)\s*(?:[:：]|$))"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The title as the page prints it; the day, the source and the 文号 printed with it; each "" when there is none."""

    title: str = ""
    published: str = ""
    source: str = ""
    number: str = ""


def read_frame(markup: str, title: str, head_title: str) -> Frame:
    """From the canonical markup of a whole page. ``title`` is the title when it is known, ``head_title`` the
    ``<title>``, which may carry the names of column and site."""
    lines = [line for line in (_TAG.sub("", line).strip() for line in markup.split("\n")) if line]
    at = _title_at(lines, title, head_title)
    info = _info_below(lines, at) if at is not None else _first_info(lines)
    published = next(
        (found[0] for line in info if (found := re.search(DATE, line)) and parse_date(found[0])), ""
    )
    source = next((found[1] for line in info if (found := _SOURCE.search(line))), "")
    if not source:
        source = next(
            (below for line, below in pairwise(info) if re.search(r"(?:来源|出处)[】\]]? ?[:：]$", line)), ""
        )
    return Frame(
        title or (lines[at] if at is not None else ""),
        published,
        "" if LABEL.match(source) or _DAY_FIRST.match(source) else source,
        _number_below(lines, at) if at is not None else "",
    )


def _number_below(lines: list[str], at: int) -> str:
    """A line below the title that is nothing but a 文号: some pages print it between title and text."""
    near = lines[at + 1 : at + 1 + NEAR]
    return next((line for line in near if len(line) <= LONGEST_BUTTON and BRACKETED.fullmatch(line)), "")


def _first_info(lines: list[str]) -> list[str]:
    """The line of date or source on a page that does not print its title."""
    return next(
        ([line] for at, line in enumerate(lines[:MAX_INDEX]) if is_info(lines, at) and re.search(DATE, line)),
        [],
    )


def _title_at(lines: list[str], title: str, head_title: str) -> int | None:
    """The line of the title: the known one, else the longest that the ``<title>`` begins with, else the one above
    the line of date and source."""
    if title:
        named = list(_last_lines_of(lines, title))
    else:
        named_in_head = re.split(r"\s*[_|]+\s*|\s+-+\s*|-+\s+|--+", head_title)[0]
        prefixes = {line for line in lines if len(line) >= SHORTEST_TITLE and head_title.startswith(line)}
        longest = max(prefixes, key=len, default="")
        named = [at for at, line in enumerate(lines) if longest and line == longest]
        if not longest and len(named_in_head) >= LONG_TITLE:  # the page prints the issuer before it
            named = [
                at
                for at, line in enumerate(lines)
                if line.endswith(named_in_head) and len(line) <= LONGEST_TITLE
            ]
    above_info = next((at for at in named if is_info(lines, at + 1)), None)
    if above_info is not None or title or (named and len(lines[named[0]]) >= LONG_TITLE):
        return above_info if above_info is not None else next(iter(named), None)
    headed = (at for at in range(len(lines) - 1) if _could_be_title(lines[at]) and _tells_when(lines, at + 1))
    return next(headed, next(iter(named), None))


def _last_lines_of(lines: list[str], title: str) -> Iterator[int]:
    """Where the title ends that is printed on one line or on as many as ``TITLE_LINES``."""
    bare = "".join(title.split())
    for at in range(len(lines)):
        printed = ""
        for end in range(at, min(len(lines), at + TITLE_LINES)):
            printed += "".join(lines[end].split())
            if printed == bare:
                yield end
            if not bare.startswith(printed):
                break


def is_button(line: str) -> bool:
    """Whether a line is nothing but the page's own words: 打印, 分享到, 扫一扫在手机打开当前页 and the like.

    One character is none: it may as well be a cell of a table.
    """
    return 1 < len(line) <= LONGEST_BUTTON and bool(BUTTONS.match(line) or PHRASE.match(line))


def _could_be_title(line: str) -> bool:
    return (
        SHORTEST_TITLE <= len(line) <= LONGEST_TITLE
        and not line.endswith(("。", "：", ":", "；"))
        and not _NAVIGATION.search(line)
        and not LABEL.match(line)
        and not INDEX.match(line)
        and not _DAY_FIRST.match(line)
        and not is_button(line)
    )


def is_info(lines: list[str], at: int) -> bool:
    if at >= len(lines) or len(lines[at]) > LONGEST_INFO:
        return False
    line = lines[at]
    return bool(LABEL.match(line) or _DAY_FIRST.match(line) or ("。" not in line and _CLOCKED.search(line)))


def _tells_when(lines: list[str], at: int) -> bool:
    """Whether a page prints here when it went online: a label or a clock tells it from a signature's date."""
    if not is_info(lines, at) or not (LABEL.match(lines[at]) or re.search(r"\d[:：]\d\d|来源", lines[at])):
        return False
    return any(re.search(DATE, line) for line in _info_below(lines, at - 1)[:3])


def _info_below(lines: list[str], at: int) -> list[str]:
    """The lines of date, source and buttons below a title, up to the first of the text. The first may be a name."""
    info: list[str] = []
    for below in range(at + 1, min(len(lines), at + 1 + NEAR)):
        line = lines[below]
        value = bool(info) and info[-1].endswith((":", "：")) and len(line) <= LONGEST_BUTTON
        name = not info and len(line) <= LONGEST_NAME and is_info(lines, below + 1)
        if not (value or name or is_button(line) or is_info(lines, below)):
            break
        info.append(line)
    return info


def index_values(markup: str) -> Iterator[tuple[str, str]]:
    """Label and value of the index that a page prints above its text, one to a line or on two."""
    lines = [line for line in (_TAG.sub("", line).strip() for line in markup.split("\n")[:MAX_INDEX]) if line]
    text = next(
        (at for at, line in enumerate(lines) if len(line) >= SENTENCE and line.endswith("。")), len(lines)
    )
    for line, below in pairwise([*lines[:text], ""]):
        if len(line) <= LONGEST_INFO and (found := INDEX.match(line)):
            value = line[found.end() :].strip() or below
            if value and not INDEX.match(value) and len(value) <= LONGEST_INFO:
                yield re.sub(r"[\s:：\[\]【】]", "", found[0]), value

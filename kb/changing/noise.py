"""Page furniture: counters, relative times, share and print buttons, page numbers, crumbs, generator lines.

These are the rules that hold on any Chinese government or platform page; what is special to one site stands in its
declaration. A rule names the whole line, so that a sentence that merely mentions 浏览 or 评论 is never furniture.
"""

from __future__ import annotations

import re

_COUNT = r"[0-9０-９][0-9０-９,，.]*[ 　]?[万wWkK]?\+?"
_COUNTED = (
    "浏览(?:次数|量|数)?|阅读(?:次数|量|数)?|点击(?:次数|量|率|数)?|访问(?:次数|量|数|人数)?|收藏(?:数|量)?|点赞(?:数)?|赞同|赞|评论(?:数)?|"
    "回复(?:数)?|转发(?:数|量)?|分享(?:数|量)?|下载(?:次数|量)?|关注(?:数)?|播放(?:次数|量)?|在看|访客|人气|热度|views?|likes?|comments?|shares?"
)
_COUNTER = re.compile(
    rf"(?:{_COUNTED})[ 　]?[:：为]?[ 　]?[（(]?{_COUNT}[ 　]?[次人个]?[)）]?|{_COUNT}[ 　]?(?:次|人|个|条|位)?[ 　]?(?:{_COUNTED})"
    rf"|您是第[ 　]?{_COUNT}[ 　]?位(?:访客|访问者|浏览者)?|在线人数[:：]?[ 　]?{_COUNT}",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"(?:[0-9]{1,4}|[一二两三四五六七八九十半]{1,3})[ 　]?(?:个)?(?:秒|秒钟|分钟|小时|天|日|周|星期|月|年)[ 　]?前"
    r"|刚刚|昨天[ 　]?(?:[0-9]{1,2}:[0-9]{2})?|前天[ 　]?(?:[0-9]{1,2}:[0-9]{2})?"
    r"|[0-9]{1,4} ?(?:second|minute|hour|day|week|month|year)s? ago|yesterday|just now",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?:[0-9]{4}[-/年.])?[0-9]{1,2}[-/月.][0-9]{1,2}日?(?:[ 　T]?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
)
_STAMPED = re.compile(
    r"(?:最后|最近|上次|页面|本页)?(?:更新|修改|编辑|生成)(?:时间|日期|于)?[ 　]?[:：]?|(?:今天|现在|当前时间)(?:是)?[ 　]?[:：]?"
    r"|last (?:updated|edited|modified|generated)(?: on| at)?:?|(?:generated|built|rendered) (?:on|at|by|with)",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"(?:当前位置|您的位置|您所在的位置|您现在的位置|位置)[ 　]?[:：]"
    r"|(?:网站)?首页(?:[ 　]?[>›»/|＞→][ 　]?|$)"
    r"|(?:版权所有|copyright|©|\(c\) ?[0-9]{4}|all rights reserved)"
    r"|(?:powered by|本页由|本页面由|本站由|技术支持[:：]|建议使用)"
    r"|(?:京|沪|粤|浙|苏|鲁|川|渝|津|闽|湘|鄂|豫|冀|晋|陕|皖|赣|桂|琼|黔|滇|辽|吉|黑|蒙|甘|宁|青|新|藏|贵)(?:ICP备|公网安备)"
    r"|(?:网站标识码|主办单位[:：]|承办单位[:：]|网站地图|隐私政策$)"
    r"|(?:扫一扫|微信扫一扫|扫码|长按)(?:分享|关注|在手机|打开|识别|$)"
    r"|(?:上一[篇页]|下一[篇页])(?:[:：]|[ 　]|$)"
    r"|(?:最后|最近|上次|页面|本页)(?:更新|修改|编辑|生成)(?:时间|日期|于|者)?[ 　:：]|更新(?:时间|日期)[:：]|last (?:updated|edited|modified)"
    r"|(?:相关(?:链接|阅读|新闻|文章|推荐)|推荐阅读|延伸阅读|友情链接|标签)[:：]"
    r"|(?:本站|本网站|我们)使用[ 　]?cookie|cookie"
    r"|(?:登录|注册)[ 　]?(?:后)?(?:发表|查看|评论|参与|可|$)|正在加载|加载中|加载更多|点击加载|查看更多|展开全部|全部展开|收起$|loading",
    re.IGNORECASE,
)
_BUTTONS = re.compile(
    r"(?:分享(?:到|至)?|微信|微博|新浪微博|QQ空间|QQ好友|QQ|朋友圈|人人网|打印(?:本页|此页|文章)?|关闭(?:窗口|本页|页面)?|收藏(?:本页|此页)?|"
    r"字体|字号|大|中|小|默认|返回(?:顶部|列表|首页)?|顶部|纠错|我要纠错|复制链接|点赞|评论|举报|转发|回到顶部|无障碍(?:阅读)?|关怀版|"
    r"全部展开|展开|收起|登录|注册|上一页|下一页|尾页|首页|末页|more|share|print|close)"
)
_PAGING = re.compile(
    r"(?:第[ 　]?[0-9]{1,5}[ 　]?页|共[ 　]?[0-9]{1,5}[ 　]?[页条]|[0-9]{1,5}[ 　]?/[ 　]?[0-9]{1,5}(?:[ 　]?页)?|page [0-9]+(?: of [0-9]+)?)",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[\s　|｜/【】\[\]（）()：:，,。.·•_~—>›»＞+-]+")
_RELATED = re.compile(
    r"(?:【|\[)?(?:相关(?:链接|阅读|新闻|文章|文件|稿件|推荐|内容|报道|信息)|推荐阅读|延伸阅读|热门(?:文章|推荐|阅读)|猜你喜欢|友情链接|快速链接|最新(?:文章|动态)|更多(?:阅读|推荐))(?:】|\])?[:：]?$"
)
_TAG = re.compile(r"<[^<>]{1,500}>")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2028\u2029\u2060\ufeff\u00ad]")
FURNITURE_LIMIT = 160
_MASKABLE_LIMIT = 60
_STATES = re.compile(
    r"[。；]|以上|以下|以内|不少于|不低于|不超过|超过|达到|至少|满|须|需|应|得|可|提交|申请|办理|举办|开始|期限|时限|提前|届满|到期|施行|完成|要求|条件|资质"
)


def is_furniture(line: str) -> bool:
    """The whole line is page furniture: nothing in it is a rule."""
    if len(line) > FURNITURE_LIMIT or "\n" in line:
        return False
    text = _INVISIBLE.sub("", _TAG.sub("", line)).strip()
    if _FURNITURE.match(text):
        return True
    return not _SEPARATORS.sub("", _BUTTONS.sub("", _mask(text)))


def without_noise(text: str) -> str:
    """The text without white space, markup and invisible characters; counters and relative times are masked in short lines
    that state nothing: 播放量1000次以上 and 举办7天前提交 are conditions and stay."""
    text = _INVISIBLE.sub("", _TAG.sub("", text))
    if len(text) <= _MASKABLE_LIMIT and not _STATES.search(text):
        text = _RELATIVE.sub("", _COUNTER.sub("", text))
    return "".join(text.split())


def opens_related_links(line: str) -> bool:
    """The line heads a list of links to other pages, whose order and choice are no part of the rule."""
    return len(line) <= 20 and _RELATED.match(line.strip()) is not None


def _mask(text: str) -> str:
    text = _PAGING.sub("", _RELATIVE.sub("", _COUNTER.sub("", text)))
    if stamped := _STAMPED.search(text):
        text = text[: stamped.start()] + _CLOCK.sub("", text[stamped.end() :])
    return text

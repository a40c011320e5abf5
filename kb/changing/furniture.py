"""The vocabulary of page furniture: counters, clocks, buttons, bars, crumbs, footers of Chinese government and platform pages.

A line is furniture when nothing but these pieces stands in it, or when it opens as only furniture does. Words that a rule
could open with as well (登录, 扫码, 技术支持：) count only where the rest of the line states nothing.
"""

from __future__ import annotations

import re

_COUNT = r"[0-9０-９][0-9０-９,，.]*[ 　]?[万wWkK]?\+?"
_COUNTED = (
    "浏览(?:次数|量|数)?|阅读(?:次数|量|数)?|点击(?:次数|量|率|数)?|访问(?:次数|量|数|人数)?|收藏(?:数|量)?|点赞(?:数)?|赞同|赞|"
    "(?:全部|最新|热门)?评论(?:数)?|回复(?:数)?|转发(?:数|量)?|分享(?:数|量)?|下载(?:次数|量)?|关注(?:数)?|播放(?:次数|量)?|在看|访客|人气|热度|"
    "views?|likes?|comments?|shares?"
)
COUNTER = re.compile(
    rf"(?:{_COUNTED})[ 　]?[:：为]?[ 　]?[（(]?{_COUNT}[ 　]?[次人个条]?[)）]?"
    rf"|(?<![0-9/年月.:：-]){_COUNT}[ 　]?(?:次|人|个|条|位)?[ 　]?(?:{_COUNTED})(?![ 　]?[:：][ 　]?[0-9])"
    rf"|您是第[ 　]?{_COUNT}[ 　]?位(?:访客|访问者|浏览者)?"
    rf"|(?:当前|目前)?[ 　]?在线(?:人数|用户)?[ 　]?[:：]?[ 　]?{_COUNT}[ 　]?[人位]?",
    re.IGNORECASE,
)
RELATIVE = re.compile(
    r"(?:[0-9]{1,4}|[一二两三四五六七八九十半]{1,3})[ 　]?(?:个)?(?:秒|秒钟|分钟|小时|天|日|周|星期|月|年)[ 　]?前"
    r"|刚刚|(?:今|昨|前)天[ 　]?(?:[0-9]{1,2}:[0-9]{2})?"
    r"|[0-9]{1,4} ?(?:second|minute|hour|day|week|month|year)s? ago|yesterday|just now",
    re.IGNORECASE,
)
_DAY = r"(?:[0-9]{4}[-/年.])?[0-9]{1,2}[-/月.][0-9]{1,2}日?"
_TIME = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
CLOCK = re.compile(rf"{_DAY}(?:[ 　T]?{_TIME})?|{_TIME}")
_CALENDAR = r"(?:星期|周)[一二三四五六日天](?![\u4e00-\u9fff])|农历[^\s　，。]{2,12}"
_BUTTON = (
    r"关注我们|(?:微信)?公众号|视频号|头条号?|今日头条|抖音|快手|小红书|哔哩哔哩|(?:IP(?:属地)?|发布于)[ 　]?[:：]?[ 　]?[\u4e00-\u9fff]{2,8}(?![\u4e00-\u9fff])|"
    r"(?:一键)?分享(?:到|至)?|(?:新浪)?微博|微信(?:好友)?|QQ空间|QQ好友|QQ|朋友圈|人人网|复制链接|转发|点赞|评论|举报|收藏(?:本页|此页)?|"
    r"打印(?:本页|此页|文章|正文)?|关闭(?:窗口|本页|页面)?|(?:字号|字体)?(?:放大|缩小|增大|减小)|返回(?:顶部|列表|首页|上一页)?|回到顶部|顶部|"
    r"(?:我要)?纠错|无障碍(?:阅读|浏览|版)?|适老化|关怀(?:版|模式)|长者(?:版|模式|专区)|老年(?:版|模式)|大字版|"
    r"繁[体體](?:版|中文)?|简体(?:版|中文)?|简|繁|English|EN|移动版|手机版|电脑版|PC版|客户端|语音播报|(?:朗读|播放|收听)(?:全文|本文|正文)?|时长[ 　]?(?:[0-9]{1,2}分)?[0-9]{1,2}秒|"
    r"全部展开|展开(?:全[文部])?|收起|登录|注册|上一页|下一页|尾页|首页|末页|跳转|我的|设置|搜索|more|share|print|close"
)
_LOADING = (
    r"(?:数据|内容|页面)?(?:正在|努力)?加载(?:中|失败|更多)?|请(?:稍候|稍后)(?:再试)?|(?:点击|重新)(?:重试|加载|刷新)|重试|点击加载(?:更多)?|loading|"
    r"(?:点击)?查看(?:更多|全部|全文)|没有更多(?:了|内容)|暂无(?:评论|数据)|"
    r"(?:登录|注册)[ 　]?(?:后)?[ 　]?(?:即?可|才能)?[ 　]?(?:发表|查看|参与)[ 　]?(?:内容|评论|全文|全部|更多|讨论)*"
)
_PAGING = (
    r"第[ 　]?[0-9]{1,5}[ 　]?页|共[ 　]?[0-9]{1,5}[ 　]?[页条]|[0-9]{1,5}[ 　]?/[ 　]?[0-9]{1,5}(?:[ 　]?页)?|"
    r"page [0-9]+(?: of [0-9]+)?"
)
_SEPARATOR = r"[\s　｜|/【】\[\]（）()：:，,。.·•_~—>›»＞!！…+-]"
_SIZES = rf"(?:字号|字体(?:大小)?)?{_SEPARATOR}{{0,4}}(?:特大{_SEPARATOR}{{0,4}})?大{_SEPARATOR}{{0,4}}中{_SEPARATOR}{{0,4}}小"
_STAFF = (
    r"(?:责任编辑|责编|值班编辑|编辑|编审|审核|初审|复审|终审|校对|录入|排版|信息员)[ 　]?[:：][ 　]?"
    r"[\u4e00-\u9fffA-Za-z·]{1,12}(?:[ 　、][\u4e00-\u9fff]{2,4}(?![\u4e00-\u9fff:：])){0,3}"
)
_STAMP = (
    r"(?:最后|最近|上次|页面|本页|网页|数据)?一?次?(?:更新|修改|编辑|生成|访问)(?:时间|日期|于)?[ 　]?[:：]?(?=[ 　]?[0-9今昨前刚])|(?:发布|发表)于(?=[ 　]?[0-9今昨前刚])|"
    r"(?:今天|现在|当前时间|北京时间)(?:是)?[ 　]?[:：]?(?=[ 　]?[0-9])|last (?:updated|edited|modified|generated)(?: on| at)?:?|(?:generated|built|rendered) (?:on|at|by|with)"
)
_WEATHER = r"(?:晴|多云|阴|[小中大暴阵雷]{0,3}[雨雪]|雾|霾)(?:转(?:晴|多云|阴|[小中大暴阵雷]{0,3}[雨雪]))?|-?[0-9]{1,2}(?:[ ~～-]{1,3}-?[0-9]{1,2})?[ ]?(?:℃|°C)"
_PIECE = re.compile(
    rf"{_LOADING}|{_STAFF}|{_STAMP}|{COUNTER.pattern}|{RELATIVE.pattern}|{_PAGING}|(?P<clock>{CLOCK.pattern})|{_SIZES}|字号|字体|{_BUTTON}|{_WEATHER}|{_CALENDAR}"
    rf"|(?P<between>{_SEPARATOR}+|[0-9]{{1,4}}(?![0-9\u4e00-\u9fff]))",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"(?:您?(?:当前|现在|目前)?(?:所在)?的?(?:当前)?位置|当前栏目)[ 　]?[:：][ 　]?[^。；]{0,10}(?:首页|[>›»＞])"
    r"|(?:网站|中国)?首页[ 　]?(?:[>›»/|＞→]|$)"
    r"|(?:版权所有|copyright|©|\(c\) ?[0-9]{4}|all rights reserved)"
    r"|建议使用[^。；]{0,30}(?:浏览器|分辨率|IE[0-9])"
    r"|(?:powered by|本页由|本页面由|本站由)"
    r"|(?:京|沪|粤|浙|苏|鲁|川|渝|津|闽|湘|鄂|豫|冀|晋|陕|皖|赣|桂|琼|黔|滇|辽|吉|黑|蒙|甘|宁|青|新|藏|贵)(?:ICP备|公网安备)"
    r"|(?:网站标识码|政府网站标识码)[ 　]?[:：]?"
    r"|(?:上一[篇页条则]|下一[篇页条则])(?:[:：]|[ 　]|$)"
    r"|(?:最后|最近|上次|页面|本页)一?次?(?:更新|修改|编辑|生成)(?:时间|日期|于|者)?[ 　:：]|更新(?:时间|日期)[:：]|last (?:updated|edited|modified)"
    r"|(?:相关(?:链接|阅读|新闻|文章|推荐)|推荐阅读|延伸阅读|友情链接)[ 　]?[:：]"
    r"|正在加载|loading",
    re.IGNORECASE,
)
_MAY_OPEN = re.compile(
    r"(?:主办|承办|协办|运维|维护|网站主办|网站承办)(?:单位)?[ 　]?[:：]|技术支持[ 　]?[:：]"
    r"|网站地图|隐私政策$|联系我们$|关于我们(?:$|[ 　|])"
    r"|(?:扫一扫|微信扫|扫码|扫描(?:下方|上方|右侧)?二维码|长按)[^。；]{0,16}$"
    r"|标签[ 　]?[:：]|(?:本站|本网站|我们)使用[ 　]?cookie|cookie"
    r"|(?:距离?|离)[^。；，]{1,20}(?:还有|还剩|仅剩|剩余)[ 　]?[0-9]|(?:剩余时间|倒计时)[ 　]?[:：]?[ 　]?[0-9]",
    re.IGNORECASE,
)
_COUNTDOWN = re.compile(r"(?:[0-9]{1,4}[ 　]?(?:天|日|小时|时|分钟|分|秒)[ 　]?){1,4}$")
STATES = re.compile(
    r"[。；]|以上|以下|以内|不少于|不低于|不超过|超过|达到|至少|满|须|需|应|得|可|提交|申请|办理|举办|开始|期限|时限|提前|届满|到期|施行|完成|要求|条件|资质"
    r"|收集|禁止|不予|负责|承担|备案|登记|许可|评估|添加|收费|免"
)
_PLACE_OF_WEATHER = re.compile(r"[\u4e00-\u9fff]{2,8}[ 　](?=(?:晴|多云|阴|[小中大暴阵雷]{0,3}[雨雪]|雾|霾))")


def only_pieces(text: str) -> bool:
    """Nothing but pieces of furniture and the marks between them. A date that stands alone may be the day of signing."""
    place = _PLACE_OF_WEATHER.match(text)
    at, end = place.end() if place and "℃" in text else 0, len(text)
    telling = False
    while at < end:
        piece = _PIECE.match(text, at)
        if piece is None or piece.end() == at:
            return False
        telling = telling or piece.lastgroup is None
        at = piece.end()
    return telling or not text.strip()


def opens_as_furniture(text: str) -> bool:
    if _OPENS.match(text):
        return True
    opening = _MAY_OPEN.match(text)
    if opening is None:
        return False
    if opening[0][0] in "距离剩倒":
        return _COUNTDOWN.search(text) is not None
    return not STATES.search(text)

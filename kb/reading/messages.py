"""What answers say that stand in place of a page, and how a document is told from them.

Rules speak of 验证码, 登录, 404 and 维护 too, and a notice about maintenance is a document. So the words below are only
asked about texts that are short and carry no mark of a document: an article, a calendar date, a form of words of notices.
"""

from __future__ import annotations

import re

from kb.codes import Health

_JS = r"java ?script|cookies?|脚本"
CHALLENGE = re.compile(
    "环境(?:存在)?异常|去验证|验证后(?:即可|继续|访问)|(?:请|需)(?:完成|进行|通过|点击)[^。]{0,8}验证|正在进行(?:人机|安全|身份)|(?:安全|人机|滑动|滑块|身份|行为|访问)(?:验证|识别|校验)|"
    "(?:拖动|按住|滑动)[^。]{0,6}滑块|向右(?:拖动|滑动)|依次点击|点击按钮进行验证|扫描二维码进行访问|验证码(?:拦截|继续|后)|输入[^。]{0,10}验证码|"
    "机器人|校验您的|正在校验|点击[^。]{0,6}图中|(?:真人|人脸)验证|异常(?:访问|流量)|浏览器安全检查|正在(?:检查|验证)您的|"
    f"(?:开启|启用|打开|允许)[^。]{{0,8}}(?:{_JS})[^。]{{0,16}}(?:刷新|继续|访问|重试)|"
    "Just a moment|verify(?:ing)? (?:that )?you are (?:a )?human|slide to verify|unusual traffic|checking your browser|"
    f"enable [^.]{{0,12}}(?:{_JS})[^.]{{0,20}}(?:continue|reload|refresh|and cookies)",
    re.I,
)
REFUSED = re.compile(
    "拒绝访问|禁止访问|无权(?:访问|使用|限)|(?:没有|无|权限)[^。]{0,2}(?:权限|不足)|访问(?:已|已经)?被|防护规则|地区[^。]{0,8}(?:无法|不能|禁止)访问|(?:被|已|请求)[^。，]{0,16}(?:拦截|阻断)|拦截页面|疑似[^。]{0,6}攻击|攻击(?:行为|请求|特征)|网站防火墙|不合法的?参数|"
    "您的IP|IP(?:地址)?[^。]{0,8}(?:不在|受限|被限|被禁|黑名单)|(?:境外|海外|国外)[^。]{0,8}(?:访问|IP)|(?:仅限|只限|限于)[^。]{0,6}(?:境内|大陆|内网)|"
    "(?:操作|访问|请求|查询)(?:过于|过|太)(?:频繁|快)|GeoBL|Access ?Denied|Forbidden|banned|Request Rejected|URL was rejected|been blocked|Restricted Access",
    re.I,
)
LOGIN_WALL = re.compile(
    "(?:请|需要|您?尚?未|没有)先?(?:重新)?登[录陆]|登[录陆] ?后 ?(?:查看|可见|发表|继续|访问|再|使用)|(?:扫码|账号|用户|个人|法人|密码|微信)登[录陆]|"
    "扫描?二维码登[录陆]|扫一扫登[录陆]|重新登[录陆]|登[录陆]?(?:已)?(?:过期|超时|失效)|仅限登[录陆]|身份(?:信息|认证)?已?(?:失效|过期)|会话(?:已)?(?:过期|超时|失效)|统一(?:身份|用户)认证|单点登[录陆]|"
    "请在微信客户端打开|(?:log|sign) ?in to continue|(?:session|login) (?:has )?(?:expired|timed out)",
    re.I,
)
_THING = "(?:页面|网页|文件|内容|文章|信息|资源|帖子|链接|栏目|频道|文档|地址|网址|记录|数据|公告|key)"
SOFT_404 = re.compile(
    f"{_THING}[^。]{{0,12}}(?:不存在|已?(?:被)?(?:[^。，]{{0,6}})?(?:删除|撤销|撤回|移除|下架|屏蔽)|找不到|未找到|不见了|走丢|丢失|已?失效|已?下线|有误|错误|无法(?:查看|获取|显示))|"
    f"(?:找不到|无法找到|没有找到|未找到|不存在)[^。]{{0,12}}{_THING}|(?:页面|网页|网址|地址|栏目|内容|网站)已?(?:经)?(?:迁移|搬迁|搬家|移至|转移)|(?:链接|页面|网页|地址|网址|分享)已?过期|参数(?:错误|有误|不正确)|非法的?(?:参数|文章|请求|地址|id)|无此(?:文章|页面|信息|内容|记录)|没有(?:相关|该|此|任何)[^。]{{0,4}}(?:记录|数据|信息|内容)|"
    f"{_THING}[^。]{{0,6}}(?:审核中|被[^。]{{0,4}}隐藏)|迷路|走丢了|"
    r"\b404\b|Not ?Found|NoSuchKey|(?:could ?not|cannot|can't) be found|has been (?:removed|deleted)|does not exist|no longer (?:available|exists)",
    re.I,
)
MAINTENANCE = re.compile(
    "(?:网站|系统|平台|服务|页面|栏目|频道|本站|门户)[^。]{0,12}(?:(?<!为)(?<!为了)维护(?![^。，]{0,6}(?:秩序|权益|利益|安全|稳定))|升级|建设|改版|检修)|(?:维护|升级|建设|改版|检修)(?:中|期间)|暂停[^。]{0,4}(?:服务|访问)|数据迁移|"
    "(?:服务|系统|网络|网关|服务器|程序)(?:出现)?(?:暂时)?(?:不可用|繁忙|异常|错误|出错|超时|故障|内部错误)|数据库[^。]{0,6}(?:错误|失败)|小差|连接(?:失败|超时|被重置)|"
    "under maintenance|\bORA-\d|(?:SQL|Runtime|NullPointer|Servlet)Exception|Unavailable|Bad Gateway|Gateway Time-?out|Internal Server Error|Server Error|database (?:connection|error)|upstream connect error|connection (?:refused|timed out)",
    re.I,
)

_BY_KIND = (
    (Health.CHALLENGE, CHALLENGE, "要求人机验证"),
    (Health.REFUSED, REFUSED, "拒绝访问"),
    (Health.LOGIN_WALL, LOGIN_WALL, "需要登录"),
    (Health.SOFT_404, SOFT_404, "页面不存在"),
    (Health.MAINTENANCE, MAINTENANCE, "网站维护"),
)
LONGEST_TITLE = 300  # characters of a title that are looked at
LOOKED_AT = 2_000  # characters in which an answer in place of a page says what it is

_FRAME = re.compile(
    r"ICP备|公网安备|网站标识码|版权所有|copyright|©|(?:主办|承办|协办|运维)(?:单位)?[:：]|技术支持[:：]|建议(?:使用|您使用)|分辨率|邮编[:：]|^(?:联系|单位|办公)?地址[:：]|"
    r"^(?:联系|咨询|服务|举报|监督)?电话[:：]|^(?:网站地图|无障碍|关怀版|长者模式)|^(?:您)?(?:的|所在)?(?:当前|现在)?的?位置|^\d{4}-\d\d-\d\d$",
    re.I,
)
_MARK = re.compile(
    r"第[一二三四五六七八九十百零〇\d]{1,6}条|特此(?:公告|通知|通告|公示|说明|函)|\d{1,2}月\d{1,2}日|20\d\d年\d{1,2}月|公示期|现(?:予|将|就|对|印发|公布|撤销|注销)|"
    r"一、[^一]{4,300}?二、|[二〇○零]{2}[一二三四五六七八九〇○零]{2}年|(?:根据|依据|按照|依照)《|〔20\d\d〕"
)
_NAMED = re.compile(
    r"(?:关于|《).{2,}(?:公告|通告|通知|公示|办法|规定|细则|条例|规则|说明|意见|决定|目录|指南|批复|复函|函|方案|标准|规范|令|法|公示表|清单)"
)


_TYPED = re.compile(
    r".{2,}(?<!通知)(?:公告|通告|通知|公示|办法|规定|细则|条例|规则|决定|目录|指南|批复|方案|标准|规范)(?:[（(].{1,20}[)）])?(?:[-_|—].{0,30})?$"
)


def message(title: str, words: str) -> tuple[Health, str, str] | None:
    """What an answer that holds no document says: its kind, the kind in words, and the words that say it."""
    said = f"{title[:LONGEST_TITLE]} {words[:LOOKED_AT]}"
    for health, pattern, says in _BY_KIND:
        if found := pattern.search(said):
            return health, says, found[0][:30]
    return None


def is_document(title: str, text: str) -> bool:
    """Whether a short text is a document: it has a title, and the marks of one or the full title of one.

    Under such a title a text that says little but a message is none (``该信息已撤销``).
    """
    title = title.strip()[:LONGEST_TITLE]
    if not title:
        return False
    if _MARK.search(text):
        return True
    said = message("", text)
    if said is None and _TYPED.search(title):
        return True
    return bool(_NAMED.search(title)) and (said is None or len(said[2]) * 2 < len("".join(text.split())))


def without_frame(lines: list[str]) -> str:
    """Lines of a page without those of its frame: operator, filing number, address, crumbs, dates of lists."""
    return " ".join(line for line in lines if line and not _FRAME.search(line))

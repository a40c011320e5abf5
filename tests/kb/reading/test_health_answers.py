"""What Chinese government and WeChat sites send in place of a page, and the verdict each must get.

Written from what such answers look like; each is a row: the verdict, what it is, the answer.
"""

import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from kb.codes import Health, PageRole
from kb.reading.page import read_page

URL = "https://www.example.gov.cn/art/2026/3/2/art_113_7.html"
NAV = (
    "<div class=header><ul>"
    + "".join(
        f"<li><a href=/c{n}/>{name}</a></li>"
        for n, name in enumerate(
            [
                "首页",
                "机构概况",
                "政务公开",
                "新闻发布",
                "政策法规",
                "办事服务",
                "互动交流",
                "数据开放",
                "专题专栏",
                "网上信访",
                "无障碍",
                "长者模式",
                "登录",
                "注册",
                "English",
            ]
        )
    )
    + "</ul></div>"
)
FOOT = (
    "<div class=footer><p>主办单位：示例管理局　承办单位：示例局信息中心</p><p>网站标识码：bm99000001　京ICP备05000001号</p>"
    "<p>地址：北京市示例路1号　邮编：100000　建议使用1366*768分辨率</p><a href=/map>网站地图</a></div>"
)
NEWS = "<div class=hot><h3>最新要闻</h3><ul>" + "".join(
    f"<li><a href=/n{n}.html>示例局召开第{n}次会议，研究部署电信和互联网行业管理重点工作</a><span>2026-03-0{n}</span></li>" for n in range(1, 9)
) + "</ul></div>"  # fmt: skip
OBFUSCATED = "var _$a1=" + "+".join(f"_$x{n}[{n * 7}]" for n in range(900)) + ";"
ARTICLES = "".join(
    f"<p>第{n}条　申请人应当在三十日内提交材料，逾期不予受理。</p>" for n in "一二三四五六七八九"
)


@dataclass(frozen=True)
class Answer:
    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    role: PageRole = PageRole.DOCUMENT


def html(body: str, title: str = "", head: str = "", status: int = 200, **headers: str) -> Answer:
    text = f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{body}</body></html>"
    return Answer(text.encode(), status, headers)


def framed(body: str, title: str = "", status: int = 200) -> Answer:
    return html(NAV + body + FOOT, title, status=status)


CHALLENGE = [
    ("瑞数 412", html("", head=f"<meta id=9DhefwqGPrzGxEp9hPaoag content=x8fQ><script>$_ts=window['$_ts'];if(!$_ts)$_ts={{}};{OBFUSCATED}</script>", status=412)),
    ("瑞数 400", html("<script>$_ts=window['$_ts'];</script>", status=400)),
    ("瑞数 202，没有 $_ts 字样", html("", head=f"<meta id=aB3 content='qL9w' r='m'><script r='m' src='/4QbVtADbnLVIc/d.js'></script><script r='m'>(function(){{{OBFUSCATED}}})()</script>", status=202)),
    ("瑞数 200，没有 $_ts 字样", html("", head=f"<meta id=aB3 content='qL9w' r='m'><script r='m' src='/4QbVtADbnLVIc/d.js'></script><script r='m'>(function(){{{OBFUSCATED}}})()</script>")),
    ("加速乐第一步", Answer(b"<script>document.cookie=('_')+('_')+('j')+('s')+('l')+('_')+('c')+'learance_s=1';location.href=location.pathname+location.search</script>", 521)),
    ("加速乐第二步", Answer(b'<script>var go=function(a){};go({"bts":["17","x"],"chars":"ab","ct":"4f","ha":"md5","tn":"__jsl_clearance_s","vt":"3600","wt":"1500"})</script>', 521)),
    ("加速乐第二步 200", Answer(b'<script>go({"bts":["17","x"],"ha":"md5","tn":"__jsl_clearance_s"})</script>')),
    ("阿里云 acw_sc__v2", Answer(b"<html><script>var arg1='5E4B';function setCookie(a,b){};setCookie('acw_sc__v2',x);document.location.reload()</script></html>")),
    ("阿里云滑块", html("<div id=nocaptcha></div><p>亲，请拖动下方滑块完成验证</p><script src=//g.alicdn.com/AWSC/AWSC/awsc.js></script>", "验证码拦截")),
    ("阿里云滑块英文", html("<div id=nc_1_wrapper></div><p>Sorry, we have detected unusual traffic from your network.</p><p>Please slide to verify</p>")),
    ("玄武盾 wzws", html("<noscript><h1><strong>请开启JavaScript并刷新该页.</strong></h1></noscript><script>var wzwschallenge='x';WZWS_CONFIRM_PREFIX_LABEL4='y'</script>")),
    ("玄武盾只剩提示", html("<noscript><h1><strong>请开启JavaScript并刷新该页.</strong></h1></noscript><script>eval(function(p,a,c,k,e,d){}('1 2'))</script>")),
    ("启用脚本和 Cookie", html("<p>请启用浏览器的 JavaScript 和 Cookie 后继续访问</p>")),
    ("拼图", html("<div class=captcha><p>向右拖动滑块填充拼图</p></div>", "安全验证")),
    ("按住滑块", html("<p>为保障您的正常访问，请按住滑块，拖动到最右边</p>", "访问验证")),
    ("点选文字", html("<p>请依次点击图中的“备”“案”“可”</p><img src=/c.png>", "行为验证")),
    ("图形验证码", html("<form><p>为了您的访问安全，请输入图片中的验证码</p><img src=/vc.jsp><input><input type=submit value=提交></form>", "访问确认")),
    ("网络环境异常", html("<p>系统检测到您的网络环境存在异常，为保证您的正常访问，请进行验证</p>")),
    ("雷池人机识别", html("<p>正在进行人机识别，请稍候 ...</p><p>安全检测能力由 长亭雷池 WAF 提供</p>", "雷池", status=468)),
    ("宝塔五秒盾", html("<p>检测中</p><p>正在检查您的浏览器，5 秒后自动跳转</p>", "浏览器安全检查中...")),
    ("Cloudflare", html("<h1>www.example.gov.cn</h1><p>Verifying you are human. This may take a few seconds.</p>", "Just a moment...", status=403)),
    ("微信环境异常", html("<h2>环境异常</h2><p>当前环境异常，完成验证后即可继续访问。</p><a href=#>去验证</a>", "")),
    ("微信访问频繁", html("<p>访问过于频繁，请用微信扫描二维码进行访问</p>", "验证")),
    ("带站点框架的滑块页", framed("<div class=verify><p>请完成下列验证后继续</p><p>请拖动滑块完成拼图</p></div>", "安全验证")),
    ("腾讯防水墙", html("<div id=cap_iframe></div><script src=https://turing.captcha.qcloud.com/TCaptcha.js></script><p>安全验证</p>")),
    ("极验", html("<div id=captcha></div><script src=https://static.geetest.com/static/tools/gt.js></script><p>点击按钮进行验证</p>")),
]  # fmt: skip

REFUSED = [
    ("安全狗", html("<h3>网站防火墙</h3><p>您的请求带有不合法参数，已被网站管理员设置拦截！</p><p>可能原因：您提交的内容包含危险的攻击请求</p><p>如何解决：1）检查提交内容；2）如网站托管，请联系空间提供商；3）普通网站访客，请联系网站管理员；</p>", "网站防火墙")),
    ("云锁", html("<p>您请求的页面包含一些不合理的内容，已被网站管理员设置拦截！</p><p>可能原因：您请求的内容包含危险的攻击特征</p>", "云锁")),
    ("创宇盾", html("<p>当前访问疑似黑客攻击，已被创宇盾拦截。</p><p>如果您是网站管理员，请登录知道创宇云安全查看详情；事件编号 7c1</p>", "创宇盾")),
    ("360 网站卫士", html("<p>抱歉！您所提交的请求含有不合法的参数，已被360网站卫士拦截</p>", "网站访问报错")),
    ("阿里云 405", html("<p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p><p>您的请求ID是: 76b20f4</p>", "405", status=405)),
    ("阿里云 200", html("<p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p><p>您的请求ID是: 76b20f4</p>", "405")),
    ("华为云 418", html("<p>您的请求疑似攻击行为！</p><p>事件ID：10-0000</p><p>如果您是站长，可以前往WAF管理控制台进行误报屏蔽</p>", "访问被拦截！", status=418)),
    ("腾讯云", html("<p>您的请求可能对网站造成安全风险，已被拦截</p><p>请求 UUID：1f-22</p>", "拦截页面")),
    ("EdgeOne", html("<p>当前请求被站点的安全策略拦截，可能存在风险</p>", "Restricted Access")),
    ("雷池拦截", html("<p>请求存在威胁，已被拦截</p><p>安全检测能力由 长亭雷池 WAF 提供</p>", "雷池")),
    ("F5", html("The requested URL was rejected. Please consult with your administrator.<br><br>Your support ID is: 123456789", "Request Rejected")),
    ("IIS", html("<h2>403 - 禁止访问: 访问被拒绝。</h2><h3>您无权使用所提供的凭据查看此目录或页面。</h3>", "403 - 禁止访问: 访问被拒绝。")),
    ("nginx 200", html("<center><h1>403 Forbidden</h1></center><hr><center>nginx</center>", "403 Forbidden")),
    ("IP 不在范围", html("<p>对不起，您的IP地址不在允许访问的范围内。</p>")),
    ("只限境内", html("<p>根据网站访问策略，本网站暂不支持境外IP地址访问。</p>")),
    ("访问太快", html("<p>操作太频繁，请稍后再试</p>")),
    ("对象存储", Answer(b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>You have no right to access this object.</Message></Error>', 200, {"Content-Type": "application/xml"})),
    ("Cloudflare", html("<h1>Sorry, you have been blocked</h1><p>You are unable to access example.gov.cn</p>", "Attention Required! | Cloudflare", status=403)),
    ("地区限制", html('{"reason":"GeoBL"}', status=403)),
]  # fmt: skip

LOGIN = [
    ("统一身份认证", html("<form><h2>统一身份认证平台</h2><label>用户名</label><input><label>密码</label><input type=password><a>忘记密码</a></form>", "统一身份认证")),
    ("政务服务平台", html("<ul><li>个人登录</li><li>法人登录</li></ul><form><p>账号密码登录</p><p>扫码登录</p><input type=password></form>", "国家政务服务平台统一身份认证系统")),
    ("会话超时", html("<p>会话已超时，请重新登录</p>")),
    ("登录过期", html("<p>您的登录已过期，请重新登录。</p>", "提示信息")),
    ("微信客户端", html("<p>请在微信客户端打开链接</p>", "抱歉，出错了")),
    ("微信扫码登录", html("<p>请使用微信扫描二维码登录</p><p>“微信开放社区”</p>", "微信登录")),
    ("公众平台", html("<p>登录超时，请<a href=/>重新登录</a></p>", "微信公众平台")),
    ("只有密码框", html("<form><input type=text placeholder=用户名><input type=password placeholder=密码><button>登 录</button></form>", "示例业务管理系统")),
    ("带框架的登录页", framed("<div class=box><h3>用户登录</h3><form><input><input type=password></form></div>", "用户登录")),
    ("社区登录墙", html("<div>35 个评论 全部展开</div><p>登录 后发表内容</p><p>正在加载...</p>", "微信开放社区")),
]  # fmt: skip

SOFT_404 = [
    (words, html(f"<p>{words}</p>", title))
    for words, title in [
        ("您访问的页面找不到了", "出错了"),
        ("抱歉，找不到您要的页面", ""),
        ("对不起，您查看的信息不存在或尚未审核！", "提示"),
        ("该栏目不存在或已停用", ""),
        ("哎呀，您访问的页面走丢了", ""),
        ("该文章已下线", ""),
        ("该信息已撤销", "信息提示"),
        ("HTTP 错误 404.0 - Not Found", "IIS 10.0 详细错误"),
        ("The resource you are looking for has been removed, had its name changed, or is temporarily unavailable.", ""),
        ("很抱歉，您要访问的页面已删除、更名或暂时不可用。", ""),
        ("您输入的网址有误，请检查后重新输入", "错误提示"),
        ("该内容已被发布者删除", ""),
        ("此内容因违规无法查看", ""),
        ("The content has been deleted by the author.", ""),
        ("链接已过期", ""),
        ("文档不存在或已被移除", "微信开放文档"),
        ("没有找到您要查看的内容", ""),
        ("参数错误", ""),
        ("本页面已迁移至新网址，请访问新版网站", ""),
    ]
] + [
    ("框架里的 404", framed("<div class=err><img src=/404.png alt=404><p>您要查看的页面不存在或已被删除，<span id=s>5</span>秒后返回首页</p></div>", "页面不存在")),
    ("404 下面列着要闻", framed(f"<div><h2>404</h2><p>抱歉，您访问的页面不存在。</p></div>{NEWS}", "404")),
    ("对象存储", Answer(b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>')),
    ("接口", Answer('{"code":404,"message":"文章不存在","data":null}'.encode())),
    ("附件位置上的提示页", Answer(html("<p>文件不存在！</p>").body, role=PageRole.ATTACHMENT)),
]  # fmt: skip

MAINTENANCE = [
    (words, html(f"<p>{words}</p>", title))
    for words, title in [
        ("系统升级维护中，请稍后访问", "系统维护"),
        ("网站正在改版升级，敬请期待！", ""),
        ("网站建设中……", ""),
        ("服务器繁忙，请稍后再试", ""),
        ("系统异常，请联系管理员", "错误"),
        ("502 Bad Gateway", "502 Bad Gateway"),
        ("HTTP Status 500 – Internal Server Error", "HTTP Status 500"),
        ("数据库连接失败", ""),
        ("upstream connect error or disconnect/reset before headers. reset reason: connection failure", ""),
        ("The service is unavailable.", ""),
        ("Error establishing a database connection", "Database Error"),
        ("本网站正在进行例行维护，暂时无法访问，由此带来的不便敬请谅解。", "维护通知"),
        ("页面开小差了，请稍后重试", ""),
        ("网关超时", ""),
    ]
] + [("框架里的维护页", framed("<div><h2>栏目正在建设中</h2><p>敬请期待</p></div>", "示例管理局"))]  # fmt: skip

REDIRECT_HOME = [
    ("Location", html(NAV + FOOT, "示例局", **{"Location": "https://www.example.gov.cn/"})),
    ("Content-Location", html(NAV + FOOT, "示例局", **{"Content-Location": "/index.html"})),
    ("规范网址是首页", html(NAV + NEWS + FOOT, "示例局", "<link rel=canonical href=https://www.example.gov.cn/index.html>")),
    ("刷新", html("", "", "<meta http-equiv=refresh content='3;url=/'>")),
    ("刷新到相对首页", html("<p>正在返回首页</p>", "", "<meta http-equiv='Refresh' content=\"0; URL='../../../../index.html'\">")),
    ("脚本", html("<script>top.location='https://www.example.gov.cn'</script>")),
    ("延时脚本", html("<p>3 秒后返回首页</p><script>setTimeout(\"window.location.href='/index.shtml'\",3000)</script>")),
    ("脚本拼出首页", html("<script>window.location.href=window.location.protocol+'//'+window.location.host;</script>")),
    ("没有协议的首页", html("<script>location.replace('//www.example.gov.cn/')</script>")),
    ("脚本变量", html("<script>var u='/';window.location.assign(u)</script><p>页面跳转中</p><a href=/>返回首页</a>")),
]  # fmt: skip

EMPTY_SHELL = [
    ("Vue", html("<noscript><strong>We're sorry but portal doesn't work properly without JavaScript enabled. Please enable it to continue.</strong></noscript><div id=app></div><script src=/js/app.8d1.js></script>", "示例局")),
    ("React", html("<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div><script src=/static/js/main.js></script>", "React App")),
    ("Angular", html("<app-root>加载中...</app-root><script src=main.js></script>", "示例")),
    ("Nuxt", html("<div id=__nuxt></div><script>window.__NUXT__={}</script>")),
    ("带导航和页脚的空壳", framed("<div id=app></div><script src=/js/chunk.js></script>", "示例局")),
    ("带要闻的空壳", framed("<div id=app class=main></div><script src=/js/app.js></script>" + NEWS, "示例局")),
    ("没有填值的模板", html("<div id=app><h1>{{article.title}}</h1><div v-html=article.content>{{ article.content }}</div></div>")),
    ("加载中", html("<div class=loading>数据加载中，请稍候...</div><script src=/a.js></script>")),
    ("空", Answer(b"")),
    ("空白", Answer(b" \r\n\r\n")),
    ("框架集", html("", "示例", "<frameset><frame src=/top.html><frame src=/main.html></frameset>")),
    ("跳到别处", html("<p>请稍候</p><script>location.href='/new/2026/1.html'</script>")),
    ("接口没有内容", Answer(b'{"code":200,"data":null,"msg":"success"}')),
]  # fmt: skip

WRONG_TYPE = [
    ("图片", Answer(b"\x89PNG\r\n\x1a\n" + b"\0" * 60)),
    ("脚本", Answer(b"/*! jQuery v1.12 */!function(a,b){a.x=b}(window,document);", 200, {"Content-Type": "application/javascript"})),
    ("样式表", Answer(b"@charset 'utf-8';body{margin:0}a{color:#333}", 200, {"Content-Type": "text/css"})),
    ("网页在图片的位置上", Answer(html(f"<h1>示例</h1>{ARTICLES * 4}").body, role=PageRole.IMAGE)),
    ("程序", Answer(b"MZ\x90\0\x03" + bytes(range(128, 256)) * 8, 200, {"Content-Type": "application/octet-stream"})),
    ("视频", Answer(b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 4, 200, {"Content-Type": "video/mp4"})),
    ("订阅源", Answer('<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>示例局</title><item><title>通知</title></item></channel></rss>'.encode(), 200, {"Content-Type": "application/rss+xml"})),
]  # fmt: skip

BODY_GONE = [
    ("只有框架", framed("", "示例局")),
    ("正文处空着", framed("<h1>关于许可管理的通知</h1><div id=zoom></div>" + NEWS, "关于许可管理的通知")),
    ("只有列表", framed(NEWS * 2, "示例局")),
]

FULL = html(f"<h1>示例办法</h1><div id=zoom>{ARTICLES * 3}</div>" + FOOT, "示例办法").body
TRUNCATED = [
    ("少于声明的长度", Answer(FULL[:-90], 200, {"Content-Length": str(len(FULL))})),
    ("gzip 断在中间", Answer(gzip.compress(FULL)[:-60], 200, {"Content-Encoding": "gzip"})),
    ("gzip 只剩头", Answer(gzip.compress(FULL)[:40], 200, {"Content-Encoding": "gzip"})),
    ("deflate 断在中间", Answer(zlib.compress(FULL)[:-30], 200, {"Content-Encoding": "deflate"})),
    ("断在标签里", Answer(FULL[: FULL.rindex("<p>第七条".encode()) + 2])),
    ("断在字中间", Answer(FULL[: FULL.rindex("逾期".encode()) + 2])),
    ("断在句中", Answer(FULL[: FULL.rindex("逾期".encode()) + 6])),
    ("断在注释里", Answer(FULL[: FULL.rindex(b"<div class=footer>")] + "<!-- 页脚开始".encode())),
    ("断在脚本里", Answer(FULL[: FULL.rindex(b"<div class=footer>")] + b"<script>var a=1;function b(){ret")),
]

UNDECODABLE = [
    ("乱字节", Answer(b"\x80\x81\x82\xff" * 40)),
    ("声明 utf-8 的半截 gbk", Answer(FULL[:200] + "第一条　申请人".encode("gbk") * 30 + b"\xff\xfe\x81" * 30)),
    ("锟斤拷", html(f"<h1>示例</h1><div id=zoom>{'锟斤拷锟斤拷一锟斤拷' * 30}</div>")),
    ("存成 GBK 的 UTF-8", html(f"<h1>示例</h1><div id=zoom>{('第一条　为了规范许可活动，保护申请人合法权益，制定本办法。' * 10).encode().decode('gb18030', 'replace')}</div>")),
    ("存成 Latin-1 的 GBK", html(f"<h1>示例</h1><div id=zoom>{('第一条　为了规范许可活动，保护申请人合法权益，制定本办法。' * 10).encode('gbk').decode('latin-1')}</div>")),
    ("满是替换字符", html(f"<h1>示例</h1><div id=zoom>{'第一��条为��了规��范许可��活动' * 20}</div>")),
]  # fmt: skip


# A second set, written after the rules for the first and before they met it.
SECOND = [
    (Health.CHALLENGE, html("<p>请完成以下操作，验证您不是机器人</p><div id=recaptcha></div>", "验证")),
    (Health.CHALLENGE, html("<p>系统正在校验您的浏览器，请稍候，校验通过后自动进入</p>", "正在校验")),
    (Health.CHALLENGE, html("<p>检测到您的访问行为异常，请拖动滑块到缺口位置</p>")),
    (Health.CHALLENGE, html("<p>请点击图中所有的汽车</p>", "真人验证")),
    (Health.CHALLENGE, framed("<p>您的访问频率过高，请输入验证码后继续浏览</p><img src=/c.jpg>", "提示")),
    (Health.CHALLENGE, html("<p>当前浏览器未启用 JavaScript，请启用后刷新页面</p>")),
    (Health.REFUSED, html("<p>您没有权限访问该页面</p>", "提示")),
    (Health.REFUSED, html("<p>该请求触发了站点的防护规则，事件编号 8731，请联系管理员</p>", "WAF")),
    (Health.REFUSED, html("<p>由于安全原因，您的访问已被禁止</p>")),
    (Health.REFUSED, html("<p>您所在的地区暂时无法访问本网站</p>")),
    (Health.REFUSED, html("<p>ERROR 1020. The owner of this website has banned your IP.</p>", "Access denied")),
    (Health.LOGIN_WALL, html("<p>该内容仅限登录用户查看</p><a href=/login>立即登录</a>")),
    (Health.LOGIN_WALL, html("<p>身份信息已失效，请重新登陆系统</p>")),
    (Health.LOGIN_WALL, framed("<div>您尚未登录，无法查看本公告详情</div>", "通知公告")),
    (Health.SOFT_404, html("<p>您要找的内容可能已被移走或删除</p>", "出错啦")),
    (Health.SOFT_404, framed("<p>无此文章</p>", "示例通信管理局")),
    (Health.SOFT_404, html("<p>该文章正在审核中或已被管理员隐藏</p>")),
    (Health.SOFT_404, html("<p>对不起，没有相关记录！</p>")),
    (Health.SOFT_404, html("<p>非法的文章ID</p>", "系统提示")),
    (Health.SOFT_404, html("<p>The page you requested could not be found.</p>")),
    (Health.SOFT_404, html("<script>alert('该信息不存在！');history.back();</script>")),
    (Health.MAINTENANCE, html("<p>本站正在进行数据迁移，请稍后再来</p>")),
    (Health.MAINTENANCE, html("<p>抱歉，服务器开了个小差</p>", "500")),
    (Health.MAINTENANCE, html("<p>Sorry, the site is under maintenance.</p>")),
    (Health.MAINTENANCE, html("<p>ORA-12541: TNS:no listener</p><p>java.sql.SQLException at com.x.Y</p>")),
    (Health.MAINTENANCE, html("<p>网站正在进行等保测评，暂停对外服务</p>")),
    (Health.REDIRECT_HOME, html("<script>parent.location.href='https://www.example.gov.cn/index.html'</script>")),
    (Health.REDIRECT_HOME, html("", "", "<meta content='0;URL=http://www.example.gov.cn/' http-equiv='refresh'>")),
    (Health.EMPTY_SHELL, html("<div id=app><div class=loading>Loading...</div></div>", "政务服务")),
    (Health.EMPTY_SHELL, html("<noscript>本站需要启用脚本才能运行</noscript><div id=main></div>")),
]  # fmt: skip

EXPECTED = {
    Health.CHALLENGE: CHALLENGE,
    Health.REFUSED: REFUSED,
    Health.LOGIN_WALL: LOGIN,
    Health.SOFT_404: SOFT_404,
    Health.MAINTENANCE: MAINTENANCE,
    Health.REDIRECT_HOME: REDIRECT_HOME,
    Health.EMPTY_SHELL: EMPTY_SHELL,
    Health.WRONG_TYPE: WRONG_TYPE,
    Health.BODY_GONE: BODY_GONE,
    Health.TRUNCATED: TRUNCATED,
    Health.UNDECODABLE: UNDECODABLE,
}
ROWS = [(health, name, answer) for health, rows in EXPECTED.items() for name, answer in rows]
ROWS += [(health, f"其二 {number}", answer) for number, (health, answer) in enumerate(SECOND)]


@pytest.mark.parametrize(
    ("health", "answer"),
    [pytest.param(health, answer, id=f"{health}-{name[:24]}") for health, name, answer in ROWS],
)
def test_no_document_stands_for_what_is_none(health: Health, answer: Answer) -> None:
    reading = read_page(
        answer.body, url=URL, status=answer.status, headers=answer.headers.items(), role=answer.role
    )
    assert (reading.health, reading.document) == (health, None)
    assert reading.reasons
    assert all(any("\u4e00" <= character <= "\u9fff" for character in reason) for reason in reading.reasons)

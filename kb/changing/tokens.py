"""Words of a passage: amounts with their unit, dates, references, 《titles》 and fixed legal terms stay whole.

Everything else in Han script is a token a character; :mod:`kb.changing.inline` joins what belongs together. Joining the
tokens gives the text back exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kb.changing.renames import NAMES

NUMBER = r"(?:[0-9０-９][0-9０-９,，.．]*[万亿千百]{0,2}|[〇零○一二两三四五六七八九十百千万亿]{1,10})"
UNITS = (
    "个工作日|个自然日|个工作时|个百分点|个小时|个月|个季度|个季|季度|年度|学年|工作日|自然日|小时|分钟|周岁|年|月|日|天|时|分|秒|周|"
    "万元|亿元|元/件|元|倍|％|%|‰|人次|万人|万户|人|户|件|份|家|个|次|名|字|种|类|条|章|节|编|项|款|张|页|批|期|届|GB|MB|TB|G|M|以上|以下|以内"
)
UNITS_OF_AMOUNTS = "个工作日|万元|亿元|元|倍|个月|周岁|年|月|日|天|小时|人|户|件|次|％|%|‰"
TERMS = (
    "应当|可以|不得|必须|鼓励|禁止|严禁|不予|无需|除外|或者|并且|以及|但是|根据|依照|按照|符合|规定|备案|许可证|许可|登记|"
    "审批|批准|申请|提交|提供者|提供|材料|证明|协议|截图|报告|评估|企业|个人|个体工商户|主体|单位|机构|主管部门|部门|罚款|没收|"
    "违法所得|警告|吊销|撤销|注销|责令|改正|停业整顿|处罚|服务|信息|互联网|网络|算法|生成式|人工智能|深度合成|数据|安全|用户|"
    "平台|内容|管理|国务院|省级|县级|市级|人民政府|地方|行政区域|经营|运营|营业执照|复印件|原件|盖章|公章|签章|电子|纸质|"
    "有效期|届满|施行|废止|公布|印发|同时|以外|其他|有关|相关|暂不|支持|受理|核验|公示|编号|名称|范围|条件|期限|费用|收费|免收|"
    "网站|主页|位置|标注|取得|所在地|显著|方式|活动|情形|情况|要求|标准|制度|措施|责任|义务|权利|权益|合法|违反|构成|依法|给予|处以|"
    "按照|参照|负责|组织|指导|监督|检查|实施|执行|建立|健全|完善|加强|保障|保护|促进|发展|国家|社会|公众|公民|法人|行政|部门|职责|"
    "工作|人员|主管|直接|间接|造成|损失|损害|后果|严重|情节|期间|年度|日期|时间|地点|地址|联系|电话|账号|注册|登录|审查|复核|验收|"
    "开展|从事|使用|利用|收集|存储|传输|公开|披露|告知|同意|删除|更正|投诉|举报|申诉|复议|诉讼|仲裁|办理|变更|延续|换发|补办|领取|"
    "技术|产品|设备|系统|软件|硬件|资金|注册资本|资质|资格|证书|文件|资料|信用|代码|统一|全国|地区|城市|农村|重大|重要|一般|特殊|"
    "以上|以下|以内|其中|之间|之后|之前|不再|已经|仍然|自行|委托|代理|授权|章程|合同|名单|目录|清单|公告|通知|办法|条例|法律|法规|规章"
)
_REFERENCE = (
    r"第[〇零○一二两三四五六七八九十百千0-9]{1,8}"
    r"(?:条(?:之[一二三四五六七八九十])?|季度|款|项|目|编|章|节|号|批|次)"
)
_BOUND = rf"(?:百分之)?{NUMBER}(?:{UNITS_OF_AMOUNTS})?"
_DAY = (
    r"(?:[0-9]{4}|[〇零○一二三四五六七八九]{4})年[0-9一二三四五六七八九十]{1,2}月(?:[0-9一二三四五六七八九十]{1,3}[日号])?"
    r"|[0-9一二三四五六七八九十]{1,2}月[0-9一二三四五六七八九十]{1,3}[日号](?:[0-9]{1,2}时)?"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
)
_FIGURE = (
    rf"{_BOUND}以上(?:不满|不足|至)?{_BOUND}(?:以下|以内)?"
    rf"|{_DAY}|[0-9]{{3,4}}-[0-9]{{7,8}}(?![0-9])|百分之{NUMBER}|{NUMBER}余?(?:{UNITS})|[0-9]+(?:[.,:][0-9]+)*"
)
_OFFICIAL = r"〔[0-9]{4}〕(?:第 ?)?[0-9]{1,5}号"  # of a 文号, behind the short name of its issuer
_ISSUER = r"(?:(?![依据按照根的和与及或为见以将经由等之])[\u4e00-\u9fff]){1,10}"


def _starting(chars: str, pattern: str) -> str:
    """The pattern, tried only where one of the characters stands: most places of a text are no beginning."""
    return rf"(?=[{re.escape(''.join(sorted(set(chars))))}])(?:{pattern})"


def _words(words: Iterable[str]) -> str:
    """Words by their first character: one comparison for all that begin alike."""
    tails: dict[str, list[str]] = {}
    for word in words:
        tails.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in tails.items())


_NAMES = sorted(NAMES, key=len, reverse=True)
_TERMS = [*_NAMES, *dict.fromkeys(TERMS.split("|"))]
_PATTERN = "|".join(
    (
        r"《[^《》\n]{1,80}》",
        r"https?://[A-Za-z0-9./?=&%_#:~+,;@!$*…-]+",
        r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
        _REFERENCE,
        _starting("0123456789０１２３４５６７８９〇零○一二两三四五六七八九十百千万亿", _FIGURE),
        r"半(?:个?年|个月|数)",
        r"[\u4e00-\u9fff]ICP[备证][0-9]{4,12}号(?:-[0-9]{1,3})?",
        _starting("".join(term[0] for term in _TERMS), _words(_TERMS)),
        r"[A-Za-z]+(?:['’-][A-Za-z]+)*",
        r"[ \t\u3000]+",
        r"[\s\S]",
    )
)
_TOKEN = re.compile(_PATTERN)
_TOKEN_OR_OFFICIAL = re.compile(rf"{_ISSUER}{_OFFICIAL}|{_PATTERN}")


def tokenise(text: str) -> list[str]:
    return (_TOKEN_OR_OFFICIAL if "〔" in text else _TOKEN).findall(text)


_PUNCTUATION = frozenset("，。；：、！？,.;:!?（）()“”\"'‘’《》〈〉【】[]—-…·　 \t\n")


def is_fixed(token: str) -> bool:
    """A token of more than one character, or a mark of punctuation: not a mere character that words share by chance."""
    return len(token) > 1 or token in _PUNCTUATION

"""Words of a passage: amounts with their unit, dates, references, 《titles》 and fixed legal terms stay whole.

Everything else in Han script is a token a character; :mod:`kb.changing.inline` joins what belongs together. Joining the
tokens gives the text back exactly.
"""

from __future__ import annotations

import re

from kb.changing.renames import NAMES

NUMBER = r"(?:[0-9０-９][0-9０-９,，.．]*[万亿千百]{0,2}|[〇零○一二两三四五六七八九十百千万亿]{1,10})"
UNITS = (
    "个工作日|个自然日|个工作时|个百分点|个小时|个月|个季度|工作日|自然日|小时|分钟|周岁|年|月|日|天|时|分|秒|周|"
    "万元|亿元|元/件|元|倍|％|%|‰|人次|万人|万户|人|户|件|份|家|个|次|名|字|种|类|款|张|页|GB|MB|TB|G|M|以上|以下|以内"
)
TERMS = (
    "应当|可以|不得|必须|鼓励|禁止|严禁|不予|无需|除外|或者|并且|以及|但是|根据|依照|按照|符合|规定|备案|许可证|许可|登记|"
    "审批|批准|申请|提交|提供者|提供|材料|证明|协议|截图|报告|评估|企业|个人|个体工商户|主体|单位|机构|主管部门|部门|罚款|没收|"
    "违法所得|警告|吊销|撤销|注销|责令|改正|停业整顿|处罚|服务|信息|互联网|网络|算法|生成式|人工智能|深度合成|数据|安全|用户|"
    "平台|内容|管理|国务院|省级|县级|市级|人民政府|地方|行政区域|经营|运营|营业执照|复印件|原件|盖章|公章|签章|电子|纸质|"
    "有效期|届满|施行|废止|公布|印发|同时|以外|其他|有关|相关|暂不|支持|受理|核验|公示|编号|名称|范围|条件|期限|费用|收费|免收"
)
_TOKEN = re.compile(
    r"《[^《》\n]{1,80}》"
    r"|https?://[A-Za-z0-9./?=&%_#:~+,;@!$*…-]+"
    r"|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    rf"|第[〇零○一二两三四五六七八九十百千0-9]{{1,8}}(?:条(?:之[一二三四五六七八九十])?|款|项|目|编|章|节|号|批|次)"
    r"|(?:[0-9]{4}|[〇零○一二三四五六七八九]{4})年[0-9一二三四五六七八九十]{1,2}月(?:[0-9一二三四五六七八九十]{1,3}[日号])?"
    r"|[0-9一二三四五六七八九十]{1,2}月[0-9一二三四五六七八九十]{1,3}[日号](?:[0-9]{1,2}时)?"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
    rf"|百分之{NUMBER}"
    rf"|{NUMBER}余?(?:{UNITS})"
    r"|[0-9]+(?:[.,:][0-9]+)*"
    + "|" + "|".join(re.escape(name) for name in sorted(NAMES, key=len, reverse=True))
    + f"|{TERMS}"
    r"|[A-Za-z]+(?:['’-][A-Za-z]+)*"
    r"|[ \t\u3000]+"
    r"|[\s\S]"
)  # fmt: skip


def tokenise(text: str) -> list[str]:
    return _TOKEN.findall(text)


_PUNCTUATION = frozenset("，。；：、！？,.;:!?（）()“”\"'‘’《》〈〉【】[]—-…·　 \t\n")


def is_fixed(token: str) -> bool:
    """A token of more than one character, or a mark of punctuation: not a mere character that words share by chance."""
    return len(token) > 1 or token in _PUNCTUATION

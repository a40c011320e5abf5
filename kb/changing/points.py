"""The points of a text that a duty turns on, typed: periods, sums, thresholds, modal verbs, penalties, materials, bodies.

Patterns are tried in order; what an earlier one took, a later one does not see: the period inside an exception belongs to the
exception, the number inside a fine to the fine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb.changing.renames import NAMES
from kb.changing.tokens import NUMBER
from kb.codes import DeltaKind

CONTEXT = 40  # characters looked at on each side of a point


@dataclass(frozen=True, slots=True)
class Point:
    kind: DeltaKind
    words: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.words)


_DURATION = rf"(?:{NUMBER}|半)余?(?:个工作日|个自然日|工作日|自然日|个工作时|个小时|小时|分钟|个月|个季度|日|天|年|周(?!岁))(?![度龄级底末初])"
_DATE = (
    r"(?:[0-9]{4}|[〇零○一二三四五六七八九]{4})年(?:(?:年)?[底末初]|[0-9一二三四五六七八九十]{1,2}月(?:[0-9一二三四五六七八九十]{1,3}[日号曰]|[底末初]|[上中下]旬)?)(?:[0-9]{1,2}时)?"
    r"|[0-9一二三四五六七八九十]{1,2}月(?:[0-9一二三四五六七八九十]{1,3}[日号曰]|[底末初]|[上中下]旬)(?:[0-9]{1,2}时)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
)
_CLAUSE = r"[^，。；：（）\n]"
_EXCEPTION = (
    rf"除{_CLAUSE}{{1,40}}?(?:以外|之外|外)(?=[，。；、）\n]|$)|(?:但是?，?)?{_CLAUSE}{{0,40}}(?:除外|例外)"
    rf"|{_CLAUSE}{{0,30}}不适用{_CLAUSE}{{0,20}}|(?:法律|法规|国家|行政法规)[^。；\n]{{0,20}}另有规定的，(?:从其规定|依照其规定|适用其规定)"
)
_FINE = rf"(?:{NUMBER}(?:元|倍)(?:以上|以下)?(?:不满)?(?:{NUMBER}(?:元|倍)(?:以上|以下)?)?(?:的)?罚款)"
_DOCUMENT = (
    r"(?:(?:协议|合同|证明|报告|授权|承诺|说明|计划|委托|责任|申请|意向|同意|保证|任务|通知|证|声明)书|营业执照|执照|证明(?:材料|文件)?|(?:居住|身份|许可|资格|合格|登记|工作|驾驶|执业|上岗|毕业|注册|产权)证(?!明|书|件|据|监|券|人)|"
    r"(?:申请|登记|备案|信息|报名|审批|汇总|推荐|统计|自查|核查|变更|注销)表|(?:结构|示意|平面|拓扑|流程|架构)图|(?:承诺|说明|推荐|确认)函|"
    r"证件|截图|照片|复印件|原件|扫描件|影印件|报告|协议|合同|(?:发展|实施|业务|工作)计划|(?:实施|应急|运营|建设)方案|清单|花?名册|回执|订单|发票|账单|批文|批复|"
    r"(?:批准|证明|说明|授权|资质|制度)文件|章程|公章|签章|印章|(?:备案|登记|许可|核准)编号|说明(?!会|符)|凭证|资料)"
)
_MATERIAL = re.compile(
    rf"《[^《》\n]{{1,60}}》(?:{_DOCUMENT})*|[^\s、，；。：（）()《》|\n]{{0,24}}?(?:{_DOCUMENT})+(?:的[^\s、，；。：（）()《》|\n]{{0,16}}?(?:{_DOCUMENT})+)?(?!法|管理|制度|专用|持有|形式|方式)(?:一式[一二三四五六两0-9]{{1,2}}份)?"
)
_TITLED = re.compile(rf"{_DOCUMENT}(?:[（(][^（）()]{{1,20}}[）)])?》")
_VERBS = re.compile(
    r"并且|以及|或者|应当|可以|不得|无?需要?(?!求)|无?须|提交|提供|上传|出示|取得|持有|报送|下载|填写|填报|使用|转让|出租|颁发|核发|发放|办理|申请(?!表|书|人|材料|报告)|"
    r"具有|具备|包括|收取|签订|订立|逾期|方可|吊销|查验|核验|保存|留存|作出|标注|公示|或(?!者)|和(?=[\u4e00-\u9fff]{2})|及(?!其|时)"
)
_BEGINS = re.compile(
    r"(?:并|及|或|和|与|须|需|凭|持|附|为|是|由|向|在|将|其|有(?!限|关)|还|请|的|应(?!用|急)|可(?!行))+"
)
_MATERIALS_AROUND = re.compile(r"材料|资质|提交|提供|上传|出示|附|加盖|资料|证件|凭|报送|填写|下载|需|签订")
_FEES = rf"{NUMBER}(?:万|亿)?元/[\u4e00-\u9fff]|免收|免缴|免费|(?:不(?:得)?|另行|按[\u4e00-\u9fff]{{1,3}})?收取?(?:费用|费)(?!服务|的|类|内容|标准|项目|公示)|费用"
_SUM = rf"{NUMBER}元?(?:至|到|—|-|~){NUMBER}(?:万|亿)?元|{NUMBER}余?(?:万|亿)?(?:元|美元|人民币)(?:以上|以下|以内)?|{NUMBER}倍"
_COUNTED = r"人次|万人|万户|户|人|名|件|家|份|个|字|种|类|次|条|周岁|岁|秒|平方米|公里|千米|米|像素|GB|MB|TB"
_THRESHOLD = rf"{NUMBER}余?(?:{_COUNTED})?(?:以上|以下|以内)|{NUMBER}余?(?:人次|万人|万户|户|人|名|周岁|岁|次|秒|平方米|公里|千米|米|像素|GB|MB|TB)|(?:(?<=超过)|(?<=达到)|(?<=不足)|(?<=低于)|(?<=少于)|(?<=高于)){NUMBER}"
_MODALITY = (
    r"应当|可以|不得|必须|自愿|鼓励|禁止|严禁|(?:一般|原则上)?不予|无需|不需要?|无须|暂不支持|不支持|支持|暂停|有权|(?<!必)须|不能|不再|不应|"
    r"(?<![快适供反响对效相不])应(?=[\u4e00-\u9fff])(?![用急收付对变邀答诉聘届有知急激]|当)|可(?=提交|向|申请|选择|自行|由|通过|凭|免)|(?<=[，；])需(?=[\u4e00-\u9fff])"
)
_PENALTY = (
    r"没收(?:违法所得|非法所得|[\u4e00-\u9fff]{0,6}设备)?|吊销[\u4e00-\u9fff]{0,12}?(?:许可证|执照|证书|资格|许可)|吊销|责令(?:限期)?(?:改正|停业整顿|停产停业|关闭|暂停[\u4e00-\u9fff]{2,4}|停止[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{2,4})|"
    r"罚款|警告|通报批评|停业整顿|行政处罚|行政拘留|拘留|刑事责任|限制(?:搜索|功能|登录|使用|展示|推荐)|下架|封禁|封号|关停|清退|约谈|撤销[\u4e00-\u9fff]{0,4}(?:许可|备案|登记)|注销[\u4e00-\u9fff]{0,4}(?:许可|备案|登记)|列入[\u4e00-\u9fff]{0,6}名单"
)
_SUBJECT = (
    r"(?:境内|境外|中小|小微|大型|微型|外商投资|国有|民营|网络|互联网|内容|应用|电商|直播|算法|技术|深度合成|生成式|人工智能|数据|信息|发布|分发){0,4}"
    r"(?:服务提供者|提供者|使用者|技术支持者|运营者|经营者|处理者|开发者|应用商店|应用程序分发平台|分发平台|平台|个体工商户|自然人|事业单位(?:法人)?|社会团体(?:法人)?|企业(?:法人|主体)?|非法人组织|法人|民办非企业单位|(?:个人|境外|境内|企业)主体|个人(?!信息|隐私)|未成年人|直接责任人员|主管人员|申请人|主办者|接入商|(?:接入)?服务商|供应商|代理机构)"
)
_RANK = r"(?:国务院|国家|中央|省、自治区、直辖市(?:人民政府)?|设区的市级|(?:省|市|县|地|区|乡)级(?:以上)?(?:地方)?(?:人民政府)?|地方|所在地|属地|当地|各级|各地|同级|上级|有关){0,3}的?"
_NOT_IN_NAME = r"会同|同(?!级)|负责|应当|可以|征求|以及|或者|依法|[向由报经和与或及商的在对受]"
_NAMED_BODIES = "|".join(re.escape(name) for name in sorted(NAMES, key=len, reverse=True))
_ENDS_OF_BODIES = "部门|局|署|委员会|办公室|机关|人民政府|人民法院|检察院|管理机构"
_BODY = (
    rf"{_RANK}(?:{_NAMED_BODIES})"
    rf"|{_RANK}(?:(?!{_NOT_IN_NAME})[\u4e00-\u9fff]){{1,10}}?(?:主管部门|管理部门|行政部门|部门|监督管理局|管理局|数据局|邮政局|能源局|版权局|委员会|互联网信息办公室|公安机关|人民政府|人民法院|检察院|检察机关|总局|总署|管理机构|机关)"
    rf"|{_RANK}(?:公安机关|人民政府|人民法院)|国家[\u4e00-\u9fff]{{1,8}}?(?:局|署|委员会|办公室|总局)"
)
_SCOPE = r"境内外|境内|境外|跨地区|跨境|全国|(?<=[\u4e00-\u9fff])等(?=[\u4e00-\u9fff，。；])|仅限?(?=[\u4e00-\u9fff])|只限"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("exception", re.compile(_EXCEPTION)),
    ("fine", re.compile(_FINE)),
    ("penalty", re.compile(_PENALTY)),
    ("transition", re.compile(rf"{_DURATION}的?过渡期")),
    ("material", _MATERIAL),
    ("date", re.compile(_DATE)),
    ("percentage", re.compile(rf"百分之{NUMBER}|{NUMBER}(?:%|％|‰|个百分点)")),
    ("fee", re.compile(_FEES)),
    ("amount", re.compile(_SUM)),
    ("duration", re.compile(rf"每(?:{_DURATION}|半?年|季度|月|周|日|天)|{_DURATION}|立即|即时|当场|当日|次日|长期有效|永久有效")),
    ("threshold", re.compile(_THRESHOLD)),
    ("authority", re.compile(_BODY)),
    ("subject", re.compile(_SUBJECT)),
    ("modality", re.compile(_MODALITY)),
    ("scope", re.compile(_SCOPE)),
)  # fmt: skip
_NAMED = {
    "exception": DeltaKind.EXCEPTION, "fine": DeltaKind.PENALTY, "penalty": DeltaKind.PENALTY, "transition": DeltaKind.TRANSITION,
    "material": DeltaKind.MATERIAL, "percentage": DeltaKind.PERCENTAGE, "fee": DeltaKind.FEE, "threshold": DeltaKind.THRESHOLD,
    "authority": DeltaKind.AUTHORITY, "subject": DeltaKind.SUBJECT, "modality": DeltaKind.MODALITY, "scope": DeltaKind.SCOPE,
}  # fmt: skip
_PENAL = re.compile(r"罚款|处以?[^，。]{0,12}$|拘役|有期徒刑")
_GAINS = re.compile(r"(?:违法所得|货值金额|营业额)[^，；。0-9一二三四五六七八九十]{0,6}$")
_FEE_BEFORE = re.compile(r"(?<!消)费(?!用户)[^。；，]{0,14}$|收费|缴纳|工本")
_VALIDITY = re.compile(r"有效期|有效")
_TRANSITION = re.compile(r"此前|过渡|补登记|补办|施行前|已(?:经)?(?:上线|取得|开展|备案)[^。；]{0,20}$")
_THRESHOLD_BEFORE = re.compile(r"不低于|不少于|达到|注册资本|投资额|实缴|规模")
_IS_BOUND = re.compile(r"以[上下内]$")


# What a match cannot be without, for each pattern that is slow to find nothing: one of these words,
_MARKS: dict[str, tuple[str, ...]] = {
    "exception": ("外", "不适用", "另有规定"), "fine": ("罚款",), "transition": ("过渡期",), "date": ("年", "月", "-"),
    "percentage": ("百分", "%", "％", "‰"), "fee": ("元/", "免", "费"), "amount": ("元", "倍", "人民币"),
}  # fmt: skip
# and, for those that may begin long before it, the word itself and how many characters before it a match may begin.
_LEADING: dict[str, tuple[re.Pattern[str], re.Pattern[str], int]] = {
    "material": (re.compile(rf"《|{_DOCUMENT}"), re.compile(r"[\s、，；。：（）()《》|]"), 24),
    "authority": (re.compile(rf"{_NAMED_BODIES}|{_ENDS_OF_BODIES}"), re.compile(r"[^\u4e00-\u9fff、]"), 60),
}


def points_in(text: str, start: int, end: int) -> list[Point]:
    """The points of ``text[start:end]`` in order; offsets are into ``text``."""
    taken: list[tuple[int, int]] = []
    found: list[Point] = []
    matched: list[Point] = []  # what is no point after all is still taken: the year of a meeting is no period
    for name, pattern in _PATTERNS:
        if name in _MARKS and not any(text.find(mark, start, end) >= 0 for mark in _MARKS[name]):
            continue
        for point in _matches(name, pattern, text, start, end):
            if all(point.end <= low or point.start >= high for low, high in taken):
                matched.append(point)
                if not _is_none(name, point.words, text, point.start):
                    found.append(point)
        taken = [(point.start, point.end) for point in matched]
    return sorted(found, key=lambda point: point.start)


def _found(name: str, pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """What ``pattern.finditer`` finds, looked for only around the words that a match cannot be without."""
    if name not in _LEADING:
        yield from pattern.finditer(text, start, end)
        return
    word, edge, reach = _LEADING[name]
    while (mark := word.search(text, start, end)) is not None:
        before = max(start, mark.start() - reach)
        edges = [place.end() for place in edge.finditer(text, before, mark.start())]
        match = pattern.search(text, edges[-1] if edges else before, end)
        if match is None:
            return
        yield match
        start = match.end()


def _matches(name: str, pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[Point]:
    for match in _found(name, pattern, text, start, end):
        words, at = match[0], match.start()
        if name == "material":
            at, words = _document(match, text)
        elif name == "authority":
            words, at = _without_lead(words, at)
        if words:
            yield Point(_kind(name, words, text, at), words, at)


_HISTORY = re.compile(
    r"[日）)]?(?:，|,)?(?:第[一二三四五六七八九十]+届|[^，。；\n]{0,40}(?:会议|令第[0-9一二三四五六七八九十]+号)[^，。；\n]{0,20}(?:通过|公布|发布|修[订正改])?|(?:公布|发布|印发|通过)(?!之))"
    r"|[^，。；\n]{0,60}(?:修订|修正)(?:）|\)|$|\n| )"
)
_ORDER = re.compile(r"(?:[\u4e00-\u9fff]{0,6})?(?:令|公告)第?[0-9〇一二三四五六七八九十百]+号")
_LENIENT = re.compile(r"从轻|减轻|不予|免予|免除")
_COVERS = re.compile(r"适用|范围|包括|所称|是指")
_NO_BODY = frozenset({"部门", "机关", "有关部门", "委员会", "管理机构", "办公室"})


def _is_none(name: str, words: str, text: str, at: int) -> bool:
    """The words look like a point and are none: the day a meeting was held, an order's number, 第二次, 从轻行政处罚."""
    end = at + len(words)
    match name:
        case "date":
            return _HISTORY.match(text, end, end + 2 * CONTEXT) is not None
        case "authority":
            return words in _NO_BODY or _ORDER.match(text, end) is not None
        case "threshold":
            return words.endswith("次") and text[at - 1 : at] == "第"
        case "penalty":
            lenient = _LENIENT.search(text, max(0, at - CONTEXT), at) is not None
            return words == "行政处罚" and (lenient or text.startswith("法", end))
        case "scope":
            clause = re.split(r"[。；\n]", text[max(0, at - CONTEXT) : end + CONTEXT])
            return words == "等" and not any(map(_COVERS.search, clause))
    return False


_LEAD = re.compile(
    r"(?:[\u4e00-\u9fff]{0,8}(?:送|进入|提交|通知|告知|委托|配合|协助))?(?:的|并|其|有关|相关)*"
)


def _without_lead(words: str, at: int) -> tuple[str, int]:
    lead = _LEAD.match(words)
    skipped = lead.end() if lead and lead.end() < len(words) else 0
    return words[skipped:], at + skipped


def _document(match: re.Match[str], text: str) -> tuple[int, str]:
    """A document's own name: what stands after the last verb; nothing where no materials are spoken of."""
    words, at = match[0], match.start()
    if words.startswith("《"):
        return (at, words) if _TITLED.search(words) or not words.endswith("》") else (at, "")
    cut = max(
        (
            verb.end()
            for verb in _VERBS.finditer(words)
            if words[verb.end() : verb.end() + 1] not in ("", "的")
        ),
        default=0,
    )
    begins = _BEGINS.match(words, cut)
    cut = begins.end() if begins and begins.end() < len(words) else cut
    words, at = words[cut:], at + cut
    around = text[max(0, at - CONTEXT) : at]
    alone = at <= 4 and len(text) <= CONTEXT
    return (at, words) if alone or _MATERIALS_AROUND.search(around) else (at, "")


def _kind(name: str, words: str, text: str, at: int) -> DeltaKind:
    if name in _NAMED:
        return _NAMED[name]
    before, after = text[max(0, at - CONTEXT) : at], text[at + len(words) : at + len(words) + CONTEXT]
    if name == "amount":
        return _kind_of_amount(words, before, after)
    clause = re.split(r"[。；\n]", before)[-1]
    if _VALIDITY.search(
        re.split(r"[，、]", clause)[-1][-12:] + words + re.split(r"[，。；、]", after[:6])[0]
    ):
        return DeltaKind.VALIDITY
    return (
        DeltaKind.TRANSITION
        if _TRANSITION.search(clause) or _AFTERWARDS.search(after)
        else DeltaKind.DEADLINE
    )


_AFTERWARDS = re.compile(r"[^。；]{0,12}(?:补登记|补办|过渡|继续使用|继续有效)")


def _kind_of_amount(words: str, before: str, after: str) -> DeltaKind:
    if _GAINS.search(before) and not after.startswith(("罚款", "的罚款")):
        return DeltaKind.THRESHOLD
    if _PENAL.search(before) or "罚款" in after[:20]:
        return DeltaKind.PENALTY
    if _FEE_BEFORE.search(before):
        return DeltaKind.FEE
    bounded = _IS_BOUND.search(words) or _THRESHOLD_BEFORE.search(before[-12:])
    return DeltaKind.THRESHOLD if bounded else DeltaKind.AMOUNT

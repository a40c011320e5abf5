"""Obligation deltas: what kind of point changed, typed, with the words before and after.

Read from the changed spans and the words around them; no model. A point that stands only on one side has an empty string
on the other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.changing.renames import is_authority
from kb.changing.tokens import NUMBER
from kb.model import DeltaKind, ObligationDelta, Span

CONTEXT = 40  # characters looked at on each side of a point
STRETCH = 4_000  # characters of one span that are searched for points


@dataclass(frozen=True, slots=True)
class Point:
    kind: DeltaKind
    words: str
    start: int


_DURATION = rf"{NUMBER}余?(?:个工作日|个自然日|工作日|自然日|个工作时|个小时|小时|分钟|个月|个季度|日|天|周|年)(?![度龄级])"
_DATE = (
    r"(?:[0-9]{4}|[〇零○一二三四五六七八九]{4})年[0-9一二三四五六七八九十]{1,2}月(?:[0-9一二三四五六七八九十]{1,3}[日号])?(?:[0-9]{1,2}时)?"
    r"|[0-9一二三四五六七八九十]{1,2}月[0-9一二三四五六七八九十]{1,3}[日号曰](?:[0-9]{1,2}时)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
)
_POINTS = re.compile(
    rf"(?P<date>{_DATE})"
    rf"|(?P<percentage>百分之{NUMBER}|{NUMBER}(?:%|％|‰|个百分点))"
    rf"|(?P<fine>{NUMBER}(?:元|倍)(?:以上)?(?:{NUMBER}(?:元|倍))?(?:以上|以下)?(?:的)?罚款)"
    rf"|(?P<amount>{NUMBER}元?(?:至|到|—|-|~){NUMBER}(?:万|亿)?元|{NUMBER}(?:余)?(?:万|亿)?(?:元|美元|人民币)(?:/[\u4e00-\u9fff])?|{NUMBER}倍)"
    rf"|(?P<duration>{_DURATION})"
    rf"|(?P<threshold>{NUMBER}余?(?:人次|万人|万户|户|人|名|件|家|份|个|字|种|类|次|周岁|GB|MB|TB)?(?:以上|以下|以内)|{NUMBER}余?(?:人次|万人|万户|户|人|名|周岁|GB|MB|TB))"
    r"|(?P<modality>应当|可以|不得|必须|鼓励|禁止|严禁|不予|无需|不需要|暂不支持|不支持|支持|暂停|有权|须|应(?=[\u4e00-\u9fff]))"
    r"|(?P<exception>除[^，。；]{0,30}外|除外|但是|不适用|例外)"
    r"|(?P<penalty>罚款|警告|通报批评|没收|吊销|责令[\u4e00-\u9fff]{2,6}|停业整顿|行政处罚|刑事责任|下架|封禁|撤销[\u4e00-\u9fff]{0,4}许可)"
    r"|(?P<fee>免收|免费|收费|费用|另行收费)"
    r"|(?P<material>《[^《》]{1,60}(?:证|证书|许可证|执照|批文|备案|报告|协议|授权书|承诺书|申请表|登记表|说明|证明|批复)》"
    r"|[\u4e00-\u9fffA-Za-z]{0,12}?(?:营业执照|许可证|证明材料|证明|合作协议|协议|授权书|承诺书|截图|复印件|原件|备案证明|审计报告|验资报告|评估报告|检测报告|业务发展计划|申请表|说明书|身份证|电子签章|公章|登记证书|资质证书|批准文件|承诺函|说明函|订单|发票))"
    r"|(?P<subject>个体工商户|自然人|个人|企业|事业单位|社会团体|外商投资企业|境外主体|法人|非法人组织|直接责任人员|服务提供者|提供者|使用者|技术支持者|运营者|经营者|平台)"
    r"|(?P<authority>[\u4e00-\u9fff]{2,14}?(?:主管部门|管理部门|行政部门|监督管理局|管理局|委员会|办公室|公安机关|人民政府|人民法院|总局|机关))"
)
_LEAD = re.compile(
    r"(?:并且|并|或者|或|以及|及|和|与|须|需|应当|可以|不得|提供|提交|上传|出示|取得|持有|凭|持|附|其|由|向|经|报|在|到|受|按|将|把|对|的|有|具有|具备)+"
)
_NAMED = {
    "fine": DeltaKind.PENALTY, "percentage": DeltaKind.PERCENTAGE, "threshold": DeltaKind.THRESHOLD, "modality": DeltaKind.MODALITY,
    "exception": DeltaKind.EXCEPTION, "penalty": DeltaKind.PENALTY, "fee": DeltaKind.FEE, "material": DeltaKind.MATERIAL,
    "subject": DeltaKind.SUBJECT, "authority": DeltaKind.AUTHORITY,
}  # fmt: skip
_PENAL = re.compile(r"罚款|处以?[^，。]{0,12}$|违法所得|拘役|有期徒刑")
_FEE = re.compile(r"收费|费用|登记费|工本费|服务费|手续费|缴纳|费[:：]|元/")
_VALIDITY = re.compile(r"有效期|有效")
_TRANSITION = re.compile(r"此前|过渡|补登记|补办|补正|原有|已(?:经)?(?:上线|取得|开展|备案)|施行前")
_THRESHOLD = re.compile(r"以上|以下|不低于|不少于|达到|超过|不超过|注册资本|投资额|实缴|规模")
_SCOPE = re.compile(r"适用|范围|包括|所称|是指|仅限|限于|含")
_MATERIALS = re.compile(r"材料|资质|提交|附|上传|加盖|资料|证件|凭")


def find_deltas(before: str, after: str, spans: Sequence[Span]) -> tuple[ObligationDelta, ...]:
    """The typed points inside the changed words, paired by kind in the order they stand."""
    deltas: list[ObligationDelta] = []
    for span in spans:
        old = _points_touched(before, span.before_start, span.before_end)
        new = _points_touched(after, span.after_start, span.after_end)
        old += _counterparts(before, span.before_start, span.before_end, new)
        new += _counterparts(after, span.after_start, span.after_end, old)
        found = list(_pair(old, new))
        deltas += found or _by_context(before, after, span)
    return tuple(dict.fromkeys(deltas))


def _counterparts(text: str, start: int, end: int, others: list[Point]) -> list[Point]:
    """Where words were only inserted or deleted, the point beside the place that a point of the other side grew from."""
    if start != end:
        return []
    beside = _points_within(text, start - 1, end + 1)
    return [
        p
        for p in beside
        if any(p.kind is o.kind and (p.words in o.words or o.words in p.words) for o in others)
    ]


def points_of(text: str) -> tuple[ObligationDelta, ...]:
    """What an added passage states: every typed point of it, with nothing before."""
    return tuple(dict.fromkeys(ObligationDelta(p.kind, "", p.words) for p in _points(text, 0, STRETCH)))


def _points_touched(text: str, start: int, end: int) -> list[Point]:
    return _points_within(text, start, end) if start != end else []


def _points_within(text: str, start: int, end: int) -> list[Point]:
    left, right = max(0, start - CONTEXT), min(len(text), end + CONTEXT, start + STRETCH)
    return [p for p in _points(text, left, right) if p.start < end and p.start + len(p.words) > start]


def _points(text: str, start: int, end: int) -> Iterator[Point]:
    for match in _POINTS.finditer(text, start, end):
        words, lead = match[0], None
        if match.lastgroup in ("material", "authority"):
            lead = _LEAD.match(words)
        skipped = lead.end() if lead and lead.end() < len(words) else 0
        yield Point(_kind(match, text), words[skipped:], match.start() + skipped)


def _kind(match: re.Match[str], text: str) -> DeltaKind:
    name = match.lastgroup or ""
    if name in _NAMED:
        return _NAMED[name]
    before, after = (
        text[max(0, match.start() - CONTEXT) : match.start()],
        text[match.end() : match.end() + CONTEXT],
    )
    around = before + after
    if name == "amount":
        return _kind_of_amount(before, after)
    if _VALIDITY.search(around):
        return DeltaKind.VALIDITY
    return DeltaKind.TRANSITION if _TRANSITION.search(around) else DeltaKind.DEADLINE


def _kind_of_amount(before: str, after: str) -> DeltaKind:
    if _PENAL.search(before) or "罚款" in after:
        return DeltaKind.PENALTY
    if _FEE.search(before):
        return DeltaKind.FEE
    return DeltaKind.THRESHOLD if _THRESHOLD.search(before + after[:4]) else DeltaKind.AMOUNT


def _pair(old: list[Point], new: list[Point]) -> Iterator[ObligationDelta]:
    waiting: dict[DeltaKind, list[Point]] = defaultdict(list)
    for point in old:
        waiting[point.kind].append(point)
    for point in new:
        partner = waiting[point.kind].pop(0).words if waiting[point.kind] else ""
        if partner != point.words:
            yield ObligationDelta(point.kind, partner, point.words)
    for points in waiting.values():
        for point in points:
            yield ObligationDelta(point.kind, point.words, "")


def _by_context(before: str, after: str, span: Span) -> Iterator[ObligationDelta]:
    """Words of no type of their own are typed by what their sentence is about."""
    around = _sentence(after, span.after_start, span.after_end) + _sentence(
        before, span.before_start, span.before_end
    )
    old, new = span.before.strip("，、；。 "), span.after.strip("，、；。 ")
    if not old and not new:
        return
    if is_authority(old) or is_authority(new):
        yield ObligationDelta(DeltaKind.AUTHORITY, old, new)
    elif _SCOPE.search(old + new):
        yield ObligationDelta(DeltaKind.SCOPE, old, new)
    elif _MATERIALS.search(around):
        yield ObligationDelta(DeltaKind.MATERIAL, old, new)
    elif _SCOPE.search(around):
        yield ObligationDelta(DeltaKind.SCOPE, old, new)


def _sentence(text: str, start: int, end: int) -> str:
    left = max(text.rfind(mark, max(0, start - 200), start) for mark in "。；\n")
    rights = [place for mark in "。；\n" if (place := text.find(mark, end, end + 200)) >= 0]
    return text[
        left + 1 if left >= 0 else max(0, start - 200) : min(rights, default=min(len(text), end + 200))
    ]

"""The provinces, and of which of them a text is a local rule. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterable

NATIONAL = "全国"
# fmt: off
PROVINCES = (
    "北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江",
    "上海", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南",
    "湖北", "湖南", "广东", "广西", "海南", "重庆", "四川", "贵州",
    "云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆",
)
# fmt: on
_LOCAL_BODY = re.compile(f"({'|'.join(PROVINCES)})(?:省|市|(?:壮族|回族|维吾尔)?自治区|通信管理局)")
_SUFFIX = re.compile("(?:省|市|(?:壮族|回族|维吾尔)?自治区)$")


def short_name(given: str) -> str:
    """A province as it is listed: 广东 of 广东省, 广西 of 广西壮族自治区; other words as they are."""
    return _SUFFIX.sub("", given.strip())


def region_of(declared: str, issuers: Iterable[str] = ()) -> str:
    """The province whose local rule a text is, by the declared province of its source; empty for a rule of the whole
    country.

    A text on a provincial site that names other issuers is handed on from elsewhere, and may bind everybody. So may one
    from a place that is none of the provinces: nobody can say whom it leaves out.
    """
    province = short_name(declared)
    named = tuple(issuers)
    if province not in PROVINCES or (named and not any(province in issuer for issuer in named)):
        return ""
    return province


def place_named(declared: str, issuers: Iterable[str], title: str) -> str:
    """The place to name beside a text, for a reader: where it is a local rule, wherever it was read. A body of a province
    says so by its own name; without issuers the head of the title does. A declared place that is no province is named as
    it is."""
    named = tuple(issuers)
    bodies = {_of_a_province(name) for name in named or (title.strip("《"),)}
    if len(bodies) == 1 and (place := bodies.pop()):
        return place
    return region_of(declared, named) if short_name(declared) in PROVINCES else declared


def _of_a_province(name: str) -> str:
    found = _LOCAL_BODY.match(name)
    return found[1] if found else ""


def reaches(region: str, wanted: Iterable[str]) -> bool:
    """Whether a rule of ``region`` is for those who want the rules of these provinces. A rule of the whole country is for
    everybody, and who names no province, or 全国, wants those of all."""
    named = {short_name(each) for each in wanted} - {""}
    return not region or not named or NATIONAL in named or region in named

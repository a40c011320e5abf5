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
_SUFFIX = re.compile("(?:省|市|(?:壮族|回族|维吾尔)?自治区)$")


def short_name(given: str) -> str:
    """A province as it is listed: 广东 of 广东省, 广西 of 广西壮族自治区; other words as they are."""
    return _SUFFIX.sub("", given.strip())


def region_of(declared: str, issuers: Iterable[str] = (), authority: str = "") -> str:
    """The province whose local rule a text is, by the province and the authority its source declares; empty for a rule
    of the whole country.

    A text on a provincial site that names another issuer too is handed on from elsewhere, or made with others, and may
    bind more than the province. So may one from a place that is none of the provinces: nobody can say whom it leaves out.
    """
    province = short_name(declared)
    own = all(province in issuer or issuer == authority for issuer in issuers)
    return province if province in PROVINCES and own else ""


def reaches(region: str, wanted: Iterable[str]) -> bool:
    """Whether a rule of ``region`` is for those who want the rules of these provinces. A rule of the whole country is for
    everybody, and who names no province, or 全国, wants those of all."""
    named = {short_name(each) for each in wanted} - {""}
    return not region or not named or NATIONAL in named or region in named

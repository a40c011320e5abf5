"""Names of authorities that are one and the same body before and after an institutional reform.

A change from one name to another of the same group renames the body and changes nobody's duty. A change between two groups
moves the duty to another body and is substantive. An old name that was divided between two successors stands in both groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

GROUPS: tuple[tuple[str, ...], ...] = (
    ("工业和信息化部", "信息产业部", "工信部"),
    ("工业和信息化主管部门", "信息产业主管部门", "工业和信息化行政主管部门"),
    ("国家互联网信息办公室", "国家网信办"),
    ("互联网信息办公室", "网信办"),
    ("网信部门", "网信主管部门", "互联网信息内容主管部门", "互联网信息内容管理部门"),
    ("通信管理局", "通管局"),
    ("公安机关", "公安部门"),
    ("国家发展和改革委员会", "国家发展改革委", "国家发改委"),
    ("国家金融监督管理总局", "金融监管总局"),
    ("中国证券监督管理委员会", "中国证监会", "证监会"),
    ("文化和旅游厅", "文化厅"),
    ("文化和旅游局", "文化局"),
    ("广播电视局", "新闻出版广电局"),
    ("国家数据局",),
    ("文化和旅游部", "文化部"),
    ("文化和旅游主管部门", "文化主管部门", "文化行政部门", "文化行政主管部门", "文化和旅游行政部门"),
    ("国家广播电视总局", "国家新闻出版广电总局", "国家广播电影电视总局", "国家广电总局"),
    ("国家新闻出版署", "国家新闻出版广电总局", "新闻出版总署", "国家新闻出版总署"),
    ("广播电视主管部门", "广播电视行政部门", "新闻出版广电主管部门", "新闻出版广电行政部门", "广播电影电视行政部门"),
    ("新闻出版主管部门", "出版行政主管部门", "出版行政部门", "新闻出版行政部门", "新闻出版广电主管部门", "新闻出版广电行政部门"),
    ("国家药品监督管理局", "国家食品药品监督管理总局", "国家食品药品监督管理局"),
    ("药品监督管理部门", "食品药品监督管理部门"),
    ("国家市场监督管理总局", "工商总局", "国家工商行政管理总局", "市场监管总局", "国家工商总局", "国家质量监督检验检疫总局"),
    (
        "市场监督管理部门", "工商行政管理部门", "市场监管部门", "工商行政管理机关", "质量技术监督部门", "工商部门",
        "食品药品监督管理部门", "质量监督部门", "产品质量监督部门",
    ),
    ("市场监督管理局", "工商行政管理局", "工商局", "市场监管局"),
    ("国家金融监督管理总局", "银保监会", "中国银保监会", "银监会", "保监会", "中国银行保险监督管理委员会", "中国银行业监督管理委员会"),
    ("国家金融监督管理总局派出机构", "银保监局", "银行保险监督管理机构派出机构"),
    ("生态环境部", "环境保护部"),
    ("生态环境主管部门", "环境保护主管部门", "环境保护行政主管部门", "环境保护部门", "生态环境部门"),
    ("自然资源部", "国土资源部"),
    ("自然资源主管部门", "国土资源主管部门", "国土资源部门", "土地行政主管部门", "国土资源行政主管部门", "自然资源部门"),
    ("农业农村部", "农业部"),
    ("农业农村主管部门", "农业主管部门", "农业行政主管部门", "农业部门", "农业农村部门"),
    ("国家卫生健康委员会", "国家卫生和计划生育委员会", "国家卫生计生委", "卫生部", "国家卫生健康委"),
    ("卫生健康主管部门", "卫生计生行政部门", "卫生行政部门", "卫生和计划生育行政部门", "卫生健康行政部门", "卫生主管部门",
     "卫生计生主管部门", "卫生部门", "卫生健康部门"),
    ("应急管理部门", "安全生产监督管理部门", "安全生产监督管理机构"),
    ("应急管理部", "国家安全生产监督管理总局"),
    ("人力资源社会保障行政部门", "劳动保障行政部门", "劳动行政部门", "人力资源和社会保障行政部门", "劳动和社会保障行政部门",
     "人力资源社会保障部门", "劳动保障部门"),
    ("人力资源和社会保障部", "人力资源社会保障部", "人社部", "劳动和社会保障部", "劳动保障部"),
    ("住房和城乡建设主管部门", "建设行政主管部门", "建设主管部门", "住房城乡建设主管部门"),
    ("住房和城乡建设部", "建设部"),
    ("退役军人工作主管部门", "退役军人事务部门"),
    ("体育行政部门", "体育主管部门"),
    ("科学技术行政部门", "科技行政部门", "科学技术主管部门", "科技主管部门"),
    ("知识产权管理部门", "专利行政部门", "管理专利工作的部门"),
    ("中国人民银行", "人民银行", "央行"),
    ("公安机关网安部门", "公安机关公共信息网络安全监察机构", "公安机关网络安全保卫部门"),
    ("beian.mps.gov.cn", "beian.gov.cn"),
)  # fmt: skip

NAMES = frozenset(name for group in GROUPS for name in group)
_GROUPS_OF: dict[str, tuple[int, ...]] = {
    name: tuple(i for i, group in enumerate(GROUPS) if name in group) for name in NAMES
}


_SHARED = sorted(
    {
        ending
        for name in NAMES
        for ending in ("主管部门", "行政部门", "管理部门", "部门", "机关")
        if name.endswith(ending)
    },
    key=len,
)
_STEMS = {
    name.removesuffix(ending): name for ending in _SHARED for name in sorted(NAMES) if name.endswith(ending)
}
_LISTED = re.compile(
    rf"(?:{'|'.join(re.escape(stem) for stem in sorted(_STEMS, key=len, reverse=True) if len(stem) > 2)})(?=、|和|与|以及|或者|或)"
)


def spelled_out(text: str) -> str:
    """工商行政管理、质量技术监督部门 share their last word: each gets it, so that each is the name it stands for."""
    return _LISTED.sub(lambda m: _STEMS[m[0]], text)


def same_body(before: str, after: str) -> bool:
    """True when both are names of one body."""
    return before != after and not set(_GROUPS_OF.get(before, ())).isdisjoint(_GROUPS_OF.get(after, ()))


def is_authority(name: str) -> bool:
    return name in NAMES


def canonical_names(tokens: list[str], limit: int = 4) -> Iterator[tuple[str, ...]]:
    """The tokens with every authority under one name: one reading for each choice among divided bodies, at most ``limit``."""
    divided = sorted({t for t in tokens if len(_GROUPS_OF.get(t, ())) > 1})
    choices = product(*(_GROUPS_OF[name] for name in divided))
    for _, choice in zip(range(limit), choices, strict=False):
        chosen = dict(zip(divided, choice, strict=True))
        yield tuple(f"\0{chosen.get(t, _GROUPS_OF[t][0])}\0" if t in _GROUPS_OF else t for t in tokens)

import re
from pathlib import Path

import pytest

from kb.codes import DocumentStatus
from kb.errors import DeclarationError, NotFound
from kb.folding import fold
from kb.licencepage import as_markdown
from kb.licences import (
    Basis,
    Licence,
    Part,
    alike,
    bearers,
    family,
    licences,
    part_of,
    read_licences,
)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "licences.md"

ENTRY = """
[[licence]]
id = "甲"
group = "other"
zh = "甲许可证"
short = "甲证"
en = "Licence"
what = "许可。某种证。"
regulator = "某部门"
who = "某些人"
confusions = "没有"
basis = [{ title = "某办法", verified = true }]
strong = ["甲许可证"]
"""


def entry(licence_id: str, *more: str) -> str:
    return ENTRY.replace('"甲"', f'"{licence_id}"', 1) + "\n".join(more) + "\n"


def read(folder: Path, text: str) -> dict[str, Licence]:
    file = folder / "licences.toml"
    file.write_text(text, encoding="utf-8")
    return dict(read_licences(file))


def test_there_are_48_types_in_8_groups() -> None:
    assert len(licences()) == 48
    assert len({licence.group for licence in licences().values()}) == 8


def test_the_page_is_up_to_date_and_has_a_heading_for_every_entry() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == as_markdown(licences())
    headings = re.findall(r"^### (.+)$", page, flags=re.MULTILINE)
    assert sorted(headings) == sorted(licence.zh for licence in licences().values())


def test_what_is_not_verified_is_marked_on_the_page() -> None:
    unverified = sum(not basis.verified for licence in licences().values() for basis in licence.basis)
    assert unverified > 0
    bullets = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("  - ")]
    assert sum(line.endswith("【未核】") for line in bullets) == unverified


def test_every_heading_is_told_by_what_the_basis_is() -> None:
    def part(**facts: object) -> Part:
        basis = Basis.model_validate({"title": "某办法", "verified": True, **facts})
        return part_of(basis, basis.status)

    assert part(status="in_force") is Part.RULE
    assert part(status="unknown") is Part.RULE
    assert part(status="in_force", role="list") is Part.LIST
    assert part(status="platform_current") is Part.PLATFORM
    assert part(title="某办法（征求意见稿）", status="superseded") is Part.DRAFT
    assert part(status="repealed") is Part.PAST
    assert part_of(Basis(title="某办法", verified=True), DocumentStatus.REPEALED) is Part.PAST


def test_on_the_page_a_list_of_what_was_filed_is_no_legal_basis() -> None:
    page = PAGE.read_text(encoding="utf-8")
    entry_ = page[page.index("`algorithm-filing`") :]
    rules, lists = entry_[: entry_.index("### ")].split("- 例行公告与名单（公布办理结果，不是依据）：")
    assert "- 法律依据：\n  - 互联网信息服务算法推荐管理规定" in rules
    assert "境内互联网信息服务算法备案清单" not in rules
    assert "境内互联网信息服务算法备案清单（2022-08-12 公布，历次名单沿用同一网址）" in lists


def test_what_holds_in_one_province_says_so_on_the_page() -> None:
    assert "〔贵州〕贵州省文化和旅游厅关于规范" in PAGE.read_text(encoding="utf-8")


def test_a_name_leads_to_all_that_bear_it() -> None:
    assert bearers("ｂ25") == ("icp-license", "sp-license")
    assert bearers("京B2-") == ("vats-license",)
    assert bearers("文 網文") == ("online-culture-license",)
    assert bearers("没有这个证") == ()


def test_a_word_of_folklore_leads_to_the_type_that_answers_it() -> None:
    assert alike("社保") == ("icp-license",)
    assert "online-culture-license" in alike("短视频")
    assert alike("证") == ()


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("icp-licence", "icp-license"),
        ("ICP license", "icp-license"),
        ("ICP证书", "icp-license"),
        ("AI绘画", "wx-deep-synthesis"),
        ("网文", "online-culture-license"),
        ("拟人化互动", "anthropomorphic-ai"),
    ],
)
def test_a_slip_or_an_everyday_word_leads_to_the_type_that_is_meant(word: str, meant: str) -> None:
    assert alike(word)[0] == meant


def test_a_word_that_means_nothing_leads_nowhere() -> None:
    assert alike("xyzzy") == ()


def test_names_in_short_are_all_different() -> None:
    names = [licence.short for licence in licences().values()]
    assert len(names) == len(set(names))


def test_no_strong_term_belongs_to_two_types() -> None:
    owners: dict[str, str] = {}
    for licence in licences().values():
        for term in map(fold, licence.strong):
            assert owners.setdefault(term, licence.id) == licence.id, term


def test_a_family_is_the_type_and_those_below_it() -> None:
    assert family("icp-filing") == {"icp-filing", "app-filing", "miniprogram-filing"}
    assert family("mlps") == {"mlps"}
    with pytest.raises(NotFound, match="没有名为"):
        family("no-such-licence")


def test_a_sound_vocabulary_is_read(tmp_path: Path) -> None:
    assert list(read(tmp_path, entry("a") + entry("b", 'parent = "a"'))) == ["a", "b"]


@pytest.mark.parametrize(
    "text",
    [
        "[[licence]",
        "",
        entry("a", "unknown = 1"),
        entry("甲"),
        entry("a") + entry("a"),
        entry("a", 'related = ["b"]'),
        entry("a", 'parent = "b"'),
        entry("a") + entry("b", 'parent = "a"') + entry("c", 'parent = "b"'),
        entry("a", 'mask = ["甲许可证"]'),
        entry("a", 'weak = [{ any = ["甲"], near = [] }]'),
        entry("a").replace("verified = true", 'issued = "去年", verified = true'),
        entry("a").replace(", verified = true", ""),
        entry("a").replace("verified = true", 'verified = true, role = "notice"'),
        entry("a").replace('what = "许可。某种证。"\n', ""),
    ],
)
def test_a_vocabulary_that_cannot_be_used_says_so(tmp_path: Path, text: str) -> None:
    with pytest.raises(DeclarationError, match="资质事项词表"):
        read(tmp_path, text)

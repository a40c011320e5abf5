import pytest

from kb.regions import PROVINCES, reaches, region_of, short_name


def test_the_provinces_are_thirty_one() -> None:
    assert len(PROVINCES) == len(set(PROVINCES)) == 31


@pytest.mark.parametrize(
    ("given", "short"),
    [
        ("广东省", "广东"),
        (" 广西壮族自治区", "广西"),
        ("北京市", "北京"),
        ("内蒙古自治区", "内蒙古"),
        ("全国", "全国"),
    ],
)
def test_a_province_has_one_short_name(given: str, short: str) -> None:
    assert short_name(given) == short


@pytest.mark.parametrize(
    ("declared", "issuers", "region"),
    [
        ("广东", (), "广东"),
        ("广东省", ("广东省通信管理局",), "广东"),
        ("广东", ("广东省通信管理局", "广东省公安厅"), "广东"),
        ("广东", ("工业和信息化部", "广东省通信管理局"), ""),
        ("上海", ("上海市经济和信息化委员会", "江苏省工业和信息化厅"), ""),  # binds Jiangsu too
        ("广东", ("工业和信息化部",), ""),  # handed on: the only sight of it some may have
        ("", ("浙江省互联网信息办公室",), ""),  # a national site says so itself
        ("全国", (), ""),
        ("示例省", ("示例通信管理局",), ""),  # nobody can say whom it leaves out
    ],
)
def test_whose_local_rule_a_text_is(declared: str, issuers: tuple[str, ...], region: str) -> None:
    assert region_of(declared, issuers) == region


def test_a_text_of_the_source_s_own_authority_is_local_whatever_its_name() -> None:
    assert region_of("广东", ("深圳市互联网信息办公室",)) == ""
    assert region_of("广东", ("深圳市互联网信息办公室",), "深圳市互联网信息办公室") == "广东"


@pytest.mark.parametrize(
    ("region", "wanted", "told"),
    [
        ("", ("浙江",), True),
        ("浙江", ("浙江",), True),
        ("浙江", ("广东", "浙江省"), True),
        ("浙江", ("广东",), False),
        ("浙江", (), True),
        ("浙江", ("",), True),
        ("浙江", ("广东", "全国"), True),
    ],
)
def test_whom_a_local_rule_reaches(region: str, wanted: tuple[str, ...], told: bool) -> None:
    assert reaches(region, wanted) is told

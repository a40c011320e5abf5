import pytest

from kb.places import place_named


@pytest.mark.parametrize(
    ("declared", "issuers", "title", "place"),
    [
        ("", ("贵州省文化和旅游厅",), "关于规范某证适用范围的函", "贵州"),
        ("", (), "贵州省文化和旅游厅关于规范某证适用范围的函", "贵州"),
        ("", ("上海证券交易所",), "关于某事的通知", ""),
        ("", ("广东省通信管理局", "浙江省通信管理局"), "关于某事的通知", ""),
        ("广东省", ("广东省通信管理局",), "关于某事的通知", "广东"),
        ("广东省", ("工业和信息化部",), "关于某事的通知", ""),
        ("广东", (), "关于某事的通知", "广东"),
        ("示例省", ("示例通信管理局",), "关于某事的通知", "示例省"),
        ("", ("国家互联网信息办公室",), "关于某事的公告", ""),
    ],
)
def test_a_reader_is_told_where_a_rule_is_local(
    declared: str, issuers: tuple[str, ...], title: str, place: str
) -> None:
    assert place_named(declared, issuers, title) == place

"""Filing lists are known by their heads, and nothing else is."""

import pytest

from kb.filings import Columns, filing_columns, filing_number, is_serial


@pytest.mark.parametrize(
    "heads",
    [
        "序号 算法名称 角色 主体名称 应用产品 主要用途 备案编号 备注",
        "序号 属地 模型名称 备案单位 备案号 备案时间",
        "序号 属地 应用名称 登记单位 上线编号 登记时间",
        "序号 属地 模型名称 备案单位 备案时间",
        "序号 区块链服务名称 主体名称 备案编号 网址",
        "序号 单位名称 服务名称 许可证编号",
        "序号 备案号 剧名 集数 报备机构",
        "序号 名称 申报类别 出版单位 运营单位 批准文号 出版物号",
        "序号 企业名称 APP名称 注销时间 注销原因",
        "序号 网站名称 主办单位 ICP备案号",
        "主体名称 算法名称 备案 编号",
        "序号 产品名称/功能 企业名称 备案编号",
        "序号 持证人 证书编号 核发日期",
    ],
)
def test_lists(heads: str) -> None:
    assert filing_columns(
        heads.split(" ") if "备案 编号" not in heads else ["主体名称", "算法名称", "备案 编号"]
    )


@pytest.mark.parametrize(
    "heads",
    [
        "序号 文件名称 文号 发布机关",
        "一级类目 二级类目 资质要求 备注",
        "序号 材料名称 份数 备案编号",
        "类目 需提供的材料 说明",
        "事项名称 办理时限 收费标准",
        "序号 违法行为 处罚依据 处罚标准",
        "条款 修改前 修改后",
        "序号 标准名称 标准编号 实施日期",
        "姓名 单位 职务",
        "序号 名称",
        "单位名称 备案编号",
        "",
    ],
)
def test_other_tables(heads: str) -> None:
    assert filing_columns(heads.split(" ")) is None


def test_columns_and_numbers() -> None:
    assert filing_columns(["序号", "属地", "模型名称", "备案单位", "备案编号"]) == Columns(
        number=4, subject=3, name=2
    )
    assert filing_number(" 网信算备 1101\n05 号") == "网信算备110105号"
    assert filing_number("—") == filing_number("/") == ""
    assert is_serial("序号", "12")
    assert is_serial("序 号", "")
    assert not is_serial("编号", "京A-12")
    assert not is_serial("备案编号", "12")


@pytest.mark.parametrize(
    ("heads", "beside"),
    [
        ("序号 算法名称 角色 主体名称 应用产品 主要用途 备案编号 备注", (4, 7)),
        ("序号 属地 应用名称（功能） 登记单位 上线编号 所用模型", (2,)),
        ("序号 算法名称 主体名称 备案编号 变更内容", (4,)),
        ("序号 属地 模型名称 备案单位 备案时间", ()),
    ],
)
def test_columns_of_further_names(heads: str, beside: tuple[int, ...]) -> None:
    columns = filing_columns(heads.split(" "))
    assert columns is not None
    assert columns.beside == beside

from pathlib import Path

import pytest

from kb.errors import DeclarationError
from kb.tagging.field import squeeze
from kb.tagging.settings import dead_spans, not_a_rule, read_settings


def dead(text: str) -> list[str]:
    squeezed = squeeze(text)
    return [squeezed[start:end] for start, end in dead_spans(squeezed)]


@pytest.mark.parametrize(
    "line",
    [
        "京ICP备20260001号-1 | 京公网安备11010102000001号",
        "©2026 某网 网络文化经营许可证 京网文〔2026〕0001-001号",
        "首页 > 办事指南：ICP许可 | EDI许可 | ISP许可 | 网站备案 | APP备案 | 常见问题",
        "热门：算法备案(12) 等保(34) 文网文(56) 软著(78)",
        "主办：某市某某信息技术有限公司 地址：某市某区某某路某号 ICP备案 京ICP备20260001号-1 联网备案 京公网安备11010102000001号",
        "相关标签：算法备案 等保测评 数据出境",
        "大家都在搜 版号查询 软著申请",
    ],
)
def test_furniture_is_dead(line: str) -> None:
    assert dead(f"正文第一句。\n{line}\n正文第二句。") == [squeeze(line)]


@pytest.mark.parametrize(
    "line",
    [
        "网站应当标明备案号，形如“京ICP备xxxx号”。",
        "深度合成 | AI问答 | 《互联网信息服务算法备案》 | 适用于提供问答服务的小程序；不含客服",
        "标签：应当在生成内容上添加。",
        "有下列情形之一的：（一）未备案；（二）未取得许可",
    ],
)
def test_rules_are_not(line: str) -> None:
    assert dead(line) == []


def test_an_aside_is_dead_and_no_more() -> None:
    assert dead("适用于许可（含备案），（数据出境除外）的情形") == ["数据出境除外)"]
    assert dead("先做算法备案，数据出境另说。") == ["数据出境另说"]


def test_the_kind_of_source_decides_unless_an_authority_acts() -> None:
    title, text = squeeze("某公司获得许可"), squeeze("某公司宣布获得许可。")
    setting = not_a_rule("news", title, text)
    assert setting is not None
    assert setting.id == "company-news"
    assert not_a_rule("news", title, text + "通信管理局责令改正。") is None
    assert not_a_rule("", title, text) is None


def test_words_decide_where_no_kind_is_given_but_never_against_the_title_of_a_rule() -> None:
    text = squeeze("成交供应商：某公司。成交金额：一万元。")
    assert not_a_rule("", "某项目", text) is not None
    assert not_a_rule("", "政府采购法", text) is None
    assert not_a_rule("regulator_rule", "某项目", text) is None


def test_a_counter_that_serves_and_a_rule_that_binds_are_no_advertisement_and_no_company_news() -> None:
    title, advertised = squeeze("许可加急"), "加急受理，欢迎来电。"
    assert not_a_rule("", title, squeeze(advertised)) is not None
    assert not_a_rule("", title, squeeze(f"{advertised}请到政务大厅三号窗口。")) is None
    listed = "挂牌上市，股东大会通过。"
    assert not_a_rule("", title, squeeze(listed)) is not None
    assert not_a_rule("", title, squeeze(f"{listed}企业应当核查许可。")) is None


def test_what_a_company_says_of_itself_is_no_rule_but_its_question_concerns_one() -> None:
    for said in ("我们无需办理许可证。", "我公司已取得许可证，并完成备案。"):
        setting = not_a_rule("", "", squeeze(said))
        assert setting is not None
        assert setting.id == "own-words"
    assert not_a_rule("", "", squeeze("我们已取得许可证，为什么审核不过？")) is None
    assert not_a_rule("regulator", "", squeeze("网站须写明我公司已取得许可证。")) is None


def test_cues_count_in_the_beginning_only() -> None:
    cues = squeeze("成交供应商：某公司。成交金额：一万元。")
    assert not_a_rule("", "某通知", squeeze("各单位应当落实责任。" * 200) + cues) is None


def test_a_table_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[[setting]]\nid = "a"\n', encoding="utf-8")
    with pytest.raises(DeclarationError, match="排除表"):
        read_settings(file)

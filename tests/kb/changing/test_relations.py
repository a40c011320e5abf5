"""What a text does to other rules, in the phrases in which rules say so."""

from __future__ import annotations

from datetime import date

import pytest

from kb.changing.relations import relations
from kb.codes import BlockKind, RelationKind
from kb.model import Block, Cell, Document

AMENDS, CITES = RelationKind.AMENDS, RelationKind.CITES
REPEALS, PARTLY, REPLACES = RelationKind.REPEALS, RelationKind.REPEALS_PARTLY, RelationKind.REPLACES


def text(*lines: str, title: str = "示例服务管理办法", **more: object) -> Document:
    blocks = tuple(Block(BlockKind.PARAGRAPH, line) for line in lines)
    return Document(title, blocks, **more)  # type: ignore[arg-type]


def found(*lines: str, title: str = "示例服务管理办法") -> set[tuple[str, str, str]]:
    return {(each.kind, each.title, each.number) for each in relations(text(*lines, title=title))}


CASES: dict[str, tuple[str, set[tuple[str, str, str]]]] = {
    "at the same time repealed, with its order": (
        "第三十条　本办法自2026年9月1日起施行。2009年3月1日公布的《示例服务管理暂行办法》（示例通信部令第5号）同时废止。",
        {(REPEALS, "示例服务管理暂行办法", "示例通信部令第5号")},
    ),
    "two at once": (
        "第三十条　本办法自2026年9月1日起施行，《示例甲管理规定》（示例〔2012〕7号）、《示例乙管理规定》（示例〔2013〕9号）同时废止。",
        {(REPEALS, "示例甲管理规定", "示例〔2012〕7号"), (REPEALS, "示例乙管理规定", "示例〔2013〕9号")},
    ),
    "the verb first": (
        "第九条　本规定自公布之日起施行，同时废止《示例甲管理规定》和《示例乙管理规定》。",
        {(REPEALS, "示例甲管理规定", ""), (REPEALS, "示例乙管理规定", "")},
    ),
    "from the day this takes effect": (
        "二十、自本办法施行之日起，《示例甲管理规定》（示例办发〔2011〕2号）即行废止。",
        {(REPEALS, "示例甲管理规定", "示例办发〔2011〕2号")},
    ),
    "no longer executed": (
        "五、本通知自印发之日起执行，原《关于做好示例甲工作的通知》（示例函〔2015〕21号）不再执行。",
        {(REPEALS, "关于做好示例甲工作的通知", "示例函〔2015〕21号")},
    ),
    "ceases to have effect": (
        "《示例甲管理规定》（示例发〔2008〕30号）自2026年1月1日起停止执行。",
        {(REPEALS, "示例甲管理规定", "示例发〔2008〕30号")},
    ),
    "its own older edition is replaced": (
        "第三十条　本办法自2026年9月1日起施行。2019年5月1日起施行的《示例服务管理办法》（示例通信部令第8号）同时废止。",
        {(REPLACES, "示例服务管理办法", "示例通信部令第8号")},
    ),
    "one article ceases": (
        "二、《示例甲管理规定》第十二条、第十三条自本决定公布之日起停止执行。",
        {(PARTLY, "示例甲管理规定", "")},
    ),
    "one article struck out": (
        "三、删去《示例甲管理规定》（示例通信部令第6号）第九条第二款。",
        {(PARTLY, "示例甲管理规定", "示例通信部令第6号")},
    ),
    "amended as follows": (
        "为了适应管理需要，决定对《示例甲管理规定》作如下修改：",
        {(AMENDS, "示例甲管理规定", "")},
    ),
    "one article amended": (
        "一、将《示例甲管理规定》第十条中的“十个工作日”修改为“五个工作日”。",
        {(AMENDS, "示例甲管理规定", "")},
    ),
    "only cited": (
        "第一条　为了规范示例服务，根据《中华人民共和国示例安全法》、《示例管理条例》，制定本办法。",
        {(CITES, "中华人民共和国示例安全法", ""), (CITES, "示例管理条例", "")},
    ),
    "was repealed before": (
        "原《示例甲管理规定》已经废止，相关许可证的处理另行规定。",
        {(CITES, "示例甲管理规定", "")},
    ),
    "until it is repealed": (
        "在《示例甲管理规定》废止前取得的许可证继续有效。",
        {(CITES, "示例甲管理规定", "")},
    ),
    "one goes, one stands": (
        "本办法自2026年9月1日起施行，《示例甲管理规定》同时废止。示例乙业务仍依照《示例乙管理规定》执行。",
        {(REPEALS, "示例甲管理规定", ""), (CITES, "示例乙管理规定", "")},
    ),
    "no rule but a form": ("申请人应当提交《示例业务申请表》和《营业执照》。", set()),
    "an alias is no title": ("现将《示例甲管理规定》（以下简称《规定》）印发给你们，请按照《规定》执行。", {(CITES, "示例甲管理规定", "")}),
    "a quote within a quote": (
        "六、《关于印发〈示例甲管理规定〉的通知》（示例发〔2010〕3号）同时废止。",
        {(REPEALS, "关于印发〈示例甲管理规定〉的通知", "示例发〔2010〕3号")},
    ),
    "the order before the title": (
        "第九条　本办法自2026年1月1日起施行。原示例部令第12号《示例甲管理规定》同时废止。",
        {(REPEALS, "示例甲管理规定", "示例部令第12号")},
    ),
    "its basis is no victim": (
        "根据《示例管理条例》，《示例甲管理规定》（示例通信部令第6号）自2026年1月1日起废止。",
        {(CITES, "示例管理条例", ""), (REPEALS, "示例甲管理规定", "示例通信部令第6号")},
    ),
    "what was amended and published anew ends": (
        "1990年12月24日发布、1994年10月9日修订发布的《示例甲条例》同时废止。",
        {(REPEALS, "示例甲条例", "")},
    ),
    "two by two authorities": (
        "示例甲部1986年发布的《示例甲管理暂行办法》和原示例乙局1991年发布的《关于示例乙的暂行规定》同时废止。",
        {(REPEALS, "示例甲管理暂行办法", ""), (REPEALS, "关于示例乙的暂行规定", "")},
    ),
    "the history of its own text": (
        "（2004年6月1日通过 根据2015年7月23日关于修改《示例丙实施办法》的决定修正）",
        {(CITES, "示例丙实施办法", "")},
    ),
    "the licence is void, not the rule": (
        "违反《示例管理条例》规定的，其许可证由原发证机关予以废止。",
        {(CITES, "示例管理条例", "")},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), CASES.values(), ids=CASES)
def test_a_sentence(line: str, expected: set[tuple[str, str, str]]) -> None:
    assert found(line) == expected


def test_evidence_is_verbatim_and_anchored() -> None:
    document = text(
        "第一条　为了规范示例服务，制定本办法。", CASES["at the same time repealed, with its order"][0]
    )
    (relation,) = relations(document)
    assert relation.anchor == "第三十条"
    assert relation.evidence in document.text
    assert "《示例服务管理暂行办法》" in relation.evidence


def test_a_day_of_its_own() -> None:
    (relation,) = relations(text(CASES["ceases to have effect"][0]))
    assert relation.effective == date(2026, 1, 1)


def test_the_day_on_which_the_old_rule_began_is_not_the_day_of_its_repeal() -> None:
    (relation,) = relations(text(CASES["its own older edition is replaced"][0]))
    assert relation.effective is None


def test_a_decision_that_lists_what_it_repeals() -> None:
    assert found(
        "为维护法制统一，决定废止下列规章：",
        "一、《示例甲管理规定》（2005年3月1日示例通信部令第6号公布）",
        "二、《示例乙管理规定》（示例通信部令第7号）",
        "本决定自公布之日起施行。",
        title="示例通信部关于废止部分规章的决定",
    ) == {
        (REPEALS, "示例甲管理规定", "示例通信部令第6号"),
        (REPEALS, "示例乙管理规定", "示例通信部令第7号"),
    }


def test_a_decision_that_repeals_and_amends() -> None:
    assert found(
        "一、废止以下规章",
        "（一）《示例甲管理规定》（示例通信部令第6号）",
        "二、修改以下规章",
        "（一）《示例乙管理规定》（示例通信部令第7号）",
        "将第五条中的“工商行政管理部门”修改为“市场监督管理部门”。",
        "本决定自2026年1月1日起施行。",
        title="示例通信部关于废止和修改部分规章的决定",
    ) == {
        (REPEALS, "示例甲管理规定", "示例通信部令第6号"),
        (AMENDS, "示例乙管理规定", "示例通信部令第7号"),
    }


def row(*cells: str, header: tuple[str, ...] = ("序号", "文件名称", "文号")) -> Block:
    pairs = tuple(Cell(name, value) for name, value in zip(header, cells, strict=True))
    return Block(BlockKind.ROW, " ".join(cells), cells=pairs)


def test_an_annexed_table_of_what_is_repealed() -> None:
    document = Document(
        "示例通信部关于废止和宣布失效一批规范性文件的公告",
        (
            Block(BlockKind.PARAGRAPH, "现决定对下列规范性文件予以废止，自公布之日起不再执行。"),
            Block(BlockKind.PARAGRAPH, "附件：废止的规范性文件目录"),
            row("1", "关于加强示例甲管理的通知", "示通信〔2009〕11号"),
            row("2", "《示例乙管理规定》", "示通信〔2010〕12号"),
        ),
    )
    assert {(each.kind, each.title, each.number) for each in relations(document)} == {
        (REPEALS, "关于加强示例甲管理的通知", "示通信〔2009〕11号"),
        (REPEALS, "示例乙管理规定", "示通信〔2010〕12号"),
    }


def test_tables_of_other_decisions_repeal_nothing() -> None:
    document = Document(
        "示例通信部关于公布现行有效规范性文件目录的公告",
        (row("1", "关于加强示例甲管理的通知", "示通信〔2009〕11号"),),
    )
    assert not [each for each in relations(document) if each.kind is not CITES]


@pytest.mark.parametrize(
    ("title", "kind", "target"),
    [
        ("示例通信部关于修改《示例甲管理规定》的决定", AMENDS, "示例甲管理规定"),
        ("关于废止《示例甲管理规定》的决定", REPEALS, "示例甲管理规定"),
        ("《示例甲管理规定》解读", RelationKind.INTERPRETS, "示例甲管理规定"),
        ("示例通信部有关负责人就《示例甲管理规定》答记者问", RelationKind.INTERPRETS, "示例甲管理规定"),
    ],
)
def test_what_the_title_does(title: str, kind: RelationKind, target: str) -> None:
    (relation,) = relations(text("本决定自公布之日起施行。", title=title))
    assert (relation.kind, relation.title, relation.anchor, relation.evidence) == (kind, target, "", title)


def test_the_gravest_relation_to_one_rule_stands_once() -> None:
    document = text(
        "第一条　根据《示例甲管理规定》，制定本办法。",
        "第二条　本办法自2026年1月1日起施行，《示例甲管理规定》同时废止。",
    )
    (relation,) = relations(document)
    assert relation.kind is REPEALS


def test_it_speaks_not_of_itself() -> None:
    assert (
        found("现将《示例服务管理办法》印发给你们，请遵照执行。", title="关于印发《示例服务管理办法》的通知")
        == set()
    )


def test_hostile_input_costs_little() -> None:
    relations(text("《" * 20_000, "《示例管理规定》" * 5_000, "废止" * 50_000, "》" * 20_000))


SECOND = [
("《示例甲规定》（示例部令第5号）、《示例乙规定》（示例部令第6号）自本规定施行之日起同时废止。",{(REPEALS, "示例甲规定","示例部令第5号"),(REPEALS, "示例乙规定","示例部令第6号")}),
("原示例产业部2000年11月7日发布的《示例电子公告服务管理规定》(示例产业部令第3号)同时废止。",{(REPEALS, "示例电子公告服务管理规定","示例产业部令第3号")}),
("自2026年7月1日起，《示例甲规定》《示例乙规定》同时废止。",{(REPEALS, "示例甲规定",""),(REPEALS, "示例乙规定","")}),
("《示例甲规定》中与本办法不一致的规定，同时废止。",{(PARTLY, "示例甲规定","")}),
("《示例甲公告》（2017年第5号）附件3同时废止。",{(PARTLY, "示例甲公告","2017年第5号")}),
("本公告自发布之日起施行，《示例事项的公告》（2017年第5号）同时废止。",{(REPEALS, "示例事项的公告","2017年第5号")}),
("经研究，决定对《关于示例甲工作的通知》（示例办〔2011〕9号）等12件规范性文件予以废止。",{(REPEALS, "关于示例甲工作的通知","示例办〔2011〕9号")}),
("现宣布《示例甲规定》失效。",{(REPEALS, "示例甲规定","")}),
("《示例甲规定》不再适用于示例乙企业。",{(CITES, "示例甲规定","")}),
("将《示例甲规定》（示例部令第5号）第十条第一款修改为：“申请人应当提交材料。”",{(AMENDS, "示例甲规定","示例部令第5号")}),
("在《示例甲规定》第十条后增加一条，作为第十一条。",{(AMENDS, "示例甲规定","")}),
("本规定施行前发布的有关规定与本规定不一致的，以本规定为准；《示例甲规定》继续有效。",{(CITES, "示例甲规定","")}),
("《示例甲规定》及其实施细则同时废止。",{(REPEALS, "示例甲规定","")}),
("第三十条　本办法由示例部负责解释，自2026年1月1日起施行。示例部于2010年发布的《示例甲规定》同时予以废止。",{(REPEALS, "示例甲规定","")}),
("《示例甲规定》（示例部令2012年第5号）第三章同时废止。",{(PARTLY, "示例甲规定","示例部令2012年第5号")}),
("本决定自公布之日起施行。《示例甲规定》根据本决定作相应修改，重新公布。",{(AMENDS, "示例甲规定","")}),
("本通知印发后，《关于示例甲工作的通知》（示例发〔2014〕20号）停止执行，此前规定与本通知不一致的，按本通知执行。",{(REPEALS, "关于示例甲工作的通知","示例发〔2014〕20号")}),
("被吊销许可证的，依照《示例处罚条例》处理，其许可证同时废止。",{(CITES, "示例处罚条例","")}),
("违反《示例甲规定》、《示例乙规定》的，合同失效。",{(CITES, "示例甲规定",""),(CITES, "示例乙规定","")}),
("《示例甲规定》被废止后，原有许可继续有效。",{(CITES, "示例甲规定","")}),
("根据《示例法》和《示例部关于废止部分规章的决定》，现予公布。",{(CITES, "示例法",""),(CITES, "示例部关于废止部分规章的决定","")}),
("本办法自2026年1月1日起施行，有效期五年。《示例甲规定》（示例府规〔2020〕3号）同时废止。",{(REPEALS, "示例甲规定","示例府规〔2020〕3号")}),
("原《示例甲规定》与本办法不一致的，以本办法为准。",{(CITES, "示例甲规定","")}),
("《示例甲规定》第八条第三项“五万元”修改为“十万元”，删去第九条。",{(AMENDS, "示例甲规定","")}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), SECOND)
def test_a_second_set_of_sentences(line: str, expected: set[tuple[str, str, str]]) -> None:
    assert found(line) == expected


DECISIONS = [
(text("经清理，决定废止以下3件规范性文件：","1. 关于印发示例甲办法的通知（示例发〔2009〕1号）","2. 关于印发示例乙办法的通知（示例发〔2010〕2号）","本通知自印发之日起施行。",title="示例部关于废止部分规范性文件的通知"),{(REPEALS, "关于印发示例甲办法的通知","示例发〔2009〕1号"),(REPEALS, "关于印发示例乙办法的通知","示例发〔2010〕2号")}),
(text("现决定对《示例甲规定》等2部规章予以修改：","一、《示例甲规定》","将第三条中的“工商”修改为“市场监管”。","二、《示例乙规定》（示例部令第9号）","删去第五条。","本决定自公布之日起施行。",title="示例部关于修改部分规章的决定"),{(AMENDS, "示例甲规定",""),(AMENDS, "示例乙规定","示例部令第9号")}),
(text("附件1","现行有效的规范性文件目录","1.《示例甲规定》（示例发〔2009〕1号）","附件2","废止和失效的规范性文件目录","1.《示例乙规定》（示例发〔2010〕1号）",title="示例部关于公布规范性文件清理结果的公告"),{(CITES, "示例甲规定","示例发〔2009〕1号"),(REPEALS, "示例乙规定","示例发〔2010〕1号")}),
(text("第一条　为规范修改和废止部分规章的工作，制定本规定。","第二条　《示例立法法》另有规定的，从其规定。",title="示例规章制定程序规定"),{(CITES, "示例立法法","")}),
]  # fmt: skip


@pytest.mark.parametrize(("document", "expected"), DECISIONS)
def test_a_decision(document: Document, expected: set[tuple[str, str, str]]) -> None:
    assert {(each.kind, each.title, each.number) for each in relations(document)} == expected


@pytest.mark.parametrize(
    "line",
    [
        "建议国务院废止《示例管理条例》。",
        "《示例甲管理规定》公开征求意见，拟废止《示例乙管理规定》。",
        "各单位不得以《示例甲管理规定》废止为由拒绝办理。",
        "《示例甲管理规定》暂不废止。",
        "是否废止《示例甲管理规定》，由制定机关另行决定。",
    ],
)
def test_an_end_that_is_only_planned_asked_for_or_denied_is_none(line: str) -> None:
    assert {kind for kind, *_ in found(line)} <= {CITES}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("《示例甲管理规定》与本办法不一致的同时废止。", "示例甲管理规定"),
        ("《示例甲管理规定》有效期届满，自动失效。", "示例甲管理规定"),
        ("经研究，决定废止《示例甲管理规定》。", "示例甲管理规定"),
    ],
)
def test_an_end_after_words_that_may_deny_one(line: str, expected: str) -> None:
    assert (REPEALS, expected, "") in found(line)

"""``zhengce licence``: the vocabulary alone, and with what a data directory holds and sees."""

from __future__ import annotations

import json
import sys
from io import StringIO
from pathlib import Path
from time import process_time
from typing import Any

import jsonschema
import pytest
from rich.cells import cell_len
from rich.console import Console

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))

from world import ARTICLES, HOST, World, amended, days, declare, rule

from kb.cli import zhengce
from kb.errors import NotFound, UsageError
from kb.licences import UNCHECKED_MEANS, UNKNOWN_MEANS, alike, bearers, licences
from kb.output import schema_files
from kb.store.ingest import Ingestor
from kb.store.queries.licences import publishes_results, rule_name
from kb.terminal import run
from kb.verbs.licencetext import COLUMN
from kb.verbs.options import ALIKE, licence_ids

DETAIL = json.loads(schema_files()["licence-detail.json"])
LIST = json.loads(schema_files()["licence.json"])
LICENCE = "vats-license"
TITLE = "电信业务经营许可管理办法"
IN_FORCE = (*ARTICLES, "本办法自2026年4月1日起施行。")


def call(capsys: pytest.CaptureFixture[str], root: Path, *more: str) -> str:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        run(zhengce, ["licence", *more, "--data", str(root)])
    assert ended.value.code in {0, None}
    return capsys.readouterr().out


def detail(capsys: pytest.CaptureFixture[str], root: Path, licence: str = LICENCE) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(call(capsys, root, licence, "--json"))
    jsonschema.validate(line, DETAIL)
    return line


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A regulator that changes one article, a gazette, and a province; three days, the regulator fails on the third."""
    regulator = declare(licences=[LICENCE])
    gazette = declare(
        "test.gazette", title="示例公报", level="gazette", coverage="indirect", licences=[LICENCE]
    )
    world = World(tmp_path, regulator, gazette)
    for day, articles in ((0, ARTICLES), (1, IN_FORCE), (1.1, IN_FORCE)):
        with world.run(days(day)) as run_:
            run_.see("/a.html", rule(TITLE, articles))
    with world.run(days(3)) as run_:
        run_.fail("/a.html")
    with world.run(days(3), source=gazette) as run_:
        run_.see(
            "/g.html",
            rule("示例公报里的电信业务经营许可通知", amended(0, "为了增值电信业务经营许可，制定本通知。")),
        )
    Ingestor(world.data, world.sources).ingest()
    return world


def test_without_a_data_directory_the_vocabulary_answers(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    line = detail(capsys, tmp_path / "nothing", "icp许可")
    assert line["id"] == "icp-license"
    assert [basis["status_from"] for basis in line["basis"]] == ["vocabulary"] * len(line["basis"])
    assert (line["coverage"], line["moment"], line["changes"]) == (None, None, [])
    assert any("社保" in each["says"] for each in line["folklore"])
    said = call(capsys, tmp_path / "nothing", "icp-license")
    assert "还没有巡查过，不能说有没有变动" in said
    assert "未见变动" not in said
    assert list(tmp_path.iterdir()) == []


def test_a_status_that_nobody_knows_is_said_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    said = call(capsys, tmp_path, "drug-info")
    (line,) = [line for line in said.splitlines() if "互联网药品信息服务管理办法" in line and "〔" in line]
    assert line.count("效力未核") == 1


def test_everything_the_vocabulary_says_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for licence in licences().values():
        lines = call(capsys, tmp_path / "nothing", licence.id).splitlines()
        said = "".join(lines)
        for text in (licence.what, licence.regulator, licence.who, licence.confusions):
            assert text in said
        for each in licence.folklore:
            assert each.rule in said
        assert sum(line.endswith("【未核】") for line in lines) == sum(
            not basis.verified for basis in licence.basis
        )


def test_a_licence_type_with_what_is_held_and_seen(capsys: pytest.CaptureFixture[str], world: World) -> None:
    line = detail(capsys, world.data.root)
    (held,) = [basis for basis in line["basis"] if basis["title"] == TITLE]
    assert (held["status_from"], held["status"], bool(held["document"])) == (
        "document",
        "not_yet_in_force",
        True,
    )
    assert {basis["status_from"] for basis in line["basis"] if basis is not held} == {"vocabulary"}
    assert TITLE in [document["title"] for document in line["documents"]]
    assert [change["confirmation"] for change in line["changes"]] == ["confirmed"]
    assert ("2026-04-01", "effective") in [(each["day"], each["kind"]) for each in line["coming"]]
    assert ("2026-03-31", "yearly_duty") in [(each["day"], each["kind"]) for each in line["coming"]]
    assert line["moment"].startswith("2026-03-05")


def test_a_direct_source_that_fails_leaves_the_gazette(
    capsys: pytest.CaptureFixture[str], world: World
) -> None:
    coverage = detail(capsys, world.data.root)["coverage"]
    assert (coverage["meant"], coverage["now"], coverage["state"]) == ("direct", "indirect", "not_watched")
    assert [sight["now"] for sight in coverage["sources"]] == ["blind", "indirect"]
    assert "应为直接，示例规则自 2026-03-03" in coverage["said"]
    assert "未能查看" in call(capsys, world.data.root, LICENCE)


def test_a_child_gets_what_is_tagged_with_its_parent(
    capsys: pytest.CaptureFixture[str], world: World
) -> None:
    """Rules common to the family reach every class of it, but not those of a sister."""
    line = detail(capsys, world.data.root, "edi-license")
    assert TITLE in [document["title"] for document in line["documents"]]
    assert all(LICENCE in document["licences"] for document in line["documents"])
    assert (line["coverage"]["now"], line["coverage"]["word"]) == (
        "indirect",
        "间接（公报、转载）（只有通用规则）",
    )
    assert all(sight["common"] for sight in line["coverage"]["sources"])
    assert line["nothing_found"] == "在看得到的来源上未见变动"
    said = call(capsys, world.data.root, "edi-license")
    assert "另有上级事项增值电信许可（vats-license）的 6 项，同样适用" in said


def test_what_does_not_concern_a_licence_is_not_there(
    capsys: pytest.CaptureFixture[str], world: World
) -> None:
    line = detail(capsys, world.data.root, "hr-license")
    assert (line["documents"], line["changes"], line["coming"]) == ([], [], [])
    assert line["coverage"]["said"] == "盲区：已配置的来源都不登载这类规则"


def test_the_list_says_the_coverage_of_each(capsys: pytest.CaptureFixture[str], world: World) -> None:
    lines = [json.loads(line) for line in call(capsys, world.data.root, "--json").splitlines()]
    for line in lines:
        jsonschema.validate(line, LIST)
    assert [line["id"] for line in lines] == list(licences())
    found = {line["id"]: line["coverage"]["now"] for line in lines}
    assert (found[LICENCE], found["hr-license"]) == ("indirect", "blind")


def test_in_english_the_frame_is_english(capsys: pytest.CaptureFixture[str], world: World) -> None:
    said = call(capsys, world.data.root, LICENCE, "--lang", "en")
    assert "coverage  indirect (meant: direct)" in said
    assert said.count("[not verified]: title, number or dates") == 1
    assert "【未核】" not in said
    assert HOST not in said


def test_a_draft_that_is_held_is_not_the_rule_of_its_name(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    world = World(tmp_path, declare(licences=[LICENCE]))
    with world.run(days(0)) as run_:
        run_.see("/d.html", rule(f"{TITLE}（征求意见稿）"))
    Ingestor(world.data, world.sources).ingest()
    (basis,) = [each for each in detail(capsys, world.data.root)["basis"] if each["title"] == TITLE]
    assert (basis["status_from"], basis["document"], basis["status"]) == ("vocabulary", None, "in_force")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("ＩＣＰ备案", "icp-filing"),
        ("icp 许可证", "icp-license"),
        ("文网文", "online-culture-license"),
        ("b21", "edi-license"),
        ("粤B2-", "vats-license"),
        ("EDI 证", "edi-license"),
        ("演算法備案", None),
        ("算法備案", "algorithm-filing"),
        ("双新评估", "security-assessment"),
        ("软著", "copyright-registration"),
    ],
)
def test_a_type_is_found_however_it_is_written(word: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(NotFound):
            licence_ids([word])
    else:
        assert licence_ids([word]) == (expected,)


@pytest.mark.parametrize("identifier", list(licences()))
def test_every_type_is_found_by_each_of_its_names(identifier: str) -> None:
    found = licences()[identifier]
    for name in (found.id, found.zh, found.short, *found.aliases):
        bearing = bearers(name)
        assert identifier in bearing, name
        if len(bearing) == 1:
            assert licence_ids([name]) == bearing


def test_a_name_of_several_is_refused_where_one_is_needed() -> None:
    with pytest.raises(UsageError, match="2 项资质事项共有") as refused:
        licence_ids(["B25"])
    assert refused.value.do.endswith("ICP许可（icp-license）、SP许可（sp-license）")


@pytest.mark.parametrize(
    ("word", "offered"),
    [
        ("社保", "ICP许可（icp-license）"),
        ("深度合成", "（deep-synthesis-filing）"),
        ("算法", "（algorithm-filing）"),
        ("不存在的证", "可列出全部事项"),
    ],
)
def test_a_part_of_a_name_leads_to_the_types_that_carry_it(word: str, offered: str) -> None:
    with pytest.raises(NotFound) as refused:
        licence_ids([word])
    assert offered in refused.value.do


def test_the_list_counts_nothing_where_nobody_looked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    lines = [line for line in call(capsys, tmp_path / "empty").splitlines() if line.startswith("　")]
    assert len(lines) == len(licences())
    assert all(line.endswith("变动 —") for line in lines)


def test_a_change_that_waits_for_a_person_is_counted_apart(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    world = World(tmp_path, declare(licences=[LICENCE]))
    for day, articles in ((0, ARTICLES), (1, IN_FORCE), (1.05, ARTICLES)):
        with world.run(days(day)) as run_:
            run_.see("/a.html", rule(TITLE, articles))
    Ingestor(world.data, world.sources).ingest()
    lines = [json.loads(line) for line in call(capsys, world.data.root, "--json").splitlines()]
    (found,) = [line for line in lines if line["id"] == LICENCE]
    assert (found["changes"], found["provisional"], found["held"]) == (0, 0, 1)
    (row,) = [line for line in call(capsys, world.data.root).splitlines() if f"　{LICENCE} " in line]
    assert "变动 0　暂缓推送 1" in row
    said = call(capsys, world.data.root, LICENCE)
    assert "）　没有已确认的\n　暂缓推送　1\n" in said
    assert "未见变动" not in said
    assert "看到之后又改回　" in said


def test_what_a_newcomer_asks_first_stands_first(capsys: pytest.CaptureFixture[str], world: World) -> None:
    said = call(capsys, world.data.root, LICENCE)
    order = ["是什么", "谁会涉及", "法律依据　", "规则文件　", "近 90 天的变动", "将到的日期", "监测覆盖　"]
    places = [said.index(word) for word in order]
    assert places == sorted(places)


def test_a_list_of_what_was_filed_is_no_legal_basis(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    said = call(capsys, tmp_path, "algorithm-filing")
    rules, lists = said.split("例行公告与名单（公布办理结果，不是依据）　2\n")
    assert "法律依据　1\n　互联网信息服务算法推荐管理规定〔现行有效〕" in rules
    assert "境内互联网信息服务算法备案清单\n" in lists
    assert "〔现行有效〕" not in lists
    line = detail(capsys, tmp_path, "algorithm-filing")
    assert [basis["part"] for basis in line["basis"]] == ["rule", "list", "list"]


@pytest.mark.parametrize(
    ("title", "results"),
    [
        ("关于发布第十八批深度合成服务算法备案信息的公告", True),
        ("境内互联网信息服务算法备案清单（2026年7月）", True),
        ("关于发布生成式人工智能服务已备案信息的公告", True),
        ("某市已完成登记的生成式人工智能服务公告", True),
        ("2026年10月份国产网络游戏审批信息", True),
        ("关于注销算法备案编号的公告", True),
        ("关于注销某公司增值电信业务经营许可证的公告", True),
        ("互联网信息服务算法备案管理办法", False),
        ("关于开展第二批算法备案工作的通知", False),
        ("关于进一步落实网站备案信息真实性核验工作方案", False),
        ("算法备案信息填报说明", False),
        ("直接调用已备案模型的应用登记要求", False),
        ("自由贸易试验区数据出境负面清单", False),
        ("关于第三批取消行政许可事项的决定", False),
    ],
)
def test_a_document_that_publishes_results_is_told_by_its_title(title: str, results: bool) -> None:
    assert publishes_results(title) is results


@pytest.mark.parametrize(
    "title",
    ["第一批" * 40_000, "（第" + "条" * 120_000, "第十、" * 40_000, "已备案的" * 30_000, "注销" * 60_000],
    ids=lambda title: title[:4],
)
def test_a_hostile_title_takes_no_longer_than_its_length(title: str) -> None:
    started = process_time()
    publishes_results(title)
    rule_name(title)
    assert process_time() - started < 1


def test_a_batch_that_is_held_stands_apart_from_the_rules(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    world = World(tmp_path, declare(licences=["deep-synthesis-filing"]))
    batch = "关于发布第十八批深度合成服务算法备案信息的公告"
    with world.run(days(0)) as run_:
        run_.see("/a.html", rule("深度合成服务算法备案管理办法"))
        run_.see("/b.html", rule(batch))
    Ingestor(world.data, world.sources).ingest()
    said = call(capsys, world.data.root, "deep-synthesis-filing")
    rules, lists = said.split("规则文件　1\n")[1].split("本库收录的例行公告与名单　1\n")
    assert "深度合成服务算法备案管理办法" in rules
    assert f"　{batch}\n" in lists


def test_a_draft_and_a_platform_page_are_no_legal_basis(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    draft = call(capsys, tmp_path, "digital-human")
    assert "征求意见稿（不是现行规定）　1" in draft
    assert "法律依据" not in draft
    platform = call(capsys, tmp_path, "wx-deep-synthesis")
    assert "平台规则（不是法律）　4" in platform
    assert "法律依据" not in platform
    assert platform.index("平台规则（不是法律）　4") < platform.index("另有上级事项小程序类目")


def test_what_holds_in_one_province_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "〔贵州〕贵州省文化和旅游厅关于规范" in call(capsys, tmp_path, "文网文")
    world = World(tmp_path, declare(licences=[LICENCE], province="示例省"))
    with world.run(days(0)) as run_:
        run_.see("/a.html", rule(TITLE))
    Ingestor(world.data, world.sources).ingest()
    (document,) = detail(capsys, world.data.root)["documents"]
    assert document["region"] == "示例省"
    assert f"　〔示例省〕{TITLE}" in call(capsys, world.data.root, LICENCE)


def test_a_mark_is_explained_where_it_first_stands(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for licence in licences().values():
        said = call(capsys, tmp_path / "nothing", licence.id)
        marked = any(not basis.verified for basis in licence.basis)
        assert said.count(UNCHECKED_MEANS) == marked, licence.id
        assert said.count(UNKNOWN_MEANS) == ("〔效力未核〕" in said), licence.id


def test_a_name_of_several_offers_all_that_bear_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    said = call(capsys, tmp_path, "B25")
    assert "“B25”是 2 项资质事项共有的名称" in said
    assert "ICP许可（icp-license）" in said
    assert "SP许可（sp-license）" in said
    found = [json.loads(line)["id"] for line in call(capsys, tmp_path, "B25", "--json").splitlines()]
    assert found == ["icp-license", "sp-license"]


@pytest.mark.parametrize("width", [80, 120])
def test_on_a_terminal_nothing_is_wider_than_the_screen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, width: int
) -> None:
    screen = Console(file=StringIO(), force_terminal=True, color_system=None, width=width, highlight=False)
    monkeypatch.setattr("kb.terminal.out", screen)
    monkeypatch.setattr("kb.verbs.paragraphs.out", screen)
    for licence in licences():
        with pytest.raises(SystemExit):
            run(zhengce, ["licence", licence, "--data", str(tmp_path)])
    lines = screen.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert [line for line in lines if cell_len(line) > width] == []
    assert any(line.startswith(" " * COLUMN) for line in lines)


FOLKLORE = [
    ("ICP", "icp-filing", "才另需 ICP许可"),
    ("ICP许可证", "icp-license", "只有经营性的"),
    ("社保", "icp-license", "没有这一项"),
    ("增值电信业务许可证", "vats-license", "ICP许可证就是增值电信业务经营许可证的一类（B25）"),
    ("ISP", "isp-license", "在自己网站上提供信息服务属 B25"),
    ("IDC", "idc-license", "对用户提供信息服务的属 B25"),
    ("EDI", "edi-license", "只卖自家内容或点数的不属 B21"),
    ("电商平台许可证", "edi-license", "未见官方文件这样规定"),
    ("CDN", "cdn-license", "只购买 CDN 的网站也不属 B12"),
    ("内容分发", "cdn-license", "推荐、传播内容不属 B12"),
    ("文网文", "online-culture-license", "通用的图片、文字生成工具通常不在范围"),
    ("短视频", "online-culture-license", "电商、教育、医疗、聊天类直播不在范围"),
    ("教育内容", "online-culture-license", "电商、教育、医疗、聊天类直播不在范围"),
    ("网络游戏", "online-culture-license", "游戏办版号"),
    ("版号", "game-approval", "游戏上线看新闻出版部门的出版审批"),
    ("直播带货", "live-streaming", "电商、教育、医疗、聊天类直播不在范围"),
    ("资金支付资质", "payment-license", "只是商户入驻"),
    ("公安备案", "psb-filing", "另一项手续"),
    ("软著", "copyright-registration", "自愿登记，不是许可"),
    ("双新评估", "security-assessment", "办没办别的证都不能代替"),
    ("算法备案", "algorithm-filing", "上线十个工作日内备案"),
    ("大模型备案", "genai-filing", "只调用已备案模型的是登记"),
    ("大模型登记", "genai-registration", "实行登记"),
    ("合作协议", "wx-deep-synthesis", "后来的版本增列 AI创作"),
    ("AI问答类目", "wx-deep-synthesis", "看来是笔误"),
    ("深度合成备案", "deep-synthesis-filing", "监管部门仍可能要求自行备案"),
    ("AI标识", "ai-labeling", "与持有哪种证无关"),
    ("小程序类目", "wx-category", "平台另按类目审核资质"),
]
"""What a reader of popular guides types, the type that it leads to, and words of the rule that is read there."""


@pytest.mark.parametrize(("word", "licence", "rule_"), FOLKLORE, ids=[word for word, *_ in FOLKLORE])
def test_a_reader_with_folklore_leaves_with_the_rule(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, word: str, licence: str, rule_: str
) -> None:
    """The word opens the type, lists it among those to choose from, or brings the rule at once."""
    if not bearers(word):
        asked = call(capsys, tmp_path, word)
        assert rule_ in asked
        assert f"zhengce licence {licence}" in asked
    assert licence in (bearers(word) or alike(word))[:ALIKE]
    answered = [line for line in call(capsys, tmp_path, licence).splitlines() if line.startswith("　规则")]
    assert any(rule_ in line for line in answered)

"""Whom of the clients a change concerns."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kb.codes import Confidence
from kb.config import DataDirectory
from kb.model import LicenceTag
from kb.profiles import Profile, answered, load
from kb.store.ingest import Ingestor
from scheduler.affected import Place, affected, forms_of
from scheduler.profiles import concerning
from tests.kb.store.world import ARTICLES, World, amended, days, declare, rule

Verb = Callable[..., list[dict[str, Any]]]
SITE = (
    "--answer",
    "form=网站",
    "--answer",
    "charge=paid",
    "--answer",
    "output=text",
    "--answer",
    "model=filed_api",
)


def tag(licence: str) -> LicenceTag:
    return LicenceTag(licence, "原文", 0, 2, "text", "命中", Confidence.HIGH, "r")


def parent_of(licence: str) -> str | None:
    return {"icp-license": "vats-license", "edi-license": "vats-license"}.get(licence)


def site(province: str = "") -> Profile:
    held = {"form": ["website"], "charge": "paid", "output": ["text"], "model": ["filed_api"]}
    return Profile(name="站", answers=answered({**held, **({"province": province} if province else {})}))


def test_a_change_of_the_parent_concerns_those_under_its_children() -> None:
    (found,) = affected([tag("vats-license")], "", {"甲": site()}, parent_of)
    assert [advice.licence for advice in found.advice] == ["icp-license"]
    assert [each.licence for each in found.tags] == ["vats-license"]
    assert affected([tag("edi-license")], "", {"甲": site()}, parent_of) == ()
    assert affected([tag("isp-license")], "", {"甲": site()}, parent_of) == ()  # rarely is no concern
    assert affected([], "", {"甲": site()}, parent_of) == ()


def test_a_platforms_rule_concerns_services_in_its_form_alone() -> None:
    mini = Profile(name="小", answers=answered({"form": ["wechat"], "output": ["text"], "charge": "paid"}))
    unsaid = Profile(name="未", answers=answered({"content": ["news"]}))
    tags = [tag("wx-category"), tag("icp-license"), tag("news-license")]
    forms = forms_of(tags)
    assert forms == {"wechat"}
    profiles = {"站": site(), "小": mini, "未": unsaid}
    assert {each.profile for each in affected(tags, "", profiles, parent_of, forms=forms)} == {"小", "未"}
    assert {each.profile for each in affected(tags, "", profiles, parent_of)} == {"站", "小", "未"}
    assert forms_of([tag("icp-license")]) == frozenset()


def test_a_provincial_source_concerns_its_province_first() -> None:
    profiles = {"甲": site("广东"), "乙": site("浙江"), "丙": site("全国"), "丁": site()}
    found = {each.profile: each.place for each in affected([tag("icp-filing")], "浙江", profiles, parent_of)}
    assert found == {"乙": Place.SAME, "丙": Place.UNSAID, "丁": Place.UNSAID, "甲": Place.OTHER}
    assert list(found)[-1] == "甲"
    national = affected([tag("icp-filing")], "", profiles, parent_of)
    assert {each.place for each in national} == {Place.NATIONAL}


def test_one_unreadable_file_stops_no_other_client(
    verb: Verb, said: Callable[..., str], crawled: Path, tmp_path: Path
) -> None:
    shutil.copytree(crawled, tmp_path / "data")
    data = ("--data", str(tmp_path / "data"))
    verb("profile", "new", "好", *data, *SITE, "--answer", "functions=publish,recommend")
    (tmp_path / "data" / "profiles" / "坏.toml").write_text("name =", "utf-8")
    (tmp_path / "data" / "profiles" / ".隐.toml").write_text("name =", "utf-8")
    (listed,) = verb("profile", "list", *data, code=1)
    assert listed["id"] == "好"
    (change,) = verb("changes", *data)
    (line,) = verb("affected", change["id"], *data, code=1)
    assert line["profile"] == "好"
    shown = said("affected", change["id"], *data, code=1)
    assert "业务画像 坏 读不出，不在上面" in shown
    assert "隐" not in shown


def test_a_change_names_the_clients_it_concerns(verb: Verb, said: Callable[..., str], crawled: Path) -> None:
    data = ("--data", str(crawled))
    (change,) = verb("changes", *data)
    assert "algorithm-filing" in change["licences"]
    (nobody,) = verb("affected", change["id"], *data, code=2)
    assert nobody["error"] == "NotFound"
    verb("profile", "new", "社区", *data, *SITE, "--answer", "functions=publish,recommend")
    verb("profile", "new", "官网", *data, "--answer", "form=网站", "--answer", "output=none")
    (line,) = verb("affected", change["id"], *data)
    assert (line["profile"], line["place"], line["change"]) == ("社区", "national", change["id"])
    assert {advice["licence"] for advice in line["advice"]} >= {"algorithm-filing"}
    assert all(each["evidence"] for each in line["tags"])
    held = DataDirectory(crawled)
    wanted = {each.licence for each in concerning(load(held.profiles / "社区.toml"))}
    assert {advice["licence"] for advice in line["advice"]} <= wanted
    shown = said("affected", change["id"], *data)
    for part in (
        "■ 社区",
        "算法备案（algorithm-filing）　通常涉及",
        "命中原文",
        "深度合成备案（deep-synthesis-filing）　通常涉及（上级事项带出：算法备案",
        "画像共 2 份，关系到 1 份",
        "不是法律意见",
    ):
        assert part in shown, part
    (unknown,) = verb("affected", "ch-nothing", *data, code=2)
    assert unknown["error"] == "NotFound"
    (of_document,) = verb("affected", change["document"], *data)
    assert (of_document["change"], of_document["profile"]) == (change["document"], "社区")
    assert f"　{change['title']}　" in said("affected", change["url"], *data)


@pytest.mark.parametrize(
    ("title", "place"), [("示例业务管理办法", "other"), ("工业和信息化部关于示例业务的通知", "national")]
)
def test_a_rule_that_a_provincial_site_hands_on_concerns_clients_elsewhere(
    verb: Verb, tmp_path: Path, title: str, place: str
) -> None:
    world = World(tmp_path, declare(province="广东"))
    for number, articles in enumerate((ARTICLES, amended(2, "申请人应当依法取得增值电信业务经营许可证。"))):
        for more in (0, 1):
            with world.run(days(number + more / 48)) as seen:
                seen.see(body=rule(title, articles))
    Ingestor(world.data, world.sources).ingest()
    data = ("--data", str(tmp_path))
    verb("profile", "new", "甲", *data, *SITE, "--answer", "province=浙江")
    (change,) = verb("changes", *data)
    (line,) = verb("affected", change["id"], *data, "--all")
    assert line["place"] == place

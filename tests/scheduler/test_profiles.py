"""Profiles from a shell's side: files, differences, subscriptions, and whom a change concerns."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from crawler.sample_web import SampleWeb, render_declarations
from kb.config import DataDirectory
from kb.errors import ProfileError
from kb.model import Confidence, LicenceTag
from kb.profiles import Profile, answered, load
from kb.terminal import run
from scheduler.affected import Place, affected
from scheduler.cli import zhengce
from scheduler.ops import Ops
from scheduler.profiles import checked_name, concerning, subscription_id

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = {
    schema["properties"]["schema"]["const"]: schema
    for schema in (json.loads(file.read_text("utf-8")) for file in (ROOT / "docs" / "schemas").glob("*.json"))
}
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


@pytest.fixture
def verb(capsys: pytest.CaptureFixture[str]) -> Verb:
    def call(*arguments: str, code: int = 0) -> list[dict[str, Any]]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run(zhengce, [*arguments, "--json"])
        said = capsys.readouterr()
        assert ended.value.code == code, said.err
        assert "Traceback" not in said.err
        lines = [json.loads(line) for line in said.out.splitlines()]
        for line in lines:
            jsonschema.validate(line, SCHEMAS[line["schema"]])
        return lines

    return call


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def call(*arguments: str, code: int = 0) -> str:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run(zhengce, list(arguments))
        text = capsys.readouterr()
        assert ended.value.code == code, text.err
        return text.out + text.err

    return call


def usually(line: dict[str, Any]) -> set[str]:
    return {advice["licence"] for advice in line["advice"] if advice["likelihood"] == "usually"}


def test_a_profile_is_made_shown_listed(verb: Verb, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    (made,) = verb("profile", "new", "甲", *data, *SITE, "--title", "甲公司", "--answer", "province=广东省")
    assert {"icp-license", "genai-registration"} <= usually(made)
    assert (made["name"], made["province"], made["subscription"]) == ("甲公司", "广东", "")
    assert "不是法律意见" in made["guidance"]
    assert verb("profile", "show", "甲", *data) == [made]
    assert verb("profile", "list", *data) == [made]
    assert load(tmp_path / "profiles" / "甲.toml").answers["form"] == ("website",)


def test_a_profile_starts_from_a_file_and_answers_are_added_and_taken_back(
    verb: Verb, tmp_path: Path
) -> None:
    data = ("--data", str(tmp_path))
    verb("profile", "new", "甲", *data, *SITE)
    file = str(tmp_path / "profiles" / "甲.toml")
    (made,) = verb(
        "profile", "new", "乙", *data, "--from", file, "--answer", "output+=music", "--answer", "charge="
    )
    assert made["answers"] == {
        "form": ["website"],
        "output": ["text", "music"],
        "model": ["filed_api"],
    }
    assert "online-culture-license" in usually(made)


def test_what_is_added_twice_is_added_both_times(verb: Verb, tmp_path: Path) -> None:
    more = ("--answer", "output+=music", "--answer", "output+=video")
    (made,) = verb("profile", "new", "甲", "--data", str(tmp_path), *SITE, *more)
    assert made["answers"]["output"] == ["text", "music", "video"]


def test_no_file_is_written_that_could_not_be_read_again(verb: Verb, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    verb("profile", "new", "甲", *data, *SITE)
    file = str(tmp_path / "profiles" / "甲.toml")
    (error,) = verb("profile", "new", "乙", *data, "--from", file, "--title", "长" * 61, code=2)
    assert (error["error"], "一到六十个字" in error["do"]) == ("ProfileError", True)
    assert [line["id"] for line in verb("profile", "list", *data)] == ["甲"]


def test_a_file_saved_with_a_byte_order_mark_is_read(verb: Verb, tmp_path: Path) -> None:
    file = tmp_path / "甲.toml"
    file.write_text('name = "甲公司"\n[answers]\nform = ["app"]\n', "utf-8-sig")
    (made,) = verb("profile", "new", "甲", "--data", str(tmp_path / "data"), "--from", str(file))
    assert made["answers"] == {"form": ["app"]}


def test_a_profile_is_not_written_over_unasked(verb: Verb, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    verb("profile", "new", "甲", *data, *SITE)
    (error,) = verb("profile", "new", "甲", *data, "--answer", "form=app", code=2)
    assert (error["error"], "--replace" in error["do"]) == ("ProfileError", True)
    (made,) = verb("profile", "new", "甲", *data, "--answer", "form=app", "--replace")
    assert made["answers"] == {"form": ["app"]}


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["new", "甲"], "UsageError"),
        (["new", "../甲", "--answer", "form=app"], "ProfileError"),
        (["new", "甲", "--answer", "form"], "UsageError"),
        (["new", "甲", "--answer", "form=电视"], "ProfileError"),
        (["new", "甲", "--answer", "fore=网站"], "ProfileError"),
        (["new", "甲", "--answer", "form=网站", "--answer", "form=app"], "UsageError"),
        (["new", "甲", "--answer", "output=text", "--answer", "output+=none"], "ProfileError"),
        (["new", "甲", "--answer", "form=网站", "--title", "长" * 61], "ProfileError"),
        (["show", "甲"], "NotFound"),
        (["diff", "甲", "--answer", "form=app"], "NotFound"),
        (["diff", "甲"], "UsageError"),
        (["subscribe", "甲", "--to", "a@example.invalid"], "NotFound"),
    ],
)
def test_what_cannot_be_done_is_named_and_makes_nothing(
    verb: Verb, tmp_path: Path, arguments: list[str], error: str
) -> None:
    (line,) = verb("profile", *arguments, "--data", str(tmp_path / "data"), code=2)
    assert line["error"] == error
    assert line["do"]
    assert not (tmp_path / "data").exists() or error == "NotFound"


@pytest.mark.parametrize("name", ["", "..", ".甲", "a/b", "a\\b", "-甲", "甲" * 80, "a\nb", 'a"b', "甲."])
def test_names_that_could_be_no_file_are_refused(name: str) -> None:
    with pytest.raises(ProfileError):
        checked_name(name)
    assert [checked_name(fine) for fine in ("甲公司（网站）", "main", "client 2.toml")] == [
        "甲公司（网站）",
        "main",
        "client 2",
    ]


def test_a_new_line_of_business_is_compared_and_nothing_is_written(verb: Verb, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    verb("profile", "new", "甲", *data, *SITE)
    before = (tmp_path / "profiles" / "甲.toml").read_bytes()
    (line,) = verb("profile", "diff", "甲", *data, "--answer", "model=own", "--answer", "companion=是")
    assert {"genai-filing", "anthropomorphic-ai"} <= {advice["licence"] for advice in line["added"]}
    assert {moved["after"]["licence"]: moved["before"] for moved in line["moved"]}[
        "genai-registration"
    ] == "usually"
    assert {answer["question"] for answer in line["answers"]} == {"model", "companion"}
    assert (tmp_path / "profiles" / "甲.toml").read_bytes() == before
    verb("profile", "new", "乙", *data, *SITE[:-2], "--answer", "model=own")
    (named,) = verb("profile", "diff", "甲", "乙", *data)
    (by_file,) = verb("profile", "diff", "甲", str(tmp_path / "profiles" / "乙.toml"), *data)
    assert named["added"] == by_file["added"]
    assert named["dropped"] == []


def test_a_profile_becomes_a_subscription_and_renews_it(verb: Verb, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    (made,) = verb("profile", "new", "甲", *data, *SITE, "--answer", "province=浙江")
    (line,) = verb("profile", "subscribe", "甲", *data, "--to", "ops@example.invalid")
    wanted = [advice["licence"] for advice in made["advice"] if advice["likelihood"] != "rarely"]
    assert line["licences"] == wanted
    assert (line["province"], line["id"]) == ("浙江", subscription_id("甲"))
    assert "isp-license" not in line["licences"]
    assert verb("profile", "show", "甲", *data)[0]["subscription"] == line["id"]

    verb("profile", "new", "甲", *data, *SITE[:-2], "--answer", "model=own", "--replace")
    (renewed,) = verb("profile", "subscribe", "甲", *data, "--digest", "weekly")
    assert "genai-filing" in renewed["licences"]
    assert (renewed["channels"], renewed["digest"]) == (line["channels"], "weekly")
    (again,) = verb("profile", "subscribe", "甲", *data, "--to", "ops@example.invalid")
    assert again["channels"] == line["channels"]
    assert again["digest"] == "weekly"
    (by_number,) = verb("profile", "subscribe", "甲", *data, "--to", line["channels"][0])
    assert by_number["channels"] == line["channels"]
    with Ops(tmp_path / "ops.db") as ops:
        assert [each.id for each in ops.subscriptions()] == [line["id"]]


def test_a_profile_that_nothing_concerns_subscribes_to_nothing(verb: Verb, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    verb("profile", "new", "甲", *data, "--answer", "company=企业")
    (error,) = verb("profile", "subscribe", "甲", *data, "--to", "ops@example.invalid", code=2)
    assert error["error"] == "ProfileError"


def test_what_a_person_sees(said: Callable[..., str], tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    shown = said("profile", "new", "甲", *data, *SITE, "--answer", "company=个人")
    for part in (
        "■ 通常涉及",
        "■ 有时涉及",
        "■ 一般不涉及",
        "ICP许可（icp-license）",
        "限制　经营增值电信业务的须是依法设立的公司",
        "【未核】",
        "不是法律意见",
        "zhengce profile subscribe 甲",
    ):
        assert part in shown, part
    english = said("profile", "show", "甲", *data, "--lang", "en")
    assert "usually applies" in english
    assert "not legal advice" in english
    assert "涉及的事项相同" in said("profile", "diff", "甲", *data, "--answer", "company=个人")
    assert "还没有业务画像" in said("profile", "list", "--data", str(tmp_path / "empty"))


def held_charge(folder: Path) -> tuple[str, ...]:
    return load(folder / "profiles" / "甲.toml").answers["charge"]


def test_a_person_is_asked_and_may_skip(tmp_path: Path) -> None:
    """At a real terminal: a wrong answer is asked again, Enter skips, and what does not follow is not asked."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "scheduler", "profile", "new", "甲", "--data", str(tmp_path)]
    with subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, cwd=ROOT) as process:
        os.close(slave)
        answers = ["9", "1,3", "", "收费", "10", "4"]
        os.write(master, ("\n".join(answers) + "\n" * 20).encode())
        shown = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:  # the other end was closed
                break
            if not piece:
                break
            shown += piece
        assert process.wait(60) == 0, shown.decode()
    os.close(master)
    text = shown.decode()
    assert "没有“9”这个选项" in text
    assert held_charge(tmp_path) == ("paid",)
    assert "模型从哪里来" not in text  # nothing is generated
    held = load(tmp_path / "profiles" / "甲.toml")
    assert held.answers["form"] == ("website", "wechat")
    assert "audience" not in held.answers


# --------------------------------------------------------------------------- whom a change concerns


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


def test_a_provincial_source_concerns_its_province_first() -> None:
    profiles = {"甲": site("广东"), "乙": site("浙江"), "丙": site("全国"), "丁": site()}
    found = {each.profile: each.place for each in affected([tag("icp-filing")], "浙江", profiles, parent_of)}
    assert found == {"乙": Place.SAME, "丙": Place.UNSAID, "丁": Place.UNSAID, "甲": Place.OTHER}
    assert list(found)[-1] == "甲"
    national = affected([tag("icp-filing")], "", profiles, parent_of)
    assert {each.place for each in national} == {Place.NATIONAL}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that saw one sample source on its first two days."""
    folder = tmp_path_factory.mktemp("line")
    with SampleWeb() as web:
        render_declarations(web.port, folder / "declared")
        for day in (1, 2):
            web.day = day
            command = ["crawl", "sample.cac.rules", "--data", str(folder / "data"), "--delay", "0"]
            command += ["--sources", str(folder / "declared"), "--allow-address", "127.0.0.0/8"]
            with pytest.raises(SystemExit) as ended:
                run(zhengce, command)
            assert ended.value.code == 0
    return folder / "data"


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

"""Profiles from a shell's side: files, differences, subscriptions, and whom a change concerns."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

import pytest

from kb.config import DataDirectory
from kb.errors import ProfileError
from kb.profiles import Profile, load
from scheduler.ops import EmailSettings, Ops, Subscription
from scheduler.profiles import checked_name, keep, subscribe, subscription_id, with_answers
from scheduler.verbs import watchlist

NOW = datetime(2026, 11, 24, tzinfo=UTC)
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
    assert (tmp_path / "profiles").stat().st_mode & 0o077 == 0


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


def test_another_clients_file_lends_its_answers_not_its_name(verb: Verb, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    verb("profile", "new", "甲", *data, *SITE, "--title", "甲公司", "--note", "甲的联系人")
    file = str(tmp_path / "profiles" / "甲.toml")
    (made,) = verb("profile", "new", "乙", *data, "--from", file)
    assert (made["name"], made["note"], made["answers"]["form"]) == ("乙", "", ["website"])


@pytest.mark.parametrize("more", ["model=overseas", "companion=yes", "陪伴互动=是"])
def test_an_answer_that_the_others_rule_out_is_refused_with_the_reason(
    verb: Verb, tmp_path: Path, more: str
) -> None:
    data = ("--data", str(tmp_path / "data"))
    (error,) = verb("profile", "new", "甲", *data, "--answer", "output=none", "--answer", more, code=2)
    assert "生成内容（output）为“不用人工智能生成内容”" in error["what"]
    assert not (tmp_path / "data").exists()
    verb("profile", "new", "甲", *data, "--answer", more)  # what it waits for is only open
    verb("profile", "new", "乙", *data, "--answer", "output=none", "--answer", more.partition("=")[0] + "=")


def test_questions_go_by_the_names_that_show_prints(verb: Verb, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    named = ("收费=paid", "省份=浙江", "形式=网站", "形式+=app")
    said = [part for each in named for part in ("--answer", each)]
    (made,) = verb("profile", "new", "甲", *data, *said)
    assert made["answers"] == {"form": ["website", "app"], "charge": ["paid"], "province": ["浙江"]}
    (error,) = verb("profile", "new", "乙", *data, "--answer", "收费=paid", "--answer", "charge=ads", code=2)
    assert "写了两次" in error["what"]
    assert verb("profile", "questions", "收费")[0]["id"] == "charge"


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


@pytest.mark.parametrize(
    "name", ["", "..", ".甲", "a/b", "a\\b", "-甲", "甲" * 80, "a\nb", 'a"b', "甲.", "甲\u202e乙", "甲\u200b"]
)
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


def test_who_subscribes_hears_that_the_password_is_not_set(
    verb: Verb, said: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = ("--data", str(tmp_path))
    verb("profile", "new", "甲", *data, *SITE)
    monkeypatch.delenv("ZHENGCE_SMTP_PASSWORD", raising=False)
    shown = said("profile", "subscribe", "甲", *data, "--to", "ops@example.invalid")
    assert "现在还发不出" in shown
    assert "ZHENGCE_SMTP_PASSWORD" in shown
    assert "zhengce subscribe --test" in shown
    monkeypatch.setenv("ZHENGCE_SMTP_PASSWORD", "x")
    assert "现在还发不出" not in said("profile", "subscribe", "甲", *data)


def test_a_profile_that_nothing_concerns_subscribes_to_nothing(
    verb: Verb, said: Callable[..., str], tmp_path: Path
) -> None:
    data = ("--data", str(tmp_path))
    verb("profile", "new", "甲", *data, "--answer", "company=企业")
    (error,) = verb("profile", "subscribe", "甲", *data, "--to", "ops@example.invalid", code=2)
    assert error["error"] == "ProfileError"
    assert "收费（charge）" in error["do"]
    assert not (tmp_path / "ops.db").exists()
    shown = said("profile", "show", "甲", *data)
    assert "收费（charge）　与其他回答一起：ICP许可" in shown
    assert "还不能订阅" in shown
    assert "zhengce profile subscribe" not in shown


def test_a_profile_without_an_answer_is_not_kept(verb: Verb, tmp_path: Path) -> None:
    (error,) = verb("profile", "new", "甲", "--data", str(tmp_path / "data"), "--answer", "form=", code=2)
    assert (error["error"], "profile questions" in error["do"]) == ("ProfileError", True)
    assert not (tmp_path / "data").exists()


def test_the_words_of_answers_are_listed(verb: Verb, said: Callable[..., str]) -> None:
    lines = verb("profile", "questions")
    assert [line["id"] for line in lines][:3] == ["form", "audience", "charge"]
    (charge,) = verb("profile", "questions", "charge")
    assert [choice["id"] for choice in charge["choices"]] == ["paid", "ads", "free"]
    shown = said("profile", "questions")
    assert "例：--answer charge=paid" in shown
    assert "浙江" in shown
    assert verb("profile", "questions", "fore", code=2)[0]["error"] == "ProfileError"


def test_answers_to_what_does_not_arise_any_more_go(verb: Verb, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    verb("profile", "new", "甲", *data, *SITE[:-2], "--answer", "model=overseas")
    (line,) = verb("profile", "diff", "甲", *data, "--answer", "output=none")
    assert {answer["question"] for answer in line["answers"]} == {"output", "model"}
    assert "data-export" in {advice["licence"] for advice in line["dropped"]}


def test_a_profile_may_choose_further_provinces(verb: Verb, said: Callable[..., str], tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    verb("profile", "new", "甲", *data, *SITE, "--answer", "province=广东")
    to = ("--to", "ops@example.invalid")
    (line,) = verb("profile", "subscribe", "甲", *data, *to, "--region", "浙江省", "--region", "江苏")
    assert (line["province"], line["regions"], line["profile"]) == ("广东", ["浙江", "江苏"], "甲")
    (again,) = verb("profile", "subscribe", "甲", *data, "--digest", "weekly")
    assert again["regions"] == ["浙江", "江苏"]
    assert "地方规则：广东、浙江、江苏" in said("subscribe", *data)
    (error,) = verb("profile", "subscribe", "甲", *data, "--region", "加州", code=2)
    assert error["error"] == "ConfigError"
    (own,) = [line for line in verb("subscribe", *data, *to, "--region", "全国") if not line["profile"]]
    assert own["regions"] == ["全国"]
    assert "地方规则：各省" in said("subscribe", *data)


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


def test_an_edited_profile_says_what_its_subscription_will_follow(
    verb: Verb, said: Callable[..., str], tmp_path: Path
) -> None:
    data = ("--data", str(tmp_path))
    verb("profile", "new", "甲", *data, *SITE)
    shown = said("profile", "subscribe", "甲", *data, "--to", "ops@example.invalid")
    assert "发到　ops@example.invalid（cn-" in shown
    assert "下一次巡查" not in said("profile", "show", "甲", *data)
    shown = said("profile", "new", "甲", *data, *SITE[:-2], "--answer", "model=own", "--replace")
    assert "下一次巡查时订阅随画像更新：新增 大模型备案" in shown
    shown = said("profile", "new", "甲", *data, "--answer", "company=个人", "--replace")
    assert "不会更新，仍按上次的" in shown


def test_a_profile_that_could_not_be_read_again_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(ProfileError):
        keep(DataDirectory(tmp_path), "甲", Profile.model_construct(name="长" * 61, note="", answers={}))
    assert list(tmp_path.iterdir()) == []


def test_an_answer_that_somebody_wrote_by_hand_stays_until_its_question_goes() -> None:
    """``model`` is asked of those who generate something."""
    by_hand = Profile(name="甲", answers={"output": ("none",), "model": ("own",)})
    assert with_answers(by_hand, {"charge": "paid"}).answers["model"] == ("own",)
    made = Profile(name="甲", answers={"output": ("text",), "model": ("own",)})
    assert "model" not in with_answers(made, {"output": "none"}).answers


def test_a_name_watched_while_the_profile_is_subscribed_to_again_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = DataDirectory(tmp_path)
    made = Profile(name="甲", answers={"form": ("website",), "charge": ("paid",), "output": ("text",)})
    keep(data, "甲", made)
    with Ops(data.ops) as ops:
        mail = EmailSettings(host="a.invalid", sender="a@a.invalid", to="b@a.invalid")
        held = subscribe(ops, "甲", made, channels=(ops.put_channel(mail, now=NOW),), digest="", now=NOW)
    both, put = Barrier(2), Ops.put_subscription

    def slowly(ops: Ops, wanted: Subscription, *, now: datetime) -> str:
        with suppress(BrokenBarrierError):
            both.wait(0.5)
        return put(ops, wanted, now=now)

    def again() -> None:
        with Ops(data.ops) as ops:
            subscribe(ops, "甲", made, channels=(), digest="weekly", now=NOW, regions=("广东",))

    monkeypatch.setattr(Ops, "put_subscription", slowly)
    together = [Thread(target=again), Thread(target=lambda: watch(data, "示例星河"))]
    for each in together:
        each.start()
    for each in together:
        each.join()
    with Ops(data.ops) as ops:
        (kept,) = ops.subscriptions()
    assert (kept.id, kept.watched_names, kept.regions) == (held.id, ("示例星河",), ("广东",))


def watch(data: DataDirectory, name: str) -> None:
    assert watchlist.add.callback
    watchlist.add.callback(name=name, owner="", data=data, as_json=True)


def test_a_profile_is_removed_once_nothing_follows_it(
    verb: Verb, said: Callable[..., str], tmp_path: Path
) -> None:
    data = ("--data", str(tmp_path))
    verb("profile", "new", "甲", *data, *SITE)
    verb("profile", "subscribe", "甲", *data, "--to", "ops@example.invalid")
    assert "zhengce subscribe --end" in said("profile", "remove", "甲", *data, code=2)
    verb("subscribe", "--end", "甲", *data)
    assert "已删去　甲" in said("profile", "remove", "甲", *data)
    assert verb("profile", "list", *data) == []
    assert "没有业务画像" in said("profile", "remove", "甲", *data, code=2)

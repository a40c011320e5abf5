import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from kb.errors import ProfileError
from kb.profiles import (
    Likelihood,
    Profile,
    answered,
    assess,
    compare,
    load,
    questions,
    read_profile,
    unanswered,
    written,
)
from kb.profiles.questions import understood
from tests.eval.profiles import TRUTH, faults

ROWS = tomllib.loads((TRUTH / "scenarios.toml").read_text("utf-8"))["service"]
UNSEEN = [
    service
    for name in ("profiles.toml", "profiles_later.toml", "profiles_third.toml")
    for service in tomllib.loads((TRUTH / name).read_text("utf-8"))["service"]
]


def profile(**answers: Any) -> Profile:
    return Profile(name="某服务", answers=answered(answers))


PAID_SITE = {"form": ["website"], "charge": "paid", "output": ["text"], "model": ["filed_api"]}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_a_profile_for_each_row_of_the_scenario_table_gives_its_answer(row: dict[str, Any]) -> None:
    assert faults(row, exact=row.get("exact", False)) == []


NOTHING_ELSE = {
    **{key: ["none"] for key in ("functions", "biometrics", "content", "trade", "resell")},
    **dict.fromkeys(("companion", "minors"), False),
    "audience": "public",
    "charge": "paid",
    "accounts": True,
    "scale": "small",
    "company": "company",
    "province": "广东",
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_the_answer_of_a_row_stands_when_all_else_is_answered_with_nothing(row: dict[str, Any]) -> None:
    full = {**row, "answers": {**NOTHING_ELSE, **row["answers"]}}
    said = faults(full, exact=row.get("exact", False))
    if row["name"] == "境外模型":  # who says that nothing is resold, resells no tunnels
        assert said == ["少了有时 ipvpn-license（没有）"]
    else:
        assert said == []


@pytest.mark.parametrize("item", UNSEEN, ids=lambda item: item["name"])
def test_services_described_before_the_rules_were_run_on_them(item: dict[str, Any]) -> None:
    assert faults(item, exact=True) == []


def test_an_empty_profile_is_concerned_by_nothing() -> None:
    assert assess(profile()) == ()


def test_the_strongest_rule_counts_and_the_strongest_come_first() -> None:
    advice = assess(profile(**PAID_SITE))
    assert len({each.licence for each in advice}) == len(advice)
    order = [list(Likelihood).index(each.likelihood) for each in advice]
    assert order == sorted(order)
    both = assess(profile(**{**PAID_SITE, "model": ["own", "filed_api"]}))
    (registration,) = [each for each in both if each.licence == "genai-registration"]
    assert registration.likelihood is Likelihood.USUALLY
    assert registration.rule == "genai-registration-filed-model"


def test_every_advice_has_a_reason_a_basis_and_its_rule() -> None:
    for item in (*ROWS, *UNSEEN):
        for advice in assess(profile(**item["answers"])):
            assert advice.reason
            assert advice.basis
            assert advice.rule.startswith(advice.licence)


def test_a_model_of_ones_own_gives_filing_and_keeps_registration_as_possible() -> None:
    said = {each.licence: each for each in assess(profile(**{**PAID_SITE, "model": ["own"]}))}
    assert said["genai-filing"].likelihood is Likelihood.USUALLY
    assert said["genai-registration"].likelihood is Likelihood.SOMETIMES
    assert "另有功能" in said["genai-registration"].reason


def test_open_questions_are_named_with_what_they_may_bring_in() -> None:
    open_ = {each.question: each.licences for each in unanswered(profile(**PAID_SITE))}
    assert "minors-protection" in open_["minors"]
    assert "form" not in open_
    closed = {each.question for each in unanswered(profile(**PAID_SITE, minors=False))}
    assert "minors" not in closed
    assert "companion" not in {
        each.question for each in unanswered(profile(form=["website"], output=["none"]))
    }


def test_what_an_open_question_promises_is_kept_by_an_answer_to_it() -> None:
    before = profile(**PAID_SITE)
    standing = {each.licence: each.likelihood for each in assess(before)}
    for missing in unanswered(before):
        reached: set[str] = set()
        for choice in questions()[missing.question].offered:
            answers = {**before.answers, missing.question: (choice.id,)}
            after = assess(Profile(name="x", answers=answers))
            reached |= {each.licence for each in after if each.likelihood != standing.get(each.licence)}
        assert set(missing.licences) <= reached | {"algorithm-filing"}  # two answers of one question together


def test_a_new_line_of_business_adds_moves_and_drops() -> None:
    before = profile(**PAID_SITE, company="individual")
    after = profile(**{**PAID_SITE, "model": ["own"]}, company="individual", companion=True)
    found = compare(before, after)
    assert {"genai-filing", "anthropomorphic-ai"} <= {each.licence for each in found.added}
    assert found.dropped == ()
    moved = {each.after.licence: (each.before.likelihood, each.after.likelihood) for each in found.moved}
    assert moved["genai-registration"] == (Likelihood.USUALLY, Likelihood.SOMETIMES)
    assert found.answers["model"] == (("filed_api",), ("own",))
    back = compare(after, before)
    assert {each.licence for each in back.dropped} == {each.licence for each in found.added}
    assert compare(before, before) == compare(after, after)


def test_a_change_of_company_alone_tells_the_new_obstacles() -> None:
    found = compare(profile(**PAID_SITE, company="company"), profile(**PAID_SITE, company="individual"))
    assert (found.added, found.dropped, found.moved) == ((), (), ())
    assert {advice.licence for advice, _ in found.barred} == {"icp-license", "genai-registration"}


@pytest.mark.parametrize("model", ["own", "overseas"])
def test_the_filing_for_serving_the_public_is_only_possible_for_who_serves_companies(model: str) -> None:
    for audience, likelihood in (("public", Likelihood.USUALLY), ("business", Likelihood.SOMETIMES)):
        answers = {**PAID_SITE, "model": [model], "audience": audience}
        advice = {each.licence: each.likelihood for each in assess(profile(**answers))}
        assert advice["genai-filing"] is likelihood


def test_nobody_is_told_what_keeps_him_from_a_licence_that_he_does_not_need() -> None:
    advice = {each.licence: each for each in assess(profile(**PAID_SITE, company="individual"))}
    assert advice["isp-license"].likelihood is Likelihood.RARELY
    assert advice["isp-license"].obstacles == ()
    assert advice["icp-license"].obstacles != ()


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    held = Profile(
        name='甲"乙', note="备注", answers=answered({**PAID_SITE, "minors": False, "province": "浙江省"})
    )
    text = written(held)
    assert "# 会有未成年人使用吗：否" in text
    file = tmp_path / "甲.toml"
    file.write_text(text, "utf-8")
    assert load(file) == held
    assert held.province == "浙江"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = '甲'\n[answers]\nform = ['site']", "没有“site”"),
        ("name = '甲'\n[answers]\nforms = ['website']", "没有问题 forms"),
        ("name = '甲'\n[answers]\ncharge = ['paid', 'free']", "只能选一个"),
        ("name = '甲'\n[answers]\noutput = ['none', 'text']", "就不能再选别的"),
        ("name = '甲'\n[answers]\nprovince = '浙东'", "不能用“浙东”"),
        ("name = '甲'\n[answers]\nminors = 3", "answers.minors"),
        ("name = '甲'\nanswer = {}", "answer"),
        ("[answers]", "name"),
        ("name = ", "TOML"),
    ],
)
def test_a_file_that_says_no_profile_is_refused_by_name(text: str, said: str) -> None:
    with pytest.raises(ProfileError, match=said) as error:
        read_profile(text, where="甲.toml")
    assert error.value.do


def test_answers_are_understood_by_id_number_and_word() -> None:
    form, minors, province = (questions()[key] for key in ("form", "minors", "province"))
    for said in ("website,wechat", "1，3", "网站、微信小程序", "微信小程序 ; 网站或 H5"):
        assert understood(form, said) == ("website", "wechat"), said
    assert understood(form, " ") == ()
    assert [understood(minors, said) for said in ("是", "n", "2", "true")] == [
        ("yes",),
        ("no",),
        ("no",),
        ("yes",),
    ]
    assert understood(province, "广西壮族自治区") == ("广西",)
    company = questions()["company"]
    assert [understood(company, said) for said in ("企业", "个体", "国有")] == [
        ("company",),
        ("sole_trader",),
        ("state_owned",),
    ]
    for said in ("9", "程序", "小程序"):  # no such number; two that hold the word
        with pytest.raises(ProfileError, match=f"没有“{said}”"):
            understood(form, said)


@pytest.mark.parametrize("audience", ["internal", "abroad"])
def test_rules_for_serving_the_public_are_not_told_to_who_does_not_serve_it(audience: str) -> None:
    fields = [
        "performance",
        "live_commerce",
        "live_other",
        "shows",
        "publishing",
        "health",
        "drug_info",
        "jobs",
    ]
    told = assess(
        profile(form=["website"], charge="paid", output=["drama"], content=fields, audience=audience)
    )
    public = {"live-streaming", "online-culture-license", "drug-info", "av-license", "health-info"}
    assert {each.licence for each in told if each.likelihood is Likelihood.USUALLY}.isdisjoint(public)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (b'name = "x"\n' + b"#" * 65536, "KB"),
        (b"name = " + b"[" * 20000, "嵌套太深"),
        (b'name = "\xff"', "UTF-8"),
        ('name = "甲\u202e乙"'.encode(), "name"),
        (b'name = "a\\u001b[31m"', "name"),
        (b'name = "x"\nnote = "a\\u0007"', "note"),
        (b'name = "x"\nname = "y"', "TOML"),
        (b'name = "x"\n[answers]\nform = 1', "answers.form"),
        (b'name = "x"\n[answers]\n"__class__" = "x"', "没有问题"),
    ],
)
def test_a_hostile_file_is_a_named_error(tmp_path: Path, said: bytes, fault: str) -> None:
    file = tmp_path / "x.toml"
    file.write_bytes(said)
    with pytest.raises(ProfileError) as error:
        load(file)
    assert fault in str(error.value)


def test_what_is_no_plain_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "folder.toml").mkdir()
    for name in ("pipe.toml", "folder.toml"):
        with pytest.raises(ProfileError):
            load(tmp_path / name)


def test_a_number_of_thousands_of_digits_is_no_choice() -> None:
    with pytest.raises(ProfileError):
        understood(questions()["form"], "9" * 5000)


def test_a_companion_for_minors_is_told_what_may_not_be_offered() -> None:
    said = {each.licence: each for each in assess(profile(**PAID_SITE, companion=True, minors=True))}
    for licence in ("anthropomorphic-ai", "minors-protection"):
        assert [obstacle.id for obstacle in said[licence].obstacles] == [
            "anthropomorphic-no-partner-for-minors"
        ]
    assert said["minors-protection"].rule == "minors-protection-companion"
    grown = {each.licence: each for each in assess(profile(**PAID_SITE, companion=True, minors=False))}
    assert grown["anthropomorphic-ai"].obstacles == ()


def test_a_fault_in_the_file_says_where_in_the_reader_s_language() -> None:
    with pytest.raises(ProfileError) as error:
        read_profile('name = "x"\nform == 1')
    assert "第 2 行第 7 个字起读不懂" in str(error.value)


@pytest.mark.parametrize(
    ("licence", "rule"),
    [
        ("deep-synthesis-filing", "deep-synthesis-filing-overseas"),
        ("wx-deep-synthesis", "wx-deep-synthesis-overseas"),
    ],
)
def test_a_model_from_abroad_is_not_told_to_lean_on_its_vendors_filing(licence: str, rule: str) -> None:
    answers = {"form": ["wechat"], "audience": "public", "output": ["text"], "model": ["overseas"]}
    (advice,) = [
        each for each in assess(Profile(name="x", answers=answered(answers))) if each.licence == licence
    ]
    assert advice.rule == rule
    assert "合作协议" not in advice.reason

"""The questions and the rules as tables: what a lawyer reads is whole, and what it rests on is marked."""

import re
from pathlib import Path

import pytest

from kb.errors import DeclarationError
from kb.licences import licences
from kb.profiles import assess, questions
from kb.profiles.model import Profile
from kb.profiles.page import as_markdown
from kb.profiles.questions import read_questions
from kb.profiles.rules import Check, Rule, read_rules, rules

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "profiles.md"
DUTY = re.compile("(?<!符)合规(?!审计)|违法|必须办理|建议立即|无变化|生效")


def test_the_page_is_up_to_date_and_says_that_it_is_no_legal_advice() -> None:
    page = PAGE.read_text("utf-8")
    assert page == as_markdown()
    assert "不是法律意见" in page
    for question in questions().values():
        assert f"### {question.zh}\n" in page
    for rule in rules().rules:
        assert f"`{rule.id}`" in page


def test_every_licence_type_has_a_rule_except_the_parent_that_children_bring_in() -> None:
    reached = {rule.licence for rule in rules().rules}
    assert licences().keys() - reached == {"vats-license"}


def _profile_that_fires(rule: Rule) -> Profile:
    """The answers the rule asks for and nothing else."""
    answers = {}
    for key, values in rule.when.items():
        first = values[0].split("+")
        answers[key] = tuple(questions()[key].offered[0].id if value == "*" else value for value in first)
    return Profile(name="x", answers=answers)


@pytest.mark.parametrize("rule", rules().rules, ids=lambda rule: rule.id)
def test_every_rule_can_apply_and_reaches_its_licence_at_least_as_strongly(rule: Rule) -> None:
    profile = _profile_that_fires(rule)
    assert rule.applies(profile.answers)
    (advice,) = [each for each in assess(profile) if each.licence == rule.licence]
    order = ["usually", "sometimes", "rarely"]
    assert order.index(advice.likelihood) <= order.index(rule.likelihood)


def test_no_question_is_asked_for_nothing() -> None:
    used = {key for rule in rules().rules for key in (*rule.when, *rule.unless)}
    used |= {key for obstacle in rules().obstacles for key in obstacle.when}
    assert questions().keys() - used == set()


def test_every_answer_but_none_matters_somewhere() -> None:
    """An option that no rule names makes no difference; those few are the quiet counterparts of another option."""
    named = {
        (key, part)
        for each in (*rules().rules, *rules().obstacles)
        for condition in (each.when, getattr(each, "unless", {}))
        for key, values in condition.items()
        for value in values
        for part in value.split("+")
    }
    offered = {(key, choice.id) for key, question in questions().items() for choice in question.offered}
    quiet = offered - named - {pair for pair in offered if pair[1] == "none"}
    assert quiet == {("audience", "public"), ("company", "state_owned")}


def test_a_basis_is_called_verified_only_where_the_vocabulary_holds_it_verified() -> None:
    held = [basis for licence in licences().values() for basis in licence.basis]
    for each in (*rules().rules, *rules().obstacles):
        for basis in each.basis:
            known = [one for one in held if basis.title in one.title]
            assert known or basis.check is Check.UNVERIFIED, (each.id, basis.title)
            if basis.check is not Check.UNVERIFIED:
                seen = [
                    one.verified or "已核" in one.note for one in known
                ]  # a note: only its dates are open
                assert any(seen), (each.id, basis.title)


def test_unverified_bases_are_marked_where_they_are_shown() -> None:
    for each in (*rules().rules, *rules().obstacles):
        for basis in each.basis:
            assert ("未核" in str(basis)) == (basis.check is not Check.VERIFIED)


def test_reasons_say_what_concerns_and_never_judge() -> None:
    for each in (*rules().rules, *rules().obstacles):
        assert not DUTY.search(each.zh), each.id
        assert each.zh.endswith("。"), each.id
        assert each.en.endswith("."), each.id
        assert not re.search("[一-鿿]", each.en), each.id


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('licence = "icp-filing"', 'licence = "icp-fling"'), "不在词表中"),
        (('form = ["website", "api"]', 'form = ["site"]'), "没有答案 site"),
        (("unless = {", "unles = {"), "unles"),
        (('id = "icp-filing-domain"', 'id = "icp-filing-site"'), "不止一次"),
    ],
)
def test_rules_that_name_what_does_not_exist_are_refused(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    text = (ROOT / "kb/profiles/rules.toml").read_text("utf-8")
    assert change[0] in text
    file = tmp_path / "rules.toml"
    file.write_text(text.replace(*change, 1), "utf-8")
    with pytest.raises(DeclarationError, match=said):
        read_rules(file)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('id = "audience"', 'id = "form"'), "重复"),
        (('ask_if = { output = ["*"] }', 'ask_if = { scale = ["*"] }'), "没有问题 scale"),
        (('kind = "yes_no"', 'kind = "single"'), "选项与种类不符"),
    ],
)
def test_questions_that_cannot_be_asked_are_refused(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    text = (ROOT / "kb/profiles/questions.toml").read_text("utf-8")
    file = tmp_path / "questions.toml"
    file.write_text(text.replace(*change, 1), "utf-8")
    with pytest.raises(DeclarationError, match=said):
        read_questions(file)

"""Advice for a person at a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kb.output import (
    AdviceOut,
    AnswerChangeOut,
    BarredOut,
    ChoiceOut,
    MissingOut,
    MovedOut,
    ObstacleOut,
    ProfileDiffOut,
    ProfileOut,
    QuestionOut,
    RuleBasisOut,
)
from kb.profiles import Advice, Difference, Likelihood, Profile, Question, assess, questions, unanswered
from kb.profiles.diff import CONCERNING
from kb.profiles.page import GUIDANCE, GUIDANCE_EN, bases
from kb.profiles.questions import Kind
from kb.profiles.rules import NAMES, Obstacle, RuleBasis
from kb.terminal import note, say, tr
from kb.verbs.options import licence_name

_ENGLISH: Mapping[Likelihood, str] = {
    Likelihood.USUALLY: "usually applies",
    Likelihood.SOMETIMES: "sometimes applies",
    Likelihood.RARELY: "rarely applies",
}
MOST_NAMED = 6
"""Licence types named behind an open question."""


def likelihood_name(likelihood: Likelihood) -> str:
    return tr(NAMES[likelihood], _ENGLISH[likelihood])


# --------------------------------------------------------------------------- JSON


def advice_line(advice: Advice) -> AdviceOut:
    return AdviceOut(
        licence=advice.licence,
        likelihood=advice.likelihood.value,
        reason=advice.reason,
        reason_en=advice.reason_en,
        basis=[_basis(basis) for basis in advice.basis],
        rule=advice.rule,
        obstacles=[_obstacle(obstacle) for obstacle in advice.obstacles],
    )


def _basis(basis: RuleBasis) -> RuleBasisOut:
    return RuleBasisOut(title=basis.title, article=basis.article, check=basis.check.value)


def _obstacle(obstacle: Obstacle) -> ObstacleOut:
    return ObstacleOut(
        id=obstacle.id,
        reason=obstacle.zh,
        reason_en=obstacle.en,
        basis=[_basis(basis) for basis in obstacle.basis],
    )


def profile_line(identifier: str, profile: Profile, *, subscription: str) -> ProfileOut:
    return ProfileOut(
        id=identifier,
        name=profile.name,
        note=profile.note,
        province=profile.province,
        answers={key: list(values) for key, values in profile.answers.items()},
        advice=[advice_line(advice) for advice in assess(profile)],
        unanswered=[
            MissingOut(question=each.question, licences=list(each.licences), together=list(each.together))
            for each in unanswered(profile)
        ],
        subscription=subscription,
        guidance=GUIDANCE,
    )


def difference_line(before: str, after: str, found: Difference) -> ProfileDiffOut:
    return ProfileDiffOut(
        before=before,
        after=after,
        answers=[
            AnswerChangeOut(question=key, before=list(old), after=list(new))
            for key, (old, new) in found.answers.items()
        ],
        added=[advice_line(advice) for advice in found.added],
        dropped=[advice_line(advice) for advice in found.dropped],
        moved=[
            MovedOut(before=each.before.likelihood.value, after=advice_line(each.after))
            for each in found.moved
        ],
        barred=[
            BarredOut(licence=advice.licence, obstacle=_obstacle(obstacle))
            for advice, obstacle in found.barred
        ],
        guidance=GUIDANCE,
    )


# --------------------------------------------------------------------------- for a person


def note_faults(faults: Mapping[str, str]) -> int:
    """Profiles that could not be read, beside the answer about the others. Returns the exit code."""
    for name, fault in faults.items():
        note(tr(f"业务画像 {name} 读不出，不在上面：{fault}", f"profile {name} cannot be read: {fault}"))
    return 1 if faults else 0


def say_guidance() -> None:
    say(tr("\n" + GUIDANCE, "\n" + GUIDANCE_EN))


def say_profile(identifier: str, profile: Profile, *, subscription: str, file: str) -> None:
    named = "" if profile.name == identifier else f"　{profile.name}"
    say(tr(f"业务画像　{identifier}{named}", f"profile  {identifier}{named}"))
    if profile.note:
        say(f"　{profile.note}")
    for key, values in profile.answers.items():
        say(f"　{_question(key)}　{_answer(key, values)}")
    advice = assess(profile)
    for likelihood in Likelihood:
        found = [each for each in advice if each.likelihood is likelihood]
        if found:
            say(f"\n■ {likelihood_name(likelihood)}（{len(found)}）")
            say_advice(found)
    if not advice:
        say(tr("\n还没有回答带出任何事项。", "\nno answer brings in a licence type yet"))
    _say_unanswered(profile)
    say_guidance()
    say(tr(f"文件　{file}", f"file  {file}"))
    say(_state(identifier, profile, subscription))


def _state(identifier: str, profile: Profile, subscription: str) -> str:
    if subscription:
        return tr(f"已订阅　{subscription}", f"subscribed  {subscription}")
    if all(each.likelihood not in CONCERNING for each in assess(profile)):
        return tr(
            f"还不能订阅：没有带出事项。请回答上面的问题：zhengce profile new {identifier} --replace",
            f"nothing to subscribe to yet; answer more: zhengce profile new {identifier} --replace",
        )
    return tr(
        f"尚未订阅：zhengce profile subscribe {identifier} --to 邮箱",
        f"not subscribed: zhengce profile subscribe {identifier} --to ADDRESS",
    )


def say_advice(found: Iterable[Advice]) -> None:
    """Each with its reason, its basis and what stands in the way of this entity."""
    for advice in found:
        say(f"{licence_name(advice.licence)}")
        say(f"　{tr(advice.reason, advice.reason_en)}")
        say(tr(f"　依据　{bases(advice.basis)}", f"  basis  {bases(advice.basis)}"))
        for obstacle in advice.obstacles:
            _say_obstacle(obstacle)


def _say_obstacle(obstacle: Obstacle) -> None:
    rests_on = bases(obstacle.basis)
    say(tr(f"　限制　{obstacle.zh}（{rests_on}）", f"  but  {obstacle.en} ({rests_on})"))


def _say_unanswered(profile: Profile) -> None:
    missing = unanswered(profile)
    promising = [each for each in missing if each.licences or each.together]
    if promising:
        say(tr("\n■ 还没有回答，回答了可能带出", "\n■ not answered, and may bring in"))
    for each in promising:
        both = tr("与其他回答一起：", "with other answers: ")
        what = _some(each.licences) if each.licences else both + _some(each.together)
        say(f"{_question(each.question)}（{each.question}）　{what}")
    rest = [f"{_question(each.question)}（{each.question}）" for each in missing if each not in promising]
    if rest:
        said = "、".join(rest)
        say(tr(f"只影响限制、地方规则或可能大小：{said}", f"these only limit what applies: {said}"))


def _some(licences: tuple[str, ...]) -> str:
    named = "、".join(licence_name(licence).partition("（")[0] for licence in licences[:MOST_NAMED])
    return named + (tr(" 等", " and more") if len(licences) > MOST_NAMED else "")


def say_question(question: Question) -> None:
    """A question with the words that ``--answer`` takes."""
    several = tr("，可多选", ", several") if question.kind is Kind.MULTI else ""
    short = tr(f"（{question.short}）", "")
    say(f"{question.id}{short}　{tr(question.zh, question.en)}{several}")
    if question.ask_if:
        keys = tr("、", ", ").join(question.ask_if)
        say(tr(f"　看 {keys} 的回答才问", f"  arises from {keys}"))
    for choice in question.offered:
        say(f"　{choice.id}　{tr(choice.zh, choice.en)}")
    if question.accepts:
        say(f"　{'、'.join(question.accepts)}")
    say(tr(f"　例：--answer {_example(question)}", f"  example: --answer {_example(question)}"))


def _example(question: Question) -> str:
    words = [choice.id for choice in question.offered] or list(question.accepts)
    return f"{question.id}={','.join(words[: 2 if question.kind is Kind.MULTI else 1])}"


def question_line(question: Question) -> QuestionOut:
    return QuestionOut(
        id=question.id,
        kind=question.kind.value,
        zh=question.zh,
        en=question.en,
        choices=[ChoiceOut(id=each.id, zh=each.zh, en=each.en) for each in question.offered],
        accepts=list(question.accepts),
        ask_if={key: list(values) for key, values in question.ask_if.items()},
    )


def say_difference(before: str, after: str, found: Difference) -> None:
    say(f"{before} → {after}")
    for key, (old, new) in found.answers.items():
        say(f"　{_question(key)}　{_answer(key, old)} → {_answer(key, new)}")
    for title, advice in (
        (tr("新增", "added"), found.added),
        (tr("不再涉及", "no longer"), found.dropped),
    ):
        for likelihood in Likelihood:
            of_these = [each for each in advice if each.likelihood is likelihood]
            if of_these:
                say(f"\n■ {title}　{likelihood_name(likelihood)}（{len(of_these)}）")
                say_advice(of_these)
    if found.moved:
        say(tr("\n■ 可能大小改变", "\n■ more or less likely"))
    for each in found.moved:
        say(
            f"{licence_name(each.after.licence)}　"
            f"{likelihood_name(each.before.likelihood)} → {likelihood_name(each.after.likelihood)}"
        )
        say(f"　{tr(each.after.reason, each.after.reason_en)}")
        say(tr(f"　依据　{bases(each.after.basis)}", f"  basis  {bases(each.after.basis)}"))
    if found.barred:
        say(tr("\n■ 新的限制", "\n■ new limits"))
    for barred, obstacle in found.barred:
        say(licence_name(barred.licence))
        _say_obstacle(obstacle)
    if not (found.added or found.dropped or found.moved or found.barred):
        say(tr("\n涉及的事项相同。", "\nthe same licence types"))
    say_guidance()


def _question(key: str) -> str:
    question = questions()[key]
    return tr(question.short, question.en)


def _answer(key: str, values: tuple[str, ...]) -> str:
    return (
        questions()[key].shown(values, english=tr("", "en") == "en")
        if values
        else tr("没有回答", "no answer")
    )

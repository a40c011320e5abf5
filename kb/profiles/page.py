"""The questions and the rules as a page for readers: every licence type with what brings it in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kb.licences import licences
from kb.profiles.questions import ANY, Kind, Question, questions
from kb.profiles.rules import NAMES, STRENGTH, Condition, Obstacle, Rule, RuleBasis, rules

GUIDANCE = "由规则表按回答得出，供参考，不是法律意见；是否适用请自行评估或请律师判断。"
GUIDANCE_EN = "Derived from the answers by a table of rules: guidance, not legal advice."
_KINDS: Mapping[Kind, str] = {
    Kind.SINGLE: "单选",
    Kind.MULTI: "可多选",
    Kind.YES_NO: "是或否",
    Kind.TEXT: "文字",
}


def as_markdown() -> str:
    """The whole page."""
    lines = [
        "# 业务画像：问题与规则",
        "",
        "由 `kb/profiles/questions.toml` 和 `kb/profiles/rules.toml` 生成（`python -m kb.profiles > docs/profiles.md`），"
        f"请勿直接修改。结果{GUIDANCE}标“未核”的依据尚未对照官方文本。",
        "",
        "同一事项有几条规则成立时，取可能最大的；没有一条成立的事项不列出。问题都可以跳过。",
        "",
        "一份画像是数据目录 `profiles/` 里的一个文件。`zhengce profile subscribe` 订阅通常和有时涉及的事项，以后文件改了，订阅在下一次"
        "巡查时跟着更新；文件读不出时仍按上次的事项提醒，并说明。地方规则只提醒画像所在省和 `--region` 所选的省，没有写省份的各省都提醒。",
        "",
        "## 问题",
    ]
    for question in questions().values():
        lines += _question(question)
    lines += ["", "## 规则"]
    table = rules()
    for licence in licences().values():
        own = [rule for rule in table.rules if rule.licence == licence.id]
        barred = [obstacle for obstacle in table.obstacles if licence.id in obstacle.licences]
        if own:
            lines += ["", f"### {licence.short}（`{licence.id}`）", "", *_rules(own), *_obstacles(barred)]
    reached = {rule.licence for rule in table.rules}
    rest = [licence.short for licence in licences().values() if licence.id not in reached]
    lines += ["", "## 没有规则的事项", "", f"{'、'.join(rest)}：由下级事项带出。"]
    return "\n".join(lines) + "\n"


def _question(question: Question) -> Iterator[str]:
    yield from ("", f"### {question.zh}", "")
    asked = f"；{_condition(question.ask_if, '，或')}时才问" if question.ask_if else ""
    yield f"{question.short} · `{question.id}` · {_KINDS[question.kind]}{asked}"
    if question.offered:
        yield ""
        yield from (f"- `{choice.id}` {choice.zh}" for choice in question.offered)
    if question.accepts:
        yield from ("", f"可用：{'、'.join(question.accepts)}")


def _rules(own: Iterable[Rule]) -> Iterator[str]:
    for rule in sorted(own, key=lambda rule: STRENGTH.index(rule.likelihood)):
        unless = f"；除非{_condition(rule.unless, '，或')}" if rule.unless else ""
        yield f"- **{NAMES[rule.likelihood]}**：{_condition(rule.when, '，且')}{unless}。"
        yield f"  {rule.zh}"
        yield f"  依据：{bases(rule.basis)}（`{rule.id}`）"


def _obstacles(barred: Iterable[Obstacle]) -> Iterator[str]:
    for obstacle in barred:
        yield f"- **限制**：{_condition(obstacle.when, '，且')}。"
        yield f"  {obstacle.zh}"
        yield f"  依据：{bases(obstacle.basis)}（`{obstacle.id}`）"


def bases(basis: Iterable[RuleBasis]) -> str:
    return "；".join(map(str, basis))


def _condition(condition: Condition, joint: str) -> str:
    return joint.join(
        f"{questions()[key].short}为“{'／'.join(_value(questions()[key], value) for value in values)}”"
        for key, values in condition.items()
    )


def _value(question: Question, value: str) -> str:
    if value == ANY:
        return "任一项"
    return "＋".join(question.shown([part]) for part in value.split("+"))

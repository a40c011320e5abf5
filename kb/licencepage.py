"""The vocabulary of licence types as a page for readers: ``python -m kb.licencepage > docs/licences.md``."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from kb.licences import (
    GROUP_NAMES,
    PART_NAMES,
    UNCHECKED,
    UNCHECKED_MEANS,
    Basis,
    BasisRole,
    Group,
    Licence,
    Part,
    below,
    beside,
    day_words,
    licences,
    part_of,
    region_words,
)
from kb.words import zh


def as_markdown(vocabulary: Mapping[str, Licence]) -> str:
    """The vocabulary as a page, grouped, one heading an entry."""
    lines = [
        "# 资质事项词表",
        "",
        "由 `kb/licences.toml` 生成（`python -m kb.licencepage > docs/licences.md`），请勿直接修改。事项说明供查找和分类之用，"
        "不是法律意见。",
        "",
        f"- {UNCHECKED_MEANS}。",
        "- 各项所写的效力是词表编写时所记，今天是否仍然有效未核。",
        "- 地域写在〔〕中；没有写的通行全国。",
    ]
    for group in Group:
        lines += ["", f"## {GROUP_NAMES[group]}"]
        for licence in vocabulary.values():
            if licence.group is group:
                lines += _entry(licence, vocabulary)
    return "\n".join(lines) + "\n"


def _entry(licence: Licence, vocabulary: Mapping[str, Licence]) -> list[str]:
    lines = ["", f"### {licence.zh}", "", f"`{licence.id}` · {licence.short} · {licence.en}", ""]
    lines += [f"- 是什么：{licence.what}", f"- 谁会涉及：{licence.who}"]
    if licence.parent:
        lines.append(f"- 上级事项：{vocabulary[licence.parent].zh}（其规则对本项同样适用）")
    lines += [
        f"- 主管：{licence.regulator}",
        f"- 易混淆：{licence.confusions}",
        f"- 又称：{'、'.join(licence.aliases)}",
    ]
    for name, others in (("下级事项", below(licence, vocabulary)), ("相关事项", beside(licence, vocabulary))):
        if others:
            lines.append(f"- {name}：" + "、".join(vocabulary[other].short for other in others))
    for part in Part:
        shown = [basis for basis in licence.basis if part_of(basis, basis.status) is part]
        if shown:
            lines.append(f"- {PART_NAMES[part][0]}：")
            lines += [f"  - {basis_words(basis)}" for basis in shown]
    if licence.folklore:
        lines.append("- 常见误传：")
    return lines + [
        f"  - 误传：{each.says}。规则：{each.rule}依据：{each.basis}。" for each in licence.folklore
    ]


def basis_words(basis: Basis) -> str:
    """A basis in one line, marked 【未核】 where it is not verified."""
    facts = [
        basis.number,
        basis.issued and f"{day_words(basis.issued)}公布",
        basis.effective and f"{day_words(basis.effective)}起",
    ]
    status = "" if basis.role is BasisRole.LIST else zh(basis.status)
    details = "，".join(fact for fact in (*facts, status, basis.note) if fact)
    behind = f"（{details}）" if details else ""
    return f"{region_words(basis.region)}{basis.title}{behind}" + ("" if basis.verified else UNCHECKED)


if __name__ == "__main__":
    sys.stdout.write(as_markdown(licences()))

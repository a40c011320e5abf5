"""What click finds wrong with a command line, in Chinese: what it was, and what it should have been."""

from __future__ import annotations

import re

import click

_NAMED = re.compile(r"\((.*)\)")


class NoSuchVerb(click.UsageError):
    """A verb that is not there; the message is already in the user's language."""


def wrong_use(error: click.ClickException) -> str:
    """The fault in Chinese; click's own words only for what nobody could meet here."""
    if isinstance(error, click.NoSuchOption):
        before = error.ctx is not None and isinstance(error.ctx.command, click.Group)
        return f"没有这个选项：{error.option_name}" + ("（动词的选项写在动词之后）" if before else "")
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 后面缺少值，或不应有值"
    if isinstance(error, click.MissingParameter):
        return f"缺少{_kind(error.param)}：{_name(error.param)}"
    if isinstance(error, click.BadParameter):
        return f"{_kind(error.param)} {_name(error.param)} 的值不可用：{expected(error)}"
    if isinstance(error, click.FileError):
        return f"读不到文件：{error.ui_filename}"
    named = None if isinstance(error, NoSuchVerb) else _NAMED.search(error.format_message())
    return f"参数太多：{named[1]}" if named else error.format_message()


def expected(error: click.BadParameter) -> str:
    """What the parameter takes."""
    kind = error.param.type if error.param else None
    if isinstance(kind, click.IntRange | click.FloatRange):
        bounds = [
            f"{word} {bound}"
            for word, bound in (("不小于", kind.min), ("不大于", kind.max))
            if bound is not None
        ]
        return f"应为{'整数' if isinstance(kind, click.IntRange) else '数'}，{'、'.join(bounds)}"
    if isinstance(kind, click.Choice):
        return "可用 " + "、".join(str(choice) for choice in kind.choices)
    if isinstance(kind, click.Path | click.File):
        return "没有这个文件或文件夹，或没有读取权限"
    return "应为数字" if isinstance(kind, type(click.INT) | type(click.FLOAT)) else error.message


def _kind(parameter: click.Parameter | None) -> str:
    return "选项" if isinstance(parameter, click.Option) else "参数"


def _name(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return ""
    return parameter.opts[0] if isinstance(parameter, click.Option) else parameter.human_readable_name

"""How every verb speaks: Chinese first or English, a table for people or one JSON object a line, and clear errors.

Exit codes: 0 done, 1 the work found problems, 2 wrong use.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from difflib import get_close_matches
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, NoReturn

import click
from click.shell_completion import CompletionItem
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from kb.errors import ZhengceError, system_words
from kb.helptext import Context, in_chinese
from kb.wronguse import NoSuchVerb, wrong_use

if TYPE_CHECKING:
    from kb.output import Line

LANGUAGES = ("zh", "en")
USAGE = (("[OPTIONS]", "[选项]"), ("[COMMAND] [ARGS]...", "[动词] …"), ("COMMAND [ARGS]...", "动词 …"))
SECTIONS = {"看": "Read", "收": "Receive", "管": "Run", "研": "Study"}
_language: ContextVar[str] = ContextVar("language", default="zh")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def tr(zh: str, en: str) -> str:
    """The sentence in the language the user chose."""
    return en if _language.get() == "en" else zh


def _choose_language(_context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value:
        _language.set(value)


class Option(click.Option):
    """An option whose help is given in both languages: ``option("--data", zh=…, en=…)``."""

    def __init__(self, declarations: Any = None, *, zh: str = "", en: str = "", **attributes: Any) -> None:
        super().__init__(declarations, help=zh, **attributes)
        self.words = (zh, en)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        self.help = tr(*self.words)
        record = super().get_help_record(ctx)
        return record if record is None or _language.get() == "en" else in_chinese(record, self)


def option(*declarations: str, **attributes: Any) -> Callable[[Any], Any]:
    return click.option(*declarations, cls=Option, **attributes)


LANGUAGE_OPTION: dict[str, Any] = {
    "expose_value": False,
    "is_eager": True,
    "callback": _choose_language,
    "type": click.Choice(LANGUAGES),
    "envvar": "ZHENGCE_LANG",
    "zh": "界面语言",
    "en": "language of what people read",
}


class _Localised(click.Command):
    context_class = Context
    words: tuple[str, str] = ("", "")
    section = ""

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - click's signature
        return tr(*self.words).split("\n", 1)[0]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.help = tr(*self.words)
        super().format_help_text(ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = (each for each in self.get_params(ctx) if isinstance(each, click.Option))
        records = [record for each in options if (record := each.get_help_record(ctx))]
        records = [
            (flag, tr("显示本说明", "Show this message.") if flag.endswith("--help") else text)
            for flag, text in records
        ]
        with formatter.section(tr("选项", "Options")):
            formatter.write_dl(records)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        for english, chinese in USAGE:
            pieces = pieces.replace(english, tr(chinese, english))
        formatter.write_usage(ctx.command_path, pieces, prefix=tr("用法：", "Usage: "))


class Verb(_Localised):
    """One verb of ``zhengce``; ``zh`` and ``en`` say what it does, the first line in the map."""

    def __init__(self, *args: Any, section: str = "", zh: str = "", en: str = "", **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.section, self.words = section, (zh, en)
        self.params.append(Option(["--lang"], **LANGUAGE_OPTION))


class LazyVerb(_Localised):
    """A verb's place in the map: its name, its words, and ``module:attribute`` where it is written.

    The map is drawn and completed from this alone; the verb and all it needs are imported when it is called.
    """

    def __init__(self, name: str, target: str, *, section: str, zh: str, en: str) -> None:
        super().__init__(name)
        self.target, self.section, self.words = target, section, (zh, en)

    def load(self) -> click.Command:
        command: click.Command = resolve_name(self.target)
        return command


class Map(_Localised, click.Group):
    """``zhengce`` itself, or a verb with verbs of its own: its help is a map in groups."""

    command_class = Verb

    def __init__(self, *args: Any, section: str = "", zh: str = "", en: str = "", **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.section, self.words = section, (zh, en)
        self.params.append(Option(["--lang"], **LANGUAGE_OPTION))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = super().get_command(ctx, cmd_name)
        return command.load() if isinstance(command, LazyVerb) else command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        verbs = [
            CompletionItem(name, help=command.get_short_help_str())
            for name, command in self.commands.items()
            if name.startswith(incomplete)
        ]
        return verbs + click.Command.shell_complete(self, ctx, incomplete)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            near = get_close_matches(args[0], self.commands, n=1, cutoff=0.7)
            meant = tr(f"（您是不是要：{near[0]}）", f" (did you mean {near[0]}?)") if near else ""
            raise NoSuchVerb(tr(f"没有这个动词：{args[0]}", f"no such verb: {args[0]}") + meant, ctx)
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self.commands)  # in the order in which a newcomer meets them

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _Localised.format_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for section in [*SECTIONS, ""]:
            rows = [
                (name, command.get_short_help_str())
                for name in self.list_commands(ctx)
                if getattr(command := self.commands[name], "section", "") == section
            ]
            if rows:
                with formatter.section(tr(section, SECTIONS[section]) if section else tr("动词", "Verbs")):
                    formatter.write_dl(rows)


def printable(text: str) -> str:
    """Without control characters: what a watched site wrote must not steer the reader's terminal."""
    return _CONTROL.sub("", text)


def say(text: str) -> None:
    out.print(printable(text), markup=False, soft_wrap=True)


def note(text: str) -> None:
    """A remark beside the result: to standard error, so that ``--json`` stays clean."""
    err.print(printable(text), markup=False, soft_wrap=True)


def print_line(line: Line) -> None:
    sys.stdout.write(line.to_json() + "\n")


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """``update(done, total)``: a bar on a terminal, one plain line a tenth elsewhere (on standard error)."""
    if not err.is_terminal:
        tenth = -1

        def plain(done: int, total: int) -> None:
            nonlocal tenth
            if total and done * 10 // total > tenth:
                tenth = done * 10 // total
                note(f"{label} {done}/{total}")

        yield plain
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print_error(name: str, *, what: str, where: str, do: str) -> None:
    from kb.output import ErrorOut

    print_line(ErrorOut(error=name, what=what, where=where, do=do))


def _fail(error: ZhengceError, *, as_json: bool) -> int:
    if as_json:
        _print_error(type(error).__name__, what=error.what, where=error.where, do=error.do)
    note(tr("没有完成：", "Not done: ") + error.what)
    if error.where:
        note(tr("　在哪里：", "  Where: ") + error.where)
    if error.do:
        note(tr("　怎么办：", "  What to do: ") + error.do)
    return error.exit_code


def _wrong_use(error: click.ClickException, *, as_json: bool) -> int:
    context = getattr(error, "ctx", None)
    do = f"{context.command_path if context else 'zhengce'} --help"
    what = tr(wrong_use(error), error.format_message())
    if as_json:
        _print_error("UsageError", what=what, where="", do=do)
    note(tr("用法有误：", "Wrong use: ") + what)
    note(tr("　怎么办：", "  What to do: ") + do)
    return 2


def _execute(command: click.Command, arguments: list[str]) -> int:
    as_json = "--json" in arguments
    try:
        code = command.main(arguments, prog_name="zhengce", standalone_mode=False)
    except ZhengceError as error:
        return _fail(error, as_json=as_json)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except click.ClickException as error:
        return _wrong_use(error, as_json=as_json)
    except BrokenPipeError:
        raise
    except OSError as error:
        what, where = system_words(error), str(error.filename or "")
        return _fail(
            ZhengceError(what, where=where, do=tr("请检查路径、权限和磁盘", "check path, permissions, disk")),
            as_json=as_json,
        )
    except (click.Abort, KeyboardInterrupt):
        note(tr("已停止。", "Stopped."))
        return 130
    return code if isinstance(code, int) else 0


def run(command: click.Command, arguments: list[str] | None = None) -> NoReturn:
    """Run the command line; the one place where an error becomes words and an exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        code = copy_context().run(_execute, command, given)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output left: head, less
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)

"""What an evaluation says, the floors it must keep, and the one table of ``make eval``.

A module of this folder with ``measure(shared) -> list[Measure]`` is an evaluation; it needs no other registration than
its floors: ``[[module]]`` entries in ``floors.toml``. A measure without a floor fails as well as one below it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Self

from pydantic import Field, TypeAdapter, model_validator
from rich.console import Console
from rich.table import Table

from kb.tables import Strict

HERE = Path(__file__).parent
FLOORS = HERE / "floors.toml"
NOTE_LINES = 12  # of a measure's note, shown without --details
WORKERS = 2


class Absent(Exception):
    """A set does not lie beside the checkout; the message says which."""


@dataclass(frozen=True)
class Measure:
    """One figure of one set. ``note`` names what was wrong, one line each, and is empty when nothing was."""

    name: str
    items: int
    measure: str
    value: float
    note: str = ""


class Floor(Strict):
    """The worst value allowed; exactly one of ``at_least`` and ``at_most``. ``means``: what is counted, and why so."""

    set: str
    measure: str
    at_least: float | None = None
    at_most: float | None = None
    means: str = Field(min_length=4)

    @model_validator(mode="after")
    def _one_direction(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("exactly one of at_least and at_most")
        return self

    def holds(self, value: float) -> bool:
        return value >= self.at_least if self.at_least is not None else value <= (self.at_most or 0.0)

    def __str__(self) -> str:
        return f"≥ {self.at_least:g}" if self.at_least is not None else f"≤ {self.at_most:g}"


Floors = dict[str, tuple[Floor, ...]]
Evaluation = Callable[[Path], list[Measure]]


def load_floors(path: Path = FLOORS) -> Floors:
    """Floors by module. Raises ``pydantic.ValidationError`` or ``tomllib.TOMLDecodeError``."""
    return TypeAdapter(Floors).validate_python(tomllib.loads(path.read_text("utf-8")))


def modules(folder: Path = HERE) -> list[str]:
    """Names of the evaluations: modules that define ``measure``."""
    return sorted(
        file.stem
        for file in folder.glob("*.py")
        if file.stem != "__main__" and "\ndef measure(shared: Path)" in file.read_text("utf-8")
    )


@dataclass(frozen=True)
class Row:
    """One line of the table; ``floor`` is empty where there is none, ``verdict`` a word for people."""

    name: str
    items: str
    measure: str
    value: str
    floor: str
    verdict: str
    ok: bool
    note: str = ""


def judged(measures: Iterable[Measure], floors: Iterable[Floor]) -> list[Row]:
    """Each measure beside its floor, then the floors that nothing was measured for."""
    open_floors = {(floor.set, floor.measure): floor for floor in floors}
    rows = []
    for one in measures:
        floor = open_floors.pop((one.name, one.measure), None)
        ok = floor is not None and floor.holds(one.value)
        verdict = "达到" if ok else "未达到" if floor else "没有底线"
        value = f"{one.value:.4f}".rstrip("0").rstrip(".")
        rows.append(
            Row(one.name, str(one.items), one.measure, value, str(floor or ""), verdict, ok, one.note)
        )
    rows += [Row(f.set, "", f.measure, "", str(f), "没有得数", ok=False) for f in open_floors.values()]
    return rows


def skipped(floors: Iterable[Floor], reason: str) -> list[Row]:
    names = dict.fromkeys(floor.set for floor in floors)
    return [Row(name, "", f"跳过：{reason}", "", "", "跳过", ok=True) for name in names]


def run(module: str, shared: Path) -> tuple[list[Measure], str]:
    """(measures, why the set was skipped) of one module, in a process of its own."""
    evaluate: Evaluation = import_module(f"tests.eval.{module}").measure
    try:
        return evaluate(shared), ""
    except Absent as absent:
        return [], str(absent)


def evaluated(chosen: Iterable[str], shared: Path, floors: Floors) -> list[Row]:
    """Every chosen evaluation, two at a time; one that does not end is a row that fails."""
    rows: list[Row] = []
    with ProcessPoolExecutor(WORKERS) as pool:
        running = {module: pool.submit(run, module, shared) for module in chosen}
        for module, future in running.items():
            if error := future.exception():
                rows.append(
                    Row(
                        module,
                        "",
                        "没有跑完",
                        "",
                        "",
                        "出错",
                        ok=False,
                        note=f"{type(error).__name__}：{error}",
                    )
                )
                continue
            measures, reason = future.result()
            own = floors.get(module, ())
            rows += skipped(own, reason) if reason else judged(measures, own)
    return rows


def show(rows: Iterable[Row], console: Console, *, details: bool = False) -> None:
    """Notes first, so that the table ends the output."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for head, right in (("开发集", 0), ("数量", 1), ("指标", 0), ("得数", 1), ("底线", 0), ("结论", 0)):
        table.add_column(head, justify="right" if right else "left", no_wrap=head != "指标")
    for row in rows:
        if row.note:
            console.print(_note(row, details=details), markup=False, soft_wrap=True)
        table.add_row(row.name, row.items, row.measure, row.value, row.floor, row.verdict)
    console.print(table)


def _note(row: Row, *, details: bool) -> str:
    lines = row.note.splitlines()
    shown = lines if details else lines[:NOTE_LINES]
    more = (
        [f"…另有 {len(lines) - len(shown)} 行：python -m tests.eval --details"]
        if len(shown) < len(lines)
        else []
    )
    return "\n    ".join([f"{row.name} · {row.measure}", *shown, *more])

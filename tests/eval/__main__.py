"""``make eval``: one table of every development set, its size, the measures and their floors; exit 1 below a floor."""

from __future__ import annotations

from time import monotonic

import click
from rich.console import Console

from tests.eval import sets, table

WIDTH = 120  # columns where the output is no terminal


@click.command()
@click.argument("chosen", nargs=-1)
@click.option("--details", is_flag=True, help="every line of every note")
def main(chosen: tuple[str, ...], details: bool) -> None:
    started, floors = monotonic(), table.load_floors()
    if (sets.SHARED / "data").is_dir():
        rows = table.evaluated(chosen or table.modules(), sets.SHARED, floors)
    else:
        rows = [
            row for module in table.modules() for row in table.skipped(floors.get(module, ()), sets.ABSENT)
        ]
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDTH)
    table.show(rows, console, details=details)
    missed = sum(not row.ok for row in rows)
    console.print(
        f"共 {len(rows)} 行，未达到 {missed} 行，用时 {monotonic() - started:.0f} 秒", highlight=False
    )
    raise SystemExit(0 if all(row.ok for row in rows) else 1)


if __name__ == "__main__":
    main()

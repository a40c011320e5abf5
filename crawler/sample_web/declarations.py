"""The declarations of the sample web: templates that name their hosts with ``{port}``, filled in when it is known."""

from __future__ import annotations

from pathlib import Path

TEMPLATES = Path(__file__).with_name("sources")


def render_declarations(port: int, folder: Path) -> list[Path]:
    """Write one declaration a site into ``folder``, for the sample web on ``port``; the files written, by name."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for template in sorted(TEMPLATES.glob("*.toml")):
        target = folder / template.name
        target.write_text(template.read_text("utf-8").replace("{port}", str(port)), "utf-8")
        written.append(target)
    return written

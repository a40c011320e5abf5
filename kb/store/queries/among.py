"""Which documents a search is held to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Among:
    """A condition on ``documents d`` with the values it binds; empty: every passage, of no document too."""

    condition: str = ""
    values: tuple[object, ...] = ()

    @property
    def narrowing(self) -> str:
        """To be put behind another condition of a statement in which ``d`` may be null."""
        if not self.condition:
            return ""
        return f"AND d.id IN (SELECT d.id FROM documents d WHERE {self.condition})"  # noqa: S608


EVERY = Among()

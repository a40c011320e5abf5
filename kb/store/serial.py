"""Documents, comparisons and page states as JSON and back. The same value always gives the same text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from kb.codes import BlockKind, DeltaKind, Health
from kb.model import Block, Cell, Document, Link, ObligationDelta, Span, Table, instant
from kb.store.sightings import Absence, Collapse, PageState, Pending, State, Trouble
from kb.store.timeline import CONFIRM_AFTER

_DATES = ("made", "published", "effective", "comments_until", "transition_until")


def dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON value")


def _lean(value: Any) -> Any:
    """Without empty fields: most blocks have only a kind and a text."""
    if isinstance(value, dict):
        return {key: _lean(item) for key, item in value.items() if item not in (None, "", (), [], 0, False)}
    if isinstance(value, list | tuple):
        return [_lean(item) for item in value]
    return value


def document_to_json(document: Document) -> str:
    return dumps(_lean(asdict(document)))


def document_from_json(text: str) -> Document:
    data: dict[str, Any] = json.loads(text)
    return Document(
        title=data.get("title", ""),
        blocks=tuple(_block(block) for block in data.get("blocks", ())),
        issuers=tuple(data.get("issuers", ())),
        doc_number=data.get("doc_number", ""),
        is_draft=data.get("is_draft", False),
        tables=tuple(_table(table) for table in data.get("tables", ())),
        attachments=tuple(_link(link) for link in data.get("attachments", ())),
        images=tuple(_link(link) for link in data.get("images", ())),
        **{name: date.fromisoformat(data[name]) for name in _DATES if name in data},
    )


def _block(data: Mapping[str, Any]) -> Block:
    return Block(
        kind=BlockKind(data["kind"]),
        text=data.get("text", ""),
        level=data.get("level", 0),
        row_key=tuple(data.get("row_key", ())),
        cells=tuple(Cell(cell.get("header", ""), cell.get("text", "")) for cell in data.get("cells", ())),
        address=data.get("address", ""),
    )


def _table(data: Mapping[str, Any]) -> Table:
    return Table(
        data.get("caption", ""),
        tuple(data.get("header", ())),
        tuple(tuple(row) for row in data.get("rows", ())),
    )


def _link(data: Mapping[str, Any]) -> Link:
    return Link(data.get("url", ""), data.get("name", ""))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def spans_to_json(spans: tuple[Span, ...]) -> str:
    return dumps([asdict(span) for span in spans])


def spans_from_json(text: str) -> tuple[Span, ...]:
    return tuple(Span(**span) for span in json.loads(text))


def deltas_to_json(deltas: tuple[ObligationDelta, ...]) -> str:
    return dumps([asdict(delta) for delta in deltas])


def deltas_from_json(text: str) -> tuple[ObligationDelta, ...]:
    return tuple(ObligationDelta(**{**delta, "kind": DeltaKind(delta["kind"])}) for delta in json.loads(text))


_NESTED = (State, Pending, Trouble, Absence, Collapse)
_STATE_FIELDS = tuple(each.name for each in fields(PageState) if each.name != "last_good_at")


def page_state_to_json(state: PageState) -> str:
    """Without ``last_good_at``, which every look moves and a column of its own keeps."""
    kept = {
        name: getattr(state, name) for name in _STATE_FIELDS
    }  # asdict() of the whole would copy it deeply
    return dumps(
        {name: asdict(value) if isinstance(value, _NESTED) else value for name, value in kept.items()}
    )


def page_state_from_json(text: str, last_good_at: str | None) -> PageState:
    data: dict[str, Any] = json.loads(text)
    pending, trouble, absence, collapse = (
        data.get(name) for name in ("pending", "trouble", "absence", "collapse")
    )
    return PageState(
        page=data["page"],
        confirmed=_state(data["confirmed"]),
        before=_state(data["before"]),
        last_change=data["last_change"],
        pending=Pending(
            pending["change"],
            State(**pending["state"]),
            datetime.fromisoformat(pending["since"]),
            _moment(pending["observed_from"]),
            _moment(pending.get("confirm_from")) or datetime.fromisoformat(pending["since"]) + CONFIRM_AFTER,
            pending["reverts"],
        )
        if pending
        else None,
        baseline_at=_moment(data["baseline_at"]),
        baseline_confirmed=data["baseline_confirmed"],
        last_good_at=_moment(last_good_at),
        trouble=Trouble(
            trouble["incident"],
            Health(trouble["health"]),
            datetime.fromisoformat(trouble["opened_at"]),
            trouble["occurrences"],
            tuple(trouble["reasons"]),
        )
        if trouble
        else None,
        absence=Absence(
            datetime.fromisoformat(absence["started_at"]), absence["captures"], absence["reached"]
        )
        if absence
        else None,
        collapse=Collapse(collapse["digest"], datetime.fromisoformat(collapse["since"]), collapse["looks"])
        if collapse
        else None,
    )


def _state(data: Mapping[str, str] | None) -> State | None:
    return State(**data) if data else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

"""The lines by the name of their schema file, and those files."""

from __future__ import annotations

import json

from kb.output.alerts import AlertDetailOut, AlertOut, SubscriptionOut
from kb.output.asof import AsOfOut
from kb.output.changes import ChangeDetailOut, ChangeOut, DiffOut, TrialOut
from kb.output.dates import CalendarOut, HoldingLineOut
from kb.output.decisions import DecisionOut, HeldOut
from kb.output.documents import DocumentDetailOut, DocumentOut, ReadOut, SearchOut, VersionOut
from kb.output.errors import ErrorOut
from kb.output.evidence import EvidenceOut
from kb.output.feedback import MissedOut, RetagOut, ReviewOut
from kb.output.filings import WatchOut
from kb.output.licences import LicenceDetailOut, LicenceOut
from kb.output.line import Line
from kb.output.profiles import AffectedOut, ProfileDiffOut, ProfileOut, QuestionOut
from kb.output.sources import IncidentOut, ReportOut, SourceOut, StatusOut, WatchedSourceOut
from kb.output.tags import TagsOut

OUTPUTS: dict[str, type[Line]] = {
    "read": ReadOut,
    "diff": DiffOut,
    "tag": TagsOut,
    "search": SearchOut,
    "changes": ChangeOut,
    "show": ChangeDetailOut,
    "history": VersionOut,
    "as-of": AsOfOut,
    "document": DocumentOut,
    "document-detail": DocumentDetailOut,
    "sources": SourceOut,
    "watched": WatchedSourceOut,
    "incident": IncidentOut,
    "report": ReportOut,
    "status": StatusOut,
    "licence": LicenceOut,
    "licence-detail": LicenceDetailOut,
    "subscription": SubscriptionOut,
    "holding": HoldingLineOut,
    "calendar": CalendarOut,
    "alert": AlertOut,
    "alert-detail": AlertDetailOut,
    "held": HeldOut,
    "trial": TrialOut,
    "decision": DecisionOut,
    "profile": ProfileOut,
    "question": QuestionOut,
    "profile-diff": ProfileDiffOut,
    "affected": AffectedOut,
    "review": ReviewOut,
    "retag": RetagOut,
    "missed": MissedOut,
    "watch": WatchOut,
    "evidence": EvidenceOut,
    "error": ErrorOut,
}


def schema_files() -> dict[str, str]:
    """File name -> JSON Schema text, for each kind of line."""
    return {
        f"{name}.json": json.dumps(
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                **model.model_json_schema(mode="serialization"),
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
        for name, model in OUTPUTS.items()
    }

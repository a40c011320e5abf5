"""The JSON that verbs print: one object a line, keys in English, versioned by ``schema``.

The models are the contract. ``docs/schemas/`` is generated from them (``python -m kb.output docs/schemas``) and a test
holds the files against the models and the output of each verb against the files.
"""

from __future__ import annotations

from kb.output.alerts import (
    AlertDetailOut,
    AlertOut,
    AssessmentOut,
    AttemptOut,
    DeliveryOut,
    HoldingOut,
    SubscriptionOut,
)
from kb.output.asof import AsOfOut, DifferingClauseOut, DivergenceOut, InForceOut, OnSiteOut, RelationOut
from kb.output.changes import (
    ChangeDetailOut,
    ChangeOut,
    DeltaOut,
    DiffOut,
    PassageChangeOut,
    SpanOut,
    TrialOut,
)
from kb.output.dates import CalendarOut, HoldingLineOut
from kb.output.decisions import DecisionOut, HeldOut
from kb.output.documents import (
    DocumentDetailOut,
    DocumentOut,
    LinkOut,
    PassageOut,
    ReadOut,
    SearchOut,
    TableOut,
    VersionOut,
)
from kb.output.errors import ErrorOut
from kb.output.evidence import CaptureOut, EvidenceOut, RecordOut
from kb.output.feedback import MissedOut, RetagOut, ReviewOut
from kb.output.licences import (
    ComingOut,
    CoverageOut,
    FolkloreOut,
    GoverningOut,
    LegalBasisOut,
    LicenceDetailOut,
    LicenceOut,
    SightOut,
)
from kb.output.line import Line
from kb.output.profiles import (
    AdviceOut,
    AffectedOut,
    AnswerChangeOut,
    BarredOut,
    ChoiceOut,
    MissingOut,
    MovedOut,
    ObstacleOut,
    ProfileDiffOut,
    ProfileOut,
    QuestionOut,
    RuleBasisOut,
)
from kb.output.schemas import OUTPUTS, schema_files
from kb.output.sources import IncidentOut, ReportOut, SourceOut, StatusOut, WatchedSourceOut
from kb.output.tags import TagOut, TagsOut

__all__ = [
    "OUTPUTS",
    "AdviceOut",
    "AffectedOut",
    "AlertDetailOut",
    "AlertOut",
    "AnswerChangeOut",
    "AsOfOut",
    "AssessmentOut",
    "AttemptOut",
    "BarredOut",
    "CalendarOut",
    "CaptureOut",
    "ChangeDetailOut",
    "ChangeOut",
    "ChoiceOut",
    "ComingOut",
    "CoverageOut",
    "DecisionOut",
    "DeliveryOut",
    "DeltaOut",
    "DiffOut",
    "DifferingClauseOut",
    "DivergenceOut",
    "DocumentDetailOut",
    "DocumentOut",
    "ErrorOut",
    "EvidenceOut",
    "FolkloreOut",
    "GoverningOut",
    "HeldOut",
    "HoldingLineOut",
    "HoldingOut",
    "InForceOut",
    "IncidentOut",
    "LegalBasisOut",
    "LicenceDetailOut",
    "LicenceOut",
    "Line",
    "LinkOut",
    "MissedOut",
    "MissingOut",
    "MovedOut",
    "ObstacleOut",
    "OnSiteOut",
    "PassageChangeOut",
    "PassageOut",
    "ProfileDiffOut",
    "ProfileOut",
    "QuestionOut",
    "ReadOut",
    "RecordOut",
    "RelationOut",
    "ReportOut",
    "RetagOut",
    "ReviewOut",
    "RuleBasisOut",
    "SearchOut",
    "SightOut",
    "SourceOut",
    "SpanOut",
    "StatusOut",
    "SubscriptionOut",
    "TableOut",
    "TagOut",
    "TagsOut",
    "TrialOut",
    "VersionOut",
    "WatchedSourceOut",
    "schema_files",
]

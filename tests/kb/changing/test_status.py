"""How a document stands on a day."""

from __future__ import annotations

from datetime import date

import pytest

from kb.changing.status import Standing, Suffered, expiry, status
from kb.codes import BlockKind, DocumentStatus, RelationKind, SourceLevel
from kb.model import Block, Document

ON = date(2026, 3, 1)
BEFORE, AFTER = date(2025, 1, 1), date(2026, 9, 1)
S, R = DocumentStatus, RelationKind


def rule(**more: object) -> Standing:
    fields = {"title": "示例办法", "level": SourceLevel.REGULATOR, "is_draft": False, "effective": BEFORE}
    return Standing(**{**fields, **more})  # type: ignore[arg-type]


CASES = {
    "in force": (rule(), (), S.IN_FORCE),
    "from this very day": (rule(effective=ON), (), S.IN_FORCE),
    "made, not yet in force": (rule(effective=AFTER, since=BEFORE), (), S.NOT_YET_IN_FORCE),
    "not even made": (rule(effective=AFTER, since=AFTER), (), S.UNKNOWN),
    "no day known": (rule(effective=None), (), S.UNKNOWN),
    "amended": (rule(), (Suffered(R.AMENDS, BEFORE),), S.IN_FORCE_AMENDED),
    "to be amended": (rule(), (Suffered(R.AMENDS, AFTER),), S.IN_FORCE),
    "partly repealed, and amended": (
        rule(),
        (Suffered(R.AMENDS, BEFORE), Suffered(R.REPEALS_PARTLY, BEFORE)),
        S.PARTLY_REPEALED,
    ),
    "repealed": (rule(), (Suffered(R.REPEALS, ON),), S.REPEALED),
    "to be repealed": (rule(), (Suffered(R.REPEALS, AFTER),), S.IN_FORCE),
    "repealed, nobody says when": (rule(), (Suffered(R.REPEALS, None),), S.UNKNOWN),
    "replaced by its own new edition": (rule(), (Suffered(R.REPLACES, BEFORE),), S.SUPERSEDED),
    "its title says so": (rule(title="示例办法（已废止）"), (), S.REPEALED),
    "run out": (rule(expires=BEFORE), (), S.EXPIRED),
    "its last day": (rule(expires=ON), (), S.IN_FORCE),
    "cited by all": (rule(), (Suffered(R.CITES, BEFORE), Suffered(R.INTERPRETS, BEFORE)), S.IN_FORCE),
    "a platform's page": (rule(level=SourceLevel.PLATFORM, effective=None), (), S.PLATFORM_CURRENT),
    "open draft": (rule(is_draft=True, effective=None, comments_until=ON), (), S.DRAFT_OPEN),
    "closed draft": (rule(is_draft=True, effective=None, comments_until=BEFORE), (), S.DRAFT_CLOSED),
    "a draft with its final": (
        rule(is_draft=True, effective=None, comments_until=BEFORE),
        (Suffered(R.DRAFT_OF, BEFORE),),
        S.SUPERSEDED,
    ),
    "a draft without a deadline": (rule(is_draft=True, effective=None), (), S.UNKNOWN),
}


@pytest.mark.parametrize(("of", "suffered", "expected"), CASES.values(), ids=CASES)
def test_status(of: Standing, suffered: tuple[Suffered, ...], expected: DocumentStatus) -> None:
    assert status(of, suffered, ON) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("本办法自2020年3月1日起施行，有效期五年。", date(2025, 2, 28)),
        ("本通知自印发之日起施行，有效期3年。", date(2023, 2, 28)),
        ("第二十条　本规定自2020年3月1日起实施，有效期至2026年12月31日。", date(2026, 12, 31)),
        ("本办法有效期为10年。", date(2030, 2, 28)),
        ("示例经营许可证有效期为五年。", None),
        ("许可证自颁发之日起有效期五年，期满应当办理延续手续。", None),
        ("自2019年1月1日至2026年12月31日取得的许可证继续有效。", None),
    ],
)
def test_a_text_that_limits_its_own_validity(line: str, expected: date | None) -> None:
    document = Document("示例办法", (Block(BlockKind.PARAGRAPH, line),), effective=date(2020, 3, 1))
    assert expiry(document) == expected

"""The yearly duties: the file can be used, says where it is not verified, and gives the days of every year."""

from datetime import date
from pathlib import Path

import pytest

from kb.calendar import Duty, duties, duty_events, read_duties
from kb.errors import DeclarationError

DUTY = {
    "id": "a",
    "licence": "vats-license",
    "title": "示例年报",
    "applies": "示例企业",
    "rule": "每年一次。",
    "basis": "示例办法",
    "verified": True,
}


def test_the_report_of_telecom_licences_ends_on_the_last_day_of_march() -> None:
    events = duty_events(duties(), date(2026, 11, 24), date(2028, 3, 31))
    assert [(str(e.day), e.title, e.licences) for e in events] == [
        ("2027-03-31", "增值电信业务经营信息年报 截止", ("vats-license",)),
        ("2028-03-31", "增值电信业务经营信息年报 截止", ("vats-license",)),
    ]
    assert len({event.id for event in events}) == 2
    assert duty_events(duties(), date(2027, 3, 31), date(2027, 3, 31)) == events[:1]


def test_every_duty_names_its_basis_and_says_when_it_is_not_verified() -> None:
    for duty in duties():
        assert duty.words.endswith("（未核）") is not duty.verified
        assert duty.basis
    assert {duty.verified for duty in duties()} == {True, False}


def test_a_duty_without_a_day_is_no_event_and_one_begins_with_its_rule() -> None:
    undated, later = Duty(**DUTY), Duty(**DUTY, ends="06-30", since=2028)
    span = date(2026, 1, 1), date(2029, 1, 1)
    assert duty_events([undated], *span) == ()
    assert [event.day for event in duty_events([later], *span)] == [date(2028, 6, 30)]


@pytest.mark.parametrize("ends", ["3-31", "02-29", "13-01", "0331", "三月底"])
def test_a_day_that_is_not_in_every_year_is_refused(ends: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - pydantic's own
        Duty(**DUTY, ends=ends)


def test_an_unknown_licence_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "duties.toml"
    lines = [
        f"{key} = {str(value).lower() if isinstance(value, bool) else repr(value)}"
        for key, value in DUTY.items()
    ]
    file.write_text("[[duty]]\n" + "\n".join(lines).replace("vats-license", "no-such"), "utf-8")
    with pytest.raises(DeclarationError, match="no-such 不在资质事项词表中"):
        read_duties(file)

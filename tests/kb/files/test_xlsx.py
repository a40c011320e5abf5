"""XLSX as its viewer sees it."""

import io
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook

from kb.files import xlsx as reader
from kb.files.limits import LimitExceeded
from kb.files.xlsx import shown
from kb.reading.attachments import read_attachment

DAY = date(2026, 1, 5)  # a workbook knows no time zones
URL = "https://www.example.gov.cn/f.xlsx"


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("value", "shape", "text"),
    [
        (3.0, "General", "3"), (0.1 + 0.2, "General", "0.3"), (0.05, "0%", "5%"), (0.125, "0.0%", "12.5%"), (12, "0000", "0012"),
        (datetime.combine(DAY, time()), "yyyy-mm-dd", "2026-01-05"), (datetime.combine(DAY, time(9, 30)), "", "2026-01-05 09:30"),
        (DAY, "", "2026-01-05"), (True, "", "是"), (None, "", ""), ("甲", "", "甲"), (110105199901010011, "0", "110105199901010011"),
    ],
)  # fmt: skip
def test_values(value: object, shape: str, text: str) -> None:
    assert shown(value, shape) == text


def test_titles_merged_cells_and_hidden_sheets() -> None:
    book = Workbook()
    sheet = book.active
    for row in (
        ["某省登记清单", None, None],
        ["属地", "模型名称", "登记单位"],
        ["某市", "甲模型", "甲公司"],
        [None, "乙模型", "乙公司"],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("A3:A4")
    sheet.row_dimensions[4].hidden = True
    book.create_sheet("底稿").sheet_state = "hidden"
    document, notes = read_attachment(saved(book), URL)
    assert document.tables[0].header == ("属地", "模型名称", "登记单位")
    assert document.tables[0].rows == (("某市", "甲模型", "甲公司"), ("某市", "乙模型", "乙公司"))
    assert "某省登记清单" in document.text
    assert notes == ("工作表“Sheet”有 1 行隐藏，已一并读入", "隐藏的工作表“底稿”未读入")


def test_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_ROWS", 3)
    book = Workbook()
    for number in range(5):
        book.active.append([number, "甲"])
    with pytest.raises(LimitExceeded, match="超过 3 行"):
        reader.read(saved(book))

"""What the invented company's people said of October 2026, written into the product's own form.

`python -m example.appraise FORM.xlsx` fills the yellow cells of a form made by `scorewright appraisal
form 2026-10` and saves it: the part of a month's work that no program does. The same form filled again
is the same bytes.
"""

from __future__ import annotations

import io
import sys
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.writer.excel import ExcelWriter

DAY = date(2026, 11, 2)
HEADER_ROW, FIRST_ROW, ID_COLUMN = 5, 6, 14
NAME_COLUMN, DAY_COLUMN = 2, 4
EVENTS, LEVEL, DONE_ON, SELF, SELF_COMMENT, SUPERIOR, SUPERIOR_COMMENT = range(5, 12)


@dataclass(frozen=True)
class Said:
    """What somebody enters in a KPI's row, by column."""

    kpi_id: str
    cells: dict[int, Any]


def marks(kpi_id: str, own: int, own_comment: str, superior: int, comment: str = "") -> Said:
    """Both marks of a KPI, with their comments."""
    texts = {SELF_COMMENT: own_comment or None, SUPERIOR_COMMENT: comment or None}
    return Said(kpi_id, {SELF: own, SUPERIOR: superior, **texts})


SHEETS: dict[str, tuple[Said, ...]] = {
    "eu-brand": (
        marks("engagement_rate_by_impressions", 85, "Two formats were tried out", 78, "One format would do"),
        marks("content_published", 100, "", 95),
        marks("nps", 95, "The panel was smaller than usual", 90),
        marks("followers", 105, "The giveaway brought followers who stayed", 100),
        marks("click_through_rate", 90, "", 90),
        marks("web_conversion_rate", 92, "", 90),
        Said(
            "campaign_creativity",
            {LEVEL: "outstanding 优秀", SUPERIOR_COMMENT: "Night ride was talked about"},
        ),
        Said(
            "brand_guideline_breaches",
            {EVENTS: 1, SUPERIOR_COMMENT: "An old logo in the Lyon post of the 14th"},
        ),
        Said("compliance_breach", {EVENTS: 0}),
    ),
    "eu-trade": (
        Said(
            "dealer_portal_relaunch",
            {DONE_ON: date(2026, 10, 23), SUPERIOR_COMMENT: "Three days late, sound"},
        ),
    ),
    "cn-brand": (
        marks("followers", 105, "国庆直播带来稳定增长", 102, "增长质量较好"),
        marks("content_published", 100, "", 100),
        marks("engagement_rate_by_impressions", 112, "短视频互动明显提升", 108),
        marks("survey_responses", 100, "", 100),
        marks("engagement_rate_by_reach", 105, "", 100),
        marks("nps", 106, "", 103),
        marks("click_through_rate", 92, "素材更换后正在回升", 88, "请加快素材迭代"),
        Said("campaign_creativity", {LEVEL: "good 良好", SUPERIOR_COMMENT: "夜骑主题贴近用户"}),
        Said("brand_guideline_breaches", {EVENTS: 0}),
        Said("compliance_breach", {EVENTS: 0}),
    ),
}
WHO = {"eu-trade": "Tilda Ackermann"}
"""Who signs where the form names nobody yet."""


def fill(path: Path) -> None:
    """Fill the form at `path`; a team or KPI that it does not have is an error of this file."""
    book = openpyxl.load_workbook(path)
    for team, said in SHEETS.items():
        sheet = book[team]
        rows = {
            sheet.cell(row, ID_COLUMN).value: row
            for row in range(FIRST_ROW, sheet.max_row + 1)
            if sheet.cell(row, ID_COLUMN).value
        }
        for entry in said:
            for column, value in entry.cells.items():
                sheet.cell(rows[entry.kpi_id], column).value = value
        _sign(sheet, FIRST_ROW + len(rows) + 2, WHO.get(team))
    path.write_bytes(packed(book))


def packed(book: openpyxl.Workbook) -> bytes:
    """The workbook as a file that says nothing of the moment it was written: it was saved on `DAY`."""
    book.properties.modified = datetime.combine(DAY, time())
    stamped, buffer = io.BytesIO(), io.BytesIO()
    # `book.save` would put the clock into the properties
    ExcelWriter(book, zipfile.ZipFile(stamped, "w")).save()
    with zipfile.ZipFile(stamped) as parts, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in parts.namelist():
            # a part without a time of its own is of 1980
            archive.writestr(zipfile.ZipInfo(name), parts.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _sign(sheet: Any, first: int, who: str | None) -> None:
    """Names and days below the table, for each role that the form asks."""
    for row in range(first, first + 3):
        if sheet.cell(row, 1).value:
            sheet.cell(row, NAME_COLUMN).value = sheet.cell(row, NAME_COLUMN).value or who
            sheet.cell(row, DAY_COLUMN).value = DAY


if __name__ == "__main__":
    fill(Path(sys.argv[1]))

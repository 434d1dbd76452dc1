"""The survey tool: one row a response, unanswered questions empty or N/A."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from example import texts
from example.company import SURVEY_CN, SURVEY_EU
from example.formats.table import table
from example.slices import Slice
from example.truth.rows import SurveyRow

# The tool cuts months where its customer is, and writes UTC.
ZONES = {SURVEY_EU: ZoneInfo("Europe/Berlin"), SURVEY_CN: ZoneInfo("Asia/Shanghai")}
HEADER = ["Response ID", "Submitted At", "Survey", "Score (0-10)", "Satisfaction (1-5)", "Comment"]


def files(part: Slice) -> dict[str, bytes]:
    """The month's responses."""
    lines: list[Sequence[object]] = [HEADER]
    lines += [_line(part, row) for row in part.facts["survey_response"]]
    path = f"survey/{part.account.entity}/responses {part.month_text}.csv"
    return {path: table(lines).encode()}


def _line(part: Slice, row: SurveyRow) -> list[object]:
    number = int(row.response_id.lstrip("R答"))
    second = number * 7919 % 86_400
    at = datetime.combine(row.date, time(), ZONES[part.account]) + timedelta(seconds=second)
    missing = "" if number % 2 else "N/A"
    return [
        row.response_id,
        f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        row.owner_key,
        missing if row.nps_score is None else row.nps_score,
        missing if row.csat_score is None else row.csat_score,
        texts.comment(part.account, number),
    ]

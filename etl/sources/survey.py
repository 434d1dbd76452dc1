"""The customer survey: a row a response, with a recommendation score (NPS) and a satisfaction mark (CSAT).

A question left out is an empty cell or N/A. Times are UTC.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from etl.landing import LandedFile
from etl.reading.cells import counts, days, first_true, texts
from etl.reading.fact import fact_table, refuse_other_months, tally
from etl.reading.sheet import Sheet, read_sheet
from etl.reading.text import read_utf8
from etl.sources.base import Account, Conformed
from etl.sources.exports import find_exports
from scoring.period import Period

NAME = "survey"
READER_VERSION = 1
FACTS = ("fct_survey_response",)
DAILY_FACTS = ()
FILES = 1
LOOKBACK_MONTHS = 0
API_VERSION = "export"
RELOAD_DAYS = 30

NPS, CSAT = "Score (0-10)", "Satisfaction (1-5)"
COLUMNS = ("Response ID", "Submitted At", "Survey", NPS, CSAT)
NOT_ANSWERED = frozenset({"", "N/A"})

extract = find_exports


def read(files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
    """The export as responses; raises `BadFileError`."""
    (file,) = files
    sheet = read_sheet(file.name, read_utf8(file), COLUMNS)
    responded_dates = days(sheet, "Submitted At", "%Y-%m-%d", rest=r"T\d{2}:\d{2}:\d{2}Z")
    refuse_other_months(sheet, "Submitted At", responded_dates, month)
    table = fact_table(
        "fct_survey_response",
        sheet,
        {
            "owner_key": ("Survey", texts(sheet, "Survey")),
            "responded_date": ("Submitted At", responded_dates),
            "response_id": ("Response ID", texts(sheet, "Response ID")),
            "nps_score": (NPS, _marks(sheet, NPS, 0, 10)),
            "csat_score": (CSAT, _marks(sheet, CSAT, 1, 5)),
        },
    )
    return Conformed({FACTS[0]: table}, (tally(sheet, len(sheet)),))


def _marks(sheet: Sheet, column: str, lowest: int, highest: int) -> pa.Array:
    values = counts(sheet, column, missing=NOT_ANSWERED)
    outside = first_true(pc.or_(pc.less(values, lowest), pc.greater(values, highest)))
    if outside is not None:
        raise sheet.refusal(outside, column, f"a whole number from {lowest} to {highest}")
    return values

"""The customer survey: a row per response, with a recommendation score (NPS) and a satisfaction mark (CSAT).

A question left out is an empty cell or N/A. Times are UTC; a response counts on its day in the account's time
zone.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account, OwnerKeys
from etl.conformed import Conformed
from etl.landing import LandedFile
from etl.reading.cells import counts, first_true, local_days, texts
from etl.reading.fact import fact_table, refuse_other_months, tally
from etl.reading.sheet import Sheet, read_sheet
from etl.reading.text import read_whole_lines
from etl.sources.exports import find_exports
from scoring.period import Period

NAME = "survey"
READER_VERSION = 2
FACTS = ("fct_survey_response",)
DAILY_FACTS = ()
FILES = 1
LOOKBACK_MONTHS = 0
API_VERSION = "responses, CSV"
RELOAD_DAYS = 30
PRINTED_IN: str | None = None
OWNER_KEYS = OwnerKeys.NAMES

NPS, CSAT = "Score (0-10)", "Satisfaction (1-5)"
COLUMNS = ("Response ID", "Submitted At", "Survey", NPS, CSAT)
NOT_ANSWERED = frozenset({"", "N/A"})

extract = find_exports


def read(files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
    """The export as responses; raises `BadFileError`."""
    (file,) = files
    sheet = read_sheet(read_whole_lines(file), COLUMNS)
    responded_dates = local_days(sheet, "Submitted At", "%Y-%m-%dT%H:%M:%SZ", account.time_zone)
    refuse_other_months(sheet, "Submitted At", responded_dates, month, account.time_zone)
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
    return Conformed({FACTS[0]: table}, (tally(sheet, used=table.num_rows, set_aside=0),))


def _marks(sheet: Sheet, column: str, lowest: int, highest: int) -> pa.Array:
    values = counts(sheet, column, missing=NOT_ANSWERED)
    outside = pc.or_(pc.less(values, lowest), pc.greater(values, highest))
    if first_true(outside) is not None:
        raise sheet.unreadable(outside, column, f"a whole number from {lowest} to {highest}")
    return values

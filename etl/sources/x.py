"""X: the tweet activity export, a row a post, every cell quoted, line breaks inside the text.

Times are UTC. X reports no reach.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from etl.landing import LandedFile
from etl.reading.cells import counts, days, repeated, texts
from etl.reading.fact import fact_table, refuse_other_months, tally
from etl.reading.sheet import read_sheet
from etl.reading.text import read_utf8
from etl.sources.base import Account, Conformed
from etl.sources.exports import find_exports
from scoring.period import Period

NAME = "x"
READER_VERSION = 1
FACTS = ("fct_social_post",)
DAILY_FACTS = ()
FILES = 1
LOOKBACK_MONTHS = 0
API_VERSION = "export"
RELOAD_DAYS = 30

COLUMNS = ("Tweet id", "Tweet text", "time", "impressions", "engagements")
NO_VALUE = frozenset({"", "-"})

extract = find_exports


def read(files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
    """The export as posts; raises `BadFileError`."""
    (file,) = files
    sheet = read_sheet(file.name, read_utf8(file), COLUMNS)
    posted_dates = days(sheet, "time", "%Y-%m-%d", rest=r" \d{2}:\d{2} \+0000")
    refuse_other_months(sheet, "time", posted_dates, month)
    table = fact_table(
        "fct_social_post",
        sheet,
        {
            "owner_key": ("Tweet id", repeated(account.entity, sheet, pa.string())),
            "posted_date": ("time", posted_dates),
            "post_id": ("Tweet id", texts(sheet, "Tweet id")),
            "title": ("Tweet text", texts(sheet, "Tweet text")),
            "impressions": ("impressions", counts(sheet, "impressions", missing=NO_VALUE)),
            "reach": ("impressions", repeated(None, sheet, pa.int64())),
            "engagements": ("engagements", counts(sheet, "engagements", missing=NO_VALUE)),
        },
    )
    return Conformed({FACTS[0]: table}, (tally(sheet, len(sheet)),))

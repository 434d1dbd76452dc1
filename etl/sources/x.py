"""X: the tweet activity export, a row per post, every cell quoted, line breaks inside the text.

Times are UTC; a post counts on its day in the account's time zone. X reports no reach.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account, OwnerKeys
from etl.conformed import Conformed
from etl.landing import LandedFile
from etl.reading.cells import counts, first_true, local_days, repeated, texts
from etl.reading.fact import fact_table, refuse_other_months, tally
from etl.reading.sheet import Sheet, read_sheet
from etl.reading.signs import refuse_others
from etl.reading.text import read_whole_lines
from etl.sources.exports import find_exports
from scoring.period import Period

NAME = "x"
READER_VERSION = 2
FACTS = ("fct_social_post",)
DAILY_FACTS = ()
FILES = 1
LOOKBACK_MONTHS = 0
API_VERSION = "tweet activity, CSV"
RELOAD_DAYS = 30
PRINTED_IN: str | None = None
OWNER_KEYS = OwnerKeys.SHARED

COLUMNS = ("Tweet id", "Tweet permalink", "Tweet text", "time", "impressions", "engagements")
NO_VALUE = frozenset({"", "-"})

extract = find_exports


def read(files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
    """The export as posts; raises `BadFileError`."""
    (file,) = files
    sheet = read_sheet(read_whole_lines(file), COLUMNS)
    _refuse_others(sheet, account)
    posted_dates = local_days(sheet, "time", "%Y-%m-%d %H:%M +0000", account.time_zone)
    refuse_other_months(sheet, "time", posted_dates, month, account.time_zone)
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
    return Conformed({FACTS[0]: table}, (tally(sheet, used=table.num_rows, set_aside=0),))


def _refuse_others(sheet: Sheet, account: Account) -> None:
    """A post's address begins with the handle of its account, in any case."""
    handles = pc.struct_field(
        pc.extract_regex(sheet.column("Tweet permalink"), r"^https?://[^/]+/(?P<handle>[^/]+)/status/"),
        "handle",
    )
    other = first_true(pc.not_equal(pc.utf8_lower(handles), account.entity.lower()))
    if other is not None:
        row = sheet.rows[other].as_py()
        found = [handles[other].as_py()]
        refuse_others(sheet.file, account, found, account.entity, row=row, where="Tweet permalink")

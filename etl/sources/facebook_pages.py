"""Facebook pages: posts and page likes, each file with a second header row that describes the first.

Posts carry lifetime figures; the page's likes are counted at the end of each day.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from etl.landing import LandedFile
from etl.reading.cells import BLANK, counts, days, repeated, texts
from etl.reading.fact import fact_table, refuse_other_months, tally
from etl.reading.sheet import Sheet, read_sheet
from etl.reading.text import read_utf8
from etl.sources.base import Account, Conformed
from etl.sources.exports import find_exports
from scoring.errors import BadFileError
from scoring.period import Period

NAME = "facebook_pages"
READER_VERSION = 1
FACTS = ("fct_social_post", "fct_page_daily")
DAILY_FACTS = ("fct_page_daily",)
FILES = 2
LOOKBACK_MONTHS = 0
API_VERSION = "export"
RELOAD_DAYS = 28

POST_COLUMNS = (
    "Post ID",
    "Post Message",
    "Posted",
    "Lifetime Post Total Reach",
    "Lifetime Post Total Impressions",
    "Lifetime Engaged Users",
)
PAGE_COLUMNS = ("Date", "Lifetime Total Likes", "Daily New Likes")

extract = find_exports


def read(files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
    """Posts and page days; raises `BadFileError`."""
    posts_file, page_file = files
    posts = read_sheet(posts_file.name, read_utf8(posts_file), POST_COLUMNS)
    page = read_sheet(page_file.name, read_utf8(page_file), PAGE_COLUMNS)
    post_rows, page_rows = _below_descriptions(posts, "Post ID"), _below_descriptions(page, "Date")
    tables = {
        "fct_social_post": _posts(post_rows, account, month),
        "fct_page_daily": _page_days(page_rows, account, month),
    }
    return Conformed(tables, (tally(post_rows, len(posts)), tally(page_rows, len(page))))


def _below_descriptions(sheet: Sheet, key: str) -> Sheet:
    """The rows below the second header row, which describes the columns and so has nothing under `key`."""
    if not len(sheet):
        raise BadFileError(
            sheet.file, expected="a second header row that describes the columns", found="no row"
        )
    if sheet.column(key)[0].as_py():
        raise sheet.refusal(0, key, "a second header row that describes the columns, with nothing here")
    return sheet.starting(1)


def _posts(sheet: Sheet, account: Account, month: Period) -> pa.Table:
    posted_dates = days(sheet, "Posted", "%m/%d/%Y", rest=r" \d{2}:\d{2}:\d{2} [AP]M")
    refuse_other_months(sheet, "Posted", posted_dates, month)
    reach, impressions, engaged = POST_COLUMNS[3:]
    return fact_table(
        "fct_social_post",
        sheet,
        {
            "owner_key": ("Post ID", repeated(account.entity, sheet, pa.string())),
            "posted_date": ("Posted", posted_dates),
            "post_id": ("Post ID", texts(sheet, "Post ID")),
            # a picture alone has no message; its title is then the empty text
            "title": ("Post Message", sheet.column("Post Message")),
            "impressions": (impressions, counts(sheet, impressions, missing=BLANK)),
            "reach": (reach, counts(sheet, reach, missing=BLANK)),
            "engagements": (engaged, counts(sheet, engaged, missing=BLANK)),
        },
    )


def _page_days(sheet: Sheet, account: Account, month: Period) -> pa.Table:
    activity_dates = days(sheet, "Date", "%Y-%m-%d")
    refuse_other_months(sheet, "Date", activity_dates, month)
    likes, new_likes = PAGE_COLUMNS[1:]
    return fact_table(
        "fct_page_daily",
        sheet,
        {
            "owner_key": ("Date", repeated(account.entity, sheet, pa.string())),
            "activity_date": ("Date", activity_dates),
            "followers": (likes, counts(sheet, likes, missing=BLANK)),
            "new_followers": (new_likes, counts(sheet, new_likes, missing=BLANK)),
        },
    )

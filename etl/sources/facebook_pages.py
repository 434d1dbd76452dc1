"""Facebook pages: posts and page likes, each file with a second header row that describes the first.

Posts carry lifetime figures; the page's likes are counted at the end of each day.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account, OwnerKeys
from etl.conformed import Conformed
from etl.landing import LandedFile
from etl.reading.cells import BLANK, counts, days, first_true, repeated, texts
from etl.reading.fact import fact_table, refuse_other_months, tally
from etl.reading.sheet import Sheet, read_sheet
from etl.reading.signs import refuse_others
from etl.reading.text import read_whole_lines
from etl.sources.exports import find_exports
from scoring.errors import BadFileError
from scoring.period import Period

NAME = "facebook_pages"
READER_VERSION = 2
FACTS = ("fct_social_post", "fct_page_daily")
DAILY_FACTS = ("fct_page_daily",)
FILES = 2
LOOKBACK_MONTHS = 0
API_VERSION = "page insights, posts and page, CSV"
RELOAD_DAYS = 28
PRINTED_IN: str | None = None
OWNER_KEYS = OwnerKeys.SHARED

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
    posts = read_sheet(read_whole_lines(posts_file), POST_COLUMNS)
    page = read_sheet(read_whole_lines(page_file), PAGE_COLUMNS)
    post_rows, page_rows = _below_descriptions(posts, "Post ID"), _below_descriptions(page, "Date")
    _refuse_others(post_rows, account)
    tables = {
        "fct_social_post": _posts(post_rows, account, month),
        "fct_page_daily": _page_days(page_rows, account, month),
    }
    tallies = (
        tally(posts, used=tables["fct_social_post"].num_rows, set_aside=1),
        tally(page, used=tables["fct_page_daily"].num_rows, set_aside=1),
    )
    return Conformed(tables, tallies)


def _below_descriptions(sheet: Sheet, key: str) -> Sheet:
    """The rows below the second header row, which describes the columns and so has nothing under `key`."""
    if not len(sheet):
        raise BadFileError(
            sheet.file, expected="a second header row that describes the columns", found="no row"
        )
    if sheet.column(key)[0].as_py():
        raise sheet.refusal(0, key, "a second header row that describes the columns, with nothing here")
    return sheet.starting(1)


def _refuse_others(posts: Sheet, account: Account) -> None:
    """A post's id begins with the id of its page. The page's daily file does not name the page."""
    other = first_true(pc.invert(pc.starts_with(posts.column("Post ID"), f"{account.entity}_")))
    if other is not None:
        row, page = posts.rows[other].as_py(), posts.column("Post ID")[other].as_py().split("_")[0]
        refuse_others(posts.file, account, [page], account.entity, row=row, where="Post ID")


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

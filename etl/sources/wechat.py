"""公众号 (WeChat official account): 内容 (articles) and 用户 (followers), in GB18030.

An article has a row for each channel and one for 全部 (all of them), which is the one that counts;
the channels' reads must add up to it. 次数 are views, 人数 are people.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account, OwnerKeys
from etl.conformed import Conformed, Control
from etl.landing import LandedFile
from etl.reading.cells import BLANK, counts, days, first_true, repeated, texts
from etl.reading.control import hold, sum_apart, sums_by
from etl.reading.fact import fact_table, refuse_other_months, tally
from etl.reading.sheet import Sheet, read_sheet
from etl.reading.signs import refuse_others
from etl.reading.text import read_whole_lines
from etl.sources.exports import find_exports
from scoring.period import Period

NAME = "wechat"
READER_VERSION = 2
FACTS = ("fct_social_post", "fct_page_daily")
DAILY_FACTS = ("fct_page_daily",)
FILES = 2
LOOKBACK_MONTHS = 0
API_VERSION = "内容 and 用户, CSV in GB18030"
RELOAD_DAYS = 7
PRINTED_IN: str | None = "__biz in the address of an article"
OWNER_KEYS = OwnerKeys.SHARED

POST_COLUMNS = ("内容标题", "发表时间", "渠道", "总阅读人数", "总阅读次数", "总分享次数", "内容url")
PAGE_COLUMNS = ("时间", "新关注人数", "累积关注人数")
ALL_CHANNELS = "全部"

extract = find_exports


def read(files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
    """Articles and follower days; raises `BadFileError`."""
    posts_file, page_file = files
    channels = read_sheet(read_whole_lines(posts_file), POST_COLUMNS)
    _refuse_others(channels, account)
    page = read_sheet(read_whole_lines(page_file), PAGE_COLUMNS)
    is_all = pc.equal(channels.column("渠道"), ALL_CHANNELS)
    posts = channels.where(is_all)
    tables = {
        "fct_social_post": _posts(posts, account, month),
        "fct_page_daily": _page_days(page, account, month),
    }
    tallies = (
        tally(channels, used=tables["fct_social_post"].num_rows, set_aside=len(channels) - len(posts)),
        tally(page, used=tables["fct_page_daily"].num_rows, set_aside=0),
    )
    return Conformed(tables, tallies, _channel_controls(posts, channels.without(is_all)))


def _refuse_others(channels: Sheet, account: Account) -> None:
    """An article's address names its account (`__biz`), by a different id than the one shown (gh_...)."""
    if account.printed_as is None:
        return
    urls = channels.column("内容url")
    biz = pc.struct_field(pc.extract_regex(urls, r"[?&]__biz=(?P<biz>[^&#]*)"), "biz")
    other = first_true(pc.not_equal(pc.coalesce(biz, ""), account.printed_as))
    if other is not None:
        row, found = channels.rows[other].as_py(), biz[other].as_py() or ""
        refuse_others(channels.file, account, [found], account.printed_as, row=row, where="内容url")


def _posts(sheet: Sheet, account: Account, month: Period) -> pa.Table:
    posted_dates = days(sheet, "发表时间", "%Y%m%d")
    refuse_other_months(sheet, "发表时间", posted_dates, month)
    return fact_table(
        "fct_social_post",
        sheet,
        {
            "owner_key": ("内容url", repeated(account.entity, sheet, pa.string())),
            "posted_date": ("发表时间", posted_dates),
            "post_id": ("内容url", texts(sheet, "内容url")),
            "title": ("内容标题", texts(sheet, "内容标题")),
            "impressions": ("总阅读次数", counts(sheet, "总阅读次数", missing=BLANK)),
            "reach": ("总阅读人数", counts(sheet, "总阅读人数", missing=BLANK)),
            "engagements": ("总分享次数", counts(sheet, "总分享次数", missing=BLANK)),
        },
    )


def _page_days(sheet: Sheet, account: Account, month: Period) -> pa.Table:
    activity_dates = days(sheet, "时间", "%Y-%m-%d")
    refuse_other_months(sheet, "时间", activity_dates, month)
    return fact_table(
        "fct_page_daily",
        sheet,
        {
            "owner_key": ("时间", repeated(account.entity, sheet, pa.string())),
            "activity_date": ("时间", activity_dates),
            "followers": ("累积关注人数", counts(sheet, "累积关注人数", missing=BLANK)),
            "new_followers": ("新关注人数", counts(sheet, "新关注人数", missing=BLANK)),
        },
    )


def _channel_controls(posts: Sheet, channels: Sheet) -> tuple[Control, ...]:
    """Check each article's reads over its channels against the row of all channels.

    Articles without channel rows cannot be checked.
    """
    reads = "总阅读次数"
    by_channel = sums_by(channels.column("内容url"), counts(channels, reads, missing=BLANK))
    controls = []
    for url, declared, row in zip(
        posts.column("内容url").to_pylist(),
        counts(posts, reads, missing=BLANK).to_pylist(),
        posts.rows.to_pylist(),
        strict=True,
    ):
        values = by_channel.get(url)
        if values is not None and declared is not None:
            apart = sum_apart(channels, reads, missing=BLANK, only=("内容url", url))
            name = f"{reads} {url}"
            controls.append(
                hold(posts.file, name, Decimal(declared), values, row=row, column=reads, apart=apart)
            )
    return tuple(controls)

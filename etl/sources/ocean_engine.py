"""巨量引擎 (Ocean Engine, the ads of Douyin and Toutiao): 项目报表, a row per day and project, in GB18030.

`--` is "no value"; the last row, 总计, holds the totals. Amounts are in yuan; a project has no ad groups.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account, OwnerKeys
from etl.conformed import Conformed
from etl.landing import LandedFile
from etl.reading.cells import amounts, counts, days, repeated, texts
from etl.reading.control import control_totals
from etl.reading.fact import fact_table, refuse_other_months, tally
from etl.reading.sheet import Sheet, read_sheet
from etl.reading.signs import hold_columns
from etl.reading.text import read_utf8
from etl.sources.exports import find_exports
from scoring.errors import BookError
from scoring.period import Period

NAME = "ocean_engine"
READER_VERSION = 2
FACTS = ("fct_ad_daily",)
DAILY_FACTS = ("fct_ad_daily",)
FILES = 1
LOOKBACK_MONTHS = 0
API_VERSION = "项目报表, CSV in GB18030"
RELOAD_DAYS = 30
PRINTED_IN: str | None = "the column 账户名称"
OWNER_KEYS = OwnerKeys.IDS

SUMMED = {
    "消耗": "spend",
    "展示数": "impressions",
    "点击数": "clicks",
    "转化数": "conversions",
    "成交金额": "conversion_value",
}
COLUMNS = ("时间-天", "项目ID", "项目名称", *SUMMED)
NO_VALUE = frozenset({"", "--", "-"})
TOTAL = "总计"
IDS, NAMES = ("账户ID",), ("账户名称",)
CURRENCY = "CNY"

extract = find_exports


def read(files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
    """The report as ad rows; raises `BadFileError`."""
    (file,) = files
    if account.currency_code not in (None, CURRENCY):
        raise BookError(
            f"sources.yaml: expected the currency_code {CURRENCY} for ocean_engine/{account.entity}, "
            f"whose amounts are in yuan, found {account.currency_code}; correct it."
        )
    everything = read_sheet(read_utf8(file), COLUMNS, (*IDS, *NAMES))
    hold_columns(everything, account, ids=IDS, names=NAMES)
    is_total = pc.equal(everything.column("时间-天"), TOTAL)
    sheet = everything.without(is_total)
    table = _ad_rows(sheet, month)
    controls = control_totals(
        everything.where(is_total),
        TOTAL,
        {column: table[name] for column, name in SUMMED.items()},
        missing=NO_VALUE,
    )
    return Conformed(
        {FACTS[0]: table},
        (tally(everything, used=table.num_rows, set_aside=len(everything) - len(sheet)),),
        controls,
    )


def _ad_rows(sheet: Sheet, month: Period) -> pa.Table:
    activity_dates = days(sheet, "时间-天", "%Y-%m-%d")
    refuse_other_months(sheet, "时间-天", activity_dates, month)
    project_ids, project_names = texts(sheet, "项目ID"), texts(sheet, "项目名称")
    return fact_table(
        "fct_ad_daily",
        sheet,
        {
            "owner_key": ("项目ID", project_ids),
            "activity_date": ("时间-天", activity_dates),
            "campaign_id": ("项目ID", project_ids),
            "campaign_name": ("项目名称", project_names),
            "ad_group_id": ("项目ID", project_ids),
            "ad_group_name": ("项目名称", project_names),
            "currency_code": ("消耗", repeated(CURRENCY, sheet, pa.string())),
            "impressions": ("展示数", counts(sheet, "展示数", missing=NO_VALUE)),
            "clicks": ("点击数", counts(sheet, "点击数", missing=NO_VALUE)),
            "spend": ("消耗", amounts(sheet, "消耗", missing=NO_VALUE)),
            "conversions": ("转化数", amounts(sheet, "转化数", missing=NO_VALUE)),
            "conversion_value": ("成交金额", amounts(sheet, "成交金额", missing=NO_VALUE)),
        },
    )

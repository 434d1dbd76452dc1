"""Ocean Engine (巨量引擎), project report by day: GB18030, `--` for what is missing, 总计 at the end."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from example.formats.table import count, ratio, table, total
from example.slices import Slice
from example.truth.rows import AdRow

HEADER = [
    "时间-天",
    "项目ID",
    "项目名称",
    "消耗",
    "展示数",
    "平均千次展现费用(元)",
    "点击数",
    "点击率%",
    "平均点击单价(元)",
    "转化数",
    "平均转化成本",
    "转化率%",
    "成交金额",
]
MISSING = "--"


def files(part: Slice) -> dict[str, bytes]:
    """The month's report."""
    rows = part.facts["ad_daily"]
    lines: list[Sequence[object]] = [HEADER]
    for row in rows:
        names = [row.date, row.owner_key, row.campaign_name]
        figures = (row.spend, row.impressions, row.clicks, row.conversions, row.conversion_value)
        lines.append([*names, *_figures(*figures)])
    lines.append(["总计", MISSING, MISSING, *_totals(rows)])
    path = f"ocean_engine/{part.account.entity}/项目报表_{part.month_text}.csv"
    return {path: table(lines, end="\r\n").encode("gb18030")}


def _totals(rows: Sequence[AdRow]) -> list[object]:
    return _figures(
        total(row.spend for row in rows),
        count(row.impressions for row in rows),
        count(row.clicks for row in rows),
        total(row.conversions for row in rows),
        total(row.conversion_value for row in rows),
    )


def _figures(
    spend: Decimal | None,
    impressions: int | None,
    clicks: int | None,
    conversions: Decimal | None,
    amount: Decimal | None,
) -> list[object]:
    figures = (
        spend,
        impressions,
        ratio(spend, impressions, 1000),
        clicks,
        ratio(clicks, impressions, 100),
        ratio(spend, clicks),
        None if conversions is None else int(conversions),
        ratio(spend, conversions),
        ratio(conversions, clicks, 100),
        amount,
    )
    return [MISSING if figure is None else figure for figure in figures]

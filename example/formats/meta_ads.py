"""Meta Ads Manager, ad sets by day, downloaded as .csv."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from example.campaigns import META
from example.chance import chance
from example.company import META_US
from example.formats.table import count, table, total
from example.slices import Slice
from example.truth.rows import AdRow

HEADER = (
    "Reporting starts,Reporting ends,Campaign name,Campaign ID,Ad set name,Ad set ID,Ad set delivery,Results,"
    "Result indicator,Reach,Impressions,Link clicks,Amount spent ({currency}),Purchases conversion value,"
    "Account ID"
)
# Somebody saved this account's report from a spreadsheet once, and it has carried a mark ever since.
WITH_MARK = META_US
_RESULT = {campaign.id: campaign.kind for campaign in META}


def files(part: Slice) -> dict[str, bytes]:
    """The month's report: header with the currency, the nameless total, one row a day and ad set."""
    rows = part.facts["ad_daily"]
    seen = chance("reach", part.account.entity, part.month_text).uniform(0.68, 0.93, len(rows)).tolist()
    lines: list[Sequence[object]] = [HEADER.format(currency=part.account.currency_code).split(",")]
    lines.append(_total(part, rows))
    lines += [_line(row, share) for row, share in zip(rows, seen, strict=True)]
    encoding = "utf-8-sig" if part.account is WITH_MARK else "utf-8"
    path = f"meta_ads/{part.account.entity}/ad sets {part.month_text}.csv"
    return {path: table(lines, end="\r\n").encode(encoding)}


def _line(row: AdRow, share: float) -> list[object]:
    results = row.conversions
    return [
        row.date,
        row.date,
        row.campaign_name,
        row.owner_key,
        row.group_name,
        row.group_id,
        "active" if row.impressions else "inactive",
        "" if results is None else int(results),
        "" if results is None else _RESULT[row.owner_key],
        round((row.impressions or 0) * share),
        row.impressions,
        row.clicks,
        row.spend,
        "" if row.conversion_value is None else row.conversion_value,
        row.entity.removeprefix("act_"),
    ]


def _total(part: Slice, rows: Sequence[AdRow]) -> list[object]:
    """People are counted once in the total, so its reach is far below the sum of the rows'."""
    impressions = count(row.impressions for row in rows)
    return [
        part.month,
        part.end - timedelta(days=1),
        *[""] * 5,
        int(total(row.conversions for row in rows)),
        "",
        impressions * 2 // 7,
        impressions,
        count(row.clicks for row in rows),
        total(row.spend for row in rows),
        total(row.conversion_value for row in rows),
        "",
    ]

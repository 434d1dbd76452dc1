"""What the advertising accounts really did, day by day and group by group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from example import company
from example.campaigns import CAMPAIGNS, LEAD, Campaign
from example.chance import chance
from example.seasons import DAYS, MONTHS, level
from example.truth.rows import AdRow, money

Numbers = npt.NDArray[np.int64]

# What the first report of the restated month knew of the later spend and conversions.
KNOWN_AT_FIRST = (0.93, 0.84)
_MONTH_OF_DAY = np.array([MONTHS.index(day.replace(day=1)) for day in DAYS])


@dataclass(frozen=True, slots=True)
class _Columns:
    """One group over all days: counts, cents, and conversions in hundredths."""

    impressions: Numbers
    clicks: Numbers
    spend: Numbers
    conversions: Numbers
    value: Numbers


def ad_rows(vintage: str) -> list[AdRow]:
    """All rows of all advertising accounts, by account, day and campaign."""
    rows = [(order, row) for order, campaign in enumerate(CAMPAIGNS) for row in _rows(campaign, vintage)]
    places = {(account.source, account.entity): n for n, account in enumerate(company.ACCOUNTS)}
    rows.sort(key=lambda entry: (places[entry[1][:2]], entry[1].date, entry[0], entry[1].group_id))
    return [row for _, row in rows]


def _rows(campaign: Campaign, vintage: str) -> Iterator[AdRow]:
    levels = np.array([level(campaign.rhythm, day) for day in DAYS])
    account = campaign.account
    grouped = account.source in ("google_ads", "meta_ads")
    for index, group in enumerate(campaign.groups):
        columns = _columns(campaign, index, levels)
        if account is company.RESTATED_MONTH[0] and vintage == "first":
            columns = _as_first_reported(columns)
        group_id, group_name = (campaign.group_id(index), group) if grouped else ("", "")
        for n, day in enumerate(DAYS):
            if campaign.first <= day <= campaign.last and (account, day) != company.MISSING_DAY:
                yield AdRow(
                    account.source,
                    account.entity,
                    day,
                    campaign.id,
                    campaign.name,
                    group_id,
                    group_name,
                    account.currency_code,
                    *_figures(campaign, day, columns, n),
                )


def _columns(campaign: Campaign, index: int, levels: npt.NDArray[np.float64]) -> _Columns:
    rng = chance("ads", campaign.id, str(index))
    click_swing, conversion_swing, cost_swing = (
        chance("ads", campaign.id, what).normal(1, sigma, len(MONTHS)).clip(0.8, 1.2)[_MONTH_OF_DAY]
        for what, sigma in (("clicks", 0.03), ("conversions", 0.05), ("cost", 0.03))
    )
    size = rng.uniform(0.55, 1.45)
    noise = rng.normal(1, 0.12, len(DAYS)).clip(0.5, 1.6)
    impressions = np.rint(campaign.impressions * size * levels * noise).astype(np.int64)
    clicks = rng.binomial(impressions, np.clip(campaign.click_rate * click_swing, 0, 1))
    cost = campaign.click_cost * cost_swing * rng.normal(1, 0.08, len(DAYS)).clip(0.6, 1.5)
    spend = np.rint(clicks * cost * 100).astype(np.int64)
    wanted = clicks * campaign.conversion_rate * conversion_swing
    if campaign.account.source == "google_ads":
        # its attribution hands out parts of a conversion
        conversions = rng.poisson(wanted * 4) * 25
    else:
        conversions = rng.poisson(wanted) * 100
    basket = rng.normal(1, 0.15, len(DAYS)).clip(0.4, 2.0)
    value = np.rint(conversions * campaign.value * basket).astype(np.int64)
    return _Columns(impressions, clicks, spend, conversions.astype(np.int64), value)


def _as_first_reported(columns: _Columns) -> _Columns:
    """The restated month as it was known before late conversions and corrected costs came in."""
    in_month = MONTHS.index(company.RESTATED_MONTH[1]) == _MONTH_OF_DAY
    spend_known, conversions_known = KNOWN_AT_FIRST
    # whole conversions, spread so that their sum keeps the share
    sums = np.floor(np.cumsum(columns.conversions // 100) * conversions_known).astype(np.int64)
    early = np.where(in_month, np.diff(sums, prepend=0) * 100, columns.conversions)
    share = early / np.maximum(columns.conversions, 1)
    return _Columns(
        columns.impressions,
        columns.clicks,
        np.floor(columns.spend * np.where(in_month, spend_known, 1.0)).astype(np.int64),
        early,
        np.floor(columns.value * np.where(in_month, share, 1.0)).astype(np.int64),
    )


Figures = tuple[int | None, int | None, Decimal | None, Decimal | None, Decimal | None]


def _figures(campaign: Campaign, day: date, columns: _Columns, n: int) -> Figures:
    """The five figures of one day, None where the platform shows none."""
    if campaign.impressions == 0:
        return 0, 0, money(0) if day.day % 2 else None, None, None
    conversions = int(columns.conversions[n])
    value: Decimal | None = money(int(columns.value[n]))
    shown: Decimal | None = money(conversions)
    source = campaign.account.source
    if source == "meta_ads" and (conversions == 0 or campaign.kind == LEAD):
        value = None
    if source == "meta_ads" and conversions == 0:
        shown = None
    if source in ("linkedin_ads", "ocean_engine") and campaign.value == 0:
        value = None
    return int(columns.impressions[n]), int(columns.clicks[n]), money(int(columns.spend[n])), shown, value

"""What one row of each fact holds: plain named tuples, money as `Decimal` with two digits.

Every fact starts with source, entity, date, owner_key; None is "the platform has no figure".
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import NamedTuple


class AdRow(NamedTuple):
    """One ad group on one day; `owner_key` is the campaign's id. LinkedIn and Ocean Engine have no groups."""

    source: str
    entity: str
    date: dt.date
    owner_key: str
    campaign_name: str
    group_id: str
    group_name: str
    currency: str
    impressions: int | None
    clicks: int | None
    spend: Decimal | None
    conversions: Decimal | None
    conversion_value: Decimal | None


class PostRow(NamedTuple):
    """One post, dated by the day it was posted; `owner_key` is the entity. X tells no reach."""

    source: str
    entity: str
    date: dt.date
    owner_key: str
    post_id: str
    title: str
    impressions: int
    reach: int | None
    engagements: int


class PageDayRow(NamedTuple):
    """One page on one day; `owner_key` is the entity. `followers` is the count at the end of the day."""

    source: str
    entity: str
    date: dt.date
    owner_key: str
    followers: int | None
    new_followers: int
    lost_followers: int


class WebRow(NamedTuple):
    """One channel of a site on one day; `owner_key` is the channel."""

    source: str
    entity: str
    date: dt.date
    owner_key: str
    currency: str
    sessions: int
    engaged_sessions: int
    conversions: Decimal
    revenue: Decimal


class LeadRow(NamedTuple):
    """One contact, dated by its creation; `owner_key` is its marketing team.

    `won_date` is the first won deal's, `deal_amount` the sum of all its won deals, in `currency`.
    """

    source: str
    entity: str
    date: dt.date
    owner_key: str
    lead_id: str
    mql_date: dt.date | None
    sql_date: dt.date | None
    won_date: dt.date | None
    deal_amount: Decimal | None
    currency: str | None
    is_test: bool


class SaleRow(NamedTuple):
    """One order; `owner_key` is the sales channel; a negative amount is a return."""

    source: str
    entity: str
    date: dt.date
    owner_key: str
    order_id: str
    customer_id: str
    is_new_customer: bool
    country: str
    amount: Decimal
    currency: str


class SurveyRow(NamedTuple):
    """One response; `owner_key` is the survey's name; None is a question not answered."""

    source: str
    entity: str
    date: dt.date
    owner_key: str
    response_id: str
    nps_score: int | None
    csat_score: int | None


class MarketRow(NamedTuple):
    """One segment in one month, dated by the first; `owner_key` is the segment."""

    source: str
    entity: str
    date: dt.date
    owner_key: str
    size: Decimal
    currency: str


class BudgetRow(NamedTuple):
    """One cost centre in one month, dated by the first; `owner_key` is the cost centre.

    What marketing brought is None where controlling has not closed the month.
    """

    source: str
    entity: str
    date: dt.date
    owner_key: str
    budget: Decimal
    incremental_revenue: Decimal | None
    incremental_margin: Decimal | None
    currency: str


class MentionRow(NamedTuple):
    """One topic on one day; `owner_key` is the topic; `market` counts all brands, ours included."""

    source: str
    entity: str
    date: dt.date
    owner_key: str
    own: int | None
    market: int | None


class QuoteRow(NamedTuple):
    """One quote: units of `currency` for one euro as printed, or None where it was not quoted."""

    source: str
    entity: str
    date: dt.date
    currency: str
    quote: str | None


def money(cents: int) -> Decimal:
    """The amount of so many hundredths, with two digits."""
    return Decimal(cents).scaleb(-2)

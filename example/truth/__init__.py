"""What really happened at the invented company, before any platform wrote it down.

A test that recomputes a figure starts here, and so knows nothing of file formats or SQL.
"""

from __future__ import annotations

from typing import Literal, TypedDict

from example.truth.ads import ad_rows
from example.truth.controlling import budget_rows
from example.truth.crm import lead_rows
from example.truth.listening import mention_rows
from example.truth.market import market_rows, quote_rows
from example.truth.rows import (
    AdRow,
    BudgetRow,
    LeadRow,
    MarketRow,
    MentionRow,
    PageDayRow,
    PostRow,
    QuoteRow,
    SaleRow,
    SurveyRow,
    WebRow,
)
from example.truth.sales import sale_rows
from example.truth.social import page_day_rows, post_rows
from example.truth.surveys import survey_rows
from example.truth.web import web_rows

Vintage = Literal["first", "final"]


class Facts(TypedDict):
    """All rows of every fact, by the fact's name."""

    ad_daily: list[AdRow]
    social_post: list[PostRow]
    page_daily: list[PageDayRow]
    web_daily: list[WebRow]
    lead: list[LeadRow]
    sale: list[SaleRow]
    survey_response: list[SurveyRow]
    market_size: list[MarketRow]
    budget: list[BudgetRow]
    mention_daily: list[MentionRow]
    fx_quote: list[QuoteRow]


def facts(vintage: Vintage = "final") -> Facts:
    """Every row of all 24 months, the same on each call.

    In the `first` vintage the restated month of one Meta account is as it was first reported:
    less spend, fewer conversions, less value.
    """
    return Facts(
        ad_daily=ad_rows(vintage),
        social_post=post_rows(),
        page_daily=page_day_rows(),
        web_daily=web_rows(),
        lead=lead_rows(),
        sale=sale_rows(),
        survey_response=survey_rows(),
        market_size=market_rows(),
        budget=budget_rows(),
        mention_daily=mention_rows(),
        fx_quote=quote_rows(),
    )

"""Which KPIs a new book begins with, and placeholders for their targets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from book import dictionary
from etl.sources import registry
from scoring.errors import UsageError
from scoring.formula import Formula
from scoring.period import Period
from scoring.spans import split_name
from scoring.text import Language
from warehouse import measure_catalog

PLACEHOLDERS = {
    "lead_count": "25",
    "cost_per_lead": "50",
    "mql_to_sql_rate": "0.6",
    "mql_count": "12",
    "sales_revenue": "10000",
    "click_through_rate": "0.02",
    "cost_per_click": "1",
    "ad_conversion_rate": "0.03",
    "web_conversion_rate": "0.02",
    "nps": "30",
    "csat": "0.8",
    "survey_responses": "50",
    "engagement_rate_by_impressions": "0.03",
    "engagement_rate_by_followers": "0.05",
    "content_published": "10",
    "followers": "1000",
    "share_of_voice": "0.2",
    "mail_click_rate": "0.03",
    "search_clicks": "1000",
    "tasks_in_time_rate": "0.8",
}
"""KPIs to begin with, the most telling first, each with a number that stands for one still to be agreed."""

WEIGHTS = {1: ("100",), 2: ("50", "50"), 3: ("40", "30", "30")}

REASONS: dict[Language, str] = {
    "en": "Placeholder: agree on a number of your own",
    "zh_CN": "占位数值：请改为双方商定的目标",
}


def first_kpis(sources: Collection[str], filled: Collection[str] | None = None) -> list[str]:
    """Up to three KPIs that the sources measure, of fields that are `filled` (all if None).

    Raises `UsageError` if they measure none.
    """
    facts = {fact for source in sources for fact in registry()[source].facts}
    found = [kpi_id for kpi_id in _measured(facts) if _is_filled(kpi_id, filled)][: len(WEIGHTS)]
    if not found:
        raise UsageError(
            f"init: expected an export with something to score beside {', '.join(sorted(sources))}, found "
            "none; name one of ads, leads, orders, posts, visits, answers, mailings or tasks, too."
        )
    return found


def _measured(facts: set[str]) -> list[str]:
    return [kpi_id for kpi_id in PLACEHOLDERS if facts_of(kpi_id) <= facts]


def _is_filled(kpi_id: str, filled: Collection[str] | None) -> bool:
    """Whether there is anything to count: without any day of a stage, none of its leads would ever be."""
    needed = chain.from_iterable(measure_catalog()[name].needs for name in _measures(kpi_id))
    return filled is None or {*needed} <= {*filled}


def facts_of(kpi_id: str) -> set[str]:
    """The facts that a KPI of the dictionary is made of."""
    return {measure_catalog()[name].fact for name in _measures(kpi_id)}


def _measures(kpi_id: str) -> set[str]:
    names = Formula.parse(dictionary()[kpi_id].content["formula"]).names
    return {split_name(name)[0] for name in names}


def target_rows(
    team_id: str, kpi_ids: list[str], months: Sequence[Period], language: Language
) -> Iterator[str]:
    """The lines of the file of targets: from the year of the first of the months to that after the last's."""
    yield "team,kpi,valid_from,valid_until,target,weight,approved_by,reason,agreed_on"
    days = f"{months[0].year}-01-01,{months[-1].year + 2}-01-01"
    for kpi_id, weight in zip(kpi_ids, WEIGHTS[len(kpi_ids)], strict=True):
        target = PLACEHOLDERS[kpi_id]
        yield f"{team_id},{kpi_id},{days},{target},{weight},scorewright init,{REASONS[language]},"

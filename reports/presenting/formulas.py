"""Formulas and measures in the reader's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from reports.figures import Figures
from reports.wording import msgid
from scoring.arithmetic import digits_of
from scoring.kpi import Unit
from scoring.okr.result import KeyResultResult
from scoring.scorecard import KpiResult
from scoring.spans import FiscalToDate, Span, split_name
from scoring.working import MeasureValue

MEASURES = {
    "ad_impressions": msgid("Ad impressions"),
    "ad_clicks": msgid("Ad clicks"),
    "ad_spend": msgid("Ad spend"),
    "ad_conversions": msgid("Ad conversions"),
    "ad_revenue": msgid("Ad revenue"),
    "posts": msgid("Posts"),
    "post_impressions": msgid("Post impressions"),
    "post_reach": msgid("Post reach"),
    "post_engagements": msgid("Post engagements"),
    "reached_engagements": msgid("Engagements with posts of known reach"),
    "followed_engagements": msgid("Engagements with posts of pages with known followers"),
    "followers": msgid("Followers"),
    "new_followers": msgid("New followers"),
    "sessions": msgid("Sessions"),
    "engaged_sessions": msgid("Engaged sessions"),
    "web_conversions": msgid("Web conversions"),
    "web_revenue": msgid("Web revenue"),
    "leads": msgid("Leads"),
    "mqls": msgid("Marketing qualified leads"),
    "sqls": msgid("Sales qualified leads"),
    "mqls_accepted": msgid("Marketing qualified leads accepted by sales"),
    "deals_won": msgid("Deals won"),
    "deal_amount": msgid("Amount of deals won"),
    "orders": msgid("Orders"),
    "sales_revenue": msgid("Sales revenue"),
    "new_customers": msgid("New customers"),
    "nps_promoters": msgid("Promoters"),
    "nps_detractors": msgid("Detractors"),
    "nps_responses": msgid("Answers to the recommendation question"),
    "csat_satisfied": msgid("Satisfied customers"),
    "csat_points": msgid("Sum of satisfaction marks"),
    "csat_responses": msgid("Answers to the satisfaction question"),
    "market_size": msgid("Market size"),
    "budget": msgid("Budget"),
    "incremental_revenue": msgid("Incremental revenue"),
    "incremental_margin": msgid("Contribution margin of incremental revenue"),
    "own_mentions": msgid("Mentions of our brand"),
    "market_mentions": msgid("Mentions of all brands in the market"),
    "search_impressions": msgid("Impressions in unpaid search results"),
    "search_clicks": msgid("Clicks on unpaid search results"),
    "mailings": msgid("Mailings"),
    "mail_recipients": msgid("Recipients of mailings"),
    "mail_delivered": msgid("Mails delivered"),
    "mail_openers": msgid("Mails opened"),
    "mail_clickers": msgid("Mails clicked"),
    "mail_unsubscribes": msgid("Unsubscribes"),
    "mail_orders": msgid("Orders from mailings"),
    "mail_revenue": msgid("Revenue from mailings"),
    "tasks_created": msgid("Tasks entered"),
    "tasks_done": msgid("Tasks done"),
    "tasks_due": msgid("Tasks due"),
    "tasks_done_in_time": msgid("Tasks done in time"),
}

_TOKEN = re.compile(r"[A-Za-z_][A-Za-z_0-9]*|\d+(?:\.\d+)?|[<>]=?|[-+*/()]|\S")
_OPERATORS = {
    **{sign: f" {sign} " for sign in "+<>"},
    "-": " − ",
    "*": " × ",
    "/": " ÷ ",
    ">=": " ≥ ",
    "<=": " ≤ ",
}

FUNCTIONS = {"abs": msgid("absolute value of ")}

SPANS = {
    Span.PREVIOUS: msgid("%(measure)s (period before)"),
    Span.LAST_YEAR: msgid("%(measure)s (same period last year)"),
    Span.YEAR_TO_DATE: msgid("%(measure)s (year to date)"),
}
FISCAL = msgid("%(measure)s (fiscal year to date)")


def measure_name(name: str, figures: Figures) -> str:
    """A measure in words, with its span; one that has no words yet is shown by its id, legibly."""
    measure, span = split_name(name)
    said = figures.words.say(MEASURES[measure]) if measure in MEASURES else measure.replace("_", " ")
    if isinstance(span, FiscalToDate):
        return figures.words.say(FISCAL, measure=said)
    return figures.words.say(SPANS[span], measure=said) if isinstance(span, Span) else said


def measure_value(measure: MeasureValue, figures: Figures) -> str:
    """A measure's exact value: money with at least 2 digits, neither with more than 6."""
    if measure.value is None:
        return figures.words.say("no data")
    is_money = measure.unit == Unit.MONEY
    return figures.precise(measure.value, "money", 2) if is_money else figures.exact(measure.value, 6)


def formula_in_words(formula: str, figures: Figures) -> str:
    """`ad_spend / leads` as `Ad spend ÷ Leads`."""
    return _spell(formula, {}, figures)


def condition_in_words(condition: str, figures: Figures) -> str:
    """`mqls >= 100` as `Marketing qualified leads ≥ 100`."""
    return _spell(condition, {}, figures)


def formula_in_numbers(result: KpiResult | KeyResultResult, figures: Figures) -> str:
    """The formula with the measures' values in place of their names."""
    values = {measure.name: measure_value(measure, figures) for measure in result.measures}
    return _spell(result.formula, values, figures)


def is_one_measure(result: KpiResult | KeyResultResult) -> bool:
    """Whether the formula is nothing but a measure, whose value is that of the result."""
    return [measure.name for measure in result.measures] == [result.formula.strip()]


def _spell(formula: str, values: Mapping[str, str], figures: Figures) -> str:
    return "".join(_token(token, values, figures) for token in _TOKEN.findall(formula)).strip()


def _token(token: str, values: Mapping[str, str], figures: Figures) -> str:
    if token in FUNCTIONS:
        return figures.words.say(FUNCTIONS[token])
    if token.isidentifier():
        return values.get(token) or measure_name(token, figures)
    if token[0].isdigit():
        number = Decimal(token)
        return figures.number(number, digits_of(number))
    return _OPERATORS.get(token, token)

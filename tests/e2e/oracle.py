"""A second, naive Scorewright: every actual and score from the example's true rows, by plain loops.

It shares no code with the product: fractions instead of decimals, dictionaries instead of SQL,
`eval` instead of a formula parser, the rules' naive twins. It reads the book's files itself.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from example.appraise import DONE_ON, EVENTS, LEVEL, SELF, SUPERIOR
from example.truth import Facts
from tests.scoring import naive

Month = tuple[int, int]
MICRO = Decimal("0.000001")
DICTIONARY = Path(__file__).parents[2] / "book/dictionary/kpis"
COUNTED_ROWS = {
    "sales": ("orders", "sales_revenue", "new_customers"),
    "hubspot": ("leads", "mqls", "sqls", "mqls_accepted", "deals_won", "deal_amount"),
    "survey": ("nps_responses", "csat_responses"),
    **dict.fromkeys(("x", "facebook_pages", "wechat"), ("posts",)),
}


def _definitions(folder: Path) -> dict[str, Any]:
    return {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in folder.glob("*.yaml")}


class Line(NamedTuple):
    """A KPI of a team in a month as it must come out; None is not available."""

    target: Fraction | tuple[Fraction, Fraction] | None
    weight: Fraction
    actual: Fraction | None
    attainment: Fraction | None
    score: Fraction | None


class Oracle:
    """All lines and totals of a book over true rows."""

    def __init__(
        self, config: Path, rows: Facts, said: dict[tuple[str, Month], dict[str, Any]] | None = None
    ) -> None:
        """`said` is what people entered: by team and month, a KPI's cells of the form by column."""
        self.said = said or {}
        self.teams = yaml.safe_load((config / "teams.yaml").read_text("utf-8"))
        shipped = _definitions(DICTIONARY)
        # a file of the book stands over the dictionary's
        self.kpis = {
            kpi_id: shipped.get(kpi_id, {}) | own for kpi_id, own in _definitions(config / "kpis").items()
        }
        self.targets = [
            row
            for path in sorted((config / "targets").glob("*.csv"))
            for row in csv.DictReader(path.read_text("utf-8").splitlines())
        ]
        self.quotes = {
            (q.currency, q.date): Decimal(q.quote) for q in rows["fx_quote"] if q.quote is not None
        }
        self.sums: defaultdict[tuple[str, Month], dict[str, Fraction]] = defaultdict(dict)
        self.rate = cache(self._rate)
        self.owners = cache(self._owners)
        self._count(rows)

    # -- measures ---------------------------------------------------------------------------------

    def _owners(self, source: str, entity: str, key: str) -> list[tuple[str, Fraction]]:
        exact, rest = [], []
        for team, entry in self.teams.items():
            for owned in entry["owns"]:
                if (owned["source"], str(owned["entity"])) == (source, entity):
                    keys = [str(k) for k in owned["keys"]]
                    share = Fraction(str(owned.get("share", 1)))
                    exact += [(team, share)] if key in keys else []
                    rest += [(team, share)] if "*" in keys else []
        return exact or rest

    def _rate(self, currency: str, day: date) -> Decimal:
        if currency == "EUR":
            return Decimal(1)
        for age in range(8):
            quote = self.quotes.get((currency, day - timedelta(days=age)))
            if quote is not None:
                return (1 / quote).quantize(Decimal("1e-10"), ROUND_HALF_EVEN)
        raise AssertionError(f"no quote for {currency} on {day}")

    def _euros(self, amount: Decimal | None, currency: str, day: date) -> Decimal | None:
        if amount is None:
            return None
        return (amount * self.rate(currency, day)).quantize(MICRO, ROUND_HALF_UP)

    def _add(self, row: Any, day: date | None, measures: dict[str, Any]) -> None:
        if day is None:
            return
        for team, share in self.owners(row.source, row.entity, row.owner_key):
            sums = self.sums[team, (day.year, day.month)]
            for name, value in measures.items():
                if value is not None:
                    sums[name] = sums.get(name, Fraction(0)) + Fraction(value) * share

    def _start_at_zero(self) -> None:
        """What a complete export without any row of a team means: none, where rows are what is counted."""
        months = [(2024 + (10 + n) // 12, (10 + n) % 12 + 1) for n in range(24)]
        for team, entry in self.teams.items():
            for owned in entry["owns"]:
                for month in months:
                    for name in COUNTED_ROWS.get(owned["source"], ()):
                        self.sums[team, month][name] = Fraction(0)

    def _count(self, rows: Facts) -> None:
        self._start_at_zero()
        for ad in rows["ad_daily"]:
            self._add(
                ad,
                ad.date,
                {
                    "ad_impressions": ad.impressions,
                    "ad_clicks": ad.clicks,
                    "ad_spend": self._euros(ad.spend, ad.currency, ad.date),
                    "ad_conversions": ad.conversions,
                    "ad_revenue": self._euros(ad.conversion_value, ad.currency, ad.date),
                },
            )
        for post in rows["social_post"]:
            self._add(
                post,
                post.date,
                {
                    "posts": 1,
                    "post_impressions": post.impressions,
                    "post_reach": post.reach,
                    "post_engagements": post.engagements,
                    "reached_engagements": None if post.reach is None else post.engagements,
                },
            )
        for web in rows["web_daily"]:
            self._add(
                web,
                web.date,
                {
                    "sessions": web.sessions,
                    "engaged_sessions": web.engaged_sessions,
                    "web_conversions": web.conversions,
                    "web_revenue": self._euros(web.revenue, web.currency, web.date),
                },
            )
        for sale in rows["sale"]:
            self._add(
                sale,
                sale.date,
                {
                    "orders": int(sale.amount >= 0),
                    "sales_revenue": self._euros(sale.amount, sale.currency, sale.date),
                    "new_customers": int(sale.amount >= 0 and sale.is_new_customer),
                },
            )
        for market in rows["market_size"]:
            self._add(
                market, market.date, {"market_size": self._euros(market.size, market.currency, market.date)}
            )
        for mention in rows["mention_daily"]:
            self._add(mention, mention.date, {"own_mentions": mention.own, "market_mentions": mention.market})
        self._count_leads(rows)
        self._count_answers(rows)
        self._count_followers(rows)
        self._count_budgets(rows)

    def _count_leads(self, rows: Facts) -> None:
        nothing = {"leads": 0, "mqls": 0, "sqls": 0, "mqls_accepted": 0, "deals_won": 0, "deal_amount": 0}
        for lead in rows["lead"]:
            if not lead.is_test:
                self._add(lead, lead.date, {**nothing, "leads": 1})
                accepted = int(lead.sql_date is not None)
                self._add(lead, lead.mql_date, {**nothing, "mqls": 1, "mqls_accepted": accepted})
                self._add(lead, lead.sql_date, {**nothing, "sqls": 1})
                if lead.won_date is not None:
                    euros = self._euros(lead.deal_amount, lead.currency, lead.won_date)
                    self._add(lead, lead.won_date, {**nothing, "deals_won": 1, "deal_amount": euros})

    def _count_answers(self, rows: Facts) -> None:
        for answer in rows["survey_response"]:
            nps, csat = answer.nps_score, answer.csat_score
            self._add(
                answer,
                answer.date,
                {
                    "nps_promoters": None if nps is None else int(nps >= 9),
                    "nps_detractors": None if nps is None else int(nps <= 6),
                    "nps_responses": int(nps is not None),
                    "csat_satisfied": None if csat is None else int(csat >= 4),
                    "csat_points": csat,
                    "csat_responses": int(csat is not None),
                },
            )

    def _count_followers(self, rows: Facts) -> None:
        last: dict[tuple[str, str, Month], tuple[date, Any]] = {}
        for page in rows["page_daily"]:
            self._add(page, page.date, {"new_followers": page.new_followers})
            key = (page.source, page.entity, (page.date.year, page.date.month))
            if page.followers is not None and (key not in last or last[key][0] <= page.date):
                last[key] = (page.date, page)
        for _, page in last.values():
            self._add(page, page.date, {"followers": page.followers})
        for post in rows["social_post"]:
            if (post.source, post.entity, (post.date.year, post.date.month)) in last:
                self._add(post, post.date, {"followed_engagements": post.engagements})

    def _count_budgets(self, rows: Facts) -> None:
        for plan in rows["budget"]:
            # the plan runs on; rates do not
            if plan.date <= date(2026, 10, 31):
                amounts = {
                    "budget": plan.budget,
                    "incremental_revenue": plan.incremental_revenue,
                    "incremental_margin": plan.incremental_margin,
                }
                euros = {name: self._euros(a, plan.currency, plan.date) for name, a in amounts.items()}
                self._add(plan, plan.date, euros)

    # -- scores -----------------------------------------------------------------------------------

    def lines(self, team: str, month: Month) -> dict[str, Line]:
        """Every KPI that scores the team in the month, by the row that was agreed on last."""
        last_day = (first_of(month, 1) - timedelta(days=1)).isoformat()
        valid = [
            row
            for row in self.targets
            if row["team"] == team and row["valid_from"] <= last_day < row["valid_until"]
        ]
        newest = {row["kpi"]: row for row in sorted(valid, key=lambda row: row.get("agreed_on") or "")}
        return {kpi: self._line(team, month, row) for kpi, row in newest.items()}

    def _line(self, team: str, month: Month, row: dict[str, str]) -> Line:
        kpi, weight = self.kpis[row["kpi"]], Fraction(row["weight"])
        if not kpi.get("formula") and "conditions" not in kpi["rule"]:
            return self._judged(team, month, row)
        if "conditions" in kpi["rule"]:
            score = naive.all_or_some(plain(kpi["rule"]), self.sums[team, month])
            return Line(None, weight, None, None, tenths(score))
        low, high, actual = self._aim(team, month, row)
        target = low if low == high else (low, high)
        attainment = attain(kpi["direction"], low, high, actual)
        if attainment is None:
            return Line(target, weight, actual, None, None)
        return Line(
            target, weight, actual, attainment, tenths(self._score(kpi["rule"], actual, low, attainment))
        )

    def _judged(self, team: str, month: Month, row: dict[str, str]) -> Line:
        """A line by what people said: events, a level, or the day that something was done."""
        weight, rule = Fraction(row["weight"]), self.kpis[row["kpi"]]["rule"]
        cells = self.said.get((team, month), {}).get(row["kpi"], {})
        if row.get("due"):
            return self._milestone(cells.get(DONE_ON), month, row)
        told = cells.get(LEVEL if rule["name"] == "qualitative" else EVENTS)
        if told is None:
            return Line(None, weight, None, None, None)
        actual = None if rule["name"] == "qualitative" else Fraction(told)
        return Line(None, weight, actual, None, tenths(getattr(naive, rule["name"])(plain(rule), told)))

    def _milestone(self, done: date | None, month: Month, row: dict[str, str]) -> Line:
        weight, rule = Fraction(row["weight"]), self.kpis[row["kpi"]]["rule"]
        start, due = date.fromisoformat(row["valid_from"]), date.fromisoformat(row["due"])
        planned = Fraction((due - start).days + 1)
        if done is None:
            attainment = Fraction(0) if first_of(month, 1) > due else None
            return Line(planned, weight, None, attainment, attainment)
        taken = Fraction((done - start).days + 1)
        score = tenths(naive.proportional(plain(rule), planned / taken))
        return Line(planned, weight, taken, planned / taken, score)

    def _aim(
        self, team: str, month: Month, row: dict[str, str]
    ) -> tuple[Fraction, Fraction, Fraction | None]:
        """Where the target lies, from and to, and the actual that is held against it."""
        kind, value = row.get("kind") or "absolute", Fraction(row["target"] or 0)
        if kind == "range":
            return Fraction(row["low"]), Fraction(row["high"]), self._value(team, month, row)
        if kind == "growth":
            basis = back(month, 12 if row["basis"] == "same_period_last_year" else 1)
            target = self._value(team, basis, row) * (1 + value)
            return target, target, self._value(team, month, row)
        if kind == "cumulative":
            start, until = date(month[0], 1, 1), date.fromisoformat(row["valid_until"])
            target = value * Fraction((first_of(month, 1) - start).days, (until - start).days)
            return target, target, sum(self._value(team, (month[0], m), row) for m in range(1, month[1] + 1))
        return value, value, self._value(team, month, row)

    def _value(self, team: str, month: Month, row: dict[str, str]) -> Fraction | None:
        """The KPI's formula over the month, and over the year so far where it says so."""
        sums = dict(self.sums[team, month])
        for m in range(1, month[1] + 1):
            for name, value in self.sums[team, (month[0], m)].items():
                to_date = f"{name}__year_to_date"
                sums[to_date] = sums.get(to_date, Fraction(0)) + value
        return worked_out(self.kpis[row["kpi"]]["formula"], sums)

    def _score(
        self, rule: dict[str, Any], actual: Fraction, target: Fraction, attainment: Fraction
    ) -> Fraction:
        if rule["name"] == "tolerance":
            return naive.tolerance(plain(rule), actual, target)
        return getattr(naive, rule["name"])(plain(rule), attainment)

    def total(self, team: str, month: Month) -> Fraction | None:
        """The weighted total over the KPIs that have a score: as appraised, where all marks are there."""
        scored = {kpi: line for kpi, line in self.lines(team, month).items() if line.score is not None}
        if not scored:
            return None
        appraised = {kpi: self._appraised(team, month, kpi, line.score) for kpi, line in scored.items()}
        if None in appraised.values():
            appraised = {kpi: line.score for kpi, line in scored.items()}
        weights = sum(line.weight for line in scored.values())
        return tenths(sum(line.weight * appraised[kpi] for kpi, line in scored.items()) / weights)

    def _appraised(self, team: str, month: Month, kpi: str, system: Fraction) -> Fraction | None:
        """70 % the system's, 10 % the own, 20 % the superior's; None where one of them is missing."""
        is_measured = self.kpis[kpi].get("formula") or "conditions" in self.kpis[kpi]["rule"]
        if "appraiser" not in self.teams[team] or not is_measured:
            return system
        cells = self.said.get((team, month), {}).get(kpi, {})
        if SELF not in cells or SUPERIOR not in cells:
            return None
        return (70 * system + 10 * Fraction(cells[SELF]) + 20 * Fraction(cells[SUPERIOR])) / 100


def worked_out(formula: str, sums: dict[str, Fraction]) -> Fraction | None:
    """The formula over measures; None where one is absent, or is divided by and 0."""
    try:
        return Fraction(eval(formula, {}, sums))  # noqa: S307
    except (NameError, ZeroDivisionError):
        return None


def tenths(value: Fraction) -> Fraction:
    """Half-up to one digit, a half away from zero."""
    size = Fraction((abs(value) * 10 + Fraction(1, 2)).__floor__(), 10)
    return size if value >= 0 else -size


def first_of(month: Month, later: int) -> date:
    """The first day of the month so many later."""
    year, number = back(month, -later)
    return date(year, number, 1)


def back(month: Month, count: int) -> Month:
    """The month so many before."""
    index = month[0] * 12 + month[1] - 1 - count
    return index // 12, index % 12 + 1


def attain(direction: str, low: Fraction, high: Fraction, actual: Fraction | None) -> Fraction | None:
    """How far the target is reached; None where nothing says so."""
    if actual is None or (direction == "lower" and actual <= 0):
        return None
    if direction == "range" and low != high:
        return actual / low if actual < low else high / actual if actual > high else Fraction(1)
    return low / actual if direction == "lower" else actual / low


def plain(value: Any) -> Any:
    """YAML's numbers as the text that stands there, which a fraction reads exactly."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value if isinstance(value, bool) else str(value)

"""Queries where a card's numbers came from and how complete they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, product

from book import trends
from book.evidence import Evidence, slice_of
from book.history import evidence_months, months_beside
from etl.quality.gate import ExpectedSlice, Gap, counted_facts, find_gaps
from pipeline.inputs.load_states import current_state
from pipeline.inputs.refused import rate_gaps, refused_gaps
from pipeline.site import Site
from scoring.evidence import MISSING_RATES, NOT_SAID, PARTLY_SAID, REFUSED_FILE, RateEvidence
from scoring.period import Period
from warehouse import LoadRecord, load_records, partly_said_by, rates, unsaid_by, used_currencies

Gaps = Mapping[Period, tuple[Gap, ...]]
"""The gaps that the gate found in each month."""


def gaps_behind(site: Site, period: Period) -> tuple[Gap, ...]:
    """All that is missing behind the figures of `period`."""
    months = evidence_months(site.book, period)
    return _all_gaps(site, months, gaps_of(site, months), load_records(site.warehouse, months))


def less_by_account(site: Site, gaps: Gaps) -> trends.Gaps:
    """All that is missing in the months for which a point of a trend is less than it would be."""
    months = sorted(gaps)
    records = load_records(site.warehouse, months)
    return trends.by_account(_all_gaps(site, months, gaps, records), map(slice_of, records))


def gather_evidence(site: Site, period: Period, gaps: Gaps, by_account: trends.Gaps) -> Evidence:
    """Query what the figures of `period` were loaded from.

    `gaps` are those of all months that its cards show, `by_account` those that make a point of a trend less.
    """
    months, beside = evidence_months(site.book, period), months_beside(site.book, period)
    records = load_records(site.warehouse, months)
    return Evidence(
        book=site.book,
        period=period,
        gaps=_all_gaps(site, months, gaps, records),
        beside=_beside(site, beside, gaps, by_account, {*beside, *months}) if beside else (),
        records=tuple(records),
        all_rates=_rates(site, period),
        load_state=current_state(site, period),
        by_account=by_account,
    )


def _beside(
    site: Site, beside: Sequence[Period], gaps: Gaps, less: trends.Gaps, shown: Collection[Period]
) -> tuple[Gap, ...]:
    """The gaps of the months beside a card's own, as they tell one month that it shows from another."""
    found = _all_gaps(site, beside, gaps, load_records(site.warehouse, beside))
    return tuple(gap for gap in found if less.tells(gap, shown))


def _all_gaps(
    site: Site, months: Sequence[Period], gaps: Gaps, records: Collection[LoadRecord]
) -> tuple[Gap, ...]:
    """Those of the gate and of missing rates, and those of refused files.

    That a month is missing goes without saying where its file was refused.
    """
    refused = refused_gaps(site, months, records)
    never_came = {slice_of(gap) for gap in refused if gap.code == REFUSED_FILE}
    found = chain.from_iterable(gaps[month] for month in months)
    others = (
        _said(site, gap) for gap in found if gap.code == MISSING_RATES or slice_of(gap) not in never_came
    )
    return tuple(sorted({*chain.from_iterable(others), *refused}))


def _said(site: Site, gap: Gap) -> Iterable[Gap]:
    """A gap in what an export says as one for each measure that nothing, or too little, is added to."""
    facts = site.book.sources[gap.source].facts
    unsaid = chain.from_iterable(unsaid_by(fact).get(gap.code, ()) for fact in facts)
    partly = chain.from_iterable(partly_said_by(fact).get(gap.code, ()) for fact in facts)
    named = (*product([NOT_SAID], unsaid), *product([PARTLY_SAID], partly))
    return [replace(gap, code=code, reason=name) for code, name in named] or [gap]


def _rates(site: Site, period: Period) -> tuple[RateEvidence, ...]:
    """The rates of the currencies in which amounts of the period are."""
    used = used_currencies(site.warehouse, period) - {site.book.currency_code}
    return tuple(
        RateEvidence(rate.currency_code, rate.first_rate, rate.last_rate, rate.source, site.book.rates_base)
        for rate in rates(site.warehouse, period)
        if rate.currency_code in used
    )


def gaps_of(site: Site, months: Collection[Period], today: date = date.max) -> Gaps:
    """The gaps of each month, of missing rates also; `today` is when platforms and databases were asked last.

    To look for rates reads all amounts, so it is done once for all months.
    """
    expected = tuple(
        ExpectedSlice(
            account.source,
            account.entity,
            site.book.sources[account.source].daily_facts,
            counted_facts(site.book.sources[account.source].facts),
            account.largest_drop,
            None if account.files else today,
        )
        for account in site.book.accounts
    )
    of_gate = find_gaps(site.warehouse, months, expected, site.book.today)
    found = [*of_gate, *rate_gaps(site, sorted(months))]
    return {month: tuple(gap for gap in found if gap.month == month) for month in months}

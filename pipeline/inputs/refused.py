"""The gaps of refused exports and missing exchange rates, by the accounts that lack something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from etl.quality.gate import Gap
from etl.sources import fx_rates
from pipeline.inputs.load_states import with_lookback
from pipeline.site import Site
from scoring.evidence import MISSING_RATES, REFUSED_FILE, REFUSED_NEWER_FILE, REFUSED_RATES
from scoring.period import Period
from warehouse import LoadRecord, Refusal, Slice, foreign_accounts, missing_rates, refusals


def refused_gaps(site: Site, months: Collection[Period], records: Iterable[LoadRecord]) -> list[Gap]:
    """The gaps of what was refused among the slices behind figures of these months."""
    loaded = {Slice(record.source, record.entity, record.month) for record in records}
    found = standing_refusals(site, with_lookback(site.book, months))
    return [gap for refusal in found for gap in _gaps(site, refusal, loaded)]


def _gaps(site: Site, refusal: Refusal, loaded: Collection[Slice]) -> Iterator[Gap]:
    """The refused slice itself; where it has exchange rates, every account with amounts to convert."""
    which = refusal.slice
    if which.source == fx_rates.NAME:
        for source, entity in foreign_accounts(site.warehouse, which.month):
            yield Gap(source, entity, which.month, REFUSED_RATES, (), refusal.reason)
        return
    code = REFUSED_NEWER_FILE if which in loaded else REFUSED_FILE
    yield Gap(which.source, which.entity, which.month, code, (), refusal.reason)


def standing_refusals(site: Site, months: Mapping[str, Collection[Period]]) -> list[Refusal]:
    """What is refused of these months of each source, of accounts that the book has."""
    wanted = {
        Slice(account.source, account.entity, month)
        for account in site.book.accounts
        for month in months[account.source]
    }
    return [each for each in refusals(site.warehouse, set().union(*months.values())) if each.slice in wanted]


def rate_gaps(site: Site, months: Sequence[Period]) -> Iterator[Gap]:
    """The accounts of `months` with amounts that have no exchange rate, and the days."""
    days: defaultdict[tuple[str, str, Period], set[date]] = defaultdict(set)
    # asked once for all months, so also for those between them
    for each in missing_rates(site.warehouse, months):
        days[each.source, each.entity, each.month].update(each.days)
    for (source, entity, month), missing in days.items():
        if month in months:
            yield Gap(source, entity, month, MISSING_RATES, tuple(sorted(missing)))

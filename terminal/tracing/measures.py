"""The measures of a figure with their SQL files, and the exchange rates of its amounts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from scoring.evidence import RateEvidence
from terminal.numbers import exact
from tracing.subject import Subject, TracedMeasure
from warehouse import measure_file

DIGEST_SHOWN = 12


def measure_lines(subject: Subject) -> Iterator[str]:
    """Each measure with its value on the card, its days, and the file that now declares it."""
    for measure in subject.measures:
        first, last = measure.days[0], measure.days[1] - timedelta(days=1)
        value = "no data" if measure.value is None else exact(measure.value)
        yield f"{measure.name} = {value}, {first} to {last}"
        yield f"  {_declared(measure, subject.card.currency_code)}"


def _declared(measure: TracedMeasure, currency_code: str) -> str:
    spec = measure.spec
    if spec is None:
        return "no SQL file computes it any more"
    file = measure_file(measure.base)
    digest = hashlib.sha256(file.text.encode()).hexdigest()[:DIGEST_SHOWN]
    unit = currency_code if spec.unit == "money" else spec.unit
    return f"{spec.rollup} of {spec.fact}, {unit}, by sql/measures/{file.name}.sql (now sha256 {digest})"


def _codes(subject: Subject) -> set[str | None]:
    """The currencies of the accounts behind the figure; None of one that has no currency of its own."""
    return {source.currency_code for source in subject.sources if source.source != "fx_rates"}


def rate_lines(subject: Subject) -> Iterator[str]:
    """The rates of the currencies that the amounts can be in; nothing if there are no amounts."""
    if not subject.result.has_money:
        return
    codes = _codes(subject)
    for rate in subject.card.rates:
        # an account without a currency of its own may have amounts in any
        if codes & {None, rate.currency_code}:
            yield _rate(rate, subject.card.currency_code)


def _rate(rate: RateEvidence, home: str) -> str:
    return (
        f"1 {rate.currency_code} = {exact(rate.first_rate)} {home} on the period's first day, "
        f"{exact(rate.last_rate)} on its last, by {rate.source}"
    )

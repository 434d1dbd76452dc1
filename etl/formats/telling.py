"""What a file says of itself: whose it is, of which month, in which order it writes day and month."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date

import pyarrow.compute as pc

from etl.account import Account
from etl.formats.definition import Format
from etl.formats.fields import kind_of_field, spans_above
from etl.formats.numbers import NO_CURRENCY
from etl.formats.recognition import Recognised
from etl.formats.signs import ACCOUNT_ID, ACCOUNT_NAME, lines_above
from etl.reading.days import DAY_FIRST, MONTH_FIRST, Moment, moment, order_of, possible_order
from scoring.errors import BadFileError
from scoring.period import Period
from warehouse.facts import fact_catalog

NOBODY = Account("", "", None, "UTC", ())
_NO_NAME = ("", "-", "--")
Cells = Mapping[str, Sequence[str]]


def cells_of(found: Recognised) -> Cells:
    """The different cells of each field, in the order of the file; none where the rows cannot be cut."""
    places = {name: some[0] for name, some in found.header.places.items()}
    try:
        body = found.candidate.table.body(found.header.record, sorted(set(places.values())))
    except BadFileError:
        return {}
    unique = {place: pc.unique(cells).to_pylist() for place, cells in body.columns.items()}
    return {name: [(cell or "").strip() for cell in unique[place]] for name, place in places.items()}


def account_of(found: Recognised, cells: Cells) -> Account:
    """An account that the file could be of: as it calls its account itself, in no currency but its own."""
    entity, name = _named(found, cells, "entity"), _named(found, cells, "name")
    currency = None if _says_currency(found) else NO_CURRENCY
    return Account(found.format.source, entity or "", currency, "UTC", (), printed_as=name)


def _says_currency(found: Recognised) -> bool:
    rule = found.format.rule("currency_code")
    has_column = "currency_code" in found.header.places and not rule.always
    return rule.take != "currency" or has_column or "currency" in found.header.said


def _named(found: Recognised, cells: Cells, group: str) -> str | None:
    """The account's id (`entity`) or its `name`, where the file says it."""
    signs = found.format.signs
    column = cells.get(ACCOUNT_ID if group == "entity" else ACCOUNT_NAME, ())
    patterns = {"": signs.line} if signs.line is not None else {}
    said = [cell for cell in column if cell not in _NO_NAME]
    said += _matches(patterns.values(), lines_above(found), group)
    for field, pattern in signs.within.items():
        said += _matches([pattern], cells.get(field, ()), group)
    return next(iter(said), None)


def _matches(patterns: Iterable[re.Pattern[str]], texts: Iterable[str], group: str) -> Iterator[str]:
    texts = list(texts)
    for pattern in patterns:
        if group in pattern.groupindex:
            found = (pattern.search(text) for text in texts)
            yield from (match[group].strip() for match in found if match is not None)


def month_of(found: Recognised, cells: Cells, account: Account) -> Period | None:
    """The month that the file is of: that of lines above its header, or of most of its days.

    None where it has no days, and where nothing says which of two numbers is the month.
    """
    spans = list(spans_above(found, account))
    if spans:
        return Period.containing(spans[0][0])
    moments = _moments(cells.get(dated_field(found) or "", ()))
    order = account.options.get("days") or found.format.days or order_of_days(moments)
    days = [] if order is None else [*_days(moments, order)]
    counted = Counter(map(Period.containing, days))
    return max(counted, key=lambda month: (counted[month], month), default=None)


def dated_field(found: Recognised) -> str | None:
    """The field of the file that decides a row's month; None where it has none."""
    form, places = found.format, found.header.places
    if form.fact is None:
        return next((name for name in places if kind_of_field(form, name) == "day"), None)
    dated = fact_catalog()[form.fact].dated
    names = (dated, form.rule(dated).copy_of)
    return next((name for name in names if name in places), None)


def order_of_days(moments: Sequence[Moment]) -> str | None:
    """The order in which all days can be, and if both can, that in which they lie in one month."""
    unsure = [each for each in moments if each.order is None and each.first != each.second]
    return possible_order(unsure) or _order_within_a_month(unsure) if unsure else MONTH_FIRST


def _order_within_a_month(unsure: Sequence[Moment]) -> str | None:
    within = [order for order in (MONTH_FIRST, DAY_FIRST) if len(_months(unsure, order)) == 1]
    return within[0] if len(within) == 1 else None


def _months(moments: Sequence[Moment], order: str) -> set[Period]:
    """The months that days lie in, none where one of them is no day."""
    days = [*_days(moments, order)]
    return {*map(Period.containing, days)} if len(days) == len(moments) else set()


def said_order(texts: Iterable[str], form: Format, account: Account, month: Period | None) -> str | None:
    """How days are written: `year first`, `month first`, `day first` or `by name`; None where none are."""
    moments = _moments(texts)
    if not moments:
        return None
    usual = Counter(each.form for each in moments).most_common(1)[0][0]
    return _order_of_two(moments, form, account, month) if usual == "two" else _FORMS.get(usual, "year first")


def _order_of_two(
    moments: Sequence[Moment], form: Format, account: Account, month: Period | None
) -> str | None:
    known = None if month is None else order_of(moments, month.__contains__)
    order = account.options.get("days") or known or order_of_days(moments) or form.days
    return order and str(order).replace("_", " ")


_FORMS = {
    "dotted": "day first",
    "named": "month by name",
    "named_after": "month by name",
    "short": "month by name",
}


def _moments(texts: Iterable[str]) -> list[Moment]:
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(moment(f"{text}-01" if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text) else text))
    return found


def _days(moments: Iterable[Moment], order: str) -> Iterator[date]:
    for each in moments:
        with suppress(ValueError):
            yield each.day(order)

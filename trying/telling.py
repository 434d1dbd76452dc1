"""What a file says of itself: whose it is, of which month, in which order it writes day and month."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from itertools import chain, filterfalse, product
from operator import attrgetter

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account
from etl.formats.columns import only_one
from etl.formats.definition import Format, RowRule
from etl.formats.fields import fields_of_kind, needs_currency, spans_above
from etl.formats.notes import without_note
from etl.formats.numbers import NO_CURRENCY
from etl.formats.recognition import Header, Missed, Names, Recognised
from etl.formats.rows import ANY
from etl.formats.signs import ACCOUNT_ID, ACCOUNT_NAME, NO_NAME, groups_in, lines_above
from etl.reading.days import DAY_FIRST, MONTH_FIRST, Moment, moments_in, order_of, possible_order
from etl.reading.document import Candidate
from etl.reading.workbook_table import ROOM
from etl.sources.fx_rates import is_currency
from scoring.errors import BadFileError
from scoring.period import Period
from unpacking.package import BadWorkbookError, unpacked

NOBODY = Account("", "", None, "", ())
_COLUMNS = {"entity": ACCOUNT_ID, "name": ACCOUNT_NAME}
Cells = Mapping[str, Sequence[str]]


def cells_of(found: Recognised) -> Cells:
    """The different cells of each field, in the order of the file; none where the rows cannot be cut."""
    places = {name: some[0] for name, some in found.header.places.items()}
    try:
        whole = found.candidate.table.body(found.header.record, sorted(set(places.values())))
    except BadFileError:
        return {}
    body, _ = without_note(found, whole)
    return {name: pc.unique(_plain(body.columns[place])).to_pylist() for name, place in places.items()}


def _plain(cells: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(pc.fill_null(cells, ""))


def dated_cells(found: Recognised, cells: Cells) -> Sequence[str]:
    """The cells of the field that decides a row's month."""
    return cells.get(dated_field(found) or "", ())


def account_of(found: Recognised, cells: Cells) -> Account:
    """An account that it could be of: as it calls its account itself, in no currency or zone but its own."""
    entity, name = _named(found, cells, "entity"), _named(found, cells, "name")
    currency = None if says_currency(found) else NO_CURRENCY
    return Account(found.format.source, entity or "", currency, "", (), printed_as=name)


def says_currency(found: Recognised) -> bool:
    """Whether an export names the currency of its amounts, or has none that need one."""
    if not needs_currency(found):
        return True
    rule = found.format.rule("currency_code")
    has_column = "currency_code" in found.header.places and not rule.always
    return rule.take != "currency" or has_column or "currency" in found.header.said


def _named(found: Recognised, cells: Cells, group: str) -> str | None:
    """The account's id (`entity`) or its `name`, where the file says it."""
    signs = found.format.signs
    said = [*filterfalse(NO_NAME.__contains__, cells.get(_COLUMNS[group], ()))]
    if signs.line is not None:
        said += groups_in(signs.line.search, lines_above(found), group)
    for field, pattern in signs.within.items():
        said += groups_in(pattern.search, cells.get(field, ()), group)
    return next(map(str.strip, said), None)


def is_signed_for(missed: Missed, candidate: Candidate) -> bool:
    """Whether a table of which the header is only almost that of a format is signed as if it were of it."""
    places = Names(missed.format).places(missed.record.cells)
    return is_signed(Recognised(missed.format, candidate, Header(missed.record, places, "", {})))


def is_signed(found: Recognised) -> bool:
    """Whether the lines above the header, or the rows of totals, are as the format's platform writes them."""
    patterns = filter(None, (*found.format.period, found.format.signs.line))
    return _any_match(patterns, [*lines_above(found)]) or _has_totals(found)


def is_told(found: Recognised, names: Iterable[Names]) -> bool:
    """Whether a column, or what stands around the rows, is only written so by the format's platform.

    A format of any sheet, which is assumed, is of no platform.
    """
    form = found.format
    others = [each for each in names if each.format.source != form.source and each.format.fact == form.fact]
    return _has_own_column(found, others) or form.status == "assumed" or is_signed(found)


def _has_own_column(found: Recognised, others: Sequence[Names]) -> bool:
    """Whether it has a column that none of the other formats has."""
    cells = (found.header.record.cells[place] for place, *_ in found.header.places.values())
    return any(not _is_known(cell, others) for cell in cells)


def _is_known(cell: str, others: Iterable[Names]) -> bool:
    """Whether any of the formats has a column of that name."""
    return any(each.places((cell,)) for each in others)


def _has_totals(found: Recognised) -> bool:
    rules = [rule for rule in found.format.rows if rule.total is not None]
    cells = _with_any(cells_of(found)) if rules else {}
    return any(_has_total(rule, cells) for rule in rules)


def _with_any(cells: Cells) -> Cells:
    return {**cells, ANY: [*chain.from_iterable(cells.values())]}


def _any_match(patterns: Iterable[re.Pattern[str]], texts: Sequence[str]) -> bool:
    return any(pattern.fullmatch(text) for pattern, text in product(patterns, texts))


def _has_total(rule: RowRule, cells: Cells) -> bool:
    """Whether there are cells with all words of a total; empty cells are no words."""
    words = {name: pattern for name, pattern in rule.where.items() if not pattern.fullmatch("")}
    return bool(words) and all(_any_match([pattern], cells.get(name, ())) for name, pattern in words.items())


def month_of(found: Recognised, cells: Cells, account: Account) -> Period | None:
    """The month that the file is of: that of lines above its header, or of most of its days.

    None where it has no days, and where nothing says which of two numbers is the month.
    """
    span = next(spans_above(found, account), None)
    return _month_of_days(found, cells, account) if span is None else Period.containing(span[0])


def _month_of_days(found: Recognised, cells: Cells, account: Account) -> Period | None:
    counted = months_of(found, cells, account)
    return max(counted, key=lambda month: (counted[month], month), default=None)


def months_of(found: Recognised, cells: Cells, account: Account) -> Counter[Period]:
    """How many days of a file lie in each month; none where nothing says which number is the month."""
    moments = moments_in(dated_cells(found, cells))
    order = account.options.get("days") or found.format.days or order_of_days(moments)
    return Counter(map(Period.containing, [] if order is None else _days(moments, order)))


def dated_field(found: Recognised) -> str | None:
    """The field of the file that decides a row's month; None where it has none."""
    form = found.format
    if form.fact is None:
        return next(iter(fields_of_kind(found, "day")), None)
    likely = (form.spec.dated, form.rule(form.spec.dated).copy_of or "")
    return next(filter(found.header.places.__contains__, likely), None)


def order_of_days(moments: Sequence[Moment]) -> str | None:
    """The order in which all days can be, and if both can, that in which they lie in one month."""
    unsure = [*filter(attrgetter("is_ambiguous"), moments)]
    return possible_order(unsure) or _order_within_a_month(unsure)


def _order_within_a_month(unsure: Sequence[Moment]) -> str | None:
    return only_one([order for order in (MONTH_FIRST, DAY_FIRST) if len(_months(unsure, order)) == 1])


def _months(moments: Sequence[Moment], order: str) -> set[Period]:
    """The months that days lie in, none where one of them is no day."""
    days = [*_days(moments, order)]
    return {*map(Period.containing, days)} if len(days) == len(moments) else set()


def said_order(texts: Iterable[str], form: Format, account: Account, month: Period | None) -> str | None:
    """How days are written: `year first`, `month first`, `day first` or `by name`; None where none are."""
    moments = moments_in(texts)
    if not moments:
        return None
    usual = Counter(each.form for each in moments).most_common(1)[0][0]
    return _order_of_two(moments, form, account, month) if usual == "two" else _FORMS.get(usual, "year first")


def _order_of_two(
    moments: Sequence[Moment], form: Format, account: Account, month: Period | None
) -> str | None:
    known = None if month is None else order_of(moments, month.__contains__)
    likely = (account.options.get("days"), known, order_of_days(moments), form.days)
    order = next(filter(None, likely), None)
    return order and str(order).replace("_", " ")


_FORMS = {
    "dotted": "day first",
    "named": "month by name",
    "named_after": "month by name",
    "short": "month by name",
}


def _days(moments: Iterable[Moment], order: str) -> Iterator[date]:
    for each in moments:
        with suppress(ValueError):
            yield each.day(order)


def table_of_rates(content: bytes) -> bytes | None:
    """The text of a file, or of one packed in it, whose columns are a day and currencies; None for others."""
    texts: Collection[bytes] = [content]
    if content.startswith(b"PK"):
        with suppress(BadWorkbookError):
            texts = unpacked(content, ROOM).values()
    return next(filter(_is_of_rates, texts), None)


def _is_of_rates(content: bytes) -> bool:
    header = content.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace")
    first, *others = [cell.strip().strip('"') for cell in header.split(",")]
    codes = [*filter(None, others)]
    return first == "Date" and bool(codes) and all(map(is_currency, codes))

"""The numbers of a column, exact, once it is known in which style they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from etl.formats.columns import first, none_of
from etl.formats.definition import Format
from etl.formats.rows import Rows
from etl.formats.styling import Numeric, written_cells
from etl.reading.styles import MONEY, PLAIN, NumberStyle, matches, plain_decimals, rounded, written
from scoring.errors import NEW_EXPORT

_OF_SIGNS = (
    "€ EUR, £ GBP EGP GIP, ¥ JPY CNY, ￥ JPY CNY, 元 CNY TWD HKD, 円 JPY, ₩ KRW, ₹ INR, ₽ RUB, ₺ TRY, ₫ VND, "
    "₪ ILS, ₱ PHP, ฿ THB, zł PLN, Kč CZK, Ft HUF, kr SEK NOK DKK ISK, kr. DKK SEK NOK, US$ USD, R$ BRL, "
    "A$ AUD, C$ CAD, S$ SGD"
)
"""The currencies that each sign may stand for."""
_SIGNS = {sign: codes for sign, *codes in map(str.split, _OF_SIGNS.split(","))}
_MOST = Decimal(10) ** 12
_MOST_DIGITS = 6
_LEAST_OF_A_FRACTION, _LEAST_OF_A_DOUBLE, _MOST_OF_A_DOUBLE = 12, 15, 17
_LONGEST = 30
_SHORTENED = (
    (
        r"(?i)^[^a-z]*[0-9][  ]?(k|m|b|bn|mn|mm|mil|(tsd|mio|mrd|mln|tys)\.?)$",
        "a number such as 12K or 1.2M is rounded, as a page shows it, and its other digits are lost: take "
        "the platform's own download, which has all of them, instead of a copy of the page, and rerun",
    ),
    (
        r"^[-+]?[0-9.,]+[eE][-+]?[0-9]+$",
        "a spreadsheet or program has shortened numbers to powers of ten, as 1234 to 1.2E+03: take the "
        "original export, not opened before, or have all digits written, and rerun",
    ),
)
"""Ways of writing a number without all of its digits, and what helps."""
NO_CURRENCY = "XXX"
"""What ISO 4217 has for no currency: an amount of which nothing says what money it is."""
_DOLLARS = ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN", "ARS", "CLP", "COP", "BRL")


def read_numbers(form: Format, rows: Rows, each: Numeric, style: NumberStyle) -> pa.Array:
    """The values of a field as decimals, null where there is none; raises `BadRowError`."""
    values = _as_written(form, rows, each, style)
    if each.field in rows.plain:
        values = pc.coalesce(_of_the_program(rows, each), values)
    return _checked(rows, each, values)


def _as_written(form: Format, rows: Rows, each: Numeric, style: NumberStyle) -> pa.Array:
    cells = written_cells(form, rows, each)
    is_taken_as_it_is = each.rule.times == 1 and not each.rule.round
    values = plain_decimals(cells, style) if is_taken_as_it_is else None
    return _one_by_one(rows, each, style, cells) if values is None else values


def _one_by_one(rows: Rows, each: Numeric, style: NumberStyle, cells: pa.Array) -> pa.Array:
    expected = "a whole number such as 1234" if each.is_whole else f"a number such as {style.sample()}"
    expected += _limit(cells)
    return rows.taken(
        each.field,
        cells,
        lambda cell: _exact(written(cell).value(style), each),
        MONEY,
        expected,
        _step(cells),
    )


def _step(cells: pa.Array) -> str:
    """What helps where cells of a column do not say all digits of their numbers."""
    short = (hint for pattern, hint in _SHORTENED if pc.any(pc.match_substring_regex(cells, pattern)).as_py())
    return next(short, NEW_EXPORT)


def is_shortened(cell: str) -> bool:
    """Whether a cell is a number without all of its digits."""
    return any(re.search(pattern, cell) for pattern, _ in _SHORTENED)


def _limit(cells: pa.Array) -> str:
    """What else a column is to be like where a cell of it has more digits than are kept."""
    is_fine = pc.match_substring_regex(cells, rf"[.,][0-9]{{{_MOST_DIGITS + 1},}}|E-")
    return f", with at most {_MOST_DIGITS} digits after the point" if pc.any(is_fine).as_py() else ""


def _of_the_program(rows: Rows, each: Numeric) -> pa.Array:
    """What are numbers to the program that wrote the file."""
    is_plain, cells = rows.plain[each.field], none_of(rows.column(each.field))
    own = none_of(pc.if_else(is_plain, cells, pa.scalar(None, pa.string())), ["NAN"])
    return rows.taken(each.field, own, lambda cell: _plain(cell, each), MONEY, f"a number{_limit(own)}")


def _checked(rows: Rows, each: Numeric, values: pa.Array) -> pa.Array:
    """The values, if none is out of bounds, negative where that cannot be, or a broken count."""
    for is_bad, expected in _bounds(each, values):
        bad = pc.fill_null(is_bad, False)
        if pc.any(bad).as_py():
            raise rows.unreadable(bad, each.field, expected)
    return values


def _bounds(each: Numeric, values: pa.Array) -> Iterator[tuple[pa.Array, str]]:
    if each.rule.bounds is not None:
        lowest, highest = each.rule.bounds
        outside = pc.or_(pc.less(values, _amount(lowest)), pc.greater(values, _amount(highest)))
        yield outside, f"a whole number from {lowest} to {highest}"
    if not each.may_be_negative:
        yield pc.less(values, _amount(0)), "a number from 0 up"
    if each.is_whole:
        yield pc.not_equal(values, pc.round(values)), "a whole number such as 1234"


def _amount(value: int) -> pa.Scalar:
    return pa.scalar(Decimal(value), MONEY)


def _plain(cell: str, each: Numeric) -> Decimal:
    mantissa, _, exponent = cell.partition("E")
    if abs(int(exponent or 0)) > _LONGEST:
        raise ValueError(cell)
    return _exact(PLAIN.decimal(mantissa).scaleb(int(exponent or 0)), each)


def _exact(value: Decimal, each: Numeric) -> Decimal:
    """A number of at most six digits after the point; of any if the format rounds, or a program divided."""
    exact = value * each.rule.times
    # one of thirty digits cannot even be rounded
    found = rounded(exact) if abs(exact) < _MOST else exact
    is_cut = found != exact and not (each.rule.round or _is_quotient(value))
    if is_cut or abs(found) >= _MOST:
        raise ValueError(value)
    return found


def _is_quotient(value: Decimal) -> bool:
    """Whether a number has all digits of a double, such as a third: nobody has entered them."""
    _, digits, exponent = value.as_tuple()
    is_long = len(digits) >= _LEAST_OF_A_DOUBLE or int(exponent) <= -_LEAST_OF_A_FRACTION
    return is_long and len(digits) <= _MOST_OF_A_DOUBLE


def hold_signs(rows: Rows, fields: Iterable[Numeric], codes: pa.Array) -> None:
    """Raise `BadFileError` for an amount with the sign of another currency than its row's."""
    for each in fields:
        if each.is_money and not matches(rows.column(each.field), r"[-0-9., ]*"):
            _refuse_other_sign(rows, each.field, codes)


def _refuse_other_sign(rows: Rows, field: str, codes: pa.Array) -> None:
    signs = map(_sign, rows.column(field).to_pylist())
    index = first(pa.array([*map(_is_of, signs, codes.to_pylist())], pa.bool_()), False)
    if index >= 0:
        raise rows.refusal(index, field, f"an amount in {codes[index]}")


def _is_of(sign: str, code: str | None) -> bool:
    """Whether a sign can stand for a currency; no sign and no currency contradict nothing."""
    known = _SIGNS.get(sign) or (sign, *(_DOLLARS if "$" in sign else ()))
    return not sign or code in (None, "", NO_CURRENCY) or code in known


def _sign(cell: str) -> str:
    try:
        return written(cell).currency
    except ValueError:
        return ""

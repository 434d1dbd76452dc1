"""The numbers of a column, exact, once it is known in which style they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from etl.formats.definition import Format
from etl.formats.rows import Rows
from etl.formats.styling import Numeric, written_cells
from etl.reading.styles import MONEY, PLAIN, NumberStyle, matches, plain_decimals, rounded, written

_SIGNS: Mapping[str, frozenset[str]] = {
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP", "EGP", "GIP"}),
    "¥": frozenset({"JPY", "CNY"}),
    "￥": frozenset({"JPY", "CNY"}),
    "元": frozenset({"CNY", "TWD", "HKD"}),
    "円": frozenset({"JPY"}),
    "₩": frozenset({"KRW"}),
    "₹": frozenset({"INR"}),
    "₽": frozenset({"RUB"}),
    "₺": frozenset({"TRY"}),
    "₫": frozenset({"VND"}),
    "₪": frozenset({"ILS"}),
    "₱": frozenset({"PHP"}),
    "฿": frozenset({"THB"}),
    "zł": frozenset({"PLN"}),
    "Kč": frozenset({"CZK"}),
    "Ft": frozenset({"HUF"}),
    "kr": frozenset({"SEK", "NOK", "DKK", "ISK"}),
    "kr.": frozenset({"DKK", "SEK", "NOK"}),
    "US$": frozenset({"USD"}),
    "R$": frozenset({"BRL"}),
}
_MOST = Decimal(10) ** 12
NO_CURRENCY = "XXX"
"""What ISO 4217 has for no currency: an amount of which nothing says what money it is."""
_DOLLARS = frozenset(["USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN", "ARS", "CLP", "COP", "BRL"])


def read_numbers(form: Format, rows: Rows, each: Numeric, style: NumberStyle) -> pa.Array:
    """The values of a field as decimals, null where there is none; raises `BadRowError`."""
    texts = written_cells(form, rows, each)
    fast = None if each.rule.times != 1 or each.rule.round else plain_decimals(texts, style)
    if each.field not in rows.plain and fast is not None:
        return _checked(rows, each, fast)
    if fast is None:
        fast = _parsed(rows, each, texts, lambda cell: _value(cell, style, each), _expected(each, style))
    if each.field in rows.plain:
        own = pc.if_else(rows.plain[each.field], rows.column(each.field), pa.scalar(None, pa.string()))
        own = pc.if_else(pc.equal(own, ""), pa.scalar(None, pa.string()), own)
        numbers = _parsed(rows, each, own, lambda cell: _plain(cell, each), "a number")
        fast = pc.coalesce(numbers, fast)
    return _checked(rows, each, fast)


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
    if not (each.rule.signed if each.rule.signed is not None else not each.is_whole):
        yield pc.less(values, _amount(0)), "a number from 0 up"
    if each.is_whole:
        yield pc.not_equal(values, pc.round(values)), "a whole number such as 1234"


def _amount(value: int) -> pa.Scalar:
    return pa.scalar(Decimal(value), MONEY)


def _parsed(
    rows: Rows, each: Numeric, cells: pa.Array, parse: Callable[[str], Decimal], expected: str
) -> pa.Array:
    encoded = pc.dictionary_encode(cells)
    values: list[Decimal | None] = []
    bad: list[int] = []
    for position, cell in enumerate(encoded.dictionary.to_pylist()):
        try:
            values.append(parse(cell))
        except ValueError:
            bad.append(position)
            values.append(None)
    if bad:
        is_bad = pc.is_in(encoded.indices, value_set=pa.array(bad, encoded.indices.type))
        raise rows.unreadable(pc.fill_null(is_bad, False), each.field, expected)
    return pc.take(pa.array(values, MONEY), encoded.indices)


def _value(cell: str, style: NumberStyle, each: Numeric) -> Decimal:
    return _exact(written(cell).value(style), each)


def _plain(cell: str, each: Numeric) -> Decimal:
    mantissa, _, exponent = cell.partition("E")
    return _exact(PLAIN.decimal(mantissa).scaleb(int(exponent or 0)), each)


def _exact(value: Decimal, each: Numeric) -> Decimal:
    """A number of at most six digits after the point; where the format rounds, of any."""
    exact = value * each.rule.times
    # one of thirty digits cannot even be rounded
    found = rounded(exact) if abs(exact) < _MOST else exact
    if abs(found) >= _MOST or (found != exact and not each.rule.round):
        raise ValueError(value)
    return found


def _expected(each: Numeric, style: NumberStyle) -> str:
    return "a whole number such as 1234" if each.is_whole else f"a number such as {style.sample()}"


def hold_signs(rows: Rows, fields: Iterable[Numeric], codes: pa.Array) -> None:
    """Raise `BadFileError` for an amount with the sign of another currency than its row's."""
    for each in fields:
        cells = rows.column(each.field)
        if not matches(cells, r"[-0-9., ]*"):
            signs = zip(map(_sign, cells.to_pylist()), codes.to_pylist(), strict=True)
            index = next((at for at, (sign, code) in enumerate(signs) if not _is_of(sign, code)), None)
            if index is not None:
                raise rows.refusal(index, each.field, f"an amount in {codes[index]}")


def _is_of(sign: str, code: str | None) -> bool:
    """Whether a sign can stand for a currency; no sign and no currency contradict nothing."""
    dollars = _DOLLARS if "$" in sign else frozenset()
    return not sign or code in (None, "", NO_CURRENCY) or code in _SIGNS.get(sign, dollars | {sign})


def _sign(cell: str) -> str:
    try:
        return written(cell).currency
    except ValueError:
        return ""

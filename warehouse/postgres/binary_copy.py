"""Rows in PostgreSQL's binary COPY format, encoded a column at a time.

The format is described in the chapter on COPY of the PostgreSQL manual: before each value its length in
bytes, -1 for none; numbers in network order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

START = b"PGCOPY\n\xff\r\n\0" + bytes(8)
"""What comes before all rows: the signature, no flags, no extension."""

END = b"\xff\xff"
"""What comes after all rows."""

_SHORT, _INT, _LONG = ">i2", ">i4", ">i8"
_NO_VALUE = -1
_EPOCH_DAYS = (date(2000, 1, 1) - date(1970, 1, 1)).days
_DIGIT_BASE, _DIGIT_PLACES = 10_000, 4
_NEGATIVE = 0x4000
# what fits into 64 bits, also as whole digits
_PLACES, _LARGEST_SCALE = 18, 16

Integers = npt.NDArray[np.integer]
Word = tuple[str, int | Integers]
"""A number of each row, or the same of all, and numpy's name of the type in which it is sent."""


def binary_rows(batch: pa.RecordBatch) -> pa.Buffer:
    """The rows of `batch`, each with all its columns in order; between `START` and `END` they are a COPY.

    Raises `TypeError` for a type that no fact or measure has.
    """
    if not batch.num_rows:
        return pa.py_buffer(b"")
    rows = pc.binary_join_element_wise(*_parts(batch), b"")
    _, offsets, content = rows.buffers()
    ends = np.frombuffer(offsets, np.int32)
    first, last = ends[rows.offset], ends[rows.offset + len(rows)]
    return content.slice(first, last - first)


def _parts(batch: pa.RecordBatch) -> Iterator[pa.Array]:
    """The parts of the rows in order; consecutive fixed-length columns form one part."""
    pending: list[Word] = [(_SHORT, batch.num_columns)]
    for column in batch.columns:
        words = None if pa.types.is_string(column.type) else _words(column)
        if words is not None and not column.null_count:
            pending += [(_INT, _width(words)), *words]
            continue
        yield _joined([*pending, (_INT, _lengths(column, words))], batch.num_rows)
        pending = []
        yield _values(column, words)
    if pending:
        yield _joined(pending, batch.num_rows)


def _values(column: pa.Array, words: Sequence[Word] | None) -> pa.Array:
    """What is sent of each value; nothing in place of a missing one."""
    values = column.cast(pa.binary()) if words is None else _joined(words, len(column))
    return pc.if_else(column.is_valid(), values, b"") if column.null_count else values


def _lengths(column: pa.Array, words: Sequence[Word] | None) -> Integers:
    lengths = pc.binary_length(column) if words is None else pa.repeat(_width(words), len(column))
    if column.null_count:
        lengths = pc.if_else(column.is_valid(), lengths, _NO_VALUE)
    found: Integers = lengths.to_numpy()
    return found


def _width(words: Sequence[Word]) -> int:
    return sum(np.dtype(kind).itemsize for kind, _ in words)


def _joined(words: Sequence[Word], count: int) -> pa.Array:
    """The words of each row as one value of `count` values."""
    rows = np.empty(count, [(str(place), kind) for place, (kind, _) in enumerate(words)])
    for place, (_, numbers) in enumerate(words):
        rows[str(place)] = numbers
    ends = np.arange(count + 1, dtype=np.int32) * rows.itemsize
    return pa.Array.from_buffers(pa.binary(), count, [None, pa.py_buffer(ends), pa.py_buffer(rows)])


def _words(column: pa.Array) -> Sequence[Word]:
    """The encoded values; a missing one has arbitrary content."""
    kind = column.type
    if pa.types.is_decimal128(kind) and 0 <= kind.scale <= _LARGEST_SCALE and _before(kind) <= _PLACES:
        halves = _halves if kind.precision <= _PLACES else _wide_halves
        return _numeric(*halves(column), kind)
    if kind not in _WORDS:
        raise TypeError(f"expected a type that facts have, found {kind}")
    return _WORDS[kind](column)


_WORDS: Mapping[pa.DataType, Callable[[pa.Array], Sequence[Word]]] = {
    pa.date32(): lambda column: [(_INT, _in_memory(column, "<i4") - _EPOCH_DAYS)],
    pa.int64(): lambda column: [(_LONG, _in_memory(column, "<i8"))],
    pa.bool_(): lambda column: [("i1", _in_memory(column.cast(pa.int8()), "i1"))],
}


def _before(kind: pa.Decimal128Type) -> int:
    """The places before the decimal point."""
    return int(kind.precision - kind.scale)


def _halves(column: pa.Array) -> tuple[Integers, Integers, Integers]:
    """Decimals within 64 bits: what is before the point, what is after it, and a number of their sign."""
    unscaled = _low(column)
    return *_divided(np.abs(unscaled), 10**column.type.scale), unscaled


def _wide_halves(column: pa.Array) -> tuple[Integers, Integers, Integers]:
    """The same of decimals either half of which fits into 64 bits."""
    truncated = pc.trunc(column)
    whole, fraction = _low(truncated.cast(pa.decimal128(_PLACES, 0))), _low(pc.subtract(column, truncated))
    return np.abs(whole), np.abs(fraction), np.minimum(whole, fraction)


def _low(column: pa.Array) -> Integers:
    """The low half of the 16 bytes of decimals."""
    return _in_memory(column, "<i8", 2)[::2]


def _numeric(
    whole: Integers, fraction: Integers, signed: Integers, kind: pa.Decimal128Type
) -> Sequence[Word]:
    """Decimals as base-10,000 digits, equally many for each value; the server drops zeros at the ends.

    Before them: their number, the exponent of the first, the sign, and the number of decimal places shown.
    """
    before, after = (-(-places // _DIGIT_PLACES) for places in (_before(kind), kind.scale))
    fraction = fraction * 10 ** (after * _DIGIT_PLACES - kind.scale)
    signs: Integers = np.where(signed < 0, _NEGATIVE, 0)
    head: list[int | Integers] = [before + after, before - 1, signs, kind.scale]
    return [(_SHORT, numbers) for numbers in (*head, *_digits(whole, before), *_digits(fraction, after))]


def _digits(numbers: Integers, count: int) -> Sequence[Integers]:
    found: list[Integers] = []
    for _ in range(count):
        numbers, last = _divided(numbers, _DIGIT_BASE)
        found.insert(0, last)
    return found


def _divided(numbers: Integers, by: int) -> tuple[Integers, Integers]:
    """Quotient and remainder; numpy's own `divmod` takes three times as long."""
    quotients = numbers // by
    return quotients, numbers - quotients * by


def _in_memory(column: pa.Array, kind: str, words: int = 1) -> Integers:
    """The numbers as stored in memory, `words` of them per value."""
    begin = column.offset * words * np.dtype(kind).itemsize
    found: Integers = np.frombuffer(column.buffers()[1], kind, len(column) * words, begin)
    return found

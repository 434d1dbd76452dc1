"""Rows of an answer, as the lines of a file that a format reads: an object on each line, in one order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import Any

from pulling.paths import every, first, plain, written
from pulling.platform import Questions, Sums, Wide
from pulling.styles import UnsoundError

_HALF_A_DAY = timedelta(hours=12)


def rows_of(page: Any, asked: Questions) -> list[Any]:
    """The rows of a page as objects."""
    found = [*_raw(page, asked)]
    named = [_named(each, page, asked.columns) for each in found] if asked.columns else found
    return [_shaped(each, asked) for each in named]


def count_of(page: Any, asked: Questions) -> int:
    """How many rows a page has."""
    return sum(1 for _ in _raw(page, asked))


def _raw(page: Any, asked: Questions) -> Iterator[Any]:
    # a counter is no list
    items = () if asked.counter else ("*",)
    found = every(page, ".".join([*filter(None, [asked.rows]), *items]))
    return found if asked.inner is None else _inner(found, asked.inner)


def _inner(rows: Iterable[Any], path: str) -> Iterator[Any]:
    """The items of a list in each row, with the fields of the row."""
    pairs = ((row, each) for row in rows for each in every(row, f"{path}.*"))
    return ({**row, path: None, **each} if isinstance(each, Mapping) else each for row, each in pairs)


def _named(row: Any, page: Any, columns: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """A row whose cells are lists, as an object with the names of its columns."""
    cells: dict[str, Any] = {}
    for names, values in columns:
        cells.update(zip(map(str, every(page, names)), every(row, values), strict=False))
    return cells


def _shaped(row: Any, asked: Questions) -> Any:
    """A row in which lists of names with values have become objects, and seconds have become times."""
    if not isinstance(row, dict):
        raise UnsoundError("a row that is no object")
    shapes = (_paired, _timed, _more, _sums, _dated, _ended)
    return {**row, **{key: value for shape in shapes for key, value in shape(row, asked).items()}}


def _paired(row: Mapping[str, Any], asked: Questions) -> dict[str, Any]:
    known = ((key, of) for key, of in asked.pairs.items() if len(of) > 2 or key in row)
    return {key: _object(_items(row, key, of), of[0], of[1]) for key, of in known}


def _items(row: Mapping[str, Any], key: str, of: Sequence[str]) -> Iterator[Any]:
    return every(row, of[2] if len(of) > 2 else f"{key}.*")


def _dated(row: Mapping[str, Any], asked: Questions) -> dict[str, str]:
    return {key: _day(first(row, path)) for key, path in asked.days.items()}


def _ended(row: Mapping[str, Any], asked: Questions) -> dict[str, str]:
    return {key: _day_before(first(row, path)) for key, path in asked.ended.items()}


def _day_before(moment: Any) -> str:
    try:
        return (datetime.fromisoformat(str(moment)) - _HALF_A_DAY).date().isoformat()
    except ValueError:
        raise UnsoundError("a time that is none") from None


def _day(parts: Any) -> str:
    try:
        return date(*(int(parts[name]) for name in ("year", "month", "day"))).isoformat()
    except (KeyError, TypeError, ValueError):
        raise UnsoundError("a day that is none") from None


def _timed(row: Mapping[str, Any], asked: Questions) -> dict[str, str]:
    return {key: _time(row[key]) for key in asked.epochs if row.get(key)}


def _more(row: Mapping[str, Any], asked: Questions) -> dict[str, Any]:
    return {key: first(row, path) for key, path in asked.values.items()}


def _sums(row: Mapping[str, Any], asked: Questions) -> dict[str, str]:
    return {key: str(sum(_sum([row], path) for path in paths)) for key, paths in asked.added.items()}


def _time(seconds: object) -> str:
    try:
        return datetime.fromtimestamp(int(str(seconds)), UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        raise UnsoundError("a time that is no number of seconds") from None


def _object(items: Iterable[Any], name: str, value: str) -> dict[str, Any]:
    return {str(first(each, name)): next(every(each, value), None) for each in items}


def widened(rows: Sequence[Any], wide: Wide | None) -> list[Any]:
    """Rows of one figure each put together to rows of several."""
    if wide is None:
        return [*rows]
    made: dict[str, dict[str, Any]] = {}
    for row in rows:
        shared = {path: first(row, path) for path in wide.by}
        figures = made.setdefault(written(shared), shared)
        figures[str(first(row, wide.name))] = next(every(row, wide.value), None)
    return [*made.values()]


def lines_of(rows: Iterable[Any], most_bytes: int) -> list[str]:
    """The rows as lines; raises `UnsoundError` where they are more than that many bytes."""
    lines, size = list[str](), 0
    for row in rows:
        line = written(row)
        size += len(line)
        if size > most_bytes:
            raise UnsoundError("more rows than SCOREWRIGHT_MAX_EXPORT_MB lets in")
        lines.append(line)
    return lines


def refuse_repeated(rows: Sequence[Any], key: Sequence[str]) -> None:
    """Raise `UnsoundError` where two rows are the same one: rows moved while they were pulled."""
    if not key:
        return
    keys = [tuple(str(first(row, path)) for path in key) for row in rows]
    if len(set(keys)) < len(keys):
        twice = len(keys) - len(set(keys))
        raise UnsoundError(f"{twice:,} rows twice")


def refuse_foreign(pages: Sequence[Any], own: Mapping[str, str]) -> None:
    """Raise `UnsoundError` where rows say that they are not of the account that was asked for."""
    for path, expected in own.items():
        _refuse_another(pages, path, expected)


def _refuse_another(pages: Sequence[Any], path: str, expected: str) -> None:
    found = set(map(str, _plain_values(pages, path)))
    if expected and found - {expected}:
        raise UnsoundError(f"rows of {min(found - {expected})[:40]!r}, which is not {expected!r}")


def refuse_other_sums(rows: Sequence[Any], pages: Sequence[Any], sums: Sums | None) -> None:
    """Raise `UnsoundError` where the rows do not add up to the totals that the platform gives."""
    if sums is None:
        return
    totals = [*_all_values(pages, sums.at)]
    if rows and not totals:
        raise UnsoundError("no sums of its rows")
    for field in sums.fields:
        _refuse_another_sum(field, _sum(rows, field), _sum(totals, field))


def _refuse_another_sum(field: str, added: Decimal, total: Decimal) -> None:
    if added != total:
        raise UnsoundError(f"rows whose {field} add up to {added} and not to {total}")


def _sum(rows: Iterable[Any], field: str) -> Decimal:
    return sum(_amounts(rows, field), Decimal(0))


def _amounts(rows: Iterable[Any], field: str) -> Iterator[Decimal]:
    found = _plain_values(rows, field)
    try:
        return iter([Decimal(str(each)) for each in found if each is not None])
    except InvalidOperation:
        raise UnsoundError(f"a {field} that is no number") from None


def _all_values(items: Iterable[Any], path: str) -> Iterator[Any]:
    """The values at a path in all of the items."""
    return chain.from_iterable(every(each, path) for each in items)


def _plain_values(items: Iterable[Any], path: str) -> Iterator[object]:
    return map(plain, _all_values(items, path))


def as_file(lines: Iterable[str]) -> bytes:
    """The lines in one order, whatever order the platform gave them in: the same rows are the same bytes."""
    return "".join(f"{line}\n" for line in sorted(lines)).encode()

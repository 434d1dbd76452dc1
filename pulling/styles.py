"""The ways in which platforms hand out pages, each as one small function from a first question to all pages.

`ask` gives the value of an answer. A token or link that comes a second time, and pages without end, are
refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pulling.asking import Request
from pulling.paths import every, first
from pulling.platform import Pages
from pulling.secrets import HIDDEN

Ask = Callable[[Request], Any]
RowsOf = Callable[[Any], int]


class UnsoundError(Exception):
    """Pages that do not make a whole; `found` is what is wrong with them."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


class TooManyError(UnsoundError):
    """More rows than the platform gives for one question: fewer days have to be asked for at once."""


def stream(ask: Ask, first_one: Request, _: Pages, __: RowsOf) -> Iterator[Any]:
    """Everything in one answer."""
    yield ask(first_one)


def token(ask: Ask, first_one: Request, how: Pages, _: RowsOf) -> Iterator[Any]:
    """Each page has the token of the next one."""

    def following(page: Any) -> Request | None:
        found = _next_token(page, how)
        return None if found is None else first_one.putting(how.into or "", found)

    return _chain(ask, first_one, how, following)


def _next_token(page: Any, how: Pages) -> Any:
    """The token of the next page; None on the last one."""
    found = first(page, how.next or "")
    is_last = found in (None, "") or (how.more is not None and first(page, how.more) in (None, "", False))
    return None if is_last else found


def link(ask: Ask, first_one: Request, how: Pages, _: RowsOf) -> Iterator[Any]:
    """Each page has the address of the next one."""

    def following(page: Any) -> Request | None:
        found = first(page, how.next or "")
        return replace(first_one, **_linked(str(found), how)) if found else None

    return _chain(ask, first_one, how, following)


def _linked(address: str, how: Pages) -> dict[str, Any]:
    asked = parse_qsl(urlsplit(address).query, keep_blank_values=True)
    # a secret that the link repeats is hidden by now, and stands in the headers
    kept = {name: value for name, value in asked if name not in how.leave_out and value != HIDDEN}
    return {"address": address.partition("?")[0], "params": kept}


def _chain(
    ask: Ask, first_one: Request, how: Pages, following: Callable[[Any], Request | None]
) -> Iterator[Any]:
    request: Request | None = first_one
    seen = set[str]()
    while request is not None:
        if request.key in seen:
            raise UnsoundError("a page that leads back to one before it")
        seen.add(request.key)
        _refuse_endless(len(seen), how)
        page = ask(request)
        yield page
        request = following(page)


def offset(ask: Ask, first_one: Request, how: Pages, rows_of: RowsOf) -> Iterator[Any]:
    """Each page begins so many rows further."""
    return _counted(ask, first_one, how, rows_of, how.size)


def page(ask: Ask, first_one: Request, how: Pages, rows_of: RowsOf) -> Iterator[Any]:
    """Each page has the next number."""
    return _counted(ask, first_one, how, rows_of, 1)


def _counted(ask: Ask, first_one: Request, how: Pages, rows_of: RowsOf, step: int) -> Iterator[Any]:
    """Up to the last page by the platform's own word; where it has none, up to a page without rows."""
    at, seen, is_short = how.start, 0, False
    for number in range(1, how.most + 2):
        _refuse_endless(number, how)
        found = ask(first_one.putting(how.into or "", at))
        rows = rows_of(found)
        if rows and is_short:
            raise UnsoundError("rows after a page that was not full")
        yield found
        seen, at, is_short = seen + rows, at + step, rows < how.size
        if _is_last(found, how, seen, number, rows):
            return


def _is_last(found: Any, how: Pages, seen: int, number: int, rows: int) -> bool:
    return not rows or _has_reached(found, how.last, number) or _has_reached(found, how.total, seen)


def _has_reached(found: Any, path: str | None, count: int) -> bool:
    said = first(found, path) if path else None
    return isinstance(said, int) and count >= said


def _refuse_endless(number: int, how: Pages) -> None:
    if number > how.most:
        raise UnsoundError(f"more than {how.most:,} pages")


def whole(pages: Iterator[Any], how: Pages, rows_of: RowsOf) -> Iterator[Any]:
    """The pages as they come; raises `UnsoundError` where the number of rows that they declare is another
    from page to page, is not that of the rows that came, or is not there.
    """
    totals, rows = list[str](), 0
    for found in pages:
        totals += _declared(found, how) if not (how.total_once and totals) else ()
        rows += _counted_rows(found, how, rows_of)
        _refuse_too_many(rows, totals, how)
        _refuse_moving(totals)
        yield found
    _refuse_incomplete(rows, totals, how)


def _refuse_incomplete(rows: int, totals: list[str], how: Pages) -> None:
    if how.total and rows:
        _refuse_undeclared(totals, how.total)
    if totals and totals[0] != str(rows):
        raise UnsoundError(f"{rows:,} rows of the {totals[0]} that it declares")


def _declared(found: Any, how: Pages) -> list[str]:
    return [*map(str, every(found, how.total))] if how.total else []


def _counted_rows(found: Any, how: Pages, rows_of: RowsOf) -> int:
    """How many rows a page has; raises `UnsoundError` where it says another number itself."""
    rows = rows_of(found)
    said = first(found, how.count) if how.count else rows
    if said != rows:
        raise UnsoundError(f"a page of {rows:,} rows that declares {said!r:.20}")
    return rows


def _refuse_undeclared(totals: list[str], path: str) -> None:
    if not totals:
        raise UnsoundError(f"no number of its rows at {path!r}")


def _refuse_too_many(rows: int, totals: list[str], how: Pages) -> None:
    known = [rows, *(int(each) for each in totals if each.isdecimal())]
    if how.most_rows is not None and max(known) >= how.most_rows:
        raise TooManyError(f"{max(known):,} rows, as many as it gives at most or more")


def _refuse_moving(totals: list[str]) -> None:
    if len(set(totals)) > 1:
        raise UnsoundError(f"a number of rows that changes, {' and '.join(sorted(set(totals)))}")


STYLES: Mapping[str, Callable[[Ask, Request, Pages, RowsOf], Iterator[Any]]] = {
    "stream": stream,
    "token": token,
    "link": link,
    "offset": offset,
    "page": page,
}

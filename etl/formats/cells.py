"""Cells that are no numbers: texts, ids, days, words, currencies; a whole column at a time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account
from etl.formats.definition import FieldRule, Format
from etl.formats.rows import Rows
from etl.reading.days import DAY_FIRST, MONTH_FIRST, Moment, moment, order_of, possible_order
from scoring.period import Period

_EXPONENT = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{2}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_SAVED_BY_EXCEL = (
    "the file was saved by Excel or another spreadsheet, which rounds long ids; take the original export, "
    "not opened before, and rerun"
)
_KEPT_DIGITS, _NO_CHANCE = 15, 3


def texts(rows: Rows, field: str, rule: FieldRule) -> pa.Array:
    """The cells as they are; empty ones are null or what the format says of them."""
    cells = rows.column(field)
    if rule.first_of is not None:
        cells = _distinct(rows, field, cells, lambda cell: cell.split(rule.first_of or ";")[0].strip(), "")
    if rule.extract is not None:
        cells = _extracted(rows, field, rule, cells)
    if rule.shape is not None:
        cells = _distinct(rows, field, _present(cells), _shaped(rule.shape), "text of the right shape")
    filled = pa.scalar(rule.blank, pa.string())
    return pc.if_else(pc.equal(pc.fill_null(cells, ""), ""), filled, cells)


def _extracted(rows: Rows, field: str, rule: FieldRule, cells: pa.Array) -> pa.Array:
    pattern = rule.extract

    def extract(cell: str) -> str:
        match = None if pattern is None else pattern.search(cell)
        if match is None:
            raise ValueError(cell)
        return match["value"]

    return _distinct(rows, field, _present(cells), extract, "what the format looks for in it")


def _shaped(shape: re.Pattern[str]) -> Callable[[str], str]:
    def parse(cell: str) -> str:
        if not shape.fullmatch(cell):
            raise ValueError(cell)
        return cell

    return parse


def ids(rows: Rows, field: str, rule: FieldRule) -> pa.Array:
    """Ids as text; raises `BadFileError` for those that a spreadsheet has rounded."""
    cells = _distinct(rows, field, rows.column(field), _bare, "an id")
    _refuse_rounded(rows, field, cells)
    if rule.shape or rule.extract or rule.first_of:
        return texts(rows, field, rule)
    return pc.if_else(pc.equal(cells, ""), pa.scalar(rule.blank, pa.string()), cells)


def _refuse_rounded(rows: Rows, field: str, cells: pa.Array) -> None:
    known = pc.unique(cells).to_pylist()
    broken = next((cell for cell in known if _EXPONENT.fullmatch(cell)), None) or _rounded_one(known)
    if broken is not None:
        index = pc.index(cells, pa.scalar(broken)).as_py()
        raise rows.refusal(index, field, "an id with all its digits", hint=_SAVED_BY_EXCEL)


def _bare(cell: str) -> str:
    """Some platforms put an id in brackets, or a mark before it that keeps spreadsheets from rounding it."""
    plain = cell.removeprefix("'").removeprefix('="').removesuffix('"') if cell[:1] in "'=" else cell
    return plain[1:-1] if re.fullmatch(r"\[[0-9]+\]", plain) else plain


def _rounded_one(known: Iterable[str]) -> str | None:
    """One of the long ids, where all have zeros in place of digits that a spreadsheet cannot keep."""
    long = [cell for cell in known if cell.isdecimal() and len(cell) > _KEPT_DIGITS]
    beyond = "".join(cell[_KEPT_DIGITS:] for cell in long)
    return long[0] if len(beyond) >= _NO_CHANCE and not beyond.strip("0") else None


def days(
    rows: Rows,
    field: str,
    rule: FieldRule,
    *,
    account: Account,
    form: Format,
    month: Period,
    known_order: str | None,
) -> pa.Array:
    """Days in the account's time zone; raises `BadFileError` where day and month cannot be told apart."""
    cells = _present(rows.column(field))
    is_none = pc.is_in(rows.column(field), value_set=pa.array([*form.missing, *rule.missing], pa.string()))
    cells = pc.if_else(is_none, pa.scalar(None, pa.string()), cells)
    moments = _distinct_values(rows, field, cells, _moment_of, f"a day such as {month.start.isoformat()}")
    _refuse_mixed(rows, field, moments)
    order = _order(rows, field, moments, account=account, form=form, month=month, known=known_order)
    zone = rule.zone or None
    values = [None if each is None else _local(each, order, zone, account) for each in moments.values()]
    bad = pa.array([each is False for each in values], pa.bool_())
    encoded = pc.dictionary_encode(cells)
    if pc.any(bad).as_py():
        is_bad = pc.fill_null(pc.take(bad, encoded.indices), False)
        raise rows.unreadable(is_bad, field, f"a day such as {month.start.isoformat()}")
    dates = pa.array([each or None for each in values], pa.date32())
    return pc.take(dates, encoded.indices)


def _refuse_mixed(rows: Rows, field: str, moments: Mapping[str, Moment]) -> None:
    """Raise `BadRowError` for days in another form than most of the column: somebody has edited them."""
    forms = Counter(each.form for each in moments.values())
    if len(forms) < 2 or field in rows.plain:
        return
    usual = forms.most_common(1)[0][0]
    sample = next(text for text, each in moments.items() if each.form == usual)
    others = pa.array([text for text, each in moments.items() if each.form != usual], pa.string())
    is_other = pc.is_in(rows.column(field), value_set=others)
    raise rows.unreadable(is_other, field, f"a day written like {sample}, as most others")


def _moment_of(cell: str) -> Moment:
    return moment(cell)


def _local(each: Moment, order: str, zone: str | None, account: Account) -> date | bool:
    try:
        return each.local(order, zone, account.time_zone)
    except ValueError:
        return False


def _order(
    rows: Rows,
    field: str,
    moments: Mapping[str, Moment],
    *,
    account: Account,
    form: Format,
    month: Period,
    known: str | None,
) -> str:
    """Which of two numbers is the month; raises `BadFileError` where nothing says it.

    The month asked for says it only where all rows must be of it.
    """
    unsure = {text: each for text, each in moments.items() if each.order is None}
    said: str | None = account.options.get("days") or known
    order = said or possible_order(unsure.values())
    if form.other_months == "refuse":
        order = order or order_of(unsure.values(), month.__contains__)
    order = order or form.days
    if order is None and _differs(unsure.values()):
        index = pc.index(rows.column(field), pa.scalar(next(iter(unsure)))).as_py()
        raise rows.refusal(
            index,
            field,
            "days of which the month is known",
            hint=f"say `days: {MONTH_FIRST}` or `days: {DAY_FIRST}` at the account in sources.yaml and rerun",
        )
    return order or MONTH_FIRST


def _differs(moments: Iterable[Moment]) -> bool:
    """Whether the order makes any difference: 10/10 is the same day both ways."""
    return any(each.first != each.second for each in moments)


def months(rows: Rows, field: str) -> pa.Array:
    """The first day of a month, written as a day or as `2026-10`."""

    def parse(cell: str) -> date:
        text = f"{cell}-01" if re.fullmatch(r"[0-9]{4}-[0-9]{2}", cell) else cell
        day = moment(text).day(MONTH_FIRST)
        if day.day != 1:
            raise ValueError(cell)
        return day

    return _taken(rows, field, _present(rows.column(field)), parse, pa.date32(), "the first day of a month")


def words(rows: Rows, field: str, rule: FieldRule, own: Mapping[str, Iterable[str]]) -> pa.Array:
    """The platform's words as the values that the format, or the account's `own` words, give them.

    Raises `BadRowError` for a word that is in neither.
    """
    some = [_spelled(pattern) for patterns in rule.words.values() for pattern in patterns if pattern][:6]
    expected = f"one of {', '.join(some)} (others are named with `words` at the account)"
    missing = [*rule.missing, *([] if rule.blank is None else [""])]
    cells = rows.column(field)
    is_none = pc.is_in(cells, value_set=pa.array(missing, pa.string()))
    cells = pc.if_else(is_none, pa.scalar(None, pa.string()), cells)
    found = _taken(rows, field, cells, _vocabulary(rule, own), pa.string(), expected)
    return found if rule.blank is None else pc.fill_null(found, rule.blank)


def _spelled(pattern: str) -> str:
    """A word as a person would write it, where the format has a pattern for its spellings."""
    plain = re.sub(r"\\[()]|\[[^\]]*\][?*+]?", "", pattern)
    return re.sub(r"\([^()]*\)[?*+]?", "", plain).replace(".*", "").replace("?", "").strip()


def _vocabulary(rule: FieldRule, own: Mapping[str, Iterable[str]]) -> Callable[[str], str]:
    """What looks a word up; it raises `ValueError` for one that is not known."""
    own_values = {word.casefold(): value for value, some in own.items() for word in some}
    known = {re.compile(each, re.IGNORECASE): value for value, some in rule.words.items() for each in some}

    def value_of(cell: str) -> str:
        if cell.casefold() in own_values:
            return own_values[cell.casefold()]
        for pattern, value in known.items():
            if pattern.fullmatch(cell):
                return value
        raise ValueError(cell)

    return value_of


def flags(rows: Rows, field: str, rule: FieldRule, own: Mapping[str, Iterable[str]]) -> pa.Array:
    """Yes and no in the platform's words."""
    usual = {
        "true": ("true", "yes", "1", "ja", "oui", "sí", "si", "sim", "是", "はい"),
        "false": ("false", "no", "0", "nein", "non", "não", "nao", "否", "いいえ"),
    }
    known = rule if rule.words else rule.model_copy(update={"words": usual})
    return pc.equal(words(rows, field, known, own), "true")


def currencies(rows: Rows, field: str, only: str | None) -> pa.Array:
    """ISO 4217 codes; if the account has one currency (`only`), no other is accepted."""

    def parse(cell: str) -> str:
        code = cell.upper()
        if not _CURRENCY.fullmatch(code) or code != (only or code):
            raise ValueError(cell)
        return code

    expected = f"the currency code {only}" if only else "a currency code such as EUR"
    return _taken(rows, field, _present(rows.column(field)), parse, pa.string(), expected)


def _present(cells: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells)


def _distinct(
    rows: Rows, field: str, cells: pa.Array, parse: Callable[[str], str], expected: str
) -> pa.Array:
    return _taken(rows, field, cells, parse, pa.string(), expected)


def _distinct_values(
    rows: Rows, field: str, cells: pa.Array, parse: Callable[[str], Any], expected: str
) -> dict[str, Any]:
    """Each different cell with what `parse` makes of it, in the order of a dictionary encoding."""
    encoded = pc.dictionary_encode(cells)
    values, bad = {}, []
    for position, cell in enumerate(encoded.dictionary.to_pylist()):
        try:
            values[cell] = parse(cell)
        except ValueError:
            bad.append(position)
    if bad:
        is_bad = pc.is_in(encoded.indices, value_set=pa.array(bad, encoded.indices.type))
        raise rows.unreadable(pc.fill_null(is_bad, False), field, expected)
    return values


def _taken(
    rows: Rows, field: str, cells: pa.Array, parse: Callable[[str], Any], kind: pa.DataType, expected: str
) -> pa.Array:
    """Parse each different cell once; a `ValueError` of `parse` refuses its rows."""
    values = _distinct_values(rows, field, cells, parse, expected)
    return pc.take(pa.array(list(values.values()), kind), pc.dictionary_encode(cells).indices)

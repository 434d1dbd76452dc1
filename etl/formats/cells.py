"""Cells that are no numbers: texts, ids, days, words, currencies; a whole column at a time."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain, islice
from operator import attrgetter
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account
from etl.formats.columns import first, none_of, of_each_cell, only_one
from etl.formats.definition import FieldRule, Format
from etl.formats.recognition import Recognised
from etl.formats.rows import Rows
from etl.reading.days import (
    DAY_FIRST,
    MONTH_FIRST,
    Moment,
    day_or_month,
    moment,
    moments_of_column,
    order_of,
    possible_order,
    zone_behind,
)
from scoring.errors import NEW_EXPORT, BadRowError
from scoring.period import Period

_EXPONENT = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{2}")
CURRENCY = re.compile(r"[A-Z]{3}")
_SAVED_BY_EXCEL = (
    "the file was saved by Excel or another spreadsheet, which rounds long ids; take the original export, "
    "not opened before, and rerun"
)
_ONE_WAY = "write all days of the column in one way, or take the original export, and rerun"
_SAY_ORDER = f"say `days: {MONTH_FIRST}` or `days: {DAY_FIRST}` at the account in sources.yaml and rerun"
_TURNED = (
    "a spreadsheet has made dates of those days that it could read, with day and month in its own order; "
    "take the original export, not opened before, and rerun"
)
_GROUPED_BY = (
    "a spreadsheet has put signs between thousands, or several ids stand there; take the original export, "
    "with `;` between several ids, and rerun"
)
_BLANKS = str.maketrans("\u00a0\u202f", "  ")
_SAME_DAY_OF_MONTHS = 2
_KEPT_DIGITS = 15
_LONG = re.compile(rf"\d{{{_KEPT_DIGITS + 1},}}")
_NO_CHANCE = re.compile("0{3,}")
_FRACTION = re.compile(r"[0-9]+\.0+")
_BRACKETED = re.compile(r"\[[0-9]+\]")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}([,'’\u00a0\u202f][0-9]{3})+")
FLAGS = {
    "true": ("true", "yes", "1", "ja", "oui", "sí", "si", "sim", "是", "はい"),
    "false": ("false", "no", "0", "nein", "non", "não", "nao", "否", "いいえ"),
}


@dataclass(frozen=True, slots=True)
class Task:
    """A table, its format, whose it is, for which month, and those of its fields that are numbers."""

    found: Recognised
    account: Account
    month: Period
    rows: Rows
    numbers: Mapping[str, pa.Array]

    @property
    def form(self) -> Format:
        """The table's format."""
        return self.found.format


def texts(rows: Rows, field: str, rule: FieldRule) -> pa.Array:
    """The cells as they are; empty ones are null or what the format says of them."""
    cells = of_each_cell(rows.column(field), _composed, pa.string())
    if rule.first_of:
        first_of = partial(_first_of, signs=re.compile("|".join(map(re.escape, rule.first_of))))
        cells = of_each_cell(cells, first_of, pa.string())
    if rule.extract is not None:
        value_in = partial(_value_in, pattern=rule.extract)
        cells = rows.taken(field, none_of(cells), value_in, pa.string(), "what the format looks for in it")
    if rule.shape is not None:
        shaped = partial(_shaped, shape=rule.shape)
        cells = rows.taken(field, none_of(cells), shaped, pa.string(), "text of the right shape")
    return pc.coalesce(none_of(cells), pa.scalar(rule.blank, pa.string()))


def _composed(cell: str) -> str:
    """A text as others write it that look the same: letters in one piece, and blanks that may break."""
    return cell if cell.isascii() else unicodedata.normalize("NFC", cell.translate(_BLANKS))


def _first_of(cell: str, signs: re.Pattern[str]) -> str:
    return signs.split(cell, maxsplit=1)[0].strip()


def _value_in(cell: str, pattern: re.Pattern[str]) -> str:
    match = pattern.search(cell)
    if match is None:
        raise ValueError(cell)
    return match["value"]


def _shaped(cell: str, shape: re.Pattern[str]) -> str:
    if not shape.fullmatch(cell):
        raise ValueError(cell)
    return cell


def ids(rows: Rows, field: str, rule: FieldRule) -> pa.Array:
    """Ids as text; raises `BadFileError` for those that a spreadsheet has rounded, or parted by thousands."""
    cells = of_each_cell(rows.column(field), _bare, pa.string())
    known = pc.unique(cells).to_pylist()
    broken = [*filter(_EXPONENT.fullmatch, known), *_rounded(known)]
    _refuse_any(rows, field, cells, broken, "an id with all its digits", _SAVED_BY_EXCEL)
    # `1,101` may be an id with a sign between its thousands, or two ids: it would meet no other
    grouped = [*filter(_is_grouped, known)]
    _refuse_any(rows, field, cells, grouped, "an id without signs between its digits", _GROUPED_BY)
    return of_each_cell(texts(rows, field, rule), _bare, pa.string())


def _refuse_any(
    rows: Rows, field: str, cells: pa.Array, bad: Sequence[str], expected: str, hint: str
) -> None:
    if bad:
        raise rows.refusal(first(cells, bad[0]), field, expected, hint=hint)


def _is_grouped(cell: str) -> bool:
    return any(_GROUPED.fullmatch(part.strip()) for part in cell.split(";"))


def _bare(cell: str) -> str:
    """An id alone.

    Some platforms put it in brackets, or a mark before it that keeps spreadsheets from rounding it; programs
    that take a column with gaps for numbers write `101.0`.
    """
    plain = cell.removeprefix("'").removeprefix('="').removesuffix('"') if cell[:1] in "'=" else cell
    if _FRACTION.fullmatch(plain):
        return plain.partition(".")[0]
    return plain[1:-1] if _BRACKETED.fullmatch(plain) else plain


def _rounded(known: Iterable[str]) -> list[str]:
    """The long ids, where all have zeros in place of digits that a spreadsheet cannot keep."""
    long = [*filter(_LONG.fullmatch, known)]
    beyond = "".join(cell[_KEPT_DIGITS:] for cell in long)
    return long if _NO_CHANCE.fullmatch(beyond) else []


def days(task: Task, field: str, rule: FieldRule, known_order: str | None) -> pa.Array:
    """Days in the account's time zone; raises `BadFileError` where day and month cannot be told apart."""
    there, name = task.account.time_zone, task.rows.header.name(field)
    if not there:
        return days_as_written(task, field, rule, known_order)
    own = ZoneInfo(rule.zone) if rule.zone else None

    def day_of(each: Moment, order: str) -> date:
        if each.at is None:
            return each.day(order)
        return each.local(order, own or zone_behind(name, each.year, there), there)

    return _days(task, field, rule, known_order, day_of)


def days_as_written(task: Task, field: str, rule: FieldRule, known_order: str | None) -> pa.Array:
    """The days that stand in the file, whatever day it was in the account's time zone."""
    return _days(task, field, rule, known_order, Moment.day)


def _days(
    task: Task,
    field: str,
    rule: FieldRule,
    known_order: str | None,
    day_of: Callable[[Moment, str], date],
) -> pa.Array:
    rows = task.rows
    cells = none_of(rows.column(field), ("", *task.form.missing, *rule.missing))
    expected = f"a day such as {task.month.start.isoformat()}"
    moments = rows.parsed(field, cells, moment, expected)
    _refuse_mixed(rows, field, moments)
    order = _order(task, field, moments, known_order)
    # a new export would have the same days
    is_turned = possible_order([*_without_order(moments).values()]) not in (None, order)
    return rows.taken(
        field,
        cells,
        lambda cell: day_of(moments[cell], order),
        pa.date32(),
        expected,
        _SAY_ORDER if is_turned else NEW_EXPORT,
    )


def _refuse_mixed(rows: Rows, field: str, moments: Mapping[str, Moment]) -> None:
    """Raise `BadRowError` for days in another form than most of the column: somebody has edited them."""
    if field not in rows.plain:
        _refuse_unlike(rows, field, {text: each.form for text, each in moments.items()})
    _refuse_turned(rows, field, moments)
    # only `31/10` and `10/31` together tell that there is no one order
    orders = {text: possible_order([each]) for text, each in moments.items() if each.is_ambiguous}
    _refuse_unlike(rows, field, orders)


def _refuse_unlike(rows: Rows, field: str, ways: Mapping[str, str | None]) -> None:
    """Raise `BadRowError` for the cells in another way than most of them; those of no way may be in any."""
    alike: defaultdict[str | None, list[str]] = defaultdict(list)
    for text, way in ways.items():
        alike[way].append(text)
    alike.pop(None, None)
    if len(alike) > 1:
        usual = max(alike.values(), key=len)
        others = pa.array([*{*chain(*alike.values())} - {*usual}], pa.string())
        is_other = pc.is_in(rows.column(field), value_set=others)
        raise rows.unreadable(is_other, field, f"a day written like {usual[0]}, as most others", _ONE_WAY)


def _refuse_turned(rows: Rows, field: str, moments: Mapping[str, Moment]) -> None:
    """Dates of a workbook beside texts such as `10/13/2026`: those that became dates may be others now."""
    unsure = pa.array([*_without_order(moments)], pa.string())
    if len(unsure) and rows.has_plain(field):
        index = first(pc.is_in(rows.column(field), value_set=unsure))
        expected = "days that all are dates, or all are texts"
        raise rows.refusal(index, field, expected, hint=_TURNED)


def _without_order(moments: Mapping[str, Moment]) -> dict[str, Moment]:
    """Those that do not say which of their numbers is the month."""
    return {text: each for text, each in moments.items() if each.order is None}


def _order(task: Task, field: str, moments: Mapping[str, Moment], known: str | None) -> str:
    """Which of two numbers is the month; raises `BadFileError` where nothing says it."""
    unsure = _without_order(moments)
    order = next(filter(None, _orders(task, field, [*unsure.values()], known)), None)
    if order is None:
        index = pc.index(task.rows.column(field), pa.scalar(next(iter(unsure)))).as_py()
        raise task.rows.refusal(
            index,
            field,
            "days of which the month is known",
            hint=_SAY_ORDER,
        )
    return order


def _orders(task: Task, field: str, unsure: Sequence[Moment], known: str | None) -> Iterator[str | None]:
    """What says which of two numbers is the month, the surest first."""
    yield task.account.options.get("days")
    yield known
    yield _own_order(task, field, unsure)
    yield _shown_by_others(task, field)
    yield task.form.days
    if not any(each.is_ambiguous for each in unsure):
        yield MONTH_FIRST  # 10/10 is the same day both ways


def _own_order(task: Task, field: str, unsure: Sequence[Moment]) -> str | None:
    """The order that a column says itself.

    The month asked for says it only where all rows must be of it, or a file is named after it: other days of
    a row, such as that on which a lead was won, may well be later, and would be put into the month.
    """
    if _is_of_month(task.form, field) and _is_of_one_month(task, unsure):
        return possible_order(unsure) or order_of(unsure, task.month.__contains__)
    return possible_order(unsure)


def _is_of_one_month(task: Task, unsure: Sequence[Moment]) -> bool:
    """Whether days are of one month alone; of a list it is likely where its name has it.

    Two days of it may well be the same day of two other months, and three hardly.
    """
    if task.form.other_months == "refuse":
        return True
    files = task.account.files
    is_named = bool(files) and all("{month}" in each for each in files)
    return is_named and len({(each.first, each.second) for each in unsure}) > _SAME_DAY_OF_MONTHS


def _is_of_month(form: Format, field: str) -> bool:
    """Whether a field says which month its row is of."""
    dated = form.rule(form.spec.dated)
    return field in (form.spec.dated, dated.copy_of, dated.until)


def _shown_by_others(task: Task, field: str) -> str | None:
    """The order that the other columns of the file show; None where they show none, or both."""
    others = {*task.rows.table.column_names} - {field, *task.numbers}
    return only_one({*filter(None, map(partial(_shown_order, task), others))})


def _shown_order(task: Task, name: str) -> str | None:
    """The order of a column's days, if it has days at all and they say it."""
    texts = pc.unique(none_of(task.rows.column(name))).drop_null()
    unsure = [*filter(attrgetter("is_ambiguous"), moments_of_column(texts.to_pylist()))]
    return _own_order(task, name, unsure) if unsure else None


def months(rows: Rows, field: str) -> pa.Array:
    """The first day of a month, written as a day or as `2026-10`."""
    return rows.taken(
        field, none_of(rows.column(field)), _start_of_month, pa.date32(), "the first day of a month"
    )


def _start_of_month(cell: str) -> date:
    day = day_or_month(cell).day(MONTH_FIRST)
    if day.day != 1:
        raise ValueError(cell)
    return day


def words(rows: Rows, field: str, rule: FieldRule, account: Account) -> pa.Array:
    """The platform's words as the values that the format, or the account's own words, give them.

    Raises `BadRowError` for a word that is in neither.
    """
    spelled = dict.fromkeys(map(_spelled, filter(None, chain(*rule.words.values()))))
    expected = f"one of {', '.join(islice(spelled, 6))} (others are named with `words` at the account)"
    missing = rule.missing if rule.blank is None else (*rule.missing, "")
    said = account.options.get("words", {}).get(field, {})
    own = {word.casefold(): value for word, value in _each_word(said)}
    known = {re.compile(word, re.IGNORECASE): value for word, value in _each_word(rule.words)}
    meaning = partial(_meaning, own=own, known=known)
    try:
        found = rows.taken(field, none_of(rows.column(field), missing), meaning, pa.string(), expected)
    except BadRowError as error:
        raise _unknown_word(error, field, rule) from None
    return pc.coalesce(found, pa.scalar(rule.blank, pa.string()))


def _unknown_word(error: BadRowError, field: str, rule: FieldRule) -> BadRowError:
    """The error with the step that helps: no export knows what the words of a company mean."""
    values = " or ".join(rule.words)
    return BadRowError(
        error.file,
        rows=[*error.rows],
        column=error.column,
        expected=error.expected,
        hint=f"say at the account in sources.yaml whether it means {values}, as in "
        f"`words: {{{field}: {{{next(iter(rule.words))}: [{error.found}]}}}}`, and rerun",
    )


def _spelled(pattern: str) -> str:
    """A word as a person would write it, where the format has a pattern for its spellings."""
    plain = re.sub(r"\\[()]|\[[^\]]*\][?*+]?", "", pattern)
    return re.sub(r"\([^()]*\)[?*+]?", "", plain).replace(".*", "").replace("?", "").strip()


def _each_word(words_of: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    """Each word with the value that it stands for."""
    return ((word, value) for value, some in words_of.items() for word in some)


def _meaning(cell: str, own: Mapping[str, str], known: Mapping[re.Pattern[str], str]) -> str:
    if cell.casefold() in own:
        return own[cell.casefold()]
    for pattern, value in known.items():
        if pattern.fullmatch(cell):
            return value
    raise ValueError(cell)


def flags(rows: Rows, field: str, rule: FieldRule, account: Account) -> pa.Array:
    """Yes and no in the platform's words."""
    known = rule if rule.words else rule.model_copy(update={"words": FLAGS})
    return pc.equal(words(rows, field, known, account), "true")


def currencies(rows: Rows, field: str, only: str | None) -> pa.Array:
    """ISO 4217 codes; if the account has one currency (`only`), no other is accepted."""
    expected = f"the currency code {only}" if only else "a currency code such as EUR"
    code_of = partial(_currency_code, only=only)
    return rows.taken(field, none_of(rows.column(field)), code_of, pa.string(), expected)


def _currency_code(cell: str, only: str | None) -> str:
    code = cell.upper()
    if not CURRENCY.fullmatch(code) or code != (only or code):
        raise ValueError(cell)
    return code

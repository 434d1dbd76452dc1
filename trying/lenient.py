"""All faults of a file and not only the first: after each, it is read on as if that one were not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from operator import itemgetter

from etl.account import Account
from etl.formats.definition import FieldRule, Format, RowRule, Signs
from etl.formats.reading import FileRead, merged, read_file, refuse_doubles
from etl.formats.recognition import Recognised
from etl.formats.signs import ACCOUNT_ID, ACCOUNT_NAME
from etl.formats.source import as_loaded
from etl.landing import LandedFile
from etl.reading.days import DAY_FIRST, MONTH_FIRST
from etl.reading.records import TextTable
from etl.reading.styles import STYLES
from scoring.errors import BadFileError, BadRowError
from scoring.period import Period

MOST_FAULTS = 20
_MOST_BYTES, _LEAST_READINGS = 60_000_000, 5
_SETTINGS = {"`numbers`": ("numbers", tuple(STYLES)), "`days:": ("days", (MONTH_FIRST, DAY_FIRST))}


@dataclass(frozen=True, slots=True)
class Attempt:
    """A file, and how strictly it is read: its format and account may have been made less strict."""

    file: LandedFile
    found: Recognised
    account: Account
    month: Period
    may_repeat: bool = False
    """Whether two rows may have the same key, or be of unlike parts."""

    def read(self) -> FileRead:
        """The rows; raises `BadFileError` and `BadRowError`."""
        read = read_file(self.found, self.file, self.account, self.month)
        if self.may_repeat:
            return merged(read)
        read = as_loaded(read, self.month)
        refuse_doubles([read])
        return read

    def error(self) -> BadFileError | None:
        """The first fault; None where there is none."""
        try:
            self.read()
        except BadFileError as error:
            return error
        return None


def read_with_faults(attempt: Attempt) -> tuple[FileRead | None, list[BadFileError]]:
    """What can be read, None if nothing, and every fault, one for each kind and column.

    A large file is read fewer times: it may have more faults than are found.
    """
    budget = iter(range(max(_MOST_BYTES // max(attempt.file.size, 1), _LEAST_READINGS)))
    faults: list[BadFileError] = []
    now: Attempt | None = attempt
    while now is not None and len(faults) < MOST_FAULTS:
        try:
            return now.read(), faults
        except BadFileError as error:
            faults.append(error)
            now = _past(now, error, budget)
    return None, faults


def _past(attempt: Attempt, error: BadFileError, budget: Iterator[int]) -> Attempt | None:
    """The same without what was at fault; None where there is no way past it.

    What can be set is set so that nothing else is at fault, if it can.
    """
    left_out = attempt.file.left_out | _rows_of(error)
    if left_out != attempt.file.left_out and next(budget, None) is not None:
        return replace(attempt, file=replace(attempt.file, left_out=left_out))
    return _further(error, (laxer for laxer, _ in zip(_laxer(attempt, error), budget, strict=False)))


def _further(error: BadFileError, attempts: Iterator[Attempt]) -> Attempt | None:
    """The first attempt that gets past the error; of settings rather one with which the file reads."""
    past = _past_it(error, attempts)
    laxer, _ = next(past if _setting(error) is None else iter(sorted(past, key=itemgetter(1))), (None, ""))
    return laxer


def _past_it(error: BadFileError, attempts: Iterator[Attempt]) -> Iterator[tuple[Attempt, str]]:
    """Each attempt that fails for another reason, if at all, with that reason."""
    for laxer in attempts:
        outcome = str(laxer.error() or "")
        if outcome != str(error):
            yield laxer, outcome


def _setting(error: BadFileError) -> tuple[str, tuple[str, ...]] | None:
    """The setting that an error asks for, and its values."""
    return next((setting for sign, setting in _SETTINGS.items() if sign in error.hint), None)


def _rows_of(error: BadFileError) -> frozenset[int]:
    return frozenset(row for row, _ in error.rows) if isinstance(error, BadRowError) else frozenset()


def _laxer(attempt: Attempt, error: BadFileError) -> Iterator[Attempt]:
    """The reading with one thing let pass; what the error asks to be set is tried in each way."""
    setting = _setting(error)
    return _otherwise(attempt) if setting is None else _set(attempt, *setting)


def _set(attempt: Attempt, name: str, values: Iterable[str]) -> Iterator[Attempt]:
    for value in values:
        options = {**attempt.account.options, name: value}
        yield replace(attempt, account=replace(attempt.account, options=options))


def _otherwise(attempt: Attempt) -> Iterator[Attempt]:
    found = attempt.found
    for form in _formats(found.format):
        yield replace(attempt, found=replace(found, format=form))
    yield replace(attempt, found=_of_anybody(found))
    yield replace(attempt, found=_with_first_columns(found))
    yield replace(attempt, found=_ended(found))
    yield replace(attempt, may_repeat=True)


def _formats(form: Format) -> Iterator[Format]:
    for change in (
        {"below": "ignore"},
        {"other_months": "set_aside"},
        {"fields": {name: _unheld(rule) for name, rule in form.fields.items()}},
        {"fields": {**form.fields, **{name: _as_text(form.rule(name)) for name in _ids(form)}}},
        {"totals": "optional", "rows": tuple(map(_informing, form.rows))},
        {"totals": "optional", "rows": tuple(map(_dropping, form.rows))},
    ):
        yield form.model_copy(update=change)


def _unheld(rule: FieldRule) -> FieldRule:
    """Without what is held against other fields."""
    return rule.model_copy(update={"at_most": None, "together": None, "counted": None, "until": None})


def _ids(form: Format) -> list[str]:
    return [name for name in form.named if name.endswith("_id") or form.rule(name).kind == "id"]


def _as_text(rule: FieldRule) -> FieldRule:
    return rule.model_copy(update={"kind": "text"})


def _informing(rule: RowRule) -> RowRule:
    return rule if rule.total is None else rule.model_copy(update={"informs": True})


def _dropping(rule: RowRule) -> RowRule:
    return rule.model_copy(update={"drop": rule.name, "total": None, "parts": None})


def _of_anybody(found: Recognised) -> Recognised:
    """As if the file did not say whose it is."""
    places = {
        name: places for name, places in found.header.places.items() if name not in (ACCOUNT_ID, ACCOUNT_NAME)
    }
    form = found.format.model_copy(update={"signs": Signs()})
    return replace(found, format=form, header=replace(found.header, places=places))


def _with_first_columns(found: Recognised) -> Recognised:
    places = {name: some[:1] for name, some in found.header.places.items()}
    return replace(found, header=replace(found.header, places=places))


def _ended(found: Recognised) -> Recognised:
    """As if its last line were whole."""
    table = found.candidate.table
    if not isinstance(table, TextTable):
        return found
    ended = replace(table, content=bytes(table.content) + b"\n")
    return replace(found, candidate=replace(found.candidate, table=ended))

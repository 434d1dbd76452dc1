"""Compares two states of the targets, row by row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

from book.files.targets import TargetFiles, read_files, read_targets
from book.files.text_file import visible_files
from scoring.aims import ABSOLUTE, Aim, Growth, Milestone, Range
from scoring.canonical import plain_number
from scoring.errors import BookError, UsageError
from scoring.kpi import Target
from scoring.period import Cadence
from scoring.targets.terms import edges_of, in_force

COUNTED = ("added", "removed", "changed", "superseded")


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """The difference of one row: one of `COUNTED`, and in words."""

    team_id: str
    kpi_id: str
    first_day: date
    what: str
    text: str


def read_side(path: Path) -> tuple[Target, ...]:
    """The rows of a book's folder, of a folder of targets, or of one file.

    Raises `UsageError` if it does not exist, and `BookError`, which lists every fault of its rows, if they
    cannot be read.
    """
    files = _files(path)
    if files.faults:
        listed = "\n  ".join(map(str, sorted(set(files.faults))))
        raise BookError(f"{path}: expected targets that can be read, found otherwise:\n  {listed}")
    return files.targets


def told(found: Sequence[Difference]) -> Iterator[str]:
    """The differences as lines, with a heading for each team and KPI, and the count of each kind."""
    for heading, under in groupby(found, key=_heading):
        yield heading
        yield from (f"  {difference.what:<10}  {difference.text}" for difference in under)
    yield _counted(found) if found else "no differences"


def _counted(found: Sequence[Difference]) -> str:
    counts = Counter(difference.what for difference in found)
    return ", ".join(f"{counts[what]} {what}" for what in COUNTED)


def _heading(difference: Difference) -> str:
    return f"{difference.team_id} {difference.kpi_id}"


def _files(path: Path) -> TargetFiles:
    if (path / "targets").is_dir():
        return read_targets(path)
    if path.is_dir():
        return read_files(path, [file.name for file in visible_files(path.parent, path.name)])
    if path.is_file():
        return read_files(path.parent, [path.name])
    raise UsageError(f"{path}: expected a book, a folder of targets or a file, found none; correct the path.")


def differences(before: Sequence[Target], after: Sequence[Target]) -> list[Difference]:
    """Every row that is only on one side, by team, KPI and day, and the rows that a new one supersedes."""
    gone, new = _less(before, after), _less(after, before)
    found = []
    for old, twin in _pairs(gone, new):
        gone.remove(old)
        new.remove(twin)
        found.append(_difference(twin, "changed", f"{_days(twin)}: {'; '.join(_cells(old, twin))}"))
    found += [_difference(row, "removed", f"{_days(row)}: {_row(row)}") for row in gone]
    for row in new:
        found.append(_difference(row, "added", f"{_days(row)}: {_row(row)}"))
        found += _superseded(row, after)
    return sorted(found)


def _less(rows: Sequence[Target], others: Sequence[Target]) -> list[Target]:
    left = list(rows)
    for other in others:
        if other in left:
            left.remove(other)
    return left


def _pairs(gone: Sequence[Target], new: Sequence[Target]) -> list[tuple[Target, Target]]:
    """Rows of the same agreement with different cells: same first day, same day of agreement."""
    twins: defaultdict[object, list[Target]] = defaultdict(list)
    for row in new:
        twins[_key(row)].append(row)
    return [(row, twins[_key(row)].pop(0)) for row in gone if twins[_key(row)]]


def _key(row: Target) -> object:
    return row.team_id, row.kpi_id, row.per, row.valid_from, row.agreed_on


def _superseded(row: Target, rows: Sequence[Target]) -> Iterator[Difference]:
    """The rows that a new one takes days from, which were in force on them until now."""
    older = [other for other in rows if _is_newer(row, other)]
    for other in older:
        start, end = max(row.valid_from, other.valid_from), min(row.valid_until, other.valid_until)
        if _was_in_force(other, older, start, end):
            yield _difference(row, "superseded", f"{_between(start, end)}: {_row(other)}")


def _is_newer(row: Target, other: Target) -> bool:
    """Whether the row was agreed on after another of the same KPI on the same card."""
    is_of_same = (row.team_id, row.kpi_id, row.per) == (other.team_id, other.kpi_id, other.per)
    return is_of_same and row.known_since > other.known_since


def _was_in_force(row: Target, rows: Sequence[Target], start: date, end: date) -> bool:
    """Whether it was in force, not superseded by another row, on some day from `start` to before `end`."""
    days = {start, *edges_of(rows)}
    return any(row in in_force(rows, day).values() for day in days if start <= day < end)


def _difference(row: Target, what: str, text: str) -> Difference:
    return Difference(row.team_id, row.kpi_id, row.valid_from, what, text)


def _cells(old: Target, new: Target) -> Iterator[str]:
    for field in fields(Target):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before != after:
            yield f"{_name(field.name)} {_said(before)} -> {_said(after)}"


def _name(field: str) -> str:
    return "kind" if field == "aim" else field


def _said(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Aim):
        return _aim(value)
    return (
        f"{value:f}" if hasattr(value, "quantize") else repr(value) if isinstance(value, str) else str(value)
    )


def _row(row: Target) -> str:
    """A row on one line: target, weight, and who agreed when and why."""
    asked = " ".join(_asked(row))
    per = "" if row.per is Cadence.MONTH else f" per {row.per}"
    agreed = "" if row.agreed_on is None else f", agreed on {row.agreed_on}"
    by = f"{row.approved_by}: {row.reason}"
    return f"{asked or 'no number'}{per}, {_weight(row)}{agreed} ({by})"


def _asked(row: Target) -> Iterator[str]:
    """The number, and how it is meant where it is not simply to be reached."""
    if row.target is not None:
        yield plain_number(row.target)
    if row.aim != ABSOLUTE:
        yield _aim(row.aim)


def _aim(aim: Aim) -> str:
    match aim:
        case Growth(basis=basis):
            return f"growth over {basis.replace('_', ' ')}"
        case Range(low=low, high=high):
            return f"range {plain_number(low)} to {plain_number(high)}"
        case Milestone(due=due):
            return f"milestone due {due}"
        case _:
            return str(aim.kind)


def _days(row: Target) -> str:
    return _between(row.valid_from, row.valid_until)


def _between(start: date, end: date) -> str:
    return f"{start} to {end - timedelta(days=1)}"


def _weight(row: Target) -> str:
    return "for information only" if row.informs else f"weight {plain_number(row.weight)}"

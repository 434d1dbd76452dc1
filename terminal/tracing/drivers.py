"""Prints what a figure moved by, and gives it to programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from reports.presenting.headings import short_hash
from scoring.drivers.parts import Cells, added, by_size, columns_of, rounded, shortened
from scoring.kpi import Direction
from terminal.out import console_for
from terminal.tables import WholeTable, add_columns
from terminal.tracing.driven import Driven, Line, Split
from tracing.driving import Drivers

MEMBERS_SHOWN = 10
DIGITS_FOR_PROGRAMS = 12


def print_drivers(drivers: Drivers, console: Console | None = None) -> None:
    """Print what the figure moved by, by measure and by member: parts that sum to the change as printed."""
    out, driven = console_for(console), Driven(drivers)
    for line in _heading(driven):
        out.print(line, highlight=False)
    for split in _splits(driven):
        out.print(_table(split))
    for line in _notes(driven):
        out.print(line, highlight=False)


def _heading(driven: Driven) -> Iterator[str]:
    drivers, result = driven.drivers, driven.result
    card, issue = drivers.subject.card, drivers.subject.issue
    yield f"[bold]{escape(result.name.en)}[/bold] ({result.kpi_id}) · {escape(card.team_name.en)}"
    yield f"{issue.name}, issue {issue.id}, short id {short_hash(card)}"
    yield f"against {drivers.base} as {drivers.shown_by} shows it"
    split = driven.by_measure
    before, now = map(split.format.figure, (split.before, split.now))
    change = _signed(split.change(split.format.digits))
    yield f"{before} to {now}: {change} {split.format.of_parts}".rstrip() + _judged(driven, split)


def _judged(driven: Driven, split: Split) -> str:
    """Whether the change is for the better, and by how much of what it was."""
    is_up, direction = split.now > split.before, driven.result.direction
    share = f", {_signed(rounded((split.now / split.before - 1) * 100, 1))} %" if split.before > 0 else ""
    if split.now == split.before or direction == Direction.RANGE:
        return share
    return f"{share}, {'better' if is_up == (direction == Direction.HIGHER) else 'worse'}"


def _splits(driven: Driven) -> Iterator[Split]:
    """The tables; one line alone would say nothing."""
    if len(driven.by_measure.lines) > 1:
        yield driven.by_measure
    yield from driven.by_member


def _table(split: Split) -> Table:
    """The largest parts, all others in one line, and their sum."""
    table = WholeTable(box=SIMPLE_HEAD, header_style="bold", pad_edge=False, show_footer=True)
    table.add_column(_title(split), footer="change", overflow="fold")
    add_columns(table, "before", "now", justify="right", overflow="fold")
    cells = split.cells(split.format.digits)
    for name, total in zip(_columns(split), _with_sum(columns_of(cells)), strict=True):
        table.add_column(name, footer=_signed(total), justify="right", overflow="fold")
    for line, row in _shortened(split, cells):
        figures = ("", "") if line is None else map(line.format.figure, (line.before, line.now))
        name = f"{len(cells) - MEMBERS_SHOWN} others" if line is None else escape(line.name)
        table.add_row(name, *figures, *map(_signed, _with_sum(row)))
    return table


def _title(split: Split) -> str:
    unit = split.format.of_parts
    return f"{split.title}, in {unit}" if unit else split.title


def _columns(split: Split) -> tuple[str, ...]:
    return split.columns if len(split.columns) == 1 else (*split.columns, "together")


def _with_sum(row: Cells) -> Cells:
    """The effects, and what they are together where there are several."""
    return row if len(row) == 1 else (*row, added(row))


def _shortened(split: Split, cells: Sequence[Cells]) -> Iterator[tuple[Line | None, Cells]]:
    """The largest lines, and all others as one without a line; a single one is shown as it is."""
    sizes = by_size([(pair, pair[0].effects) for pair in zip(split.lines, cells, strict=True)])
    shown, others = shortened(sizes, MEMBERS_SHOWN)
    yield from (pair for pair, _ in shown)
    if others:
        yield None, columns_of([row for (_, row), _ in others])


def _signed(value: Decimal) -> str:
    return f"{value:+,}" if value else f"{abs(value):,}"


def _notes(driven: Driven) -> Iterator[str]:
    """What a reader has to know of the tables."""
    drivers = driven.drivers
    if drivers.is_of_then:
        yield "These are not today's rows: they are of the files and the book that the card was made of."
    if driven.has_rates:
        yield "Mix: who has more or less of the whole, also new or ended. Rate: who became better or worse."
    elif not drivers.is_joint:
        yield "No member has all of the measures, so none has a rate of its own."


def drivers_as_json(drivers: Drivers) -> dict[str, Any]:
    """The same as values with twelve digits; effects sum to `change` exactly, as `apportioned` says."""
    driven, subject = Driven(drivers), drivers.subject
    return {
        "issue": subject.issue.id,
        "card": subject.issue.name,
        "kpi": subject.result.kpi_id,
        "formula": subject.result.formula,
        "period": str(subject.period),
        "against": str(drivers.base),
        "against_shown_by": drivers.shown_by,
        "rows": "of the card" if drivers.is_of_then else "of today",
        "before": drivers.before,
        "now": drivers.now,
        "by_measure": _as_json(driven.by_measure),
        "by_member": [*map(_as_json, driven.by_member)],
    }


def _as_json(split: Split) -> dict[str, Any]:
    cells = split.cells(DIGITS_FOR_PROGRAMS)
    return {
        "change": split.change(DIGITS_FOR_PROGRAMS),
        "lines": [
            {**_key(line), **_values(line), **dict(zip(split.columns, row, strict=True))}
            for line, row in zip(split.lines, cells, strict=True)
        ],
    }


def _key(line: Line) -> dict[str, Any]:
    """Which measure and member a line is about."""
    key: dict[str, Any] = {} if line.measure is None else {"measure": line.measure}
    if line.driver is not None:
        member = line.driver.member
        key |= {"by": member.by, "member": member.key[1:], "name": member.name}
        key |= {"is_new": line.driver.is_new, "has_ended": line.driver.has_ended}
    return key


def _values(line: Line) -> dict[str, Any]:
    """Its figures with twelve digits; None where it has none."""
    both = {"before": line.before, "now": line.now}
    return {
        name: None if value is None else rounded(value, DIGITS_FOR_PROGRAMS) for name, value in both.items()
    }

"""Prints restatements: those that a card reports, and two revisions side by side."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from reports.presenting.elsewhere import elsewhere, spoken
from reports.presenting.findings import others_than, sentences_moved
from reports.presenting.reader import reader_of
from scoring.canonical import restatement_json
from scoring.kpi import Unit
from scoring.restatement import (
    FileChange,
    KpiChange,
    LateSource,
    Moved,
    MovedText,
    PastChange,
    Restatement,
    RestatementNote,
)
from scoring.scorecard import Scorecard
from terminal.numbers import NOTHING, exact, in_unit, rounded
from terminal.out import console_for, print_lines
from terminal.tables import WholeTable, add_rows

if TYPE_CHECKING:
    from tracing.revisions import RevisionDiff

DIGEST_SHOWN = 12
# name in the table, field, unit (None: the KPI's own) and digits
_PARTS: tuple[tuple[str, str, str | None, int], ...] = (
    ("actual", "actual", None, 0),
    ("target", "target", None, 0),
    ("target, high end", "target_high", None, 0),
    ("attainment", "attainment", Unit.PERCENT, 1),
    ("score", "score", Unit.INDEX, 1),
    ("points", "points", Unit.INDEX, 3),
    ("weight", "weight", Unit.INDEX, 0),
    ("appraised score", "appraised", Unit.INDEX, 2),
)
_ROUNDED = ("score", "weight")


def diff_as_json(found: RevisionDiff) -> dict[str, Any]:
    """What `print_diff` says, as values."""
    return {
        "restatement": json.loads(restatement_json(found.restatement)),
        "is_closed": found.is_closed,
        "received": [
            {"revision": mail.revision, "recipient": str(mail.recipient), "state": mail.state}
            for mail in found.received
        ],
    }


def print_restatements(out: Console, card: Scorecard) -> None:
    """A line for each earlier card that `card` reports as restated, and one for each of its KPIs."""
    for note in card.restatements:
        if note.is_withheld:
            out.print("restated: an earlier month of another manager")
        else:
            print_lines(out, _restated(note))


def _restated(note: RestatementNote) -> Iterator[str]:
    yield f"restated: {note.period} {_revisions(note)}, {', '.join(_totals(note))}"
    for kpi in note.restated:
        why = causes_told(kpi.causes, kpi.sources)
        yield f"  {kpi.name.en}: score {_arrow(kpi.score, 1)} ({why})"


def _totals(note: RestatementNote) -> Iterator[str]:
    yield f"total {_arrow(note.total, 1)}"
    if note.grade.has_moved:
        yield f"grade {' → '.join(_grades(note.grade))}{' by calibration' if note.is_decided else ''}"
    if note.pay.has_moved:
        yield f"pay coefficient {_arrow(note.pay, 2)}"


def _grades(moved: MovedText) -> tuple[str, str]:
    return moved.old or NOTHING, moved.new or NOTHING


def print_diff(diff: RevisionDiff, console: Console | None = None) -> None:
    """Print all that two revisions of a card say differently, and who had been sent the older one."""
    out, found = console_for(console), diff.restatement
    print_lines(out, [f"{diff.new.team_name.en} · {found.period} · {_revisions(found)} · {_kind(diff)}"])
    kpis = _kpis(found.kpis, diff.new.currency_code)
    for table in (_summary(found), kpis, _measures(found.kpis), _files(found.files)):
        if table.rows:
            out.print(table)
    print_lines(out, (*_rest(diff), *_received(diff)))


def _received(diff: RevisionDiff) -> Iterator[str]:
    for mail in diff.received:
        yield f"received: revision {mail.revision} by {mail.recipient} ({mail.state})"
    if not diff.received:
        yield "received: nobody was sent an earlier revision"


def _revisions(found: Restatement | RestatementNote) -> str:
    return f"revision {found.old_revision} → {found.new_revision}"


def _kind(diff: RevisionDiff) -> str:
    if diff.is_closed is None:
        return "compared now"
    return "restatement of a closed period" if diff.is_closed else "revision of an open period"


def _summary(found: Restatement) -> Table:
    table = _table("", "before", "now", "change")
    table.add_row("total", *_cells(found.total, 1))
    table.add_row("grade", *map(escape, _grades(found.grade)), "")
    table.add_row("pay coefficient", *_cells(found.pay, 2))
    if found.pay_tier != Moved():
        table.add_row("pay tier from", *_cells(found.pay_tier, 1))
    return table


def _kpis(changes: Sequence[KpiChange], currency_code: str) -> Table:
    """A row for each number that moved and all that is said otherwise; for a KPI with neither its cause."""
    table = _table("KPI", "", "before", "now", "change", "cause")
    for change in changes:
        causes = escape(causes_told(change.causes, change.sources))
        first, *others = list(_moved_parts(change, currency_code)) or [(", ".join(change.fields), "", "", "")]
        table.add_row(escape(change.name.en), *first, causes)
        add_rows(table, (("", *row, "") for row in others))
    return table


def _moved_parts(change: KpiChange, currency_code: str) -> Iterator[tuple[str, str, str, str]]:
    for name, field, unit, digits in _PARTS:
        moved: Moved = getattr(change, field)
        if moved.has_moved and field in _ROUNDED:
            yield (name, *_cells(moved, digits))
        elif moved.has_moved:
            shown = (change.unit, change.decimals) if unit is None else (unit, digits)
            yield (name, *_in_unit(moved, *shown, currency_code))
    for said in change.said:
        yield (
            escape(said.field.replace("/", ", ")),
            escape(spoken(said.old)),
            escape(spoken(said.new)),
            "",
        )


def _in_unit(moved: Moved, unit: str, decimals: int, currency_code: str) -> tuple[str, str, str]:
    """Before, now and change; with all digits if they would look the same otherwise."""
    before, now = (in_unit(value, unit, decimals, currency_code) for value in (moved.old, moved.new))
    if before == now:
        return _exact_cells(moved)
    return before, now, _signed(moved.delta, in_unit(moved.delta, unit, decimals, currency_code))


def _exact_cells(moved: Moved) -> tuple[str, str, str]:
    return exact(moved.old), exact(moved.new), _signed(moved.delta, exact(moved.delta))


def _measures(changes: Sequence[KpiChange]) -> Table:
    table = _table("measure", "before", "now", "change", "of")
    kpis: defaultdict[str, list[str]] = defaultdict(list)
    moved: dict[str, Moved] = {}
    for change in changes:
        for measure in change.measures:
            moved[measure.name] = measure.value
            kpis[measure.name].append(change.kpi_id)
    add_rows(table, ((name, *_exact_cells(moved[name]), ", ".join(kpis[name])) for name in sorted(moved)))
    return table


def _files(files: Sequence[FileChange]) -> Table:
    table = _table("source file", "sha256 before", "sha256 now", "rows")
    add_rows(table, map(_file, files))
    return table


def _file(file: FileChange) -> tuple[str, ...]:
    return (
        escape(f"{file.source}/{file.entity} {file.period}: {file.name}"),
        _digest(file.old_sha256),
        _digest(file.new_sha256),
        f"{_rows(file.old_rows)} → {_rows(file.new_rows)}",
    )


def _digest(sha256: str | None) -> str:
    return (sha256 or NOTHING)[:DIGEST_SHOWN]


def _rows(rows: int | None) -> str:
    return NOTHING if rows is None else str(rows)


def _rest(diff: RevisionDiff) -> Iterator[str]:
    """Differences outside the card's lines: rates, earlier periods of the trends, anything else."""
    found = diff.restatement
    for rate in found.rates:
        yield f"exchange rate {rate.currency_code}: first {_exact(rate.first)}, last {_exact(rate.last)}"
    for past in found.past:
        yield f"trend of {past.kpi_id or 'the total'}, {past.period} (history only): {_past(past)}"
    yield from _others(diff)


def _others(diff: RevisionDiff) -> Iterator[str]:
    reader = reader_of(replace(diff.new, language="en"))
    said = sentences_moved(diff.old, diff.new, reader)
    yield from (f"no longer said of the data: {one}" for one in said[0])
    yield from (f"said of the data now: {one}" for one in said[1])
    for other in elsewhere(others_than(said, diff.restatement.others), diff.new, reader):
        yield f"{other.name}: {other.old} → {other.new}"


def _past(past: PastChange) -> str:
    parts = [("", past.actual), ("target ", past.target), ("target, high end ", past.target_high)]
    told = [f"{name}{_exact(moved)}" for name, moved in parts if moved.has_moved]
    if past.unlike.has_moved:
        told.append(" → ".join(_grades(past.unlike)))
    return ", ".join(told) or "no longer shown or new"


def causes_told(causes: Sequence[str], sources: Sequence[LateSource]) -> str:
    """`late_data: google_ads/acme 2026-09; target`."""
    names = ", ".join(map(source_told, sources))
    told = (f"{cause}: {names}" if cause == "late_data" and names else str(cause) for cause in causes)
    return "; ".join(told)


def source_told(source: LateSource) -> str:
    """`google_ads/acme 2026-09`."""
    return f"{source.source}/{source.entity} {source.period}"


def _table(*columns: str) -> Table:
    table = WholeTable(header_style="bold")
    for name in columns:
        justify = "right" if name in ("before", "now", "change", "rows") else "left"
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    return table


def _cells(moved: Moved, digits: int) -> tuple[str, str, str]:
    return (
        rounded(moved.old, digits),
        rounded(moved.new, digits),
        _signed(moved.delta, rounded(moved.delta, digits)),
    )


def _signed(delta: Decimal | None, text: str) -> str:
    return f"+{text}" if delta is not None and delta > 0 else "" if not delta else text


def _arrow(moved: Moved, digits: int) -> str:
    return f"{rounded(moved.old, digits)} → {rounded(moved.new, digits)}"


def _exact(moved: Moved) -> str:
    return f"{exact(moved.old)} → {exact(moved.new)}"

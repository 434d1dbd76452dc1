"""Prints a trace, from the figure on the card down to the rows of the source."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from archive.cards import CardRef
from disk import write_atomically
from pipeline.site import Site
from reports.presenting.headings import short_hash
from reports.presenting.reader import reader_of
from reports.presenting.workings import steps_of
from scoring.errors import UsageError
from scoring.text import numbered
from terminal.measured import has_warehouse
from terminal.numbers import in_unit, number
from terminal.out import console_for
from terminal.tracing.agreed import agreed_lines, entry_lines
from terminal.tracing.loads import load_lines
from terminal.tracing.measures import measure_lines, rate_lines
from terminal.tracing.row_csv import as_csv
from terminal.tracing.rows import print_rows
from tracing.loads import traced_loads
from tracing.locating import Located, located
from tracing.rows import TracedRows, traced_rows
from tracing.subject import Subject, find_subject
from warehouse import Warehouse


def print_trace(
    site: Site,
    issue: str,
    kpi_id: str,
    *,
    rows: bool = False,
    to_csv: Path | None = None,
    console: Console | None = None,
) -> None:
    """Print how the KPI's figure on an issued card was worked out, with `rows` down to the source rows.

    Raises `UsageError` for an unknown issue or KPI, and for rows without a warehouse.
    """
    subject = find_subject(site.ledger, issue, kpi_id, site.book.sources)
    asks_rows = rows or to_csv is not None
    warehouse = _warehouse(site, is_needed=asks_rows)
    out = console_for(console)
    _print_card(out, subject)
    _print_part(out, "Target and rule", agreed_lines(site.book, subject))
    _print_part(out, "Entered by people", entry_lines(subject))
    _print_part(out, "Measures", measure_lines(subject))
    _print_part(out, "Exchange rates, as on the card", rate_lines(subject))
    loads = traced_loads(warehouse, subject.sources)
    _print_part(out, "Loads", load_lines(site.landing, loads, has_warehouse=warehouse is not None))
    if warehouse is not None and asks_rows:
        traced = traced_rows(site, subject)
        _print_rows(out, subject, traced, located(site, traced), rows=rows, to_csv=to_csv)


def trace_as_json(site: Site, issue: str, kpi_id: str) -> dict[str, Any]:
    """The figure as the card has it, its measures and loads; raises what `print_trace` raises."""
    subject = find_subject(site.ledger, issue, kpi_id, site.book.sources)
    areas = json.loads(subject.issue.card_json)["areas"]
    return {
        "issue": subject.issue.id,
        "card": subject.issue.name,
        "kpi": next(line for area in areas for line in area["results"] if line["kpi_id"] == kpi_id),
        "measures": [
            {"name": one.name, "first_day": one.days[0], "end": one.days[1], "value": one.value}
            for one in subject.measures
        ],
        "loads": traced_loads(_warehouse(site, is_needed=False), subject.sources),
    }


def _print_rows(
    out: Console,
    subject: Subject,
    traced: Sequence[TracedRows],
    places: Located,
    *,
    rows: bool,
    to_csv: Path | None,
) -> None:
    if rows:
        print_rows(out, traced, places)
    if to_csv is not None:
        _write_rows(out, subject, traced, places, to_csv)


def _write_rows(
    out: Console, subject: Subject, traced: Sequence[TracedRows], places: Located, path: Path
) -> None:
    write_atomically(path.resolve(), as_csv(subject, traced, places))
    count = sum(len(one.rows) for one in traced)
    out.print(f"\n{numbered(count, 'row')} written to {escape(str(path))}")


def _warehouse(site: Site, *, is_needed: bool) -> Warehouse | None:
    """The warehouse, where there is one."""
    if has_warehouse(site):
        return site.warehouse
    if is_needed:
        raise UsageError(
            f"{site.settings.home}: expected a warehouse to show rows from, found none; "
            "make it with `scorewright rebuild`."
        )
    return None


def _print_card(out: Console, subject: Subject) -> None:
    card, result, issue = subject.card, subject.result, subject.issue
    out.print(f"[bold]{escape(result.name.en)}[/bold] ({result.kpi_id}) · {escape(card.team_name.en)}")
    issued = f"issued {issue.issued_at:%Y-%m-%d %H:%M} UTC, issue {issue.id}, short id {short_hash(card)}"
    _print_lines(out, [f"{CardRef.of(card)}, {issued}"], indent=0)
    _print_part(out, "Working", _working(subject))


def _working(subject: Subject) -> Iterator[str]:
    """The card's own words, in English, with the figures in front."""
    result = subject.result
    actual = in_unit(result.actual, result.unit, result.decimals, subject.card.currency_code)
    yield f"actual {actual}, score {number(result.score, 1)}, weight {number(result.weight, 0)}"
    yield f"formula: {result.formula or '(judged by people, or the conditions of its rule)'}"
    english = reader_of(replace(subject.card, language="en"))
    for step in steps_of(result, english):
        yield f"{step.label}: {step.text}"


def _print_part(out: Console, title: str, lines: Iterator[str]) -> None:
    found = list(lines)
    if found:
        out.print(f"\n[bold]{title}[/bold]")
        _print_lines(out, found)


def _print_lines(out: Console, lines: list[str], indent: int = 2) -> None:
    """Each line folded to the width, indented further if it continues the line above."""
    for line in lines:
        text = line.lstrip()
        depth = indent + len(line) - len(text)
        # a path or a hash stays in one piece, so that it can be copied
        parts = Text(text).wrap(out, out.width - depth) if " " in text else [Text(text)]
        for part in parts:
            out.print(Text(" " * depth) + part, highlight=False, soft_wrap=True)

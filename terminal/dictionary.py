"""Prints KPIs: those of the book or of the product's dictionary as a table, or a whole definition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from rich.console import Console
from rich.markup import escape

from book import Book, dictionary
from book.files.dictionary import standard_areas
from disk.nearest import did_you_mean
from reports.figures import Figures
from reports.presenting.formulas import formula_in_words, measure_name
from reports.wording import wording
from scoring.aims import Cumulative, Growth, Milestone, Range
from scoring.card.line import measure_names
from scoring.errors import UsageError
from scoring.kpi import Kpi, Target, Unit
from scoring.period import Cadence
from scoring.spans import split_name
from scoring.targets.terms import in_force
from scoring.text import LocalText, numbered
from terminal.numbers import exact
from terminal.out import console_for
from terminal.tables import WholeTable, add_columns, titled
from warehouse import measure_catalog


def print_kpis(book: Book, today: date, console: Console | None = None) -> None:
    """Print every KPI of the book by area: id, names, unit, direction, formula, teams.

    The teams are those that have a target for it on `today`.
    """
    table = titled(f"KPIs ({len(book.kpis)})")
    table.add_column("KPI", overflow="fold")
    table.add_column("unit", no_wrap=True)
    table.add_column("better", no_wrap=True)
    table.add_column("formula", overflow="fold")
    table.add_column("teams", no_wrap=True)
    for area in book.areas:
        table.add_section()
        table.add_row(f"[bold]{escape(_named(book, area.name))}[/bold]", "", "", "", "")
        for kpi in _of_area(book, area.id):
            table.add_row(*map(escape, _row(book, kpi, today)))
    console_for(console).print(table)


def kpis_as_json(book: Book, kpi_id: str | None, today: date) -> list[dict[str, Any]]:
    """The same as values: every KPI, or the one of that id; raises what `print_kpi` raises."""
    wanted = book.kpis.values() if kpi_id is None else [_known(book, kpi_id)]
    return [
        {
            "id": kpi.id,
            "area": kpi.area,
            "name": kpi.name,
            "unit": kpi.unit,
            "direction": kpi.direction,
            "formula": kpi.formula,
            "teams": [target.team_id for target in _agreed(book, kpi, today)],
        }
        for kpi in wanted
    ]


def shipped_as_json() -> list[dict[str, Any]]:
    """The KPIs that come with the product, as their files have them."""
    return [{"id": kpi_id, **file.content} for kpi_id, file in dictionary().items()]


def _of_area(book: Book, area_id: str) -> list[Kpi]:
    return sorted((kpi for kpi in book.kpis.values() if kpi.area == area_id), key=lambda kpi: kpi.id)


def print_dictionary(console: Console | None = None) -> None:
    """Print the KPIs that come with the product, area by area: id, names, unit, direction, formula."""
    table = titled(f"Dictionary ({len(dictionary())})")
    add_columns(table, "KPI", "unit", "better", "formula", overflow="fold")
    for area_id, area in standard_areas().items():
        table.add_section()
        table.add_row(f"[bold]{escape(' · '.join(area.values()))}[/bold]", "", "", "")
        for row in _shipped_rows(area_id):
            table.add_row(*map(escape, row))
    console_for(console).print(table)


def _shipped_rows(area_id: str) -> Iterator[tuple[str, ...]]:
    for kpi_id, file in dictionary().items():
        kpi = file.content
        if kpi["area"] == area_id:
            names = "\n  ".join((kpi_id, *kpi["name"].values()))
            yield names, kpi["unit"], kpi["direction"], kpi.get("formula", "")


def _row(book: Book, kpi: Kpi, today: date) -> tuple[str, ...]:
    name = "\n  ".join((kpi.id, *_said(book, kpi.name)))
    if kpi.deprecated_on is not None:
        name += f"\n  deprecated on {kpi.deprecated_on}"
    teams = "\n".join(target.team_id for target in _agreed(book, kpi, today))
    return name, kpi.unit, kpi.direction, _formula(kpi), teams


def print_kpi(book: Book, kpi_id: str, today: date, console: Console | None = None) -> None:
    """Print one whole definition; raises `UsageError` for an id that the book does not have."""
    kpi = _known(book, kpi_id)
    table = WholeTable(
        title=escape(f"{kpi.id} · {_named(book, kpi.name)}"), title_justify="left", show_header=False
    )
    table.add_column(style="bold", no_wrap=True)
    # Chinese has no spaces to break at, and no part of a definition may be lost
    table.add_column(overflow="fold")
    for label, text in _parts(book, kpi, today):
        table.add_row(label, escape(text))
    console_for(console).print(table)


def _known(book: Book, kpi_id: str) -> Kpi:
    if kpi_id not in book.kpis:
        meant = did_you_mean(kpi_id, book.kpis)
        raise UsageError(f"kpi: expected one of {', '.join(sorted(book.kpis))}, found {kpi_id!r}{meant}.")
    return book.kpis[kpi_id]


def _parts(book: Book, kpi: Kpi, today: date) -> Iterator[tuple[str, str]]:
    yield from _texts(book, kpi)
    yield "area", next(_named(book, area.name) for area in book.areas if area.id == kpi.area)
    yield from _figure_parts(book, kpi)
    yield from _days(kpi)
    yield "teams", "\n".join(_terms(kpi, target) for target in _agreed(book, kpi, today)) or "none today"


def _days(kpi: Kpi) -> Iterator[tuple[str, str]]:
    """The days that the definition names."""
    if kpi.lag_days is not None:
        yield "data", f"complete {numbered(kpi.lag_days, 'day')} after the period"
    if kpi.review_date is not None:
        yield "review", f"on {kpi.review_date}"
    if kpi.deprecated_on is not None:
        yield "deprecated", f"on {kpi.deprecated_on}"


def _texts(book: Book, kpi: Kpi) -> Iterator[tuple[str, str]]:
    """The texts that the definition has."""
    for label, text in (("means", kpi.description), ("why", kpi.why), ("owner", kpi.owner)):
        if text is not None and text.en:
            yield label, "\n".join(_said(book, text))


def _figure_parts(book: Book, kpi: Kpi) -> Iterator[tuple[str, str]]:
    """How the figure is made and scored."""
    yield "unit", f"{kpi.unit}, shown with {kpi.decimals} decimals; {kpi.direction} is better"
    yield "formula", _formula(kpi)
    if kpi.formula:
        yield "in words", "\n".join(formula_in_words(kpi.formula, figures) for figures in _languages(book))
    yield "measures", "\n".join(_measures(book, kpi))
    yield "rule", f"{kpi.rule.name}: {spelled(kpi.rule.params)}"
    baseline = "" if kpi.attainment.baseline is None else f" from {kpi.attainment.baseline}"
    yield "attainment", f"{kpi.attainment.method}{baseline}"


def _named(book: Book, text: LocalText) -> str:
    return " · ".join(_said(book, text))


def _said(book: Book, text: LocalText) -> list[str]:
    """The text in each language of the book, once where they are the same."""
    return list(dict.fromkeys(text.to(language) for language in book.languages))


def _formula(kpi: Kpi) -> str:
    return kpi.formula or "(the conditions of its rule)"


def _languages(book: Book) -> list[Figures]:
    return [Figures(wording(language), book.currency_code) for language in book.languages]


def _measures(book: Book, kpi: Kpi) -> Iterator[str]:
    """Each measure with its name in words and its declaration."""
    for name in measure_names(kpi.formula, kpi.rule):
        spec = measure_catalog()[split_name(name)[0]]
        words = " · ".join(measure_name(name, figures) for figures in _languages(book))
        yield f"{name} ({words}): {spec.rollup}, {spec.unit}, {spec.fact}"


def spelled(value: object) -> str:
    """A rule's parameters as the book has them, on one line."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {spelled(part)}" for key, part in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(map(spelled, value))
    return str(value)


def _agreed(book: Book, kpi: Kpi, today: date) -> tuple[Target, ...]:
    """The rows for the KPI that are in force today, in the order of teams."""
    held = chain.from_iterable(_held(book, kpi, per, today) for per in Cadence)
    teams = [team.id for team in book.teams]
    return tuple(sorted(held, key=lambda target: teams.index(target.team_id)))


def _held(book: Book, kpi: Kpi, per: Cadence, today: date) -> Iterable[Target]:
    rows = [target for target in book.targets if target.kpi_id == kpi.id and target.per is per]
    return in_force(rows, today).values()


def _terms(kpi: Kpi, target: Target) -> str:
    terms = f"{wanted(kpi, target)}, weight {exact(target.weight)}, until {target.valid_until}"
    return f"{target.team_id} ({target.per}): {terms}"


def wanted(kpi: Kpi, target: Target) -> str:
    """The row's target, with all its digits."""
    match target.aim:
        case Growth(basis=basis):
            return f"{_exact(target.target, Unit.PERCENT)} over the {basis.replace('_', ' ')}"
        case Range(low=low, high=high):
            return f"{_exact(low, kpi.unit)} to {_exact(high, kpi.unit)}"
        case Milestone(due=due):
            return f"done by {due}"
        case Cumulative() as aim:
            return f"{_exact(target.target, kpi.unit)} from {_first_day(target, aim)} on"
    return f"target {_exact(target.target, kpi.unit)}"


def _first_day(target: Target, aim: Cumulative) -> str:
    first = aim.since or aim.years.year_start(target.valid_from)
    return "1 January" if (first.month, first.day) == (1, 1) else str(first)


def _exact(value: Decimal | None, unit: Unit) -> str:
    if value is not None and unit is Unit.PERCENT:
        return f"{exact(value * 100)} %"
    return exact(value)

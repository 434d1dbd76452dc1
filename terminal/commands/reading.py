"""Commands that show the book: is it sound, what is in it, what has changed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from settings import Settings
from terminal.commands.arguments import JsonOption, now
from terminal.out import say, say_all, say_json


def check() -> None:
    """Read the book in config/ and list its faults."""
    from auditing.currencies import lacking_currencies
    from auditing.sources import versions_ending
    from book import read_book, told
    from pipeline.inputs.redefinitions import check_issued
    from pipeline.site import Site
    from terminal.reached import faults_of, unreached

    settings = Settings.from_environment(os.environ)
    reading = read_book(settings.config)
    # only a sound book can be compared with what was issued
    faults = list(map(str, reading.faults)) or check_issued(reading.book, settings.ledger_url)
    site = None if faults else Site(settings, reading.book)
    if site is not None:
        faults = [*map(str, lacking_currencies(reading, site))]
    place = settings.config if faults else "the settings"
    faults = [*faults, *faults_of(site)]
    say_all(told(faults))
    today = now().date()
    warnings = [*reading.warnings(today), *unreached(site), *(versions_ending(site, today) if site else ())]
    say_all(f"warning: {warning}" for warning in warnings)
    also = f", {_counted(len(warnings), 'warning')}" if warnings else ""
    if faults:
        say(f"{_counted(len(faults), 'fault')} in {place}{also}")
        raise typer.Exit(2)
    say(f"{settings.config}: no faults{also}")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def kpis(
    kpi: Annotated[str | None, typer.Argument(metavar="ID", help="this one alone, whole")] = None,
    shipped: Annotated[
        bool, typer.Option("--dictionary", help="those that come with Scorewright, for a book to use")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the KPIs of the book with their formulas and the teams that have them, or print one whole."""
    from book import load_book
    from terminal.dictionary import kpis_as_json, print_dictionary, print_kpi, print_kpis, shipped_as_json

    if shipped:
        if as_json:
            say_json(shipped_as_json())
        else:
            print_dictionary()
        return
    book, today = load_book(Settings.from_environment(os.environ).config), now().date()
    if as_json:
        say_json(kpis_as_json(book, kpi, today))
    elif kpi is None:
        print_kpis(book, today)
    else:
        print_kpi(book, kpi, today)


def diff(
    before: Annotated[Path, typer.Argument(metavar="A", help="a book, a folder of targets or one file")],
    after: Annotated[Path, typer.Argument(metavar="B", help="the same, as it is now")],
    exit_code: Annotated[bool, typer.Option("--exit-code", help="exit with 1 if there is any")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the rows of targets that were added, removed, changed or superseded from A to B."""
    from book.target_diff import differences, read_side, told

    found = differences(read_side(before), read_side(after))
    if as_json:
        say_json(found)
    else:
        say_all(told(found))
    if found and exit_code:
        raise typer.Exit(1)

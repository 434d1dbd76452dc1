"""Commands for when a store was lost, and for what was kept with an issue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scoring.text import numbered
from terminal.commands.arguments import IssueArgument, now
from terminal.out import say


def adopt() -> None:
    """Enter issues again that the ledger has lost, from what lies beside the scorecards.

    Whatever may have been mailed is uncertain then: nothing is sent again before `settle`.
    """
    from auditing.adopting import adopt as adopt_issues
    from pipeline.site import open_site

    made = adopt_issues(open_site())
    say(f"adopted: {numbered(made.issues, 'issue')}, {numbered(made.uncertain, 'uncertain mail')}")
    for name in made.broken:
        say(f"not adopted: {name}, whose record was changed; restore it from a backup")


def tabulate() -> None:
    """Write the tables of scores in the warehouse anew, from what was issued.

    A run keeps them in step by itself; this is for after damage, or before the first run of a new version.
    """
    from pipeline.preparing import prepare
    from pipeline.site import open_site
    from pipeline.steps.tabulate import tabulate as write_tables

    site = open_site()
    prepare(site)
    say(f"tabulated: {write_tables(site, anew=True)} issues")


def tidy() -> None:
    """Remove files of the lake that no slice needs: those that were found so a day ago, and still are."""
    from lake.tidying import tidy as tidy_lake
    from pipeline.site import open_site
    from scoring.errors import UsageError

    site = open_site()
    if site.settings.lake is None:
        raise UsageError("tidy: expected SCOREWRIGHT_LAKE, found none; without a lake nothing piles up.")
    removed, left = tidy_lake(site.warehouse, site.settings.lake, now())
    say(f"tidied: {numbered(len(removed), 'file')} removed, {len(left)} more no slice needs since today")


def book(
    issue: IssueArgument,
    to: Annotated[Path, typer.Option(metavar="FOLDER", help="an empty folder for the files")],
) -> None:
    """Write the book that an issue was made with into a folder."""
    from archive.kept_books import restore_book
    from pipeline.site import open_site
    from scoring.errors import UsageError
    from tracing.subject import find_issue

    site = open_site()
    found = find_issue(site.ledger, issue)
    if found.made.book_sha256 is None:
        raise UsageError(f"issue {found.id}: an older program issued it and kept no book.")
    files = restore_book(site.landing, found.made.book_sha256, to)
    say(f"{to}: {numbered(files, 'file')} of the book that {found.name} was made with")

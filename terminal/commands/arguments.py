"""Arguments shared by several commands."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipeline.site import Site
    from scoring.period import Period

TeamArgument = Annotated[str, typer.Argument(metavar="TEAM", help="a team id")]
TeamsOption = Annotated[
    list[str] | None, typer.Option("--team", metavar="TEAM", help="a team id; may be repeated")
]
PeriodsOption = Annotated[
    list[str] | None,
    typer.Option("--period", metavar="PERIOD", help="2026-10 or 2026-01..2026-10; may be repeated"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="print JSON for programs")]
_PERIODS = "2026-10, 2026-W41, 2026-Q4, 2026, FY2026/27-Q3"
PeriodArgument = Annotated[str, typer.Argument(metavar="PERIOD", help=_PERIODS)]
PeriodOption = Annotated[str, typer.Option("--period", metavar="PERIOD", help=_PERIODS)]
ForceOption = Annotated[bool, typer.Option("--force", help="replace a file that is there already")]
IssueArgument = Annotated[str, typer.Argument(metavar="ISSUE", help="bcb7d8a45b, 17 or 2026-10/eu-brand/r1")]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="print which issued cards would change, and change nothing")
]
PreviewJsonOption = Annotated[bool, typer.Option("--json", help="print the result of --dry-run as JSON")]
QuietOption = Annotated[bool, typer.Option("--quiet", help="print nothing but refusals")]
VerboseOption = Annotated[
    bool, typer.Option("--verbose", help="also log what each step does, on standard error")
]
CsvOption = Annotated[
    Path | None,
    typer.Option("--csv", metavar="FILE.csv", help="also write the result of --dry-run to this file"),
]


def site_and_period(text: str) -> tuple[Site, Period]:
    """The site, and the period that its book calls so; raises `UsageError` for what is none."""
    from pipeline.site import open_site

    site = open_site()
    return site, site.book.period(text)


def now() -> datetime:
    """Now, in UTC: the command line's only clock."""
    return datetime.now(UTC)

"""Commands about where data comes from."""

from __future__ import annotations

from typing import Annotated

import typer

from scoring.errors import UsageError
from terminal.commands.arguments import now
from terminal.out import say_all


def test_account(
    account: Annotated[str, typer.Argument(metavar="SOURCE/ENTITY", help="an account that names a platform")],
) -> None:
    """Ask the platform of an account for one page of yesterday; nothing is kept."""
    from pipeline.site import open_site
    from pulling.trial import ask_once, told

    site = open_site()
    source, _, entity = account.partition("/")
    pulled = [each for each in site.book.accounts if each.platform is not None]
    found = next((each for each in pulled if (each.source, each.entity) == (source, entity)), None)
    if found is None:
        known = ", ".join(f"{each.source}/{each.entity}" for each in pulled)
        expected = f"one of {known}" if known else "an account with a `platform`, of which the book has none"
        raise UsageError(f"SOURCE/ENTITY: expected {expected}, found {account!r}.")
    say_all(told(ask_once(site.puller, found), found, now().date()))

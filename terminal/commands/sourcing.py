"""Commands about where data comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from disk.nearest import did_you_mean
from scoring.errors import UsageError
from terminal.commands.arguments import now
from terminal.out import say, say_all, say_json

if TYPE_CHECKING:
    from etl.account import Account
    from pipeline.site import Site


def overview(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="print all of it as JSON, for monitors")] = False,
) -> None:
    """Where the data of accounts comes from, and how each of them stands."""
    if ctx.invoked_subcommand is not None:
        return
    from auditing.sources import standing, versions_ending
    from pipeline.site import open_site

    site = open_site()
    found = standing(site, now())
    if as_json:
        say_json([each.as_json() for each in found])
        return
    for each in found:
        say_all(each.told())
    say_all(f"warning: {each}" for each in versions_ending(site, now().date()))


def test_account(
    account: Annotated[str, typer.Argument(metavar="SOURCE/ENTITY", help="an account that names a platform")],
) -> None:
    """Ask the platform of an account for one page of yesterday; nothing is kept."""
    from pipeline.site import open_site
    from pulling.trial import ask_once, told

    site = open_site()
    pulled = _pulled(site)
    found = next((each for each in pulled if each.name == account), None)
    if found is None:
        raise UsageError(
            f"SOURCE/ENTITY: expected {_one_of(each.name for each in pulled)}, {_found(site, account)}."
        )
    say_all(told(ask_once(site.puller, found), found, now().date()))


def login(
    platform: Annotated[str, typer.Argument(metavar="PLATFORM", help="a platform that an account names")],
    connection: Annotated[
        str | None, typer.Option(metavar="NAME", help="which connection, where its accounts have several")
    ] = None,
    device: Annotated[bool, typer.Option("--device", help="agree on another device")] = False,
) -> None:
    """Sign in with a platform; the token that stays is kept encrypted for its connection."""
    from pipeline.site import open_site
    from pulling.login import SignIn

    site = open_site()
    _refuse_unknown(site, platform)
    by_name = _connections(site, platform)
    named = connection or next(iter(by_name), "")
    if named not in by_name or (connection is None and len(by_name) > 1):
        raise UsageError(f"--connection: expected {_one_of(by_name)}, found {connection or 'none'}.")
    account = by_name[named]
    site.puller.tokens.refuse_keyless()
    credentials = site.puller.credentials(account)
    refresh, access = SignIn(site.puller.platform_of(account), credentials, say).tokens(on_device=device)
    site.puller.tokens.keep(named, credentials.values.get("refresh_token", ""), refresh, access)
    say(f"{named}: signed in; `scorewright sources test {account.name}` tries it")


def _pulled(site: Site) -> list[Account]:
    return [each for each in site.book.accounts if each.platform is not None]


def _connections(site: Site, platform: str) -> Mapping[str, Account]:
    """An account for each connection to a platform."""
    accounts = (each for each in _pulled(site) if each.platform == platform)
    return {str(each.connection): each for each in accounts if each.connection is not None}


def _refuse_unknown(site: Site, platform: str) -> None:
    """Raise `UsageError` for a platform that no account of the book is pulled from."""
    known = sorted({str(each.platform) for each in _pulled(site)})
    if platform not in known:
        meant = did_you_mean(platform, known)
        raise UsageError(f"PLATFORM: expected {_one_of(known)}, found {platform!r}{meant}.")


def _found(site: Site, name: str) -> str:
    """What was given instead of an account that is pulled."""
    known = [account.name for account in site.book.accounts]
    if name in known:
        return f"found {name!r}, which is not pulled: `scorewright check` and `try` read what it has"
    return f"found {name!r}{did_you_mean(name, known)}"


def _one_of(known: Iterable[str]) -> str:
    listed = ", ".join(known)
    return f"one of {listed}" if listed else "an account with a `platform`, of which the book has none"

"""An account's settings for its export files must be ones that its source can check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from book.fault import Fault
from book.files.shapes import AccountShape
from book.files.yaml_file import Place, YamlFile
from etl.sources import Source
from pulling.platform import Platform

RATES = "fx_rates"

Problem = tuple[tuple[str, ...], str]
"""The key of the account that is wrong, if it is a single one, and what is wrong."""


def lint_account(
    file: YamlFile,
    place: Place,
    source: Source | None,
    account: AccountShape,
    platforms: Mapping[str, Platform],
) -> Iterator[Fault]:
    """Nothing to read or to ask, settings that the source cannot check or lacks, a quarantine of rates."""
    if source is None:
        return
    for key, problem in chain(
        _origin(account),
        _connection(account),
        _platform(source, account, platforms),
        _printed_as(source, account),
        _currency(source, account),
        _quarantine(source, account),
    ):
        name = ".".join((source.name, account.entity, *key))
        yield file.fault((*place, *key), f"{name}: {problem}")


def _origin(account: AccountShape) -> Iterator[Problem]:
    given = {"files": account.files, "query": account.query, "platform": account.platform}
    found = [name for name, value in given.items() if value]
    if len(found) != 1:
        several = f"{' and '.join(found)}; keep one of them" if found else "none; add one of them"
        yield (), f"expected files, a query or a platform, found {several}"


def _connection(account: AccountShape) -> Iterator[Problem]:
    # there are platforms that answer everybody
    if (account.query is None) != (account.connection is None) and account.platform is None:
        yield (), "expected a query or a platform together with its connection; add the other"


def _platform(source: Source, account: AccountShape, platforms: Mapping[str, Platform]) -> Iterator[Problem]:
    if account.platform is None:
        return
    known = sorted(name for name, each in platforms.items() if each.source == source.name)
    if account.platform not in known:
        listed = ", ".join(known) or "no platform, for none is known"
        yield (
            ("platform",),
            f"expected {listed}, found {account.platform!r}; correct it, or add its file to `platforms`",
        )


def _printed_as(source: Source, account: AccountShape) -> Iterator[Problem]:
    if account.printed_as is not None and not source.prints_names:
        yield (
            ("printed_as",),
            f"expected none, because no export of {source.name} prints a name of its account, "
            f"found {account.printed_as!r}; remove it",
        )


def _currency(source: Source, account: AccountShape) -> Iterator[Problem]:
    if account.currency_code is None and source.needs_currency:
        why = f"for no export of {source.name} names its currency"
        yield (), f"expected a currency_code, {why}, found none; add it"


def _quarantine(source: Source, account: AccountShape) -> Iterator[Problem]:
    if account.quarantine and source.name == RATES:
        yield (
            ("quarantine",),
            f"expected 0, because every amount needs its rate, found {account.quarantine}; remove it",
        )

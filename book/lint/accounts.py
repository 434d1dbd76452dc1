"""An account's settings for its export files must be ones that its source can check."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from book.fault import Fault
from book.files.shapes import AccountShape
from book.files.yaml_file import Place, YamlFile
from etl.sources import Source

RATES = "fx_rates"

Problem = tuple[tuple[str, ...], str]
"""The key of the account that is wrong, if it is a single one, and what is wrong."""


def lint_account(
    file: YamlFile, place: Place, source: Source | None, account: AccountShape
) -> Iterator[Fault]:
    """Neither files nor a query, settings that the source cannot check or lacks, a quarantine of rates."""
    if source is None:
        return
    for key, problem in chain(
        _origin(account),
        _connection(account),
        _printed_as(source, account),
        _currency(source, account),
        _quarantine(source, account),
    ):
        name = ".".join((source.name, account.entity, *key))
        yield file.fault((*place, *key), f"{name}: {problem}")


def _origin(account: AccountShape) -> Iterator[Problem]:
    if bool(account.files) == (account.query is not None):
        found = "both; keep one of them" if account.files else "neither; add one of them"
        yield (), f"expected files or a query, found {found}"


def _connection(account: AccountShape) -> Iterator[Problem]:
    if (account.query is None) != (account.connection is None):
        yield (), "expected a query and its connection together; add the other"


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

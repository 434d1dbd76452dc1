"""An account's settings for its export files must be ones that its source can check."""

from __future__ import annotations

from collections.abc import Iterator

from book.fault import Fault
from book.files.shapes import AccountShape
from book.files.yaml_file import Place, YamlFile
from etl.sources.base import Source

RATES = "fx_rates"


def lint_account(
    file: YamlFile, place: Place, source: Source | None, account: AccountShape
) -> Iterator[Fault]:
    """Neither files nor a query, a `printed_as` that the source does not check, a quarantine of rates."""
    if source is None:
        return
    name = f"{source.name}.{account.entity}"
    if bool(account.files) == (account.query is not None):
        found = "both; keep one of them" if account.files else "neither; add one of them"
        yield file.fault(place, f"{name}: expected files or a query, found {found}")
    if (account.query is None) != (account.connection is None):
        yield file.fault(place, f"{name}: expected a query and its connection together; add the other")
    if account.printed_as is not None and not source.prints_names:
        yield file.fault(
            (*place, "printed_as"),
            f"{name}.printed_as: expected none, because no export of {source.name} prints a name of its "
            f"account, found {account.printed_as!r}; remove it",
        )
    if account.quarantine and source.name == RATES:
        yield file.fault(
            (*place, "quarantine"),
            f"{name}.quarantine: expected 0, because every amount needs its rate, "
            f"found {account.quarantine}; remove it",
        )

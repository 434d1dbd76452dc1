"""An account's settings for its export files must be ones that its source can check."""

from __future__ import annotations

from collections.abc import Iterator

from book.fault import Fault
from book.files.shapes import AccountShape
from book.files.yaml_file import Place, YamlFile
from etl.sources import registry

RATES = "fx_rates"


def lint_account(file: YamlFile, place: Place, source: str, account: AccountShape) -> Iterator[Fault]:
    """A wrong number of files, a `printed_as` that the source does not check, a quarantine of rates."""
    if source not in registry():
        return
    name = f"{source}.{account.entity}"
    if len(account.files) != registry()[source].FILES:
        yield file.fault(
            (*place, "files"),
            f"{name}.files: expected {registry()[source].FILES} "
            f"(see etl/sources/{source}.py), found {len(account.files)}; correct the list",
        )
    if account.printed_as is not None and registry()[source].PRINTED_IN is None:
        yield file.fault(
            (*place, "printed_as"),
            f"{name}.printed_as: expected none, because no export of {source} prints a name of its account, "
            f"found {account.printed_as!r}; remove it",
        )
    if account.quarantine and source == RATES:
        yield file.fault(
            (*place, "quarantine"),
            f"{name}.quarantine: expected 0, because every amount needs its rate, "
            f"found {account.quarantine}; remove it",
        )

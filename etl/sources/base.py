"""What a source is: where its files come from, and how they are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from etl.account import Account, ExportFile, OwnerKeys
from etl.exports import Origin
from etl.landing import LandedFile
from scoring.period import Period
from warehouse.conformed import Conformed


class Source(Protocol):
    """A platform, made of formats or, where a format cannot say it, a class of `etl/sources/`."""

    @property
    def name(self) -> str: ...
    @property
    def facts(self) -> tuple[str, ...]:
        """The facts it feeds."""
        ...

    @property
    def daily_facts(self) -> tuple[str, ...]:
        """Those of them that have a row on every day of a complete month."""
        ...

    @property
    def lookback_months(self) -> int:
        """How many months back a row may have begun and still count: a lead of May is won in August."""
        ...

    @property
    def reload_days(self) -> int:
        """For how many days after the end of a month the platform still changes its figures."""
        ...

    @property
    def version(self) -> str:
        """The name of the exports or the version of the API."""
        ...

    @property
    def reader(self) -> str:
        """It changes when the same bytes are read differently: slices are then loaded anew."""
        ...

    @property
    def owner_keys(self) -> OwnerKeys:
        """What owner keys say about a row's account."""
        ...

    @property
    def prints_names(self) -> bool:
        """Whether its exports print the name that the book gives as an account's `printed_as`."""
        ...

    @property
    def needs_currency(self) -> bool:
        """Whether none of its exports names the currency of its amounts, so that each account must."""
        ...

    def extract(self, account: Account, month: Period, origin: Origin) -> tuple[ExportFile, ...] | None:
        """What the source has for the month, in the order of the account's patterns; None where nothing.

        Raises `BadFileError`, also for a file that is too large.
        """
        ...

    def read(self, files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
        """Conformed rows of a complete pull; if it raises `BadFileError`, none of the pull is used."""
        ...

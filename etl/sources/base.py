"""What a source is: two functions and a few constants."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from etl.account import Account, ExportFile, OwnerKeys
from etl.conformed import Conformed
from etl.landing import LandedFile
from scoring.period import Period


class Source(Protocol):
    """A module of `etl/sources/`.

    `FACTS` are the facts it feeds, `DAILY_FACTS` those that have a row on every day of a complete month;
    `FILES` says how many patterns an account has, in the order `read` takes them; `LOOKBACK_MONTHS` says how
    many months back a row may have begun and still count in a month (a lead created in May and won in
    August); `READER_VERSION` is raised when the same bytes are read differently, so that slices are reloaded.
    `API_VERSION` names the format of the export or the version of the API it came from; `RELOAD_DAYS` says
    for how many days after the end of a month the platform still changes its figures. `PRINTED_IN` says where
    an export prints an account's `printed_as`, None if it does not.
    """

    NAME: str
    READER_VERSION: int
    FACTS: tuple[str, ...]
    DAILY_FACTS: tuple[str, ...]
    FILES: int
    LOOKBACK_MONTHS: int
    API_VERSION: str
    RELOAD_DAYS: int
    PRINTED_IN: str | None
    OWNER_KEYS: OwnerKeys

    def extract(
        self, account: Account, month: Period, exports: Path, most_megabytes: int
    ) -> tuple[ExportFile, ...] | None:
        """What the source has for the month, in the order of the account's patterns; None where nothing.

        Raises `BadFileError`, also for a file of more than `most_megabytes`.
        """
        ...

    def read(self, files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
        """Conformed rows of a complete pull; if it raises `BadFileError`, none of the pull is used."""
        ...

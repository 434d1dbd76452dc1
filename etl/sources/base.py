"""What a source is: two functions and a few facts about them."""

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

    `FACTS` are the facts it feeds, `DAILY_FACTS` those that have a row on every day of a complete
    month; `FILES` says how many patterns an account has, in the order `read` takes them;
    `LOOKBACK_MONTHS` says how long before a month rows may have begun that still count in it (a lead
    created in May and won in August); `READER_VERSION` goes up when the same bytes are read
    differently, so that slices are loaded anew. `API_VERSION` names the format of the export or the
    version of the interface that the bytes came by; `RELOAD_DAYS` says for how many days after a
    month's end the platform still changes it. `PRINTED_IN` says where in an export `printed_as` of
    an account is looked for, None where nothing prints it.
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

    def extract(self, account: Account, month: Period, exports: Path) -> tuple[ExportFile, ...] | None:
        """What the source has for the month, in the order of the account's patterns; None where nothing."""
        ...

    def read(self, files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
        """Conformed rows of a complete pull; raises `BadFileError` and then nothing of it is used."""
        ...

"""Pulling a month of an account: it is asked for, every answer is landed, and the rows become a file."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from etl.account import Account, ExportFile
from etl.landing import Landing
from etl.pulls import sha256_of
from etl.reading.door import MEGABYTE
from pulling.asking import Clock, GaveUpError, Patience
from pulling.credentials import Credentials, credentials_of
from pulling.filling import values_used, windows
from pulling.journal import Journal
from pulling.month import Month, bad, not_whole
from pulling.pacing import Pace
from pulling.platform import FOLDER, Platform, platforms_with
from pulling.session import Session
from pulling.stopping import Stop
from pulling.tokens import Tokens, TokenStore
from scoring.errors import UsageError
from scoring.period import Period


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _none_refused(account: Account, month: Period) -> bool:
    return False


@dataclass(frozen=True)
class Puller:
    """Pulls for all accounts of an installation; `now` is the time of day (UTC)."""

    platforms: Mapping[str, Platform]
    connections: Mapping[str, str] = field(repr=False)
    landing: Landing
    patience: Patience = field(default_factory=Patience)
    clock: Clock = field(default_factory=Clock)
    now: Callable[[], datetime] = _utc_now
    is_refused: Callable[[Account, Period], bool] = _none_refused
    """Whether what is landed of a month could not be loaded; it is asked for again then, final or not."""
    alone: threading.Lock = field(default_factory=threading.Lock, repr=False)
    tokens: Tokens = field(default_factory=Tokens)
    stop: Stop = field(default_factory=Stop)
    paces: dict[str, Pace] = field(default_factory=dict, repr=False)
    silent: dict[tuple[str, str], GaveUpError] = field(default_factory=dict)
    """The accounts whose platform has not answered this run, which are not asked again."""

    @classmethod
    def of(
        cls,
        book: Path,
        connections: Mapping[str, str],
        landing: Landing,
        most_megabytes: int,
        is_refused: Callable[[Account, Period], bool] = _none_refused,
        store: TokenStore | None = None,
    ) -> Puller:
        """That of a book; an answer has at most so many million bytes. Raises `PlatformError`."""
        platforms = platforms_with(book / FOLDER)
        patience = Patience(most_bytes=most_megabytes * MEGABYTE)
        stop = Stop()
        # a wait of minutes ends when somebody wants no more
        clock = Clock(sleep=stop.sleep)
        return cls(
            platforms,
            connections,
            landing,
            patience,
            clock,
            is_refused=is_refused,
            tokens=Tokens(store),
            stop=stop,
        )

    def __call__(self, account: Account, month: Period) -> tuple[ExportFile, ...] | None:
        """The files of the month; None where it has no rows, or what is landed of it is final.

        Raises `BadFileError` where the platform did not give it whole, and `UsageError` for a connection that
        cannot be used.
        """
        platform = self.platform_of(account)
        journal = Journal(self.landing, account, month, self.now().date(), self._host(account))
        since = month.end + timedelta(days=platform.restated_days + 1)
        if journal.is_final(since) and not self._is_refused(account, month):
            return None
        files = self._pulled(account, month, journal)
        if not files and self.landing.latest(account.source, account.entity, month) is not None:
            raise bad(
                account, month, "none", f"see in {platform.title} whether they are gone", "rows, as before"
            )
        return files or None

    def _is_refused(self, account: Account, month: Period) -> bool:
        # accounts are pulled side by side, and the warehouse is asked by one after the other
        with self.alone:
            return self.is_refused(account, month)

    def platform_of(self, account: Account) -> Platform:
        """The platform that an account names; raises `UsageError` where there is none."""
        found = self.platforms.get(str(account.platform))
        if found is None:
            raise UsageError(
                f"{account.name}: expected one of {', '.join(self.platforms)}, "
                f"found {account.platform!r}; correct `platform` in sources.yaml."
            )
        return found

    def session(self, account: Account) -> Session:
        """A session with the account's platform; to be closed. Raises `UsageError`."""
        platform, name = self.platform_of(account), str(account.platform)
        return Session(
            platform,
            account,
            self.credentials(account),
            self.patience,
            self.clock,
            self.tokens,
            self.stop,
            self.paces.setdefault(name, Pace(platform.a_second)),
        )

    def credentials(self, account: Account) -> Credentials:
        """What the account's connection says; raises `UsageError`."""
        return credentials_of(account, self.connections, values_used(self.platform_of(account)))

    def _host(self, account: Account) -> str | None:
        """Who is asked; None where the connection is gone, of an account that is perhaps no longer asked."""
        platform = self.platform_of(account)
        is_known = account.connection is None or account.connection in self.connections
        return (self.credentials(account).base or platform.url) if is_known else None

    def today(self, account: Account) -> date:
        """Which day it is where the account is."""
        return self.now().astimezone(ZoneInfo(account.time_zone)).date()

    def _pulled(self, account: Account, month: Period, journal: Journal) -> tuple[ExportFile, ...]:
        longest = self.platform_of(account).window_days
        spans = [*windows(month, self.today(account), longest)]
        if not spans:
            # a month that has not begun where the account is
            return ()
        whose = (account.source, account.entity)
        with closing(self.session(account)) as session:
            try:
                if whose in self.silent:
                    raise self.silent[whose]
                files = Month(session, journal, month, self.today(account)).files(spans)
            except GaveUpError as error:
                # it would be waited for as long for each of the account's months
                self.silent[whose] = error
                raise not_whole(session, month, error.found, error.hint) from None
            journal.end([sha256_of(file.content) for file in files], session.quota)
        return files

"""Accounts of which neither the book nor an export says the currency: no run could load their amounts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain

from book import Reading
from book.fault import Fault
from etl.account import Account
from etl.exports import Folder
from etl.formats.source import FormatSource
from etl.landing import LandedFile
from etl.reading.door import reading as opened
from pipeline.site import Site
from scoring.errors import BadFileError
from trying.telling import says_currency


def lacking_currencies(reading: Reading, site: Site) -> Iterator[Fault]:
    """A fault for each such account, by the newest file of each of its patterns in a folder."""
    files, said = site.origin.files, reading.draft.files["sources.yaml"]
    if not isinstance(files, Folder):
        return
    for source, shape in reading.draft.sources.items():
        accounts = {each.entity: each for each in site.book.accounts_of(source)}
        for at, each in enumerate(shape.accounts):
            look = _Look(site, files, accounts[each.entity])
            yield from (said.fault((source, "accounts", at), told) for told in look.lacking())


@dataclass(frozen=True, slots=True)
class _Look:
    """An account, and the folder that its exports lie in."""

    site: Site
    folder: Folder
    account: Account

    def lacking(self) -> Iterator[str]:
        """What to add, if an export shows that it is needed; told once."""
        source, account = self.site.book.sources[self.account.source], self.account
        if account.currency_code is None and isinstance(source, FormatSource):
            silent = (name for name in self._names() if not self._says(source, name))
            yield from (self._told(name) for name in [*silent][:1])

    def _names(self) -> Iterator[str]:
        """The newest file of each pattern."""
        patterns = (pattern.replace("{month}", "*") for pattern in self.account.files)
        return chain.from_iterable(sorted(self.folder.matching(pattern))[-1:] for pattern in patterns)

    def _says(self, source: FormatSource, name: str) -> bool:
        """Whether a file names the currency of its amounts, or has none; one that cannot be read may."""
        with suppress(BadFileError):
            content = self.folder.read(name, self.site.settings.max_export_mb)
            path = self.folder.path / name
            file = LandedFile(name, sha256(content).hexdigest(), len(content), path)
            with opened([file]):
                return says_currency(source.recognise(file, self.account))
        return True

    def _told(self, name: str) -> str:
        account, home = self.account, self.site.book.currency_code
        return (
            f"{account.source}.{account.entity}: expected a currency_code, for {name} does not name the "
            f"currency of its amounts, found none; add `currency_code: {home}`, or that which they are in"
        )

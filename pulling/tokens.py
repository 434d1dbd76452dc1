"""Tokens that are got with others: for an hour in memory, those that change with each use in encrypted files.

Some platforms give a new refresh token with each answer and forget the one that they were sent. So it is kept
before anything is asked with the new token, and only one process asks at a time. Whoever is killed between
the answer and that loses it; the file says so to the next.
"""

from __future__ import annotations

import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from disk import Place, stored, write_atomically
from disk.lock_file import alone
from disk.objects import ObjectPath
from disk.rights import make_folder
from etl.pulls import bytes_at
from pulling.asking import RefusedByPlatformError
from pulling.credentials import text_of
from scoring.errors import UsageError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

KEY = "token_key"
"""The connection whose text encrypts tokens."""
_FEWEST = 32
_PATIENCE_SECONDS = 300.0
_HOW = "set SCOREWRIGHT_CONNECTION_TOKEN_KEY to what `openssl rand -hex 32` prints, or to file:PATH of it"

Locked = Callable[[str], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a connection: the refresh token that holds now, and the last token for an hour.

    `seed` is a hash of the token that stands in the connection: with another one there, all begins anew.
    `is_asked` is a question under way whose answer may be lost.
    """

    seed: str
    refresh: str = field(repr=False)
    access: str = field(default="", repr=False)
    is_asked: bool = False


@dataclass(frozen=True)
class TokenStore:
    """A folder with an encrypted file for each connection; in an object store `locked` gives locks."""

    root: Place
    connections: Mapping[str, str] = field(default_factory=dict, repr=False)
    locked: Locked | None = None

    @property
    def has_key(self) -> bool:
        """Whether there is something to encrypt with."""
        return KEY in self.connections

    def refuse_keyless(self) -> None:
        """Raise `UsageError` for a key that encrypts nothing."""
        self._key.encrypt(b"")

    @contextmanager
    def held(self, connection: str) -> Iterator[None]:
        """Have the tokens of a connection to oneself; raises `BusyError` where another process keeps them."""
        what = f"tokens of {connection}"
        if isinstance(self.root, ObjectPath):
            assert self.locked is not None  # noqa: S101 - whoever keeps tokens in a store gives one
            with self.locked(what):
                yield
            return
        with stored(self.root):
            make_folder(self.root)
            with alone(self.root / f".{connection}.lock", what, _PATIENCE_SECONDS):
                yield

    def kept(self, connection: str, given: str) -> Kept | None:
        """What is kept of a connection in which the token `given` stands; raises `UsageError`."""
        path = self._path(connection)
        content = bytes_at(path)
        if content is None:
            return None
        _refuse_open(path)
        found = Kept(**json.loads(self._opened(content, path)))
        return found if found.seed == seed_of(given) else None

    def keep(self, connection: str, kept: Kept) -> None:
        """Write it down, at once and whole."""
        write_atomically(self._path(connection), self._key.encrypt(json.dumps(asdict(kept)).encode()))

    def _path(self, connection: str) -> Place:
        return self.root / f"{connection}.token"

    def _opened(self, content: bytes, path: Place) -> bytes:
        from cryptography.fernet import InvalidToken

        try:
            return self._key.decrypt(content)
        except InvalidToken:
            raise UsageError(
                f"SCOREWRIGHT_CONNECTION_TOKEN_KEY: expected the text that {path} was written with, found "
                "another; set it again, or delete the file and sign in with `scorewright sources login`."
            ) from None

    @cached_property
    def _key(self) -> Fernet:
        # what pulls nothing starts without it
        from cryptography.fernet import Fernet

        text = text_of(KEY, self.connections.get(KEY, ""))
        if len(text) < _FEWEST:
            raise UsageError(
                f"SCOREWRIGHT_CONNECTION_TOKEN_KEY: expected {_FEWEST} signs or more to encrypt tokens with, "
                f"found {len(text)}; {_HOW}."
            )
        return Fernet(urlsafe_b64encode(sha256(text.encode()).digest()))


def seed_of(given: str) -> str:
    """A mark for the token of a connection; one for none."""
    return sha256(given.encode()).hexdigest() if given else ""


def _refuse_open(path: Place) -> None:
    if isinstance(path, Path) and path.stat().st_mode & 0o027:
        raise UsageError(
            f"{path}: expected that only its owner may read and write it, found others, too; "
            f"run `chmod 600 {path}`."
        )


Refresh = Callable[[str, bool], tuple[str, str]]
"""Asks with a refresh token; gives a token for an hour, and the next refresh token or nothing. True where
somebody has asked with it before and never came to keep the answer."""


@dataclass
class Tokens:
    """The tokens of an installation by connection: nobody asks for one that another has got already."""

    store: TokenStore | None = None
    _known: dict[str, str] = field(default_factory=dict, repr=False)
    _locks: dict[str, threading.Lock] = field(default_factory=dict, repr=False)

    def refresh_token(self, connection: str, given: str) -> str:
        """The refresh token that holds now: the one that is kept, or else the one of the connection."""
        kept = self._kept(connection, given)
        return kept.refresh if kept else given

    def token(self, connection: str, given: str, refused: str | None, ask: Refresh) -> str:
        """A token for an hour that is not the `refused` one; `given` stands in the connection.

        `ask` is called only where nobody else has got one meanwhile; raises what it raises.
        """
        with self._locks.setdefault(connection, threading.Lock()):
            known = self._known.get(connection)
            if known is None or known == refused:
                known = ask(self.refresh_token(connection, given), False)[0]
                self._known[connection] = known
            return known

    def next_token(self, connection: str, given: str, refused: str | None, ask: Refresh) -> str:
        """The same where each answer has another refresh token, and the one that was sent is void."""
        store = self._store()
        with self._locks.setdefault(connection, threading.Lock()), store.held(connection):
            kept = store.kept(connection, given) or Kept(seed_of(given), given)
            if kept.access and kept.access != refused:
                return kept.access
            store.keep(connection, replace(kept, is_asked=True))
            try:
                access, following = ask(kept.refresh, kept.is_asked)
            except RefusedByPlatformError:
                # no answer is lost
                store.keep(connection, kept)
                raise
            store.keep(connection, Kept(kept.seed, following or kept.refresh, access))
            return access

    def keep(self, connection: str, given: str, refresh: str, access: str) -> None:
        """Keep what somebody has signed in with."""
        store = self._store()
        with self._locks.setdefault(connection, threading.Lock()), store.held(connection):
            store.keep(connection, Kept(seed_of(given), refresh, access))
            self._known.pop(connection, None)

    def refuse_keyless(self) -> None:
        """Raise `UsageError` where there is nothing to encrypt tokens with."""
        self._store().refuse_keyless()

    def _kept(self, connection: str, given: str) -> Kept | None:
        return self.store.kept(connection, given) if self.store and self.store.has_key else None

    def _store(self) -> TokenStore:
        if self.store is None or not self.store.has_key:
            raise UsageError(f"tokens: expected a key to keep tokens encrypted with, found none; {_HOW}.")
        return self.store

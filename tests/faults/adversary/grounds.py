"""The place that cases happen in: its stores, the starts that are copied into it, and the mails that left it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from delivery.channels.base import Envelope
from delivery.channels.folder import FolderChannel
from tests.book.books import VALID
from tests.faults.adversary import exports
from tests.faults.adversary.stores import Stores, copy
from tests.faults.databases import Databases
from tests.faults.forks import Ended, forked
from tests.faults.inbox import Inbox
from tests.faults.place import FIRST_RUN, SEPTEMBER, Place
from tests.pipeline.exports import ADS, ANSWERS, OCTOBER

Way = tuple[bool, bool]
"""By folder or by mail server; on a database server or on files."""
Mail = tuple[str, str]
"""A message id and a recipient."""


@dataclass(frozen=True)
class Ready:
    """A start made ready: a copy of its place, and the mails that went out on the way to it."""

    folder: Path
    mails: list[Mail]


class Grounds:
    """One place at one path, used by case after case; this process itself never opens a store of it."""

    def __init__(self, root: Path, inbox: Inbox, databases: Databases | None) -> None:
        self.root, self.inbox, self.databases = root, inbox, databases
        self.case, self.backup, self.handed = root / "case", root / "backup", root / "handed.jsonl"
        self.ready: dict[tuple[str, Way], Ready] = {}
        self.way: Way = (True, False)
        _write_down_what_is_put_into_folders(self.handed)

    @property
    def exports(self) -> Path:
        return self.case / "exports"

    @property
    def stores(self) -> Stores:
        return Stores(self.case / "home", self._database)

    def place(self) -> Place:
        return Place(self.case, self._elsewhere())

    def settings(self) -> dict[str, str]:
        """All settings of the program."""
        return {name: str(self.case / name) for name in ("config", "exports", "home")} | self._elsewhere()

    def start(self, name: str) -> Ready:
        """The start of the way of now; it is made when it is asked for first, in the place itself."""
        found = self.ready.get((name, self.way))
        if found is None:
            found = self.ready[name, self.way] = self._made(name)
        return found

    def copy(self, name: str) -> None:
        """Put the place into the state of a start."""
        folder = self.start(name).folder
        self._clear()
        shutil.copytree(folder, self.case)
        if self._database is not None:
            self._database.restore(self.kept(name))

    def kept(self, name: str) -> str:
        """By what name the database of a start is kept: that of the other way of mailing is another."""
        return f"{name} by {'folder' if self.way[0] else 'server'}" if name else ""

    def older(self, name: str) -> Path | None:
        """The home of a start that stores can be put back to."""
        return self.start(name).folder / "home" if name else None

    def back_up(self) -> None:
        """Keep a copy of the home as it is now."""
        shutil.rmtree(self.backup, ignore_errors=True)
        copy(self.case / "home", self.backup)

    def so_far(self) -> tuple[int, int]:
        """Where the mails that come from now on begin."""
        return self.inbox.size(), self.handed.stat().st_size if self.handed.exists() else 0

    def mails(self, since: tuple[int, int]) -> list[Mail]:
        """What was handed over since then: to the mail server, and to the folder."""
        found = [(mail["message_id"], mail["recipient"]) for mail in self.inbox.since(since[0])]
        if self.handed.exists():
            with self.handed.open("rb") as file:
                file.seek(since[1])
                found += [tuple(json.loads(line)) for line in file]
        return found

    @property
    def _database(self) -> Databases | None:
        return self.databases if self.way[1] else None

    def _elsewhere(self) -> dict[str, str]:
        """The settings of what does not lie in the home."""
        found = {} if self._database is None else self._database.urls
        return found if self.way[0] else found | {"delivery": f"{self.inbox.url}?tls=never"}

    def _made(self, name: str) -> Ready:
        before, make = _STARTS[name]
        mails: list[Mail] = []
        if before is None:
            self._clear()
            new_place(self.case)
            (self.case / "home").mkdir()
        else:
            mails += self.start(before).mails
            self.copy(before)
        since = self.so_far()
        given(forked(lambda: make(self.place())))
        folder = self.root / f"start-{name}-{'-'.join(map(str, map(int, self.way)))}"
        shutil.copytree(self.case, folder)
        if self._database is not None:
            self._database.keep(self.kept(name))
        return Ready(folder, mails + self.mails(since))

    def _clear(self) -> None:
        shutil.rmtree(self.case, ignore_errors=True)
        if self._database is not None:
            self._database.empty()


def new_place(root: Path) -> None:
    """A place without a home, with the first contents of all exports."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(VALID, root / "config")
    exports.write_all(root / "exports")


def run_both(place: Place) -> None:
    """September and October, undisturbed and not mailed."""
    for month in (SEPTEMBER, OCTOBER):
        _sound(place.run_month(month, FIRST_RUN, send=False))


def given(ended: Ended) -> Any:
    """What a child gave; raises `RuntimeError` where it broke."""
    if ended.code or ended.broken:
        raise RuntimeError(ended.broken or f"a child ended with {ended.code}")
    return ended.given


def _make_september(place: Place) -> None:
    _sound(place.run_month(SEPTEMBER, FIRST_RUN - timedelta(days=31)))


def _make_unsent(place: Place) -> None:
    _sound(place.run_month(OCTOBER, FIRST_RUN, send=False))


def _make_october(place: Place) -> None:
    _sound(place.run_month(OCTOBER, FIRST_RUN))


def _make_restated(place: Place) -> None:
    for file in (ADS, ANSWERS):
        exports.put(place.root / "exports", file, 1)
    _sound(place.run_month(OCTOBER, FIRST_RUN + timedelta(days=2)))


_STARTS: dict[str, tuple[str | None, Callable[[Place], None]]] = {
    "new": (None, lambda place: None),
    "september": ("new", _make_september),
    "unsent": ("september", _make_unsent),
    "october": ("september", _make_october),
    "restated": ("october", _make_restated),
}
"""Each start: the one that it is made from, and what is done then."""


def _sound(end: Mapping[str, Any]) -> None:
    if end["code"]:
        raise RuntimeError(f"an undisturbed run ended with {end}")


def _write_down_what_is_put_into_folders(handed: Path) -> None:
    """Tell of each mail that is put into a folder: a second one of the same name covers the first."""
    send = FolderChannel.send

    def send_and_tell(self: FolderChannel, packed: bytes, envelope: Envelope) -> None:
        send(self, packed, envelope)
        line = json.dumps([f"<{envelope.name}@folder>", envelope.recipient]) + "\n"
        handle = os.open(handed, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(handle, line.encode())
        os.close(handle)

    FolderChannel.send = send_and_tell  # type: ignore[method-assign]

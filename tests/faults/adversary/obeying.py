"""Whoever mends a home: runs the month, reads what the program says, and does just that."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.adversary.plans import RUN, SEPTEMBER
from tests.faults.adversary.processes import End
from tests.faults.adversary.stores import Stores, copy

VERIFY = ("verify", "--all")
_TURNS = 60
_WHOLE = ("ledger", "landing", "warehouse")


@dataclass(frozen=True)
class Uncertain:
    """A delivery that nobody knows the outcome of, and whether its recipient has it."""

    issue_id: int
    channel: str
    recipient: str
    arrived: bool


@dataclass
class Obedient:
    """Does what the sentences of the program name, as far as there are backups; `ends` are its commands.

    `do` runs a command to its end, and `uncertain` tells what there is to settle. `backup` is a copy of the
    home from before the damage; None where there is none. `given_up` is a sentence that asks for a backup
    which nobody has.
    """

    stores: Stores
    do: Callable[[Sequence[str]], End]
    uncertain: Callable[[], list[Uncertain]]
    backup: Path | None
    ends: list[End] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    given_up: str | None = None
    puzzled: str | None = None

    def mend(self) -> bool:
        """Whether in the end the month runs with 0 and everything is as it was written."""
        for _ in range(_TURNS):
            end = self._do(RUN)
            sentences = [end.err] if end.code else []
            if not end.code or "`scorewright verify --all`" in end.err:
                sentences = [*self._findings(), *sentences]
            if not sentences:
                return True
            acted = [self._obey(sentence, end.code) for sentence in dict.fromkeys(sentences)]
            if not any(acted):
                self._be_at_a_loss(sentences)
                return False
            if self.given_up:
                return False
        self.puzzled = f"still not well after {_TURNS} turns: {self.ends[-1].said}"
        return False

    def _be_at_a_loss(self, sentences: Sequence[str]) -> None:
        """What is asked for was tried: there is no backup of it, or the program names nothing else."""
        said = " ".join(sentences).strip()
        if all("backup" in sentence for sentence in sentences):
            self.given_up = said
        else:
            self.puzzled = f"nothing that helps is named: {said}"

    def _findings(self) -> list[str]:
        end = self._do(VERIFY)
        if not end.code:
            return []
        lines = [line for line in end.out.splitlines() if not line.startswith("looked at:")]
        return lines or [end.err]

    def _do(self, words: Sequence[str]) -> End:
        end = self.do(words)
        self.ends.append(end)
        return end

    def _obey(self, sentence: str, code: int) -> bool:
        """Do the first thing that a sentence names and that was not tried yet for this very sentence."""
        for name, act in self._acts(sentence, code):
            # what is done again and again does not help: the next thing that is named, then
            key = f"{name}: {_gist(sentence)}"
            if self.done.count(key) < (4 if name in ("again", "settle") else 1):
                self.done.append(key)
                act()
                return True
        return False

    def _acts(self, said: str, code: int) -> Iterator[tuple[str, Callable[[], object]]]:
        """What a sentence names, the best first."""
        path = self._named(said)
        store, is_kept = self._store_of(said, path), "backup" in said and self.backup is not None
        is_away = path is not None and "move it away and run `scorewright ledger adopt`" in said
        is_deleted = path is not None and ("delete" in said or "move the file away" in said)
        is_month = any(words in said for words in ("month again", "run it again", "next run"))
        acts: tuple[tuple[bool, str, Callable[[], object]], ...] = (
            ("settle" in said or "ask the recipient" in said, "settle", self._settle),
            (is_kept, "restore", lambda: self._restore(path, store)),
            (is_away, "away", lambda: self.stores.remove("ledger")),
            ("`scorewright ledger adopt`" in said, "adopt", lambda: self._do(("ledger", "adopt"))),
            ("`scorewright rebuild --reseal`" in said, "reseal", lambda: self._rebuild("--reseal")),
            ("`scorewright rebuild`" in said, "rebuild", self._rebuild),
            (is_month, "months", lambda: [self._do(SEPTEMBER), self._do(RUN)]),
            (is_deleted, "delete", lambda: _delete(path) if path else None),
            (code in (5, 7) or "run again" in said, "again", lambda: None),
            ("backup" in said and self.backup is None, "give up", lambda: setattr(self, "given_up", said)),
        )
        yield from ((name, act) for applies, name, act in acts if applies)

    def _settle(self) -> None:
        for one in self.uncertain():
            found = "--arrived" if one.arrived else "--lost"
            words = ("settle", str(one.issue_id), one.recipient, found, "--by", "Ana Ruiz")
            self._do((*words, "--channel", one.channel))

    def _rebuild(self, *options: str) -> None:
        if self.stores.databases is not None:
            # as the page on rebuilding says: a server's warehouse is moved away first
            self.stores.remove("warehouse")
        self._do(("rebuild", *options))

    def _restore(self, path: Path | None, store: str | None) -> None:
        """The one file that is named, or the whole store where none is."""
        assert self.backup is not None
        if path is not None and path.name not in ("ledger.sqlite", "warehouse.duckdb"):
            kept = self.backup / path.relative_to(self.stores.home)
            if kept.exists():
                _delete(path)
                copy(kept, path)
                return
        if store is not None:
            self.stores.restore(store, self.backup)

    def _named(self, said: str) -> Path | None:
        """The file of the home that a sentence names."""
        found = re.search(rf"{re.escape(str(self.stores.home))}/[^\s,;:]+", said)
        return Path(found.group().rstrip(".")) if found else None

    def _store_of(self, said: str, path: Path | None) -> str | None:
        if path is not None and path.relative_to(self.stores.home).parts[0] in ("scorecards", "outbox"):
            return None
        return next((store for store in _WHOLE if store in said), None)


def _gist(sentence: str) -> str:
    """A sentence without what differs each time: numbers of processes and tokens."""
    return " ".join(sentence.split())[:160]


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

"""A month's cards handed to servers that fail in every way at once, until people have settled what is left.

Each recipient has a behaviour, and each behaviour a server of its own. The first run meets them all; the second
finds every server mended and may send only what certainly failed; then people settle what was refused or is
uncertain, the third run ends everything, and the fourth has nothing to do.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from unittest.mock import patch

from delivery.channels import OPENERS, Envelope, smtp
from delivery.channels.mail import pack
from ledger import MAIL, Delivery, DeliveryState, Ledger, Recipient
from tests.mailfaults.behaviours import BEHAVIOURS, FAILED, LATER, REFUSED, SENT, UNCERTAIN, Behaviour
from tests.mailfaults.servers import Servers, Way
from tests.pipeline.command import Done, here
from tests.pipeline.conftest import Place
from tests.pipeline.exports import change

_PERIOD = "2026-10"
_ISSUE = 1
"""North's card: its manager and the copies of the book get it."""
_OWNS = "  owns:\n"
_SLOW = 2
"""So many mails of a behaviour that costs a wait are enough."""
_BY = "Ana Ruiz"


@dataclass
class Tally:
    """What the mails of a behaviour came to."""

    tries: int = 0
    accepted: int = 0
    doubled: int = 0
    wrong: int = 0


@dataclass
class Counts:
    """What all cases came to; `faults` says what was wrong in words."""

    tallies: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    faults: list[str] = field(default_factory=list)

    def table(self) -> str:
        """A line for each behaviour and one for all."""
        rows = [(name, *vars(tally).values()) for name, tally in self.tallies.items()]
        total = ("all", *(sum(column) for column in zip(*(row[1:] for row in rows), strict=True)))
        head = ("behaviour", "tries", "accepted", "doubled", "wrong end")
        return "".join(
            f"{name:<34}{''.join(f'{cell:>11}' for cell in cells)}\n" for name, *cells in [head, *rows, total]
        )


def recipients(count: int, behaviours: Sequence[Behaviour]) -> Mapping[str, Behaviour]:
    """So many addresses, each with its behaviour; of slow ones only a few, and the first instead of the others."""
    used = Counter[str]()
    found = {}
    for number, wanted in enumerate(islice(cycle(behaviours), count)):
        behaviour = behaviours[0] if wanted.is_slow and used[wanted.name] == _SLOW else wanted
        used[behaviour.name] += 1
        found[f"{behaviour.local}{number:04d}@lantern.example"] = behaviour
    return found


class _Routed:
    """A channel that hands each mail to the server of its recipient."""

    kind, name = MAIL, "smtp://campaign"

    def __init__(self, servers: Servers, way_of: Callable[[str], Way]) -> None:
        self.pack, self._servers, self._way_of = pack, servers, way_of

    def send(self, packed: bytes, envelope: Envelope) -> None:
        self._servers.to(self._way_of(envelope.recipient)).send(packed, envelope)

    def outcome(self, envelope: Envelope, message_id: str) -> bool | None:
        return None


class Case:
    """One place, and what was found wrong in it."""

    def __init__(self, place: Place, servers: Servers, behaviours: Mapping[str, Behaviour]) -> None:
        self.place, self.servers, self.behaviours = place, servers, behaviours
        self.is_mended = False
        self.faults = defaultdict[str, list[str]](list)
        servers.forget()

    def play(self) -> None:
        """All four runs, and what people do between them."""
        with self._routed():
            self._first_run()
            self.is_mended = True
            self._second_run()
            self._settle()
            for number in (3, 4):
                self._last_run(number)

    def tallies(self) -> Iterator[tuple[str, Tally]]:
        """What became of each recipient's mail, by the name of the behaviour."""
        hashes, deliveries = self._accepted(), self._deliveries()
        for address, behaviour in self.behaviours.items():
            accepted = len(hashes[address])
            doubled = max(0, accepted - 1)
            tries = deliveries[address].attempts if address in deliveries else 0
            yield behaviour.name, Tally(tries, accepted, doubled, int(bool(self.faults[address])))

    def _first_run(self) -> None:
        said = self._run(1, code=6)
        hashes = self._accepted()
        for address, behaviour, state in self._states(1):
            self._expect(address, state in behaviour.ends, f"is {state} after the first run")
            kept = state is SENT or "BODY" in behaviour.way.drops | behaviour.way.holds
            self._expect(
                address, len(hashes[address]) == kept, f"was accepted {len(hashes[address])} times at first"
            )
            self._is_named(said, address, state)
            words = " ".join(said[address])
            self._expect(address, behaviour.says in words, f"was said to be: {words}")
            is_transient = state is FAILED and behaviour.says in (LATER, "")
            self._expect(address, (LATER in words) is is_transient, f"is to be run later, or not: {words}")

    def _second_run(self) -> None:
        before = self._deliveries()
        said = self._run(2, code=6)
        for address, _, state in self._states(2):
            known = before[address]
            expected = SENT if known.state is FAILED else known.state
            self._expect(address, state is expected, f"was {known.state} and is {state} after the second run")
            tried = self._deliveries_of[address].attempts - known.attempts
            self._expect(
                address, tried == (known.state is FAILED), f"was {known.state} and tried {tried} times"
            )
            self._is_named(said, address, state)

    def _settle(self) -> None:
        """Each kind of decision by the command once, all others as the command does it."""
        hashes, by_command = self._accepted(), set[str]()
        for address, behaviour in self.behaviours.items():
            word = _decision(self._deliveries_of[address], behaviour, is_kept=bool(hashes[address]))
            if word and word not in by_command:
                by_command.add(word)
                done = self._command("settle", _ISSUE, address, word, "--by", _BY)
                self._expect(address, done.code == 0, f"could not be settled: {done.err}")
            elif word:
                _decide(self._ledger, address, word)

    def _last_run(self, number: int) -> None:
        said = self._run(number, code=0)
        hashes = self._accepted()
        for address, behaviour, state in self._states(number):
            expected = DeliveryState.SUPERSEDED if behaviour.is_given_up else SENT
            self._expect(address, state is expected, f"is {state} at the end")
            self._is_named(said, address, state)
            found = [] if behaviour.is_given_up else [self._deliveries_of[address].claim.message_sha256]
            self._expect(address, hashes[address] == found, f"was accepted {len(hashes[address])} times")

    def _run(self, number: int, *, code: int) -> Mapping[str, list[str]]:
        """The sentences about each address; raises no fault but that of the exit code."""
        done = self._command("run", "--period", _PERIOD)
        if done.code != code:
            self.faults[f"run {number}"].append(
                f"expected exit code {code}, found {done.code}: {done.err[:2000]}"
            )
        self._deliveries_of = self._deliveries()
        said = defaultdict[str, list[str]](list)
        pattern = rf"{_PERIOD}/north/r1 \(issue {_ISSUE}\) to (\S+@\S+): (.*?)(?= {_PERIOD}/|$)"
        for address, sentence in re.findall(pattern, done.err, re.MULTILINE):
            said[address].append(sentence)
        return said

    def _is_named(self, said: Mapping[str, list[str]], address: str, state: DeliveryState) -> None:
        expected = int(state not in (SENT, DeliveryState.SUPERSEDED))
        found = len(said[address])
        self._expect(address, found == expected, f"is {state} and was named in {found} sentences")

    def _states(self, number: int) -> Iterator[tuple[str, Behaviour, DeliveryState]]:
        for address, behaviour in self.behaviours.items():
            if address in self._deliveries_of:
                yield address, behaviour, self._deliveries_of[address].state
            else:
                self._expect(address, False, f"is not in the ledger after run {number}")

    def _expect(self, address: str, is_so: bool, otherwise: str) -> None:
        if not is_so:
            self.faults[address].append(otherwise)

    def _accepted(self) -> Mapping[str, list[str]]:
        """The hashes of what the servers accepted, by recipient."""
        found = defaultdict[str, list[str]](list)
        for post in self.servers.posts:
            for content, (_, addresses) in zip(post.accepted, post.senders, strict=True):
                (address,) = addresses
                found[address].append(hashlib.sha256(content).hexdigest())
        return found

    def _deliveries(self) -> Mapping[str, Delivery]:
        return {one.recipient.address: one for one in self._ledger.deliveries_of(_ISSUE)}

    @property
    def _ledger(self) -> Ledger:
        return self.place.open().ledger

    @contextmanager
    def _routed(self) -> Iterator[None]:
        channel = _Routed(self.servers, self._way_of)
        trusted = {"SSL_CERT_FILE": str(self.servers.trusted)}
        with (
            patch.dict(OPENERS, {"campaign": lambda *_: channel}),
            patch.dict(os.environ, trusted),
            # the answer to a body is waited for ten times as long, which a campaign has no time for
            patch.object(smtp, "_PATIENCE", 1),
        ):
            yield

    def _way_of(self, address: str) -> Way:
        behaviour = self.behaviours.get(address, BEHAVIOURS[0])
        return behaviour.mended if self.is_mended else behaviour.way

    def _command(self, *words: object) -> Done:
        """The command line in this process, for the channel is in it."""
        return here(*words, **self.place.settings, delivery="campaign:")


def _decision(delivery: Delivery, behaviour: Behaviour, *, is_kept: bool) -> str | None:
    """What people say of a mail; they ask the recipient of an uncertain one."""
    if delivery.state is REFUSED:
        return "--given-up" if behaviour.is_given_up else "--again"
    if delivery.state is UNCERTAIN:
        return "--arrived" if is_kept else "--lost"
    return None


def _decide(ledger: Ledger, address: str, word: str) -> None:
    to, at = Recipient(MAIL, address), datetime.now(UTC)
    if word == "--given-up":
        ledger.give_up_delivery(_ISSUE, to, by=_BY, at=at)
    elif word == "--again":
        ledger.try_delivery_again(_ISSUE, to, by=_BY, at=at)
    else:
        ledger.decide_delivery(_ISSUE, to, arrived=word == "--arrived", by=_BY, at=at)


def play(
    unsent: Place,
    root: Path,
    servers: Servers,
    counts: Counts,
    *,
    among: Sequence[Behaviour] = BEHAVIOURS,
    count: int | None = None,
) -> None:
    """One case in a copy of a place that has issued its cards and mailed none.

    With as many recipients as there are behaviours, or `count`.
    """
    behaviours = recipients(count or len(among), among)
    place = Place(Path(shutil.copytree(unsent.root, root)))
    copies = "".join(f"    - {{name: A reader, email: {address}}}\n" for address in behaviours)
    change(
        place.root / "config/teams.yaml", lambda book: book.replace(_OWNS, f"  copies:\n{copies}{_OWNS}", 1)
    )
    case = Case(place, servers, behaviours)
    case.play()
    for name, tally in case.tallies():
        for what, value in vars(tally).items():
            setattr(counts.tallies[name], what, getattr(counts.tallies[name], what) + value)
    for what, faults in case.faults.items():
        name = behaviours[what].name if what in behaviours else "all"
        counts.faults += [f"{root.name}: {what} ({name}): {fault}" for fault in faults]

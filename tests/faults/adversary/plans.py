"""What happens in a case, all drawn from its seed: the same number is the same case again."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

STARTS = ("new", "september", "unsent", "october", "restated")
"""The states that a home is in before the case, each made from the one before it by `starts.py`."""
OLDER = {"unsent": ("september",), "october": ("september",), "restated": ("october", "september")}
"""The earlier states of a start that a store can be put back to."""
STORES = ("ledger", "warehouse", "landing", "scorecards", "outbox")
FILES = ("ads 2026-10.csv", "answers 2026-10.csv", "answers 2026-09.csv")
"""The exports that change; those of the exchange rates and of September's ads stay as they are."""
VARIANTS = 3
"""How many contents each of them has."""

RUN = ("run", "--period", "2026-10")
SEPTEMBER = ("run", "--period", "2026-09")
_COMMANDS: dict[tuple[str, ...], int] = {
    RUN: 6,
    SEPTEMBER: 2,
    (*RUN, "--team", "north"): 1,
    (*RUN, "--deliver", "never"): 1,
    ("backfill", "--from", "2026-09", "--to", "2026-10"): 2,
    ("step", "deliver"): 1,
    ("step", "finish"): 1,
    ("rebuild",): 1,
}
"""What the processes of a case do and how often; `step` is a step of the pipeline alone, as Airflow calls it."""

CLOCKS = {
    "right": (0.0,),
    "an hour ahead": (1.0,),
    "thirty hours behind": (-30.0,),
    "nine days behind": (-9 * 24.0,),
    "forty days ahead": (40 * 24.0,),
    "a year ahead": (400 * 24.0,),
    "jumping by days": (0.0, 72.0, -200.0, 5.0),
    "running backwards": tuple(-3.0 * step for step in range(60)),
}
"""By how many hours a clock is wrong at its first, second, ... look; then from the first again."""

_CALLS = {
    "write": 60,
    "pwrite64": 150,
    "fsync": 30,
    "fdatasync": 30,
    "openat": 150,
    "rename": 30,
    "unlink": 30,
    "ftruncate": 20,
    "flock": 30,
    "fcntl": 150,
    "sendto": 60,
    "mkdir": 6,
}
"""System calls to die or to fail in, and up to which of them."""
_ERRORS = ("ENOSPC", "EIO", "EINTR", "EDQUOT")
_LONGEST = 0.8
"""Seconds: a little longer than a run takes."""


@dataclass(frozen=True)
class Strike:
    """What befalls one process.

    `kill` and `stop` come `after` so many seconds, and a stopped one goes on when it lasted. `die` and `fail`
    come at the `nth` of a system call; with `onwards` every later one fails as well.
    """

    kind: str
    after: float = 0.0
    lasting: float = 0.0
    call: str = ""
    nth: int = 0
    error: str = ""
    onwards: bool = False


@dataclass(frozen=True)
class Process:
    """One process of the product: its command line, its clock, and what befalls it."""

    words: tuple[str, ...]
    clock: str = "right"
    strike: Strike | None = None


@dataclass(frozen=True)
class Change:
    """An export changes `after` so many seconds: to a content by its number, or it is gone (None)."""

    after: float
    file: str
    variant: int | None


@dataclass(frozen=True)
class Damage:
    """What is done to a store before a round, or `after` so many seconds of it.

    `how` is `deleted`, `emptied`, `aged` (put back to `older`) or `flipped` (one bit of any file of the home).
    `lot` chooses the file and the bit.
    """

    how: str
    store: str
    lot: int
    after: float | None = None
    older: str = ""


@dataclass(frozen=True)
class Round:
    """Processes that are started at once, and what happens around them."""

    processes: tuple[Process, ...]
    changes: tuple[Change, ...] = ()
    damage: Damage | None = None


@dataclass(frozen=True)
class Case:
    """All of a case. `has_backups`: whoever mends it has a copy of the home from just before the damage."""

    seed: int
    start: str
    by_folder: bool
    on_server: bool
    has_backups: bool
    rounds: tuple[Round, ...]

    @property
    def is_drawn(self) -> bool:
        """One case in forty draws its PDFs; the others write a short text that the card alone determines."""
        return self.seed % 40 == 39

    @property
    def costs(self) -> int:
        """The processes that it takes: its own, and some to mend the home."""
        return 4 + sum(len(each.processes) for each in self.rounds)

    @property
    def is_run_again(self) -> bool:
        """One case in four is run once more when all is well."""
        return self.seed % 4 == 0

    def kinds(self) -> Iterator[str]:
        """What the case has in it, for the table of counts."""
        processes = [process for each in self.rounds for process in each.processes]
        strikes = [process.strike for process in processes if process.strike]
        yield f"start: {self.start}"
        yield "stores: PostgreSQL" if self.on_server else "stores: DuckDB and SQLite"
        yield f"{max(len(each.processes) for each in self.rounds)} processes at once"
        yield from {_KINDS[strike.kind] for strike in strikes}
        yield from {"clock: wrong" for process in processes if process.clock != "right"}
        yield from {"exports: changed" for each in self.rounds if each.changes}
        yield from {
            "exports: changed while a run is on" for each in self.rounds for c in each.changes if c.after
        }
        for damage in (each.damage for each in self.rounds if each.damage):
            yield f"{damage.how}: {damage.store}"
            if damage.after is not None:
                yield "store: damaged while a run is on"

    def details(self) -> Iterator[str]:
        """The kinds, each command, clock, system call that dies or fails and error, and how the case is done."""
        yield from self.kinds()
        yield f"by folder: {self.by_folder}, with backups: {self.has_backups}"
        yield f"drawn: {self.is_drawn}"
        yield f"run again: {self.is_run_again}"
        processes = [process for each in self.rounds for process in each.processes]
        for process in processes:
            yield " ".join(process.words)
            yield f"clock: {process.clock}"
        for strike in [process.strike for process in processes if process.strike]:
            yield f"{strike.kind}: {strike.call}"
            yield f"error: {strike.error}{' from then on' if strike.onwards else ''}"


_KINDS = {
    "kill": "SIGKILL at a moment",
    "stop": "SIGSTOP and SIGCONT",
    "die": "SIGKILL at a system call",
    "fail": "a system call fails",
}


def draw(seed: int, *, server: bool = False, traced: bool = True, only: str = "") -> Case:
    """The case of a seed. `server`: one in eight that aims at nothing is on PostgreSQL; `traced`: system calls can
    be struck.

    `only` aims at something: a store that is to be damaged in any case (`any` is one of them), or `clocks`,
    `sending`, `writing` or `verifying`, which make a small case of that alone.
    """
    lot = random.Random(seed)
    if only in _AIMED:
        return Case(seed, *_AIMED[only](lot))
    on_server = server and not only and seed % 8 == 0
    start = lot.choice(STARTS)
    damaged = _damage(lot, start, on_server, only)
    if damaged is not None and start == "new":
        start = "october"
    count = lot.choice((1, 1, 2, 3))
    at = lot.randrange(count)
    rounds = tuple(_round(lot, damaged if number == at else None, traced=traced) for number in range(count))
    return Case(seed, start, lot.random() < 0.4, on_server, lot.random() < 0.7, rounds)


def covering(seeds: Sequence[int], *, server: bool = False, traced: bool = True) -> list[int]:
    """Those of the seeds whose cases together have every detail that the cases of all of them have.

    The one with the most that is new for what it costs first, so that a few cases are as varied as hundreds
    drawn by lot.
    """
    cases = {seed: draw(seed, server=server, traced=traced) for seed in seeds}
    details = {seed: {*case.details()} for seed, case in cases.items()}
    missing, chosen = set().union(*details.values()), []
    while missing:
        chosen.append(max(details, key=lambda seed: len(details[seed] & missing) / cases[seed].costs))
        missing -= details[chosen[-1]]
    return chosen


def _aimed_at_clocks(lot: random.Random) -> tuple[str, bool, bool, bool, tuple[Round, ...]]:
    """September's data come late twice, and whoever issues after the first time has a clock that is ahead."""
    ahead = lot.choice(("forty days ahead", "a year ahead"))
    late = FILES[2]
    return (
        lot.choice(("september", "october")),
        lot.random() < 0.5,
        False,
        False,
        (
            Round((Process(lot.choice((RUN, SEPTEMBER)), ahead),), (Change(0.0, late, 1),)),
            Round((Process(RUN),), (Change(0.0, late, 2),)),
        ),
    )


def _aimed_at_sending(lot: random.Random) -> tuple[str, bool, bool, bool, tuple[Round, ...]]:
    """A run dies while it speaks to the mail server."""
    strike = Strike("die", call="sendto", nth=lot.randint(1, 14))
    return "unsent", False, False, False, (Round((Process(RUN, strike=strike),)),)


def _aimed_at_writing(lot: random.Random) -> tuple[str, bool, bool, bool, tuple[Round, ...]]:
    """The first run dies while it writes a file."""
    strike = Strike("die", call="write", nth=lot.randint(1, 80))
    return "new", True, False, False, (Round((Process(RUN, strike=strike),)),)


def _aimed_at_verifying(lot: random.Random) -> tuple[str, bool, bool, bool, tuple[Round, ...]]:
    """The documents of a revision that was replaced are lost, which no run looks at."""
    damage = Damage("deleted", "scorecards", lot.randrange(1 << 30))
    return "restated", lot.random() < 0.5, False, False, (Round((Process(RUN),), (), damage),)


_AIMED = {
    "verifying": _aimed_at_verifying,
    "clocks": _aimed_at_clocks,
    "sending": _aimed_at_sending,
    "writing": _aimed_at_writing,
}


def _damage(lot: random.Random, start: str, on_server: bool, only: str) -> Damage | None:
    if not only and lot.random() < 0.45:
        return None
    store = only if only in STORES else lot.choice(STORES)
    ways = ["deleted", "emptied"]
    older = lot.choice(OLDER.get(start, ("",)))
    if older:
        ways.append("aged")
    how = lot.choice(ways)
    if not only and lot.random() < 0.35:
        how, store = "flipped", "any file"
    after = round(lot.uniform(0, _LONGEST), 3) if lot.random() < 0.2 and not on_server else None
    return Damage(how, store, lot.randrange(1 << 30), after, older)


def _round(lot: random.Random, damage: Damage | None, *, traced: bool) -> Round:
    commands, weights = zip(*_COMMANDS.items(), strict=True)
    processes = tuple(
        Process(words, _clock(lot), _strike(lot, traced=traced))
        for words in lot.choices(commands, weights, k=lot.choice((1, 2, 2, 3)))
    )
    return Round(processes, tuple(_changes(lot)), damage)


def _clock(lot: random.Random) -> str:
    return "right" if lot.random() < 0.5 else lot.choice([*CLOCKS])


def _strike(lot: random.Random, *, traced: bool) -> Strike | None:
    kind = lot.choice(("", "kill", "kill", "stop", *(("die", "die", "fail") if traced else ())))
    match kind:
        case "kill":
            return Strike(kind, after=round(lot.uniform(0, _LONGEST), 3))
        case "stop":
            lasting = round(lot.uniform(0.1, 2.5), 3)
            return Strike(kind, after=round(lot.uniform(0, _LONGEST), 3), lasting=lasting)
        case "die" | "fail":
            # a socket that fails when written to and lives when read from is nothing that exists
            call = lot.choice([call for call in _CALLS if kind == "die" or call != "sendto"])
            # early ones more often: a run without news makes few of some calls
            nth = 1 + int(_CALLS[call] * lot.random() ** 2)
            error = lot.choice(_ERRORS) if kind == "fail" else ""
            # who is interrupted tries again, and for ever if that never ends
            onwards = error not in ("", "EINTR") and lot.random() < 0.3
            return Strike(kind, call=call, nth=nth, error=error, onwards=onwards)
    return None


def _changes(lot: random.Random) -> Iterator[Change]:
    for file in FILES:
        if lot.random() < 0.4:
            variant = None if lot.random() < 0.2 else lot.randrange(VARIANTS)
            yield Change(0.0 if lot.random() < 0.6 else round(lot.uniform(0.01, _LONGEST), 3), file, variant)

"""All that must be said of files before a run can read them, at once, with the command that says it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from shlex import quote

from etl.account import Account
from etl.pulls import LandedFile, sha256_of
from scoring.errors import BadFileError
from starting.recognising import known_formats
from starting.settling import OPTIONS, VALUES, Options, Value, as_read, option_in, told
from starting.wishes import Wishes
from trying.telling import NOBODY
from trying.tried import Fault, Tried, try_file

_Files = Iterable[tuple[Path, str, Options]]


_QUOTED = re.compile(r"'([^']+)'")
_TO_TRY = "name the month with `--month`, or "
"""What helps who only tries a file."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a file needs: the setting, a value with which it reads, and the sentence that asks for it."""

    name: str
    option: str
    value: str
    sentence: str

    def is_in(self, sentence: str) -> bool:
        """Whether a sentence about the file asks for the same setting."""
        return sentence.startswith(self.name) and f"`--{self.option} " in sentence


def asks(sentence: str) -> bool:
    """Whether a sentence about a file asks for something that can be said."""
    return any(f"`--{option} " in sentence for option in OPTIONS)


def asked_of(files: _Files) -> list[Asked]:
    """What is still to be said of files that were left out, with the options that were said already."""
    found: list[Asked] = []
    for path, name, options in files:
        content = path.read_bytes()
        found += _asked(LandedFile(name, sha256_of(content), len(content), path), dict(options))
    return found


def _asked(file: LandedFile, said: dict[str, Value]) -> Iterator[Asked]:
    """One setting after the other, each with the value that leaves the fewest faults."""
    fault = _asking(_tried(file, said), said)
    while fault is not None:
        option = option_in(fault.step)
        value = min(_values(option, fault), key=partial(_faults_with, file, said, option))
        said[option] = as_read(option, value)
        error = BadFileError(
            file.name,
            expected=fault.expected,
            found=fault.found,
            row=fault.row,
            column=fault.column,
            hint=fault.step.removeprefix(_TO_TRY),
        )
        yield Asked(file.name, option, value, told(error))
        fault = _asking(_tried(file, said), said)


def _asking(tried: Tried, said: Collection[str]) -> Fault | None:
    """The first fault that a setting mends of which nothing was said yet."""
    return next((each for each in tried.faults if option_in(each.step) not in ("", *said)), None)


def _values(option: str, fault: Fault) -> Collection[str]:
    """What a setting can be: one of those that are known, or of those that the fault has found."""
    return VALUES.get(option) or _QUOTED.findall(fault.found)


def _faults_with(file: LandedFile, said: dict[str, Value], option: str, value: str) -> int:
    return len(_tried(file, {**said, option: as_read(option, value)}).faults)


def _tried(file: LandedFile, said: dict[str, Value]) -> Tried:
    account: Account = try_file(file, known_formats()).account or NOBODY
    return try_file(file, known_formats(), replace(account, options=dict(said)))


def with_answers(wishes: Wishes, asked: Iterable[Asked]) -> Wishes:
    """The wishes with everything said that was asked for."""
    words = {option: [*getattr(wishes, option)] for option in OPTIONS}
    for each in asked:
        words[each.option].append(f"{each.name}={each.value}")
    return replace(wishes, days=words["days"], numbers=words["numbers"], counted=words["counted"])


def command(folder: Path, files: Sequence[Path], wishes: Wishes) -> str:
    """The command that begins a book with what is wished."""
    usual = Wishes()
    given = [
        ("name", wishes.name),
        ("currency", wishes.currency_code),
        ("language", _unless(usual.language, wishes.language)),
        ("time-zone", _unless(usual.time_zone, wishes.time_zone)),
        ("team", wishes.team),
        *((name, value) for name in OPTIONS for value in getattr(wishes, name)),
    ]
    options = chain.from_iterable((f"--{name}", value) for name, value in given if value)
    return " ".join(map(quote, ["scorewright", "init", str(folder), *map(str, files), *options]))


def _unless(usual: str, value: str) -> str:
    return "" if value == usual else value

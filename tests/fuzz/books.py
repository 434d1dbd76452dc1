"""Changed books of YAML: what the check says of them is a fault with file, line and sentence, or nothing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import yaml

from book import Fault, Reading, read_book, told
from scoring.errors import BadFileError
from settings import ROOT
from starting import Wishes, start
from starting.written import BOOK
from tests.doors import bytes_changed
from tests.fuzz.adding import AGREES, DIFFERS

Files = dict[str, bytes]
Change = Callable[[str, Random], str]
_VALUE = r"(?<=: )[^\n#]+|(?<=- )[^\n#]+"
_TODAY = date(2026, 11, 3)

_VALUES = (
    *(
        "",
        "~",
        "null",
        "true",
        "yes",
        "No",
        "0",
        "-1",
        "1e400",
        "0x1f",
        "0o17",
        "1_000",
        "1:30",
        ".inf",
        ".nan",
    ),
    *(
        "2026-10-05",
        "2026-02-30",
        "9" * 400,
        "x" * 20_000,
        "[]",
        "{}",
        "[1, [2, [3]]]",
        "{a: {b: c}}",
        "- a",
        "|",
    ),
    *(
        ">-",
        "'",
        '"',
        '"\\u0000"',
        '"\\ud800"',
        '"\\x1b[31m"',
        "!!python/object:os.system x",
        "!!binary aGk=",
        "!!set",
    ),
    *(
        "&a",
        "*a",
        "&a x",
        "*missing",
        "<<: *a",
        "? a",
        "%YAML 1.1",
        "--- x",
        "...",
        "@x",
        "`x`",
        "# x",
        "a: b: c",
    ),
    *(
        "\u202ex",
        "\ufeffx",
        "é",
        "车灯",
        "🚲",
        "\u0000",
        "\x07",
        "\u2028",
        "\u0085",
        "１２",
        "٣",
        "\\",
        "/etc/passwd",
    ),
    *(
        "../x",
        "*",
        "**/*",
        "[",
        "{",
        "{month}",
        "{0}",
        "sum(",
        "a / 0",
        "(" * 300,
        "1 + " * 2000 + "1",
        "EUR",
        "eur",
    ),
)


def other_value(text: str, rng: Random) -> str:
    """A value that is another one."""
    return _at_a_match(text, rng, _VALUE, lambda _: rng.choice(_VALUES))


def other_key(text: str, rng: Random) -> str:
    """A key that is another one, or there twice."""
    keys = re.findall(r"[\w-]+(?=:)", text) or ["a"]
    other = rng.choice((*keys, "x", "", "null", "1", "é", '"a b"', "[a]", "{a: b}", "<<", "a" * 5000, "true"))
    return _at_a_match(text, rng, r"[\w-]+(?=:)", lambda _: other)


def other_indentation(text: str, rng: Random) -> str:
    """A line that stands elsewhere."""
    return _at_a_match(
        text, rng, r"(?m)^ *(?=\S)", lambda _: rng.choice(("", " ", "  ", "    ", "\t", " " * 999))
    )


def drop_line(text: str, rng: Random) -> str:
    """A line that is missing."""
    lines = text.splitlines(keepends=True)
    del lines[rng.randrange(len(lines))]
    return "".join(lines)


def repeat_line(text: str, rng: Random) -> str:
    """Lines again, once or very often."""
    lines = text.splitlines(keepends=True)
    at, count = rng.randrange(len(lines)), rng.choice((1, 1, 2, 300))
    return "".join([*lines[:at], *lines[at : at + rng.choice((1, 3))] * count, *lines[at:]])


def swap_lines(text: str, rng: Random) -> str:
    """Two lines in each other's place."""
    lines = text.splitlines(keepends=True)
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "".join(lines)


def more_lines(text: str, rng: Random) -> str:
    """A line of something else."""
    lines = text.splitlines(keepends=True)
    line = rng.choice(("{}: x", "x: {}", "- {}", "{}", "  {}: {}", "x:\n  - {}\n  - y")).replace(
        "{}", rng.choice(_VALUES)
    )
    lines.insert(rng.randrange(len(lines) + 1), f"{line}\n")
    return "".join(lines)


def anchors(text: str, rng: Random) -> str:
    """Aliases that grow by being repeated."""
    laughs = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, rng.choice((2, 9))))
    return f"l0: &l0 ha\n{laughs}{text}" if rng.random() < 0.5 else text + f"l0: &l0 ha\n{laughs}"


def nested(text: str, rng: Random) -> str:
    """Lists or keys inside each other."""
    depth = rng.choice((20, 200, 5000))
    kind = rng.choice(
        ("[" * depth + "]" * depth, "{a: " * depth + "}" * depth, "- " * depth + "x", "[" * depth)
    )
    return _at_a_match(text, rng, _VALUE, lambda _: kind) if rng.random() < 0.5 else f"{text}x: {kind}\n"


def large(text: str, rng: Random) -> str:
    """A file that is nothing but long."""
    line = rng.choice(("# x\n", "a{}: b\n", "- x\n", "\n", " "))
    return text + "".join(line.replace("{}", str(at)) for at in range(rng.choice((500, 3_000))))


CHANGES: tuple[Change, ...] = (
    *(other_value, other_value, other_value, other_key, other_key, other_indentation, drop_line, repeat_line),
    *(swap_lines, more_lines, more_lines, anchors, nested, large),
)


def _at_a_match(text: str, rng: Random, pattern: str, to: Callable[[str], str]) -> str:
    places = list(re.finditer(pattern, text))
    if not places:
        return text
    place = rng.choice(places)
    return text[: place.start()] + to(place[0]) + text[place.end() :]


@cache
def _sound() -> tuple[tuple[str, Mapping[str, bytes]], ...]:
    """The books that changes are made to: what `init` begins, and the invented company's."""
    with TemporaryDirectory() as name:
        start(Path(name) / "book", [], Wishes(), datetime(2026, 11, 3, tzinfo=UTC))
        begun = _files(Path(name) / "book" / BOOK)
    return ("init", begun), ("config", _files(ROOT / "config"))


def _files(folder: Path) -> Files:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@dataclass(frozen=True, slots=True)
class Case:
    """A book of which a file or two are changed."""

    name: str
    how: str
    files: Mapping[str, bytes]
    items: int = 1

    def put_through(self, folder: Path) -> Reading:
        """What is made of it; raises `BadFileError` where it has faults, and `AssertionError` for bad ones."""
        place = folder / "book"
        shutil.rmtree(place, ignore_errors=True)
        for name, content in self.files.items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        reading = read_book(place)
        if reading.faults:
            for fault in reading.faults:
                self._hold(fault)
            raise BadFileError("book", expected="a sound one", found=" and ".join(told(reading.faults))[:200])
        list(map(str, reading.warnings(_TODAY)))
        assert reading.book
        return reading

    def _hold(self, fault: Fault) -> None:
        """A fault names a file of the book, a line that it has, and says a sentence."""
        lines = len(self.files.get(fault.file, b"").splitlines()) + 1
        is_placed = 0 <= fault.line <= lines or fault.file not in self.files
        assert fault.file, fault
        assert is_placed, f"a fault in line {fault.line} of {lines}: {fault}"
        assert re.match(r"\S.*expected .*found |.*expected ", str(fault)), f"no sentence: {fault}"

    def judge(self, reading: Reading) -> tuple[str, str]:
        """Whether the teams are those that another reader of YAML finds."""
        found = yaml.load(self.files["teams.yaml"].decode("utf-8-sig"), yaml.BaseLoader)  # noqa: S506 - texts only
        teams = {str(team.id) for team in reading.book.teams}
        return (AGREES, "") if teams == set(found) else (DIFFERS, f"{sorted(teams)}, not {sorted(found)}")


def case(number: int, seed: int) -> Case:
    """The case of a number; the same seed and number is the same case."""
    rng = Random(f"book {seed} {number}")
    # the large book takes twenty times as long
    name, sound = _sound()[rng.random() < 0.1]
    files, names = dict(sound), []
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        which = rng.choice([each for each in files if each.endswith(".yaml")])
        change = rng.choice(CHANGES)
        with suppress(IndexError, ValueError, UnicodeDecodeError):
            files[which] = change(files[which].decode(), rng).encode("utf-8", "surrogatepass")
            names.append(f"{change.__name__} in {which}")
    if rng.random() < 0.15:
        which = rng.choice(list(files))
        of_bytes = rng.choice((*bytes_changed.ANY[:3], *bytes_changed.ANY[4:6], bytes_changed.other_encoding))
        files[which] = of_bytes(files[which], rng)
        names.append(f"{of_bytes.__name__} in {which}")
    return Case(name, " + ".join(names), files)

"""What moved a figure since the period before: by measure, and by its largest members."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import chain

from reports.covered import uncovered
from reports.presenting.formulas import measure_name
from reports.presenting.reader import Reader
from reports.views import DriversView, WorkingStep
from reports.wording import msgid
from scoring.arithmetic import EXACT, HUNDRED, digits_of
from scoring.drivers.note import DriverPart, DriversNote
from scoring.scorecard import KpiResult

LONGEST = 80
"""Characters of a member's name; a source may have hundreds."""
UNDRAWN = "?"
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
KINDS: Mapping[tuple[str, ...], str] = {
    ("campaign",): msgid("By campaign"),
    ("channel",): msgid("By channel"),
    ("key",): msgid("By owner key"),
    ("account",): msgid("By account"),
}
MEMBERS = msgid("By member")


def change_steps(result: KpiResult, reader: Reader) -> tuple[WorkingStep, ...]:
    """The change with what each measure did to it; nothing where no drivers are known."""
    note = result.drivers
    if note is None:
        return ()
    change = _change(note, result, reader)
    if len(note.measures) > 1:
        parts = measure_parts(note, result, reader)
        change = reader.words.say("%(change)s = %(parts)s", change=change, parts=parts)
    label = reader.words.say("Since %(period)s", period=reader.figures.periods.long(note.base))
    return (WorkingStep(label, change),)


def drivers_view(result: KpiResult, reader: Reader) -> DriversView | None:
    """The largest members and all others; None where there is one alone, which did all of it."""
    note = result.drivers
    if note is None or len(note.members) < 2:
        return None
    rows = tuple(_row(part, note, result, reader) for part in note.members)
    has_rates = note.members[0].mix is not None
    columns = (msgid("Change"), *((msgid("by mix"), msgid("by rate")) if has_rates else ()))
    by = reader.words.say(KINDS.get(note.by, MEMBERS))
    return DriversView(by, tuple(map(reader.words.say, columns)), rows)


def measure_parts(note: DriversNote, result: KpiResult, reader: Reader) -> str:
    """What each measure did: `Leads −9.2426, Ad spend +5.1344`."""
    digits = _digits(note, result)
    named = ((measure_name(part.name, reader.figures), part.effect) for part in note.measures)
    return reader.words.say(", ").join(
        f"{name} {_part(effect, digits, result, reader)}" for name, effect in named
    )


def _row(
    part: DriverPart, note: DriversNote, result: KpiResult, reader: Reader
) -> tuple[str, tuple[str, ...]]:
    digits = _digits(note, result)
    others = reader.words.count("%(number)s other", "%(number)s others", note.others)
    cells = tuple(_part(each, digits, result, reader) for each in _numbers(part))
    return _named(part.name) if part.name else others, cells


def _named(name: str) -> str:
    """A name from a source: cut where it is long, and without what no font can draw."""
    line = " ".join(name.split())
    lost = {*uncovered(line), *_CONTROLS.findall(line)}
    drawn = "".join(UNDRAWN if each in lost else each for each in line)
    return drawn if len(drawn) <= LONGEST else f"{drawn[: LONGEST - 1]}…"


def _change(note: DriversNote, result: KpiResult, reader: Reader) -> str:
    """The change in the unit of the figure."""
    number = _part(note.change, _digits(note, result), result, reader)
    if result.unit == "percent":
        return reader.words.say("%(number)s percentage points", number=number)
    if result.unit != "money":
        return number
    plus = "+" if note.change > 0 else ""
    return plus + reader.figures.precise(note.change, result.unit, result.decimals)


def _part(value: Decimal, digits: int, result: KpiResult, reader: Reader) -> str:
    return reader.figures.signed(_scaled(value, result), digits)


def _scaled(value: Decimal, result: KpiResult) -> Decimal:
    return EXACT.multiply(value, HUNDRED) if result.unit == "percent" else value


def _digits(note: DriversNote, result: KpiResult) -> int:
    """As many as the finest of all parts needs."""
    parts = chain.from_iterable(map(_numbers, (*note.measures, *note.members)))
    return max(digits_of(_scaled(value, result)) for value in (note.change, *parts))


def _numbers(part: DriverPart) -> Iterator[Decimal]:
    """All that it did, and by mix and rate where it has a rate."""
    return (each for each in (part.effect, part.mix, part.rate) if each is not None)

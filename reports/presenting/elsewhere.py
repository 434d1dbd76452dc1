"""What two revisions of a card say differently beside its KPIs: in words, or else by its place in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from reports.figures import NOTHING
from reports.presenting.findings import WORDS
from reports.presenting.formulas import measure_name
from reports.presenting.reader import Reader
from reports.presenting.restatements import exact_pair, pair_in_unit
from reports.presenting.to_date import labelled
from scoring.evidence import CertificateStatus
from scoring.restatement import FieldChange, Moved
from scoring.scorecard import AreaResult, KpiResult, Scorecard


@dataclass(frozen=True, slots=True)
class Told:
    """What it is called, and what it was and is."""

    name: str
    old: str
    new: str


def elsewhere(changes: Iterable[FieldChange], card: Scorecard, reader: Reader) -> tuple[Told, ...]:
    """Each change once: KPIs may be made of the same measures. `card` is the newer one."""
    return tuple(dict.fromkeys(_told(change, card, reader) for change in changes))


def spoken(spelled: str) -> str:
    """A text without the quotes of JSON; what there is none of as such."""
    if spelled == "null":
        return NOTHING
    return str(json.loads(spelled)) if spelled.startswith('"') else spelled


def _told(change: FieldChange, card: Scorecard, reader: Reader) -> Told:
    """Words need the names that the newer card has, and a place that its readers have heard of."""
    match change.field.split("/"):
        case ["certificate", "status"]:
            return _in_words(change, reader)
        case ["uncommented"]:
            return _of_uncommented(change, reader)
        case ["areas", area_id, "score" | "points" as what] if area := _area(card, area_id):
            return _of_area(change, area, what, reader)
        case ["year_to_date", kpi_id, "actual"] if year := _year(card, kpi_id, reader):
            return _of_value(change, *year, reader)
        case ["year_to_date", kpi_id, "measures", measure, "value"] if year := _year(card, kpi_id, reader):
            return _of_measure(change, year[0], measure, reader)
    return Told(change.field, spoken(change.old), spoken(change.new))


def _in_words(change: FieldChange, reader: Reader) -> Told:
    say = reader.words.say
    old, new = (say(WORDS[CertificateStatus(spoken(one))]) for one in (change.old, change.new))
    return Told(say("Data certificate"), old, new)


def _of_uncommented(change: FieldChange, reader: Reader) -> Told:
    say, listing = reader.words.say, reader.words.listing
    old, new = (listing([*map(reader.kpi, json.loads(one) or ())]) for one in (change.old, change.new))
    return Told(_named(say("Comment"), say("asked for, not given yet")), old or NOTHING, new or NOTHING)


def _area(card: Scorecard, area_id: str) -> AreaResult | None:
    return next((area for area in card.areas if area.area_id == area_id), None)


def _year(card: Scorecard, kpi_id: str, reader: Reader) -> tuple[str, KpiResult] | None:
    """What a KPI's year to date is called, with its line; None where it has none."""
    line = card.by_kpi.get(kpi_id)
    year = None if line is None else line.year_to_date
    return None if line is None or year is None else (labelled(year, reader), line)


def _of_area(change: FieldChange, area: AreaResult, what: str, reader: Reader) -> Told:
    name, moved = area.name.to(reader.words.language), _moved(change)
    if what == "score":
        return Told(name, reader.score(moved.old), reader.score(moved.new))
    return Told(_named(name, reader.words.say("Points")), *exact_pair(moved, 3, reader))


def _of_value(change: FieldChange, label: str, line: KpiResult, reader: Reader) -> Told:
    name = _named(label, reader.kpi(line.kpi_id))
    return Told(name, *pair_in_unit(_moved(change), line.unit, line.decimals, reader))


def _of_measure(change: FieldChange, label: str, measure: str, reader: Reader) -> Told:
    name = _named(label, measure_name(measure, reader.figures))
    return Told(name, *exact_pair(_moved(change), 6, reader))


def _named(whose: str, what: str) -> str:
    return f"{whose} · {what}"


def _moved(change: FieldChange) -> Moved:
    return Moved(_number(change.old), _number(change.new))


def _number(spelled: str) -> Decimal | None:
    return None if spelled == "null" else Decimal(spelled.strip('"'))

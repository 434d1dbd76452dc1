"""Compares a revision of a card with the one before, line by line, with the causes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from scoring.canonical import content_hash, content_of
from scoring.comparing.causes import ChangedLine, Changes, Feeds, causes_of
from scoring.comparing.files import file_changes, other_slices, rate_files_moved
from scoring.comparing.leaves import leaf_changes
from scoring.comparing.pairs import differing, moved
from scoring.comparing.words import said_otherwise
from scoring.period import Period
from scoring.restatement import (
    Cause,
    FieldChange,
    KpiChange,
    Moved,
    MovedMeasure,
    MovedText,
    PastChange,
    RateChange,
    Restatement,
)
from scoring.scorecard import KpiResult, Scorecard
from scoring.working import HistoryPoint, Working

_TOLD_AS_PAY = frozenset({"pay", "pay/result", "pay/operands/total/value", "pay/operands/tier_from/value"})
_OF_BEFORE = ("history", "drivers")
"""What moves with earlier periods, too."""
_BESIDE = ("year_to_date", "outlook")
"""What a line shows of other days: it moves without the line itself, and has no cause there."""
_FIELDS = tuple(field.name for field in fields(KpiResult) if field.name not in (*_OF_BEFORE, *_BESIDE))
"""What of a line is compared; the past is told by itself."""
_TOLD_ELSEWHERE = ("total", "grade", "total_history", "made_before", "rates", "areas", "actions")
"""Or not at all: what became of steps is said by the card, and no reason for a revision."""


def compare(old: Scorecard, new: Scorecard, feeds: Feeds | None = None) -> Restatement:
    """All that differs between two revisions of one team's card of one period.

    `feeds` says which sources can feed a measure, so that late data is attributed only to those; without it,
    to every changed file of the months in question. Everything that changes the content hash is listed.
    """
    files = file_changes(old, new)
    changes = Changes(
        period=Period.parse(new.period),
        late=other_slices(old, new),
        rates_moved=old.rates != new.rates or rate_files_moved(files),
        entered=_entered(old, new),
        feeds=feeds,
    )
    found = Restatement(
        period=new.period,
        team_id=new.team_id,
        old_revision=old.revision,
        new_revision=new.revision,
        total=Moved(old.total, new.total),
        grade=MovedText(old.grade, new.grade),
        pay=moved((old.pay, new.pay), "result"),
        pay_tier=Moved(_tier(old.pay), _tier(new.pay)),
        kpis=tuple(_kpi_changes(old, new, changes)),
        past=tuple(_past_changes(old, new)),
        files=files,
        rates=tuple(_rate_changes(old, new)),
        others=tuple(_other_changes(old, new)),
        is_decided=_decision(old) != _decision(new),
    )
    hashes = content_hash(old), content_hash(new)
    if found.is_empty and hashes[0] != hashes[1]:
        # such as rates in another order: every difference must be listed
        return replace(found, others=(FieldChange("content", *hashes),))
    return found


def _decision(card: Scorecard) -> tuple[str, ...]:
    """Who decided what about the grade, and why; nothing where nobody did."""
    decided = card.calibration
    return () if decided is None else (decided.grade, decided.by, decided.on, decided.reason)


def _tier(pay: Working | None) -> Decimal | None:
    """From which total on the tier pays; None if pay has no tiers."""
    start = None if pay is None else pay.operand("tier_from")
    return start if isinstance(start, Decimal) else None


def _kpi_changes(old: Scorecard, new: Scorecard, changes: Changes) -> Iterator[KpiChange]:
    """The lines that differ, those of the new card first and in its order."""
    before, after = old.by_kpi, new.by_kpi
    marks_before, marks_after = _appraised(old), _appraised(new)
    for kpi_id in dict.fromkeys((*after, *before)):
        appraised = Moved(marks_before.get(kpi_id), marks_after.get(kpi_id))
        if kpi_id not in before:
            yield _told(after[kpi_id], (None, after[kpi_id]), appraised, (Cause.ADDED,))
        elif kpi_id not in after:
            yield _told(before[kpi_id], (before[kpi_id], None), appraised, (Cause.DROPPED,))
        else:
            yield from _line_changes(before[kpi_id], after[kpi_id], appraised, changes)


def _line_changes(old: KpiResult, new: KpiResult, appraised: Moved, changes: Changes) -> Iterator[KpiChange]:
    """The change of a line that both cards have; nothing where both say the same."""
    line = ChangedLine(old, new, _other_fields(old, new), tuple(_moved_measures(old, new)))
    if line.fields:
        causes, late = causes_of(line, changes)
    elif appraised.has_moved:
        causes, late = (Cause.ENTRY if new.kpi_id in changes.entered else Cause.RULE,), ()
    else:
        return
    told = _told(new, (old, new), appraised, causes)
    said = said_otherwise(old, new, line.fields, causes)
    yield replace(told, fields=line.fields, measures=line.measures, sources=late, said=said)


def _other_fields(old: KpiResult, new: KpiResult) -> tuple[str, ...]:
    """The names of the fields that differ."""
    return tuple(name for name in _FIELDS if getattr(old, name) != getattr(new, name))


def _told(
    named: KpiResult,
    pair: tuple[KpiResult | None, KpiResult | None],
    appraised: Moved,
    causes: tuple[Cause, ...],
) -> KpiChange:
    return KpiChange(
        kpi_id=named.kpi_id,
        name=named.name,
        unit=named.unit,
        decimals=named.decimals,
        actual=moved(pair, "actual"),
        # a range has no single number
        target=moved(pair, "target", "target_low"),
        target_high=moved(pair, "target_high"),
        attainment=moved(pair, "attainment"),
        score=moved(pair, "score"),
        points=moved(pair, "points"),
        weight=moved(pair, "weight"),
        appraised=appraised,
        causes=causes,
        fields=(),
    )


def _moved_measures(old: KpiResult, new: KpiResult) -> Iterator[MovedMeasure]:
    """The measures that both have and that moved."""
    before = {measure.name: measure.value for measure in old.measures}
    for measure in new.measures:
        if measure.name in before and before[measure.name] != measure.value:
            yield MovedMeasure(measure.name, measure.unit, Moved(before[measure.name], measure.value))


def _appraised(card: Scorecard) -> Mapping[str, Decimal | None]:
    lines = () if card.appraisal is None else card.appraisal.lines
    return {line.kpi_id: line.appraised for line in lines}


def _entered(old: Scorecard, new: Scorecard) -> frozenset[str]:
    """The KPIs whose entries changed."""
    return frozenset(kpi_id for kpi_id, _, _ in _said(old) ^ _said(new))


def _said(card: Scorecard) -> set[tuple[str, str, str]]:
    return {(entry.kpi_id, entry.kind, entry.value) for entry in card.entries}


def _past_changes(old: Scorecard, new: Scorecard) -> Iterator[PastChange]:
    """The earlier points of the trends that moved: of the total, then of the lines that both have."""
    yield from _points(None, old.total_history, new.total_history, new.period)
    for kpi_id, result in new.by_kpi.items():
        before = old.by_kpi.get(kpi_id, result)
        yield from _points(kpi_id, before.history, result.history, new.period)


def _points(
    kpi_id: str | None, old: Sequence[HistoryPoint], new: Sequence[HistoryPoint], own: str
) -> Iterator[PastChange]:
    """The point of the card's own period is the line itself, and left out."""
    before, after = ({point.period: point for point in points} for points in (old, new))
    for period, pair in differing(before, after):
        if period != own:
            actual, target, high = (moved(pair, name) for name in ("actual", "target", "target_high"))
            yield PastChange(kpi_id, period, actual, target, high, MovedText(*map(_unlike, pair)))


def _unlike(point: HistoryPoint | None) -> str | None:
    return None if point is None else ", ".join(point.unlike) or None


def _rate_changes(old: Scorecard, new: Scorecard) -> Iterator[RateChange]:
    before, after = ({rate.currency_code: rate for rate in card.rates} for card in (old, new))
    for code, pair in differing(before, after):
        yield RateChange(code, moved(pair, "first_rate"), moved(pair, "last_rate"))


def _other_changes(old: Scorecard, new: Scorecard) -> Iterator[FieldChange]:
    """All that differs and is told nowhere else."""
    for other in leaf_changes(_rest(old), _rest(new)):
        if other.field not in _TOLD_AS_PAY:
            yield other


def _rest(card: Scorecard) -> dict[str, object]:
    """What is reported nowhere else; of the areas only which lines they have."""
    content = content_of(card)
    told_here = {name: part for name, part in content.items() if name not in _TOLD_ELSEWHERE}
    lines = [line for area in content["areas"] for line in area["results"]]
    beside = {name: {line["kpi_id"]: line[name] for line in lines if name in line} for name in _BESIDE}
    return {**told_here, **beside, "areas": list(map(_without_lines, content["areas"]))}


def _without_lines(area: Mapping[str, Any]) -> dict[str, object]:
    return {**area, "results": [line["kpi_id"] for line in area["results"]]}

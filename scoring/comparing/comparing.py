"""Compares a revision of a card with the one before, line by line, with the causes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from decimal import Decimal

from scoring.canonical import content_hash, content_of
from scoring.comparing.causes import ChangedLine, Changes, Feeds, causes_of
from scoring.comparing.files import file_changes, other_slices, rate_files_moved
from scoring.comparing.leaves import leaf_changes
from scoring.period import Period
from scoring.restatement import (
    Cause,
    FieldChange,
    KpiChange,
    LateSource,
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
_TOLD_ELSEWHERE = ("total", "grade", "total_history", "rates", "areas")


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
    pays = [card.pay for card in (old, new)]
    found = Restatement(
        period=new.period,
        team_id=new.team_id,
        old_revision=old.revision,
        new_revision=new.revision,
        total=Moved(old.total, new.total),
        grade=MovedText(old.grade, new.grade),
        pay=Moved(*(None if pay is None else pay.result for pay in pays)),
        pay_tier=Moved(*map(_tier, pays)),
        kpis=tuple(_kpi_changes(old, new, changes)),
        past=tuple(_past_changes(old, new)),
        files=files,
        rates=tuple(_rate_changes(old, new)),
        others=tuple(
            other for other in leaf_changes(_rest(old), _rest(new)) if other.field not in _TOLD_AS_PAY
        ),
    )
    hashes = content_hash(old), content_hash(new)
    if found.is_empty and hashes[0] != hashes[1]:
        # such as rates in another order: every difference must be listed
        return replace(found, others=(FieldChange("content", *hashes),))
    return found


def _tier(pay: Working | None) -> Decimal | None:
    """From which total on the tier pays; None if pay has no tiers."""
    values = () if pay is None else (item.value for item in pay.operands if item.name == "tier_from")
    return next((value for value in values if isinstance(value, Decimal)), None)


def _kpi_changes(old: Scorecard, new: Scorecard, changes: Changes) -> Iterator[KpiChange]:
    """The lines that differ, those of the new card first and in its order."""
    before, after = ({result.kpi_id: result for result in card.results} for card in (old, new))
    marks = [_appraised(card) for card in (old, new)]
    for kpi_id in dict.fromkeys((*after, *before)):
        pair = before.get(kpi_id), after.get(kpi_id)
        appraised = Moved(*(each.get(kpi_id) for each in marks))
        change = _kpi_change(*pair, appraised, changes)
        if change is not None:
            yield change


def _kpi_change(
    old: KpiResult | None, new: KpiResult | None, appraised: Moved, changes: Changes
) -> KpiChange | None:
    if old is None or new is None:
        there, cause = (new, Cause.ADDED) if old is None else (old, Cause.DROPPED)
        return None if there is None else _told(there, (old, new), appraised, (cause,))
    names = tuple(
        field.name
        for field in fields(KpiResult)
        if field.name != "history" and getattr(old, field.name) != getattr(new, field.name)
    )
    if not names and not appraised.has_moved:
        return None
    measures = tuple(_moved_measures(old, new))
    if names:
        causes, late = causes_of(ChangedLine(old, new, names, measures), changes)
    else:
        causes, late = (Cause.ENTRY if new.kpi_id in changes.entered else Cause.RULE,), ()
    return _told(new, (old, new), appraised, causes, names, measures, late)


def _told(
    named: KpiResult,
    pair: tuple[KpiResult | None, KpiResult | None],
    appraised: Moved,
    causes: tuple[Cause, ...],
    names: tuple[str, ...] = (),
    measures: tuple[MovedMeasure, ...] = (),
    late: tuple[LateSource, ...] = (),
) -> KpiChange:
    def moved(name: str, instead: str = "") -> Moved:
        """The field in both; of a range, whose own field is empty, that of its low end."""
        return Moved(*(_number(result, name, instead) for result in pair))

    return KpiChange(
        kpi_id=named.kpi_id,
        name=named.name,
        unit=named.unit,
        decimals=named.decimals,
        actual=moved("actual"),
        target=moved("target", "target_low"),
        target_high=moved("target_high"),
        attainment=moved("attainment"),
        score=moved("score"),
        points=moved("points"),
        weight=moved("weight"),
        appraised=appraised,
        causes=causes,
        fields=names,
        measures=measures,
        sources=late,
    )


def _number(result: KpiResult | None, name: str, instead: str) -> Decimal | None:
    if result is None:
        return None
    value: Decimal | None = getattr(result, name)
    return getattr(result, instead) if value is None and instead else value


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
    said = [{(entry.kpi_id, entry.kind, entry.value) for entry in card.entries} for card in (old, new)]
    return frozenset(kpi_id for kpi_id, _, _ in said[0] ^ said[1])


def _past_changes(old: Scorecard, new: Scorecard) -> Iterator[PastChange]:
    """The earlier points of the trends that moved: of the total, then of the lines that both have."""
    yield from _points(None, old.total_history, new.total_history, new.period)
    before = {result.kpi_id: result.history for result in old.results}
    for result in new.results:
        yield from _points(
            result.kpi_id, before.get(result.kpi_id, result.history), result.history, new.period
        )


def _points(
    kpi_id: str | None, old: Sequence[HistoryPoint], new: Sequence[HistoryPoint], own: str
) -> Iterator[PastChange]:
    """The point of the card's own period is the line itself, and left out."""
    before, after = (
        {point.period: point for point in points if point.period != own} for points in (old, new)
    )
    for period in sorted({*before, *after}):
        pair = [points.get(period, HistoryPoint(period, None, None)) for points in (before, after)]
        if pair[0] != pair[1] or (period in before) != (period in after):
            yield PastChange(
                kpi_id,
                period,
                Moved(*(point.actual for point in pair)),
                Moved(*(point.target for point in pair)),
                Moved(*(point.target_high for point in pair)),
            )


def _rate_changes(old: Scorecard, new: Scorecard) -> Iterator[RateChange]:
    before, after = ({rate.currency_code: rate for rate in card.rates} for card in (old, new))
    for code in sorted({*before, *after}):
        pair = before.get(code), after.get(code)
        if pair[0] != pair[1]:
            yield RateChange(
                code,
                Moved(*(None if rate is None else rate.first_rate for rate in pair)),
                Moved(*(None if rate is None else rate.last_rate for rate in pair)),
            )


def _rest(card: Scorecard) -> dict[str, object]:
    """What is reported nowhere else; of the areas only which lines they have."""
    content = content_of(card)
    areas = [{**area, "results": [line["kpi_id"] for line in area["results"]]} for area in content["areas"]]
    return {**{name: part for name, part in content.items() if name not in _TOLD_ELSEWHERE}, "areas": areas}

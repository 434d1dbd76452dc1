"""The lines that the rows behind a figure stand in: their loaded files are read again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from etl.landing import Pull
from etl.sources import Source
from pipeline.site import Site
from pipeline.steps.load import content_of
from scoring.errors import DataError, ScorewrightError
from scoring.period import Period
from scoring.spans import months_in
from tracing.landed import Key, Place, key_of, landed_rows, pull_of
from tracing.rows import TracedRows
from tracing.subject import TracedMeasure
from warehouse import LoadRecord, Slice, SourceRow, load_records, measure_catalog
from warehouse.facts import fact_catalog


@dataclass(frozen=True, slots=True)
class Located:
    """Where rows stand; `notes` say of which slices that is not known, and why."""

    places: Mapping[Key, tuple[Place, ...]]
    notes: tuple[str, ...]

    def of(self, measure: TracedMeasure, row: SourceRow) -> tuple[Place, ...]:
        """Where a row of the measure stands; nothing if that is not known."""
        return self.places.get(row_key(measure.base, row), ())


def located(site: Site, traced: Sequence[TracedRows]) -> Located:
    """Where the rows stand in the files that are loaded now."""
    wanted = {row_key(one.measure.base, row) for one in traced for row in one.rows}
    places: dict[Key, tuple[Place, ...]] = {}
    notes = []
    for record in _records(site, traced):
        try:
            places |= _places(site, record, wanted)
        except ScorewrightError as error:
            notes.append(f"the lines of {_slice_of(record)} are not known: {error}")
    return Located(places, tuple(notes))


def _places(site: Site, record: LoadRecord, wanted: Collection[Key]) -> dict[Key, tuple[Place, ...]]:
    rows = landed_rows(site, _pull(site, record))
    return {row.key: row.places for row in rows if row.key in wanted}


def row_key(measure: str, row: SourceRow) -> Key:
    """What a row behind a measure is known by, whichever load it came with."""
    fact = measure_catalog()[measure].fact
    values = {**row.names, fact_catalog()[fact].dated: row.day}
    return key_of(fact, row.source, row.entity, values)


def _records(site: Site, traced: Iterable[TracedRows]) -> Iterator[LoadRecord]:
    """The loads that the rows came with; a lead of an earlier month may count in a later one."""
    wanted = set(chain.from_iterable(_slices(site.book.sources, one) for one in traced))
    records = load_records(site.warehouse, sorted({which.month for which in wanted}))
    return (record for record in records if _slice_of(record) in wanted)


def _slice_of(record: LoadRecord) -> Slice:
    return Slice(record.source, record.entity, record.month)


def _slices(sources: Mapping[str, Source], traced: TracedRows) -> Iterator[Slice]:
    for source, entity in {(row.source, row.entity) for row in traced.rows}:
        yield from (Slice(source, entity, month) for month in _months(sources, source, traced.measure))


def _months(sources: Mapping[str, Source], source: str, measure: TracedMeasure) -> tuple[Period, ...]:
    months = months_in(measure.days)
    return months[-1].window(len(months) + sources[source].lookback_months)


def _pull(site: Site, record: LoadRecord) -> Pull:
    """The pull of a load that would still be read as it was; raises `DataError` where there is none."""
    pull = pull_of(site.landing, _slice_of(record), record.content.sha256)
    if pull is None:
        raise DataError("the landing does not have their pull.")
    account = site.book.account(record.source, record.entity)
    if content_of(site.book.sources[record.source], account, pull) != record.content:
        raise DataError("they would be read in another way now; run the month again.")
    return pull

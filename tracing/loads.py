"""How the slices behind a card were loaded, and whether they are still current."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scoring.evidence import SourceEvidence
from scoring.period import Period
from tracing.landed import contents_of
from warehouse import LoadRecord, Warehouse, load_history, load_records


@dataclass(frozen=True, slots=True)
class TracedLoad:
    """A slice as the card names it; `then` is its load record, `now` the current one."""

    source: SourceEvidence
    then: LoadRecord | None
    now: LoadRecord | None

    @property
    def is_current(self) -> bool:
        """Whether the files named on the card are those loaded now."""
        return self.now is not None and _is_of(self.now, self.source)


def traced_loads(warehouse: Warehouse | None, sources: Sequence[SourceEvidence]) -> tuple[TracedLoad, ...]:
    """The load records of the slices; none where there is no warehouse."""
    now, history = ((), ()) if warehouse is None else _records(warehouse, sources)
    return tuple(
        TracedLoad(source, _record_of(history, source), _slice_of(now, source)) for source in sources
    )


def _records(
    warehouse: Warehouse, sources: Sequence[SourceEvidence]
) -> tuple[Sequence[LoadRecord], Sequence[LoadRecord]]:
    """Those of now and all that there ever were, of the months in question."""
    months = sorted({Period.parse(source.period) for source in sources})
    return load_records(warehouse, months), load_history(warehouse, months)


def _record_of(history: Iterable[LoadRecord], source: SourceEvidence) -> LoadRecord | None:
    """The newest load of those very files; they make the same rows each time."""
    same = (record for record in history if _is_slice(record, source) and _is_of(record, source))
    return max(same, key=lambda record: record.vintage, default=None)


def _slice_of(records: Iterable[LoadRecord], source: SourceEvidence) -> LoadRecord | None:
    return next((record for record in records if _is_slice(record, source)), None)


def _is_slice(record: LoadRecord, source: SourceEvidence) -> bool:
    return (record.source, record.entity, str(record.month)) == (source.source, source.entity, source.period)


def _is_of(record: LoadRecord, source: SourceEvidence) -> bool:
    return contents_of(record.files) == contents_of(source.files)

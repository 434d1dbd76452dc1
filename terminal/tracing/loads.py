"""The loads of a trace: the record behind the card, its files, and whether it was replaced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from etl.landing import Landing
from scoring.evidence import SourceEvidence
from scoring.text import numbered
from terminal.numbers import exact
from tracing.loads import TracedLoad
from warehouse import LoadRecord


def load_lines(landing: Landing, loads: Iterable[TracedLoad], *, has_warehouse: bool) -> Iterator[str]:
    """Each slice behind the figure with its load record and its landed files."""
    for load in loads:
        source = load.source
        state = _state(load) if has_warehouse else "there is no warehouse to ask"
        yield f"{source.source}/{source.entity} {source.period}: {state}"
        below = () if load.then is None else _record(load.then)
        yield from (f"  {line}" for line in (*below, *_files(landing, source)))


def _state(load: TracedLoad) -> str:
    if load.is_current:
        return "still the loaded version"
    if load.now is None:
        return "not loaded now"
    landed = _at(load.now.provenance.landed_at)
    return f"REPLACED since by vintage {load.now.vintage}, landed {landed}"


def _record(record: LoadRecord) -> Iterator[str]:
    rows, came = record.rows, record.provenance
    yield (
        f"vintage {record.vintage}: {numbered(rows.rows_in, 'row')} in = {rows.rows_loaded:,} loaded + "
        f"{rows.rows_quarantined:,} quarantined + {rows.rows_set_aside:,} set aside"
    )
    for control in record.controls:
        declared, computed = exact(control.declared), exact(control.computed)
        yield f"control total {control.name}: declared {declared}, added up {computed}"
    yield f"landed {_at(came.landed_at)}, loaded {_at(record.loaded_at)}"
    yield f"reader {record.content.reader[:12]}, format {came.api_version}, zone {came.time_zone}"


def _files(landing: Landing, source: SourceEvidence) -> Iterator[str]:
    for file in source.files:
        path = landing.path_of(file.sha256)
        yield f"{file.name}: {numbered(file.rows, 'row')} used" + (
            "" if path.exists() else " (LOST from the landing)"
        )
        yield f"  sha256 {file.sha256}"
        yield f"  {'/'.join(path.parts[-4:])}"


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"

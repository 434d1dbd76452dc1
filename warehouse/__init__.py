"""The warehouse: facts replaced slice by slice, measures made by SQL, one writer at a time."""

from warehouse.auditing import (
    Recorded,
    audit_counts,
    audit_files,
    audit_load,
    audit_measures,
    audit_records,
    audit_schema,
    recorded_loads,
)
from warehouse.catalog import (
    MeasureSpec,
    MeasureUnit,
    Rollup,
    adds_up,
    measure_catalog,
    partly_said_by,
    unsaid_by,
)
from warehouse.converting import MissingRate, foreign_accounts, missing_rates, unconverted
from warehouse.engine import Warehouse
from warehouse.engines import open_warehouse, warehouse_in
from warehouse.freshness import stale_months
from warehouse.loading import Check, TakenError, record_replaced, replace_slices
from warehouse.measuring import replace_measures
from warehouse.reading import (
    contents_in,
    known_pulls,
    load_history,
    load_records,
    rates,
    records_sha256,
    used_currencies,
)
from warehouse.records import (
    UNASSIGNED,
    Content,
    KnownPull,
    Loadable,
    LoadedFile,
    LoadRecord,
    Ownership,
    Provenance,
    RateSpan,
    RowCounts,
    Slice,
    SliceLoad,
)
from warehouse.refusals import Refusal, note_refusals, refusals
from warehouse.rolling import period_measures, span_measures, team_measures
from warehouse.schema import create_schema
from warehouse.team_rows import rows_of_teams
from warehouse.tracing import SourceRow, measure_file, source_rows, summed

__all__ = [
    "UNASSIGNED",
    "Check",
    "Content",
    "KnownPull",
    "LoadRecord",
    "Loadable",
    "LoadedFile",
    "MeasureSpec",
    "MeasureUnit",
    "MissingRate",
    "Ownership",
    "Provenance",
    "RateSpan",
    "Recorded",
    "Refusal",
    "Rollup",
    "RowCounts",
    "Slice",
    "SliceLoad",
    "SourceRow",
    "TakenError",
    "Warehouse",
    "adds_up",
    "audit_counts",
    "audit_files",
    "audit_load",
    "audit_measures",
    "audit_records",
    "audit_schema",
    "contents_in",
    "create_schema",
    "foreign_accounts",
    "known_pulls",
    "load_history",
    "load_records",
    "measure_catalog",
    "measure_file",
    "missing_rates",
    "note_refusals",
    "open_warehouse",
    "partly_said_by",
    "period_measures",
    "rates",
    "record_replaced",
    "recorded_loads",
    "records_sha256",
    "refusals",
    "replace_measures",
    "replace_slices",
    "rows_of_teams",
    "source_rows",
    "span_measures",
    "stale_months",
    "summed",
    "team_measures",
    "unconverted",
    "unsaid_by",
    "used_currencies",
    "warehouse_in",
]

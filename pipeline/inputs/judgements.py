"""What people entered for a team, from the ledger to the inputs of a card."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ledger import Entry, EntryKind
from scoring.evidence import EntryEvidence
from scoring.known import NOTHING_SAID, Judgement
from scoring.marks import Mark
from scoring.period import Period


def judgements_of(
    entries: Sequence[Entry], window: Sequence[Period]
) -> Mapping[tuple[Period, str], Judgement]:
    """The entries as judgements by period of the window and KPI id.

    What is done counts in every period: scoring checks whether its day has passed. Check-ins belong to key
    results and are left out.
    """
    judged: dict[tuple[Period, str], Judgement] = {}
    for entry in entries:
        for period in _periods_of(entry, window):
            key = (period, entry.kpi_id)
            judged[key] = _SAID[entry.kind](judged.get(key, NOTHING_SAID), entry)
    return judged


def _periods_of(entry: Entry, window: Sequence[Period]) -> Sequence[Period]:
    match entry.kind:
        case EntryKind.CHECK_IN:
            return ()
        case EntryKind.DONE_ON:
            return window
        case _:
            return (Period.parse(entry.period),)


def evidence_of(
    entries: Sequence[Entry], period: Period, kpi_ids: Collection[str]
) -> tuple[EntryEvidence, ...]:
    """The entries of the card's own period on its KPIs, what was done before, and the check-ins."""
    return tuple(
        EntryEvidence(
            kpi_id=entry.kpi_id,
            kind=entry.kind.value,
            value=entry.value,
            comment=entry.comment,
            said_by=entry.said_by,
            said_on=entry.said_on.isoformat(),
            form_name=entry.form_name,
            form_sha256=entry.form_sha256,
        )
        for entry in entries
        if _counts(entry, period, kpi_ids)
    )


def _counts(entry: Entry, period: Period, kpi_ids: Collection[str]) -> bool:
    if entry.kind is EntryKind.DONE_ON:
        return entry.kpi_id in kpi_ids and date.fromisoformat(entry.value) < period.end
    is_of_it = entry.kpi_id in kpi_ids or entry.kind is EntryKind.CHECK_IN
    return entry.period == str(period) and is_of_it


def _mark(entry: Entry) -> Mark:
    return Mark(Decimal(entry.value), entry.comment, entry.said_by, entry.said_on.isoformat())


_SAID: Mapping[EntryKind, Callable[[Judgement, Entry], Judgement]] = {
    EntryKind.EVENTS: lambda known, entry: replace(known, events=int(entry.value)),
    EntryKind.LEVEL: lambda known, entry: replace(known, level=entry.value),
    EntryKind.DONE_ON: lambda known, entry: replace(known, done_on=date.fromisoformat(entry.value)),
    EntryKind.SELF: lambda known, entry: replace(known, self_mark=_mark(entry)),
    EntryKind.SUPERIOR: lambda known, entry: replace(known, superior_mark=_mark(entry)),
}
"""What an entry of each kind adds to a judgement."""

"""The program made worse in one place at a time: what finds nothing wrong with these proves nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

import archive.cards
import delivery.outbox
import etl.landing
import pipeline.preparing
import pipeline.steps.deliver
import pipeline.steps.restate
import terminal.verified
from auditing.everything import Audit
from ledger import Delivery
from pipeline.inputs.load_states import own_months
from pipeline.site import Site
from pipeline.steps.restate import StaleCards
from scoring.period import Period
from tests.faults.naive import send_and_mark, write_in_place
from warehouse import load_records

Patch = tuple[Any, str, Any]


def _stale_by_clock(site: Site, period: Period, team_ids: Collection[str]) -> StaleCards:
    """What was loaded after the issue was made, by the clocks of those who did it."""
    months = sorted(set().union(*own_months(site.book, period).values()))
    loads = load_records(site.warehouse, months)
    issued = [issue for issue in site.ledger.latest_revisions(str(period)) if issue.team_id in team_ids]
    return StaleCards(
        period, tuple(issue for issue in issued if any(load.loaded_at > issue.issued_at for load in loads))
    )


def _no_look(ledger: Any, delivery: Delivery, channel: Any, now: Callable[[], Any]) -> Delivery:
    return delivery


_LINES: dict[str, tuple[str, tuple[Patch, ...]]] = {
    "stale by clock": (
        "clocks",
        ((pipeline.steps.restate, "_stale", _stale_by_clock),),
    ),
    "delivers without a claim": (
        "sending",
        ((pipeline.steps.deliver, "deliver_once", send_and_mark),),
    ),
    "takes a lost ledger for a new one": (
        "ledger",
        ((pipeline.preparing, "refuse_lost_issues", lambda store, ledger: None),),
    ),
    "verifies nothing": (
        "verifying",
        ((terminal.verified, "audit", lambda site: Audit()),),
    ),
    "leaves what a dead process was sending": (
        "sending",
        (
            (delivery.outbox, "_look_after", _no_look),
            (pipeline.steps.deliver, "_open_deliveries", lambda site, told: []),
        ),
    ),
    "writes files in place": (
        "writing",
        (
            (etl.landing, "write_atomically", write_in_place),
            (archive.cards, "write_atomically", write_in_place),
        ),
    ),
}
"""The weakened lines: what to aim at to find them out, and what is put in the place of what."""

LINES = tuple(_LINES)
NEED_A_TRACER = tuple(line for line, (aim, _) in _LINES.items() if aim in ("sending", "writing"))
"""The lines that are only found out where processes die at system calls."""


def aim_of(line: str) -> str:
    """The kind of case that a weakened line is to be found by; empty for the program as it is."""
    return _LINES[line][0] if line else ""


@contextmanager
def weakened(line: str) -> Iterator[None]:
    """Processes begun within the block are of that line; the program as it is where it has no name."""
    patches = _LINES[line][1] if line else ()
    before = [(module, name, getattr(module, name)) for module, name, _ in patches]
    try:
        for module, name, worse in patches:
            setattr(module, name, worse)
        yield
    finally:
        for module, name, sound in before:
            setattr(module, name, sound)

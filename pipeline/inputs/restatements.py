"""Revisions compared with what the sources feed, and what the card of a later period tells of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from etl.sources import registry
from etl.warehouse import measure_catalog
from ledger import RestatementRecord
from pipeline.inputs.history import history_of
from pipeline.site import Site
from scoring.canonical import restatement_from_json
from scoring.comparing import comparing
from scoring.comparing.causes import Feeds
from scoring.period import Period
from scoring.restatement import Restatement, RestatementNote
from scoring.scorecard import Scorecard


def compare(old: Scorecard, new: Scorecard) -> Restatement:
    """What `new` says differently; late data is blamed on the sources that can feed the measure."""
    return comparing.compare(old, new, _feeds())


def notes_for(site: Site, period: Period, team_id: str) -> tuple[RestatementNote, ...]:
    """What a team's card of `period` says of earlier cards that were restated after their month closed.

    Those entered after the first issue of the period before, or of the periods that the card shows where
    there is none; and once `period` itself was issued, nothing that was entered later. So the card stays
    the same however often it is made. The order is that of entry in the ledger, which no clock moves.
    """
    return tuple(
        RestatementNote.of(restatement_from_json(record.restatement_json))
        for record in sorted(
            _noted(site, period, team_id), key=lambda record: (record.period, record.revision)
        )
    )


def _noted(site: Site, period: Period, team_id: str) -> Iterator[RestatementRecord]:
    before, own = (site.ledger.revision(str(of), team_id, 1) for of in (period.shift(-1), period))
    shown = set(map(str, period.window(history_of(site.book, period))))
    for record in site.ledger.restatements(team_id):
        is_since = record.period in shown if before is None else record.issue_id > before.id
        is_told_later = own is not None and record.issue_id > own.id
        if record.is_closed and is_since and not is_told_later and is_before(record.period, period):
            yield record


def is_before(name: str, period: Period) -> bool:
    """Whether the period called `name`, of whatever length, had ended when `period` began."""
    return Period.parse(name).end <= period.start


@cache
def _feeds() -> Feeds:
    """The sources that write the fact behind each measure."""
    return {
        name: tuple(source for source, module in registry().items() if spec.fact in module.FACTS)
        for name, spec in measure_catalog().items()
    }

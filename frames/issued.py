"""What was issued: cards, and the scores on them."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from frames.columns import AGREED, COUNT, MOMENT, TEXT, UNROUNDED, Columns, frame
from ledger import Issue
from pipeline.site import Site
from scoring.canonical import from_json
from scoring.scorecard import KpiResult, Scorecard

_CARD: Columns = {"period": TEXT, "team_id": TEXT, "revision": COUNT}
_CARDS: Columns = {
    **_CARD,
    "total": AGREED,
    "band": TEXT,
    "grade": TEXT,
    "pay": AGREED,
    "certificate": TEXT,
    "issued_at": MOMENT,
    "content_hash": TEXT,
}
_SCORES: Columns = {
    **_CARD,
    "area_id": TEXT,
    "kpi_id": TEXT,
    "unit": TEXT,
    "actual": UNROUNDED,
    "target": UNROUNDED,
    "attainment": UNROUNDED,
    "weight": AGREED,
    "effective_weight": AGREED,
    "score": AGREED,
    "points": AGREED,
    "band": TEXT,
    "reason": TEXT,
}


def cards(site: Site, period: str | None = None, *, all_revisions: bool = False) -> pd.DataFrame:
    """A row for each issued card, of one period (`2026-10`) or of all: what page 1 says.

    The newest revision of each, or all of them. Raises `UsageError` for a text that is not a period.
    """
    return frame(_CARDS, (_card(issue, card) for issue, card in _issued(site, period, all_revisions)))


def scores(site: Site, period: str | None = None, *, all_revisions: bool = False) -> pd.DataFrame:
    """A row for each KPI of each of those cards. `actual` and `target` are in the KPI's unit, percent as a
    fraction; `attainment` is 1 on target; `reason` says why a number is missing.
    """
    return frame(
        _SCORES,
        (
            _score(card, area.area_id, result)
            for _, card in _issued(site, period, all_revisions)
            for area in card.areas
            for result in area.results
        ),
    )


def _issued(site: Site, period: str | None, all_revisions: bool) -> Iterator[tuple[Issue, Scorecard]]:
    name = None if period is None else str(site.book.period(period))
    found = site.ledger.revisions(name) if all_revisions else site.ledger.latest_revisions(name)
    return ((issue, from_json(issue.card_json)) for issue in found)


def _card(issue: Issue, card: Scorecard) -> tuple[object, ...]:
    return (
        *(card.period, card.team_id, card.revision, card.total, card.band.value, card.grade),
        None if card.pay is None else card.pay.result,
        *(card.certificate.status.value, issue.issued_at, issue.content_hash),
    )


def _score(card: Scorecard, area_id: str, result: KpiResult) -> tuple[object, ...]:
    return (
        *(card.period, card.team_id, card.revision, area_id, result.kpi_id, result.unit),
        *(result.actual, result.target, result.attainment),
        *(result.weight, result.effective_weight, result.score, result.points, result.band.value),
        None if result.reason is None else result.reason.value,
    )

"""What the form asks each team for: from the book, the issued card and earlier entries."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from decimal import Decimal

from book import Team
from ledger import Entry, EntryKind
from pipeline.site import Site
from reports.forms import layout
from reports.forms.layout import FormRow, FormSheet
from scoring.aims import Absolute, Milestone
from scoring.canonical import from_json, spelling
from scoring.kpi import Kpi
from scoring.period import Period
from scoring.policy import AppraisalShares
from scoring.rules import Needs, rule_of
from scoring.scorecard import KpiResult
from scoring.targets.terms import Terms

FACTS = {layout.EVENTS: EntryKind.EVENTS, layout.LEVEL: EntryKind.LEVEL, layout.DONE_ON: EntryKind.DONE_ON}
KINDS = {**FACTS, layout.SELF: EntryKind.SELF, layout.SUPERIOR: EntryKind.SUPERIOR}
"""The kind of entry that each field becomes; comments belong to one of them."""

_COUNTED = {Needs.EVENTS: layout.EVENTS, Needs.LEVEL: layout.LEVEL}


def sheet_of(site: Site, period: Period, team: Team) -> FormSheet | None:
    """The team's sheet; None if the team has no KPI to enter anything for.

    Actual and system score are those of the newest issued card, and empty before there is one.
    """
    book, shares = site.book, shares_of(site, team)
    scored = _scored(site, period, team)
    said = {(entry.kpi_id, entry.kind): entry for entry in site.ledger.judgements([str(period)], team.id)}
    rows = tuple(
        _row(book.kpis[terms.kpi_id], terms, shares, scored.get(terms.kpi_id), said)
        for terms in book.agreed(team.id, period)
    )
    sheet = FormSheet(
        period=period,
        team_id=team.id,
        team_name=team.name,
        organisation=book.organisation,
        manager_name=team.manager.name,
        appraiser_name=team.appraiser_name,
        language=team.manager.language,
        currency_code=book.currency_code,
        fiscal_named=book.fiscal_years.naming,
        cap=None if shares is None else shares.cap,
        rows=rows,
        after=_forms_of(said.values()),
    )
    return sheet if sheet.asks else None


def shares_of(site: Site, team: Team) -> AppraisalShares | None:
    """The shares of the team's appraisal; None if its cards are not appraised."""
    return None if team.appraiser is None else site.book.policy.appraisal


def asked_of(kpi: Kpi, terms: Terms, shares: AppraisalShares | None) -> frozenset[str]:
    """The fields that a KPI's row asks for."""
    if isinstance(terms.row.aim, Milestone):
        return frozenset({layout.DONE_ON, layout.SUPERIOR_COMMENT})
    needs = rule_of(kpi.rule).needs
    if needs in _COUNTED:
        return frozenset({_COUNTED[needs], layout.SUPERIOR_COMMENT})
    return _marks_of(shares) if shares is not None and terms.weight else frozenset()


def _marks_of(shares: AppraisalShares) -> frozenset[str]:
    own = {layout.SELF, layout.SELF_COMMENT} if shares.self_ else set()
    return frozenset(own | ({layout.SUPERIOR, layout.SUPERIOR_COMMENT} if shares.superior else set()))


def levels_of(kpi: Kpi) -> tuple[str, ...]:
    """The levels of a qualitative KPI, in the order of the book; none for others."""
    return rule_of(kpi.rule).choices


def comment_of(name: str, asks: frozenset[str]) -> str:
    """The comment field of another field: the superior's also for events and levels; empty for none."""
    if name == layout.SELF:
        return layout.SELF_COMMENT
    is_theirs = name == layout.SUPERIOR or layout.SUPERIOR not in asks
    return layout.SUPERIOR_COMMENT if is_theirs and layout.SUPERIOR_COMMENT in asks else ""


def _row(
    kpi: Kpi,
    terms: Terms,
    shares: AppraisalShares | None,
    result: KpiResult | None,
    said: Mapping[tuple[str, EntryKind], Entry],
) -> FormRow:
    asks = asked_of(kpi, terms, shares)
    return FormRow(
        kpi_id=kpi.id,
        name=kpi.name,
        unit=kpi.unit.value,
        decimals=kpi.decimals,
        target=_target(terms) if result is None else result.target,
        actual=None if result is None else result.actual,
        score=None if result is None else result.score,
        asks=asks,
        levels=levels_of(kpi),
        was=_was(kpi.id, asks, said),
    )


def _forms_of(said: Collection[Entry]) -> str:
    """A fingerprint of the forms behind what counts: a form with the same answers may be a new word."""
    forms = sorted((entry.kpi_id, entry.kind.value, entry.form_sha256) for entry in said)
    return hashlib.sha256(spelling(forms).encode()).hexdigest() if forms else ""


def _was(kpi_id: str, asks: frozenset[str], said: Mapping[tuple[str, EntryKind], Entry]) -> dict[str, str]:
    """The earlier content of the requested fields, comments included."""
    was: dict[str, str] = {}
    for name, kind in KINDS.items():
        entry = said.get((kpi_id, kind))
        if entry is not None and name in asks:
            was[name] = entry.value
            comment = comment_of(name, asks)
            if comment and entry.comment:
                was[comment] = entry.comment
    return was


def _target(terms: Terms) -> Decimal | None:
    """The agreed number if it is the target itself; for growth and a year to date the target is computed."""
    return terms.row.target if isinstance(terms.row.aim, Absolute) else None


def _scored(site: Site, period: Period, team: Team) -> Mapping[str, KpiResult]:
    issue = site.ledger.latest_revision(str(period), team.id)
    return {} if issue is None else {result.kpi_id: result for result in from_json(issue.card_json).results}

"""Score the teams' measures against their targets and draft the cards."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from book import Book, Team
from book.evidence import Evidence
from book.history import days_beside, history_of
from book.measured_results import measure_units
from book.trends import added_up
from killpoints import reach
from ledger import Issue, Ledger
from pipeline.inputs.before import Before
from pipeline.inputs.figures import Figures, gather_figures
from pipeline.inputs.in_charge import comments_of, periods_of_others, refuse_another_manager
from pipeline.inputs.judgements import evidence_of, judgements_of
from pipeline.inputs.ranks import ranked
from pipeline.inputs.redefinitions import refuse_redefined
from pipeline.inputs.restatements import notes_for
from pipeline.site import Site, spelled
from pipeline.steps.seconds import Seconds
from scoring.calibration import newest
from scoring.canonical import from_json, says_the_same
from scoring.card.card import score_card
from scoring.card.certificate import as_of
from scoring.card.inputs import CardInputs
from scoring.errors import UsageError
from scoring.outlook import Ahead
from scoring.period import Period
from scoring.scorecard import Scorecard
from scoring.targets.terms import wanted
from scoring.to_date import ToDate
from warehouse.driving import with_drivers

log = logging.getLogger(__name__)


def score(
    site: Site,
    period: Period,
    teams: tuple[str, ...] = (),
    figures: Figures | None = None,
    today: date = date.max,
) -> tuple[str, ...]:
    """Draft and keep the card of each team named, all if none is.

    Returns the cards' names (`2026-10/eu-brand/r1`). `figures` are passed if they were already queried for
    several periods at once, `today` where the period may not be over. A team without any target in the period
    gets no card.

    Raises `UsageError` for an unknown team, or if no team has any target; `BookError` if the meaning of an
    issued KPI's id changed.
    """
    took = Seconds()
    names = draft(site, period, teams, figures, today)
    if not names:
        raise UsageError(
            f"{period}: expected {wanted(period)}, found none for "
            f"{spelled(teams)}; add them in targets/ or name another {period.cadence.words}."
        )
    log.info("score: %d cards for %s, %s", len(names), period, took)
    return names


def draft(
    site: Site,
    period: Period,
    teams: tuple[str, ...],
    figures: Figures | None = None,
    today: date = date.max,
) -> tuple[str, ...]:
    """The same, but drafts nothing if no team has a target."""
    refuse_redefined(site.book, site.ledger)
    figures = figures or gather_figures(site, [period], today)
    evidence, objectives = figures.evidence[period], figures.objectives[period]
    known = Before.of(site, period, site.team_ids(teams))
    store = site.cards
    cards = []
    for team in site.teams(period, teams):
        measures = figures.of_team(team.id, known.scored)
        inputs = _inputs(site, period, team, measures, evidence, known)
        inputs = replace(
            inputs,
            objectives=objectives.get(team.id, ()),
            findings=as_of(today, period, inputs.findings),
        )
        members = [member.id for member in site.book.members(team.id, period)]
        card = with_drivers(site.warehouse, score_card(inputs, revision=1), site.book.kpis, members)
        if card.results:
            refuse_another_manager(site, period, team, known.issued.get(team.id))
            cards.append(card)
    names = []
    for card in ranked(site, period, cards):
        latest = known.issued.get(card.team_id)
        names.append(str(store.write_card(_next_revision(site.ledger, card, latest))))
        reach("score.drafted")
    return tuple(names)


def _inputs(
    site: Site,
    period: Period,
    team: Team,
    measures: Mapping[tuple[Period, str], Decimal],
    evidence: Evidence,
    known: Before,
) -> CardInputs:
    book, scored = site.book, known.scored
    said = known.said.get(team.id, ())
    return CardInputs(
        organisation=book.organisation,
        team_id=team.id,
        team_name=team.name,
        manager_name=team.manager.name,
        language=team.manager.language,
        currency_code=book.currency_code,
        period=period,
        kpis=book.kpis,
        areas=book.areas,
        targets=book.targets_by_team.get(team.id, ()),
        measures=measures,
        policy=book.policy,
        **_of_the_data(book, period, evidence, team),
        history=history_of(book, period),
        judgements=judgements_of(said, scored),
        appraiser_name=team.appraiser_name,
        reviewer_name=team.reviewer,
        entries=evidence_of(said, period, {terms.kpi_id for terms in book.agreed(team.id, period)}),
        restatements=notes_for(site, period, team) if team.id in known.restated else (),
        of_others=periods_of_others(book, team.id, period),
        decided=newest(book.decided, period, team.id),
        comments=comments_of(book, team.id, period),
        measure_units=measure_units(),
        lacking=evidence.lacking(team),
        **added_up(book, team.id, period, scored),
    )


def _of_the_data(book: Book, period: Period, evidence: Evidence, team: Team) -> dict[str, Any]:
    """Where the figures came from, and how complete they are; those of the year to date if it is shown."""
    beside, lacking = [*days_beside(book, period)], evidence.lacking_beside(team)
    return {
        "findings": evidence.findings(team),
        "rates": evidence.rates(team),
        "sources": evidence.sources(team),
        "load_state": evidence.load_state,
        "to_date": ToDate(beside[0], lacking) if beside else None,
        "ahead": Ahead(evidence.until(team), book.calendar.is_working, lacking) if book.forecast else None,
    }


def _next_revision(ledger: Ledger, card: Scorecard, latest: Issue | None) -> Scorecard:
    """The card under the revision it would be issued as; the issued one itself if it says the same.

    That it does is noted with the state of the data, so that nobody needs to look again.
    """
    if latest is None:
        return card
    issued = from_json(latest.card_json)
    if not says_the_same(issued, card):
        return replace(card, revision=latest.revision + 1)
    if card.load_state is not None and card.load_state != issued.load_state:
        ledger.confirm(latest.id, card.load_state)
    return issued

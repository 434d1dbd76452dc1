"""Score the teams' measures against their targets and draft the cards."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from archive.cards import CardRef
from archive.standing import drafted_before, note_drafted, said_by
from book import Book, Team
from book.evidence import Evidence
from book.history import days_beside, history_of
from book.measured_results import measure_units
from book.trends import added_up
from killpoints import reach
from ledger import Issue
from pipeline.inputs.before import Before
from pipeline.inputs.everything import everything_sha256
from pipeline.inputs.figures import Figures, gather_figures
from pipeline.inputs.in_charge import comments_of, periods_of_others, refuse_another_manager
from pipeline.inputs.judgements import evidence_of, judgements_of
from pipeline.inputs.ranks import ranks_of
from pipeline.inputs.redefinitions import refuse_redefined
from pipeline.inputs.restatements import notes_for
from pipeline.site import Site, spelled
from pipeline.steps.seconds import Seconds
from processes.forks import shared
from scoring.calibration import newest
from scoring.canonical import from_json, says_the_same, to_json
from scoring.card.card import score_card
from scoring.card.certificate import as_of
from scoring.card.inputs import CardInputs
from scoring.errors import UsageError
from scoring.outlook import Ahead
from scoring.period import Period
from scoring.scorecard import Scorecard
from scoring.targets.terms import wanted
from scoring.to_date import ToDate
from warehouse.driving import rows_for, with_drivers

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
    """The same, but drafts nothing if no team has a target.

    The cards of all teams are those drafted before, if they would be drafted from the very same.
    """
    scored = site.scored_teams(period, teams)
    # to look for all targets of thousands of teams twice takes a second
    is_of_all = not teams or {*scored} == {*site.scored_teams(period)}
    if not (scored and is_of_all):
        return tuple(name for name, _ in drafts(site, period, teams, figures, today))
    made_of = everything_sha256(site, period, scored, today)
    names = drafted_before(site.cards, site.ledger, str(period), scored, made_of)
    if not names:
        said = dict(drafts(site, period, teams, figures, today))
        note_drafted(site.cards, str(period), made_of, said)
        names = tuple(said)
    return names


def drafts(
    site: Site,
    period: Period,
    teams: tuple[str, ...],
    figures: Figures | None = None,
    today: date = date.max,
) -> Iterator[tuple[str, str]]:
    """Draft and keep each card, whatever was drafted before: its name, and what it says as a hash.

    Arguments and errors are those of `score`.
    """
    refuse_redefined(site.book, site.ledger)
    figures = figures or gather_figures(site, [period], today)
    known = Before.of(site, period, site.team_ids(teams))
    carded = [team for team in site.teams(period, teams) if site.book.agreed(team.id, period)]
    for team in carded:
        refuse_another_manager(site, period, team, known.issued.get(team.id))
    inputs = {team.id: _inputs(site, period, team, figures, known, today) for team in carded}
    ranks = ranks_of(site, period, inputs.values())
    agreed = {terms.kpi_id for team in carded for terms in site.book.agreed(team.id, period)}
    rows = rows_for(site.warehouse, [site.book.kpis[kpi_id] for kpi_id in agreed], period)

    def drafted(team_id: str) -> _Draft:
        members = [member.id for member in site.book.members(team_id, period)]
        card = replace(score_card(inputs[team_id], revision=1), rank=ranks.get(team_id))
        card = with_drivers(rows, card, site.book.kpis, members)
        return _as_next_revision(card, known.issued.get(team_id))

    # each is kept as soon as it is made: those of thousands of teams need not fit into memory
    for made in shared(drafted, [*inputs]):
        yield _kept(site, made), said_by(made.card_json)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A card to be kept, and the issue that says the same in another state of the data, if there is one."""

    ref: CardRef
    card_json: str
    confirmed: tuple[int, str] | None = None


def _kept(site: Site, made: _Draft) -> str:
    if made.confirmed is not None:
        site.ledger.confirm(*made.confirmed)
    ref = site.cards.write_card(made.ref, made.card_json)
    reach("score.drafted")
    return str(ref)


def _inputs(
    site: Site, period: Period, team: Team, figures: Figures, known: Before, today: date
) -> CardInputs:
    book, scored, evidence = site.book, known.scored, figures.evidence[period]
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
        measures=figures.of_team(team.id, scored),
        policy=book.policy,
        **_of_the_data(book, period, evidence, team, today),
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
        objectives=figures.objectives[period].get(team.id, ()),
        **added_up(book, team.id, period, scored),
    )


def _of_the_data(book: Book, period: Period, evidence: Evidence, team: Team, today: date) -> dict[str, Any]:
    """Where the figures came from, and how complete they are; those of the year to date if it is shown."""
    beside, lacking = [*days_beside(book, period)], evidence.lacking_beside(team)
    return {
        "findings": as_of(today, period, evidence.findings(team)),
        "rates": evidence.rates(team),
        "sources": evidence.sources(team),
        "load_state": evidence.load_state,
        "to_date": ToDate(beside[0], lacking) if beside else None,
        "ahead": Ahead(evidence.until(team), book.calendar.is_working, lacking) if book.forecast else None,
    }


def _as_next_revision(card: Scorecard, latest: Issue | None) -> _Draft:
    """The card under the revision it would be issued as; the issued one itself if it says the same.

    That it does is noted with the state of the data, so that nobody needs to look again.
    """
    if latest is None:
        return _Draft(CardRef.of(card), to_json(card))
    issued = from_json(latest.card_json)
    if not says_the_same(issued, card):
        revised = replace(card, revision=latest.revision + 1)
        return _Draft(CardRef.of(revised), to_json(revised))
    is_known = card.load_state is None or card.load_state == issued.load_state
    return _Draft(
        CardRef.of(latest), latest.card_json, None if is_known else (latest.id, card.load_state or "")
    )

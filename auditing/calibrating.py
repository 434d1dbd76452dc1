"""The issued grades of a period beside the shares that the book asks for; it proposes and decides nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from disk.nearest import did_you_mean
from ledger import Issue
from pipeline.site import Site, none_issued
from scoring.calibration import Decided, calibrated, newest
from scoring.canonical import from_json
from scoring.distribution import FORCED, NOTHING_ASKED, Distribution, Graded, Miss, proposed
from scoring.errors import DataError, UsageError
from scoring.period import Period
from scoring.ranking import places
from scoring.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class Standing:
    """A team with a grade: its total and place, the grade by score, the one proposed, and what was decided.

    `proposed` is the same as by score where no shares are asked; `reason` is why it is another. `is_issued`
    is whether the team's newest card has the grade that counts.
    """

    team_id: str
    total: Decimal
    place: int
    by_score: str
    proposed: str
    difference: int
    reason: str
    decided: Decided | None
    is_issued: bool

    @property
    def final(self) -> str:
        """The grade that counts: the decided one, while the score gives the grade that it is about."""
        return self.decided.grade if self.decided and self.counts else self.by_score

    @property
    def counts(self) -> bool:
        """Whether what was decided is about the grade that the score gives."""
        now = calibrated(self.decided, self.by_score)
        return now is not None and now.stands


@dataclass(frozen=True, slots=True)
class Group:
    """The teams among which grades are spread: of a department, or all where `department` is None.

    `name` says which; nothing is asked of teams without a department where grades are spread in departments.

    `left_out` says of the others why they have no grade. `asked` are the shares in teams, `unmet` those that
    the grades which count miss, `beyond` those that the proposal does, because equal totals stay together.
    """

    department: str | None
    name: str
    standings: tuple[Standing, ...]
    left_out: tuple[str, ...]
    asked: tuple[str, ...]
    unmet: tuple[Miss, ...]
    beyond: tuple[Miss, ...]


@dataclass(frozen=True, slots=True)
class CalibrationTable:
    """All groups of a period; `way` is guided, forced, or none where the book asks for no shares."""

    period: Period
    way: str
    groups: tuple[Group, ...]

    @property
    def unmet(self) -> tuple[Group, ...]:
        """The groups whose grades miss what is asked."""
        return tuple(group for group in self.groups if group.unmet)

    def or_raise(self) -> None:
        """Raise `DataError`, which says what is missed where, if the book forces shares that are not met."""
        if self.way == FORCED and self.unmet:
            raise DataError(
                f"{self.period}: expected grades that meet the forced distribution, found "
                f"{'; '.join(map(told_unmet, self.unmet))}; let people decide on calibration.csv and run the "
                "period again."
            )


def told_unmet(group: Group) -> str:
    """`europe: A 3, at most 1`."""
    return f"{group.name}: {', '.join(map(str, group.unmet))}"


def missed_in(site: Site, period: Period) -> dict[str, str]:
    """By team what the forced shares lack in its group, or its card of the grade that was decided.

    Nothing where they are met, or none are forced.
    """
    if site.book.policy.distribution.way != FORCED:
        return {}
    groups = calibration_table(site, period).groups
    return {team.team_id: "; ".join(_lacking(group, team)) for group in groups for team in group.standings}


def _lacking(group: Group, team: Standing) -> Iterator[str]:
    """What keeps the card of a team from being right."""
    if group.unmet:
        yield told_unmet(group)
    if not team.is_issued:
        yield f"{team.team_id} with another grade on its card than {team.final}, which counts"


def calibration_table(site: Site, period: Period, department: str | None = None) -> CalibrationTable:
    """The newest cards of the period beside the shares of grades; changes nothing.

    Raises `UsageError` for a book without grades, for a department that it has not or that its shares are
    not about, and where no card was issued.
    """
    _refuse_without_grades(site)
    members = _members(site, period)
    if department is not None:
        _refuse_unknown(site, department)
        members = {name: teams for name, teams in members.items() if name == department}
    issues = _issues(site, period)
    groups = (_group(site, period, _Members(name, teams, issues)) for name, teams in members.items())
    return CalibrationTable(period, site.book.policy.distribution.way, tuple(groups))


def _issues(site: Site, period: Period) -> Mapping[str, Issue]:
    """The newest cards by team."""
    issues = site.ledger.latest_revisions(str(period))
    if not issues:
        raise none_issued(str(period), period)
    return {issue.team_id: issue for issue in issues}


def _refuse_without_grades(site: Site) -> None:
    if site.book.policy.grades is None:
        raise UsageError("calibrate: expected a book with grades, found none; set `grades` in grading.yaml.")


def _refuse_unknown(site: Site, department: str) -> None:
    known = site.book.departments
    if department not in known:
        listed = ", ".join(known) or "organisation.yaml, which has none"
        raise UsageError(
            f"department: expected one of {listed}, found {department!r}{did_you_mean(department, known)}."
        )
    if not site.book.policy.distribution.by_department:
        raise UsageError(
            f"department: expected none, because grades are spread within the company, found {department!r}; "
            "leave it out."
        )


def _members(site: Site, period: Period) -> dict[str | None, list[str]]:
    """The teams with targets by department; all under None where grades are spread within the company.

    A card that adds up others is not one of them.
    """
    is_split = site.book.policy.distribution.by_department
    scored = frozenset(site.scored_teams(period))
    found: dict[str | None, list[str]] = {}
    for team in filter(lambda team: team.id in scored and not team.of, site.book.teams_in(period)):
        found.setdefault(team.department if is_split else None, []).append(team.id)
    return found


@dataclass(frozen=True, slots=True)
class _Members:
    """The teams of a group, and the newest cards of all teams."""

    department: str | None
    teams: Sequence[str]
    issues: Mapping[str, Issue]

    @property
    def cards(self) -> dict[str, Scorecard]:
        """The cards of the group by team."""
        return {team: from_json(self.issues[team].card_json) for team in self.teams if team in self.issues}


def _group(site: Site, period: Period, members: _Members) -> Group:
    graded = list(_graded(site, members.cards.values()))
    asked = _asked_of(site, members.department)
    standings = tuple(_standings(asked, graded, _decisions(site, period, members.cards)))
    return Group(
        department=members.department,
        name=members.department or _NAMES[site.book.policy.distribution.by_department],
        standings=standings,
        left_out=tuple(_left_out(members, {team.team_id for team in graded})),
        asked=tuple(asked.told(len(graded))),
        unmet=tuple(asked.misses([each.final for each in standings])),
        beyond=tuple(asked.misses([each.proposed for each in standings])),
    )


_NAMES = {True: "without a department", False: "all teams"}


def _asked_of(site: Site, department: str | None) -> Distribution:
    """The shares of a department, or of the company; teams of no department are spread among nobody."""
    asked = site.book.policy.distribution
    return NOTHING_ASKED if asked.by_department and department is None else asked


def _graded(site: Site, cards: Iterable[Scorecard]) -> Iterator[Graded]:
    """The cards with a grade; raises `DataError` for a grade that the book has no more."""
    for card in cards:
        if card.grade_by_score is not None and card.total is not None:
            _refuse_old_grade(site, card, card.grade_by_score)
            yield Graded(card.team_id, card.total, card.grade_by_score)


def _refuse_old_grade(site: Site, card: Scorecard, grade: str) -> None:
    known = site.book.policy.grade_names
    if grade not in known:
        raise DataError(
            f"{card.period}/{card.team_id}: expected a card with a grade of {', '.join(known)}, found "
            f"{grade}, from before grading.yaml changed; run the period again."
        )


@dataclass(frozen=True, slots=True)
class _Decision:
    """What was decided about a card, the grade that it has, and its place by its total.

    Teams that have a total and no grade yet, because people are still to appraise them, have a place, too.
    """

    entry: Decided | None
    issued: str | None
    place: int


def _decisions(site: Site, period: Period, cards: Mapping[str, Scorecard]) -> dict[str, _Decision]:
    ranks = places({team_id: card.total for team_id, card in cards.items() if card.total is not None})
    return {
        team_id: _Decision(newest(site.book.decided, period, team_id), card.grade, ranks.get(team_id, 0))
        for team_id, card in cards.items()
    }


def _standings(
    asked: Distribution, graded: Sequence[Graded], decisions: Mapping[str, _Decision]
) -> Iterator[Standing]:
    """The teams from the highest total down."""
    grades = proposed(asked, graded)
    missed = {miss.grade: miss for miss in asked.misses([team.grade for team in graded])}
    for team in sorted(graded, key=lambda team: (-team.total, team.team_id)):
        found, known = grades[team.team_id], decisions[team.team_id]
        standing = Standing(
            team_id=team.team_id,
            total=team.total,
            place=known.place,
            by_score=team.grade,
            proposed=found,
            difference=asked.steps(team.grade, found),
            reason="" if found == team.grade else _reason(missed, team.grade, found),
            decided=known.entry,
            is_issued=False,
        )
        yield replace(standing, is_issued=standing.final == known.issued)


def _reason(missed: Mapping[str, Miss], by_score: str, found: str) -> str:
    """Which share asks for another grade: that of the one it leaves, of the one it gets, or of one beyond."""
    own = missed.get(by_score, missed.get(found))
    return "makes room" if own is None else f"by score {own}"


def _left_out(members: _Members, graded: Collection[str]) -> Iterator[str]:
    for team_id in members.teams:
        if team_id not in members.issues:
            yield f"{team_id}: no card was issued"
        elif team_id not in graded:
            yield f"{members.issues[team_id].name}: has no grade: no total, or marks are missing"

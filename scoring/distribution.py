"""Shares of grades that a book asks for, and the grades that would meet them.

A proposal decides nothing: the grades of cards are those by score until a named person enters another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from scoring.arithmetic import HUNDRED
from scoring.errors import BookError


class Bound(StrEnum):
    """How a share binds the number of teams with its grade."""

    EXACTLY = "exactly"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    ABOUT = "about"

    @property
    def words(self) -> str:
        """As a sentence has it."""
        return self.value.replace("_", " ")

    def off(self, teams: int, places: int) -> int:
        """By how many teams a number misses the places; `about` takes any."""
        too_many, too_few = max(teams - places, 0), max(places - teams, 0)
        return {
            Bound.EXACTLY: too_many + too_few,
            Bound.AT_MOST: too_many,
            Bound.AT_LEAST: too_few,
            Bound.ABOUT: 0,
        }[self]


@dataclass(frozen=True, slots=True)
class GradeShare:
    """A grade's share of the teams, in percent, and how it binds."""

    grade: str
    percent: Decimal
    bound: Bound


@dataclass(frozen=True, slots=True)
class Distribution:
    """Shares of every grade, from the best down. `is_forced` asks for decisions before a card is approved.

    It is held within each department, or within the whole company.
    """

    shares: tuple[GradeShare, ...]
    is_forced: bool
    by_department: bool

    @property
    def way(self) -> str:
        """How it is asked for: guided, forced, or none."""
        asked = FORCED if self.is_forced else "guided"
        return asked if self.shares else "none"

    @property
    def grades(self) -> tuple[str, ...]:
        """The grades from the best down."""
        return tuple(share.grade for share in self.shares)

    def places(self, teams: int) -> tuple[int, ...]:
        """So many of the teams for each grade, by largest remainder; of equal ones the better grade's."""
        parts = [share.percent * teams for share in self.shares]
        whole = [int(part // HUNDRED) for part in parts]
        by_remainder = sorted(range(len(parts)), key=lambda at: (-(parts[at] % HUNDRED), at))
        more = set(by_remainder[: teams - sum(whole)])
        return tuple(part + (at in more) for at, part in enumerate(whole))

    def told(self, teams: int) -> Iterator[str]:
        """What is asked of so many teams: `A at most 1`."""
        for share, places in zip(self.shares, self.places(teams), strict=True):
            yield f"{share.grade} {share.bound.words} {places}"

    def steps(self, grade: str, other: str) -> int:
        """By how many grades the other is better, below 0 where it is worse."""
        return 0 if grade == other else self.grades.index(grade) - self.grades.index(other)

    def misses(self, grades: Sequence[str]) -> Iterator[Miss]:
        """The grades that too many or too few of the teams have."""
        for share, places in zip(self.shares, self.places(len(grades)), strict=True):
            teams = grades.count(share.grade)
            if share.bound.off(teams, places):
                yield Miss(share.grade, teams, share.bound, places)


FORCED = "forced"
NOTHING_ASKED = Distribution((), is_forced=False, by_department=True)
"""What a book says that asks for no shares."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A grade that so many teams have, where the book asks for others."""

    grade: str
    teams: int
    bound: Bound
    places: int

    def __str__(self) -> str:
        return f"{self.grade} {self.teams}, {self.bound.words} {self.places}"


def distribution_of(
    shares: Sequence[GradeShare], grades: Sequence[str], *, is_forced: bool, by_department: bool
) -> Distribution:
    """The shares in the order of the `grades`, which rise; raises `BookError` unless all add up to 100."""
    _refuse_other_grades(shares, grades)
    _refuse_other_sum(shares)
    by_grade = {share.grade: share for share in shares}
    return Distribution(tuple(by_grade[grade] for grade in reversed(grades)), is_forced, by_department)


def _refuse_other_grades(shares: Sequence[GradeShare], grades: Sequence[str]) -> None:
    named = [share.grade for share in shares]
    if sorted(named) != sorted(grades):
        raise BookError(
            f"distribution.shares: expected each grade of the book ({', '.join(grades) or 'it has none'}) "
            f"once, found {', '.join(named)}."
        )


def _refuse_other_sum(shares: Sequence[GradeShare]) -> None:
    total = sum(share.percent for share in shares)
    if total != HUNDRED:
        raise BookError(f"distribution.shares: expected shares that sum to 100, found {total}.")


@dataclass(frozen=True, slots=True)
class Graded:
    """A team with its total and its grade by score."""

    team_id: str
    total: Decimal
    grade: str


Cost = tuple[int, int, int, tuple[int, ...]]
"""By how many teams shares are missed, by how many grades teams are moved, how far down from the best grade
all of them are, and after how many groups each grade ends, negative: so the most teams have the best."""


def proposed(distribution: Distribution, teams: Sequence[Graded]) -> dict[str, str]:
    """A grade for each team that meets the shares with the fewest steps from the grades by score.

    Nobody gets a better grade than a team with a higher total, and teams with the same total get the same.
    Where that keeps the shares from being met, they are missed by as few teams as can be. Without shares
    everybody keeps the grade by score.
    """
    if not distribution.shares:
        return {team.team_id: team.grade for team in teams}
    groups = _groups(teams)
    given = _between(_best_ends(distribution, groups), groups)
    return {
        team.team_id: grade for grade, found in zip(distribution.grades, given, strict=True) for team in found
    }


def _best_ends(distribution: Distribution, groups: Sequence[Sequence[Graded]]) -> list[int]:
    """After how many groups each grade ends where the shares are met at the least cost."""
    sizes = tuple(map(len, groups))
    asked = zip(distribution.shares, distribution.places(sum(sizes)), strict=True)
    best: Mapping[int, Cost] = {0: (0, 0, 0, ())}
    for rank, (share, places) in enumerate(asked):
        steps = tuple(_steps(distribution, group, rank) for group in groups)
        best = _with_grade(best, _Given(share.bound, places, rank, sizes, steps))
    return [-end for end in best[len(groups)][3]]


def _groups(teams: Sequence[Graded]) -> list[list[Graded]]:
    """The teams with the same total, from the highest down."""
    ordered = sorted(teams, key=lambda team: (-team.total, team.team_id))
    return [list(group) for _, group in groupby(ordered, key=lambda team: team.total)]


def _steps(distribution: Distribution, group: Sequence[Graded], rank: int) -> int:
    """Over how many grades the group is moved to the grade at that place."""
    return sum(abs(distribution.steps(team.grade, distribution.grades[rank])) for team in group)


@dataclass(frozen=True, slots=True)
class _Given:
    """One grade, and what it costs to give it to each group."""

    bound: Bound
    places: int
    rank: int
    sizes: tuple[int, ...]
    steps: tuple[int, ...]

    def cost(self, before: Cost, start: int, end: int) -> Cost:
        """The cost with the groups from `start` up to `end` having this grade, too."""
        teams = sum(self.sizes[start:end])
        missed = self.bound.off(teams, self.places)
        moved = sum(self.steps[start:end])
        return (before[0] + missed, before[1] + moved, before[2] + self.rank * teams, (*before[3], -end))


def _with_grade(best: Mapping[int, Cost], given: _Given) -> dict[int, Cost]:
    """The least cost of each number of groups that have this grade or a better one."""
    found: dict[int, Cost] = {}
    for end in range(len(given.sizes) + 1):
        costs = [given.cost(before, start, end) for start, before in best.items() if start <= end]
        found[end] = min(costs)
    return found


def _between(ends: Sequence[int], groups: Sequence[Sequence[Graded]]) -> list[list[Graded]]:
    """The teams of each grade, by where the groups of it end."""
    starts = [0, *ends[:-1]]
    return [
        [team for group in groups[start:end] for team in group]
        for start, end in zip(starts, ends, strict=True)
    ]

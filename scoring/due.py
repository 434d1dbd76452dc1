"""When the cards of a period are due: a day, or a working day, of the week or month after it.

Holidays and the days made up for them (调休) are data of the book. There is no clock here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, islice
from zoneinfo import ZoneInfo

from scoring.errors import UsageError
from scoring.period import Cadence, Period

TIME_TO_WORK = timedelta(hours=2)
"""So long after a run is due, or its deadline has passed, everything is expected to be issued and sent."""
MADE_UP_FOR = timedelta(days=7)
"""For so many days after its own a period whose run did not come gets one."""

_WORKING_DAY = re.compile(r"working day ([1-9][0-9]?) at ([01][0-9]|2[0-3]):([0-5][0-9])")
_CRONS = {
    Cadence.MONTH: re.compile(r"([0-5]?[0-9]) ([01]?[0-9]|2[0-3]) ([1-9]|1[0-9]|2[0-8]) \* \*"),
    Cadence.WEEK: re.compile(r"([0-5]?[0-9]) ([01]?[0-9]|2[0-3]) \* \* ([0-7])"),
}
_LATER_DAY = re.compile(r"(working )?day ([1-9]|1[0-9]|20) at ([01][0-9]|2[0-3]):([0-5][0-9])")
_EXAMPLES = {Cadence.MONTH: "0 6 3 * *", Cadence.WEEK: "0 7 * * 1"}
_MOST_WORKING_DAYS = {Cadence.MONTH: 15, Cadence.WEEK: 4}
"""Later ones could be further off than the next run."""


@dataclass(frozen=True, slots=True)
class DueTime:
    """The `number`-th day, or working day, of the week or month after a period, at a time of the day.

    Days of a week count from Monday.
    """

    number: int
    at: time
    is_working_day: bool

    @classmethod
    def parse(cls, text: str, cadence: Cadence) -> DueTime:
        """Read a cron such as `0 6 3 * *`, or `working day 3 at 06:00`; raises `UsageError` for another.

        Periods that may begin on any day have no cron: `day 3 at 06:00`.
        """
        if cadence not in _CRONS:
            return cls._of_any_day(text)
        working_day = _WORKING_DAY.fullmatch(text)
        if working_day and int(working_day[1]) <= _MOST_WORKING_DAYS[cadence]:
            return cls(int(working_day[1]), time(int(working_day[2]), int(working_day[3])), True)
        cron = _CRONS[cadence].fullmatch(text)
        if cron is None:
            raise UsageError(
                f"a cron such as {_EXAMPLES[cadence]!r} (minute, hour, day) or 'working day 3 at 06:00', "
                f"the {_MOST_WORKING_DAYS[cadence]}th at most"
            )
        # in a cron Sunday is 0 and 7
        return cls(int(cron[3]) or 7, time(int(cron[2]), int(cron[1])), False)

    @classmethod
    def _of_any_day(cls, text: str) -> DueTime:
        found = _LATER_DAY.fullmatch(text)
        if found is None:
            raise UsageError(
                "'day 3 at 06:00' or 'working day 3 at 06:00' after the period, the 20th at most"
            )
        return cls(int(found[2]), time(int(found[3]), int(found[4])), found[1] is not None)


@dataclass(frozen=True, slots=True)
class Cycle:
    """When the run of a period begins, and how long it waits for what it needs; no deadline, no waiting."""

    due: DueTime
    deadline: DueTime | None = None


@dataclass(frozen=True)
class Calendar:
    """The organisation's zone and working days, and the cycle of each cadence that has one.

    Monday to Friday are working days but for `holidays`; `made_up` are working days at weekends.
    """

    time_zone: str
    cycles: Mapping[Cadence, Cycle] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()
    made_up: frozenset[date] = frozenset()

    def due_at(self, period: Period) -> datetime | None:
        """When the period's run is due, in UTC; None for a cadence without a cycle."""
        cycle = self.cycles.get(period.cadence)
        return None if cycle is None else self._moment(period, cycle.due)

    def deadline_at(self, period: Period) -> datetime | None:
        """Until when the run waits for what it needs, in UTC, not before it is due; None: it never waits."""
        cycle = self.cycles.get(period.cadence)
        if cycle is None or cycle.deadline is None:
            return None
        return max(self._moment(period, cycle.due), self._moment(period, cycle.deadline))

    def begins_at(self, period: Period) -> datetime | None:
        """When the run stops waiting at the latest and begins its work, in UTC."""
        return self.deadline_at(period) or self.due_at(period)

    def expected_by(self, period: Period) -> datetime | None:
        """From when on cards that are not issued and sent are missing, in UTC."""
        begins_at = self.begins_at(period)
        return None if begins_at is None else begins_at + TIME_TO_WORK

    def _moment(self, period: Period, due: DueTime) -> datetime:
        days = self._working_days(period.end) if due.is_working_day else _days(period.end)
        day = next(islice(days, due.number - 1, None))
        return datetime.combine(day, due.at, ZoneInfo(self.time_zone)).astimezone(UTC)

    def _working_days(self, first: date) -> Iterator[date]:
        return (day for day in _days(first) if self.is_working(day))

    def after(self, day: date, number: int) -> date:
        """The `number`-th working day after a day."""
        return next(islice(self._working_days(day + timedelta(days=1)), number - 1, None))

    def is_working(self, day: date) -> bool:
        """Whether people work on the day."""
        return day in self.made_up or (day.isoweekday() <= 5 and day not in self.holidays)


def due_period(
    ended: Iterable[Period],
    day: date,
    due_on: Callable[[Period], date],
    is_settled: Callable[[Period], bool],
) -> Period | None:
    """The period that a run of `day` is for: one that is due on it, or was before and is not settled.

    So a day without a scheduler is made up for, and of two that are due on one day each has its own run. None
    is made up for after a week: what nobody missed for so long is a person's decision.
    """
    due = [period for period in ended if timedelta() <= day - due_on(period) <= MADE_UP_FOR]
    wanted = (one for one in sorted(due, key=due_on) if due_on(one) == day or not is_settled(one))
    return next(wanted, None)


def _days(first: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in count())

"""What is left to do for a target, and the forecast with its method and how far off that was before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from operator import attrgetter

from reports.presenting.reader import Reader
from reports.presenting.sums import equals, precise
from reports.views import WorkingStep
from reports.wording import msgid
from scoring.outlook import FEWEST_TRIED, Outlook
from scoring.scorecard import KpiResult, Scorecard

FORECAST = msgid("Forecast")
_NEEDS = {
    "higher": msgid("needs %(needed)s a working day for the remaining %(left)s; %(so_far)s"),
    "lower": msgid("at most %(needed)s a working day for the remaining %(left)s; %(so_far)s"),
}
_PASSED = {"higher": msgid("reached; %(so_far)s"), "lower": msgid("used up; %(so_far)s")}
_NONE_LEFT = msgid("no working day is left; %(so_far)s")
_WITHOUT_RANGE = msgid(
    "%(forecast)s; no range, which needs %(fewest)s earlier periods to try it on and has %(tried)s"
)
_WITH_RANGE = msgid(
    "%(forecast)s; %(low)s to %(high)s by its errors in earlier periods with as many working days left "
    "(periods: %(tried)s, mean error: %(error)s)"
)
_AHEAD = {
    "higher": msgid("%(kpi)s: needs %(needed)s a working day for the remaining %(left)s, so far %(pace)s."),
    "lower": msgid("%(kpi)s: at most %(needed)s a working day for the remaining %(left)s, so far %(pace)s."),
}


def outlook_steps(result: KpiResult, reader: Reader) -> Iterator[WorkingStep]:
    """What each working day left has to bring, and the forecast; nothing where no day is left."""
    ahead, say = result.outlook, reader.words.say
    if ahead is None:
        return
    yield WorkingStep(say("To the target"), _to_the_target(result, ahead, reader))
    if ahead.forecast is not None:
        yield WorkingStep(say(FORECAST), _forecast(result, ahead, ahead.forecast, reader))


def falls_short(card: Scorecard) -> KpiResult | None:
    """The heaviest KPI that its forecast leaves short of its target; None where none does."""
    short = [result for result in card.results if result.outlook and _is_short(result, result.outlook)]
    return max(short, key=attrgetter("weight"), default=None)


def outlook_sentence(card: Scorecard, reader: Reader) -> Iterator[str]:
    """For page 1: what that one needs, and what it will come to."""
    short = falls_short(card)
    if short is not None:
        yield from _sentence(short, reader)


def _is_short(result: KpiResult, ahead: Outlook) -> bool:
    if ahead.forecast is None or ahead.needed is None:
        return False
    return (ahead.forecast - ahead.goal) * (-1 if result.direction == "lower" else 1) < 0


def _sentence(result: KpiResult, reader: Reader) -> Iterator[str]:
    ahead, say = result.outlook, reader.words.say
    if ahead is None or ahead.forecast is None:
        return
    needs = say(
        _AHEAD[result.direction],
        kpi=reader.kpi(result.kpi_id),
        needed=_a_day(result, ahead.needed, reader),
        left=ahead.days_left,
        pace=_a_day(result, ahead.pace, reader),
    )
    forecast, day = _whole(result, ahead.forecast, reader), _day(ahead.until, reader)
    if ahead.low is None or ahead.high is None:
        yield say("%(needs)s Forecast by %(day)s: %(forecast)s.", needs=needs, day=day, forecast=forecast)
        return
    low, high = (_whole(result, end, reader) for end in (ahead.low, ahead.high))
    yield say(
        "%(needs)s Forecast by %(day)s: %(forecast)s (%(low)s to %(high)s).",
        needs=needs,
        day=day,
        forecast=forecast,
        low=low,
        high=high,
    )


def _to_the_target(result: KpiResult, ahead: Outlook, reader: Reader) -> str:
    so_far, goal = (precise(result, value, reader) for value in (ahead.so_far, ahead.goal))
    pace = f"{so_far} ÷ {ahead.days} {_about(result, ahead.pace, reader)}" if ahead.days else so_far
    return reader.words.say(
        _message(result, ahead),
        needed=f"({goal} − {so_far}) ÷ {ahead.days_left} {_about(result, ahead.needed, reader)}",
        left=ahead.days_left,
        so_far=reader.words.say(
            "so far %(pace)s a working day, up to %(day)s", day=_day(ahead.through, reader), pace=pace
        ),
    )


def _message(result: KpiResult, ahead: Outlook) -> str:
    if ahead.needed is not None:
        return _NEEDS[result.direction]
    return _PASSED[result.direction] if ahead.so_far >= ahead.goal else _NONE_LEFT


def _forecast(result: KpiResult, ahead: Outlook, forecast: Decimal, reader: Reader) -> str:
    say, day = reader.words.say, _day(ahead.until, reader)
    of_days = f"{precise(result, ahead.so_far, reader)} × {ahead.days + ahead.days_left} ÷ {ahead.days}"
    shown = f"{of_days} {equals(forecast, result.decimals)} {_whole(result, forecast, reader)}"
    said = say("%(sum)s by %(day)s at the same pace per working day", sum=shown, day=day)
    if ahead.low is None or ahead.high is None:
        return say(_WITHOUT_RANGE, forecast=said, tried=ahead.tried, fewest=FEWEST_TRIED)
    return say(
        _WITH_RANGE,
        forecast=said,
        low=_whole(result, ahead.low, reader),
        high=_whole(result, ahead.high, reader),
        tried=ahead.tried,
        error=reader.figures.percent(ahead.mean_error, 1).text,
    )


def _about(result: KpiResult, value: Decimal | None, reader: Reader) -> str:
    sign = "=" if value is None else equals(value, result.decimals + 1)
    return f"{sign} {_a_day(result, value, reader)}"


def _a_day(result: KpiResult, value: Decimal | None, reader: Reader) -> str:
    """With a digit more than the whole has."""
    return reader.figures.value(value, result.unit, result.decimals + 1).text


def _whole(result: KpiResult, value: Decimal, reader: Reader) -> str:
    return reader.figures.value(value, result.unit, result.decimals).text


def _day(text: str, reader: Reader) -> str:
    return reader.figures.periods.full_date(date.fromisoformat(text))

"""Which month a run is for, and whether it sends."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipeline.planning import (
    Deliver,
    period_range,
    refuse_mailing_backfill,
    refuse_unfinished,
    refuse_unknown_keys,
    resolve_period,
    why_nothing_is_mailed,
)
from scoring.errors import UsageError
from scoring.fiscal import FiscalCalendar
from scoring.fiscal_years import FiscalYears
from scoring.period import Cadence, Period

SEPTEMBER, OCTOBER = Period(2026, 9), Period(2026, 10)
THIRD = date(2026, 11, 3)


def resolve(run_type, *, param=None, key=None, conf=None, today=THIRD):
    return resolve_period(
        param=param, partition_key=key, run_type=run_type, conf={} if conf is None else conf, today=today
    )


@pytest.mark.parametrize("run_type", ["scheduled", "backfill"])
def test_a_run_of_the_timetable_is_for_its_partition_whatever_the_day(run_type):
    assert resolve(run_type, key="2026-09", today=date(2030, 1, 1)) == SEPTEMBER


def test_a_scheduled_run_is_not_moved_by_the_default_of_a_parameter():
    assert resolve("scheduled", key="2026-09", param="2026-10") == SEPTEMBER


def test_a_manual_run_takes_the_month_it_is_told_before_its_partition():
    assert resolve("manual", param="2026-10", key="2026-09", conf={"period": "2026-10"}) == OCTOBER


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("2026-12-21", "2026-W52"),
        ("2026-12-28", "2026-W53"),
        ("2027-01-03", "2026-W53"),
        ("2027-01-04", "2027-W01"),
    ],
)
@pytest.mark.parametrize("run_type", ["scheduled", "backfill", "manual"])
def test_the_partition_of_a_weekly_run_is_a_day_of_its_week(run_type, day, week):
    found = resolve_period(
        param=None, partition_key=day, run_type=run_type, conf={}, today=THIRD, cadence=Cadence.WEEK
    )
    assert found == Period.parse(week)


def test_a_weekly_run_without_a_partition_is_for_the_last_complete_week():
    found = resolve_period(
        param=None,
        partition_key=None,
        run_type="manual",
        conf={},
        today=date(2026, 11, 2),
        cadence=Cadence.WEEK,
    )
    assert found == Period.parse("2026-W44")


def test_the_partition_of_a_weekly_run_that_is_no_day_is_refused():
    with pytest.raises(UsageError, match="found 'soon'"):
        resolve_period(
            param=None, partition_key="soon", run_type="scheduled", conf={}, today=THIRD, cadence=Cadence.WEEK
        )


def test_a_manual_run_of_a_partition_is_for_it():
    assert resolve("manual", key="2026-09") == SEPTEMBER


@pytest.mark.parametrize("run_type", ["manual", "scheduled", "asset_triggered"])
@pytest.mark.parametrize(
    ("today", "month"),
    [
        (date(2026, 11, 1), OCTOBER),
        (date(2026, 11, 30), OCTOBER),
        (date(2026, 10, 31), SEPTEMBER),
        (date(2027, 1, 1), Period(2026, 12)),
        (date(2028, 2, 29), Period(2028, 1)),
    ],
)
def test_without_a_word_it_is_the_last_complete_month(run_type, today, month):
    assert resolve(run_type, param="", today=today) == month


@pytest.mark.parametrize(
    ("zone", "instant", "month"),
    [
        # Berlin is one hour ahead in winter, two in summer
        ("Europe/Berlin", datetime(2026, 10, 31, 22, 59, 59), SEPTEMBER),
        ("Europe/Berlin", datetime(2026, 10, 31, 23, 0), OCTOBER),
        ("Europe/Berlin", datetime(2026, 9, 30, 21, 59, 59), Period(2026, 8)),
        ("Europe/Berlin", datetime(2026, 9, 30, 22, 0), SEPTEMBER),
        ("Asia/Shanghai", datetime(2026, 10, 31, 15, 59, 59), SEPTEMBER),
        ("Asia/Shanghai", datetime(2026, 10, 31, 16, 0), OCTOBER),
        ("America/New_York", datetime(2027, 1, 1, 4, 59, 59), Period(2026, 11)),
        ("America/New_York", datetime(2027, 1, 1, 5, 0), Period(2026, 12)),
    ],
)
def test_a_month_ends_at_the_midnight_of_the_organisation(zone, instant, month):
    today = instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()
    assert resolve("manual", today=today) == month


def test_a_backfill_with_one_month_for_all_its_runs_is_refused():
    with pytest.raises(UsageError, match=r"expected no 'period' on a backfill.*'2026-02'.*--from-date"):
        resolve("backfill", key="2026-09", param="2026-02", conf={"period": "2026-02"})


@pytest.mark.parametrize("nothing", [{}, {"period": None}, {"period": ""}, {"deliver": "never"}])
def test_a_backfill_may_be_told_other_things(nothing):
    assert resolve("backfill", key="2026-09", conf=nothing) == SEPTEMBER


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "26-10", "2026-10-01", "2026-10\n", "'; drop table x"])
@pytest.mark.parametrize("run_type", ["manual", "scheduled", "backfill"])
def test_what_is_no_month_is_refused_wherever_it_comes_from(text, run_type):
    with pytest.raises(UsageError, match="period: expected a month such as 2026-10"):
        resolve(run_type, key=text)
    with pytest.raises(UsageError, match="period: expected a month such as 2026-10"):
        resolve("manual", param=text)


DUE = datetime(2026, 11, 3, 6, 0, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("late", "sends"),
    [
        (timedelta(0), True),
        (timedelta(hours=47), True),
        (timedelta(hours=48), True),
        (timedelta(hours=48, microseconds=1), False),
        (timedelta(days=31), False),
        (-timedelta(minutes=1), True),
    ],
)
def test_a_scheduled_run_sends_up_to_48_hours_after_its_time(late, sends):
    now = (DUE + late).astimezone(UTC)
    reason = why_nothing_is_mailed(Deliver.AUTO, run_type="scheduled", due=DUE, now=now)
    assert (reason is None) is sends


def test_the_48_hours_are_real_ones_also_when_the_clocks_change():
    """From Saturday to Monday over the end of summer time it is two days by the wall, and 49 hours."""
    zone = ZoneInfo("Europe/Berlin")
    due = datetime(2026, 10, 24, 6, 0, tzinfo=zone)
    now = datetime(2026, 10, 26, 6, 0, tzinfo=zone).astimezone(UTC)
    reason = why_nothing_is_mailed(Deliver.AUTO, run_type="scheduled", due=due, now=now)
    assert "2 days after it was due" in reason
    in_time = now - timedelta(hours=1)
    assert why_nothing_is_mailed(Deliver.AUTO, run_type="scheduled", due=due, now=in_time) is None


@pytest.mark.parametrize("run_type", ["manual", "backfill", "asset_triggered"])
def test_no_other_run_sends_of_itself(run_type):
    reason = why_nothing_is_mailed(Deliver.AUTO, run_type=run_type, due=DUE, now=DUE)
    assert reason == f"a {run_type} run mails only when it is told to (deliver: always)"


@pytest.mark.parametrize("run_type", ["scheduled", "manual", "backfill"])
def test_always_and_never_hold_for_every_run(run_type):
    late = DUE + timedelta(days=400)
    assert why_nothing_is_mailed(Deliver.ALWAYS, run_type=run_type, due=DUE, now=late) is None
    reason = why_nothing_is_mailed(Deliver.NEVER, run_type=run_type, due=DUE, now=DUE)
    assert reason == "it was told so (deliver: never)"


KNOWN = frozenset({"period", "teams", "deliver"})


@pytest.mark.parametrize(
    "conf", [{}, {"period": "2026-10"}, {"period": None, "teams": [], "deliver": "auto"}]
)
def test_known_keys_pass(conf):
    refuse_unknown_keys(conf, known=KNOWN)


@pytest.mark.parametrize("key", ["perid", "Period", "period ", "team", ""])
def test_a_misspelt_key_is_refused_with_the_ones_that_there_are(key):
    with pytest.raises(UsageError) as refusal:
        refuse_unknown_keys({"deliver": "never", key: "2026-10"}, known=KNOWN)
    assert str(refusal.value) == (
        f"run configuration: expected only the keys deliver, period, teams, found {key!r}; "
        "correct the key and trigger the run again."
    )


# --- ranges and periods that are not over ----------------------------------------------------------


def test_a_range_has_both_its_ends_and_what_is_between():
    assert [str(p) for p in period_range("2025-11", "2026-02")] == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]
    assert [str(p) for p in period_range("2026-W52", "2027-W01")] == ["2026-W52", "2026-W53", "2027-W01"]
    assert [str(p) for p in period_range("2025-Q4", "2026-Q1")] == ["2025-Q4", "2026-Q1"]
    assert period_range("2025", "2025") == (Period.parse("2025"),)


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        ("2026-03", "2026-02", "expected the earlier period first, found 2026-03 to 2026-02"),
        ("2026-Q1", "2026-12", "found the quarter 2026-Q1 and the month 2026-12"),
        ("2026-1", "2026-12", "found '2026-1'"),
    ],
)
def test_what_is_no_range_is_refused(first, last, message):
    with pytest.raises(UsageError, match=message):
        period_range(first, last)


ZONES = [
    "Europe/Berlin",
    "UTC",
    "Asia/Shanghai",
    "America/New_York",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("text", ["2026-10", "2026-W44", "2026-Q3", "2025", "2026-03"])
def test_a_period_ends_at_midnight_of_the_organisation(zone, text):
    period = Period.parse(text)
    midnight = datetime.combine(period.end, time(0), ZoneInfo(zone))
    refuse_unfinished(period, now=midnight, time_zone=zone)
    with pytest.raises(UsageError, match=f"{text}: expected a .* that has ended, found one that lasts until"):
        refuse_unfinished(period, now=(midnight.astimezone(UTC) - timedelta(seconds=1)), time_zone=zone)


@pytest.mark.parametrize("zone", ZONES)
def test_an_unfinished_period_is_let_through_from_its_first_midnight_on(zone):
    midnight = datetime.combine(OCTOBER.start, time(0), ZoneInfo(zone)).astimezone(UTC)
    refuse_unfinished(OCTOBER, now=midnight, time_zone=zone, allow_begun=True)
    with pytest.raises(UsageError, match="found one that begins on 2026-10-01"):
        refuse_unfinished(OCTOBER, now=midnight - timedelta(seconds=1), time_zone=zone, allow_begun=True)


def test_the_refusal_of_an_unfinished_month_says_when_it_ends_and_what_can_be_done():
    with pytest.raises(UsageError) as refused:
        refuse_unfinished(
            OCTOBER, now=datetime(2026, 10, 31, 22, 59, 59, tzinfo=UTC), time_zone="Europe/Berlin"
        )
    assert str(refused.value) == (
        "2026-10: expected a month that has ended, found one that lasts until the end of 2026-10-31 "
        "(Europe/Berlin), and today is 2026-10-31; name an earlier one, or look at its days so far with "
        "`scorewright run --period 2026-10 --unfinished`, which mails nothing."
    )


@pytest.mark.parametrize("mode", [Deliver.AUTO, Deliver.NEVER])
def test_a_backfill_from_the_command_line_never_mails(mode):
    refuse_mailing_backfill(mode, [OCTOBER])
    with pytest.raises(UsageError, match="run --period 2026-10"):
        refuse_mailing_backfill(Deliver.ALWAYS, [SEPTEMBER, OCTOBER])


def test_a_range_of_fiscal_periods_is_of_one_calendar_and_read_as_the_book_names_them():
    years = FiscalYears(FiscalCalendar.of_months(7))
    found = period_range("FY2031/32-Q4", "FY2032/33-Q2", years.own_period)
    assert [*map(str, found)] == ["FY2031-07-Q4", "FY2032-07-Q1", "FY2032-07-Q2"]
    with pytest.raises(UsageError, match="of one length, found the fiscal quarter FY2031-07-Q4 and the"):
        period_range("FY2031-07-Q4", "FY2032-04-Q1")

"""The look from outside at what is due: each kind of thing that can be missing, stuck or uncertain is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from auditing.watching import watch
from ledger import Claim, DeliveryState, Recipient
from pipeline.preparing import prepare_ledger
from tests.pipeline.conftest import NOW

EXPECTED = datetime(2026, 11, 3, 7, 0, tzinfo=UTC)
"""Two hours after October is due in Berlin."""
A_MONTH_LATER = datetime(2026, 12, 3, 7, 0, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)
ANA = Recipient("mail", "ana.ruiz@lantern.example")
WANG = Recipient("mail", "wang.wei@lantern.example")


def found(place, at=EXPECTED):
    return [str(error) for error in watch(place.open(), now=lambda: at)]


def mail(place, issue_id, recipient, state, host="worker-7"):
    """What a run has left of a mail, without sending one."""
    ledger = place.open().ledger
    ledger.queue_delivery(issue_id, recipient)
    if state is DeliveryState.PENDING:
        return
    claim = Claim("t", host, 1, "then", NOW, "smtp", "cards@lantern.example", "<1@lantern.example>")
    assert ledger.claim_delivery(issue_id, recipient, claim)
    if state is not DeliveryState.SENDING:
        ledger.settle_delivery(issue_id, recipient, token=claim.token, state=state, problem=None, at=NOW)


@pytest.fixture
def sent(issued):
    """October issued and mailed."""
    mail(issued, 1, ANA, DeliveryState.SENT)
    mail(issued, 2, WANG, DeliveryState.SENT)
    return issued


def test_nothing_is_said_when_everything_was_issued_and_sent(sent):
    assert found(sent) == []


def test_a_run_that_never_came_is_missed_when_its_cards_are_expected_and_not_before(sent):
    assert found(sent, at=A_MONTH_LATER) == [
        "2026-11: north: no card was issued",
        "2026-11: south: no card was issued",
    ]
    assert found(sent, at=A_MONTH_LATER - A_SECOND) == []


def test_other_periods_are_missed_too_where_the_calendar_says_when_they_are_due(sent):
    with (sent.root / "config" / "calendar.yaml").open("a") as file:
        file.write("quarterly: {due: day 2 at 06:00}\nspans: {due: day 1 at 06:00}\n")
    header = "team,kpi,valid_from,valid_until,target,weight,approved_by,reason,per\n"
    (sent.root / "config" / "targets" / "others.csv").write_text(
        f"{header}north,clicks,2026-01-01,2027-01-01,3000,100,T. Lind,A quarter,quarter\n"
        "south,nps,2026-09-07,2026-10-07,40,100,T. Lind,The fair,span\n",
        "utf-8",
    )
    assert found(sent) == [
        "2026-Q3: north: no card was issued",
        "2026-09-07..2026-10-06: south: no card was issued",
    ]


def test_a_deadline_of_the_calendar_puts_it_off(sent):
    with (sent.root / "config" / "calendar.yaml").open("a") as file:
        file.write("monthly: {due: 0 6 3 * *, deadline: working day 5 at 18:00}\n")
    # Monday, 7 December, at 18:00 in Berlin
    expected = datetime(2026, 12, 7, 19, 0, tzinfo=UTC)
    assert len(found(sent, at=expected)) == 2
    assert found(sent, at=expected - A_SECOND) == []


def test_before_anything_was_issued_the_cards_that_are_due_are_missing(place):
    prepare_ledger(place.open())
    assert found(place) == ["2026-10: north: no card was issued", "2026-10: south: no card was issued"]


def test_a_month_that_was_left_out_is_named_when_the_next_one_is_due(sent):
    said = found(sent, at=datetime(2027, 1, 3, 7, 0, tzinfo=UTC))
    assert "2026-11: north: no card was issued" in said
    assert not any("2026-09" in sentence for sentence in said)


def test_cards_that_nobody_was_sent_are_named(issued):
    assert found(issued) == [
        "2026-10: north: the card was issued and never mailed",
        "2026-10: south: the card was issued and never mailed",
    ]


@pytest.mark.parametrize("state", ["pending", "failed", "uncertain", "sending"])
def test_a_mail_that_is_not_at_its_end_is_named(issued, state):
    mail(issued, 1, ANA, DeliveryState(state))
    mail(issued, 2, WANG, DeliveryState.SENT)
    said = found(issued)
    assert said[0] == f"2026-10: 2026-10/north/r1 (issue 1): to ana.ruiz@lantern.example {state}"
    assert any("being sent by worker-7" in sentence for sentence in said) == (state == "sending")


@pytest.mark.parametrize("state", ["pending", "failed", "uncertain"])
def test_an_open_mail_of_an_earlier_month_is_named(issued, state):
    mail(issued, 1, ANA, DeliveryState(state))
    said = "\n".join(found(issued, at=A_MONTH_LATER))
    assert f"2026-10/north/r1 (issue 1) to ana.ruiz@lantern.example {state}" in said


def test_weeks_are_looked_at_where_teams_have_targets_for_them(sent):
    columns = "team,kpi,valid_from,valid_until,target,weight,approved_by,reason,per\n"
    row = "north,clicks,2026-01-01,2027-01-01,200,100,T. Lind,A fifth of the month,week\n"
    (sent.root / "config" / "targets" / "weekly.csv").write_text(columns + row, "utf-8")
    at_nine = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)  # in Berlin, on a Monday
    assert found(sent, at=at_nine) == ["2026-W44: north: no card was issued"]
    assert found(sent, at=at_nine - A_SECOND) == ["2026-W43: north: no card was issued"]

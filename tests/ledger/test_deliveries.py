"""A delivery goes from state to state only where nobody else was faster."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from ledger import MAIL, Bounce, Claim, DeliveryState, Notice, Recipient, audit_ledger
from ledger.errors import DeliveryError
from scoring.errors import DataError

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
TO = Recipient(MAIL, "wei@company.example")
ANA, BO = Recipient(MAIL, "ana@company.example"), Recipient(MAIL, "bo@company.example")
CLAIM = Claim(
    token="t" * 32,
    host="here",
    pid=7,
    started="boot/1/99",
    claimed_at=NOON,
    sent_by="file:/outbox",
    sender="cards@company.example",
    message_id="<a@b>",
)


@pytest.fixture
def issue_id(enter) -> int:
    return enter("a").id


@pytest.fixture
def settle(ledger, issue_id):
    def to(state: DeliveryState, *, token: str = CLAIM.token, problem: str | None = None) -> bool:
        return ledger.settle_delivery(issue_id, TO, token=token, state=state, problem=problem, at=NOON)

    return to


def test_a_new_delivery_waits(ledger, issue_id):
    assert ledger.delivery_states(issue_id) == {}
    queued = ledger.queue_delivery(issue_id, TO)
    assert (queued.state, queued.attempts, queued.claim) == (DeliveryState.PENDING, 0, None)
    assert ledger.queue_delivery(issue_id, TO) == queued
    assert ledger.delivery_states(issue_id) == {TO: DeliveryState.PENDING}


def test_a_claim_is_kept_whole(ledger, issue_id):
    ledger.queue_delivery(issue_id, TO)
    assert ledger.claim_delivery(issue_id, TO, CLAIM)
    claimed = ledger.queue_delivery(issue_id, TO)
    assert (claimed.state, claimed.claim, claimed.attempts) == (DeliveryState.SENDING, CLAIM, 1)


def test_of_four_processes_one_gets_the_claim(ledger, issue_id, in_children):
    ledger.queue_delivery(issue_id, TO)

    def attempt(number: int) -> int:
        return int(ledger.claim_delivery(issue_id, TO, replace(CLAIM, token=str(number) * 32)))

    assert sorted(in_children([lambda number=number: attempt(number) for number in range(4)])) == [0, 0, 0, 1]


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.UNCERTAIN])
def test_what_may_have_arrived_is_not_claimed_again(ledger, issue_id, settle, state):
    ledger.queue_delivery(issue_id, TO)
    ledger.claim_delivery(issue_id, TO, CLAIM)
    assert settle(state)
    assert not ledger.claim_delivery(issue_id, TO, replace(CLAIM, token="u" * 32))
    assert ledger.delivery_states(issue_id) == {TO: state}


def test_what_failed_may_be_claimed_again_and_forgets_its_problem(ledger, issue_id, settle):
    ledger.queue_delivery(issue_id, TO)
    ledger.claim_delivery(issue_id, TO, CLAIM)
    assert settle(DeliveryState.FAILED, problem="the server was away")
    assert ledger.queue_delivery(issue_id, TO).problem == "the server was away"
    assert ledger.claim_delivery(issue_id, TO, replace(CLAIM, token="u" * 32))
    again = ledger.queue_delivery(issue_id, TO)
    assert (again.attempts, again.problem, again.settled_at) == (2, None, None)


def test_only_the_claimant_settles(ledger, issue_id, settle):
    ledger.queue_delivery(issue_id, TO)
    assert not settle(DeliveryState.SENT)
    ledger.claim_delivery(issue_id, TO, CLAIM)
    assert not settle(DeliveryState.SENT, token="x" * 32)
    assert settle(DeliveryState.SENT)
    assert not settle(DeliveryState.FAILED)
    assert ledger.delivery_states(issue_id) == {TO: DeliveryState.SENT}


def test_a_claimant_given_up_too_early_still_says_that_it_sent(ledger, issue_id, settle):
    ledger.queue_delivery(issue_id, TO)
    ledger.claim_delivery(issue_id, TO, CLAIM)
    settle(DeliveryState.UNCERTAIN, problem="given up")
    assert settle(DeliveryState.SENT)
    assert ledger.delivery_states(issue_id) == {TO: DeliveryState.SENT}


@pytest.fixture
def refused(ledger, issue_id, settle):
    ledger.queue_delivery(issue_id, TO)
    ledger.claim_delivery(issue_id, TO, CLAIM)
    assert settle(DeliveryState.REFUSED, problem="550 unknown")


def test_what_was_refused_is_not_claimed_until_a_person_says_so(ledger, issue_id, refused):
    assert not ledger.claim_delivery(issue_id, TO, replace(CLAIM, token="u" * 32))
    ledger.try_delivery_again(issue_id, TO, by="Ana Ruiz", at=NOON)
    found = ledger.queue_delivery(issue_id, TO)
    assert (found.state, found.settled_by, found.problem) == (DeliveryState.FAILED, "Ana Ruiz", "550 unknown")
    assert ledger.claim_delivery(issue_id, TO, replace(CLAIM, token="u" * 32))
    with pytest.raises(DeliveryError, match="expected a delivery that was refused, found none"):
        ledger.try_delivery_again(issue_id, TO, by="Ana Ruiz", at=NOON)
    assert audit_ledger(ledger).findings == []


def test_what_was_refused_can_be_given_up(ledger, issue_id, refused):
    ledger.give_up_delivery(issue_id, TO, by="Ana Ruiz", at=NOON)
    assert ledger.delivery_states(issue_id) == {TO: DeliveryState.SUPERSEDED}


def test_what_was_refused_goes_on_with_the_next_revision(ledger, enter, issue_id, refused):
    second = enter("b", revision=2, and_waiting=True)
    assert ledger.delivery_states(issue_id) == {TO: DeliveryState.SUPERSEDED}
    assert ledger.delivery_states(second.id) == {TO: DeliveryState.PENDING}


def test_who_waits_for_a_card_under_another_spelling_of_an_address_gets_one(ledger, enter):
    waiting, now = Recipient(MAIL, "wei@m\u00fcller.example"), Recipient(MAIL, "Wei@xn--mller-kva.example")
    group, other = Recipient("wecom", "Sales"), Recipient("wecom", "sales")
    enter("a", recipients=(waiting, group))
    second = enter("b", revision=2, recipients=(now, other), and_waiting=True)
    assert ledger.delivery_states(second.id).keys() == {now, other, group}


@pytest.mark.parametrize(("arrived", "state"), [(True, DeliveryState.SENT), (False, DeliveryState.FAILED)])
def test_a_person_decides_an_uncertain_delivery_by_name(ledger, issue_id, settle, arrived, state):
    ledger.queue_delivery(issue_id, TO)
    ledger.claim_delivery(issue_id, TO, CLAIM)
    settle(DeliveryState.UNCERTAIN, problem="no answer")
    ledger.decide_delivery(issue_id, TO, arrived=arrived, by="Ana Ruiz", at=NOON)
    decided = ledger.queue_delivery(issue_id, TO)
    assert (decided.state, decided.settled_by, decided.settled_at) == (state, "Ana Ruiz", NOON)
    assert decided.problem == (None if arrived else "no answer")


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.FAILED])
def test_nobody_decides_what_is_certain(ledger, issue_id, settle, state):
    ledger.queue_delivery(issue_id, TO)
    ledger.claim_delivery(issue_id, TO, CLAIM)
    settle(state)
    with pytest.raises(DeliveryError, match="expected an uncertain delivery"):
        ledger.decide_delivery(issue_id, TO, arrived=False, by="Ana Ruiz", at=NOON)
    assert ledger.delivery_states(issue_id) == {TO: state}


def test_who_was_still_to_get_a_revision_gets_the_next_one_that_is_mailed_to_nobody(ledger, enter):
    first = enter("a", recipients=[ANA])
    second = enter("b", revision=2, and_waiting=True)
    assert ledger.delivery_states(first.id) == {ANA: DeliveryState.SUPERSEDED}
    assert ledger.delivery_states(second.id) == {ANA: DeliveryState.PENDING}
    third = enter("c", revision=3, recipients=[BO])
    assert ledger.delivery_states(third.id) == {BO: DeliveryState.PENDING}


@pytest.mark.parametrize("to", [(), (BO,)])
def test_an_attempt_that_fails_after_its_issue_was_replaced_goes_on_with_the_newest_if_that_goes_nowhere(
    ledger, enter, to
):
    first = enter("a", recipients=[ANA])
    ledger.claim_delivery(first.id, ANA, CLAIM)
    enter("b", revision=2, and_waiting=True)
    third = enter("c", revision=3, recipients=to)
    ledger.settle_delivery(
        first.id, ANA, token=CLAIM.token, state=DeliveryState.FAILED, problem="no answer", at=NOON
    )
    assert ledger.delivery_states(first.id) == {ANA: DeliveryState.SUPERSEDED}
    assert ledger.delivery_states(third.id) == dict.fromkeys(to or (ANA,), DeliveryState.PENDING)


def test_a_mail_that_a_person_found_lost_after_its_issue_was_replaced_goes_on_with_the_newest(ledger, enter):
    first = enter("a", recipients=[ANA])
    ledger.claim_delivery(first.id, ANA, CLAIM)
    ledger.settle_delivery(
        first.id, ANA, token=CLAIM.token, state=DeliveryState.UNCERTAIN, problem="no answer", at=NOON
    )
    second = enter("b", revision=2, and_waiting=True)
    assert ledger.delivery_states(second.id) == {}
    ledger.decide_delivery(first.id, ANA, arrived=False, by="Bo", at=NOON)
    assert ledger.delivery_states(second.id) == {ANA: DeliveryState.PENDING}


def changed(ledger, to):
    """The waiting delivery is somebody else's, as if a byte of the file had turned over."""
    with ledger.engine.begin() as connection:
        connection.execute(text("update deliveries set recipient = :to"), {"to": to.address})


def test_a_row_that_was_changed_is_not_written_and_so_never_vouched_for(ledger, enter):
    first = enter("a", recipients=[ANA])
    changed(ledger, BO)
    with pytest.raises(DataError, match="row 1 of deliveries as it was written, found it changed"):
        ledger.claim_delivery(first.id, BO, CLAIM)
    with pytest.raises(DataError, match="restore the ledger from a backup"):
        enter("b", revision=2, recipients=[ANA])
    assert [issue.id for issue in ledger.revisions()] == [first.id]
    assert [finding.found for finding in audit_ledger(ledger).findings] == [
        "row 1 of deliveries is not what was written"
    ]


def test_how_an_attempt_ended_is_not_written_into_a_row_that_was_changed(ledger, enter):
    first = enter("a", recipients=[ANA])
    ledger.claim_delivery(first.id, ANA, CLAIM)
    changed(ledger, BO)
    with pytest.raises(DataError, match="found it changed"):
        ledger.settle_delivery(
            first.id, BO, token=CLAIM.token, state=DeliveryState.SENT, problem=None, at=NOON
        )
    with pytest.raises(DataError, match="found it changed"):
        ledger.decide_delivery(first.id, BO, arrived=True, by="Ana Ruiz", at=NOON)


def test_a_row_that_a_revision_leaves_alone_is_not_sealed_anew(ledger, enter):
    first = enter("a", recipients=[ANA])
    ledger.claim_delivery(first.id, ANA, CLAIM)
    ledger.settle_delivery(
        first.id, ANA, token=CLAIM.token, state=DeliveryState.UNCERTAIN, problem="no answer", at=NOON
    )
    changed(ledger, BO)
    enter("b", revision=2)
    assert len(audit_ledger(ledger).findings) == 1


def test_what_came_back_is_refused_once_and_can_be_tried_again(ledger, enter):
    issue = enter("a")
    ledger.queue_delivery(issue.id, TO)
    ledger.claim_delivery(issue.id, TO, CLAIM)
    ledger.settle_delivery(issue.id, TO, token=CLAIM.token, state=DeliveryState.SENT, problem=None, at=NOON)
    bounce = Bounce(issue.id, TO, 1, "5.1.1", "no such user", "d" * 64, NOON)
    assert [ledger.enter_bounce(bounce), ledger.enter_bounce(bounce)] == [True, False]
    (delivery,) = ledger.deliveries_sent_as(CLAIM.message_id)
    assert (delivery.state, delivery.problem) == (DeliveryState.REFUSED, "no such user")
    ledger.try_delivery_again(issue.id, TO, by="Ana Ruiz", at=NOON)
    assert ledger.claim_delivery(issue.id, TO, replace(CLAIM, token="u" * 32))
    assert audit_ledger(ledger).findings == []


def test_what_came_back_of_a_replaced_revision_lets_the_newest_go_instead(ledger, enter):
    first = enter("a")
    ledger.queue_delivery(first.id, TO)
    ledger.claim_delivery(first.id, TO, CLAIM)
    ledger.settle_delivery(first.id, TO, token=CLAIM.token, state=DeliveryState.SENT, problem=None, at=NOON)
    second = enter("b", revision=2)
    ledger.enter_bounce(Bounce(first.id, TO, 1, "", "no such user", "d" * 64, NOON))
    assert ledger.delivery_states(first.id) == {TO: DeliveryState.SUPERSEDED}
    assert ledger.delivery_states(second.id) == {TO: DeliveryState.PENDING}


def test_several_are_claimed_together_or_not_at_all(ledger, enter):
    one, other = enter("a"), enter("c", team_id="north")
    for issue in (one, other):
        ledger.queue_delivery(issue.id, TO)
    assert ledger.claim_delivery(one.id, TO, CLAIM)
    later = replace(CLAIM, token="u" * 32)
    assert not ledger.claim_delivery(other.id, TO, later, beside=[one.id])
    assert ledger.delivery_states(other.id) == {TO: DeliveryState.PENDING}
    ledger.settle_delivery(one.id, TO, token=CLAIM.token, state=DeliveryState.FAILED, problem="no", at=NOON)
    assert ledger.claim_delivery(other.id, TO, later, beside=[one.id])
    state = DeliveryState.UNCERTAIN
    assert ledger.settle_delivery(
        other.id, TO, token=later.token, state=state, problem="no", at=NOON, beside=[one.id]
    )
    assert [ledger.delivery_states(issue.id) for issue in (one, other)] == [{TO: state}] * 2


def test_a_notice_is_claimed_once_unless_it_certainly_did_not_go_out(ledger):
    notice = Notice("approval", "1", "c@d")
    assert ledger.claim_notices([notice], NOON) == (notice,)
    assert ledger.claim_notices([notice], NOON) == ()
    ledger.settle_notices([notice], NOON, is_sent=False)
    assert ledger.claim_notices([notice, Notice("approval", "2", "c@d")], NOON)[0] == notice
    ledger.settle_notices([notice], NOON, is_sent=True)
    assert ledger.claim_notices([notice], NOON) == ()
    assert audit_ledger(ledger).findings == []

"""Who may approve cards is told by mail which of them wait, once about each, and nothing that they say."""

from __future__ import annotations

import email
import email.policy
import os
import signal

import pytest

import killpoints
from auditing.approving import approve
from auditing.everything import audit
from auditing.telling import tell_approvers
from ledger import MAIL, Recipient
from scoring.canonical import from_json
from tests.pipeline.conftest import NOW
from tests.pipeline.exports import OCTOBER
from tests.pipeline.test_approving import ask_for_approval

JANA, ANA = "jana.roth@lantern.example", "ana.ruiz@lantern.example"


@pytest.fixture
def waiting(issued):
    """October's two cards wait for approval before they go to their managers."""
    ledger = issued.open().ledger
    for issue_id, address in ((1, ANA), (2, "wang.wei@lantern.example")):
        ledger.queue_delivery(issue_id, Recipient(MAIL, address))
    return ask_for_approval(issued)


def tell(place, **settings):
    return tell_approvers(place.open(**settings), now=lambda: NOW)


def notices(place):
    """What was told to whom: the address, the text and the HTML."""
    for path in sorted((place.home / "outbox").glob("notice-*.eml")):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
        yield mail["To"].addresses[0].addr_spec, f"{mail['Subject']}\n{text}", html


def test_each_approver_is_told_once_of_what_they_may_decide_on_and_of_nothing_in_it(waiting):
    assert tell(waiting) == (
        "Jana Roth was told of 2 cards to approve",
        "Ana Ruiz was told of 1 card to approve",
    )
    told = {to: (text, html) for to, text, html in notices(waiting)}
    assert set(told) == {JANA, ANA}
    north, south = waiting.issues()
    for form in told[JANA]:
        assert form.startswith("2 scorecards wait for your approval") or "<h1" in form
        for issue in (north, south):
            assert f"{issue.name}, {issue.content_hash[:10]}" in form
        assert "scorewright approve 2026-10 --team south --by" in form
        # neither totals nor scores, grades or pay
        for issue in (north, south):
            card = from_json(issue.card_json)
            scores = [card.total, *(line.score for line in card.results)]
            assert not [score for score in scores if score is not None and f"{score:.1f}" in form]
    # her own card is not hers to decide on
    assert "north" not in told[ANA][0]
    assert tell(waiting) == ()
    assert len([*notices(waiting)]) == 2
    assert audit(waiting.open()).findings == []


def test_what_is_approved_by_then_is_not_told_and_a_later_card_is(waiting):
    approve(waiting.open(), OCTOBER, ("north",), by="Jana Roth", rejected=None, now=NOW)
    tell(waiting)
    assert all("north" not in text for _, text, _ in notices(waiting))


def test_a_book_that_asks_for_no_approval_tells_nobody(issued):
    issued.open().ledger.queue_delivery(1, Recipient(MAIL, ANA))
    assert tell(issued) == ()


def test_who_cannot_be_reached_is_named_and_told_the_next_time(waiting):
    unreachable = {"delivery": "smtp://127.0.0.1:1?tls=never"}
    said = tell(waiting, **unreachable)
    assert said[0].startswith("Jana Roth could not be told of cards to approve: smtp://127.0.0.1:1")
    assert len(tell(waiting)) == 2


@pytest.mark.parametrize(("point", "mails"), [("notice.claimed", 0), ("notice.sent", 1)])
def test_killed_while_telling_nobody_is_told_twice(waiting, point, mails):
    child = os.fork()
    if child == 0:
        try:
            killpoints.kill_at(point, 1)
            tell(waiting)
        finally:
            os._exit(99)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert len([*notices(waiting)]) == mails
    tell(waiting)
    assert [to for to, _, _ in notices(waiting)].count(JANA) == mails


def test_a_run_by_the_command_line_tells_them_at_its_end(waiting, command):
    done = command(waiting, "run", "--period", "2026-10")
    assert done.code == 6
    assert "Jana Roth was told of 2 cards to approve" in done.out
    assert "told" not in command(waiting, "run", "--period", "2026-10").out

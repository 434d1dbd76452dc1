"""Where the book asks for it, a card goes out only after a second person approved it."""

from __future__ import annotations

import json

import pytest

from auditing.approving import answer, approve
from auditing.overview import document_of, overview
from auditing.standing import status_of
from book.model import Approver, Manager
from ledger.errors import DeliveryError, LedgerConflictError
from pipeline.approvals import state_of
from pipeline.steps import Steps
from pipeline.steps.report import report
from scoring.errors import ScorewrightError, UsageError
from tests.pipeline.conftest import NOW
from tests.pipeline.exports import ANSWERS, OCTOBER, answers

APPROVAL = """\
approval:
  approvers:
    - {name: Jana Roth, email: jana.roth@lantern.example}
    - {name: Ana Ruiz, email: ana.ruiz@lantern.example}
"""


def ask_for_approval(place):
    with (place.root / "config" / "organisation.yaml").open("a", encoding="utf-8") as book:
        book.write(APPROVAL)
    return place


@pytest.fixture
def reviewed(issued):
    """October is issued and mailed to nobody, and the book asks for approvals."""
    return ask_for_approval(issued)


def decide(place, *teams, by="Jana Roth", rejected=None):
    found = approve(place.open(), OCTOBER, teams, by=by, rejected=rejected, now=NOW)
    return {one.issue.team_id: one.told for one in found}


def run_and_send(place):
    """What a run that mails says at its end; nothing where all went out."""
    try:
        place.run()
    except ScorewrightError as error:
        return str(error)
    return ""


def test_an_unapproved_card_is_not_sent(reviewed):
    with pytest.raises(
        DeliveryError,
        match=r"2026-10/north/r1 \(issue 1\): waits for approval; .* run 2026-10 again .* not mailed",
    ):
        Steps().deliver(reviewed.open(), 1, now=lambda: NOW)
    assert reviewed.mails() == []


def test_a_run_says_what_waits_and_one_after_the_approval_sends_it(reviewed):
    said = run_and_send(reviewed)
    # a sentence each, and no further one about the same mails
    assert said.count("waits for approval") == 2
    assert [line.split()[0] for line in said.splitlines()[1:]] == ["2026-10/north/r1", "2026-10/south/r1"]
    assert reviewed.mails() == []
    assert decide(reviewed, "south") == {"south": "approved by Jana Roth"}
    said = run_and_send(reviewed)
    assert "south" not in said
    assert reviewed.mail_states() == {"north": ["pending"], "south": ["sent"]}
    assert decide(reviewed) == {"north": "approved by Jana Roth"}
    assert run_and_send(reviewed) == ""
    assert reviewed.mail_states() == {"north": ["sent"], "south": ["sent"]}


def test_a_manager_does_not_approve_their_own_card(reviewed):
    with pytest.raises(UsageError, match="expected an approver who is not the team's own manager, found Ana"):
        decide(reviewed, "north", by="Ana Ruiz")
    assert decide(reviewed, by="Ana Ruiz") == {
        "north": "left to somebody else, because it is Ana Ruiz's own",
        "south": "approved by Ana Ruiz",
    }


def test_nobody_approves_their_own_card_by_another_spelling_of_their_address():
    manager = Manager("Ana Ruiz", "Ana.Ruiz@bücher.example", "en")
    assert Approver("A. Ruiz", "ana.ruiz@xn--bcher-kva.example", "ana").is_manager(manager)


def test_only_approvers_of_the_book_decide(reviewed):
    with pytest.raises(UsageError, match="approver: expected one of Jana Roth, Ana Ruiz, found 'Eve'"):
        decide(reviewed, by="Eve")


def test_an_answer_out_of_airflow_is_for_the_card_that_was_asked_about_and_by_a_user_of_the_book(reviewed):
    site, (north, _) = reviewed.open(), reviewed.issues()
    with pytest.raises(UsageError, match=r"expected one of jana\.roth@lantern\.example, .*, found 'eve'"):
        answer(site, north.id, north.content_hash, user="eve", rejected=None, now=NOW)
    user = "jana.roth@lantern.example"
    with pytest.raises(LedgerConflictError):
        answer(site, north.id, "of another card", user=user, rejected=None, now=NOW)
    told = answer(site, north.id, north.content_hash, user=user, rejected=None, now=NOW).told
    assert (told, site.ledger.approval(north.id).decided_by) == ("approved by Jana Roth", "Jana Roth")


def test_a_rejected_card_stays_until_somebody_approves_it(reviewed):
    assert decide(reviewed, "north", rejected="spend is wrong") == {"north": "rejected by Jana Roth"}
    assert "rejected by Jana Roth (spend is wrong)" in run_and_send(reviewed)
    assert "1 waits for approval, 1 rejected" in str(report(reviewed.open(), OCTOBER))
    decide(reviewed)
    assert decide(reviewed, "north") == {"north": "approved by Jana Roth"}
    assert decide(reviewed, "north") == {"north": "approved by Jana Roth before"}
    assert run_and_send(reviewed) == ""


def test_a_changed_card_needs_a_new_approval(reviewed):
    decide(reviewed)
    reviewed.export(ANSWERS).write_text(answers([10] * 8), "utf-8")
    said = run_and_send(reviewed)
    again = [issue.team_id for issue in reviewed.issues() if issue.revision == 2]
    assert again
    assert all(f"2026-10/{team}/r2" in said for team in again)
    assert all(
        str(state_of(reviewed.open(), issue)) == "waits for approval"
        for issue in reviewed.issues()
        if issue.revision == 2
    )
    assert all(reviewed.mail_states()[team] == ["pending"] for team in again)


def test_the_status_says_what_waits(reviewed):
    run_and_send(reviewed)
    decide(reviewed, "south")
    status = status_of(reviewed.open(), OCTOBER, NOW)
    assert status.as_json()["approvals"] == {"waits for approval": 1, "approved": 1}
    with pytest.raises(ScorewrightError) as refusal:
        status.or_raise()
    assert "2026-10/north/r1 (issue 1): to ana.ruiz@lantern.example waits for approval" in str(refusal.value)


def test_the_overview_has_the_cards_of_a_period_and_what_waits_in_any(reviewed):
    run_and_send(reviewed)
    decide(reviewed, "south", rejected="odd")
    seen = overview(reviewed.open())
    assert (seen.period, seen.periods) == ("2026-10", ("2026-10",))
    assert [(row.team, row.state, row.approval, row.mails) for row in seen.rows] == [
        ("Marketing North", "final", "waits for approval", ("pending",)),
        ("Marketing South", "final", "rejected", ("pending",)),
    ]
    assert [(one.card, one.recipient, one.state) for one in seen.waiting] == [
        ("2026-10/north/r1", "ana.ruiz@lantern.example", "waits for approval"),
        ("2026-10/south/r1", "wang.wei@lantern.example", "rejected"),
    ]
    with pytest.raises(UsageError, match="2026-09: expected a period with issued cards, found none"):
        overview(reviewed.open(), "2026-09")


def test_a_document_is_shown_only_with_the_bytes_that_were_issued(issued):
    site, (issue, other) = issued.open(), issued.issues()
    (document,) = issue.documents
    path = issued.root / "home" / "scorecards" / "2026-10" / document.name
    assert document_of(site, issue.id, document.sha256) == (document, path.read_bytes())
    with pytest.raises(UsageError, match="as it was issued, found none"):
        document_of(site, other.id, document.sha256)
    path.write_bytes(b"another")
    with pytest.raises(UsageError, match="as it was issued, found none"):
        document_of(site, issue.id, document.sha256)


def test_where_no_approval_is_asked_for_cards_are_not_reviewed(issued, command):
    assert status_of(issued.open(), OCTOBER, NOW).as_json()["approvals"] == {"not reviewed": 2}
    assert "approval: not reviewed" in command(issued, "status", OCTOBER).out
    refused = command(issued, "approve", OCTOBER, "--by", "Jana Roth")
    assert (refused.code, "found one that asks for none" in refused.err) == (2, True)


def test_the_command_approves_and_says_so(reviewed, command):
    assert "approval: waits for approval" in command(reviewed, "status", OCTOBER).out
    done = command(reviewed, "approve", OCTOBER, "--by", "Jana Roth", "--team", "north", "--reject", "odd")
    hashes = [issue.content_hash[:10] for issue in reviewed.issues()]
    assert (done.code, done.out) == (0, f"2026-10/north/r1 ({hashes[0]}): rejected by Jana Roth\n")
    done = command(reviewed, "approve", OCTOBER, "--by", "Jana Roth")
    assert (done.code, done.out) == (0, f"2026-10/south/r1 ({hashes[1]}): approved by Jana Roth\n")
    done = command(reviewed, "approve", OCTOBER, "--by", "Jana Roth")
    assert (done.code, "expected cards that wait for approval, found none" in done.err) == (2, True)
    shown = command(reviewed, "status", OCTOBER)
    assert "approval: rejected: north" in shown.out
    assert json.loads(command(reviewed, "status", OCTOBER, "--json").out)["approvals"]["rejected"] == 1


def test_a_run_says_of_each_card_that_it_waits_and_not_that_something_is_wrong(reviewed, command):
    done = command(reviewed, "run", "--period", OCTOBER, "--team", "north")
    assert "2026-10/north/r1: issue 1, mail waits for approval, see below" in done.out.splitlines()
    command(reviewed, "approve", OCTOBER, "--by", "Jana Roth", "--team", "north", "--reject", "odd")
    done = command(reviewed, "run", "--period", OCTOBER, "--team", "north")
    assert "2026-10/north/r1: issue 1, mail with a problem, see below" in done.out.splitlines()


def test_a_rejection_says_why(reviewed, command):
    done = command(reviewed, "approve", OCTOBER, "--by", "Jana Roth", "--reject", " ")
    assert (done.code, "expected a reason" in done.err) == (2, True)

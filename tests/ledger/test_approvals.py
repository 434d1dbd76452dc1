"""What a second person decided: only added to, the newest counts, and never for another content."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ledger import Approval, Decision
from ledger.errors import LedgerConflictError
from scoring.errors import UsageError
from tests.ledger.conftest import NOON


def approval(issue, decision=Decision.APPROVED, by="Jana Roth", reason="", at=NOON):
    return Approval(issue.id, issue.content_hash, decision, by, at, reason)


def test_nobody_has_decided_on_a_new_issue(ledger, enter):
    assert ledger.approval(enter("a").id) is None


def test_the_newest_decision_counts(ledger, enter):
    issue = enter("a")
    rejected = approval(issue, Decision.REJECTED, reason="spend is too low")
    assert ledger.enter_approval(rejected)
    assert ledger.approval(issue.id) == rejected
    assert ledger.enter_approval(approval(issue, by="Li Na", at=NOON + timedelta(days=1)))
    assert ledger.approval(issue.id) == approval(issue, by="Li Na", at=NOON + timedelta(days=1))


def test_the_same_decision_is_entered_once(ledger, enter):
    issue = enter("a")
    assert ledger.enter_approval(approval(issue))
    assert not ledger.enter_approval(approval(issue, at=NOON + timedelta(hours=1)))
    assert ledger.approval(issue.id).decided_at == NOON


def test_a_revision_has_no_decision_yet(ledger, enter):
    ledger.enter_approval(approval(enter("a")))
    assert ledger.approval(enter("b", revision=2).id) is None


def test_a_decision_on_another_content_is_refused(ledger, enter):
    issue = enter("a")
    with pytest.raises(LedgerConflictError, match="expected the content aaaaaaaaaa, found a decision on bbb"):
        ledger.enter_approval(Approval(issue.id, "b" * 64, Decision.APPROVED, "Jana Roth", NOON))
    assert ledger.approval(issue.id) is None


def test_a_decision_on_no_issue_is_refused(ledger):
    with pytest.raises(UsageError, match="issue 7: expected an issue of this ledger"):
        ledger.enter_approval(Approval(7, "b" * 64, Decision.APPROVED, "Jana Roth", NOON))


def test_approvals_at_the_same_time_are_all_kept(ledger, enter, in_children):
    issue = enter("a")
    works = [lambda by=by: int(not ledger.enter_approval(approval(issue, by=by))) for by in ("A", "B", "C")]
    assert in_children(works) == [0, 0, 0]
    assert ledger.approval(issue.id) is not None

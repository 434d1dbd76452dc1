"""Issuing: once for the same content, the next revision for new content, nothing in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ledger import Document, Ledger, LedgerConflictError
from scoring.errors import UsageError


def test_an_issue_comes_back_as_it_was_entered(ledger, enter):
    issued = enter("a")
    assert ledger.get_issue(issued.id) == issued
    assert (issued.card_json, issued.content_hash, issued.documents) == (
        '{"content":"a"}',
        "a" * 64,
        (Document("card.pdf", "application/pdf", "f" * 64), Document("card.csv", "text/csv", "e" * 64)),
    )
    assert issued.issued_at == datetime(2026, 11, 3, 12, tzinfo=UTC)


def test_the_same_content_is_issued_once(ledger, enter):
    first = enter("a")
    assert enter("a", revision=1) == first
    assert enter("a", revision=2) == first
    assert ledger.latest_revision("2026-10", "eu-brand") == first


def test_new_content_is_the_next_revision_and_leaves_the_old_one(ledger, enter):
    first = enter("a")
    second = enter("b", revision=2)
    assert ledger.latest_revision("2026-10", "eu-brand") == second
    assert ledger.get_issue(first.id) == first


@pytest.mark.parametrize("revision", [0, 1, 3, -1])
def test_new_content_under_any_other_revision_is_refused(ledger, enter, revision):
    first = enter("a")
    with pytest.raises(LedgerConflictError, match="2026-10/eu-brand: expected revision 2 as"):
        enter("b", revision=revision)
    assert ledger.latest_revision("2026-10", "eu-brand") == first


def test_the_first_issue_is_revision_one(enter):
    with pytest.raises(LedgerConflictError, match="expected revision 1"):
        enter("a", revision=2)


def test_content_that_returns_to_an_older_revision_is_issued_again(enter):
    enter("a")
    enter("b", revision=2)
    assert enter("a", revision=3).revision == 3


def test_a_period_lists_the_newest_issue_of_each_team(ledger, enter):
    enter("a", team_id="west")
    newest = enter("b", team_id="west", revision=2)
    other = enter("c", team_id="east")
    enter("d", team_id="west", period="2026-11")
    assert ledger.latest_revisions("2026-10") == (other, newest)
    assert ledger.latest_revisions("2025-01") == ()


def test_months_and_teams_do_not_share_revisions(ledger, enter):
    enter("a")
    assert enter("a", team_id="asia").revision == 1
    assert enter("a", period="2026-11").revision == 1
    assert ledger.latest_revision("2026-12", "eu-brand") is None


def test_an_unknown_issue_is_named(ledger):
    with pytest.raises(UsageError, match="issue 7: "):
        ledger.get_issue(7)


def test_a_time_is_kept_as_the_moment_it_is_whatever_its_zone(ledger: Ledger):
    shanghai = timezone(timedelta(hours=8))
    moment = datetime(2026, 11, 1, 6, 30, 15, 250_000, tzinfo=shanghai)
    issued = ledger.issue(
        "{}",
        period="2026-10",
        team_id="asia",
        revision=1,
        content_hash="a" * 64,
        documents=(),
        issued_at=moment,
    )
    kept = ledger.get_issue(issued.id).issued_at
    assert kept == moment
    assert kept.utcoffset() == timedelta(0)


def test_text_is_kept_to_the_letter(ledger: Ledger):
    text = '{"名":"谷歌广告 \U0001f600 Ä\\u0000 \'; drop table issues; --"}'
    issued = ledger.issue(
        text,
        period="2026-10",
        team_id="asia",
        revision=1,
        content_hash="a" * 64,
        documents=(),
        issued_at=datetime(2026, 11, 3, tzinfo=UTC),
    )
    assert ledger.get_issue(issued.id).card_json == text


def test_the_same_content_from_four_processes_at_once_is_one_issue(enter, in_children):
    ids = in_children([lambda: enter("a").id] * 4)
    assert ids == [1, 1, 1, 1]


def test_of_different_contents_at_once_one_is_issued_and_the_others_are_refused(ledger, enter, in_children):
    def attempt(content: str) -> int:
        try:
            return enter(content).id
        except LedgerConflictError:
            return 50

    codes = in_children([lambda content=content: attempt(content) for content in "abcd"])
    assert sorted(codes) == [1, 50, 50, 50]
    assert ledger.latest_revision("2026-10", "eu-brand").revision == 1

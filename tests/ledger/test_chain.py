"""Issues are chained: one that was changed or taken away is found, whoever did it and however."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import text

from ledger import MAIL, Made, Recipient
from ledger.chain import broken_links
from ledger.records import DeliveryState
from tests.ledger.conftest import LATE, NOON


def test_a_chain_of_issues_holds_and_every_single_change_breaks_it(ledger, enter):
    enter("a", made=Made("b" * 64, "1.0", "ana"))
    enter("b", revision=2)
    enter("c", period="2026-09")
    issues = ledger.revisions()
    assert broken_links(issues) == ()
    assert all(issue.chain_sha256 for issue in issues)
    changes = {
        "content_hash": "0" * 64, "card_json": "{}", "issued_at": NOON.replace(hour=13), "team_id": "x",
        "made": Made("c" * 64, "1.0", "ana"), "chain_sha256": "0" * 64,
    }  # fmt: skip
    for name, value in changes.items():
        changed = replace(issues[0], **{name: value})
        assert broken_links((changed, *issues[1:])), name


def test_an_issue_that_was_taken_away_is_missed_by_the_next(ledger, enter):
    for number, text_ in enumerate("abc", start=1):
        enter(text_, revision=number)
    first, second, third = ledger.revisions()
    assert broken_links((first, third)) == (third,)
    assert broken_links((second, third)) == (second,)


def test_the_first_that_is_chained_vouches_for_those_of_older_programs(ledger, enter):
    enter("a")
    enter("b", revision=2)
    with ledger.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("drop trigger issues_no_update"))
        else:
            connection.execute(text("drop trigger issues_no_change on issues"))
        connection.execute(text("update issues set chain_sha256 = null"))
    enter("c", revision=3)
    first, second, third = ledger.revisions()
    assert (first.chain_sha256, second.chain_sha256) == (None, None)
    assert broken_links((first, second, third)) == ()
    assert broken_links((first, replace(second, card_json="{}"), third)) == (third,)


def test_it_comes_back_with_what_it_was_made_with(ledger, enter):
    made = Made("b" * 64, "1.0", "airflow run 7")
    assert enter("a", made=made) == ledger.get_issue(1)
    assert ledger.get_issue(1).made == made


def test_states_are_confirmed_once_and_kept(ledger, enter):
    issue = enter("a")
    assert ledger.confirmed_states(issue.id) == frozenset()
    for state in ("x", "y", "x"):
        ledger.confirm(issue.id, state)
    assert ledger.confirmed_states(issue.id) == {"x", "y"}


def test_issues_are_held_against_the_data_by_what_they_were_made_of_or_confirmed_for(ledger):
    def made_of(state, team_id, revision=1):
        card = f'{{"load_state":"{state}","team":"{team_id}"}}'
        content = f"{revision}{team_id}{state}".ljust(64, "0")
        return ledger.issue(
            card,
            period="2026-10",
            team_id=team_id,
            revision=revision,
            content_hash=content,
            documents=(),
            issued_at=NOON,
            restated=LATE,
        )

    made_of("new", "west")
    west, east = made_of("old", "west", 2), made_of("new", "east")
    north, south = made_of("old", "north"), made_of("older", "south")
    ledger.confirm(south.id, "new")
    newest = ledger.newest("2026-10")
    assert [(one.team_id, one.revision, one.id) for one in newest] == [
        ("east", 1, east.id),
        ("north", 1, north.id),
        ("south", 1, south.id),
        ("west", 2, west.id),
    ]
    assert ledger.newest() == newest
    assert ledger.newest("2026-09") == ()
    assert ledger.not_right_for(newest, {"new", "newer"}) == (north, west)
    assert ledger.not_right_for(newest, {"old", "new"}) == ()
    assert ledger.not_right_for(newest, {"newer"}) == (east, north, south, west)
    assert ledger.not_right_for(newest[1:2], {"newer"}) == (north,)


def test_what_is_not_sent_is_superseded_by_the_next_revision_and_the_rest_stays(ledger, enter):
    ways = [Recipient(MAIL, name) for name in ("a@x.example", "b@x.example")]
    first = enter("a", recipients=ways)
    assert set(ledger.delivery_states(first.id).values()) == {DeliveryState.PENDING}
    with ledger.engine.begin() as connection:
        connection.execute(text("update deliveries set state = 'sent' where recipient = 'b@x.example'"))
    second = enter("b", revision=2, recipients=ways[:1])
    assert ledger.delivery_states(first.id) == {
        ways[0]: DeliveryState.SUPERSEDED, ways[1]: DeliveryState.SENT,
    }  # fmt: skip
    assert ledger.delivery_states(second.id) == {ways[0]: DeliveryState.PENDING}
    (open_one,) = ledger.deliveries_in(DeliveryState.PENDING, DeliveryState.SENDING)
    assert (open_one.issue_id, open_one.recipient) == (second.id, ways[0])

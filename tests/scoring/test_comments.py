"""What people say about a result stands on its card; later cards tell what became of the step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from scoring.canonical import content_hash, from_json, says_the_same, to_json
from scoring.card.card import score_card
from scoring.comments import ActionState, Comment, CommentNote, comments_by_line
from scoring.comparing.comparing import compare
from scoring.period import Cadence, Period
from scoring.policy import ScoringPolicy
from scoring.restatement import Cause
from scoring.working import Band
from tests.scoring.conftest import MEASURES, MONTH, D

NEXT = MONTH.shift(1)
SAID = Comment(
    MONTH,
    "eu-brand",
    "posts",
    "A. Ruiz",
    date(2026, 11, 4),
    cause="Two editors were ill",
    next_step="Plan a reserve",
    owner="J. Falk",
    due=date(2026, 11, 30),
)
DONE = Comment(MONTH, "eu-brand", "posts", "J. Falk", date(2026, 11, 20), done=date(2026, 11, 19))


@pytest.fixture
def card(inputs):
    def build(*comments, measures=MEASURES, revision=1, **changed):
        return score_card(inputs(measures, comments=comments, **changed), revision)

    return build


def states(card):
    return [(action.kpi_id, action.state, action.done) for action in card.actions]


def test_a_comment_is_on_its_line_and_on_no_other(card):
    found = card(SAID)
    assert found.by_kpi["posts"].comment == CommentNote(
        "A. Ruiz", "2026-11-04", "Two editors were ill", "Plan a reserve", "J. Falk", "2026-11-30"
    )
    assert all(line.comment is None for line in found.results if line.kpi_id != "posts")
    assert found.actions == ()
    assert from_json(to_json(found)) == found


def test_a_card_without_comments_is_what_it_was(card):
    assert to_json(card()) == to_json(card(replace(SAID, period=MONTH.shift(1))))
    assert '"comment' not in to_json(card())


def test_a_comment_is_content_and_named_as_the_cause(card):
    before, after = card(), card(SAID, revision=2)
    assert not says_the_same(before, after)
    changes = compare(before, after).kpis
    assert [(each.kpi_id, each.causes, each.fields) for each in changes] == [
        ("posts", (Cause.COMMENT,), ("comment",))
    ]


def test_a_comment_does_not_hide_that_another_kpi_moved_the_line(card):
    """Points move with the weight of a line without data, whatever is said beside."""
    without_cost = {name: value for name, value in MEASURES.items() if name != "spend"}
    after = card(SAID, measures=without_cost, revision=2)
    causes = {each.kpi_id: each.causes for each in compare(card(), after).kpis}
    assert causes["posts"] == (Cause.COMMENT, Cause.OTHER_KPI)


def test_rows_are_added_and_what_they_leave_out_stays(card):
    later = Comment(
        MONTH,
        "eu-brand",
        "posts",
        "J. Falk",
        date(2026, 11, 25),
        next_step="Plan a reserve",
        due=date(2026, 12, 5),
    )
    note = card(later, SAID).by_kpi["posts"].comment
    assert (note.cause, note.due, note.owner) == (SAID.cause, "2026-12-05", "J. Falk")
    # the words of a cause stay those of who said them
    assert (note.by, note.on) == ("A. Ruiz", "2026-11-04")


def test_another_cause_is_signed_by_who_says_it(card):
    later = Comment(MONTH, "eu-brand", "posts", "J. Falk", date(2026, 11, 25), cause="Three were ill")
    note = card(SAID, later).by_kpi["posts"].comment
    assert (note.cause, note.by, note.on, note.next_step) == (
        "Three were ill",
        "J. Falk",
        "2026-11-25",
        "Plan a reserve",
    )


def test_a_step_without_a_cause_is_signed_by_who_names_it(card):
    first = replace(SAID, cause="")
    other = replace(first, by="J. Falk", on=date(2026, 11, 9), next_step="Hire two")
    note = card(first, other).by_kpi["posts"].comment
    assert (note.next_step, note.by, note.on) == ("Hire two", "J. Falk", "2026-11-09")


def test_another_step_takes_nothing_of_the_one_before(card):
    other = Comment(MONTH, "eu-brand", "posts", "A. Ruiz", date(2026, 11, 25), next_step="Try something else")
    note = card(SAID, DONE, other).by_kpi["posts"].comment
    assert (note.cause, note.next_step, note.owner, note.due) == (SAID.cause, "Try something else", "", None)
    assert states(card(SAID, DONE, other, period=NEXT)) == [("posts", ActionState.OPEN, None)]


def test_what_becomes_of_a_step_is_no_news_of_the_card_that_named_it(card):
    put_off = Comment(MONTH, "eu-brand", "posts", "J. Falk", date(2026, 11, 25), due=date(2026, 12, 5))
    given_on = replace(put_off, due=None, owner="Lin Hao")
    assert content_hash(card(SAID, put_off, given_on)) == content_hash(card(SAID))
    (action,) = card(SAID, put_off, given_on, period=NEXT).actions
    assert (action.due, action.owner, action.state) == ("2026-12-05", "Lin Hao", ActionState.OPEN)


def test_that_a_step_is_done_is_no_news_of_the_card_that_named_it(card):
    assert content_hash(card(SAID, DONE)) == content_hash(card(SAID))


def test_what_is_said_after_the_next_period_leaves_the_card_as_it_is(card):
    last, too_late = (
        replace(SAID, on=day, cause="Another one") for day in (NEXT.last_day, NEXT.shift(1).start)
    )
    assert card(SAID, last).by_kpi["posts"].comment.cause == "Another one"
    assert card(SAID, too_late) == card(SAID)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((SAID,), (ActionState.OVERDUE, None)),
        ((replace(SAID, due=date(2026, 12, 1)),), (ActionState.OPEN, None)),
        ((replace(SAID, due=None),), (ActionState.OPEN, None)),
        ((SAID, DONE), (ActionState.DONE, "2026-11-19")),
        ((SAID, replace(DONE, done=NEXT.last_day, on=date(2026, 12, 2))), (ActionState.DONE, "2026-11-30")),
        # done on the third day of December: on the last of November it was not
        (
            (SAID, replace(DONE, done=date(2026, 12, 3), on=date(2026, 12, 3))),
            (ActionState.OVERDUE, None),
        ),
    ],
)
def test_the_next_card_tells_how_the_step_stood_on_its_last_day(card, rows, expected):
    assert states(card(*rows, period=NEXT)) == [("posts", *expected)]


def test_a_step_is_told_until_it_is_done_and_once_after(card):
    done_in_november = [states(card(SAID, DONE, period=MONTH.shift(count))) for count in range(-1, 4)]
    assert list(map(len, done_in_november)) == [0, 0, 1, 0, 0]
    never = [states(card(SAID, period=MONTH.shift(count))) for count in range(4)]
    assert list(map(len, never)) == [0, 1, 1, 1]
    in_december = replace(DONE, done=date(2026, 12, 3), on=date(2026, 12, 4))
    assert [len(card(SAID, in_december, period=MONTH.shift(count)).actions) for count in (1, 2, 3)] == [
        1,
        1,
        0,
    ]


def test_steps_are_told_oldest_first_and_of_the_same_length_of_period(card):
    older = replace(SAID, period=MONTH.shift(-1), on=date(2026, 10, 5), kpi_id="cost")
    quarter = replace(SAID, period=Period.containing(MONTH.start, Cadence.QUARTER))
    cause_only = replace(SAID, kpi_id="leads", next_step="", owner="", due=None)
    found = card(SAID, older, quarter, cause_only, period=NEXT)
    assert [(action.period, action.kpi_id) for action in found.actions] == [
        ("2026-09", "cost"),
        ("2026-10", "posts"),
    ]


def test_what_became_of_an_earlier_step_makes_no_new_revision(card):
    assert says_the_same(card(SAID, period=NEXT), card(SAID, DONE, period=NEXT))


def test_lines_of_a_status_to_be_commented_on_are_missing_until_they_are(card):
    asked = ScoringPolicy(1, D(95), D(80), commented=(Band.RED, Band.AMBER, Band.GREEN))
    none, one = card(policy=asked), card(SAID, policy=asked)
    assert none.uncommented == ("leads", "cost", "rate", "posts")
    assert one.uncommented == ("leads", "cost", "rate")
    assert card(SAID).uncommented == ()


def test_rows_of_a_day_count_in_their_order():
    second = replace(SAID, cause="Rather the holidays")
    found = comments_by_line([SAID, second], MONTH)
    assert found[MONTH, "posts"].cause == "Rather the holidays"
    assert comments_by_line([second, SAID], MONTH)[MONTH, "posts"].cause == SAID.cause

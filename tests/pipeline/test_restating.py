"""A late export of a closed month: its card is revised, not mailed, and the next card says so."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest

import delivery.outbox
import killpoints
from archive.cards import CardRef
from ledger import MAIL, DeliveryState, Recipient
from ledger.errors import DeliveryError
from pipeline.steps import Steps
from scoring.canonical import restatement_from_json
from scoring.errors import UsageError
from scoring.restatement import Cause
from tests.pipeline.conftest import Place, take
from tests.pipeline.exports import OCTOBER, change
from tests.pipeline.late_months import (
    BAD,
    DECEMBER_3,
    GOOD,
    NOVEMBER,
    NOVEMBER_3,
    NOVEMBER_20,
    OCTOBER_3,
    SEPTEMBER,
    card_of,
    do,
    export,
    issues,
)


@pytest.fixture
def late(october, tmp_path):
    """A copy to work on."""
    return Place(shutil.copytree(october.root, tmp_path / "late"))


def test_the_closed_month_has_a_revision_with_its_reason(october):
    assert [issue.revision for issue in issues(october, SEPTEMBER)] == [2, 2]
    ledger = october.open().ledger
    newest = ledger.latest_revision("2026-09", "north")
    record = ledger.restatement(newest.id)
    assert (record.is_closed, record.revision, record.recorded_at) == (True, 2, NOVEMBER_3)
    assert [(str(mail.recipient), mail.revision, mail.state) for mail in record.received] == [
        ("ana.ruiz@lantern.example", 1, DeliveryState.SENT)
    ]
    restatement = restatement_from_json(record.restatement_json)
    (nps,) = restatement.kpis
    assert (nps.kpi_id, nps.causes) == ("nps", (Cause.LATE_DATA,))
    assert [(source.source, source.entity, source.period) for source in nps.sources] == [
        ("survey", "panel", "2026-09")
    ]
    assert {measure.name for measure in nps.measures} == {"nps_promoters", "nps_detractors"}
    assert nps.score.delta < 0


def test_the_revision_is_not_mailed_and_october_is(october):
    mails = october.mails()
    assert len(mails) == 4
    assert sum("2026-09" in name for name in mails) == 2
    assert not any(".r2" in name or "-r2" in name for name in mails)


def test_the_next_card_tells_it(october):
    (note,) = card_of(october, OCTOBER).restatements
    assert (note.period, note.old_revision, note.new_revision) == ("2026-09", 1, 2)
    assert note.total.old == card_of(october, SEPTEMBER, revision=1).total
    assert note.total.new == card_of(october, SEPTEMBER, revision=2).total
    (nps,) = note.restated
    assert (nps.name.en, nps.causes, nps.sources[0].name.en) == (
        "Net promoter score",
        (Cause.LATE_DATA,),
        "Customer survey",
    )


def test_running_again_adds_nothing(late):
    before = [issues(late, period) for period in (SEPTEMBER, OCTOBER)]
    assert not [line for line in do(late, OCTOBER, NOVEMBER_20) if line.startswith("restated")]
    assert [issues(late, period) for period in (SEPTEMBER, OCTOBER)] == before
    assert len(late.mails()) == 4


def test_octobers_card_stays_as_it_is_after_a_later_restatement_and_november_tells_it(late):
    export(late, 9, GOOD)
    export(late, 11)
    do(late, OCTOBER, NOVEMBER_20)
    assert [issue.revision for issue in issues(late, SEPTEMBER)] == [3, 3]
    # its trend shows September as it was known when it was issued
    assert card_of(late, OCTOBER).revision == 1
    do(late, NOVEMBER, DECEMBER_3)
    told = card_of(late, NOVEMBER).restatements
    assert [(note.period, note.new_revision) for note in told] == [("2026-09", 3)]


def test_a_month_that_is_open_is_revised_without_a_word_on_the_next_card(september, tmp_path):
    place = Place(shutil.copytree(september.root, tmp_path / "open"))
    export(place, 9, BAD)
    do(place, OCTOBER, datetime(2026, 10, 14, 21, 59, tzinfo=UTC), "north", send=False)
    record = place.open().ledger.restatements("north")[0]
    assert (record.period, record.is_closed) == ("2026-09", False)
    assert card_of(place, OCTOBER).restatements == ()


def test_a_file_that_moves_no_number_restates_nothing(september, tmp_path):
    place = Place(shutil.copytree(september.root, tmp_path / "same"))
    change(place.root / "exports" / "answers 2026-09.csv", lambda text: text.replace("m9r7,", "m9r70,"))
    do(place, OCTOBER, NOVEMBER_3, send=False)
    assert [issue.revision for issue in issues(place, SEPTEMBER)] == [1, 1]
    assert card_of(place, OCTOBER).restatements == ()


def test_a_load_whose_run_was_killed_is_caught_up_by_the_next(september, tmp_path):
    place = Place(shutil.copytree(september.root, tmp_path / "killed"))
    export(place, 9, BAD)
    take(place.open(), "survey", now=NOVEMBER_3)
    do(place, OCTOBER, NOVEMBER_20, send=False)
    assert [issue.revision for issue in issues(place, SEPTEMBER)] == [2, 2]


def test_who_never_got_the_first_card_gets_its_revision_though_restatements_are_not_mailed(place):
    """A run of September is killed before it mails, then its data come late: nobody may go without a card."""
    export(place, 9)

    class Killed(BaseException):
        pass

    def die():
        raise Killed

    killpoints.call_at("issue.committed", 2, die)
    with pytest.raises(Killed):
        do(place, SEPTEMBER, OCTOBER_3)
    killpoints.disarm()
    export(place, 9, BAD)
    do(place, OCTOBER, NOVEMBER_3)
    ledger = place.open().ledger
    states = {
        (issue.team_id, issue.revision): [*ledger.delivery_states(issue.id).values()]
        for issue in ledger.revisions("2026-09")
    }
    assert states == {
        ("north", 1): [DeliveryState.SENT],
        ("north", 2): [],
        ("south", 1): [DeliveryState.SUPERSEDED],
        ("south", 2): [DeliveryState.SENT],
    }


def test_a_mail_of_another_month_whose_run_died_while_sending_is_told_by_the_next_run(place, monkeypatch):
    """It is a folder, so the mail certainly did not go out; October's run alone would not send it."""
    export(place, 9)

    class Killed(BaseException):
        pass

    def die():
        raise Killed

    # as if the process were killed: nothing of its own ending is written down
    killpoints.call_at("deliver.claimed", 1, die)
    with pytest.raises(Killed):
        do(place, SEPTEMBER, OCTOBER_3)
    killpoints.disarm()
    monkeypatch.setattr(delivery.outbox, "may_be_alive", lambda claim: False)
    with pytest.raises(DeliveryError, match=r"2026-09/north/r1 .* to .* failed; run that period again"):
        do(place, OCTOBER, NOVEMBER_3)
    do(place, SEPTEMBER, NOVEMBER_3)
    do(place, OCTOBER, NOVEMBER_3)


def test_a_run_of_one_team_restates_that_team_alone_and_the_next_run_the_others(september, tmp_path):
    place = Place(shutil.copytree(september.root, tmp_path / "one"))
    export(place, 9, BAD)
    do(place, OCTOBER, NOVEMBER_3, "south", send=False)
    assert [(issue.team_id, issue.revision) for issue in issues(place, SEPTEMBER)] == [
        ("north", 1),
        ("south", 2),
    ]
    do(place, OCTOBER, NOVEMBER_20, send=False)
    assert [issue.revision for issue in issues(place, SEPTEMBER)] == [2, 2]


def test_a_target_that_changes_revises_an_old_month_only_when_that_is_run(late):
    change(
        late.root / "config/targets/2026.csv",
        lambda text: text.replace("nps,2026-01-01,2027-01-01,40", "nps,2026-01-01,2027-01-01,45"),
    )
    do(late, OCTOBER, NOVEMBER_20, send=False)
    assert card_of(late, SEPTEMBER).revision == 2
    do(late, SEPTEMBER, NOVEMBER_20, send=False)
    ledger = late.open().ledger
    record = ledger.restatement(ledger.latest_revision("2026-09", "north").id)
    assert [change.causes for change in restatement_from_json(record.restatement_json).kpis] == [
        (Cause.TARGET,)
    ]


def test_a_team_that_left_the_book_is_left_as_it_was(late):
    change(
        late.root / "config/targets/2026.csv",
        lambda text: "".join(line for line in text.splitlines(True) if not line.startswith("south")),
    )
    change(
        late.root / "config/teams.yaml",
        lambda text: text[: text.index("south:")].replace('share: "0.6"', 'share: "1"'),
    )
    shutil.rmtree(late.root / "config/okrs")
    export(late, 9, GOOD)
    do(late, OCTOBER, NOVEMBER_20, send=False)
    assert [(issue.team_id, issue.revision) for issue in issues(late, SEPTEMBER)] == [
        ("north", 3),
        ("south", 2),
    ]


def test_nothing_before_the_first_issue(place):
    site = place.open()
    place.cards()
    assert Steps().restate(site, OCTOBER, now=NOVEMBER_3) == ()
    with pytest.raises(UsageError, match="team: expected one of"):
        Steps().restate(site, OCTOBER, ("nobody",), now=NOVEMBER_3)


def test_the_pdf_of_a_revision_is_kept_like_any_other(october):
    store = october.home / "scorecards"
    for team in ("north", "south"):
        assert (store / "2026-09" / f"{CardRef('2026-09', team, 2).stem}.pdf").exists()
        assert (store / "2026-09" / f"{CardRef('2026-09', team, 1).stem}.pdf").exists()


def test_the_terminal_tells_what_two_revisions_say_differently(october, command):
    done = command(october, "diff", "2026-09", "north", "1", "r2")
    assert done.code == 0, done.err
    assert done.out.startswith(
        "Marketing North · 2026-09 · revision 1 → 2 · restatement of a closed period\n"
    )
    words = " ".join(done.out.split())
    for wanted in (
        "promoter",
        "nps_detractors",
        "answers",
        "received: revision 1 by ana.ruiz@lantern.example (sent)",
    ):
        assert wanted in words
    assert "late_data" in words


def test_without_revisions_the_two_newest_are_compared(october, command):
    said = command(october, "diff", "2026-09", "north", "1", "2").out
    assert command(october, "diff", "2026-09", "north").out == said
    assert command(october, "diff", "2026-09", "north", "1").out == said


def test_the_diff_as_a_pdf_has_the_same_bytes_each_time(october, command, tmp_path):
    files = [tmp_path / "new folder" / "a.pdf", tmp_path / "b.pdf"]
    for file in files:
        assert command(october, "diff", "2026-09", "south", "1", "2", "--pdf", str(file)).code == 0
    first, second = (file.read_bytes() for file in files)
    assert first == second
    assert first.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("2026-09", "north", "2", "1"), "expected an older and a newer one, found 2 and 1"),
        (("2026-09", "north", "1", "1"), "expected an older and a newer one, found 1 and 1"),
        (("2026-09", "north", "1", "3"), "expected an issued revision, found revisions 1 to 2 and not 3"),
        (("2026-10", "north", "1", "2"), "expected an issued revision, found revision 1 alone and not 2"),
        (("2026-10", "north"), "expected two revisions to compare, found revision 1 alone"),
        (("2026-09", "north", "2"), "expected an older and a newer one, found 2 and 2"),
        (("2026-09", "east"), "2026-09/east: no scorecard was issued"),
        (("2026-09", "east", "1", "2"), "2026-09/east: no scorecard was issued"),
        (("2026-09", "north", "one", "2"), "revision: expected a number such as 1 or r1, found 'one'"),
        (("2026-9", "north", "1", "2"), "period: expected a month such as 2026-10"),
        (("2026-09", "north", "1", "2", "--pdf", "/dev/null/x.pdf"), "expected a file that can be written"),
    ],
)
def test_bad_arguments_are_one_sentence(october, command, arguments, said):
    done = command(october, "diff", *arguments)
    assert done.code == 2
    assert said in done.err
    assert done.err.count("\n") == 1


def test_whoever_was_still_to_get_an_earlier_revision_has_not_received_it(place, command):
    export(place, 9)
    do(place, SEPTEMBER, OCTOBER_3, send=False)
    place.open().ledger.queue_delivery(1, Recipient(MAIL, "ana.ruiz@lantern.example"))
    export(place, 9, BAD)
    do(place, SEPTEMBER, NOVEMBER_3, send=False)
    done = command(place, "diff", "2026-09", "north")
    assert "revision 1 → 2" in done.out
    assert done.out.splitlines()[-1] == "received: nobody was sent an earlier revision"


def test_revisions_that_do_not_follow_each_other_are_compared_now(late, command):
    export(late, 9, GOOD)
    do(late, OCTOBER, NOVEMBER_20, send=False)
    done = command(late, "diff", "2026-09", "north", "1", "3")
    assert "revision 1 → 3 · compared now" in done.out
    assert "received: revision 1 by ana.ruiz@lantern.example (sent)" in done.out
    assert "Net promoter" not in done.out


def test_the_card_in_the_terminal_tells_the_restatement_too(october, command):
    out = command(october, "show", "2026-10", "north").out
    assert "restated: 2026-09 revision 1 → 2, total" in out
    assert "Net promoter score: score" in out
    assert "(late_data: survey/panel 2026-09)" in out

"""People change: a card stays with whoever was in charge, and so does what is said of it later."""

from __future__ import annotations

import shutil
from email import message_from_bytes, policy

import pytest

from ledger import MAIL, DeliveryState, Recipient
from pipeline.recipients import recipients_of
from scoring.errors import BookError
from scoring.period import Period
from scoring.restatement import Moved
from tests.pipeline.conftest import Place
from tests.pipeline.exports import OCTOBER, change
from tests.pipeline.late_months import (
    BAD,
    DECEMBER_3,
    NOVEMBER,
    NOVEMBER_3,
    NOVEMBER_20,
    SEPTEMBER,
    card_of,
    do,
    export,
    issues,
)

ANA, BO = "ana.ruiz@lantern.example", "bo.berg@lantern.example"
NORTH = '    - {source: survey, entity: panel, keys: [Service], share: "0.6"}\n'
SUCCESSOR = """  changes:
    - from: 2026-10-01
      manager: {name: Bo Berg, email: bo.berg@lantern.example, language: en}
"""


def add_to_north(place, text):
    change(place.root / "config/teams.yaml", lambda book: book.replace(NORTH, NORTH + text))


def mails(place):
    """Who got what: the address, and the whole text of the mail without its attachments."""
    for path in sorted((place.root / "home/outbox").glob("*.eml")):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        yield mail["To"], mail.get_body(("plain",)).get_content()


@pytest.fixture
def place(september, tmp_path):
    return Place(shutil.copytree(september.root, tmp_path / "people"))


@pytest.fixture(scope="module")
def succeeded(september, tmp_path_factory):
    """Ana had September's card of north, Bo is in charge since October; then September's data come late."""
    place = Place(shutil.copytree(september.root, tmp_path_factory.mktemp("people") / "place"))
    add_to_north(place, SUCCESSOR)
    export(place, 9, BAD)
    do(place, OCTOBER, NOVEMBER_3)
    return place


def test_the_restated_month_stays_with_its_manager_and_goes_to_her(succeeded):
    assert [issue.revision for issue in issues(succeeded, SEPTEMBER)] == [2, 2]
    assert card_of(succeeded, SEPTEMBER).manager_name == "Ana Ruiz"
    north, south = issues(succeeded, SEPTEMBER)
    ledger = succeeded.open().ledger
    assert ledger.delivery_states(north.id) == {Recipient(MAIL, ANA): DeliveryState.SENT}
    # South's manager reads it on the next card, as ever
    assert ledger.delivery_states(south.id) == {}


def test_the_successors_card_says_that_there_was_one_and_nothing_of_it(succeeded):
    card = card_of(succeeded, OCTOBER)
    assert card.manager_name == "Bo Berg"
    (note,) = card.restatements
    assert (note.is_withheld, note.total, note.pay, note.restated) == (True, Moved(), Moved(), ())
    to_bo = [text for to, text in mails(succeeded) if BO in to]
    assert len(to_bo) == 1
    assert "An earlier month of this team, of another manager, was restated." in to_bo[0]
    assert "was restated: total" not in to_bo[0]


def test_the_successors_trend_shows_the_teams_figures_and_no_total_of_another(succeeded):
    card = card_of(succeeded, OCTOBER)
    (_, before), (_, now) = [(point.period, point.actual) for point in card.total_history[-2:]]
    assert (before, now) == (None, card.total)
    assert any(line.history[-2].actual is not None for line in card.results)
    assert card_of(succeeded, OCTOBER, "south").total_history[-2].actual is not None


def test_the_successors_page_and_terminal_say_no_more(succeeded, command):
    out = command(succeeded, "show", "2026-10", "north").out
    assert "restated: an earlier month of another manager" in out
    assert "restated: 2026-09" not in out


def test_a_rerun_of_the_predecessors_month_changes_and_sends_nothing(succeeded):
    before, sent = issues(succeeded, SEPTEMBER), list(mails(succeeded))
    do(succeeded, SEPTEMBER, NOVEMBER_20, "north")
    assert issues(succeeded, SEPTEMBER) == before
    assert list(mails(succeeded)) == sent


def test_a_manager_who_was_replaced_without_a_date_is_refused(place):
    change(
        place.root / "config/teams.yaml",
        lambda book: book.replace("Ana Ruiz", "Bo Berg").replace(ANA, BO),
    )
    export(place, 9, BAD)
    with pytest.raises(BookError, match=r"expected Ana Ruiz as the manager of 2026-09, .* enter the new one"):
        do(place, OCTOBER, NOVEMBER_3)
    assert [issue.revision for issue in issues(place, SEPTEMBER)] == [1, 1]


def test_who_had_a_copy_of_the_card_is_no_manager_of_its_month(september, tmp_path):
    """A copy went to the same address, and so it was taken for that of the manager."""
    place = Place(shutil.copytree(september.root, tmp_path / "people"))
    ledger = place.open().ledger
    issue = next(one for one in issues(place, SEPTEMBER) if one.team_id == "north")
    ledger.queue_delivery(issue.id, Recipient(MAIL, BO))
    add_to_north(place, SUCCESSOR.replace("2026-10-01", "2026-09-30"))
    export(place, 9, BAD)
    with pytest.raises(BookError, match=r"expected Ana Ruiz as the manager of 2026-09"):
        do(place, OCTOBER, NOVEMBER_3)


@pytest.mark.parametrize(
    ("name", "address", "formerly"),
    [("Ana Ruiz-Berg", ANA, ""), ("Ana Berg", BO, ", formerly: [Ana Ruiz]"), ("Ana Ruiz", BO, "")],
)
def test_the_same_person_may_have_another_name_or_address(place, name, address, formerly):
    change(
        place.root / "config/teams.yaml",
        lambda book: book.replace(
            "  manager:\n    name: Ana Ruiz\n    email: ana.ruiz@lantern.example\n    language: en\n",
            f"  manager: {{name: {name}, email: {address}, language: en{formerly}}}\n",
        ),
    )
    export(place, 9, BAD)
    do(place, OCTOBER, NOVEMBER_3)
    assert [issue.revision for issue in issues(place, SEPTEMBER)] == [2, 2]
    assert not card_of(place, OCTOBER).restatements[0].is_withheld


def test_rows_count_for_whoever_owned_their_key_on_their_day(place):
    """From the 16th on South has the clicks of campaign 202."""
    export(place, 10)
    change(
        place.root / "config/teams.yaml",
        lambda book: (
            book.replace(
                NORTH,
                NORTH + "  changes:\n    - from: 2026-10-16\n      owns:\n"
                '        - {source: google_ads, entity: shop, keys: ["201"]}\n    ' + NORTH,
            )
            + "  changes:\n    - from: 2026-10-16\n      owns:\n"
            '        - {source: google_ads, entity: shop, keys: ["202"]}\n'
            '        - {source: survey, entity: panel, keys: [Service], share: "0.4"}\n'
            '        - {source: survey, entity: panel, keys: ["*"]}\n'
        ),
    )
    do(place, OCTOBER, NOVEMBER_3, send=False)
    query = (
        "select team_id, min(activity_date), max(activity_date), sum(value) from measure_daily "
        "where measure = 'ad_clicks' and activity_date >= '2026-10-01' group by team_id order by team_id"
    )
    with place.open().warehouse.opened() as connection:
        rows = connection.exec_driver_sql(query).all()
    (north, first, last, of_north), (south, since, _, of_south) = rows
    assert (north, south) == ("north", "south")
    assert [str(day) for day in (first, last, since)] == ["2026-10-01", "2026-10-30", "2026-10-16"]
    assert of_north > of_south > 0


def test_a_delegate_stands_in_on_the_days_of_the_mailing_and_copies_go_out(place):
    add_to_north(
        place,
        "  copies: [{name: Cy Lee, email: cy.lee@lantern.example}]\n"
        "  delegates:\n"
        "    - {name: Di Fox, email: di.fox@lantern.example, from: 2026-11-01, until: 2026-11-10, instead: true}\n"
        "    - {name: Ed Orr, email: ed.orr@lantern.example, from: 2026-11-15, until: 2026-11-30}\n",
    )
    site = place.open()
    to = {now: [r.address for r in recipients_of(site, OCTOBER, "north", now)] for now in (
        NOVEMBER_3, NOVEMBER_20, DECEMBER_3)}  # fmt: skip
    assert to[NOVEMBER_3] == ["di.fox@lantern.example", "cy.lee@lantern.example"]
    assert to[NOVEMBER_20] == [ANA, "ed.orr@lantern.example", "cy.lee@lantern.example"]
    assert to[DECEMBER_3] == [ANA, "cy.lee@lantern.example"]
    export(place, 10)
    do(place, OCTOBER, NOVEMBER_20)
    got = [to for to, _ in mails(place) if "lantern" in to]
    assert any("Ed Orr <ed.orr@lantern.example>" in to for to in got)
    assert any("Cy Lee <cy.lee@lantern.example>" in to for to in got)


def test_one_mailbox_gets_a_card_once_however_its_address_is_spelled(place):
    spelled = [
        "Ana.Ruiz@lantern.example",
        "cy@bücher.example",
        "Cy@xn--bcher-kva.example",
        "di@lantern.example",
    ]
    copies = ", ".join(f'{{name: Copy, email: "{address}"}}' for address in spelled)
    add_to_north(place, f"  copies: [{copies}]\n")
    to = [recipient.address for recipient in recipients_of(place.open(), OCTOBER, "north", NOVEMBER_3)]
    assert to == [ANA, spelled[1], spelled[3]]


def test_a_long_period_is_of_its_last_days_manager(place):
    add_to_north(place, SUCCESSOR.replace("2026-10-01", "2026-11-15"))
    site = place.open()
    managers = {
        str(period): site.teams(period, ("north",))[0].manager.name
        for period in (OCTOBER, NOVEMBER, Period.parse("2026-Q4"), Period.parse("2026-Q3"))
    }
    assert managers == {
        "2026-10": "Ana Ruiz", "2026-11": "Bo Berg", "2026-Q4": "Bo Berg", "2026-Q3": "Ana Ruiz",
    }  # fmt: skip

"""The numbers that monitors are sent are those of the status."""

from __future__ import annotations

from datetime import timedelta

from auditing.gauges import gauges, is_newest
from auditing.standing import status_of
from pipeline.recipients import recipients_of
from tests.pipeline.conftest import NOW
from tests.pipeline.exports import OCTOBER


def test_a_month_whose_mails_are_sent(issued):
    issued.run()
    site = issued.open()
    numbers, said = gauges(site, OCTOBER, NOW), status_of(site, OCTOBER, NOW).as_json()
    assert {name: numbers[f"cards.{name}"] for name in said["cards"]} == said["cards"]
    assert (numbers["cards.issued"], numbers["mails.sent"], numbers["things_missing"]) == (2, 2, 0)
    assert numbers["minutes_to_last_mail"] == said["minutes_to_last_mail"]
    due = site.book.calendar.due_at(OCTOBER)
    assert numbers["minutes_from_due_to_last_mail"] == round((NOW - due).total_seconds() / 60)
    assert numbers["mails.oldest_open_since"] == 0
    assert numbers["sources.survey.loaded_at"] == NOW.timestamp()


def test_a_month_whose_mail_waits(issued):
    site = issued.open()
    north, south = issued.issues()
    site.ledger.queue_delivery(south.id, recipients_of(site, OCTOBER, "south", NOW)[0])
    numbers = gauges(site, OCTOBER, NOW)
    assert (numbers["mails.pending"], numbers["mails.sent"]) == (1, 0)
    assert numbers["mails.oldest_open_since"] == north.issued_at.timestamp()
    # what is not known yet has no number, and a zero would be one
    assert "minutes_to_last_mail" not in numbers
    assert "minutes_from_due_to_last_mail" not in numbers


def test_an_old_month_that_is_run_again_is_not_what_is_watched(issued):
    site, later = issued.open(), NOW + timedelta(days=5)
    assert is_newest(site, OCTOBER, later)
    assert not is_newest(site, OCTOBER.shift(-1), later)

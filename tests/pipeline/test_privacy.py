"""Nobody is shown grade or pay of a period in which somebody else was in charge, whatever happened.

Each invented history has successors, copies, delegates, new names, late data and reruns (`histories`). The
pages are read as the HTML that the PDF is laid out from; one history draws its PDFs, and they are read as they
are. `script/privacy` lives 1,000 histories.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date

import pytest

from book.model import Team
from pipeline.inputs import restatements
from publishing import cards
from reports import documents
from reports.page import page_html
from scoring.canonical import restatement_from_json
from scoring.period import Period
from scoring.restatement import RestatementNote
from tests.pipeline.conftest import new_place
from tests.pipeline.histories import (
    MONTHS,
    Change,
    History,
    People,
    Person,
    archive_leaks,
    canaries,
    leaks,
    terminal_leaks,
)
from tests.reports.conftest import pdf_text

HISTORIES = int(os.environ.get("PEOPLE_HISTORIES", "10"))
CAUGHT = 0
"""A history in which a closed month of a predecessor is restated."""


@pytest.fixture
def live(tmp_path):
    """Lives the history of a seed, with pages that are not laid out unless `read` reads PDFs."""

    def run(seed, read=bytes.decode):
        if read is bytes.decode:
            html = documents.DocumentKind("pdf", "application/pdf", lambda card: page_html(card).encode())
            documents.KINDS[:] = [html]
        history = History(new_place(tmp_path), seed, read)
        history.live()
        return history

    before = [*documents.KINDS]
    yield run
    documents.KINDS[:] = before


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_no_mail_terminal_or_archive_shows_grade_or_pay_of_another_persons_period(live, seed, tmp_path):
    history = live(seed)
    assert history.mails
    assert [*leaks(history)] == []
    assert [*terminal_leaks(history)] == []
    assert [*archive_leaks(history, tmp_path / "archives")] == []


def test_nor_does_a_pdf_as_it_is_laid_out(live):
    history = live(CAUGHT, pdf_text)
    assert [*leaks(history)] == []


def test_a_card_that_tells_all_of_a_predecessors_month_is_caught(live, monkeypatch):
    def open_note(site, record, reader):
        return RestatementNote.of(restatement_from_json(record.restatement_json))

    monkeypatch.setattr(restatements, "_note", open_note)
    history = live(CAUGHT)
    assert any("shows [" in leak for leak in leaks(history))
    assert [*terminal_leaks(history)]


def test_a_book_read_without_its_dates_is_caught(live, monkeypatch):
    monkeypatch.setattr(Team, "in_period", lambda team, period: replace(team, changes=()))
    found = [*leaks(live(CAUGHT))]
    assert any("is nobody's" in leak for leak in found)


def test_an_archive_that_asks_for_nobodys_leave_is_caught(live, monkeypatch, tmp_path):
    history = live(CAUGHT)
    monkeypatch.setattr(cards, "may_see", lambda site, reader, issue: True)
    found = [*archive_leaks(history, tmp_path / "archives")]
    assert any("shows [" in leak for leak in found)
    assert any("names [" in leak for leak in found)


def test_histories_have_what_the_property_is_about(live):
    """So that it does not hold for nothing: a predecessor's month was restated after somebody else came."""
    history = live(CAUGHT)
    assert history.revisions
    texts = [mail.text for mail in history.mails]
    assert any("of another manager, was restated" in text or "另一位" in text for text in texts)


def test_a_canary_is_found_in_each_way_it_is_written():
    assert canaries("Grade GQ0091 · 41,000.92 · 41000.93 in the tier") == {"0091", "0092", "0093"}
    assert not canaries("41 answers, GQ12, 4,100.00")


def test_the_oracle_knows_who_is_in_charge():
    ana, bo, cy = (Person(number, name) for number, name in enumerate(("Ana", "Bo", "Cy")))
    changes = (
        Change(date(2026, 10, 17), None, manager=bo),
        Change(date(2026, 11, 1), date(2026, 11, 20), manager=cy, copies=(ana,)),
    )
    people = People(ana, (), (), changes)
    assert [people.in_charge(month) for month in MONTHS] == [ana, bo, bo]
    assert [people.copied(month) for month in MONTHS] == [(), (), ()]
    assert people.in_charge(Period.parse("2026-W46")) == cy
    assert people.copied(Period.parse("2026-W46")) == (ana,)

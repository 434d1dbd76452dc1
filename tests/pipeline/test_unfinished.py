"""A card of the days so far: never final, never mailed, and never the card of the whole month."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ledger.errors import DeliveryError
from pipeline.run import RunOptions, run
from pipeline.steps.deliver import deliver
from publishing.readers import may_see, reader_called
from reports.presenting.findings import certificate_view
from reports.presenting.reader import reader_of
from scoring.canonical import from_json
from scoring.evidence import CertificateStatus
from terminal.card import print_card
from tests.pipeline.conftest import NOW
from tests.pipeline.exports import ANSWERS, OCTOBER, change

OCTOBER_30 = datetime(2026, 10, 30, 7, tzinfo=UTC)
WANG = "wang.wei@lantern.example"
ACCOUNT = "survey (panel)"
LAST_DAYS = ("2026-10-30", "2026-10-31")


def run_at(place, now, *, send):
    """The issues of the team whose source need not have rows on every day, by revision."""
    run(place.open(), RunOptions(OCTOBER, ("south",), send), now=lambda: now, say=lambda _: None)
    return {issue.revision: issue for issue in place.open().ledger.revisions(str(OCTOBER))}


def certificate(issue):
    found = from_json(issue.card_json).certificate
    return found.status, [(one.code, one.account, one.days) for one in found.findings]


@pytest.fixture
def so_far(place):
    """The revision of 30 October."""
    return run_at(place, OCTOBER_30, send=False)[1]


def test_it_says_which_days_are_to_come_and_goes_to_nobody(place, so_far):
    assert certificate(so_far) == (CertificateStatus.PROVISIONAL, [("not_over", "", LAST_DAYS)])
    # run again on the same day it is the same
    assert [*run_at(place, OCTOBER_30, send=False)] == [1]
    with pytest.raises(DeliveryError, match="found one of the days so far"):
        deliver(place.open(), so_far.id, now=lambda: NOW)
    assert not may_see(place.open(), reader_called(place.open(), WANG), so_far)


def test_after_the_end_another_revision_says_that_the_export_is_older(place, so_far):
    issues = run_at(place, NOW, send=True)
    expected = [("landed_before_end", ACCOUNT, LAST_DAYS)]
    assert certificate(issues[2]) == (CertificateStatus.PROVISIONAL, expected)
    site = place.open()
    seen = [may_see(site, reader_called(site, WANG), issue) for issue in issues.values()]
    assert seen == [False, True]
    assert [len(site.ledger.delivery_states(issue.id)) for issue in issues.values()] == [0, 1]


def test_with_an_export_of_the_whole_month_it_is_final(place, so_far):
    change(place.export(ANSWERS), lambda text: text + "\n")
    assert certificate(run_at(place, NOW, send=False)[2]) == (CertificateStatus.FINAL, [])


@pytest.fixture
def told(place, so_far):
    """What the cards of 30 October and of after the end say in a language, of all that was found."""
    cards = [from_json(issue.card_json) for issue in run_at(place, NOW, send=False).values()]

    def told(language):
        spoken = (replace(card, language=language) for card in cards)
        return [certificate_view(card, reader_of(card), 5).findings[0] for card in spoken]

    return told


def test_readers_are_told_in_their_language(told):
    so_far, whole = told("en")
    assert so_far == "The period is not over. Still to come: 30–31 October."
    assert "it was fetched before these days were over (30–31 October)." in whole
    so_far, whole = told("zh_CN")
    assert so_far.startswith("本周期尚未结束，数据未到的日期：10月30")
    assert "取得数据时，这些日期尚未结束（10月30" in whole


def test_the_terminal_names_no_account_where_there_is_none(so_far, capsys):
    print_card(so_far.card_json, list)
    assert "\nThe period is not over. Still to come: 30–31 October.\n" in capsys.readouterr().out

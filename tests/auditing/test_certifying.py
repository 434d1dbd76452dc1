"""Each check of a month's certificate has something that makes it fail, and it alone."""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from dataclasses import replace
from functools import partial

import duckdb
import pytest

from auditing.certifying import Verdict, certify
from ledger import MAIL, Recipient
from scoring.canonical import content_hash, from_json, to_json
from scoring.errors import ScorewrightError
from scoring.evidence import Certificate, CertificateStatus, Finding
from tests.pipeline.conftest import NOW, take
from tests.pipeline.exports import ADS, ANSWERS, OCTOBER, RATES, ads, answers
from tests.pipeline.test_approving import ask_for_approval

MAILED_NOTHING = {"mails asked for": Verdict.WARNS}


@pytest.fixture(scope="module", autouse=True)
def pages_drawn_once():
    """They are drawn each time: that they are the same bytes is shown here."""


def failing(place):
    found = certify(place.open(), OCTOBER, NOW)
    return {check.name: check.verdict for check in found.checks if check.verdict is not Verdict.OK}


def in_ledger(place, *statements):
    with sqlite3.connect(place.home / "ledger.sqlite") as ledger:
        ledger.execute("drop trigger if exists issues_no_update")
        for statement in statements:
            ledger.execute(statement)


def found_on_the_card(place, code, days=()):
    """North's card as if that had been found in its data."""
    issue = place.issues()[0]
    finding = Finding(code, "google_ads", "shop", days, (), (), "")
    card = replace(from_json(issue.card_json), certificate=Certificate(CertificateStatus.FINAL, (finding,)))
    with sqlite3.connect(place.home / "ledger.sqlite") as ledger:
        ledger.execute("drop trigger issues_no_update")
        values = to_json(card), content_hash(card), issue.id
        ledger.execute("update issues set card_json = ?, content_hash = ? where id = ?", values)


def refuse_a_file(place):
    place.export(ADS).write_text(
        ads().replace("Total: Account,--,--,--,--,USD,", "Total: Account,--,--,--,--,USD,9")
    )
    rerun(place)


def rerun(place):
    with suppress(ScorewrightError):
        place.run(send=False)


def lose_rows(place):
    with duckdb.connect(str(place.home / "warehouse.duckdb")) as warehouse:
        warehouse.execute(
            "delete from fct_survey_response where rowid in (select min(rowid) from fct_survey_response)"
        )


def without_rates(place):
    place.export(RATES).write_text("Date,USD\n2026-10-01,1.08\n", "utf-8")
    rerun(place)


def other_data(place):
    place.export(ANSWERS).write_text(answers([10] * 8), "utf-8")
    take(place.open(), "survey")


def agreed_late(place):
    for path in (place.root / "config" / "targets").glob("*.csv"):
        lines = path.read_text("utf-8").splitlines()
        if "agreed_on" not in lines[0]:
            lines = [lines[0] + ",agreed_on", *(line + ",2026-10-20" for line in lines[1:])]
        path.write_text("\n".join(lines) + "\n", "utf-8")


def a_mail_waits(place):
    for issue in place.issues():
        place.open().ledger.queue_delivery(issue.id, Recipient(MAIL, "ana.ruiz@lantern.example"))


def a_new_team_without_a_card(place):
    with sqlite3.connect(place.home / "ledger.sqlite") as ledger:
        ledger.execute("drop trigger issues_no_delete")
        ledger.execute("drop trigger documents_no_delete")
        ledger.execute("delete from documents where issue_id = 2")
        ledger.execute("delete from issues where id = 2")


def lose_a_pdf(place):
    next((place.home / "scorecards").glob("*/*.pdf")).unlink()


def one_grade_too_many(way, place):
    with (place.root / "config" / "grading.yaml").open("a", encoding="utf-8") as book:
        book.write("grades: [{name: C, from: 0}, {name: B, from: 1}]\ndistribution:\n")
        book.write(
            f"  {{way: {way}, within: company, shares: [{{grade: B, about: 0}}, {{grade: C, exactly: 100}}]}}\n"
        )
    place.run(send=False)


BAD = {
    "contract": (refuse_a_file, Verdict.STOPS),
    "completeness": (lambda place: found_on_the_card(place, "missing_days"), Verdict.WARNS),
    "conservation of rows": (lose_rows, Verdict.STOPS),
    "declared totals": (lambda place: found_on_the_card(place, "totals_differ"), Verdict.WARNS),
    "plausibility": (lambda place: found_on_the_card(place, "fewer_rows"), Verdict.WARNS),
    "exchange rates": (without_rates, Verdict.STOPS),
    "targets agreed": (agreed_late, Verdict.WARNS),
    "cards issued": (a_new_team_without_a_card, Verdict.STOPS),
    "data unchanged since": (other_data, Verdict.STOPS),
    "ledger": (lambda place: in_ledger(place, "update issues set made_by = 'x'"), Verdict.STOPS),
    "documents": (lose_a_pdf, Verdict.STOPS),
    "guided distribution of grades": (partial(one_grade_too_many, "guided"), Verdict.WARNS),
    "forced distribution of grades": (partial(one_grade_too_many, "forced"), Verdict.STOPS),
    "approvals": (ask_for_approval, Verdict.STOPS),
    "deliveries": (a_mail_waits, Verdict.STOPS),
}


def test_a_sound_month_is_certified(unsent):
    found = certify(unsent.open(), OCTOBER, NOW)
    assert {c.name: c.verdict for c in found.checks if c.verdict is not Verdict.OK} == MAILED_NOTHING
    assert {check.name for check in found.checks} == {*BAD, "mails asked for"}
    found.or_raise()
    assert found.as_json()["is_certified"]


@pytest.mark.parametrize("check", BAD)
def test_each_check_has_something_that_makes_it_fail(issued, check):
    spoil, verdict = BAD[check]
    spoil(issued)
    assert failing(issued).get(check) is verdict


def test_gaps_are_told_in_sentences_and_not_day_by_day(issued):
    found_on_the_card(issued, "missing_slice", tuple(f"2026-09-{day:02d}" for day in range(1, 31)))
    checks = certify(issued.open(), OCTOBER, NOW).checks
    assert next(check.findings for check in checks if check.name == "completeness") == (
        "Google Ads (shop): no data for September 2026.",
    )


def test_the_command_ends_with_an_error_where_a_check_stops(issued, command):
    sound = command(issued, "certify", OCTOBER)
    assert (sound.code, "ok     contract\n" in sound.out) == (0, True)
    assert "warns  mails asked for\n         2026-10/north/r1: mailed to nobody\n" in sound.out
    lose_a_pdf(issued)
    bad = command(issued, "certify", OCTOBER, "--json")
    assert (bad.code, json.loads(bad.out)["is_certified"]) == (4, False)
    assert "found that 1 of 16 checks stop (documents)" in bad.err

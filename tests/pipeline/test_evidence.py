"""What is missing from the data makes exactly the teams provisional whose lines stand on it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.inputs.figures import gather_figures
from scoring.canonical import content_hash, from_json
from scoring.evidence import CertificateStatus, Finding
from tests.pipeline.exports import ADS, ANSWERS, OCTOBER, RATES, ads, answers, change, rates

FINAL, PROVISIONAL = CertificateStatus.FINAL, CertificateStatus.PROVISIONAL
ADS_LINES = ("clicks", "cost_per_click")
CLICKS, ANSWERED = ("north_visits/clicks",), ("south_voice/answers",)


@pytest.fixture
def complete(unsent):
    """The cards of a month that lacks nothing."""
    return {issue.team_id: from_json(issue.card_json) for issue in unsent.issues()}


def certificates(place):
    return {team_id: card.certificate for team_id, card in place.cards().items()}


def test_a_complete_month_is_final_for_everybody(complete):
    found = {team: (card.certificate.status, card.certificate.findings) for team, card in complete.items()}
    assert found == {"north": (FINAL, ()), "south": (FINAL, ())}


def test_a_card_names_the_files_it_stands_on_and_no_others(complete):
    files = {
        team: {evidence.source: [file.name for file in evidence.files] for evidence in card.sources}
        for team, card in complete.items()
    }
    assert files == {
        "north": {"google_ads": [ADS], "survey": [ANSWERS], "fx_rates": [RATES]},
        "south": {"survey": [ANSWERS]},
    }
    rows = {evidence.source: evidence.files[0].rows for evidence in complete["north"].sources}
    assert rows == {"google_ads": 62, "survey": 8, "fx_rates": 34}


def test_a_card_with_no_amount_or_all_amounts_in_euro_names_no_rates(place):
    change(place.export(ADS), lambda text: text.replace("USD", "EUR"))
    change(place.root / "config/sources.yaml", lambda text: text.replace("USD", "EUR"))
    cards = place.cards()
    assert {team: card.rates for team, card in cards.items()} == {"north": (), "south": ()}
    assert [source.source for source in cards["north"].sources] == ["google_ads", "survey"]
    assert next(line.actual for line in cards["north"].results if line.kpi_id == "cost_per_click") == (
        Decimal("0.54")
    )


def test_an_account_that_may_have_any_currency_needs_rates(place):
    """Its export says the currency of each row."""
    change(place.export(ADS), lambda text: text.replace("USD", "EUR"))
    change(place.root / "config/sources.yaml", lambda text: text.replace("      currency_code: USD\n", ""))
    assert "fx_rates" in {source.source for source in place.cards()["north"].sources}


def test_other_rates_change_no_card_without_foreign_money(place):
    change(place.export(ADS), lambda text: text.replace("USD", "EUR"))
    change(place.root / "config/sources.yaml", lambda text: text.replace("USD", "EUR"))
    before = {team: content_hash(card) for team, card in place.cards().items()}
    place.export(RATES).write_text(rates("1.2000"), "utf-8")
    assert {team: content_hash(card) for team, card in place.cards().items()} == before


def test_the_rates_of_a_card_are_those_of_foreign_money(unsent):
    found = gather_figures(unsent.open(), [OCTOBER]).evidence[OCTOBER].all_rates
    assert [(rate.currency_code, f"{rate.first_rate:.6f}") for rate in found] == [("USD", "0.925926")]


def test_missing_days_of_the_ads_are_told_to_the_team_that_has_ads(place):
    days = [day for day in OCTOBER.days() if day.day not in (1, 17, 31)]
    place.export(ADS).write_text(ads(days), "utf-8")
    found = certificates(place)
    named = ("2026-10-01", "2026-10-17", "2026-10-31")
    assert found["north"].status is PROVISIONAL
    assert found["north"].findings == (
        Finding("missing_days", "google_ads", "shop", named, ADS_LINES, CLICKS),
    )
    assert (found["south"].status, found["south"].findings) == (FINAL, ())


def test_a_day_on_which_one_of_two_campaigns_rested_is_not_missing(place):
    place.export(ADS).write_text(ads(without=[(17, "202")]), "utf-8")
    assert certificates(place)["north"].status is FINAL


def test_a_survey_that_never_came_is_told_to_both_teams_with_their_own_lines(place):
    place.export(ANSWERS).unlink()
    cards = place.cards()
    findings = {team: card.certificate.findings for team, card in cards.items()}
    assert findings == {
        "north": (Finding("missing_slice", "survey", "panel", (), ("nps",)),),
        "south": (Finding("missing_slice", "survey", "panel", (), ("nps", "responses"), ANSWERED),),
    }
    assert {card.certificate.status for card in cards.values()} == {PROVISIONAL}
    unscored = {line.kpi_id for line in cards["north"].results if line.score is None}
    assert (unscored, cards["south"].total) == ({"nps"}, None)


def test_days_with_rows_that_nobody_owns_are_told_to_the_teams_of_the_account(place):
    strays = ads(campaigns=("201", "202", "999"), without=[(day, "999") for day in range(3, 32)])
    place.export(ADS).write_text(strays, "utf-8")
    found = certificates(place)
    days = ("2026-10-01", "2026-10-02")
    assert found["north"].findings == (
        Finding("unowned_rows", "google_ads", "shop", days, ADS_LINES, CLICKS),
    )
    assert found["north"].status is PROVISIONAL
    assert (found["south"].status, found["south"].findings) == (FINAL, ())


def test_answers_of_which_nobody_said_whose_they_are_belong_to_the_rest(place):
    change(place.export(ANSWERS), lambda text: text.replace("Service", "Trade fair"))
    cards = place.cards()
    assert {card.certificate.status for card in cards.values()} == {FINAL}
    assert {line.kpi_id: line.actual for line in cards["north"].results}["nps"] is None
    assert {line.kpi_id: line.actual for line in cards["south"].results}["responses"] == 8


def test_several_gaps_are_all_told_in_order(place):
    place.export(ANSWERS).unlink()
    days = [day for day in OCTOBER.days() if day.day != 9]
    place.export(ADS).write_text(ads(days, campaigns=("201", "999")), "utf-8")
    codes = [(finding.source, finding.code) for finding in certificates(place)["north"].findings]
    assert codes == [
        ("google_ads", "missing_days"),
        ("google_ads", "unowned_rows"),
        ("survey", "missing_slice"),
    ]


def test_only_lines_that_score_the_month_are_named(place):
    """The target of the clicks ends on the last day of October, which it no longer scores then."""

    def end_clicks(text):
        text = text.replace("2026-07-01,2027-01-01,1000,40", "2026-07-01,2026-10-31,1000,40")
        text = text.replace("2026-07-01,2027-01-01,0.5,30", "2026-07-01,2026-10-31,0.5,30")
        return text + "north,cost_per_click,2026-10-31,2027-01-01,0.5,70,T. Lind,Costs only\n"

    change(place.root / "config/targets/2026.csv", end_clicks)
    place.export(ADS).write_text(ads(without=[(9, "201"), (9, "202")]), "utf-8")
    (finding,) = certificates(place)["north"].findings
    assert (finding.days, finding.kpi_ids) == (("2026-10-09",), ("cost_per_click",))


def test_what_an_objective_lacks_from_the_month_before_is_told_in_its_name(place):
    place.export(ADS).write_text(ads(without=[(9, "201"), (9, "202")]), "utf-8")
    place.cards()
    november = OCTOBER.shift(1)
    evidence = gather_figures(place.open(), [november]).evidence[november]
    north, south = place.open().book.teams
    days = [item for item in evidence.findings(north) if item.code == "missing_days"]
    assert days == [Finding("missing_days", "google_ads", "shop", ("2026-10-09",), (), CLICKS)]
    assert all(item.code == "missing_slice" for item in evidence.findings(south))
    assert {(item.source, item.period) for item in evidence.sources(north)} == {
        ("google_ads", "2026-10"),
        ("fx_rates", "2026-10"),
    }


def test_money_without_rates_holds_the_card_and_is_not_provisional(place):
    place.export(RATES).unlink()
    card = place.cards()["north"]
    assert card.certificate.status is CertificateStatus.HELD
    assert "missing_rates" in {finding.code for finding in card.certificate.findings}


def test_other_bytes_that_say_the_same_are_no_revision_and_other_answers_are(issued, complete):
    issued.export(ANSWERS).write_text(answers() + "\n", "utf-8")
    assert issued.cards() == complete
    issued.export(ANSWERS).write_text(answers([10] * 8), "utf-8")
    assert {team: card.revision for team, card in issued.cards().items()} == {"north": 2, "south": 2}

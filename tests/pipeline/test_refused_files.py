"""A refused file stops what stands on it, and nobody else; the card says so, and the run's end lists it."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from etl.account import ExportFile
from etl.landing import Landing
from etl.quality.before_loading import refuse_beginning
from pipeline.inputs.load_states import current_state
from pipeline.preparing import prepare
from pipeline.preview import preview
from pipeline.steps.extract import extract
from pipeline.steps.load import load
from pipeline.steps.restate import stale_cards
from reports.presenter import present
from scoring.canonical import from_json
from scoring.errors import BadFileError, RefusedError
from scoring.evidence import CertificateStatus
from scoring.period import Period
from tests.etl.formats.reading import account
from tests.pipeline.conftest import NOW
from tests.pipeline.exports import ADS, ANSWERS, OCTOBER, RATES, ads, answers, change
from warehouse import LoadedFile, Slice, load_records, refusals

FINAL, PROVISIONAL, HELD = CertificateStatus.FINAL, CertificateStatus.PROVISIONAL, CertificateStatus.HELD
REASON = "ads 2026-10.csv, row 4, column 'Clicks': expected a whole number such as 1234"


def spoil(place, name=ADS):
    change(place.export(name), lambda text: text.replace(",17,", ",many,", 2).replace("1.0800", "none"))


def certificates(place):
    cards = {issue.team_id: from_json(issue.card_json) for issue in place.issues()}
    return {team: card.certificate for team, card in cards.items()}


def ends_refused(place, **options):
    with pytest.raises(BadFileError) as ended:
        place.run(**options)
    return str(ended.value)


def findings(place, team="north"):
    return [(finding.code, finding.source, finding.kpi_ids) for finding in certificates(place)[team].findings]


def test_a_refused_file_holds_the_cards_that_stand_on_it_and_the_others_go_out(place):
    spoil(place)
    with pytest.raises(RefusedError) as ended:
        place.run()
    sentence, held = str(ended.value).split("\n  ")[1:]
    assert sentence.startswith(f"{REASON}, found 'many'; ")
    assert held.startswith("2026-10/north/r1: the card is held")
    assert ended.value.exit_code == 3
    found = certificates(place)
    assert (found["north"].status, found["south"].status) == (HELD, FINAL)
    assert findings(place) == [("refused_file", "google_ads", ("clicks", "cost_per_click"))]
    assert [name.split(".")[1] for name in place.mails()] == ["south"]


def test_a_column_that_is_read_as_none_is_a_warning_of_the_load_once_for_all_months(place, caplog):
    change(place.export(ADS), lambda text: text.replace(",Conversions,", ",All conversions,"))
    before = place.export(ADS.replace("2026-10", "2026-08"))
    before.write_text(place.export(ADS).read_text("utf-8").replace("2026-10", "2026-08"), "utf-8")
    august = Period(2026, 8)
    site = place.open()
    prepare(site, OCTOBER)
    extract(site, OCTOBER, "google_ads", now=NOW, since=august)
    load(site, OCTOBER, "google_ads", now=NOW, since=august)
    assert [each.getMessage() for each in caplog.records if each.levelname == "WARNING"] == [
        f"load google_ads/shop 2026-08: {before.name}: no column for conversions, and 'All conversions' may be it "
        "under another name: it counts only if a format that is `like: google_ads_ad_groups` names it"
    ]


OPEN = "ID,Date,Email,Won date,Amount,Currency\n7,2026-10-03,a@x.example,2026-10-05,1234"


@pytest.mark.parametrize(("now", "is_cut"), [(OPEN[:-2], True), (OPEN.partition("\n7")[0] + "\n", False)])
def test_a_cut_within_the_last_number_shows_beside_what_was_landed_before(tmp_path, now, is_cut):
    landing, leads = Landing(tmp_path / "landing"), account("leads_sheet")
    loads = []
    for text in (OPEN, now):
        pull = landing.land(leads, OCTOBER, (ExportFile("leads.csv", text.encode()),), NOW)
        files = [LoadedFile(file.name, file.sha256, 1) for file in pull.files]
        loads.append(SimpleNamespace(slice=Slice("leads_sheet", leads.entity, OCTOBER), files=files))
    refuse_beginning(landing, loads[0])
    told = (
        r"leads\.csv: expected all of the file of 79 bytes that was landed before, found its first 77 alone"
    )
    with pytest.raises(BadFileError, match=told) if is_cut else nullcontext():
        refuse_beginning(landing, loads[1])


def test_a_run_refuses_what_looks_whole_and_is_the_beginning_of_what_came_before(place):
    own = place.root / "config/formats/open_answers.yaml"
    own.parent.mkdir()
    own.write_text("like: survey_responses\nends: open\n", "utf-8")
    panel = "    - entity: panel\n"
    change(
        place.root / "config/sources.yaml",
        lambda text: text.replace(panel, f"{panel}      format: open_answers\n"),
    )
    change(
        place.export(ANSWERS),
        lambda text: text.replace("5)\n", "5),Note\n").replace(",5\n", ",5,fine\n").rstrip(),
    )
    place.run(send=False)
    change(place.export(ANSWERS), lambda text: text[:-1])
    assert "expected all of the file of" in ends_refused(place, send=False)


def test_a_card_gives_the_reason_and_no_cell_of_the_file(place):
    spoil(place)
    ends_refused(place, send=False)
    card = from_json(next(issue.card_json for issue in place.issues() if issue.team_id == "north"))
    (said,) = present(card).certificate.findings
    assert (
        said
        == f"Google Ads (shop): the file was refused, so there are no figures ({REASON}). "
        + ("Affects Ad clicks, Cost per click and key result “Ad clicks”.")
        or REASON in said
    )
    assert REASON in said
    assert "many" not in said


def test_the_book_may_let_such_cards_go_out_as_provisional(place):
    change(place.root / "config/grading.yaml", lambda text: f"refused_file: provisional\n{text}")
    spoil(place)
    assert ends_refused(place).startswith(REASON)
    found = certificates(place)
    assert (found["north"].status, found["south"].status) == (PROVISIONAL, FINAL)
    assert len(place.mails()) == 2


def test_every_refused_file_is_listed_and_not_the_first_alone(command, place):
    spoil(place)
    place.export(ANSWERS).write_text(answers().replace(",9,", ",eleven,"), "utf-8")
    done = command(place, "run", "--period", "2026-10", "--deliver", "never")
    assert done.code == 3
    first, *lines = done.err.splitlines()
    assert first == "scorewright: 2 refusals; all else was done:"
    assert [line.split(",")[0] for line in lines] == ["  ads 2026-10.csv", "  answers 2026-10.csv"]
    assert "held" in done.out


def test_an_earlier_load_does_not_silently_stand_as_current(issued):
    spoil(issued)
    assert ends_refused(issued, send=False).startswith(REASON)
    assert findings(issued) == [("refused_newer_file", "google_ads", ("clicks", "cost_per_click"))]
    assert certificates(issued)["north"].status is HELD
    records = load_records(issued.open().warehouse, [OCTOBER])
    assert [record.facts for record in records if record.source == "google_ads"] == [{"fct_ad_daily": 62}]


@pytest.mark.parametrize("healed", ["replaced", "put back", "taken away"])
def test_a_refused_file_is_forgotten_once_it_is_replaced_or_taken_away(issued, healed):
    spoil(issued)
    ends_refused(issued, send=False)
    if healed == "taken away":
        issued.export(ADS).unlink()
    else:
        issued.export(ADS).write_text(
            ads(campaigns=["201", "202", "203"][: 3 if healed == "replaced" else 2]), "utf-8"
        )
    issued.run(send=False)
    assert certificates(issued)["north"].status is (PROVISIONAL if healed == "replaced" else FINAL)
    assert [issue.revision for issue in issued.issues()] == [3, 1]
    assert refusals(issued.open().warehouse, [OCTOBER]) == []


def test_a_file_that_is_not_let_in_is_refused_in_the_same_way(issued):
    issued.export(ADS).unlink()
    issued.export(ADS).mkdir()
    assert "expected a file" in ends_refused(issued, send=False)
    assert findings(issued) == [("refused_newer_file", "google_ads", ("clicks", "cost_per_click"))]
    issued.export(ADS).rmdir()
    issued.run(send=False)
    assert certificates(issued)["north"].status is FINAL


def test_refused_rates_hold_the_cards_that_convert_amounts(issued):
    spoil(issued, RATES)
    assert ends_refused(issued, send=False).startswith("rates 2026-10.csv, row 2, column 'USD'")
    assert findings(issued) == [("refused_rates", "google_ads", ("cost_per_click",))]
    assert certificates(issued)["south"].status is FINAL


def test_refused_rates_that_were_never_loaded_leave_no_half_sums(place):
    spoil(place, RATES)
    with pytest.raises(RefusedError, match=r"rates 2026-10.csv.*\n.*expected a rate for USD"):
        place.run(send=False)
    assert {code for code, *_ in findings(place)} == {"missing_rates", "refused_rates"}
    assert certificates(place)["south"].status is FINAL


def test_months_beside_a_refused_one_are_loaded(place):
    place.export(ADS.replace("10", "09")).write_text(ads().replace("2026-10", "2026-09-x"), "utf-8")
    site = place.open()
    prepare(site, OCTOBER)
    extract(site, OCTOBER, "google_ads", now=NOW).or_raise()
    with pytest.raises(BadFileError, match=r"ads 2026-09"):
        load(site, OCTOBER, "google_ads", now=NOW).or_raise()
    assert [str(record.month) for record in load_records(site.warehouse, OCTOBER.window(2))] == ["2026-10"]


def test_an_issued_card_is_not_taken_back_for_a_file_that_was_refused_later(issued):
    site = issued.open()
    before = current_state(site, OCTOBER)
    spoil(issued)
    extract(site, OCTOBER, "google_ads", now=NOW).or_raise()
    with pytest.raises(BadFileError):
        load(site, OCTOBER, "google_ads", now=NOW).or_raise()
    assert current_state(site, OCTOBER) != before
    assert stale_cards(site, OCTOBER.shift(1)) == ()


def test_a_card_that_was_held_for_a_file_is_revised_when_the_file_is_gone(issued):
    spoil(issued)
    ends_refused(issued, send=False)
    issued.export(ADS).unlink()
    site = issued.open()
    extract(site, OCTOBER, "google_ads", now=NOW).or_raise()
    load(site, OCTOBER, "google_ads", now=NOW).or_raise()
    (stale,) = stale_cards(site, OCTOBER.shift(1))
    assert [issue.team_id for issue in stale.issues] == ["north"]


def test_a_preview_shows_what_would_be_held_and_then_refuses(issued):
    spoil(issued)
    refused = []
    found = preview(issued.open(), (OCTOBER,), (), now=lambda: NOW, refused=refused)
    assert [(impact.card.team_id, impact.card.certificate.status) for impact in found] == [("north", HELD)]
    assert [str(error).split(",")[0] for error in refused] == ["ads 2026-10.csv"]
    with pytest.raises(BadFileError):
        preview(issued.open(), (OCTOBER,), (), now=lambda: NOW)

"""What comes in and cannot be trusted: emptied months, unread rows, files and keys that nobody takes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from scoring.errors import BadFileError
from scoring.evidence import CertificateStatus, Finding
from tests.pipeline.conftest import take
from tests.pipeline.exports import ADS, ANSWERS, OCTOBER, ads, answers, change
from warehouse import load_records
from warehouse.reading import quarantined_rows

RUN = ("run", "--period", "2026-10", "--deliver", "never")
HEADER = answers([])


def reload(place, source="survey", **options):
    site = place.open()
    return take(site, source, **options)


def survey_rows(place):
    records = load_records(place.open().warehouse, [OCTOBER])
    return [record.facts["fct_survey_response"] for record in records if record.source == "survey"]


def test_a_header_alone_does_not_empty_a_month_that_had_rows(issued):
    issued.export(ANSWERS).write_text(HEADER, "utf-8")
    with pytest.raises(BadFileError, match=r"answers 2026-10.csv: expected rows of survey/panel 2026-10"):
        reload(issued)
    assert survey_rows(issued) == [8]


def test_the_command_refuses_it_in_one_sentence_and_allows_it_where_told(command, issued):
    issued.export(ANSWERS).write_text(HEADER, "utf-8")
    done = command(issued, *RUN)
    assert (done.code, done.err.count("\n")) == (3, 1), done.err
    assert "run with --allow-empty" in done.err
    assert survey_rows(issued) == [8]
    done = command(issued, *RUN, "--allow-empty")
    assert (done.code, survey_rows(issued)) == (0, [0]), done.err
    assert "2026-10/south/r3" in done.out


def test_a_month_may_shrink(issued):
    issued.export(ANSWERS).write_text(answers([9]), "utf-8")
    assert reload(issued) == 1
    assert survey_rows(issued) == [1]


def test_a_month_whose_export_is_gone_keeps_its_rows(issued):
    issued.export(ANSWERS).unlink()
    assert reload(issued) == 0
    assert survey_rows(issued) == [8]


def test_a_month_that_never_had_rows_may_be_empty(place):
    place.export(ANSWERS).write_text(HEADER, "utf-8")
    place.cards()
    assert survey_rows(place) == [0]


def test_a_refused_export_is_replaced_by_a_good_one_or_taken_away(issued):
    issued.export(ANSWERS).write_text(answers().replace(",9,", ",eleven,"), "utf-8")
    for _ in range(2):
        with pytest.raises(BadFileError, match=r"row 3, column 'Score \(0-10\)'"):
            reload(issued)
    issued.export(ANSWERS).unlink()
    assert reload(issued) == 0
    assert survey_rows(issued) == [8]
    issued.export(ANSWERS).write_text(answers([10] * 7), "utf-8")
    assert reload(issued) == 1
    assert survey_rows(issued) == [7]


def test_the_export_from_before_may_be_put_back_in_place_of_a_refused_one(issued):
    issued.export(ANSWERS).write_text(answers().replace(",9,", ",eleven,"), "utf-8")
    with pytest.raises(BadFileError):
        reload(issued)
    issued.export(ANSWERS).write_text(answers(), "utf-8")
    assert reload(issued) == 0
    assert survey_rows(issued) == [8]


def allow(place, rows):
    def with_quarantine(text):
        return text.replace("    - entity: panel\n", f"    - entity: panel\n      quarantine: {rows}\n")

    change(place.root / "config/sources.yaml", with_quarantine)


def test_rows_set_apart_make_the_cards_of_their_account_provisional(place):
    allow(place, 1)
    change(place.export(ANSWERS), lambda text: text.replace(",3,", ",three,"))
    cards = place.cards()
    for team, kpi_ids, moved in (
        ("north", ("nps",), ()),
        ("south", ("nps", "responses"), ("south_voice/answers",)),
    ):
        certificate = cards[team].certificate
        assert certificate.status is CertificateStatus.PROVISIONAL
        assert certificate.findings == (Finding("quarantined_rows", "survey", "panel", (), kpi_ids, moved),)
    assert {line.kpi_id: line.actual for line in cards["south"].results}["responses"] == Decimal("2.8")


def test_the_quarantine_is_listed_and_empty_again_after_a_good_file(command, place):
    allow(place, 1)
    change(place.export(ANSWERS), lambda text: text.replace(",3,", ",three,"))
    place.cards()
    done = command(place, "quarantine", "2026-10")
    assert (done.code, done.out.splitlines()) == (
        0,
        [
            "survey/panel 2026-10: answers 2026-10.csv, row 7, column 'Score (0-10)': "
            "expected a whole number such as 1234, found 'three'",
            "2026-10: 1 row in quarantine",
        ],
    )
    assert command(place, "quarantine", "2026-Q4").out.endswith("2026-Q4: 1 row in quarantine\n")
    place.export(ANSWERS).write_text(answers(), "utf-8")
    reload(place)
    assert quarantined_rows(place.open().warehouse, [OCTOBER]) == []
    assert command(place, "quarantine", "2026-10").out == "2026-10: 0 rows in quarantine\n"


def test_a_smaller_quarantine_refuses_the_file_that_was_taken_before(place):
    allow(place, 1)
    change(place.export(ANSWERS), lambda text: text.replace(",3,", ",three,"))
    place.cards()
    change(place.root / "config/sources.yaml", lambda text: text.replace("      quarantine: 1\n", ""))
    with pytest.raises(BadFileError, match="row 7"):
        reload(place)


def test_a_run_names_files_that_no_pattern_takes_and_keys_that_no_row_has(command, issued):
    issued.export("ads 2026-10 (1).csv").write_text("a second download", "utf-8")
    issued.export(ADS).write_text(ads(campaigns=["201"]), "utf-8")
    done = command(issued, *RUN)
    assert done.code == 0, done.err
    said = done.out.splitlines()
    assert "google_ads: not taken: ads 2026-10 (1).csv" in said
    unused = (
        "north: no row of google_ads/shop from 2026-09 to 2026-10 has the key 202; "
        "check that teams.yaml spells it as the export does"
    )
    assert [line for line in said if "no row of" in line] == [unused, unused]
    assert unused in command(issued, "status", "2026-10").out


def test_the_status_is_told_also_where_the_warehouse_cannot_be_read(command, issued):
    (issued.home / "warehouse.duckdb").write_bytes(b"no database")
    done = command(issued, "status", "2026-10")
    assert done.code == 0
    assert "north" in done.out
    assert "owner keys were not checked: " in done.out

"""Rows that cannot be read: refused with the whole file, or set apart where the book allows some."""

from __future__ import annotations

import pytest

from etl.sources import registry
from etl.sources.quarantining import read_slice
from scoring.errors import BadFileError
from tests.etl.samples import (
    BUDGET_ROWS,
    GOOGLE_ADS,
    OCTOBER,
    account,
    budget_workbook,
    contents,
    land,
)
from warehouse.conformed import QuarantinedRow


def read(folder, source, files, allowed, **settings):
    return read_slice(
        registry()[source], land(folder, files), account(source, quarantine=allowed, **settings), OCTOBER
    )


def changed(source, *changes, index=0):
    def change(texts):
        texts = list(texts)
        for old, new in changes:
            assert old in texts[index], "the case no longer changes its sample"
            texts[index] = texts[index].replace(old, new, 1)
        return texts

    return contents(source, change)


def tallied(conformed, at=0):
    tally = conformed.tallies[at]
    return tally.rows_in, tally.rows_used, tally.rows_set_aside, tally.rows_quarantined


BAD_ANSWER = (",0,N/A,", ",11,N/A,")


def test_without_a_quarantine_the_first_bad_row_refuses_the_file(tmp_path):
    with pytest.raises(BadFileError, match=r"row 3, column 'Score \(0-10\)'.*rerun\.$"):
        read(tmp_path, "survey", changed("survey", BAD_ANSWER), 0)


def test_a_sound_file_sets_nothing_apart(tmp_path):
    conformed = read(tmp_path, "survey", contents("survey"), 3)
    assert (tallied(conformed), conformed.quarantined) == ((3, 3, 0, 0), ())


CASES = [
    # source, old, new, row, column, expected, found
    ("survey", *BAD_ANSWER, 3, "Score (0-10)", "a whole number from 0 to 10", "'11'"),
    ("survey", "2026-10-04T00:00:00Z", "4 Oct", 3, "Submitted At", "a day such as", "'4 Oct'"),
    ("survey", "r2,", ",", 3, "Response ID", "a value", "an empty cell"),
    ("survey", ",0,N/A,\n", ",0,N/A,,,\n", 3, "", "6 cells", "8"),
    ("x", "2026-10-31 23:59 +0000", "?", 3, "time", "a day such as", "'?'"),
    ("hubspot", "CRM EU,true", "CRM EU,maybe", 3, "Test Contact", "one of true, yes, false", "'maybe'"),
    (
        "facebook_pages",
        ",20,",
        ",twenty,",
        4,
        "Lifetime Post Total Impressions",
        "a whole number",
        "'twenty'",
    ),
]


@pytest.mark.parametrize(("source", "old", "new", "row", "column", "expected", "found"), CASES)
def test_a_row_that_cannot_be_read_is_set_apart_with_its_reason(
    tmp_path, source, old, new, row, column, expected, found
):
    whole = read(tmp_path, source, contents(source), 1)
    conformed = read(tmp_path, source, changed(source, (old, new)), 1)
    (apart,) = conformed.quarantined
    assert (apart.file, apart.row, apart.column, apart.found) == ("0.csv", row, column, found)
    assert expected in apart.expected
    fact = registry()[source].facts[-1]
    assert conformed.tables[fact].num_rows == whole.tables[fact].num_rows - 1
    rows_in, used, aside, quarantined = tallied(conformed)
    assert rows_in == tallied(whole)[0] == used + aside + quarantined
    assert quarantined == 1


def test_one_row_with_two_bad_cells_is_one_row(tmp_path):
    bad = changed("survey", ("r2,2026-10-04T00:00:00Z,Service,0,N/A", "r2,never,Service,11,9"))
    assert [row.row for row in read(tmp_path, "survey", bad, 1).quarantined] == [3]


def test_as_many_rows_as_allowed_are_set_apart_and_one_more_refuses_the_file(tmp_path):
    bad = changed("survey", BAD_ANSWER, ("2026-10-05T08:00:00Z", "later"))
    assert [row.row for row in read(tmp_path, "survey", bad, 2).quarantined] == [3, 4]
    with pytest.raises(BadFileError) as raised:
        read(tmp_path, "survey", bad, 1)
    assert str(raised.value).startswith("0.csv, row 3, column 'Score (0-10)': expected a whole number")
    assert "2 rows cannot be read and the account's quarantine allows 1" in str(raised.value)


def test_far_more_bad_rows_than_are_allowed_refuse_the_file_without_another_look(tmp_path, monkeypatch):
    monkeypatch.setattr("etl.sources.quarantining._MANY", 1)
    bad = "".join(f"r{number},2026-10-04T00:00:00Z,Service,x,1,\n" for number in range(10, 13))
    files = [contents("survey")[0] + bad.encode()]
    said = r"row 5, column 'Score.*3 rows cannot be read and the account's quarantine allows 1"
    with pytest.raises(BadFileError, match=said):
        read(tmp_path, "survey", files, 1)
    assert tallied(read(tmp_path, "survey", files, 3)) == (6, 3, 0, 3)


def test_the_two_files_of_an_account_have_a_quarantine_each(tmp_path):
    def change(texts):
        return [texts[0].replace("CRM EU,true", "CRM EU,?"), texts[1].replace(",1000.50,", ",?,")]

    conformed = read(tmp_path, "hubspot", contents("hubspot", change), 1)
    assert [(row.file, row.row) for row in conformed.quarantined] == [("0.csv", 3), ("1.csv", 2)]
    assert [tallied(conformed, at) for at in (0, 1)] == [(3, 2, 0, 1), (4, 1, 2, 1)]


BAD_DAY = ("2026-10-31,Enabled", "31 Oct,Enabled")


def test_a_total_holds_where_the_row_set_apart_can_still_be_counted(tmp_path):
    conformed = read(tmp_path, "google_ads", changed("google_ads", BAD_DAY), 1)
    assert tallied(conformed) == (7, 2, 4, 1)
    controls = {control.name: (control.declared, control.computed) for control in conformed.controls}
    assert controls["Impr. (Total: Ad groups)"] == (15017, 15017)


def test_a_total_that_misses_what_cannot_be_read_refuses_the_file_and_says_so(tmp_path):
    with pytest.raises(BadFileError) as raised:
        read(tmp_path, "google_ads", changed("google_ads", ("1162.40,12.50", "1;16,12.50")), 1)
    said = str(raised.value)
    assert "row 7, column 'Cost': expected the sum of the rows, 0, found 1162.4" in said
    assert "1 row that cannot be read (0.csv, row 4, column 'Cost') may be why" in said


def test_the_row_of_totals_is_never_set_apart(tmp_path):
    total = GOOGLE_ADS.splitlines()[-3]
    with pytest.raises(BadFileError, match=r"row 8, column 'Impr.': expected a whole number"):
        read(tmp_path, "google_ads", changed("google_ads", (total, total.replace('"15,017"', "many"))), 5)


def test_the_second_table_of_ga4_and_the_channels_of_wechat_hold_with_rows_set_apart(tmp_path):
    bad_day = changed("ga4", ("20261002,Direct", "2 Oct,Direct"))
    assert tallied(read(tmp_path, "ga4", bad_day, 1)) == (6, 2, 3, 1)
    with pytest.raises(BadFileError, match="1 row that cannot be read"):
        read(tmp_path, "ga4", changed("ga4", ("Direct,9,10,", "Direct,9,ten,")), 1)
    with pytest.raises(BadFileError, match="1 row that cannot be read"):
        read(tmp_path, "wechat", changed("wechat", ("700,900,20", "700,viele,20")), 1)


def test_a_row_of_a_workbook_is_set_apart_where_its_amounts_are_numbers(tmp_path):
    nameless = [*BUDGET_ROWS]
    nameless[3] = (BUDGET_ROWS[3][0], None, *BUDGET_ROWS[3][2:])
    conformed = read(tmp_path, "budget", [budget_workbook(nameless)], 1)
    assert conformed.quarantined == (QuarantinedRow("0.csv", 7, "Cost centre", "a value", "an empty cell"),)
    assert tallied(conformed) == (4, 1, 2, 1)
    unreadable = [*BUDGET_ROWS]
    unreadable[2] = (*BUDGET_ROWS[2][:2], "much", *BUDGET_ROWS[2][3:])
    with pytest.raises(BadFileError, match="1 row that cannot be read"):
        read(tmp_path, "budget", [budget_workbook(unreadable)], 1)


def test_what_no_single_row_is_to_blame_for_refuses_the_file(tmp_path):
    doubled = changed("survey", ("r2,", "r1,"))
    with pytest.raises(BadFileError, match="one row for each"):
        read(tmp_path, "survey", doubled, 9)
    other_month = changed("google_ads", ("2026-10-31", "2026-11-01"))
    with pytest.raises(BadFileError, match="a day of 2026-10"):
        read(tmp_path, "google_ads", other_month, 9)

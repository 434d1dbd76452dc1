"""Google Analytics 4 in the shapes in which it can be exported, and what each adds up to."""

from __future__ import annotations

import pytest

from scoring.errors import BadFileError
from tests.etl.formats.reading import read, remarks, totals

FACT = "fct_web_daily"
LINES = "# ----\n# Report CSV Export\n# Account: Acme\n# Property: Shop\n# ----\n#\n# All Users\n"
SPAN = "# Start date: 20261001\n# End date: 20261031\n"
HEADER = "Session primary channel group (Default Channel Group),Sessions,Engaged sessions,Key events,Total revenue\n"
ROWS = "Direct,110,65,3,250.5\n(other),50,20,0,0\n"


def sessions(conformed):
    """Rows and sessions, with every row accounted for."""
    tally = conformed.tallies[0]
    assert tally.rows_in == tally.rows_used + tally.rows_set_aside
    found = totals(conformed, FACT)
    return int(found["rows"]), int(found["sessions"])


def ga4(folder, text, **said):
    return read(folder, "ga4", text, currency_code="USD", **said)


def test_a_report_page_without_days_is_the_whole_months(tmp_path):
    found = ga4(tmp_path, LINES + SPAN + HEADER + ROWS)
    assert sessions(found) == (2, 160)
    assert remarks(found) == ("no_days",)


@pytest.mark.parametrize(
    ("lines", "span"),
    [
        ("# Start date: 20261001\n# End date: 20261030\n", "2026-10-01 to 2026-10-30"),
        ("", "none"),
        ("# Start date: 20260901\n# End date: 20261031\n", "2026-09-01 to 2026-10-31"),
    ],
)
def test_a_report_page_of_another_time_is_refused(tmp_path, lines, span):
    with pytest.raises(BadFileError, match=f"that say 2026-10-01 to 2026-10-31, found {span}"):
        ga4(tmp_path, LINES + lines + HEADER + ROWS)


def test_a_report_page_with_the_days_of_its_chart_above(tmp_path):
    chart = "Nth day,Sessions\n" + "".join(f"{day:04},5\n" for day in range(31))
    text = LINES + SPAN + chart + "\n" + SPAN + HEADER + ROWS
    assert sessions(ga4(tmp_path, text)) == (2, 160)


def test_a_snapshot_with_tables_of_other_things_below(tmp_path):
    others = (
        "\n# Events\n# Start date: 20261001\nEvent name,Event count\npage_view,500\nclick,3\n"
        "\n# Sources\nSession source,Sessions\ngoogle,100\n(direct),60\n"
        "\n# Sources by channel\nSession primary channel group (Default Channel Group),Session source,Sessions\n"
        "Direct,a,100\nDirect,b,10\n"
    )
    assert sessions(ga4(tmp_path, "# Dashboard report\n" + LINES + SPAN + HEADER + ROWS + others)) == (2, 160)


def test_a_second_table_of_totals_must_hold(tmp_path):
    text = LINES + SPAN + HEADER.replace("Session", "Date,Session", 1) + "20261001,Direct,110,65,3,250.5\n"
    second = "\nSession primary channel group (Default Channel Group),Sessions\nDirect,{}\n"
    assert sessions(ga4(tmp_path, text + second.format(110))) == (1, 110)
    with pytest.raises(BadFileError, match="expected the sum of the rows, 110, found 111"):
        ga4(tmp_path, text + second.format(111))


def test_a_table_torn_by_a_blank_row_is_refused(tmp_path):
    text = LINES + SPAN + HEADER + ROWS
    for torn in (HEADER + "\n" + ROWS, HEADER + ROWS.replace("\n", "\n\n", 1)):
        with pytest.raises(BadFileError, match="found a blank row and something below it"):
            ga4(tmp_path, text.replace(HEADER + ROWS, torn))


@pytest.mark.parametrize("lost", ["20261002,Direct,50,9,,0\n", "20261002,Direct,50,9,1,0\n"])
def test_rows_with_days_below_a_second_table_are_not_lost_without_a_word(tmp_path, lost):
    head = HEADER.replace("Session", "Date,Session", 1)
    second = "\nSession primary channel group (Default Channel Group),Sessions\nDirect,110\n"
    text = LINES + SPAN + head + "20261001,Direct,110,65,3,250.5\n" + second
    assert sessions(ga4(tmp_path, text)) == (1, 110)
    with pytest.raises(BadFileError, match="found a blank row and something below it"):
        ga4(tmp_path, text + lost)


def test_a_second_table_is_not_read_in_place_of_a_damaged_first(tmp_path):
    days = "Date," + HEADER + "".join(f"20261001,{row}\n" for row in ROWS.splitlines())
    channels = "\n" + HEADER.split(",", maxsplit=1)[0] + ",Sessions\nDirect,110\n(other),50\n"
    assert sessions(ga4(tmp_path, LINES + SPAN + days + channels)) == (2, 160)
    damaged = days.replace("Session primary channel group", "Channels, damaged")
    with pytest.raises(BadFileError, match="found a header row without it"):
        ga4(tmp_path, LINES + SPAN + damaged + channels)


def test_an_exploration_with_its_grand_total_below_the_header(tmp_path):
    head = "# ----\n# Acme - Shop\n# Free form-Free form 1\n# 20261001-20261031\n# ----\n\n"
    header = (
        "Date,Session default channel group,Active users,Sessions,Engaged sessions,Key events,Total revenue\n"
    )
    rows = "20261001,Direct,9,100,60,3,250.5\n20261002,Direct,9,10,5,0.333333333333,0\n"
    text = head + header + ",,18,110,65,3.333333,250.5,Grand total\n" + rows
    assert sessions(ga4(tmp_path, text)) == (2, 110)
    with pytest.raises(BadFileError, match="found 110; the file may be cut off"):
        ga4(tmp_path, "\n".join(text.splitlines()[:-1]) + "\n")


def test_a_grand_total_counts_a_session_over_midnight_once(tmp_path):
    header = "Date,Session default channel group,Sessions,Total revenue\n"
    rows = "20261001,Direct,100,250.5\n20261002,Direct,10,0\n"
    text = "# 20261001-20261031\n\n" + header + ",,{},{},Grand total\n" + rows
    found = ga4(tmp_path, text.format(109, 250.5))
    assert (sessions(found), remarks(found)) == ((2, 110), ("totals_differ",))
    with pytest.raises(BadFileError, match="column 'Total revenue': expected the sum of the rows, 250"):
        ga4(tmp_path, text.format(109, 249))


def test_the_same_table_of_another_month_below_is_no_total(tmp_path):
    before = "\n# Start date: 20260901\n# End date: 20260930\n" + HEADER + ROWS.replace("110", "90")
    assert sessions(ga4(tmp_path, LINES + SPAN + HEADER + ROWS + before)) == (2, 160)


def test_channels_by_device_are_added_up(tmp_path):
    parts = "Direct,desktop,60,40,2,200\nDirect,mobile,50,25,1,50.5\n(other),mobile,50,20,0,0\n"
    text = LINES + SPAN + HEADER.replace(",", ",Device category,", 1) + parts
    assert sessions(ga4(tmp_path, text)) == (2, 160)


def test_a_german_exploration(tmp_path):
    text = (
        "# 20261001-20261031\n\nDatum,Standard-Channelgruppe der Sitzung,Sitzungen,Sitzungen mit Interaktionen,"
        "Schlüsselereignisse,Gesamtumsatz\n20261001,Direct,100,60,3,250.5\n"
    )
    assert sessions(ga4(tmp_path, text)) == (1, 100)


def test_a_report_saved_by_excel(tmp_path):
    lines = (LINES + SPAN).replace("\n", ",,,,\r\n")
    text = lines + ",,,,\r\n" + (HEADER + ROWS).replace("\n", "\r\n") + ",,,,\r\n"
    assert sessions(ga4(tmp_path, text)) == (2, 160)


def test_another_property(tmp_path):
    with pytest.raises(BadFileError, match="found that of Shop"):
        ga4(tmp_path, LINES + SPAN + HEADER + ROWS, printed_as="Other")


@pytest.mark.parametrize(
    "chart",
    [
        "Direct,110\n(other),50\n",
        "Direct,110\n",
        "Direct,90\n",
    ],
    ids=["of all channels", "of the first ones", "of another time"],
)
def test_a_bar_chart_above_is_not_the_table(tmp_path, chart):
    chart = HEADER.split(",", maxsplit=1)[0] + ",Sessions\n" + chart + "\n\n"
    found = ga4(tmp_path, LINES + SPAN + chart + HEADER + ROWS)
    assert totals(found, FACT) == {
        "rows": 2,
        "sessions": 160,
        "engaged_sessions": 85,
        "conversions": 3,
        "revenue": pytest.approx(250.5),
    }


def test_a_chart_by_day_and_channel_is_not_the_table_however_long_it_is(tmp_path):
    header = "Nth day," + HEADER.split(",", maxsplit=1)[0] + ",Sessions\n"
    chart = "".join(
        f"{day:04},{channel},5\n" for day in range(31) for channel in ("Direct", "(other)", "Email")
    )
    text = LINES + SPAN + header + chart + "\n\n"
    assert sessions(ga4(tmp_path, text + SPAN + HEADER + ROWS)) == (2, 160)
    with pytest.raises(BadFileError, match="found the chart of a report page"):
        ga4(tmp_path, text)


def test_a_table_with_more_columns_than_the_first_is_no_table_of_totals(tmp_path):
    # so far down that it is not among the rows in which headers are searched
    rows = "".join(f"channel {number:0500},1\n" for number in range(300))
    second = "\n" + HEADER + "".join(f"channel {number:0500},1,1,0,0\n" for number in range(300))
    with pytest.raises(BadFileError, match="found a blank row and something below it"):
        ga4(tmp_path, LINES + SPAN + HEADER.split(",", maxsplit=1)[0] + ",Sessions\n" + rows + second)

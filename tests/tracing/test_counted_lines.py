"""From a line of an export to the issued cards that count it, whichever load they were made of."""

from __future__ import annotations

import csv
import io

import pytest

from scoring.canonical import from_json
from tests.pipeline.exports import ADS, ANSWERS, RATES, ads, answers, change
from tests.tracing.test_row_differences import revised

__all__ = ["revised"]

ROWS = ads().splitlines()
FOURTH = ROWS.index("2026-10-04,Lamps,201,Core,2011,USD,900,17,9.18,1.00,40.00") + 1


@pytest.fixture
def line(command):
    """What the program says of a line, without where its own lines end."""

    def run(place, file, number, code=0):
        done = command(place, "trace", "--file", file, "--line", number)
        assert done.code == code, done.err
        return " ".join((done.out + done.err).split())

    return run


def test_the_cards_that_count_a_line_are_named_with_what_it_brings_in(issued, line):
    said = line(issued, ADS, FOURTH)
    assert (
        f"{ADS}, line {FOURTH} google_ads/shop 2026-10, landed 2026-11-03 05:00:00 UTC: the loaded version"
        in said
    )
    assert "activity_date 2026-10-04, campaign_id 201" in said
    assert "of north" in said
    assert "2026-10/north/r1 cost_per_click ad_spend 9.18 USD" in said
    assert "2026-10/north/r1 cost_per_click ad_clicks 17" in said
    assert "2026-10/north/r1 clicks ad_clicks 17" in said
    assert "south" not in said


def test_every_card_counts_its_share_of_a_shared_line(issued, line):
    said = line(issued, ANSWERS, 2)
    assert "of north, south" in said
    assert "1 × share 0.6" in said.partition("2026-10/south")[0]
    assert "1 × share 0.4" in said.partition("2026-10/south")[2]


def test_what_the_lines_bring_in_adds_up_to_the_card(issued, line, trace_rows):
    """Asked line by line, the file gives what the trace of the figure gives at once."""
    of_card = {int(row["lines"]) for row in trace_rows(issued, "2026-10/north/r1", "nps")}
    counted = set()
    for number in range(1, len(answers().splitlines()) + 1):
        if "2026-10/north/r1 nps" in line(issued, ANSWERS, number):
            counted.add(number)
    assert counted == of_card


@pytest.fixture
def trace_rows(command):
    def run(place, issue, kpi):
        file = place.root / "traced.csv"
        assert command(place, "trace", issue, kpi, "--csv", file).code == 0
        return [*csv.DictReader(io.StringIO(file.read_text("utf-8-sig")))]

    return run


def test_a_card_of_a_later_load_does_not_count_the_line_of_the_earlier_one(revised, line):
    said = line(revised, ADS, FOURTH)
    old, new = said.split(f"{ADS}, line {FOURTH} ")[1:]
    if "REPLACED" in new:
        old, new = new, old
    assert "loaded once, REPLACED since" in old
    assert "clicks 17" in old
    assert "2026-10/north/r1 clicks ad_clicks 17" in old
    assert "2026-10/north/r2 clicks" not in old
    assert "not counted by 2026-10/north/r2: made of the load landed" in old
    assert f"where the row is another, in line {FOURTH}" in old
    assert "the loaded version" in new
    assert "2026-10/north/r2 clicks ad_clicks 16" in new
    assert "not counted by 2026-10/north/r1" in new


def test_a_line_whose_row_is_gone_says_so(revised, line):
    number = ROWS.index("2026-10-05,Lamps,202,Core,2021,USD,900,17,9.18,1.00,40.00") + 1
    said = line(revised, ADS, number)
    assert (
        "not counted by 2026-10/north/r2: made of the load landed 2026-11-03 05:00:00 UTC, which does not have the row"
        in said
    )


@pytest.mark.parametrize("number", [1, 3, len(ROWS), len(ROWS) + 40])
def test_headers_totals_and_what_is_below_the_file_count_nowhere(issued, line, number):
    said = line(issued, ADS, number)
    assert "no row that counts: above or in the header, a total, or set aside" in said
    assert "counted by" not in said


def test_a_quote_is_counted_by_the_figures_of_foreign_money(issued, line):
    said = line(issued, RATES, 2)
    assert "2026-10/north/r1 cost_per_click ad_spend its rate" in said
    assert "nps" not in said


def test_a_quarantined_line_says_why(place, line):
    change(
        place.root / "config/sources.yaml",
        lambda text: text.replace(
            'files: ["answers {month}.csv"]', 'files: ["answers {month}.csv"]\n      quarantine: 1'
        ),
    )
    change(place.export(ANSWERS), lambda text: text.replace("Service,3,", "Service,many,"))
    place.cards()
    said = line(place, ANSWERS, 7)
    assert "quarantined: column 'Score (0-10)': expected a whole number such as 1234, found 'many'" in said


def test_a_file_that_never_came_is_one_sentence(issued, line):
    said = line(issued, "ads 2025-01.csv", 5, code=2)
    assert (
        "--file: expected an export that was landed, found none called 'ads 2025-01.csv' (did you mean ads 20"
        in said
    )


@pytest.mark.parametrize(
    "words",
    [(), ("--file", ADS), ("--line", 3), ("2026-10/north/r1",), ("2026-10/north/r1", "nps", "--file", ADS),
     ("--file", ADS, "--line", 3, "--rows")],
)  # fmt: skip
def test_half_of_each_is_refused(issued, command, words):
    done = command(issued, "trace", *words)
    assert done.code == 2
    assert "trace: expected ISSUE and KPI, or --file and --line alone" in done.err


def test_the_figures_named_are_figures_of_the_card(issued, line):
    said = line(issued, ADS, FOURTH)
    (north, _) = (from_json(issue.card_json) for issue in issued.issues())
    of_ads = {line.kpi_id for line in north.results if any("ad_" in one.name for one in line.measures)}
    assert {kpi for kpi in ("clicks", "cost_per_click", "nps") if f"r1 {kpi} " in said} == of_ads


def test_a_swapped_line_is_known_by_what_it_is_and_not_by_where_it_stands(issued, line):
    """The first row moved to the end of the table: the same row is counted in its new line."""
    first = ROWS[3]
    moved = [*ROWS[:3], *ROWS[4:-1], first, ROWS[-1]]
    change(issued.export(ADS), lambda _: "\n".join(moved) + "\n")
    issued.run(send=False)
    said = line(issued, ADS, len(ROWS) - 1)
    assert "activity_date 2026-10-01, campaign_id 201" in said

"""What moved a figure on an issued card: by member, from the rows that the card was made of."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import reports.pdf
from ledger import Ledger
from pipeline.steps import Steps
from scoring.drivers.effects import Amounts, Moved, mix_and_rate, together, volume_mix_and_rate
from scoring.errors import DataError, UsageError
from scoring.period import Period
from scoring.working import Reason
from terminal.tracing.drivers import print_drivers
from tests.pipeline.conftest import NOW, Place, new_place, take
from tests.pipeline.exports import ADS, OCTOBER, ads, change, write_month
from tracing.driving import Against, drivers_of, subject_of

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "ads_warehouse_tables"
CPC = ("drivers", "--period", "2026-10", "--team", "north", "--kpi", "cost_per_click")


def cheaper_stands(text):
    """Campaign 202 with another name, 30 clicks for 10.80 dollars a day, and totals to match."""
    rows = [*csv.reader(io.StringIO(text))]
    for row in rows[3:-1]:
        if row[2] == "202":
            row[1], row[7], row[8] = "Stands", "30", "10.80"
    rows[-1][7] = str(sum(int(row[7]) for row in rows[3:-1]))
    rows[-1][8] = str(sum(Decimal(row[8]) for row in rows[3:-1]))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


@pytest.fixture(scope="module")
def two_months(tmp_path_factory):
    """September with campaigns 201 and 203, October with 201 and 202; and then October's cards."""
    place = new_place(tmp_path_factory.mktemp("two"))
    change(place.root / "config" / "teams.yaml", lambda text: text.replace('"202"]', '"202", "203"]'))
    change(place.root / "config/kpis/cost_per_click.yaml", lambda text: text + "drivers: true\n")
    days = tuple(Period(2026, 9).days())
    write_month(place.root / "exports", Period(2026, 9))
    place.export("ads 2026-09.csv").write_text(ads(days, ("201", "203")), "utf-8")
    change(place.export(ADS), cheaper_stands)
    with pytest.MonkeyPatch.context() as patch:
        # what the pages look like is nothing to these tests, and drawing them takes longer than all else
        patch.setattr(reports.pdf, "html_to_pdf", lambda html, files: b"%PDF-1.7")
        place.run("north", send=False)
    return place


@pytest.fixture
def drivers(two_months, command):
    """What the program says, without where its lines end, and with `--json` what it gives to programs."""

    def run(*options, of=CPC, place=two_months, code=0):
        done = command(place, *of, *options)
        assert done.code == code, done.err
        if "--json" in options:
            return json.loads(done.out)
        assert max(map(len, done.out.splitlines()), default=0) <= 80
        return " ".join((done.out + done.err).split())

    return run


def parts_of(split):
    """What each line did in all, by its name; empty where it is about no member."""
    kinds = ("effect", "volume", "mix", "rate")
    return {
        line.get("name", line.get("measure")): sum(Decimal(line[kind]) for kind in kinds if kind in line)
        for line in split["lines"]
    }


def test_campaigns_are_told_apart_and_their_parts_sum_to_the_change_as_printed(drivers):
    said = drivers()
    for expected in (
        "Cost per click (cost_per_click) · Marketing North 2026-10/north/r1, issue 1, short id ",
        "against 2026-09 as 2026-10/north/r1 shows it 0.5000 EUR to 0.3936 EUR: -0.1064 EUR, -21.3 %, better",
        "Ad clicks 1,020 1,457 -0.1593 Ad spend 510.00 EUR 573.50 EUR +0.0529 change -0.1064",
        "Stands (new) – 0.3333 EUR -0.0724 0.0000 -0.0724 "
        "Lamps (203) (ended) 0.5000 EUR – -0.0266 0.0000 -0.0266 "
        "Lamps (201) 0.5000 EUR 0.5000 EUR -0.0074 0.0000 -0.0074 change -0.1064 0.0000 -0.1064",
        "Stands (new) 0.00 EUR 310.00 EUR +415.53 -105.53 0.00 +310.00",
        "change +195.26 -131.76 0.00 +63.50",
        "Mix: who has more or less of the whole, also new or ended.",
    ):
        assert expected in said


def test_the_card_says_the_same_to_the_last_digit(drivers, two_months):
    subject = subject_of(two_months.open(), OCTOBER, "north", "cost_per_click")
    said = drivers()
    for part in subject.result.drivers.members:
        assert f"{part.mix:+} {part.rate}.0000 {part.effect:+} " in said
    for part in subject.result.drivers.measures:
        assert f" EUR {part.effect:+} " in said or f" 1,457 {part.effect:+} " in said


def test_without_a_terminal_no_line_is_folded(two_months, monkeypatch, capsys):
    monkeypatch.delenv("COLUMNS", raising=False)
    subject = subject_of(two_months.open(), OCTOBER, "north", "cost_per_click")
    print_drivers(drivers_of(two_months.open(), subject, Against.PREVIOUS))
    titles = [line for line in capsys.readouterr().out.splitlines() if " by campaign, in EUR " in line]
    assert [title.split()[-1] for title in titles] == ["together", "together"]


def test_programs_get_parts_that_sum_to_the_change_exactly(drivers):
    found = drivers("--json")
    assert (found["card"], found["against"], found["against_shown_by"]) == (
        "2026-10/north/r1",
        "2026-09",
        "2026-10/north/r1",
    )
    assert (found["before"], found["rows"]) == ("0.5", "of today")
    change_in = Decimal("0.393617021277") - Decimal("0.5")
    of_measures, of_campaigns = parts_of(found["by_measure"]), parts_of(found["by_member"][0])
    assert sum(of_measures.values()) == sum(of_campaigns.values()) == change_in
    assert Decimal(found["by_measure"]["change"]) == change_in
    above = found["by_member"][1]
    assert sum(parts_of(above).values()) == Decimal(above["change"]) == Decimal("63.5")
    (new,) = [line for line in found["by_member"][0]["lines"] if line["is_new"]]
    assert (new["by"], new["member"], new["name"]) == ("campaign", ["google_ads", "shop", "202"], "Stands")
    assert (new["before"], new["rate"], new["has_ended"]) == (None, "0", False)


def test_parts_are_of_what_is_asked_for(drivers):
    by_key = drivers("--json", "--by", "key")["by_member"][0]["lines"]
    assert [line["member"][-1] for line in by_key] == ["201", "202", "203"]
    for by, member in (("channel", ["google_ads"]), ("account", ["google_ads", "shop"])):
        (line,) = drivers("--json", "--by", by)["by_member"][0]["lines"]
        assert (line["by"], line["member"], Decimal(line["mix"])) == (by, member, 0)
        assert Decimal(line["rate"]) == Decimal("-0.106382978723")


def test_a_sum_has_contributions_alone(drivers):
    said = drivers(of=(*CPC[:-1], "clicks"))
    assert "1,020 to 1,457: +437, +42.8 %, better" in said
    assert "Stands (new) 0 930 +930" in said
    assert "change +437" in said
    assert "mix" not in said


def test_a_kpi_of_answers_is_told_apart_by_survey_and_not_by_campaign(drivers):
    nps = (*CPC[:-1], "nps")
    found = drivers("--json", of=nps)
    assert [line["member"] for line in found["by_member"][0]["lines"]] == [["survey", "panel", "Service"]]
    said = drivers("--by", "campaign", of=nps, code=2)
    assert said == (
        "scorewright: --by: expected one of key, channel, account for nps, found campaign, which the rows of "
        "fct_survey_response do not have."
    )


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            ("--against", "last-year"),
            "expected a figure of 2025-10 to compare with, found none on 2026-10/north/r1; a card of 2025-10 would "
            "show it.",
        ),
        (("--revision", "7"), "issue 2026-10/north/r7: expected an issue of this ledger, found none"),
    ],
)
def test_what_is_not_there_is_refused_in_a_sentence(drivers, options, expected):
    assert expected in drivers(*options, code=2)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("", "expected a KPI with a formula, found one that is judged"),
        ("ad_spend * ad_clicks", "found ad_spend * ad_clicks, which nobody has a part of"),
    ],
)
def test_a_figure_without_parts_is_refused(two_months, formula, expected):
    site = two_months.open()
    subject = subject_of(site, OCTOBER, "north", "cost_per_click")
    other = replace(subject, result=replace(subject.result, formula=formula))
    with pytest.raises(UsageError, match=re.escape(expected)):
        drivers_of(site, other, Against.PREVIOUS)


def test_a_figure_that_is_not_there_is_not_explained(two_months):
    site = two_months.open()
    subject = subject_of(site, OCTOBER, "north", "cost_per_click")
    none = replace(subject, result=replace(subject.result, actual=None, reason=Reason.NO_DATA))
    with pytest.raises(UsageError, match=r"expected a figure on the card, found none \(no_data\)"):
        drivers_of(site, none, Against.PREVIOUS)


@pytest.fixture
def moved_on(two_months, tmp_path):
    """The same place after other exports of both months were loaded, without new cards."""
    place = Place(shutil.copytree(two_months.root, tmp_path / "place"))
    change(place.export("ads 2026-09.csv"), lambda text: text.replace("Lamps", "Lights"))
    change(place.export(ADS), lambda _: ads(campaigns=("201",)))
    for month in (Period(2026, 9), OCTOBER):
        take(place.open(), "google_ads", month, now=NOW + timedelta(days=1))
        Steps().measure(place.open(), month)
    return place


def test_a_card_is_explained_by_the_data_that_it_was_made_of_even_without_a_warehouse(drivers, moved_on):
    before, now = drivers("--json"), drivers("--json", place=moved_on)
    assert (before.pop("rows"), now.pop("rows")) == ("of today", "of the card")
    assert now == before
    (moved_on.home / "warehouse.duckdb").unlink()
    said = drivers(place=moved_on)
    assert "0.5000 EUR to 0.3936 EUR: -0.1064 EUR, -21.3 %, better" in said
    assert "These are not today's rows: they are of the files and the book that the card was made of." in said


def test_a_card_is_explained_with_the_owners_of_its_own_book(drivers, two_months, tmp_path):
    place = Place(shutil.copytree(two_months.root, tmp_path / "place"))
    change(place.root / "config" / "teams.yaml", lambda text: text.replace('"202", ', ""))
    Steps().measure(place.open(), OCTOBER)
    Steps().measure(place.open(), Period(2026, 9))
    before, now = drivers("--json"), drivers("--json", place=place)
    assert (before.pop("rows"), now.pop("rows")) == ("of today", "of the card")
    assert now == before


def test_rows_that_do_not_make_the_figures_of_the_card_are_never_shown(two_months):
    site = two_months.open()
    subject = subject_of(site, OCTOBER, "north", "cost_per_click")
    first, *rest = subject.result.measures
    other = replace(
        subject, result=replace(subject.result, measures=(replace(first, value=Decimal(1)), *rest))
    )
    with pytest.raises(
        DataError, match=r"found ad_spend 573\.5 of 2026-10 instead of 1, also with the files"
    ):
        drivers_of(site, other, Against.PREVIOUS)
    trend = tuple(replace(point, actual=Decimal(7)) for point in subject.result.history)
    changed = replace(subject.result, history=trend)
    card = replace(subject.card, areas=tuple(_with(area, changed) for area in subject.card.areas))
    with pytest.raises(DataError, match=r"found the figure 0\.5 of 2026-09 instead of 7, also with"):
        drivers_of(site, replace(subject, card=card, result=changed), Against.PREVIOUS)


def _with(area, changed):
    results = (changed if result.kpi_id == changed.kpi_id else result for result in area.results)
    return replace(area, results=tuple(results))


def test_a_period_that_this_card_does_not_show_is_taken_from_its_own_card(two_months, monkeypatch):
    site = two_months.open()
    subject = subject_of(site, OCTOBER, "north", "cost_per_click")
    short = replace(subject.result, history=subject.result.history[-1:])
    card = replace(subject.card, areas=tuple(_with(area, short) for area in subject.card.areas))
    # any card whose trend has September; September's own would be one
    shows = replace(subject.issue, period="2026-09", revision=4)
    monkeypatch.setattr(Ledger, "latest_revision", lambda *_: shows)
    found = drivers_of(site, replace(subject, card=card, result=short), Against.PREVIOUS)
    assert (found.shown_by, found.before) == ("2026-09/north/r4", Decimal("0.5"))


TABLES = {
    "facebook_ads_basic_ad": ("ad_id", "date", "spend", "inline_link_clicks"),
    "linkedin_ad_analytics_by_campaign": ("campaign_id", "day", "cost_in_local_currency", "clicks"),
    "microsoft_ads_campaign_performance_daily_report": ("campaign_id", "date", "spend", "clicks"),
    "microsoft_ads_keyword_performance_daily_report": ("keyword_id", "date", "spend", "impressions"),
    "tiktok_campaign_report_hourly": ("campaign_id", "stat_time_hour", "spend", "impressions"),
}


@pytest.mark.parametrize("name", TABLES)
def test_parts_sum_to_the_change_in_tables_of_real_warehouses(name):
    path = DATA / f"{name}_data.csv"
    if not path.exists():
        pytest.skip("no real tables beside this checkout")
    member, day, *amounts = TABLES[name]
    with path.open(encoding="utf-8", newline="") as file:
        rows = [{column.lower(): value for column, value in row.items()} for row in csv.DictReader(file)]
    days = sorted({row[day] for row in rows})
    found = defaultdict(lambda: [Fraction(0)] * 4)
    for row in rows:
        place = 2 * (row[day] >= days[len(days) // 2])
        for offset, column in enumerate(amounts):
            found[row[member]][place + offset] += Fraction(row[column] or 0)
    moved = [Moved(Amounts(*of[:2]), Amounts(*of[2:])) for _, of in sorted(found.items())]
    whole = together(moved)
    assert len(moved) > 1
    assert sum(map(sum, volume_mix_and_rate(moved))) == whole.above
    assert whole.before.rate != whole.now.rate
    assert sum(map(sum, mix_and_rate(moved))) == whole.now.rate - whole.before.rate

"""What is worth a look and stops nothing."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from book import load_book, read_book
from book.files.target_cells import COLUMNS
from tests.book.books import VALID
from tests.pipeline.exports import change

HEADER = ",".join([*COLUMNS, "agreed_on", "per"])
TODAY = date(2026, 3, 1)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The valid book, to be changed."""
    return shutil.copytree(VALID, tmp_path / "config")


def warnings(config: Path, today: date = TODAY) -> list[str]:
    """What is warned of; the book itself is sound and is loaded."""
    assert read_book(config).faults == ()
    assert load_book(config).targets
    return [str(warning) for warning in read_book(config).warnings(today)]


def write(config: Path, rows: list[str]) -> None:
    (config / "targets/2026.csv").write_text("\n".join([HEADER, *rows]), "utf-8")


def row(
    kpi: str, weight: str, days: str = "2026-01-01,2027-01-01", more: str = ",", team: str = "north"
) -> str:
    return f"{team},{kpi},{days},1,{weight},T. Lind,Plan,{more}"


def test_the_valid_book_has_a_heavy_kpi_on_a_small_card(config):
    assert warnings(config) == [
        "targets/2026.csv:2: north clicks: expected a weight from 5 to 40, found 50; check whether that is intended",
        "targets/2026.csv:7: south nps: expected a weight from 5 to 40, found 60; check whether that is intended",
        "targets/2026.csv:8: south: expected 3 to 15 KPIs on a card, found 2 from 2026-01-01 on; "
        "check whether that is intended",
    ]


def test_what_is_past_is_not_warned_of(config):
    on_the_last_day = warnings(config, date(2026, 6, 30))
    assert any("north clicks" in warning for warning in on_the_last_day)
    assert not any("north" in warning for warning in warnings(config, date(2026, 7, 1)))
    assert not any("weight" in warning for warning in warnings(config, date(2027, 1, 1)))


def test_days_for_which_a_team_has_no_targets_any_more_or_not_yet_are_named(config):
    said = "targets/2026.csv:{}: {}: expected targets, found none {}, so there is no card of these days; add rows, "
    said += "or leave it if that is intended"
    assert warnings(config, date(2027, 1, 1)) == [
        said.format(5, "north", "from 2027-01-01 on"),
        said.format(8, "south", "from 2027-01-01 on"),
    ]
    assert said.format(5, "north", "before 2026-01-01") in warnings(config, date(2025, 12, 31))
    (config / "targets/quarters.csv").write_text(
        f"{HEADER}\n{row('clicks', '100', '2026-01-01,2026-04-01', more=',quarter')}\n"
    )
    ended = "targets/quarters.csv:2: north per quarter: expected targets, found none from 2026-04-01 on"
    assert any(warning.startswith(ended) for warning in warnings(config, date(2026, 4, 1)))
    assert not any(warning.startswith(ended) for warning in warnings(config, date(2026, 3, 31)))


@pytest.mark.parametrize(("today", "is_warned"), [(date(2028, 1, 1), True), (date(2028, 1, 2), False)])
def test_a_team_without_targets_for_more_than_a_year_is_taken_for_dissolved(config, today, is_warned):
    assert any("from 2027-01-01 on" in warning for warning in warnings(config, today)) is is_warned


@pytest.mark.parametrize(
    ("first", "begins"),
    [
        (row("clicks", "40"), "absolute from 2026-01-01 on"),
        (row("clicks", "40", "2025-05-01,2027-01-01"), "absolute from 2026-01-01 on"),
        (row("clicks", "40", "2026-03-01,2026-08-01"), "absolute from 2026-03-01 on"),
        # one that ended with the year before, of the same kind, or begins no earlier
        (row("clicks", "40", "2025-01-01,2026-01-01"), None),
        (row("clicks", "40", more="cumulative,"), None),
        (row("clicks", "40", "2026-08-01,2027-01-01"), None),
        (row("nps", "40"), None),
    ],
)
def test_a_cumulative_row_beside_an_earlier_one_of_another_kind_is_warned_of(config, first, begins):
    text = ",".join([*COLUMNS, "kind", "agreed_on", "per"])
    rows = [first.replace("Plan,,", "Plan,,,").replace("Plan,cumulative,", "Plan,cumulative,,")]
    rows += ["north,clicks,2026-08-01,2027-01-01,400,40,T. Lind,Plan,cumulative,2026-07-15,"]
    (config / "targets/2026.csv").write_text("\n".join([text, *rows]), "utf-8")
    found = [one for one in map(str, read_book(config).warnings(TODAY)) if "one kind in a year" in one]
    assert len(found) == (begins is not None)
    if begins:
        assert found[0].startswith("targets/2026.csv:3: north clicks: expected rows of one kind in a year")
        assert f"found cumulative from 2026-08-01 on and {begins}, so the number" in found[0]
    assert not [one for one in map(str, read_book(config).warnings(date(2027, 1, 1))) if "one kind" in one]


@pytest.mark.parametrize(("today", "count"), [(date(2027, 6, 30), 0), (date(2027, 7, 1), 4)])
def test_a_review_date_has_passed_the_day_after(config, today, count):
    found = [warning for warning in warnings(config, today) if "review_date" in warning]
    assert len(found) == count
    if count:
        assert found[0] == (
            "kpis/clicks.yaml:19: review_date: expected a day that is still to come, found 2027-06-30; "
            "review the definition and set the next day"
        )


@pytest.mark.parametrize(
    ("weights", "warned"),
    [(("5", "40", "40", "15"), []), (("4.99", "40.01", "40", "15"), ["found 4.99;", "found 40.01;"])],
)
def test_a_weight_on_the_edge_is_not_odd(config, weights, warned):
    kpis = ("clicks", "cost_per_click", "nps", "responses")
    write(config, [*(row(kpi, weight) for kpi, weight in zip(kpis, weights, strict=True)), *_south()])
    found = [warning for warning in warnings(config) if " north " in warning]
    assert [any(part in line for line in found) for part in warned] == [True] * len(warned)
    assert len(found) == len(warned)


def _south() -> list[str]:
    return [row("nps", "60", team="south"), row("responses", "40", team="south")]


def test_only_what_is_in_force_counts(config):
    rows = [
        row("clicks", "34"),
        row("cost_per_click", "33"),
        row("nps", "33"),
        row("clicks", "67", "2026-07-01,2027-01-01", "2026-06-01,"),
        row("nps", "0", "2026-07-01,2027-01-01", "2026-06-01,"),
        *_south(),
    ]
    write(config, rows)
    assert [warning for warning in warnings(config) if " north" in warning] == [
        "targets/2026.csv:5: north clicks: expected a weight from 5 to 40, found 67; check whether that is intended",
        "targets/2026.csv:5: north: expected 3 to 15 KPIs on a card, found 2 from 2026-07-01 on; "
        "check whether that is intended",
    ]


def test_a_card_of_another_length_of_period_is_named_by_it(config):
    write(
        config,
        [*_south(), row("nps", "100", more=",year", team="south"), row("clicks", "34"), row("nps", "66")],
    )
    assert any(
        "south per year: expected 3 to 15 KPIs on a card, found 1" in line for line in warnings(config)
    )


def test_more_than_fifteen_kpis_are_many(config):
    source = (config / "kpis/clicks.yaml").read_text("utf-8")
    for n in range(16):
        (config / f"kpis/clicks_{n}.yaml").write_text(
            source.replace("id: clicks", f"id: clicks_{n}"), "utf-8"
        )
    write(config, [*(row(f"clicks_{n}", "6.25") for n in range(16)), *_south()])
    assert [line for line in warnings(config) if " north" in line] == [
        "targets/2026.csv:17: north: expected 3 to 15 KPIs on a card, found 16 from 2026-01-01 on; "
        "check whether that is intended"
    ]


def test_a_book_that_cannot_be_read_has_no_warnings(tmp_path):
    assert read_book(tmp_path / "nowhere").warnings(TODAY) == []


@pytest.mark.parametrize(
    ("until", "period"),
    [("2026-10-31", "2026-10"), ("2026-10-02", "2026-10"), ("2026-11-01", None), ("2027-01-01", None)],
)
def test_targets_that_end_within_a_month_leave_it_without_a_card(config, until, period):
    days = f"2026-01-01,{until}"
    north = [row(kpi, "33.3", days) for kpi in ("clicks", "cost_per_click")] + [row("nps", "33.4", days)]
    write(config, [*north, row("nps", "100", team="south")])
    said = [warning for warning in warnings(config) if "has no card" in warning]
    assert said == ([] if period is None else [
        f"targets/2026.csv:4: north: expected targets up to the end of a month, found none from {until} on, so "
        f"{period} has no card; valid_until is the first day that no longer counts, 2026-11-01 for all of {period}"
    ])  # fmt: skip


def test_targets_that_end_within_a_month_leave_it_scored_by_days_where_the_book_says_so(config):
    grading = config / "grading.yaml"
    grading.write_text(grading.read_text("utf-8") + "\npart_period: calendar_days\n", "utf-8")
    write(config, [row("nps", "100", "2026-01-01,2026-10-31"), row("nps", "100", team="south")])
    (said,) = [warning for warning in warnings(config) if "expected targets up to the end" in warning]
    assert "so 2026-10 is scored by the days before alone; valid_until is" in said


@pytest.mark.parametrize(
    ("formula", "target", "meant"),
    [
        ("ad_conversions / ad_clicks", "3", "which is 300 %; write 0.03 if 3 % is meant"),
        ("ad_conversions / ad_clicks", "1.2", None),
        ("(ad_revenue - ad_spend) / ad_spend", "4.2", None),
        ("(ad_revenue - ad_spend) / ad_spend", "12.5", "which is 1,250 %; write 0.125 if 12.5 % is meant"),
        ("ad_clicks / ad_impressions", "1", None),
    ],
)
def test_a_percentage_that_is_most_likely_a_hundred_times_too_high_is_shown_both_ways(
    config, formula, target, meant
):
    kpi = config / "kpis/clicks.yaml"
    text = kpi.read_text("utf-8").replace("unit: count", "unit: percent")
    kpi.write_text(text.replace("formula: ad_clicks", f"formula: {formula}"), "utf-8")
    clicks = row("clicks", "40").replace(",1,40,", f",{target},40,")
    write(config, [clicks, row("cost_per_click", "30"), row("nps", "30"), row("nps", "100", team="south")])
    shutil.rmtree(config / "okrs")
    said = [warning for warning in warnings(config) if "fraction" in warning]
    assert said == ([] if meant is None else [
        f"targets/2026.csv:2: north clicks: expected a fraction as target, found {target}, {meant}"
    ])  # fmt: skip


def without_rates(config: Path) -> str:
    sources = (config / "sources.yaml").read_text("utf-8")
    (config / "sources.yaml").write_text(sources[: sources.index("fx_rates:")], "utf-8")
    return sources


def test_amounts_in_a_foreign_currency_want_a_source_of_rates(config):
    sources = without_rates(config)
    (warning,) = (each for each in warnings(config) if "sources.yaml" in each)
    assert warning == (
        "sources.yaml:5: google_ads.shop: amounts in USD need rates to EUR: expected a source fx_rates, found "
        "none, so cards with such amounts are held; add "
        '`fx_rates: {accounts: [{entity: ecb, files: ["fx/eurofxref-hist.csv"]}]}`, with a table that quotes both '
        "in exports/fx/, or correct the currency"
    )
    # what it says to add is what helps
    rates = yaml.safe_load(warning.split("`")[1])
    (config / "sources.yaml").write_text(
        sources[: sources.index("fx_rates:")] + yaml.safe_dump(rates), "utf-8"
    )
    assert not any("rates" in each for each in warnings(config))


@pytest.mark.parametrize(
    ("before", "after"), [("currency_code: USD", "currency_code: EUR"), ("      currency_code: USD\n", "")]
)
def test_a_book_in_one_currency_wants_none(config, before, after):
    without_rates(config)
    text = (config / "sources.yaml").read_text("utf-8")
    (config / "sources.yaml").write_text(text.replace(before, after), "utf-8")
    assert not any("rates" in each for each in warnings(config))


def test_a_currency_of_an_account_without_amounts_wants_none(config):
    without_rates(config)
    text = (config / "sources.yaml").read_text("utf-8").replace("USD", "EUR")
    text = text.replace("    - entity: panel\n", "    - entity: panel\n      currency_code: SEK\n")
    (config / "sources.yaml").write_text(text, "utf-8")
    assert not any("rates" in each for each in warnings(config))


def test_runs_for_which_no_team_has_rows_are_named(config):
    calendar = config / "calendar.yaml"
    text = calendar.read_text("utf-8")
    calendar.write_text(f"{text}quarterly: {{due: working day 3 at 06:00}}\n", "utf-8")
    (told,) = (line for line in warnings(config) if "calendar.yaml" in line)
    assert told.endswith(
        "quarterly: expected a team with target rows per quarter, found none from 2026-03-01 on, so its runs "
        "make no card; add rows with that `per`, or remove it"
    )
    quarters = f"{HEADER}\n{row('nps', '100', more=',quarter', team='south')}\n"
    (config / "targets/quarters.csv").write_text(quarters, "utf-8")
    assert not any("calendar.yaml" in line for line in warnings(config))


def _with_a_head(config: Path, rows: list[str]) -> list[str]:
    """What is warned of in teams.yaml, of two teams with the same KPIs and a department with others."""
    change(config / "organisation.yaml", lambda text: text + "departments:\n  up: {en: Up, zh_CN: 北方}\n")
    change(config / "teams.yaml", _in_one_department)
    each = [row(kpi, "50", team=team) for kpi in ("nps", "responses") for team in ("north", "south")]
    write(config, [*each, *rows])
    return [line for line in warnings(config) if "teams.yaml" in line]


def _in_one_department(text: str) -> str:
    for team in ("north", "south"):
        text = text.replace(f"{team}:\n", f"{team}:\n  department: up\n", 1)
    return (
        f"{text}up:\n  name: {{en: All, zh_CN: 全部}}\n  manager: {{name: Hal, email: hal@lantern.example}}\n"
        "  of: [up]\n"
    )


def test_a_department_without_a_target_that_all_its_teams_have_is_named(config):
    (told,) = _with_a_head(config, [row("nps", "100", team="up")])
    assert (
        "up: expected target rows of its own for responses, as each of its teams has (north, south), found none"
    ) in told
    assert "never the sum of its teams'" in told


def test_a_department_with_all_targets_of_its_teams_is_not_named(config):
    assert _with_a_head(config, [row(kpi, "50", team="up") for kpi in ("nps", "responses")]) == []

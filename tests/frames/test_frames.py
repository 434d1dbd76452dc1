"""Frames hold the very numbers of the cards, with their types, and the how-to runs as it stands."""

from __future__ import annotations

import re
from decimal import Decimal

import pandas as pd
import pytest

import frames
from ledger import migrate_ledger
from pipeline.inputs.figures import gather_figures
from scoring.arithmetic import round_half_up
from scoring.canonical import from_json
from scoring.errors import UsageError
from settings import ROOT
from tests.pipeline.conftest import place, unsent  # noqa: F401 - installations to look at
from tests.pipeline.exports import OCTOBER

HOW_TO = ROOT / "docs/how-to/analyse-in-a-notebook.md"


@pytest.fixture
def site(unsent):  # noqa: F811
    return unsent.open()


@pytest.fixture
def issued(site):
    return {issue.team_id: from_json(issue.card_json) for issue in site.ledger.latest_revisions("2026-10")}


def test_each_issued_card_is_a_row_with_its_total(site, issued):
    found = frames.cards(site)
    assert dict(zip(found["team_id"], found["total"], strict=True)) == {
        team_id: card.total for team_id, card in issued.items()
    }
    assert set(found["revision"]) == {1}
    assert found["issued_at"].dt.tz is not None


def test_each_line_of_a_card_is_a_row_with_its_exact_numbers(site, issued):
    found = frames.scores(site, "2026-10").set_index(["team_id", "kpi_id"])
    results = {(card.team_id, result.kpi_id): result for card in issued.values() for result in card.results}
    assert set(found.index) == set(results)
    for key, result in results.items():
        row = found.loc[key]
        assert (row["weight"], row["score"]) == (result.weight, result.score)
        assert row["actual"] == round_half_up(result.actual, 18)
        assert row["attainment"] == round_half_up(result.attainment, 18)


def test_the_points_that_the_kpis_of_a_team_lost_are_those_that_its_total_lacks(site, issued):
    found = frames.scores(site, "2026-10")
    found["lost"] = found["effective_weight"] - found["points"]
    for team_id, lost in found.groupby("team_id")["lost"].sum().items():
        assert float(lost) == pytest.approx(float(100 - issued[team_id].total), abs=0.05)


def test_no_number_is_a_float_and_a_missing_one_is_missing(site):
    found = frames.targets(site)
    assert not [name for name, kind in found.dtypes.items() if str(kind).startswith("float")]
    assert all(isinstance(value, Decimal) for value in found["weight"])
    assert found["agreed_on"].isna().any() or found["agreed_on"].notna().all()


def test_measures_are_those_that_the_cards_are_made_of(site):
    known = gather_figures(site, [OCTOBER]).measures
    found = frames.measures(site, "2026-10", "2026-10")
    assert len(found) > 5
    for row in found.itertuples():
        assert known[row.team_id][OCTOBER, row.measure] == row.value


def test_the_source_rows_of_a_measure_sum_to_it(site, issued):
    for card in issued.values():
        for result in card.results:
            rows = frames.source_rows(site, f"2026-10/{card.team_id}/r1", result.kpi_id)
            for measure in result.measures:
                parts = rows[rows["measure"] == measure.name]["part"]
                assert sum(parts, Decimal(0)) == (measure.value or 0)


def test_without_any_row_the_columns_are_there_with_their_types(place, site):  # noqa: F811
    empty = place.open()
    empty.settings.home.mkdir()
    migrate_ledger(empty.settings.ledger_url)
    for make in (frames.cards, frames.scores):
        assert len(make(empty)) == 0
        assert make(empty).dtypes.equals(make(site).dtypes)
        assert all(isinstance(kind, pd.ArrowDtype) for kind in make(empty).dtypes)


def test_what_is_no_period_is_refused(site):
    with pytest.raises(UsageError, match="2026-13"):
        frames.cards(site, "2026-13")


def test_the_how_to_runs_as_it_stands(site, monkeypatch):
    monkeypatch.setattr("pipeline.site.open_site", lambda: site)
    names: dict[str, object] = {}
    blocks = re.findall(r"```python\n(.*?)```", HOW_TO.read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 7
    for block in blocks:
        exec(block, names)  # noqa: S102 - our own page
    assert names["worst"]["lost"].iloc[0] >= names["worst"]["lost"].iloc[-1]
    assert not names["by_account"].empty

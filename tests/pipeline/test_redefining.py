"""The id of a KPI that was issued is never given another meaning."""

from __future__ import annotations

import re
import shutil

import pytest

from pipeline.inputs.redefinitions import redefinitions, refuse_redefined
from scoring.errors import BookError
from tests.pipeline.command import here


@pytest.fixture
def edited(unsent, tmp_path):
    """The site of the issued October with one KPI file changed."""

    def edit(kpi_id, before, after):
        config = tmp_path / "config"
        shutil.copytree(unsent.root / "config", config)
        path = config / "kpis" / f"{kpi_id}.yaml"
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after), "utf-8")
        return config

    return edit


@pytest.mark.parametrize(
    ("kpi_id", "before", "after", "says"),
    [
        ("clicks", "formula: ad_clicks", "formula: ad_impressions", "formula: expected 'ad_clicks'"),
        ("nps", "unit: index", "unit: ratio", "unit: expected 'index'"),
        ("cost_per_click", "direction: lower", "direction: higher", "direction: expected 'lower'"),
    ],
)
def test_another_formula_unit_or_direction_is_refused_with_the_card_that_has_the_old_one(
    unsent, edited, kpi_id, before, after, says
):
    config = edited(kpi_id, before, after)
    site = unsent.open(config=str(config))
    (sentence,) = redefinitions(site.book, site.ledger)
    # the score is on both teams' cards, and the south's was issued last
    card = "2026-10/south/r1" if kpi_id == "nps" else "2026-10/north/r1"
    assert sentence.startswith(f"kpis/{kpi_id}.yaml: {says}, as issued with {card}, found ")
    assert sentence.endswith("; an id is never redefined: put it back and add a KPI with another id.")
    with pytest.raises(BookError, match=re.escape(sentence)):
        refuse_redefined(site.book, site.ledger)
    done = here("check", **{**unsent.settings, "config": str(config)})
    assert done.code == 2
    assert done.out.splitlines()[0] == sentence
    assert done.out.splitlines()[-1].startswith(f"1 fault in {config}")


@pytest.mark.parametrize(
    ("kpi_id", "before", "after"),
    [
        ("cost_per_click", "formula: ad_spend / ad_clicks", "formula: (ad_spend)/ad_clicks"),
        ("clicks", "cap: 120", "cap: 130"),
        ("clicks", "owner: ", "owner: the new "),
    ],
)
def test_the_same_meaning_in_other_words_and_another_rule_are_fine(unsent, edited, kpi_id, before, after):
    site = unsent.open(config=str(edited(kpi_id, before, after)))
    assert list(redefinitions(site.book, site.ledger)) == []


def test_a_place_where_nothing_was_issued_has_nothing_to_redefine(place):
    done = here("check", **place.settings)
    assert (done.code, done.err) == (0, "")
    assert not place.home.exists()

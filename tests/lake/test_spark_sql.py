"""What is asked in Spark's SQL; no Spark is needed for it."""

from __future__ import annotations

import sys

import pytest

from lake import lake_at
from lake.spark_sql import in_sparks_words
from scoring.errors import UsageError
from warehouse.asking import question, said
from warehouse.facts import fact_catalog
from warehouse.measure_rows import wide
from warehouse.sql_files import parse, sql_file, sql_files


@pytest.mark.parametrize("file", sql_files("measures"), ids=lambda file: file.name)
def test_a_with_stays_where_it_stands(file):
    asked = wide(file)
    text = said(asked, in_sparks_words)
    withs = [*asked.tree.find_all(type(asked.tree.args["with_"]))]
    assert text.upper().count("WITH ") >= len(withs) > 1
    assert not text.upper().startswith("WITH FINAL")


def test_counts_are_cast_before_they_are_summed():
    text = said(wide(sql_file("measures", "ad_daily")), in_sparks_words)
    assert "CAST(SUM(CAST(ad_clicks AS DECIMAL(24, 6))) AS DECIMAL(24, 6)) AS ad_clicks" in text
    assert "SUM(ad_clicks)" not in text


def test_a_question_is_left_as_it_was():
    """Whoever asks DuckDB the same afterwards gets what it always got."""
    asked = wide(sql_file("measures", "ad_daily"))
    before = asked.tree.sql()
    in_sparks_words(asked.tree)
    assert asked.tree.sql() == before


@pytest.mark.parametrize("folder", ["checks", "measures", "rollups", "rows"])
def test_no_text_has_a_backslash_which_spark_would_take_for_an_escape(folder):
    for file in sql_files(folder):
        assert "\\" not in said(question(folder, file.name), in_sparks_words), file.name


def test_all_facts_are_asked_by_the_same_names():
    text = in_sparks_words(parse(sql_file("checks", "missing_rates")))
    assert ":start" in text
    assert not {name for name in fact_catalog() if f"`{name}`" in text}


def test_a_client_that_is_not_installed_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    monkeypatch.delitem(sys.modules, "lake.spark", raising=False)
    with pytest.raises(
        UsageError, match=r"^SCOREWRIGHT_SPARK: .* install Scorewright with its extra `spark`"
    ):
        lake_at(tmp_path, "sc://host:15002")


def test_a_folder_whose_name_is_a_pattern_is_refused(tmp_path):
    """Sail would find no file by it, and say nothing."""
    with pytest.raises(
        UsageError, match=r"^SCOREWRIGHT_LAKE: expected no %, .*, found .*a\[b\]; move the lake"
    ):
        lake_at(tmp_path / "a[b]", "sc://host:15002")

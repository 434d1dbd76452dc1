"""The example company on Spark, played by Sail: a month, and where its figures come from.

Elsewhere than in `script/campaign` there is no Sail.
"""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import pytest
from weasyprint.text.ffi import pango

from example.generate import generate
from pipeline.run import RunOptions, run
from pipeline.site import open_site
from settings import Settings
from tests.e2e.conftest import NOW
from tests.e2e.test_run import AUGUST, PANGO, known, snapshot
from tests.pipeline.command import here
from tests.spark_servers import sail


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """The company after the run of August on Spark, its command, and the same with DuckDB over its lake."""
    folder = tmp_path_factory.mktemp("company")
    generate(folder / "exports", "first")
    given = {name: folder / name for name in ("home", "lake", "exports")}
    with sail(folder) as server:
        on_spark = given | {"spark": server.address}
        variables = {f"SCOREWRIGHT_{name.upper()}": str(value) for name, value in on_spark.items()}
        site = open_site(Settings.from_environment(variables))
        run(site, RunOptions(AUGUST), now=lambda: NOW, say=lambda _: None)
        yield SimpleNamespace(site=site, on_spark=partial(here, **on_spark), on_duckdb=partial(here, **given))


@pytest.mark.skipif(
    pango.pango_version() != PANGO, reason="another version of Pango than drew the known ones"
)
def test_the_ten_cards_are_the_known_ones(company):
    made = snapshot(company.site)
    assert known() == made.cards | made.pdfs | made.mails


def test_a_figure_is_traced_to_the_same_lines(company):
    asked = ("trace", f"{AUGUST}/eu-performance/r1", "cost_per_lead", "--rows")
    found = company.on_spark(*asked)
    assert (found.code, found.err) == (0, "")
    assert found == company.on_duckdb(*asked)
    assert ".csv" in found.out

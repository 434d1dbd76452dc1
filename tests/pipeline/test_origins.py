"""Where numbers come from beside a folder of this machine: somebody's database, or a store by its address."""

from __future__ import annotations

import csv
import io

import duckdb
import fsspec
import pytest

from pipeline.run import RunOptions, run
from pipeline.settings import Settings
from pipeline.site import open_site
from scoring.canonical import from_json
from tests.pipeline.conftest import NOW
from tests.pipeline.exports import ADS, OCTOBER, ads, write_exports

QUERY = (
    "select date, campaign_id, ad_group_id, impressions, clicks, cost_micros, conversions, conversions_value "
    "from ad_group_stats where date >= :start and date < :end"
)


@pytest.fixture
def theirs(tmp_path):
    """A warehouse of somebody's, with the ads of the small book as a loader writes them."""
    address = f"duckdb:///{tmp_path / 'theirs.duckdb'}"
    rows = list(csv.DictReader(io.StringIO(ads().split("\n", 2)[2])))[:-1]
    with duckdb.connect(str(tmp_path / "theirs.duckdb")) as connection:
        connection.execute(
            "create table ad_group_stats (date date, campaign_id bigint, ad_group_id bigint, impressions bigint,"
            " clicks bigint, cost_micros bigint, conversions double, conversions_value double)"
        )
        for row in rows:
            cost = round(float(row["Cost"]) * 1_000_000)
            values = [row["Day"], row["Campaign ID"], row["Ad group ID"], row["Impr."], row["Clicks"], cost]
            connection.execute(
                "insert into ad_group_stats values (?, ?, ?, ?, ?, ?, ?, ?)",
                [*values, row["Conversions"], row["Conv. value"]],
            )
    return address


def asking(place):
    """The book's ads come by a query instead of files."""
    path = place.root / "config/sources.yaml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace('files: ["ads {month}.csv"]', f"query: {QUERY}\n      connection: theirs", 1), "utf-8"
    )
    (place.root / "exports" / ADS).unlink()


def test_a_query_gives_the_card_that_the_export_of_the_same_rows_gives(place, theirs):
    by_file = {team: card.results for team, card in place.cards().items()}
    asking(place)
    by_query = {team: card.results for team, card in place.cards(connection_theirs=theirs).items()}
    assert by_query == by_file


def test_a_store_by_its_address_is_read_like_a_folder(place, tmp_path):
    by_folder = {team: card.results for team, card in place.cards().items()}
    memory = fsspec.filesystem("memory")
    memory.makedirs("/marketing/exports", exist_ok=True)
    write_exports(tmp_path / "again")
    for path in (tmp_path / "again").iterdir():
        memory.pipe(f"/marketing/exports/{path.name}", path.read_bytes())
    memory.pipe("/marketing/exports/ads 2026-10 (1).csv", b"again")
    settings = Settings.from_environment(
        {
            "SCOREWRIGHT_CONFIG": str(place.root / "config"),
            "SCOREWRIGHT_HOME": str(tmp_path / "other"),
            "SCOREWRIGHT_EXPORTS": "memory://marketing/exports",
        }
    )
    said: list[str] = []
    run(open_site(settings), RunOptions(OCTOBER), now=lambda: NOW, say=said.append)
    assert any("ads 2026-10 (1).csv" in line for line in said)
    site = open_site(settings)
    for team, results in by_folder.items():
        issue = site.ledger.latest_revision("2026-10", team)
        assert issue is not None
        assert from_json(issue.card_json).results == results

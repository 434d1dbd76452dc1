"""Where numbers come from beside a folder of this machine: somebody's database, or a store by its address."""

from __future__ import annotations

import csv
import io
import re
from functools import partial
from urllib.parse import quote, urlencode

import duckdb
import fsspec
import pytest

from pipeline.run import RunOptions, run
from pipeline.site import open_site
from pulling.platform import SHIPPED
from scoring.canonical import from_json
from scoring.errors import BadFileError, RefusedError
from settings import Settings
from tests.pipeline.conftest import NOW
from tests.pipeline.exports import ADS, OCTOBER, ads, write_exports
from tests.platforms.standin import MAY_ASK, SECRETS, Reply, Standin, started

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


@pytest.fixture
def platform():
    """Google Ads, with the ads of the small book; it is asked by the account's name, which is no number here."""
    rows = list(csv.DictReader(io.StringIO(ads().split("\n", 2)[2])))[:-1]
    server = started()
    server.standin = Standin(partial(answered, rows), f"http://127.0.0.1:{server.server_port}")
    yield server.standin
    server.shutdown()
    server.server_close()


def answered(rows, asked, standin):
    """A stream with the rows of October and their sums; other months have none."""
    if asked.headers.get("authorization") != f"Bearer {MAY_ASK}":
        return Reply({"error": {"code": 401, "message": "expired"}}, 401)
    if "'2026-10-01' AND '2026-10-31'" not in asked.body["query"]:
        return Reply([{"requestId": "none"}], page=0)
    batch = {"results": [row_of(row) for row in rows]}
    sums = {"impressions": total(rows, "Impr."), "clicks": total(rows, "Clicks")}
    cost = sum(round(float(row["Cost"]) * 1_000_000) for row in rows)
    batch["summaryRow"] = {"metrics": {**sums, "costMicros": str(cost)}}
    return Reply([batch], page=0)


def row_of(row):
    numbers = {"impressions": row["Impr."], "clicks": row["Clicks"], "conversions": float(row["Conversions"])}
    numbers |= {
        "costMicros": str(round(float(row["Cost"]) * 1_000_000)),
        "conversionsValue": float(row["Conv. value"]),
    }
    return {
        "segments": {"date": row["Day"]},
        "customer": {"id": "shop", "currencyCode": "USD"},
        "campaign": {"id": row["Campaign ID"], "name": row["Campaign"]},
        "adGroup": {"id": row["Ad group ID"], "name": row["Ad group"]},
        "metrics": numbers,
    }


def total(rows, name):
    return str(sum(int(row[name]) for row in rows))


def pulling(place):
    """The book's ads are pulled from a platform instead."""
    path = place.root / "config/sources.yaml"
    text = path.read_text("utf-8")
    pulled = "platform: google_ads\n      connection: theirs"
    path.write_text(text.replace('files: ["ads {month}.csv"]', pulled, 1), "utf-8")
    folder = place.root / "config/platforms"
    folder.mkdir()
    shipped = (SHIPPED / "google_ads.yaml").read_text("utf-8")
    (folder / "google_ads.yaml").write_text(
        shipped.replace("/customers/{digits}/", "/customers/{entity}/"), "utf-8"
    )
    (place.root / "exports" / ADS).unlink()


def connection(platform):
    options = urlencode({**SECRETS, "token_url": f"{platform.url}/token"})
    return f"http://:{quote(MAY_ASK, safe='')}@{platform.url.removeprefix('http://')}?{options}"


def test_a_platform_gives_the_card_that_the_export_of_the_same_rows_gives(place, platform):
    by_file = {team: card.results for team, card in place.cards().items()}
    pulling(place)
    pulled = {
        team: card.results for team, card in place.cards(connection_theirs=connection(platform)).items()
    }
    assert pulled == by_file
    kept = b"".join(path.read_bytes() for path in place.root.rglob("*") if path.is_file())
    assert b"canary" not in kept


def test_a_month_that_could_not_be_read_is_asked_for_again_though_it_changes_no_more(place, platform):
    pulling(place)
    said = place.root / "config/platforms/google_ads.yaml"
    said.write_text(re.sub(r"restated_days: \d+", "restated_days: 1", said.read_text("utf-8")), "utf-8")
    right = platform.behave

    def wrong(asked, standin):
        reply = right(asked, standin)
        for row in reply.value[0].get("results", ())[:1] if isinstance(reply.value, list) else ():
            row["segments"]["date"] = "2026-09-30"
        return reply

    platform.behave = wrong
    with pytest.raises(BadFileError, match="2026-09-30") as raised:
        place.cards(connection_theirs=connection(platform))
    assert "of google_ads/shop" in str(raised.value)
    assert "run again, which asks google_ads anew" in str(raised.value)
    assert "export" not in str(raised.value)
    platform.behave = right
    assert place.cards(connection_theirs=connection(platform))


def test_a_platform_that_refuses_is_a_refused_slice_in_one_sentence(place, platform):
    before = {team: card.results for team, card in place.cards().items()}
    pulling(place)
    platform.behave = lambda *_: Reply({"error": {"code": 401, "message": "revoked"}}, 401)
    with pytest.raises(RefusedError, match="expected a whole answer of Google Ads, found") as raised:
        place.cards(connection_theirs=connection(platform))
    assert "canary" not in str(raised.value)
    assert before


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

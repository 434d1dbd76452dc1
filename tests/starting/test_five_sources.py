"""Five ordinary sources of a stranger, as they come, in an empty folder: one command, one run, one card."""

from __future__ import annotations

import duckdb

from scoring.period import Period
from tests.starting.test_starting import card_of, done
from warehouse import load_records, open_warehouse

FILES = {
    "Campaign report.csv": """\
Campaign report
"October 1, 2026 - October 31, 2026"
Campaign status,Campaign,Budget,Budget name,Budget type,Status,Status reasons,Campaign type,Impr.,CTR,\
Currency code,Cost,Clicks,Conv. rate,Conversions,Avg. CPC,Cost / conv.
Enabled,Brand,10.00,--,Daily,Eligible,--,Search,"14,117",2.2%,EUR,199.15,312,1.6%,5.00,0.64,39.83
Enabled,All,20.00,--,Daily,Eligible,--,Performance Max,"9,000",1.0%,EUR,80.85,90,2.2%,2.00,0.90,40.43
Total: Campaigns,,,,,,,,"23,117",1.7%,EUR,280.00,402,1.7%,7.00,0.70,40.00
Total: Account,,,,,,,,"23,117",1.7%,EUR,280.00,402,1.7%,7.00,0.70,40.00
""",
    "contacts.csv": """\
Record ID - Contact,First Name,Create Date,Became a Marketing Qualified Lead Date,\
Became a Sales Qualified Lead Date,Contact owner
1,Ana,2026-10-03 14:22,2026-10-04 09:00,2026-10-09 10:00,Nord
2,Bo,2026-10-05 00:00,,,Nord
""",
    "deals.csv": """\
Record ID - Deal,Deal Name,Deal Stage,Close Date,Amount,Currency,Associated Contact IDs
9,First,Closed won,2026-10-20 11:00,1000.50,EUR,1;7
""",
    "data-export.csv": """\
# ----------------------------------------
# Report CSV Export
# Account: Acme
# Property: Shop
# ----------------------------------------
#
# All Users
# Start date: 20261001
# End date: 20261031
Session primary channel group (Default Channel Group),Sessions,Engaged sessions,Key events,Total revenue
Direct,110,65,3,250.5
Paid Search,50,20,0,0
""",
    "Eingang.csv": """\
Eingang;Firma;Ansprechpartner;Herkunft;Stand
01.10.2026;Acme;Ana;Messe;neu
03.10.2026;Beta;Bo;Webseite;qualifiziert
""",
}


def test_five_ordinary_sources_connect_at_the_first_run(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    done(tmp_path, "init", "ours", *FILES, "--currency", "EUR")
    ours = tmp_path / "ours"
    _connect_a_table(ours)
    theirs = {"connection_theirs": f"duckdb:///{ours / 'theirs.duckdb'}"}
    done(ours, "check", **theirs)
    done(ours, "run", "--period", "2026-10", **theirs)
    records = load_records(open_warehouse(f"duckdb:///{ours / 'var/warehouse.duckdb'}"), [Period(2026, 10)])
    assert {record.source: record.rows.rows_loaded for record in records} == {
        "google_ads": 2,
        "hubspot": 3,
        "ga4": 2,
        "leads_sheet": 2,
        "meta_ads": 1,
    }
    assert card_of(ours).total is not None


def _connect_a_table(ours):
    """A table of somebody's warehouse, by a query in the book and an address beside it."""
    with duckdb.connect(str(ours / "theirs.duckdb")) as connection:
        connection.execute(
            "create table basic_ad (ad_id text, date date, impressions int, clicks int, spend double)"
        )
        connection.execute("insert into basic_ad values ('120212090417730255', '2026-10-02', 900, 17, 9.18)")
    with (ours / "config/sources.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "meta_ads:\n  accounts:\n    - entity: theirs\n      currency_code: EUR\n      connection: theirs\n"
            "      query: select * from basic_ad where date >= :start and date < :end\n"
        )

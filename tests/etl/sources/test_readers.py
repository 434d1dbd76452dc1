"""Every reader on a true-format file: the rows it must give, to the last cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from etl.sources import registry
from scoring.errors import BadFileError
from tests.etl.samples import (
    BUDGET_ROWS,
    MARKET_ROWS,
    TEXTS,
    budget_workbook,
    contents,
    market_workbook,
    read,
)
from warehouse.facts import fact_catalog

D = Decimal


def rows(conformed, fact, *columns):
    table = conformed.tables[fact]
    return list(zip(*(table[name].to_pylist() for name in columns), strict=True))


ADS = (
    "activity_date",
    "owner_key",
    "currency_code",
    "impressions",
    "clicks",
    "spend",
    "conversions",
    "conversion_value",
)


def test_google_ads_sets_totals_aside_and_keeps_dashes_as_missing(tmp_path):
    conformed = read(tmp_path, "google_ads", contents("google_ads"))
    assert rows(conformed, "fct_ad_daily", *ADS) == [
        (date(2026, 10, 1), "201", "EUR", 14117, 312, D("1162.40"), D("12.50"), D("4838.80")),
        (date(2026, 10, 1), "202", "EUR", 0, 0, D(0), D(0), D(0)),
        (date(2026, 10, 31), "201", "EUR", 900, None, None, D(0), D(0)),
    ]
    assert rows(conformed, "fct_ad_daily", "campaign_name")[0] == ('Brand "Häuser", <b>DE</b> & 🚲',)
    assert [(t.rows_in, t.rows_used, t.rows_set_aside) for t in conformed.tallies] == [(7, 3, 4)]
    assert {c.name: c.declared for c in conformed.controls}["Cost (Total: Account)"] == D("1162.40")


def test_meta_ads_takes_the_currency_from_the_header_and_the_nameless_row_as_total(tmp_path):
    conformed = read(tmp_path, "meta_ads", contents("meta_ads"))
    assert rows(conformed, "fct_ad_daily", *ADS) == [
        (date(2026, 10, 1), "c1", "USD", 1000, 40, D("99.31"), D(7), D("310.5")),
        (date(2026, 10, 2), "c1", "USD", 500, None, None, None, None),
    ]
    assert conformed.tallies[0].rows_set_aside == 1


def test_meta_ads_with_a_byte_order_mark_reads_the_same(tmp_path):
    (content,) = contents("meta_ads")
    plain = read(tmp_path, "meta_ads", [content])
    assert read(tmp_path, "meta_ads", [b"\xef\xbb\xbf" + content]).tables == plain.tables


def test_linkedin_ads_reads_utf16_with_tabs_and_american_days(tmp_path):
    conformed = read(tmp_path, "linkedin_ads", contents("linkedin_ads"))
    assert rows(conformed, "fct_ad_daily", *ADS) == [
        (date(2026, 10, 5), "77", "EUR", 2000, 31, D("120.50"), D(2), D(1200)),
        (date(2026, 10, 6), "78", "EUR", 10, 0, None, D(0), D(0)),
    ]
    assert rows(conformed, "fct_ad_daily", "campaign_name", "ad_group_name")[0] == ('Group "A"', "CFO – Köln")


def test_linkedin_ads_takes_the_order_of_day_and_month_from_the_reports_own_start(tmp_path):
    def to_european(texts):
        swaps = {"10/01/2026": "01/10/2026", "10/05/2026": "05/10/2026", "10/06/2026": "06/10/2026"}
        (text,) = texts
        for american, european in swaps.items():
            text = text.replace(american, european)
        return (text,)

    european = read(tmp_path, "linkedin_ads", contents("linkedin_ads", to_european))
    assert european.tables == read(tmp_path, "linkedin_ads", contents("linkedin_ads")).tables


def test_ocean_engine_reads_gb18030_with_rare_characters(tmp_path):
    conformed = read(tmp_path, "ocean_engine", contents("ocean_engine"))
    assert rows(conformed, "fct_ad_daily", *ADS) == [
        (date(2026, 10, 1), "7301", "CNY", 88012, 1204, D("3210.55"), D(33), D(15880)),
        (date(2026, 10, 2), "7301", "CNY", None, None, None, None, None),
    ]
    assert rows(conformed, "fct_ad_daily", "campaign_name")[0] == ("双11预热-㛃䶮",)


def test_ga4_holds_its_rows_against_the_second_table(tmp_path):
    conformed = read(tmp_path, "ga4", contents("ga4"), currency_code="CNY")
    columns = (
        "activity_date",
        "channel",
        "currency_code",
        "sessions",
        "engaged_sessions",
        "conversions",
        "revenue",
    )
    assert rows(conformed, "fct_web_daily", *columns) == [
        (date(2026, 10, 1), "Direct", "CNY", 100, 60, D(3), D("250.5")),
        (date(2026, 10, 1), "Paid Search", "CNY", 50, 20, None, D(0)),
        (date(2026, 10, 2), "Direct", "CNY", 10, 5, D(0), D(0)),
    ]
    assert [(c.name, c.declared) for c in conformed.controls] == [
        ("Sessions (Direct)", D(110)),
        ("Sessions (Paid Search)", D(50)),
    ]


def test_hubspot_adds_up_won_deals_and_keeps_test_leads_marked(tmp_path):
    conformed = read(tmp_path, "hubspot", contents("hubspot"))
    columns = ("lead_id", "owner_key", "created_date", "mql_date", "sql_date", "won_date", "deal_amount")
    assert rows(conformed, "fct_lead", *columns, "currency_code", "is_test") == [
        ("101", "CRM EU", *days(3, 4, 9, 12), D(1100), "EUR", False),
        ("102", "CRM EU", *days(5), None, None, None, None, None, True),
        ("103", "(none)", *days(31), date(2026, 11, 1), None, None, None, None, False),
    ]
    assert [(t.rows_in, t.rows_used) for t in conformed.tallies] == [(3, 3), (4, 2)]


def days(*numbers):
    return [date(2026, 10, number) for number in numbers]


def test_hubspot_without_any_won_deal_has_no_wins(tmp_path):
    conformed = read(
        tmp_path, "hubspot", contents("hubspot", lambda t: (t[0], t[1].replace("Closed Won", "Negotiation")))
    )
    assert rows(conformed, "fct_lead", "won_date", "deal_amount", "currency_code") == [(None, None, None)] * 3


def test_x_keeps_line_breaks_inside_a_post(tmp_path):
    conformed = read(tmp_path, "x", contents("x"))
    columns = ("posted_date", "post_id", "title", "impressions", "reach", "engagements", "owner_key")
    assert rows(conformed, "fct_social_post", *columns) == [
        (date(2026, 10, 1), "1841", 'Two lines:\nsecond, "quoted" 🚲', 5210, None, 301, "acme"),
        (date(2026, 10, 31), "1842", "plain", 80, None, None, "acme"),
    ]


def test_facebook_pages_skips_the_second_header_row(tmp_path):
    conformed = read(tmp_path, "facebook_pages", contents("facebook_pages"))
    assert rows(
        conformed, "fct_social_post", "posted_date", "title", "impressions", "reach", "engagements"
    ) == [
        (date(2026, 10, 3), "Hello, <b>you</b>\nand you", 600, 410, 44),
        (date(2026, 10, 4), "", 20, None, None),
    ]
    assert rows(conformed, "fct_page_daily", "activity_date", "followers", "new_followers") == [
        (date(2026, 10, 1), 5000, 12),
        (date(2026, 10, 2), 5009, None),
    ]


def test_wechat_counts_the_row_of_all_channels_and_holds_the_others_against_it(tmp_path):
    conformed = read(tmp_path, "wechat", contents("wechat"))
    assert rows(
        conformed, "fct_social_post", "posted_date", "impressions", "reach", "engagements", "post_id"
    ) == [(date(2026, 10, 3), 1200, 900, 41, "https://mp.example/s/1")]
    assert rows(conformed, "fct_page_daily", "followers", "new_followers") == [(20025, 30), (20023, 10)]
    assert [(t.rows_in, t.rows_used, t.rows_set_aside) for t in conformed.tallies] == [(3, 1, 2), (2, 2, 0)]
    assert [c.computed for c in conformed.controls] == [D(1200)]


def test_survey_keeps_unanswered_questions_missing(tmp_path):
    conformed = read(tmp_path, "survey", contents("survey"))
    assert rows(
        conformed, "fct_survey_response", "responded_date", "owner_key", "nps_score", "csat_score"
    ) == [
        (date(2026, 10, 3), "Service", 10, 5),
        (date(2026, 10, 4), "Service", 0, None),
        (date(2026, 10, 5), "Shop", None, 1),
    ]


def test_sales_reads_german_numbers_and_returns(tmp_path):
    conformed = read(tmp_path, "sales", contents("sales"))
    columns = (
        "order_date",
        "order_id",
        "is_new_customer",
        "owner_key",
        "country_code",
        "amount",
        "currency_code",
    )
    assert rows(conformed, "fct_sale", *columns) == [
        (date(2026, 10, 1), "A-1", True, "Onlineshop", "DE", D("1234.56"), "EUR"),
        (date(2026, 10, 31), "A-2", False, "Fachhandel", "US", D("-34.56"), "USD"),
    ]
    assert conformed.controls[0].declared == D(1200)


def test_market_size_takes_the_month_and_sets_the_others_aside(tmp_path):
    conformed = read(tmp_path, "market_size", [market_workbook(MARKET_ROWS)])
    assert rows(conformed, "fct_market_size", "month_date", "segment", "market_size", "currency_code") == [
        (date(2026, 10, 1), "City", D("1000000.5"), "EUR"),
        (date(2026, 10, 1), "Sport", D(20), "CNY"),
    ]
    assert [(t.rows_in, t.rows_used, t.rows_set_aside) for t in conformed.tallies] == [(4, 2, 2)]


def test_budget_takes_the_month_and_keeps_an_open_one_without_what_it_brought(tmp_path):
    conformed = read(tmp_path, "budget", [budget_workbook(BUDGET_ROWS)])
    columns = ("month_date", "owner_key", "budget", "incremental_revenue", "incremental_margin")
    assert rows(conformed, "fct_budget", *columns, "currency_code") == [
        (date(2026, 10, 1), "Lamps", D("1000.5"), D("0.2"), D("-0.25"), "EUR"),
        (date(2026, 10, 1), "Fairs", D(0), None, None, "EUR"),
    ]
    assert [(t.rows_in, t.rows_used, t.rows_set_aside) for t in conformed.tallies] == [(4, 2, 2)]
    assert {c.name: c.declared for c in conformed.controls} == {
        "Budget": D("1900.5"),
        "Incremental revenue": D("0.3"),
        "Contribution margin": D("-0.2"),
    }


def test_a_plan_of_open_months_alone_has_no_sum_of_what_they_brought(tmp_path):
    plan = (*BUDGET_ROWS[:1], *BUDGET_ROWS[3:4], ("Total", None, 0, None, None, None))
    conformed = read(tmp_path, "budget", [budget_workbook(plan)])
    assert rows(conformed, "fct_budget", "budget", "incremental_margin") == [(D(0), None)]


@pytest.mark.parametrize("number", ["9" * 30, f'"1{",000" * 30}"', "999999999999.9999999", "1000000000000"])
def test_a_number_of_too_many_digits_is_refused_by_its_cell(tmp_path, number):
    files = [content.replace(b"1162.40", number.encode(), 1) for content in contents("google_ads")]
    with pytest.raises(BadFileError, match="row 4, column 'Cost': expected a number such as"):
        read(tmp_path, "google_ads", files)


@pytest.mark.parametrize("label", ["总计", "Everything"])
def test_a_last_row_without_a_number_is_refused_by_its_cell(tmp_path, label):
    files = [content + f"{label},,,,\n".encode() for content in contents("social_listening")]
    with pytest.raises(BadFileError, match="expected a whole number such as 1234, found an empty cell"):
        read(tmp_path, "social_listening", files)


def test_social_listening_keeps_a_dash_missing_and_a_day_without_mentions_0(tmp_path):
    conformed = read(tmp_path, "social_listening", contents("social_listening"))
    columns = ("activity_date", "owner_key", "topic", "own_mentions", "market_mentions")
    assert rows(conformed, "fct_mention_daily", *columns) == [
        (date(2026, 10, 1), 'Lamps, "city"', 'Lamps, "city"', 12, 1204),
        (date(2026, 10, 1), "车灯", "车灯", 0, 0),
        (date(2026, 10, 2), "车灯", "车灯", None, None),
    ]
    assert [(t.rows_in, t.rows_used, t.rows_set_aside) for t in conformed.tallies] == [(4, 3, 1)]
    assert [(c.name, c.declared) for c in conformed.controls] == [
        ("Own brand mentions", D(12)),
        ("All brands mentions", D(1204)),
    ]


def test_fx_rates_fill_every_day_from_the_last_quote(tmp_path):
    conformed = read(tmp_path, "fx_rates", contents("fx_rates"))
    filled = {
        (code, day): (quoted, rate)
        for day, quoted, code, rate in rows(
            conformed, "fct_fx_rate", "rate_date", "quoted_date", "currency_code", "rate"
        )
    }
    assert len(filled) == 3 * 31
    assert filled["USD", date(2026, 10, 1)] == (date(2026, 10, 1), D("0.9451795841"))  # 1 / 1.0580
    assert filled["USD", date(2026, 10, 29)] == (date(2026, 10, 28), D("0.9345794393"))  # N/A: the day before
    assert filled["CNY", date(2026, 10, 29)][0] == date(2026, 10, 29)
    assert filled["USD", date(2026, 10, 31)] == (date(2026, 10, 30), D("0.9259259259"))
    assert filled["USD", date(2026, 10, 8)][0] == date(2026, 10, 8)
    assert filled["USD", date(2026, 10, 7)][0] == date(2026, 10, 1)  # six days old
    assert filled["EUR", date(2026, 10, 15)] == (date(2026, 10, 15), D(1))


WORKBOOKS = {"market_size": market_workbook(MARKET_ROWS), "budget": budget_workbook(BUDGET_ROWS)}


@pytest.mark.parametrize("source", [*TEXTS, *WORKBOOKS])
def test_every_source_gives_its_facts_in_their_declared_columns(tmp_path, source):
    files = [WORKBOOKS[source]] if source in WORKBOOKS else contents(source)
    conformed = read(tmp_path, source, files)
    assert conformed.tables.keys() <= set(registry()[source].facts)
    for fact, table in conformed.tables.items():
        assert [(f.name, f.type) for f in table.schema] == [
            (c.name, c.type) for c in fact_catalog()[fact].read_columns
        ]


NO_ROWS = {
    "google_ads": "Total: Account, --, --, --, --, --,EUR,0,0, --, --,0.00,0.00,0.00, --",
    "sales": "Summe;;;;;;0,00;",
    "social_listening": "Total,,0,0,0.00%",
    "survey": "",
    "x": "",
}


@pytest.mark.parametrize(("source", "total"), NO_ROWS.items())
def test_an_export_with_a_header_and_no_rows_is_an_empty_month(tmp_path, source, total):
    rows_before = {"google_ads": 3, "social_listening": 4}.get(source, 1)

    def no_rows(texts):
        return ["\n".join([*texts[0].splitlines()[:rows_before], total])]

    conformed = read(tmp_path, source, contents(source, no_rows))
    assert [table.num_rows for table in conformed.tables.values()] == [0]

"""Orders of shops and ERPs, and answers of surveys, and what each export comes to."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from etl.formats.library import shipped_formats
from etl.sources import registry
from scoring.errors import BadFileError, BadRowError
from scoring.period import Period
from tests.etl.formats.reading import OCTOBER, account, land, read, totals
from tests.etl.formats.workbooks import packed, workbook

SALE, ANSWER = "fct_sale", "fct_survey_response"
D = Decimal

SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem quantity,"
    "Lineitem name,Lineitem price,Billing Country,Shipping Country,Notes,Refunded Amount,Id,Source\n"
    "#1004,d@x.example,voided,,EUR,9.00,0.00,0.00,9.00,2026-10-31 09:00:00 +0200,1,D,9.00,DE,DE,,0.00,4,web\n"
    "#1003,c@x.example,partially_refunded,x,EUR,60.00,0.00,9.00,60.00,2026-10-31 23:30:00 +0100,1,"
    '"C, ""big""",60.00,FR,FR,"two\nlines",20.50,3,pos\n'
    "#1001,a@x.example,paid,x,EUR,90.00,10.00,15.00,100.00,2026-10-01 00:30:00 +0200,1,A,50.00,DE,DE,,0.00,1,web\n"
    "#1001,a@x.example,,,,,,,,2026-10-01 00:30:00 +0200,2,B,20.00,,,,,,\n"
    "#1002,b@x.example,refunded,x,EUR,40.00,0.00,6.00,40.00,2026-10-02 10:00:00 +0200,1,A,40.00,DE,,,40.00,2,\n"
)


def shop(folder, text, **said):
    return read(folder, "shopify", text, time_zone="Europe/Berlin", **said)


def test_shopify_counts_an_order_once_and_less_what_was_paid_back(tmp_path):
    found = shop(tmp_path, SHOPIFY)
    assert totals(found, SALE) == {"rows": 3, "amount": D("139.50")}
    tally = found.tallies[0]
    assert (tally.rows_in, tally.rows_used, tally.rows_set_aside) == (5, 3, 2)
    rows = {row["order_id"]: row for row in found.tables[SALE].to_pylist()}
    assert str(rows["#1001"]["order_date"]) == "2026-10-01"
    assert [rows[name]["country_code"] for name in ("#1001", "#1002")] == ["DE", "ZZ"]
    assert rows["#1002"]["owner_key"] == "(none)"
    assert found.findings == ("no_new_customers",)


def test_shopify_day_is_that_of_the_account(tmp_path):
    with pytest.raises(BadFileError, match="row 4, column 'Created at'"):
        read(tmp_path, "shopify", SHOPIFY, time_zone="UTC")


def test_shopify_orders_of_other_months_are_set_aside(tmp_path):
    """An export of all orders stands for each of its months, whatever the shop's zone."""
    earlier = (
        "#0900,z@x.example,paid,x,EUR,7.00,0.00,0.00,7.00,2026-09-03 09:00:00 +0200,1,A,7.00,DE,DE,,0,9,web\n"
    )
    later = earlier.replace("#0900", "#1900").replace("2026-09-03", "2026-11-03")
    found = shop(tmp_path, SHOPIFY + earlier + later)
    assert totals(found, SALE) == {"rows": 3, "amount": D("139.50")}
    september = shop(tmp_path, SHOPIFY + earlier + later, month=Period(2026, 9))
    assert totals(september, SALE) == {"rows": 1, "amount": D("7.00")}
    # it reaches beyond the beginning, so that nothing of September has been cut off
    assert len(read(tmp_path, "shopify", SHOPIFY + earlier, time_zone="UTC").tables[SALE]) == 2


@pytest.mark.parametrize(
    ("zone", "time"),
    [("Europe/Berlin", "2026-10-31 20:00:00 -0400"), ("America/New_York", "2026-10-01 01:00:00 +0200")],
)
def test_shopify_month_that_was_cut_in_another_zone(tmp_path, zone, time):
    """What is of another month only in the account's zone would be in neither month's file."""
    text = SHOPIFY.splitlines()[0] + f"\n#1,a@x.example,paid,x,EUR,9,0,0,9,{time},1,A,9,DE,DE,,0,1,web\n"
    with pytest.raises(BadFileError, match=f"a time in 2026-10 as {zone} counts its days"):
        read(tmp_path, "shopify", text, time_zone=zone)


LISTS = {"fct_lead", "fct_page_daily", "fct_sale", "fct_social_post", "fct_survey_response", "fct_task"}


def test_every_list_that_people_export_may_have_several_months():
    """What a platform answers on a month is of that month alone."""
    lists = [each for each in shipped_formats().values() if each.fact in LISTS]
    asked = {each.name for each in lists if each.other_months == "refuse"}
    assert not [name for name in asked if "_api_" not in name and not name.endswith("_api")]


@pytest.mark.parametrize(
    ("files", "days", "is_known"),
    [
        ("{month}.csv", ["10/05", "10/06", "10/09"], True),
        # these may be days of May, June and September
        ("all.csv", ["10/05", "10/06", "10/09"], False),
        ("{month}.csv", ["10/05", "10/09"], False),
    ],
)
def test_paypal_days_that_only_the_name_of_their_file_tells(tmp_path, files, days, is_known):
    rows = (f"{day}/2026,Mobile Payment,Completed,EUR,5.00,a@x.example,T{day}\n" for day in days)
    text = "Date,Type,Status,Currency,Gross,From Email Address,Transaction ID\n" + "".join(rows)
    if is_known:
        found = read(tmp_path, "paypal", text, files=(files,))
        assert str(found.tables[SALE]["order_date"][0]) == "2026-10-05"
    else:
        with pytest.raises(BadFileError, match="days of which the month is known"):
            read(tmp_path, "paypal", text, files=(files,))


def test_shopify_item_whose_order_is_cut_off(tmp_path):
    text = "".join(
        line for line in SHOPIFY.splitlines(keepends=True) if not line.startswith("#1001,a@x.example,paid")
    )
    with pytest.raises(BadFileError, match="expected a row above it that this one belongs to, found '#1001'"):
        shop(tmp_path, text)


def test_shopify_order_filled_down_is_no_second_order(tmp_path):
    order = next(line for line in SHOPIFY.splitlines(keepends=True) if line.startswith("#1002"))
    with pytest.raises(BadFileError, match="expected one row for each Name, found a second one for #1002"):
        shop(tmp_path, SHOPIFY + order)


def test_shopify_status_that_nobody_knows(tmp_path):
    with pytest.raises(BadRowError, match="'chargeback'"):
        shop(tmp_path, SHOPIFY.replace("partially_refunded", "chargeback"))


def test_woocommerce_analytics(tmp_path):
    text = (
        "Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),"
        "N. Revenue,Attribution\n"
        '2026-10-02 12:00:00,51,"€1,200.50",completed,Ana,new,2× Lamp,2,,1200.50,Organic: Google\n'
        "2026-10-03 12:00:00,52,€-20.00,refunded,Bo,returning,,0,,-20.00,Direct\n"
        "2026-10-03 12:00:00,53,€9.00,cancelled,Bo,returning,,0,,9.00,Direct\n"
    )
    found = read(tmp_path, "woocommerce", text, currency_code="EUR")
    assert totals(found, SALE) == {"rows": 2, "amount": D("1180.50")}
    assert [row["is_new_customer"] for row in found.tables[SALE].to_pylist()] == [True, False]


def test_woocommerce_export_of_a_plugin_with_a_row_for_each_item(tmp_path):
    text = (
        "Order Number,Order Status,Order Date,Country Code (Shipping),Order Refund Amount,Order Total Amount,"
        "Order Total Tax Amount,Item Name\n"
        "51,Completed,2026-01-15 12:00:00,DE,5.00,100.00,19.00,A\n51,Completed,2026-01-15 12:00:00,DE,5.00,100.00,19.00,B\n"
        "52,Refunded,2026-01-16 12:00:00,DE,40.00,40.00,0.00,A\n53,On hold,2026-01-16 12:00:00,,,7.00,0.00,A\n"
    ).replace("2026-01", "2026-10")
    found = read(tmp_path, "woocommerce", text, currency_code="EUR")
    assert totals(found, SALE) == {"rows": 3, "amount": D("102.00")}
    with pytest.raises(BadFileError, match="expected one row for each Order Number"):
        read(tmp_path, "woocommerce", text.replace("100.00,19.00,B", "101.00,19.00,B"), currency_code="EUR")


ENGLISH = (
    "Order No.,Order date,Customer,New customer,Sales channel,Country,Amount,Currency\n"
    'A-1,2026-10-01,K-9,yes,Shop,DE,"€1,234.56",EUR\nA-2,2026-10-31,K-9,no,Dealer,US,-34.56,USD\n'
)
CHINESE = (
    "订单号,日期,客户,新客户,销售渠道,国家,金额,币种\nA-1,2026-10-01,K-9,是,店,CN,1234.56,CNY\n"
    "A-2,2026-10-31,K-9,否,商,CN,-34.56,CNY\n{}"
)


def test_an_erps_orders_in_english_with_and_without_a_total(tmp_path):
    for total in ("", 'Total,,,,,,"1,200.00",\n'):
        found = read(tmp_path, "sales", ENGLISH + total)
        assert totals(found, SALE) == {"rows": 2, "amount": D("1200.00")}
    with pytest.raises(BadFileError, match="expected the sum of the rows, 1200, found 1201"):
        read(tmp_path, "sales", ENGLISH + "Total,,,,,,1201.00,\n")


def test_an_erps_orders_in_chinese(tmp_path):
    found = read(tmp_path, "sales", CHINESE.format("合计,,,,,,1200.00,\n").encode("gb18030"))
    assert totals(found, SALE) == {"rows": 2, "amount": D("1200.00")}


def test_an_erps_orders_in_a_workbook(tmp_path):
    rows = [line.split(",") for line in CHINESE.format("").splitlines()]
    for row in rows[1:]:
        row[6] = float(row[6])
    assert totals(read(tmp_path, "sales", workbook(订单=rows)), SALE)["amount"] == D("1200.00")


def test_three_digits_after_a_point_are_no_cents(tmp_path):
    text = ENGLISH.replace('"€1,234.56"', "12.500").replace("-34.56", "0.333")
    assert totals(read(tmp_path, "sales", text), SALE)["amount"] == D("12.833")


MONKEY = (
    "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,"
    "How likely is it that you would recommend us?,Why would you recommend us?,How satisfied are you?,\n"
    ",,,,,,Response,Open-Ended Response,Response,Other (please specify)\n"
    '118000000001,44,10/13/2026 02:22:05 PM,10/13/2026 02:25:05 PM,,,10 - Extremely likely,"good, ""very""",Very satisfied,\n'
    "118000000002,44,10/03/2026 02:22:05 PM,10/03/2026 02:25:05 PM,,,0,,Neither satisfied nor dissatisfied,x\n"
    "118000000003,44,10/03/2026 02:22:05 PM,10/03/2026 02:25:05 PM,,,,,1,\n"
)


@pytest.mark.parametrize("kind", ["csv", "zip", "workbook"])
def test_surveymonkey_has_two_header_rows(tmp_path, kind):
    content = {
        "csv": MONKEY,
        "zip": packed({"CSV/Survey.csv": MONKEY}),
        "workbook": workbook(
            Sheet=[line.split(",") for line in MONKEY.replace('"good, ""very"""', "g").splitlines()]
        ),
    }[kind]
    found = read(tmp_path, "survey", content)
    assert totals(found, ANSWER) == {"rows": 3, "nps_score": 10, "csat_score": 9}
    tally = found.tallies[0]
    assert (tally.rows_in, tally.rows_used, tally.rows_set_aside) == (4, 3, 1)


def test_surveymonkey_with_one_column_a_choice(tmp_path):
    text = (
        "Respondent ID,Collector ID,Start Date,End Date,How likely is it that you would recommend us?,,\n"
        ",,,,Not at all likely - 0,1,2\n118,44,10/03/2026 02:22:05 PM,10/13/2026 02:25:05 PM,,1,\n"
    )
    with pytest.raises(BadRowError):
        read(tmp_path, "survey", text)


def test_surveymonkey_without_a_question_that_can_be_told(tmp_path):
    text = MONKEY.replace("recommend us", "see us").replace("satisfied are", "old are")
    with pytest.raises(BadFileError, match="expected this column"):
        read(tmp_path, "survey", text)


def test_surveymonkey_answer_that_is_no_score(tmp_path):
    with pytest.raises(BadRowError, match="'11'"):
        read(tmp_path, "survey", MONKEY.replace(",,,0,,", ",,,11,,"))


def test_typeform_counts_what_was_submitted(tmp_path):
    text = (
        '#,How likely are you to recommend us?,"What, else?",How satisfied are you?,Response Type,Start Date (UTC),'
        "Stage Date (UTC),Submit Date (UTC),Network ID,Tags,Ending\n"
        "a1b2,9,x,4,completed,2026-10-31 22:05:14,,2026-10-31 22:59:59,n,,e\n"
        "a1b3,3,x,,completed,2026-09-30 22:05:14,,2026-09-30 22:05:14,n,,e\n"
        "a1b4,3,x,,partial,2026-10-30 22:05:14,2026-10-30 22:05:14,,n,,e\n"
    )
    found = read(tmp_path, "survey", text, time_zone="Europe/Berlin")
    assert totals(found, ANSWER) == {"rows": 2, "nps_score": 12, "csat_score": 4}


QUALTRICS = (
    "StartDate,EndDate,Status,IPAddress,Progress,Finished,RecordedDate,ResponseId,Q1_NPS_GROUP,Q1,Q2\n"
    "Start Date,End Date,Response Type,IP Address,Progress,Finished,Recorded Date,Response ID,"
    '"On a scale from 0-10, how likely are you to recommend us? - Group",'
    '"On a scale from 0-10,\nhow likely are you to recommend us?",How satisfied are you?\n'
    + ",".join('"{""ImportId"":""x"",""timeZone"":""America/Denver""}"' for _ in range(11))
    + "\n2026-10-03 10:00:00,x,IP Address,,100,True,2026-10-03 10:00:00,R_1,Promoter,10,Very satisfied\n"
    "2026-10-03 10:00:00,x,Survey Preview,,100,True,2026-10-03 10:00:00,R_2,Promoter,10,5\n"
    "2026-10-04 10:00:00,x,0,,50,False,2026-10-04 10:00:00,R_3,Detractor,2,\n"
)


@pytest.mark.parametrize("is_tsv", [False, True])
def test_qualtrics_has_three_header_rows_and_previews(tmp_path, is_tsv):
    text = QUALTRICS.encode()
    if is_tsv:
        text = QUALTRICS.replace("0-10, ", "0-10 ").replace("0-10,\n", "0-10\n").replace('"",""', "\0")
        text = text.replace(",", "\t").replace("\0", '"",""').encode("utf-16")
    found = read(tmp_path, "survey", text)
    assert totals(found, ANSWER) == {"rows": 2, "nps_score": 12, "csat_score": 5}
    tally = found.tallies[0]
    assert tally.rows_in == tally.rows_used + tally.rows_set_aside == 4


def test_delighted_tells_scores_by_the_kind_of_survey(tmp_path):
    text = (
        "Response ID,Score,Comment,Survey Type,Response Time,Person ID,Email\n"
        "1,9,a,NPS,2026-10-03 10:00:00 UTC,7,x\n2,5,b,CSAT,2026-10-04 10:00:00 UTC,8,x\n"
        "3,4,b,CES,2026-10-04 10:00:00 UTC,9,x\n"
    )
    found = read(tmp_path, "survey", text)
    assert totals(found, ANSWER) == {"rows": 3, "nps_score": 9, "csat_score": 5}


def test_any_survey_tool(tmp_path):
    text = "Response ID,Submitted At,Survey,Score (0-10),Satisfaction (1-5),Comment,Comment\nr1,2026-10-03T14:22:05Z,S,10,5,a,b\n"
    assert totals(read(tmp_path, "survey", text), ANSWER) == {"rows": 1, "nps_score": 10, "csat_score": 5}


def test_stripe_counts_charges_and_refunds(tmp_path):
    text = (
        "balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,source_id,"
        "description\n"
        'txn_1,2026-10-14 10:02:11,2026-10-16 00:00:00,eur,600.00,9.00,591.00,charge,ch_1,"Lamp, big"\n'
        "txn_2,2026-10-15 10:02:11,2026-10-16 00:00:00,eur,-100.50,0.00,-100.50,refund,re_1,\n"
        "txn_3,2026-10-15 10:02:11,2026-10-16 00:00:00,eur,-400.00,0.00,-400.00,payout,po_1,\n"
        "txn_4,2026-10-16 10:02:11,2026-10-16 00:00:00,jpy,5000,0,5000,charge,ch_2,\n"
    )
    found = read(tmp_path, "stripe", text)
    assert totals(found, SALE) == {"rows": 3, "amount": D("5499.50")}
    assert found.tables[SALE]["currency_code"].to_pylist() == ["EUR", "EUR", "JPY"]
    with pytest.raises(BadRowError, match="'gift'"):
        read(tmp_path, "stripe", text.replace(",refund,", ",gift,"))


GERMAN_ANSWERS = (
    "Antwort-ID;Eingereicht am;Umfrage;Bewertung (0-10);Zufriedenheit (1-5)\n"
    "r1;03.10.2026 14:22;Service;10;5\nr2;04.10.2026 00:00;Service;0;N/A\n"
)
CHINESE_ANSWERS = "答卷ID,提交时间,问卷,推荐分(0-10),满意度(1-5)\nr1,2026/10/3 14:22:05,服务,10,5\nr2,2026/10/4 14:22:05,服务,0,\n"


@pytest.mark.parametrize("text", [GERMAN_ANSWERS, CHINESE_ANSWERS])
def test_any_survey_tool_in_other_languages(tmp_path, text):
    assert totals(read(tmp_path, "survey", text), ANSWER) == {"rows": 2, "nps_score": 10, "csat_score": 5}


def test_plans_markets_and_mentions_in_german_and_chinese(tmp_path):
    budget = [
        ["Monat", "Kostenstelle", "Budget", "Zusätzlicher Umsatz", "Deckungsbeitrag", "Währung"],
        ["2026-10", "Lampen", 1000.5, 20.25, 0.25, "EUR"],
        ["2026-11", "Lampen", 10, None, None, "EUR"],
        ["Summe", "", 1010.5, 20.25, 0.25, ""],
    ]
    found = totals(read(tmp_path, "budget", workbook(Plan=budget)), "fct_budget")
    assert (found["rows"], found["budget"]) == (1, D("1000.5"))
    market = [["月份", "细分市场", "市场规模", "币种"], ["2026-10", "灯", 900, "CNY"], ["合计", "", 900, ""]]
    assert (
        totals(read(tmp_path, "market_size", workbook(Market=market)), "fct_market_size")["market_size"]
        == 900
    )
    text = (
        "Datum;Thema;Erwähnungen der eigenen Marke;Erwähnungen aller Marken\n01.10.2026;Licht;12;1.200\n"
        "02.10.2026;Licht;-;-\nSumme;;12;1.200\n"
    )
    found = totals(read(tmp_path, "social_listening", text, numbers="german"), "fct_mention_daily")
    assert (found["own_mentions"], found["market_mentions"]) == (12, 1200)


def test_shopify_item_of_an_order_that_is_quarantined(tmp_path):
    text = SHOPIFY.replace(",100.00,2026-10-01", ",lots,2026-10-01")
    (file,) = land(tmp_path, [text])
    source, own = registry()["shopify"], account("shopify", time_zone="Europe/Berlin")
    with pytest.raises(BadRowError, match="'lots'"):
        source.read([file], own, OCTOBER)
    found = source.read([replace(file, left_out=frozenset({4}))], own, OCTOBER)
    assert totals(found, SALE) == {"rows": 2, "amount": D("39.50")}
    tally = found.tallies[0]
    assert (tally.rows_in, tally.rows_used, tally.rows_set_aside, tally.rows_quarantined) == (5, 2, 2, 1)


def test_stripe_counts_what_was_paid_less_what_was_paid_back(tmp_path):
    text = (
        "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,Converted Amount Refunded,"
        "Converted Currency,Fee,Mode,PaymentIntent ID,Status,Card Issue Country,Customer ID,Customer Email\n"
        "ch_1,2026-10-14 10:02:11,600.00,0.00,eur,true,12000,0.00,thb,9,Live,pi_1,Paid,PE,cus_1,a@x.example\n"
        "ch_2,2026-10-31 23:59:59,100.50,40.25,eur,true,2000,0,thb,9,Live,pi_2,Refunded,,cus_1,a@x.example\n"
        "ch_3,2026-10-15 10:02:11,400.00,0.00,eur,false,0,0,thb,0,Live,pi_3,Failed,DE,,\n"
    )
    found = read(tmp_path, "stripe_payments", text)
    assert totals(found, SALE) == {"rows": 2, "amount": D("660.25")}
    assert found.tables[SALE]["country_code"].to_pylist() == ["PE", "ZZ"]
    with pytest.raises(BadRowError, match="'Perhaps'"):
        read(tmp_path, "stripe_payments", text.replace(",Failed,", ",Perhaps,"))


@pytest.mark.parametrize(
    ("label", "score"),
    [
        ("Extremely likely - 10", 10),
        ("Not at all likely - 0", 0),
        ("Sehr wahrscheinlich (10)", 10),
        ("Likely: 7", 7),
        ("8 - quite likely", 8),
        ("1-10", 1),
    ],
)
def test_surveymonkey_scores_with_words_before_or_after_the_number(tmp_path, label, score):
    content = (
        "Respondent ID,Collector ID,End Date,Would you recommend us?\n,,,Response\n"
        f"118,44,10/03/2026 02:25:05 PM,{label}\n"
    )
    found = read(tmp_path, "survey", content).tables["fct_survey_response"]
    assert [*map(int, found["nps_score"].to_pylist())] == [score]

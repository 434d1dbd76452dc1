"""Unpaid search, mailings, tasks of a tracker, and PayPal: what each export comes to."""

from __future__ import annotations

from decimal import Decimal

import pytest

from scoring.errors import BadFileError, BadRowError
from scoring.period import Period
from tests.etl.formats.reading import read, totals
from tests.etl.formats.workbooks import packed, workbook

SEARCH, MAILING, TASK, SALE = "fct_search_daily", "fct_mailing", "fct_task", "fct_sale"
D = Decimal

DAYS = (
    "Date,Clicks,Impressions,CTR,Position\n2026-11-01,9,90,10%,3.2\n2026-10-31,7,300,2.33%,23.8\n"
    "2026-10-02,0,12,0%,41\n2026-09-30,1,2,50%,1\n"
)
QUERIES = "Top queries,Clicks,Impressions,CTR,Position\nlamps,5,100,5%,2.1\n"


def test_search_console_counts_the_days_of_the_month_and_no_queries(tmp_path):
    content = packed(
        {"Queries.csv": QUERIES, "Chart.csv": DAYS, "Filters.csv": "Filter,Value\nSearch type,Web\n"}
    )
    found = read(tmp_path, "search_console", content)
    assert totals(found, SEARCH) == {"rows": 2, "clicks": 7, "impressions": 312}
    (tally,) = found.tallies
    assert (tally.rows_used, tally.rows_set_aside) == (2, 2)


@pytest.mark.parametrize(
    "text",
    [
        "Date,Clics,Impressions,CTR,Position\n2026-10-31,7,300,2.33%,23.8\n",
        "日付,クリック数,表示回数,CTR,掲載順位\n2026-10-31,7,300,2.33%,23.8\n",
        "日期,点击次数,展示次数,点击率,平均排名\n2026-10-31,7,300,2.33%,23.8\n",
    ],
)
def test_search_console_in_other_languages(tmp_path, text):
    assert totals(read(tmp_path, "search_console", text), SEARCH) == {
        "rows": 1,
        "clicks": 7,
        "impressions": 300,
    }


def test_search_console_ends_without_a_line_break(tmp_path):
    whole = {"rows": 2, "clicks": 7, "impressions": 312}
    assert totals(read(tmp_path, "search_console", packed({"Chart.csv": DAYS.rstrip("\n")})), SEARCH) == whole
    assert totals(read(tmp_path, "search_console", DAYS.rstrip("\n")), SEARCH) == whole
    with pytest.raises(BadFileError, match="breaks off"):
        read(tmp_path, "search_console", DAYS.rstrip("\n").rpartition(",")[0])


def test_search_console_queries_are_no_days(tmp_path):
    with pytest.raises(BadFileError, match="Date"):
        read(tmp_path, "search_console", QUERIES)


def test_search_console_as_a_workbook(tmp_path):
    sheets = {
        "Queries": [["Top queries", "Clicks"], ["lamps", 5]],
        "Dates": [row.split(",") for row in DAYS.split()],
    }
    assert totals(read(tmp_path, "search_console", workbook(**sheets)), SEARCH)["impressions"] == 312


KLAVIYO = (
    "Campaign Name,Tags,Subject,List,Send Time,Send Weekday,Total Recipients,Unique Placed Order,Placed Order Rate,"
    "Revenue,Unique Opens,Open Rate,Total Opens,Unique Clicks,Click Rate,Total Clicks,Unsubscribes,Spam Complaints,"
    "Spam Complaints Rate,Successful Deliveries,Bounces,Bounce Rate,Campaign ID,Campaign Channel\n"
    'Autumn,"a, b",Light,North,2026-10-31 23:59:59,Saturday,1000.0,12.0,1.2%,"1,250.5",400.0,40%,700.0,51.0,5.1%,80.0,'
    "3.0,0.0,0%,990.0,10.0,1%,01ABC,email\n"
    "Winter,,Light,South,2026-11-01 00:00:00,Sunday,10,0,0%,0,4,40%,7,5,50%,8,0,0,0%,9,1,10%,01ABD,email\n"
    "Text,,,North,2026-10-05 10:00:00,Monday,500,1,0.2%,20,0,0%,0,9,1.8%,9,1,0,0%,499,1,0.2%,01ABE,SMS\n"
)


def test_klaviyo_counts_mails_and_no_text_messages(tmp_path):
    found = read(tmp_path, "klaviyo", KLAVIYO, currency_code="USD")
    assert totals(found, MAILING) == {
        "rows": 1,
        "recipients": 1000,
        "delivered": 990,
        "openers": 400,
        "clickers": 51,
        "unsubscribes": 3,
        "orders": 12,
        "revenue": D("1250.5"),
    }
    assert found.tables[MAILING]["owner_key"].to_pylist() == ["North"]
    with pytest.raises(BadRowError, match="'fax'"):
        read(tmp_path, "klaviyo", KLAVIYO.replace(",SMS", ",fax"), currency_code="USD")


@pytest.mark.parametrize(
    ("source", "header"),
    [
        ("mailchimp", "Title,List,Send Date,Total Recipients,Successful Deliveries"),
        ("klaviyo", "Campaign Name,List,Send Time,Total Recipients,Successful Deliveries"),
    ],
)
def test_mailings_without_an_id_are_told_by_title_and_time(tmp_path, source, header):
    text = (
        f"{header},Unique Opens,Unique Clicks,Unsubscribes\n"
        "October,All,2026-10-05 10:00,1000,990,400,80,3\nOctober,All,2026-10-19 10:00,1000,990,400,80,3\n"
    )
    found = read(tmp_path, source, text, currency_code="EUR").tables["fct_mailing"]
    assert found["mailing_id"].to_pylist() == ["October 2026-10-05 10:00", "October 2026-10-19 10:00"]
    with pytest.raises(BadFileError, match="one row for each"):
        read(tmp_path, source, text.replace("10-19", "10-05"), currency_code="EUR")


def test_mailchimp_campaigns(tmp_path):
    text = (
        'Title,Subject,List,"Send Date","Send Weekday","Total Recipients","Successful Deliveries","Soft Bounces",'
        '"Hard Bounces","Total Bounces","Unique Opens","Open Rate","Total Opens","Unique Clicks","Click Rate",'
        '"Total Clicks",Unsubscribes,"Abuse Complaints","Unique Id","Total Orders","Total Revenue"\n'
        '"[06-10] Lamps","New lamps","Customers","Oct 31, 2026 11:30 pm",Saturday,"1,751",1742,1,8,9,141,8.1%,201,20,'
        "1.15%,157,1,0,17671f6028,n/a,n/a\n"
        '"Shades","New shades","Customers","Nov 01, 2026 12:05 am",Sunday,10,9,1,0,1,4,44.4%,5,1,11.1%,1,0,0,17671f6029,'
        "0,0\n"
    )
    found = read(tmp_path, "mailchimp", text, currency_code="EUR")
    assert totals(found, MAILING) == {
        "rows": 1,
        "recipients": 1751,
        "delivered": 1742,
        "openers": 141,
        "clickers": 20,
        "unsubscribes": 1,
        "orders": 0,
        "revenue": 0,
    }
    assert found.tables[MAILING]["orders"].to_pylist() == [None]


JIRA = (
    "Summary,Issue key,Issue id,Status,Project key,Created,Resolved,Due date,Labels,Labels,Sprint,Sprint\n"
    '"Lamp ""A"", new",MKT-12,10012,Done,MKT,14/Oct/26 3:42 PM,20/Oct/26 11:00 PM,21/Oct/26 12:00 AM,a,b,1,2\n'
    "Shade,MKT-13,10013,Open,MKT,31/Oct/26 11:59 PM,,15/Nov/26 12:00 AM,,,,\n"
    "Old,MKT-1,10001,Done,MKT,30/Sep/26 9:00 AM,02/Oct/26 9:00 AM,,,,,\n"
)


def test_jira_issues_with_columns_of_one_name(tmp_path):
    found = read(tmp_path, "jira", JIRA)
    table = found.tables[TASK]
    assert [str(day) for day in table["created_date"].to_pylist()] == ["2026-10-14", "2026-10-31"]
    assert [str(day) for day in table["done_date"].to_pylist()] == ["2026-10-20", "None"]
    assert [str(day) for day in table["due_date"].to_pylist()] == ["2026-10-21", "2026-11-15"]
    assert table["owner_key"].to_pylist() == ["MKT", "MKT"]
    (september,) = read(tmp_path, "jira", JIRA, month=Period(2026, 9)).tables[TASK]["task_id"].to_pylist()
    assert september == "MKT-1"
    with pytest.raises(BadRowError, match="Issue key"):
        read(tmp_path, "jira", JIRA.replace("MKT-12", "12"))


def test_pingcode_work_items(tmp_path):
    text = "编号,标题,状态,所属项目,创建时间,截止时间,完成时间\nMKT-7,新灯,已完成,市场,2026-10-08 09:00,2026-10-20,2026-10-19\n"
    (row,) = read(tmp_path, "pingcode", text).tables[TASK].to_pylist()
    assert (row["task_id"], row["owner_key"], str(row["done_date"])) == ("MKT-7", "市场", "2026-10-19")


PAYPAL = (
    '\ufeff"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","From Email Address",'
    '"To Email Address","Transaction ID","Balance","Balance Impact"\n'
    '"13/10/2026","10:00:00","GMT","Ana","Express Checkout Payment","Completed","EUR","1,250.00","-43.00","1,207.00",'
    '"a@x.example","us@x.example","1AB","1,207.00","Credit"\n'
    '"14/10/2026","10:00:00","GMT","Bo","Website Payment","Pending","EUR","99.00","0.00","99.00","b@x.example",'
    '"us@x.example","1AC","1,207.00","Memo"\n'
    '"15/10/2026","10:00:00","GMT","Ana","Payment Refund","Completed","EUR","-250.00","0.00","-250.00","us@x.example",'
    '"a@x.example","1AD","957.00","Debit"\n'
    '"15/10/2026","11:00:00","GMT","Host","PreApproved Payment Bill User Payment","Completed","EUR","-20.00","0.00",'
    '"-20.00","us@x.example","h@x.example","1AE","937.00","Debit"\n'
    '"16/10/2026","11:00:00","GMT","","General Withdrawal","Completed","EUR","-900.00","0.00","-900.00","","","1AF",'
    '"37.00","Debit"\n'
)


def test_paypal_counts_what_came_in_and_what_was_paid_back(tmp_path):
    found = read(tmp_path, "paypal", PAYPAL)
    assert totals(found, SALE) == {"rows": 2, "amount": D(1000)}
    with pytest.raises(BadRowError, match="'Tip Jar'"):
        read(tmp_path, "paypal", PAYPAL.replace("Express Checkout Payment", "Tip Jar"))


def test_paypal_in_german(tmp_path):
    text = (
        '"Datum","Uhrzeit","Zeitzone","Beschreibung","Währung","Brutto","Entgelt","Netto","Guthaben","Transaktionscode",'
        '"Absender E-Mail-Adresse","Name"\n'
        '"10.10.2026","10:00:00","Europe/Berlin","Website-Zahlung","EUR","1.250,50","-9,00","1.241,50","1.241,50","2AB",'
        '"a@x.example","Ana"\n'
        '"11.10.2026","10:00:00","Europe/Berlin","Handyzahlung","EUR","-59,90","0,00","-59,90","1.181,60","2AC",'
        '"wir@x.example","Laden"\n'
        '"12.10.2026","10:00:00","Europe/Berlin","Rückzahlung","EUR","-50,50","0,00","-50,50","1.131,10","2AD",'
        '"wir@x.example","Ana"\n'
    )
    assert totals(read(tmp_path, "paypal", text), SALE) == {"rows": 2, "amount": D(1200)}


def test_klaviyo_without_channels_has_mails_only(tmp_path):
    rows = [line.rpartition(",")[0] for line in KLAVIYO.splitlines()[:2]]
    assert (
        totals(read(tmp_path, "klaviyo", "\n".join(rows) + "\n", currency_code="USD"), MAILING)["rows"] == 1
    )


@pytest.mark.parametrize(
    "header",
    [
        "Datum,Klikken,Vertoningen,CTR,Positie",
        "Data,Kliknięcia,Wyświetlenia,CTR,Pozycja",
        "Дата,Клики,Показы,CTR,Позиция",
    ],
)
def test_search_console_in_dutch_polish_and_russian(tmp_path, header):
    content = f"{header}\n2026-10-02,20,200,10%,3.2\n2026-10-01,10,100,10%,3.2"
    found = totals(read(tmp_path, "search_console", content), "fct_search_daily")
    assert (found["rows"], found["clicks"], found["impressions"]) == (2, 30, 300)


def test_search_console_in_a_language_that_is_not_known_is_no_report_of_discover(tmp_path):
    with pytest.raises(BadFileError, match="expected this column, found a header row without it"):
        read(tmp_path, "search_console", "Dato,Klik,Eksponeringer,CTR,Placering\n2026-10-01,1,10,10%,3.2")
    for header in ("Date,Clicks,Impressions,CTR", "Datum,Klikken,Vertoningen,CTR"):
        with pytest.raises(BadFileError, match="the performance on Discover or News"):
            read(tmp_path, "search_console", f"{header}\n2026-10-01,1,10,10%")

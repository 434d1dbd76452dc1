"""Leads from HubSpot, Salesforce and plain lists, and what each export comes to."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from scoring.errors import BadFileError, BadRowError, BookError
from tests.etl.formats.reading import read, totals
from tests.etl.formats.workbooks import packed, workbook

LEAD = "fct_lead"

CONTACTS = (
    "Record ID,First Name,Email,Create Date,Became a Marketing Qualified Lead Date,"
    "Became a Sales Qualified Lead Date,Marketing Team,Test Contact\n"
    '101,"Ana, ""Bo""",a@x.example,2026-10-03 14:22,2026-10-04 09:00,2026-10-09 10:00,CRM EU,false\n'
    "102,Test,t@x.example,2026-10-05 00:00,,,CRM EU,true\n"
    "103,李,l@x.example,2026-10-31 23:59,2026-11-01 08:00,,,false\n"
)
DEALS = (
    "Record ID,Deal Name,Deal Stage,Close Date,Amount,Currency,Associated Contact IDs\n"
    "9001,One,{won},2026-10-20 11:00,1000.50,EUR,101;999\n"
    "9002,Two,{won},2026-10-12 11:00,99.50,EUR,101\n"
    "9003,Three,{lost},2026-10-22 11:00,5000,EUR,101\n"
)


def funnel(conformed):
    """How many leads, tests, MQLs, SQLs and won ones there are, and what was won."""
    table = conformed.tables[LEAD].to_pylist()
    stages = [sum(row[name] is not None for row in table) for name in ("mql_date", "sql_date", "won_date")]
    amount = sum(row["deal_amount"] or 0 for row in table)
    return (len(table), sum(row["is_test"] for row in table), *stages, Decimal(amount))


def cells(text):
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("won", "lost"),
    [
        ("Closed Won", "Closed Lost"),
        ("closedwon", "closedlost"),
        ("5. Closed Won (Sales Pipeline)", "Closed lost (Sales Pipeline)"),
        ("Closed won (Sales Pipeline)", "3. Negotiation (Sales Pipeline)"),
        ("Gewonnen", "Verloren"),
    ],
)
def test_hubspot_by_the_words_of_several_portals(tmp_path, won, lost):
    found = read(tmp_path, "hubspot", CONTACTS, DEALS.format(won=won, lost=lost))
    assert funnel(found) == (3, 1, 2, 1, 1, Decimal("1100.00"))


def test_hubspot_stages_of_the_accounts_own(tmp_path):
    deals = DEALS.format(won="Unterschrieben", lost="Kein Budget")
    with pytest.raises(BadRowError, match="'Unterschrieben'"):
        read(tmp_path, "hubspot", CONTACTS, deals)
    words = {"stage": {"won": ("Unterschrieben",), "lost": ("Kein Budget",)}}
    assert funnel(read(tmp_path, "hubspot", CONTACTS, deals, words=words))[-1] == Decimal("1100.00")


def test_hubspot_as_workbook_and_as_zip(tmp_path):
    deals = packed({"hubspot-crm-exports-all-deals.csv": DEALS.format(won="Closed Won", lost="Closed Lost")})
    found = read(tmp_path, "hubspot", workbook(Contacts=cells(CONTACTS)), deals)
    assert funnel(found) == (3, 1, 2, 1, 1, Decimal("1100.00"))


def test_hubspot_without_its_deals(tmp_path):
    found = read(tmp_path, "hubspot", CONTACTS)
    assert funnel(found) == (3, 1, 2, 1, 0, 0)
    assert found.findings == ("no_deal_amount", "no_won_date")


def test_hubspot_deals_in_two_currencies_have_no_sum(tmp_path):
    deals = DEALS.format(won="Closed Won", lost="Closed Lost").replace("99.50,EUR", "99.50,USD")
    with pytest.raises(BadFileError, match="expected the same for all rows of contact_id 101"):
        read(tmp_path, "hubspot", CONTACTS, deals)


WON = DEALS.format(won="Closed Won", lost="Closed Lost")


def test_hubspot_deals_of_two_exports_that_overlap_count_once(tmp_path):
    header, first, second, third = WON.splitlines(keepends=True)
    found = read(tmp_path, "hubspot", CONTACTS, header + first + second, header + second + third)
    assert funnel(found) == (3, 1, 2, 1, 1, Decimal("1100.00"))
    assert [(each.rows_used, each.rows_set_aside) for each in found.tallies] == [(3, 0), (2, 0), (0, 2)]


def test_hubspot_deal_twice_in_one_export_counts_once(tmp_path):
    found = read(tmp_path, "hubspot", CONTACTS, WON + WON.splitlines(keepends=True)[1])
    assert funnel(found)[-1] == Decimal("1100.00")


def test_hubspot_deal_of_two_exports_that_differ(tmp_path):
    with pytest.raises(BadFileError, match="row 2, column 'Record ID': expected one row for each Record ID"):
        read(tmp_path, "hubspot", CONTACTS, WON, WON.replace("1000.50", "900.00"))


def test_hubspot_deals_without_ids_are_not_taken_twice(tmp_path):
    bare = "\n".join(line.partition(",")[2] for line in WON.splitlines()) + "\n"
    assert funnel(read(tmp_path, "hubspot", CONTACTS, bare))[-1] == Decimal("1100.00")
    with pytest.raises(BadFileError, match="with the column Record ID - Deal, which tells"):
        read(tmp_path, "hubspot", CONTACTS, bare, bare)


SALESFORCE = (
    '"Lead ID","Full Name","Email","Lead Source","Lead Status","Create Date","Converted Date","Opportunity ID"\n'
    '"00Q5e000001AbCd","Ana","a@x.example","Web","Qualified","10/13/2026","10/20/2026","0065e00000AbCdE"\n'
    '"00Q5e000001Abcd","Bo","b@x.example","Fair","Open - Not Contacted","10/2/2026","",""\n'
    '"00Q5e000001AbCf","T","t@x.example","","Test","10/3/2026","",""\n'
    "\n"
    '"Grand Totals (3 records)"\n'
    '"Leads this month"\n'
    '"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\n'
    '"Confidential Information - Do Not Distribute"\n'
)
OPPORTUNITIES = (
    '"Opportunity Name","Stage","Amount Currency","Amount","Close Date","Created Date","Lead Source",'
    '"Opportunity ID"\n'
    '"Lamps, many","Closed Won","EUR","1,200.50","10/28/2026","10/13/2026","Web","0065e00000AbCdE"\n'
    '"Other","Closed Lost","EUR","700.00","10/29/2026","10/14/2026","Fair","0065e00000Abcde"\n'
    '"Plan","Negotiation/Review","EUR","90.00","12/29/2026","10/15/2026","","0065e00000AbCdF"\n'
    "\n"
    '"Grand Totals (3 records)"\n'
)


def test_salesforce_leads_with_lines_of_the_report_below(tmp_path):
    found = read(tmp_path, "salesforce", SALESFORCE)
    assert funnel(found) == (3, 1, 0, 1, 0, Decimal(0))
    tally = found.tallies[0]
    assert (tally.rows_in, tally.rows_used, tally.rows_set_aside) == (7, 3, 4)


def test_salesforce_leads_with_the_opportunities_that_they_became(tmp_path):
    found = read(tmp_path, "salesforce", SALESFORCE, OPPORTUNITIES)
    assert funnel(found) == (3, 1, 0, 1, 1, Decimal("1200.50"))


def test_salesforce_opportunities_that_lie_twice(tmp_path):
    found = read(tmp_path, "salesforce", SALESFORCE, OPPORTUNITIES, OPPORTUNITIES)
    assert funnel(found) == (3, 1, 0, 1, 1, Decimal("1200.50"))


def test_salesforce_opportunities_alone(tmp_path):
    found = read(tmp_path, "salesforce_opportunities", OPPORTUNITIES)
    assert funnel(found) == (3, 0, 0, 3, 1, Decimal("1200.50"))
    with pytest.raises(BadRowError, match="'Signed'"):
        read(tmp_path, "salesforce_opportunities", OPPORTUNITIES.replace("Closed Won", "Signed"))


@pytest.mark.parametrize(
    "text",
    [
        "Date,Name,Email,Source,Team,Status\n2026-10-03,Ana,a@x.example,Fair,CRM EU,New\n"
        "2026-10-03,Bo,b@x.example,Web,CRM EU,Won\n2026-10-04,T,t@x.example,Web,,Test\n"
        "2026-09-04,Old,o@x.example,Web,CRM EU,New\n",
        "Datum;Name;E-Mail;Quelle;Team;Status\n03.10.2026;Ana;a@x.example;Messe;CRM EU;neu\n"
        "03.10.2026;Bo;b@x.example;Web;CRM EU;gewonnen\n04.10.2026;T;t@x.example;Web;;Test\n"
        "04.09.2026;Alt;o@x.example;Web;CRM EU;neu\n",
        "日期,姓名,邮箱,来源,团队,状态\n2026-10-03,安,a@x.example,展会,CRM EU,新\n"
        "2026-10-03,博,b@x.example,网站,CRM EU,成交\n2026-10-04,试,t@x.example,网站,,测试\n"
        "2026-09-04,旧,o@x.example,网站,CRM EU,新\n",
    ],
)
@pytest.mark.parametrize("as_workbook", [False, True])
def test_a_plain_list_of_leads(tmp_path, text, as_workbook):
    content = workbook(Leads=[row.split(";" if ";" in row else ",") for row in text.splitlines()])
    found = read(tmp_path, "leads_sheet", content if as_workbook else text)
    assert funnel(found) == (3, 1, 0, 0, 0, Decimal(0))
    assert [row["owner_key"] for row in found.tables[LEAD].to_pylist()] == ["CRM EU", "CRM EU", "(none)"]
    tally = found.tallies[0]
    assert (tally.rows_in, tally.rows_used, tally.rows_set_aside) == (4, 3, 1)


def test_a_plain_list_without_anything_that_tells_leads_apart(tmp_path):
    with pytest.raises(BadFileError, match="column 'Email': expected this column"):
        read(tmp_path, "leads_sheet", "Date,Source,Status\n2026-10-03,Fair,New\n")


def test_a_lead_twice_on_a_day(tmp_path):
    row = "2026-10-03,a@x.example,Fair,New\n"
    with pytest.raises(BadFileError, match=r"a second one for a@x.example 2026-10-03"):
        read(tmp_path, "leads_sheet", "Date,Email,Source,Status\n" + row + row)


def test_the_stages_of_a_list_by_their_dates(tmp_path):
    text = "ID,Date,Name,Channel,MQL date,SQL date,Won date\n7,2026-10-03,Ana,Web,2026-10-04,2026-10-05,\n"
    found = read(tmp_path, "leads_sheet", text)
    assert funnel(found) == (1, 0, 1, 1, 0, Decimal(0))
    assert totals(found, LEAD)["rows"] == 1


def test_salesforce_leads_that_do_not_name_their_opportunities(tmp_path):
    text = SALESFORCE.replace('"Opportunity ID"', '"Other ID"')
    with pytest.raises(BadFileError, match="'Converted Opportunity ID': expected this column, by which"):
        read(tmp_path, "salesforce", text, OPPORTUNITIES)


def test_salesforce_rows_below_a_blank_one_are_not_ignored(tmp_path):
    lines = SALESFORCE.splitlines(keepends=True)
    with pytest.raises(BadFileError, match="row 3: expected another row, or the end of the table"):
        read(tmp_path, "salesforce", "".join([*lines[:2], "\n", *lines[2:]]))


def test_hubspot_deals_that_do_not_name_their_currency(tmp_path):
    deals = DEALS.format(won="Closed Won", lost="Closed Lost").replace(",Currency", "").replace(",EUR", "")
    found = read(tmp_path, "hubspot", CONTACTS, deals, currency_code="CHF")
    assert funnel(found)[-1] == Decimal("1100.00")
    assert found.tables[LEAD]["currency_code"].to_pylist() == ["CHF", None, None]
    with pytest.raises(BookError, match="expected a currency_code for hubspot/acct-1"):
        read(tmp_path, "hubspot", CONTACTS, deals)


def test_days_of_a_list_that_can_be_read_in_two_ways(tmp_path):
    text = "Date,Email,Source\n03/10/2026,a@x.example,Web\n"
    with pytest.raises(BadFileError, match="days of which the month is known"):
        read(tmp_path, "leads_sheet", text)
    found = read(tmp_path, "leads_sheet", text, days="day_first")
    assert funnel(found)[0] == 1


@pytest.mark.parametrize(
    ("created", "qualified"), [("10/15/2026", "11/10/2026"), ("15/10/2026", "10/11/2026")]
)
def test_days_of_other_columns_are_in_the_order_of_the_file(tmp_path, created, qualified):
    contact = f"101,{created} 14:22,{qualified} 09:00\n"
    text = "Record ID,Create Date,Became a Marketing Qualified Lead Date\n" + contact
    lead = read(tmp_path, "hubspot", text, WON).tables[LEAD].to_pylist()[0]
    assert (lead["created_date"].day, str(lead["mql_date"])) == (15, "2026-11-10")


def test_days_of_other_columns_are_in_the_order_that_the_month_shows(tmp_path):
    text = "Record ID,Create Date,Became a Marketing Qualified Lead Date\n101,10/02/2026,11/10/2026\n"
    text += "102,10/03/2026,\n103,10/05/2026,\n"
    found = read(tmp_path, "hubspot", text, WON, files=("contacts {month}.csv", "deals {month}.csv"))
    assert str(found.tables[LEAD]["mql_date"][0]) == "2026-11-10"


def test_the_month_asked_for_does_not_say_when_a_deal_was_won(tmp_path):
    deals = WON.replace("2026-10-20 11:00", "10/12/2026 11:00").replace(
        "2026-10-12 11:00", "10/12/2026 11:00"
    )
    with pytest.raises(BadFileError, match="column 'Close Date': expected days of which the month is known"):
        read(tmp_path, "hubspot", CONTACTS, deals)


def test_days_of_a_list_by_those_of_another_column(tmp_path):
    text = "Date,Email,MQL date\n03/10/2026,a@x.example,15/10/2026\n"
    assert str(read(tmp_path, "leads_sheet", text).tables[LEAD]["created_date"][0]) == "2026-10-03"
    text = "Date,Email,MQL date,SQL date\n03/10/2026,a@x.example,15/10/2026,10/16/2026\n"
    with pytest.raises(BadFileError, match="days of which the month is known"):
        read(tmp_path, "leads_sheet", text)


def test_ids_that_a_program_took_for_numbers_meet_the_others(tmp_path):
    deals = WON.replace("101;999", "101.0").replace("EUR,101\n", "EUR,101.0\n")
    assert funnel(read(tmp_path, "hubspot", CONTACTS, deals))[-1] == Decimal("1100.00")
    contacts = CONTACTS.replace("\n101,", "\n101.0,")
    assert funnel(read(tmp_path, "hubspot", contacts, WON))[-1] == Decimal("1100.00")


def test_several_contacts_of_a_deal_parted_by_commas(tmp_path):
    contacts, deals = CONTACTS.replace("\n101,", "\n10151,"), WON.replace("101;999", '"10151,99951"')
    assert funnel(read(tmp_path, "hubspot", contacts, deals))[-1] == Decimal("1000.50")
    with pytest.raises(BadFileError, match="expected an id without signs between its digits, found '10,151'"):
        read(tmp_path, "hubspot", contacts, WON.replace("101;999", '"10,151"'))


def test_deals_of_which_none_is_of_a_lead_are_remarked(tmp_path):
    found = read(tmp_path, "hubspot", CONTACTS, WON.replace("101", "555"))
    assert (funnel(found)[-1], found.findings) == (0, ("nothing_looked_up",))
    lost = DEALS.format(won="Closed Lost", lost="Closed Lost")
    assert read(tmp_path, "hubspot", CONTACTS, lost).findings == ()


def test_salesforce_ids_of_15_and_of_18_characters_are_the_same(tmp_path):
    leads = SALESFORCE.replace("0065e00000AbCdE", "0065e00000AbCdEAAV")
    assert funnel(read(tmp_path, "salesforce", leads, OPPORTUNITIES))[-1] == Decimal("1200.50")


@pytest.mark.parametrize(
    ("status", "tests"), [("Testimonial requested", 0), ("Test drive", 0), ("Test lead", 1)]
)
def test_only_a_status_that_says_so_makes_a_lead_a_test(tmp_path, status, tests):
    text = f"Date,Email,Status\n2026-10-03,a@x.example,{status}\n"
    assert funnel(read(tmp_path, "leads_sheet", text))[1] == tests
    text = SALESFORCE.replace('"Test"', f'"{status}"')
    assert funnel(read(tmp_path, "salesforce", text))[1] == tests


GERMAN_LIST = """\
Datum;Name;Status;Auftragswert;Abschluss am
01.10.2026;Ana;Gewonnen;1.200,50;20.10.2026
02.10.2026;Bo;Angebot verschickt;900,00;30.10.2026
03.10.2026;Cy;verloren;700,00;12.10.2026
04.10.2026;Probe;Test;5,00;
"""


def test_amounts_of_a_list_count_where_a_lead_was_closed_as_won(tmp_path):
    found = read(tmp_path, "leads_sheet", GERMAN_LIST, currency_code="EUR")
    leads = found.tables[LEAD].to_pylist()
    assert [str(lead["won_date"]) for lead in leads] == ["2026-10-20", "None", "None", "None"]
    assert [lead["is_test"] for lead in leads] == [False, False, False, True]
    assert (leads[0]["deal_amount"], leads[0]["currency_code"]) == (Decimal("1200.50"), "EUR")


@pytest.mark.parametrize(
    "header",
    [
        "Date,Name,Won on,Deal value,Currency",
        "Datum,Name,Beauftragt am,Auftragssumme,Währung",
        "日期,姓名,签约日期,合同金额,币种",
        "Created,Company,Close date,Amount,Currency",
    ],
)
def test_the_amounts_of_a_list_in_the_words_of_people(tmp_path, header):
    found = read(tmp_path, "leads_sheet", f"{header}\n2026-10-01,Ana,2026-10-20,1200.50,CHF\n")
    assert totals(found, LEAD)["deal_amount"] == Decimal("1200.50")
    assert str(found.tables[LEAD]["won_date"][0]) == "2026-10-20"
    assert found.tables[LEAD]["currency_code"].to_pylist() == ["CHF"]


@pytest.mark.parametrize(
    ("header", "currency"),
    [
        ("线索编号,登记日期,负责人,跟进状态,签单日期,成交金额（元）", "CNY"),
        ("线索编号,录入时间,归属人,客户状态,成单时间,成交金额(元)", "CNY"),
        ("编号,注册日期,所属部门,线索阶段,合同日期,合同额 （人民币）", "CNY"),
        ("编号,留资时间,渠道来源,销售阶段,成交日期,金额（USD）", "USD"),
        ("编号,报名日期,团队,状态,成交日期,成交额[EUR]", "EUR"),
        ("ID,Created,Team,Status,Won on,Deal value (CHF)", "CHF"),
        ("ID,Created,Team,Status,Won on,Amount in EUR", "EUR"),
        ("Nr.,Datum,Team,Status,Gewonnen am,Auftragswert (€)", "EUR"),
    ],
)
def test_words_for_the_columns_of_a_list_with_units_in_brackets(tmp_path, header, currency):
    text = f"{header}\nX1,2026-10-05,甲,已签单,2026-10-20,500\n"
    (lead,) = read(tmp_path, "leads_sheet", text, currency_code=currency).tables[LEAD].to_pylist()
    assert (lead["owner_key"], str(lead["created_date"])) == ("甲", "2026-10-05")
    assert (str(lead["won_date"]), lead["deal_amount"]) == ("2026-10-20", Decimal(500))
    assert lead["currency_code"] == currency


@pytest.mark.parametrize("name", ["成交金额（万元）", "Amount (net)", "Betrag (netto)"])
def test_a_bracket_that_is_no_currency_makes_no_amount(tmp_path, name):
    text = f"ID,Created,Won on,{name}\n1,2026-10-03,2026-10-09,5\n"
    found = read(tmp_path, "leads_sheet", text, currency_code="EUR")
    assert (found.tables[LEAD]["deal_amount"].null_count, "no_deal_amount" in found.findings) == (1, True)


def test_a_status_that_nobody_knows_is_asked_for_only_where_a_closing_day_hangs_on_it(tmp_path):
    text = GERMAN_LIST.replace("Gewonnen", "Bingo")
    with pytest.raises(
        BadRowError, match=r"column 'Status': expected one of won, closed won, gewonnen.*'Bingo'"
    ):
        read(tmp_path, "leads_sheet", text, currency_code="EUR")
    with pytest.raises(
        BadRowError, match=r"means won or lost or open, as in `words: {status: {won: \['Bingo'\]}}`"
    ):
        read(tmp_path, "leads_sheet", text, currency_code="EUR")
    own = {"status": {"won": ("Bingo",)}}
    found = read(tmp_path, "leads_sheet", text, currency_code="EUR", words=own)
    assert str(found.tables[LEAD]["won_date"][0]) == "2026-10-20"
    without = text.replace(";Abschluss am", ";Wiedervorlage")
    assert funnel(read(tmp_path, "leads_sheet", without, currency_code="EUR"))[0] == 4


def test_only_amounts_that_count_need_a_currency(tmp_path):
    with pytest.raises(BookError, match="expected a currency_code for leads_sheet/acct-1"):
        read(tmp_path, "leads_sheet", GERMAN_LIST)
    found = read(tmp_path, "leads_sheet", GERMAN_LIST.replace(";Abschluss am", ";Wiedervorlage"))
    assert found.tables[LEAD]["currency_code"].to_pylist() == [None] * 4


@pytest.mark.parametrize(
    ("header", "total"),
    [
        ("Lead ID;Date;Team;Deal value", "Total;;;3,50"),
        ("Name;Date;Team;Deal value", "Summe:;;;3,50"),
        ("Team;Name;Date;Deal value", "合计;;;3,50"),
    ],
)
def test_a_total_below_a_list_of_leads_stands_in_its_first_column(tmp_path, header, total):
    cells = {"Lead ID": "7", "Name": "Ada", "Team": "Fair", "Date": "13.10.2026", "Deal value": "3,50"}
    row = ";".join(cells[name] for name in header.split(";"))
    found = read(tmp_path, "leads_sheet", f"{header}\n{row}\n{total}\n")
    assert totals(found, LEAD)["rows"] == 1
    # a lead that is called so has a day
    called = row.replace("Ada", "Total").replace("Fair", "Total")
    assert totals(read(tmp_path, "leads_sheet", f"{header}\n{called}\n"), LEAD)["rows"] == 1


def test_a_header_with_a_column_of_another_report_alone_is_said_to_have_it(tmp_path):
    text = "Record ID,Email,Last Name,Lead Status,Create Date\n1,a@x.example,Ada,New,2026-10-02\n"
    with pytest.raises(BadFileError, match="columns that only another report has"):
        read(tmp_path, "salesforce", text)


@pytest.mark.parametrize(
    ("zone", "written", "account_zone", "day"),
    [
        # the zone of the account, as it was on the day of the export
        ("(GMT+2)", "2026-10-02 00:30", "Europe/Berlin", "2026-10-02"),
        ("(GMT+1)", "2026-10-02 00:30", "Europe/Berlin", "2026-10-02"),
        ("(CEST)", "2026-10-02 00:30", "Europe/Berlin", "2026-10-02"),
        ("(GMT+5:30)", "2026-10-02 00:30", "Asia/Kolkata", "2026-10-02"),
        # another one
        ("(GMT+8)", "2026-10-02 00:30", "Europe/Berlin", "2026-10-01"),
        ("(GMT-4)", "2026-10-01 20:00", "Europe/Berlin", "2026-10-02"),
        ("(UTC)", "2026-10-01 23:30", "Europe/Berlin", "2026-10-02"),
        ("(UTC+02:00)", "2026-10-02", "America/New_York", "2026-10-02"),
        ("(PDT)", "2026-10-01 15:30", "Europe/Berlin", "2026-10-02"),
        ("(JST)", "2026-10-02 00:30", "Europe/Berlin", "2026-10-01"),
        ("(CST)", "2026-10-02 00:30", "Asia/Shanghai", "2026-10-02"),
        ("(CST)", "2026-10-02", "Europe/Berlin", "2026-10-02"),
    ],
)
def test_a_zone_behind_the_name_of_a_column(tmp_path, zone, written, account_zone, day):
    text = f"Record ID - Contact,First Name,Create Date {zone}\n101,A,{written}\n"
    found = read(tmp_path, "hubspot", text, time_zone=account_zone)
    assert str(found.tables[LEAD]["created_date"][0]) == day


def test_a_zone_of_several_countries_behind_a_name_is_not_guessed(tmp_path):
    text = "Record ID - Contact,First Name,Create Date (CST)\n101,A,2026-10-02 00:30\n"
    with pytest.raises(BadFileError, match=r"column 'Create Date \(CST\)'"):
        read(tmp_path, "hubspot", text, time_zone="Europe/Berlin")


def test_what_stands_behind_a_name_and_is_no_zone(tmp_path):
    with pytest.raises(BadFileError, match="column 'Create Date': expected this column"):
        read(tmp_path, "hubspot", "Record ID - Contact,First Name,Create Date (USDT)\n101,A,2026-10-02\n")


DEALS_OF_CONTACTS = (
    "Record ID - Deal,Deal Stage,Close Date,Amount,Currency,Associated Contact IDs\n"
    "9,Closed won,2026-10-20,{amount},EUR,101\n8,Closed won,2026-10-21,,EUR,101\n7,Closed lost,2026-10-21,,EUR,101\n"
)


def test_won_deals_without_an_amount_are_counted_and_told(tmp_path):
    found = read(tmp_path, "hubspot", CONTACTS, DEALS_OF_CONTACTS.format(amount="9"))
    assert found.warnings == (
        "1: 1 of 2 rows with a day for Close Date have nothing in 'Amount', such as row 3: they count, and add "
        "nothing to deal_amount",
    )
    (none,) = read(tmp_path, "hubspot", CONTACTS, DEALS_OF_CONTACTS.format(amount="")).warnings
    assert none.startswith("1: 2 of 2 rows")


def test_won_leads_of_a_sheet_without_an_amount_are_told(tmp_path):
    text = "Date,Email,Won date,Amount,Currency\n2026-10-01,a@x.example,2026-10-09,5.00,EUR\n2026-10-02,b@x.example,,,\n"
    assert not read(tmp_path, "leads_sheet", text).warnings
    (told,) = read(tmp_path, "leads_sheet", text.replace("5.00", "")).warnings
    assert "1 of 1 rows with a day for Won date" in told
    bare = text.replace(",Amount", "").replace("5.00,", "").replace(",,,", ",,")
    assert not read(tmp_path, "leads_sheet", bare).warnings

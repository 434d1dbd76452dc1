"""A format proposed for a table of nobody's: saved as it is, the table reads."""

from __future__ import annotations

from decimal import Decimal

import pytest

from etl.formats.library import formats_of, shipped_formats
from etl.formats.recognition import Names, search
from etl.reading.document import candidates
from etl.sources import sources_with
from scoring.period import Period
from tests.etl.formats.reading import OCTOBER, account, land, totals
from trying.correcting import Aim, correct
from trying.proposing import propose
from trying.tried import try_file

NAMES = tuple(map(Names, shipped_formats().values()))
D = Decimal
LEADS = {
    "german": (
        "Kontakt;Name;E-Mail;Eingang;Quelle;Gewonnen am;Betrag\n"
        "K-1;Ann;a@x.de;01.10.2026;Messe;12.11.2026;1.234,56\nK-2;Bob;b@x.de;05.10.2026;Web;;\n",
        {"rows": D(2), "deal_amount": D("1234.56")},
        [("K-1", "Messe"), ("K-2", "Web")],
    ),
    "with addresses only": (
        "Email,Full name,When,Sales person\na@x.com,Ann Lee,2026-10-02,Kim\nb@x.com,Bob Li,2026-10-03,\n",
        {"rows": D(2), "deal_amount": D(0)},
        [("a@x.com", "Kim"), ("b@x.com", "(none)")],
    ),
    "with other months": (
        "Lead No.,Created,Team\n1,10/31/2026,North\n2,10/2/2026,South\n3,9/2/2026,South\n",
        {"rows": D(2), "deal_amount": D(0)},
        [("1", "North"), ("2", "South")],
    ),
    "in Chinese": (
        "线索编号,创建时间,负责人,成交日期,金额\nL1,2026-10-01,华东,2026-10-20,500\nL2,2026-10-02,华南,,\n",
        {"rows": D(2), "deal_amount": D(500)},
        [("L1", "华东"), ("L2", "华南")],
    ),
    "lost deals are not won": (
        "Ref,Created,Owner,Stage,Value,Close Date\n1,2026-10-01,N,Won,9.00,2026-11-02\n2,2026-10-02,S,Lost,5.00,2026-11-03\n",
        {"rows": D(2), "deal_amount": D(0)},
        [("1", "N"), ("2", "S")],
    ),
}


@pytest.mark.parametrize("name", LEADS)
def test_a_sheet_of_leads_reads_by_what_is_proposed_for_it_saved_unchanged(tmp_path, name):
    content, sums, keys = LEADS[name]
    (file,) = land(tmp_path, [content])
    proposal = propose(file, (), "trade_fair_leads")
    folder = tmp_path / "config/formats"
    folder.mkdir(parents=True)
    (folder / f"{proposal.name}.yaml").write_text(proposal.text, "utf-8")
    sources, faults = sources_with(folder)
    assert faults == []
    conformed = sources["trade_fair_leads"].read(
        [file], account("trade_fair_leads", currency_code="EUR"), OCTOBER
    )
    found = totals(conformed, "fct_lead")
    assert {name: found[name] for name in sums} == sums
    table = conformed.tables["fct_lead"]
    assert sorted(zip(table["lead_id"].to_pylist(), table["owner_key"].to_pylist(), strict=True)) == keys


OTHERS = {
    "fct_ad_daily": (
        "Date,Campaign,Spend (EUR),Impressions,Clicks,Region\n2026-10-01,Summer,10.50,1000,10,N\n"
        "2026-10-01,Summer,1.50,100,1,S\nTotal,,12.00,1100,11,\n",
        {"rows": D(1), "impressions": D(1100), "clicks": D(11), "spend": D(12)},
    ),
    "fct_sale": (
        "Order No,Order date,Customer,Amount,Currency,Country\n1,2026-10-01,K1,10.00,EUR,DE\n2,2026-10-02,K2,5.50,EUR,FR\n",
        {"rows": D(2), "amount": D("15.5")},
    ),
    "fct_web_daily": (
        "Day,Visits,Source\n2026-10-01,10,Direct\n2026-10-01,5,Mail\n",
        {"rows": D(2), "sessions": D(15)},
    ),
    "fct_survey_response": (
        "Response,Submitted,How likely are you to recommend us? (0-10),Survey\n1,2026-10-01,9,CSAT\n2,2026-10-02,3,CSAT\n",
        {"rows": D(2), "nps_score": D(12)},
    ),
    "fct_social_post": (
        "Post URL,Published,Views,Interactions,Caption\nhttps://p/1,2026-10-01,100,5,Hi\nhttps://p/2,2026-10-02,50,1,\n",
        {"rows": D(2), "impressions": D(150), "engagements": D(6)},
    ),
    "fct_page_daily": (
        "Date,Total followers,New followers\n2026-10-01,100,5\n2026-10-02,101,1\n",
        {"rows": D(2), "followers": D(201), "new_followers": D(6)},
    ),
}


@pytest.mark.parametrize("fact", OTHERS)
def test_the_fact_is_guessed_by_the_columns(tmp_path, fact):
    content, expected = OTHERS[fact]
    proposal = propose(land(tmp_path, [content])[0], ())
    assert proposal.format.fact == fact
    assert proposal.tried.verdict == "reads", proposal.tried.faults
    table = proposal.tried.read.table
    sums = {
        name: sum(value for value in table[name].to_pylist() if value is not None)
        for name in expected
        if name != "rows"
    }
    assert {"rows": D(table.num_rows), **sums} == expected


def test_guesses_are_marked_and_what_is_not_read_is_told(tmp_path):
    proposal = propose(land(tmp_path, [LEADS["german"][0]])[0], (), "leads_own")
    assert "lead_id: Kontakt  # a guess" in proposal.text
    assert "status: assumed" in proposal.text
    assert "# Not read: Name, E-Mail." in proposal.text
    assert proposal.text.startswith("# Proposed from")


def test_a_source_that_there_is_keeps_its_name(tmp_path):
    (file,) = land(tmp_path, [LEADS["german"][0]])
    assert propose(file, ("hubspot",), "hubspot").format.source == "own_hubspot"


@pytest.mark.parametrize("content", ["hello\nworld\n", "A,B\nx,y\nz,w\n", "", "1,2\n3,4\n"])
def test_nothing_is_proposed_for_what_no_fact_could_be_made_of(tmp_path, content):
    assert propose(land(tmp_path, [content])[0], ()) is None


GOOGLE = (
    "Day,Campaign,Campaign ID,Ad group,Ad group ID,Currency code,Impr.,Clicks,Total cost,Conversions\n"
    "2026-10-01,Summer,12,Broad,34,USD,1000,12,20.50,2\nTotal: Ad groups,,,,,,1000,12,20.50,2\n"
)


def test_a_renamed_column_is_corrected_by_one_line(tmp_path):
    (file,) = land(tmp_path, [GOOGLE])
    found = correct(file, NAMES)
    assert (found.name, found.like.name) == ("google_ads_ad_groups_own", "google_ads_ad_groups")
    assert "spend: Total cost  # a guess: like Cost" in found.text
    folder = tmp_path / "formats"
    folder.mkdir()
    (folder / f"{found.name}.yaml").write_text(found.text, "utf-8")
    assert formats_of(folder)[found.name].status == "assumed"
    conformed = sources_with(folder)[0]["google_ads"].read([file], account("google_ads"), OCTOBER)
    assert totals(conformed, "fct_ad_daily")["spend"] == D("20.5")


def test_what_a_corrected_format_does_not_read_is_told(tmp_path):
    changed = GOOGLE.replace("Conversions\n", "Conversions,Views\n").replace(",2\n", ",2,7\n")
    assert correct(land(tmp_path, [changed])[0], NAMES).text.endswith("# Not read: Views.\n")


@pytest.mark.parametrize(
    ("saved", "source"), [("kwai_ads", "kwai_ads"), ("google_ads_ad_groups_own", "google_ads")]
)
def test_a_corrected_format_is_of_the_source_that_it_is_saved_for(tmp_path, saved, source):
    (file,) = land(tmp_path, [GOOGLE])
    found = correct(file, NAMES, aim=Aim(saved, saved))
    assert f"formats/{saved}.yaml in your book" in " ".join(found.text.replace("#", "").split())
    (tmp_path / "formats").mkdir()
    (tmp_path / f"formats/{saved}.yaml").write_text(found.text, "utf-8")
    assert formats_of(tmp_path / "formats")[saved].source == source


def test_a_file_keeps_the_platform_that_wrote_its_total_whatever_a_column_is_called(tmp_path):
    (file,) = land(tmp_path, [GOOGLE.replace("Total cost", "Money out")])
    found = correct(file, NAMES)
    assert found.like.name == "google_ads_ad_groups"
    assert "spend: Money out  # a guess" in found.text


def test_a_file_is_corrected_for_the_account_that_it_lies_under(tmp_path):
    plain = GOOGLE.partition("Total: ")[0].replace("Total cost", "Money out")
    assert (
        correct(land(tmp_path, [plain])[0], NAMES, aim=Aim(platform="google_ads")).like.source == "google_ads"
    )


def test_nothing_is_corrected_by_a_column_of_other_cells(tmp_path):
    changed = GOOGLE.replace("Total cost", "Cost centre").replace("20.50", "Berlin")
    assert correct(land(tmp_path, [changed])[0], NAMES) is None


def test_a_month_may_be_named(tmp_path):
    (file,) = land(tmp_path, [LEADS["with other months"][0]])
    proposal = propose(file, (), month=Period(2026, 9))
    assert proposal.tried.read.tally.rows_used == 1


def test_counts_under_a_name_that_says_nothing_are_no_ids(tmp_path):
    content = "Date,Primary\n2026-10-01,12\n2026-10-02,7\n"
    assert propose(land(tmp_path, [content])[0], ()) is None


ORDERS = (
    "Name,Email,Financial Status,Currency,Subtotal,Total,Discount Amount,Created at,Lineitem name,Id\n"
    "#1050,k@shop.example,paid,EUR,95.00,100.90,5.00,2026-10-01 09:59:00 +0200,Matcha,555\n"
)


def test_orders_that_lack_a_column_are_no_list_of_leads(tmp_path):
    (file,) = land(tmp_path, [ORDERS])
    assert search(candidates(file), NAMES).best() == []
    assert try_file(file, NAMES).faults[0].expected.startswith("this column")


def test_a_common_word_makes_no_column_alike(tmp_path):
    """Neither what was discounted nor the sum of the items is what was paid back."""
    assert correct(land(tmp_path, [ORDERS])[0], NAMES) is None


@pytest.mark.parametrize("name", ["Clicks", "Impr.", "Cost", "Klicks", "点击", "CTR"])
def test_numbers_of_a_chart_are_no_ids(tmp_path, name):
    cells = ("1%", "2%") if name == "CTR" else ("1", "2")
    content = f"Date,{name}\n2026-10-01,{cells[0]}\n2026-10-02,{cells[1]}\n"
    assert propose(land(tmp_path, [content])[0], ()) is None


def test_marks_in_names_do_no_harm(tmp_path):
    content = "Lead\u00a0No.,Cre\u00adated,Te\x0eam\n1,2026-10-01,N\n2,2026-10-02,S\n"
    proposal = propose(land(tmp_path, [content])[0], ())
    assert "lead_id: Lead No." in proposal.text
    assert "created_date: Created" in proposal.text
    assert proposal.tried.read.tally.rows_used == 2


def test_a_day_of_signing_wins_a_lead_and_lets_its_amount_count(tmp_path):
    text = (
        "Received on,Company,Region,Deal value (EUR),Signed on\n2026-10-02,Acme,North,1200,2026-10-21\n"
        "2026-10-05,Beta,South,,\n"
    )
    found = propose(land(tmp_path, [text])[0], ())
    (acme, beta) = found.tried.read.table.select(["won_date", "deal_amount", "currency_code"]).to_pylist()
    assert (str(acme["won_date"]), acme["deal_amount"], acme["currency_code"]) == ("2026-10-21", 1200, "EUR")
    assert (beta["won_date"], beta["deal_amount"]) == (None, None)


@pytest.mark.parametrize(
    "content",
    [
        "Day,Orders,Net sales\n2026-10-01,12,1180.00\n2026-10-02,15,1480.00\n",
        "Datum;Bestellungen;Umsatz\n01.10.2026;12;1180,00\n02.10.2026;15;1480,00\n",
    ],
)
def test_how_many_orders_a_day_had_is_no_id_of_one(tmp_path, content):
    assert propose(land(tmp_path, [content])[0], ()) is None


@pytest.mark.parametrize("name", ["date_week", "week_start", "Week date", "周日期"])
def test_a_week_is_no_day(tmp_path, name):
    content = f"{name},campaign_name,spend,clicks\n2026-09-28,Summer,70,7\n2026-10-05,Summer,80,8\n"
    assert propose(land(tmp_path, [content])[0], ()) is None


def test_currencies_in_small_letters_are_not_added_up_as_one(tmp_path):
    text = "Invoice Number,Created date,Amount,Currency\nA-1,2026-10-02,15.00,usd\nA-2,2026-10-05,9.00,eur\n"
    rows = propose(land(tmp_path, [text])[0], ()).tried.read.table.to_pylist()
    assert [(row["amount"], row["currency_code"]) for row in rows] == [(15, "USD"), (9, "EUR")]


def test_a_part_of_what_an_order_comes_to_is_not_its_amount(tmp_path):
    text = "Pedido No,Fecha,Valor unitario venta,Total venta\nA-1,2026-10-02,5.00,14.00\n"
    (row,) = propose(land(tmp_path, [text])[0], ()).tried.read.table.to_pylist()
    assert row["amount"] == 14


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize(
    "name", ["#", "No.", "Nr", "Index", "Row", "Lfd. Nr.", "S.No", "序号", "Unnamed: 0", "Place"]
)
def test_the_number_of_a_row_is_no_id(tmp_path, name, first):
    """The next file counts others from the same number on."""
    text = f"{name},Fair,Seen on,Booth team\n"
    text += "".join(f"{first + at},Berlin,2026-10-0{at + 1},North\n" for at in range(3))
    assert propose(*land(tmp_path, [text]), ()) is None
    with_mail = text.replace("Fair", "Mail").replace("Berlin", "{}@x.example")
    proposal = propose(*land(tmp_path, [with_mail.format("a", "b", "c")]), ())
    assert "lead_id: Mail  # a guess" in proposal.text


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("Visitor no.", (1, 2, 3)),
        ("Ref", (1, 2, 3)),
        ("No.", (1001, 1002, 1003)),
        ("Place", (4711, 4712, 4713)),
    ],
)
def test_numbers_of_what_is_named_or_that_begin_elsewhere_are_ids(tmp_path, name, numbers):
    rows = "".join(f"{number},2026-10-0{at + 1},North\n" for at, number in enumerate(numbers))
    (file,) = land(tmp_path, [f"{name},Seen on,Booth team\n{rows}"])
    assert f"lead_id: {name}  # a guess" in propose(file, ()).text


def test_numbers_that_a_page_has_rounded_are_proposed_and_refused_for_that(tmp_path):
    """That there is no column of impressions would be another reason."""
    text = "Post link,Published,Impressions,Interactions\nhttps://x.example/1,2026-10-01,12K,30\n"
    proposal = propose(*land(tmp_path, [text]), ())
    assert "impressions: Impressions  # a guess" in proposal.text
    (fault,) = proposal.tried.faults
    assert (fault.column, fault.found) == ("Impressions", "'12K'")
    assert "is rounded, as a page shows it" in fault.step


@pytest.mark.parametrize("name", ["New customer", "Neukunde", "新客户"])
def test_whether_a_customer_is_new_is_not_taken_for_who_it_is(tmp_path, name):
    content = f"Order No,Order date,Amount,{name}\n1,2026-10-01,10.00,yes\n2,2026-10-02,5.50,no\n"
    (file,) = land(tmp_path, [content])
    said = propose(file, (), "orders").text
    assert f"is_new_customer: {name}" in said
    assert "customer_id: {copy: order_id}" in said

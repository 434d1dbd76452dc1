"""Meta at every level and in every language, and sheets of costs that an agency keeps."""

from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from etl.formats.definition import Format
from etl.formats.library import shipped_formats
from scoring.errors import BadFileError
from tests.etl.formats.reading import read, totals

AD = "fct_ad_daily"

ADS = (
    "\ufeffReporting starts,Reporting ends,Day,Campaign name,Campaign ID,Ad set name,Ad set ID,Ad name,Ad ID,"
    "Results,Result indicator,Amount spent (USD),Impressions,Link clicks,Purchases conversion value\n"
    "2026-10-01,2026-10-01,2026-10-01,Launch,120212090417730255,Broad,120212090417730311,One,120212090417730412,"
    "2,actions:lead,10.50,1000,40,80\n"
    "2026-10-01,2026-10-01,2026-10-01,Launch,120212090417730255,Broad,120212090417730311,One,120212090417730423,"
    "1,actions:lead,5.25,500,20,\n"
    "2026-10-01,2026-10-31,,,,,,,,3,,15.75,1500,60,80\n"
)


def test_ads_with_ids_are_added_up_to_ad_sets(tmp_path: Path) -> None:
    found = read(tmp_path, "meta_ads", ADS)

    assert found.tables[AD].num_rows == 1
    assert totals(found, AD)["spend"] == Decimal("15.75")
    assert totals(found, AD)["conversions"] == 3


def test_costs_with_many_digits_are_rounded(tmp_path: Path) -> None:
    report = (
        "Reporting starts,Reporting ends,Campaign name,Amount spent (INR),Impressions,Link clicks\n"
        "2026-10-01,2026-10-01,One,2236.71510474,1000,4\n2026-10-02,2026-10-02,One,0.28489526,10,1\n"
    )
    assert totals(read(tmp_path, "meta_ads", report), AD)["spend"] == Decimal("2237")

    with pytest.raises(
        BadFileError, match="exactly the month, found '2026-12-31'; export it by day and rerun"
    ):
        read(tmp_path, "meta_ads", report.replace("2026-10-01,One", "2026-12-31,One"))


def test_ads_without_ids_that_have_one_name_are_refused(tmp_path: Path) -> None:
    bare = ADS.replace("Ad ID,", "").replace("120212090417730412,", "").replace("120212090417730423,", "")
    bare = bare.replace("2026-10-31,,,,,,,,", "2026-10-31,,,,,,,")

    with pytest.raises(BadFileError, match="with the ids of its rows if it has none"):
        read(tmp_path, "meta_ads", bare)
    assert totals(read(tmp_path, "meta_ads", bare.replace("One,1", "Two,1")), AD)["spend"] == Decimal("15.75")


def test_campaigns_as_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Campaign name", "Day", "Results", "Result indicator", "Amount spent (EUR)", "Impressions", "Link clicks"])  # fmt: skip
    book.active.append(["Launch", datetime(2026, 10, 1), 2, "actions:lead", 10.5, 1000, 40])
    book.active.append(["Launch", datetime(2026, 10, 2), None, None, 1, 10, None])
    book.active.append([None, None, 2, None, 11.5, 1010, 40])
    content = io.BytesIO()
    book.save(content)
    found = read(tmp_path, "meta_ads", content.getvalue())

    assert totals(found, AD)["spend"] == Decimal("11.5")
    assert found.tables[AD]["ad_group_name"].to_pylist() == ["Launch", "Launch"]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("天數,行銷活動名稱,廣告組合名稱,成果,成果指標,花費金額 (TWD),曝光次數,連結點擊次數", "廣告名稱"),
        ("일,캠페인 이름,광고 세트 이름,결과,결과 표시 도구,지출 금액 (TWD),노출,링크 클릭", "광고 이름"),
        ("单日,广告系列名称,广告组名称,成效,成效指标,已花费金额 (TWD),展示次数,链接点击量", "广告名称"),
        (
            "日,キャンペーン名,広告セット名,結果,結果インジケーター,消化金額 (TWD),インプレッション,リンクのクリック",
            "広告名",
        ),
    ],
)
def test_meta_in_east_asia(tmp_path: Path, header: str, name: str) -> None:
    """A comma there parts thousands, whatever the language."""
    sets = f'{header}\n2026-10-01,春,甲,2,actions:lead,"1,250",1000,40\n'
    ads = f'{header},{name}\n2026-10-01,春,甲,2,actions:lead,"1,250",1000,40,A\n2026-10-01,春,甲,1,actions:lead,"1,000",10,4,B\n'

    assert totals(read(tmp_path, "meta_ads", sets), AD)["spend"] == 1250
    assert totals(read(tmp_path, "meta_ads", ads), AD) == {
        "rows": 1, "impressions": 1010, "clicks": 44, "spend": 2250, "conversions": 3, "conversion_value": 0
    }  # fmt: skip


def test_meta_by_week_is_refused(tmp_path: Path) -> None:
    header = "Week,Reporting starts,Reporting ends,Campaign name,Ad set name,Amount spent (USD),Impressions,Link clicks"
    row = "2026-10-05,2026-10-01,2026-10-31,A,x,1.00,10,4"

    with pytest.raises(BadFileError, match="export it with the breakdown by day and rerun"):
        read(tmp_path, "meta_ads", f"{header}\n{row}\n")


def test_meta_files_of_two_levels_are_refused(tmp_path: Path) -> None:
    campaigns = "Day,Campaign name,Results,Amount spent (USD),Impressions,Link clicks\n2026-10-01,Launch,3,15.75,1500,60\n"

    with pytest.raises(BadFileError, match="which has the same amounts once more"):
        read(tmp_path, "meta_ads", ADS, campaigns)


@pytest.mark.parametrize(
    "content",
    [
        'Date,Platform,Campaign,Cost,Currency,Impressions,Clicks\n2026-10-01,Google,Brand,"1,000.50",EUR,100,5\n2026-10-01,Meta,Brand,2.00,EUR,50,1\nTotal,,,"1,002.50",,150,6\n',
        "Datum;Plattform;Kampagne;Kosten;Währung;Impressionen;Klicks\n01.10.2026;Google;Brand;1.000,50;EUR;100;5\n01.10.2026;Meta;Brand;2,00;EUR;50;1\nSumme;;;1.002,50;;150;6\n",
        "Datum;Kanal;Kampagne;Kosten in EUR;Impressionen;Klicks\n13.10.2026;Google;Brand;1.000,50 €;100;5\n13.10.2026;Meta;Brand;2,00 €;50;1\n;;Gesamt;1.002,50 €;150;6\n",
        "日期,平台,计划,消耗,币种,展示,点击\n2026/10/1,谷歌,品牌,1000.50,EUR,100,5\n2026/10/1,脸书,品牌,2.00,EUR,50,1\n合计,,,1002.50,,150,6\n",
        "Date,Channel,Campaign,Spend (EUR),Impressions,Clicks\n10/13/2026,Google,Brand,1000.50,100,5\n10/13/2026,Meta,Brand,2.00,50,1\n",
    ],
)  # fmt: skip
def test_a_sheet_of_costs(tmp_path: Path, content: str) -> None:
    found = read(tmp_path, "ads_sheet", content)

    sums = totals(found, AD)
    assert (sums["rows"], sums["impressions"], sums["clicks"], sums["spend"]) == (
        1,
        150,
        6,
        Decimal("1002.5"),
    )
    assert all(each.rows_in == each.rows_used + each.rows_set_aside for each in found.tallies)


@pytest.mark.parametrize(
    ("content", "because"),
    [
        ("Week,Campaign,Cost,Currency\n2026-10-05,A,1.00,EUR\n", "a sheet by week or month"),
        ("月份,计划,消耗\n2026-10,A,1.00\n", "a sheet by week or month"),
        ("Date,Campaign,Cost,Currency\n10/2/2026,A,1.00,EUR\n9/3/2026,B,1.00,EUR\n", "days of which the month is known"),
        ("Date,Campaign,Cost,Currency\n2026-10-01,A,1.00,EUR\n2026-10-01,A,2.00,EUR\n", "a second one for"),
        ("Date,Campaign,Cost,Currency\n2026-10-01,A,1.00,EUR\nTotal,,3.00,\n", "expected the sum of the rows, 1, found 3"),
    ],
)  # fmt: skip
def test_a_sheet_that_says_too_little_is_refused(tmp_path: Path, content: str, because: str) -> None:
    with pytest.raises(BadFileError, match=because):
        read(tmp_path, "ads_sheet", content, currency_code="EUR")


def test_amounts_in_two_currencies_are_never_added_up(tmp_path: Path) -> None:
    sheet = "Date,Platform,Campaign,Cost,Currency\n2026-10-01,Google,A,1.00,EUR\n2026-10-01,Meta,A,2.00,USD\n"

    with pytest.raises(BadFileError, match="row 3, column 'Currency': expected EUR, as in the other rows"):
        read(tmp_path, "ads_sheet", sheet)


def test_a_sheet_without_a_currency_needs_the_accounts(tmp_path: Path) -> None:
    sheet = "Date,Campaign,Ad group,Cost\n2026-10-01,A,x,1.00\n2026-10-01,A,y,2.00\n"

    assert totals(read(tmp_path, "ads_sheet", sheet, currency_code="EUR"), AD)["rows"] == 2


PLACEMENTS = (
    "Day,Campaign name,Campaign ID,Ad set name,Ad set ID,{by},Amount spent (USD),Impressions,Reach\n"
    "2026-10-01,Launch,1201,Broad,1301,feed,10.50,1000,900\n"
    "2026-10-01,Launch,1201,Broad,1301,stories,10.50,1000,900\n"
)


def test_a_row_of_a_breakdown_that_was_pasted_twice_is_refused(tmp_path: Path) -> None:
    parts = PLACEMENTS.format(by="Placement")
    assert totals(read(tmp_path, "meta_ads", parts), AD)["spend"] == 21

    with pytest.raises(BadFileError, match="expected a row that is not in the file before, found a copy"):
        read(tmp_path, "meta_ads", parts + parts.splitlines()[1] + "\n")


def test_a_breakdown_that_is_not_known_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="told from it by 'Mood'; export the report without 'Mood'"):
        read(tmp_path, "meta_ads", PLACEMENTS.format(by="Mood"))


def test_amounts_of_meta_whose_currency_stands_elsewhere(tmp_path: Path) -> None:
    parts = PLACEMENTS.format(by="Placement")
    bare = parts.replace(" (USD)", "")
    assert totals(read(tmp_path, "meta_ads", bare, currency_code="USD"), AD)["spend"] == 21
    column = (
        bare.replace("Placement", "Placement,Currency")
        .replace("feed", "feed,USD")
        .replace("stories", "stories,USD")
    )
    assert read(tmp_path, "meta_ads", column).tables[AD]["currency_code"].to_pylist() == ["USD"]
    both = column.replace("spent,", "spent (EUR),")
    with pytest.raises(BadFileError, match="expected the currency code EUR, found 'USD'"):
        read(tmp_path, "meta_ads", both)


BY_KIND = (
    "Campaign name,Ad set name,Day,Impressions,Link clicks,Amount spent (EUR),{columns},Reporting starts,Reporting ends\n"
    "A,B,2026-10-01,100,10,5.00,{cells},2026-10-01,2026-10-01\n"
)


@pytest.mark.parametrize(
    ("columns", "cells", "counted", "expected"),
    [
        ("Purchases", "3", None, 3),
        ("Website purchases", "2", None, 2),
        ("Purchases,Website purchases", "3,2", None, 3),
        ("Leads,Website leads,On-Facebook leads", "5,4,1", None, 5),
        ("On-Facebook leads", "1", None, 1),
        ("Käufe", "3", None, 3),
        ("Results,Purchases,Leads", "7,3,5", None, 7),
        ("Purchases,Leads", "3,5", "lead", 5),
        ("Purchases,Leads", "3,5", "offsite_conversion.fb_pixel_purchase", 3),
        # each of these would count what another one may have, too, or leave it out
        ("Purchases,Leads", "3,5", None, None),
        ("Website leads,On-Facebook leads", "4,1", None, None),
        ("Purchases", "3", "lead", None),
        ("Leads", "5", "onsite_conversion.lead_grouped", None),
    ],
)
def test_results_of_meta_in_a_column_of_their_kind(tmp_path, columns, cells, counted, expected) -> None:
    said = {} if counted is None else {"counted": [counted]}
    found = read(tmp_path, "meta_ads", BY_KIND.format(columns=columns, cells=cells), **said)
    assert found.tables[AD]["conversions"].to_pylist() == [expected]
    assert ("no_conversions" in found.findings) == (expected is None)


def test_results_of_unlike_kinds_ask_which_count(tmp_path) -> None:
    found = read(tmp_path, "meta_ads", BY_KIND.format(columns="Purchases,Leads", cells="3,5"))
    assert found.warnings == (
        "0: no column for conversions, and 'Purchases' and 'Leads' are of unlike kinds, which have no sum: say "
        "with `counted: [purchase]` or the like at the account which counts",
    )
    assert not read(tmp_path, "meta_ads", BY_KIND.format(columns="Purchases", cells="3")).warnings


def test_a_row_with_an_id_is_no_total_without_a_name(tmp_path: Path) -> None:
    found = read(tmp_path, "meta_ads", ADS.replace("2026-10-01,Launch,120", "2026-10-01,,120"))
    assert found.tables[AD]["campaign_name"].to_pylist() == ["(none)"]


def test_a_kind_of_results_that_the_file_never_has_is_remarked(tmp_path: Path) -> None:
    assert read(tmp_path, "meta_ads", ADS, counted=("lead",)).findings == ()
    found = read(tmp_path, "meta_ads", ADS, counted=("leads",))
    assert totals(found, AD)["conversions"] == 0
    left_out, nothing = found.findings
    assert nothing == "nothing_counted"
    assert left_out.startswith("kinds_left_out: ")
    assert [sentence.partition(": ")[2] for sentence in found.warnings] == [
        f"results of kinds that `counted` of the account does not name are left out: {left_out[16:]}"
    ]


KINDS = (
    "Reporting starts,Reporting ends,Day,Campaign name,Campaign ID,Results,Result indicator,Impressions,"
    "Amount spent (EUR),Link clicks\n"
)
PIXEL, FORM = "actions:offsite_conversion.fb_pixel_lead", "actions:onsite_conversion.lead_grouped"


@pytest.mark.parametrize(
    ("kinds", "counted", "expected"),
    [
        ((PIXEL, FORM), ("lead",), f"{FORM} (11)"),
        ((PIXEL, FORM), ("lead_grouped",), f"{PIXEL} (10)"),
        ((PIXEL, FORM), ("Lead", "lead_grouped"), None),
        ((PIXEL, PIXEL), ("lead",), None),
        ((PIXEL, "purchase"), (PIXEL,), "purchase (11)"),
        (("a", "b"), ("lead",), "b (11), a (10)"),
    ],
)
def test_kinds_of_results_that_do_not_count_are_named(tmp_path, kinds, counted, expected) -> None:
    day = "2026-10-01,2026-10-01,2026-10-01"
    rows = [f"{day},C{at},{at}1,1{at},{kind},1000,50,100\n" for at, kind in enumerate(kinds)]
    found = read(tmp_path, "meta_ads", KINDS + "".join(rows), counted=counted)
    told = [each.partition(": ")[2] for each in found.findings if each.startswith("kinds_left_out")]
    assert told == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ("Campaign name,Campaign ID,Ad set name,Ad set ID,Impressions,Link clicks,Amount spent (USD)", "Day"),
        (
            "From,To,Campaign name,Campaign ID,Ad name,Ad set name,Ad set ID,Impressions,Amount spent (USD)",
            "Day",
        ),
    ],
)
def test_meta_without_days_names_the_column_that_it_lacks(tmp_path: Path, columns: str, named: str) -> None:
    row = ",".join("1" for _ in columns.split(","))
    expected = f"column '{named}': expected this column, found a header row without it"
    with pytest.raises(BadFileError, match=expected):
        read(tmp_path, "meta_ads", f"{columns}\n{row}\n", currency_code="USD")


def test_a_lead_of_nobody_is_named_by_a_column_of_the_sheet(tmp_path: Path) -> None:
    content = "Date,Name,Team,Status\n2026-10-01,Ann,Web,new\n2026-10-02,Bo,Web,new\n"
    with pytest.raises(BadFileError, match="row 3, column 'Date': expected a value"):
        read(tmp_path, "leads_sheet", content.replace("2026-10-02", ""))


def test_no_format_wants_a_value_of_columns_that_it_never_asks_for() -> None:
    """What a row must have is in a column that a header needs, or in one of `either`."""
    for form in shipped_formats().values():
        taken = {*form.join.take} if form.join else set()
        needed = {column.name for column in form.spec.read_columns if not column.nullable} - taken
        holes = [name for name in needed if _is_hole(form, name)]
        assert not holes, f"{form.name}: {holes}"


def _is_hole(form: Format, name: str) -> bool:
    rule = form.rule(name)
    if name in form.required or rule.constant is not None or rule.take or rule.sum_of:
        return False
    others = {*filter(None, [rule.copy_of]), *rule.made_of}
    if any(not _is_hole(form, other) for other in others):
        return False
    return not form.either or not {*form.either} <= {name, *others}

"""Google Ads: every level, language and form of its reports, and what is none of them."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from etl.sources import sources_with
from scoring.errors import BadFileError
from tests.etl.formats.reading import OCTOBER as OCTOBER_2026
from tests.etl.formats.reading import account, land, read, remarks, totals

AD = "fct_ad_daily"
HOW_TO = Path(__file__).resolve().parents[3] / "docs/how-to/when-a-file-is-refused.md"
OCTOBER = '"October 1, 2026 - October 31, 2026"'


def _report(title: str, header: str, *rows: str, period: str = OCTOBER) -> str:
    return "\n".join([title, period, header, *rows, ""])


def _as_excel(text: str) -> bytes:
    return b"\xff\xfe" + text.encode("utf-16-le")


def _figures(folder: Path, *files: str | bytes, **said: object) -> dict[str, Decimal]:
    found = read(folder, "google_ads", *files, **said)
    assert all(each.rows_in == each.rows_used + each.rows_set_aside for each in found.tallies)
    return totals(found, AD)


AD_GROUPS = (
    "Day,Campaign,Campaign ID,Ad group,Ad group ID,Currency code,Impr.,Clicks,Cost,Conversions,Conv. value"
)
SEARCH = _report(
    "Ad group report",
    AD_GROUPS,
    '2026-10-01,"Search\nA",201,Core,901,USD,1000,50,120.00,3.00,90.00',
    '2026-10-02,"Search\nA",201,Core,901,USD,"1,100",60,130.00,4.00,95.00',
    'Total: Ad groups, --, --, --, --,USD,"2,100",110,250.00,7.00,185.00',
    'Total: Account,,,,,USD,"9,100",310,330.00,19.00,685.00',
    'Total: Performance Max,,,,,USD,"7,000",200,80.00,12.00,500.00',
)
CAMPAIGNS = "Day,Campaign,Campaign ID,Campaign type,Currency code,Impr.,Clicks,Cost,Conversions,Conv. value"
BOTH = _report(
    "Campaign report",
    CAMPAIGNS,
    '2026-10-01,"Search\nA",201,Search,USD,1000,50,120.00,3.00,90.00',
    '2026-10-02,"Search\nA",201,Search,USD,"1,100",60,130.00,4.00,95.00',
    '2026-10-01,Max,301,Performance Max,USD,"7,000",200,80.00,12.00,500.00',
    'Total: Campaigns, --, --, --,USD,"9,100",310,330.00,19.00,685.00',
    'Total: Account, --, --, --,USD,"9,100",310,330.00,19.00,685.00',
)


def test_performance_max_is_taken_from_the_campaigns_beside_the_ad_groups(tmp_path: Path) -> None:
    """All is counted once: the union of both files is the account."""
    figures = _figures(tmp_path, SEARCH, BOTH)

    assert figures["rows"] == 3
    assert (figures["impressions"], figures["clicks"]) == (9100, 310)
    assert (figures["spend"], figures["conversions"], figures["conversion_value"]) == (330, 19, 685)
    assert remarks(read(tmp_path, "google_ads", SEARCH)) == ("totals_differ",)
    assert remarks(read(tmp_path, "google_ads", SEARCH, BOTH)) == ()
    less = BOTH.replace('"7,000",200,80.00', '"7,000",200,79.00').replace("310,330.00", "310,329.00")
    assert remarks(read(tmp_path, "google_ads", SEARCH, less)) == ("totals_differ",)


@pytest.mark.parametrize(
    ("header", "search", "maximum"),
    [
        ("Tag,Kampagne,Kampagnen-ID,Kampagnentyp,Währungscode,Impressionen,Klicks,Kosten", "Suche", "Performance Max"),
        ("Dia,Campanha,ID da campanha,Tipo de campanha,Código da moeda,Impressões,Cliques,Custo", "Pesquisa", "Desempenho máximo"),
        ("Día,Campaña,ID de campaña,Tipo de campaña,Código de moneda,Impr.,Clics,Coste", "Búsqueda", "Performance Max"),
        ("日,キャンペーン,キャンペーン ID,キャンペーン タイプ,通貨コード,表示回数,クリック数,費用", "検索", "P-MAX"),
    ],
)  # fmt: skip
def test_performance_max_in_other_languages(tmp_path: Path, header: str, search: str, maximum: str) -> None:
    total = "Gesamt: Konto" if "Tag" in header else "Total: Conta" if "Dia" in header else "Total: Cuenta"
    campaigns = _report(
        "-",
        header,
        f"2026-10-01,Search A,201,{search},USD,5,1,3",
        f"2026-10-01,Max,301,{maximum},USD,7,2,4",
        f"{'合計: アカウント' if '日' in header else total},,,,USD,12,3,7",
        period="8. Januar 2026 - 6. Februar 2026",
    )

    assert _figures(tmp_path, SEARCH, campaigns)["spend"] == 254
    assert _figures(tmp_path, campaigns)["spend"] == 7


def test_a_campaign_report_without_types_cannot_stand_beside_ad_groups(tmp_path: Path) -> None:
    bare = BOTH.replace("Campaign type,", "").replace(",Search,", ",").replace(",Performance Max,", ",")
    bare = bare.replace(" --, --, --,USD", " --, --,USD")

    with pytest.raises(
        BadFileError, match="column 'Campaign type': expected this column, beside the ad group report in 0"
    ):
        read(tmp_path, "google_ads", SEARCH, bare)


def test_an_unknown_type_of_campaign_is_refused_until_the_account_names_it(tmp_path: Path) -> None:
    new = BOTH.replace("Performance Max,USD", "Ultra Max,USD")
    words = {"campaign_type": {"performance_max": ("Ultra Max",)}}

    with pytest.raises(BadFileError, match="found 'Ultra Max'"):
        read(tmp_path, "google_ads", SEARCH, new)
    assert _figures(tmp_path, SEARCH, new, words=words)["spend"] == 330


KEYWORDS = _report(
    "Search keyword report",
    "Day\tKeyword status\tKeyword\tMatch type\tCampaign\tAd group\tCurrency code\tImpr.\tCost\tClicks\tConversions",
    '2026-10-01\tEnabled\t[shoes]\tExact match\tSearch A\tCore\tUSD\t100\t10.01\t5\t0.50',
    '2026-10-01\tEnabled\t"""red shoes"""\tPhrase match\tSearch A\tCore\tUSD\t"1,200"\t20.02\t6\t1.50',
    '2026-10-02\tEnabled\tshoes, red\tBroad match\tSearch A\tCore\tUSD\t300\t30.03\t7\t0.00',
    ' \t \tTotal: Your keywords\t --\t\t\tUSD\t"1,600"\t60.07\t18\t2.00',
    '\t\tTotal: Account\t\t\t\tUSD\t"2,600"\t90.07\t28\t3.00',
    '\t\tTotal: Search keywords on display network\t\t\t\tUSD\t0\t0.00\t0\t0.00',
    period=OCTOBER.strip('"'),
)  # fmt: skip


@pytest.mark.parametrize("form", [str, _as_excel])
def test_keywords_are_added_up_to_ad_groups(tmp_path: Path, form: type) -> None:
    found = read(tmp_path, "google_ads", form(KEYWORDS))

    assert totals(found, AD)["rows"] == 2
    assert totals(found, AD)["spend"] == Decimal("60.06")
    assert totals(found, AD)["conversions"] == 2
    assert remarks(found) == ("totals_differ",)


def test_keywords_that_lack_a_row_are_refused(tmp_path: Path) -> None:
    cut = "\n".join(line for line in KEYWORDS.splitlines() if "red shoes" not in line) + "\n"

    with pytest.raises(
        BadFileError, match=r"row 6, column .Impr\..: expected the sum of the rows, 400, found 1600"
    ):
        read(tmp_path, "google_ads", cut)


def test_search_terms_in_german(tmp_path: Path) -> None:
    """What few people searched for is not listed, so the account has more: that is a finding."""
    report = _report(
        "Bericht zu Suchbegriffen",
        "Tag\tSuchbegriff\tKeyword-Option\tHinzugefügt/Ausgeschlossen\tKampagne\tAnzeigengruppe\tKlicks\tImpressionen"
        "\tWährungscode\tKosten\tKampagnentyp\tConversions",
        '2026-10-01\tschuhe\tExakt\tHinzugefügt\tSuche A\tKern\t100\t2.206\tEUR\t"175,03"\tSuche\t0,33',
        '2026-10-01\trote schuhe\tExakt\t--\tSuche A\tKern\t94\t1.000\tEUR\t"1100,00"\tSuche\t0,67',
        'Gesamt: Suchbegriffe\t --\t --\t\t\t\t194\t3.206\tEUR\t"1275,03"\t\t1,00',
        'Gesamt: Sonstige Suchbegriffe\t --\t --\t\t\t\t301\t4.000\tEUR\t"373,14"\t\t1,00',
        'Gesamt: Konto\t --\t --\t\t\t\t495\t7.206\tEUR\t"1648,17"\t\t2,00',
        'Gesamt: Suche\t --\t --\t\t\t\t495\t7.206\tEUR\t"1648,17"\tSuche\t2,00',
        period="1. Oktober 2026 - 31. Oktober 2026",
    )
    found = read(tmp_path, "google_ads", _as_excel(report))

    assert totals(found, AD) == {
        "rows": 1,
        "impressions": 3206,
        "clicks": 194,
        "spend": Decimal("1275.03"),
        "conversions": 1,
        "conversion_value": 0,
    }
    assert remarks(found) == ("totals_differ",)


def test_search_terms_in_japanese(tmp_path: Path) -> None:
    report = _report(
        "検索語句 レポート",
        "日,検索語句,キーワード ID,キャンペーン,広告グループ,検索キーワードのマッチタイプ,検索キーワード,表示回数,クリック数,通貨コード,費用,コンバージョン",
        '2026-10-01,靴,11,検索A,中心,完全一致,[靴],"1,000",50,JPY,"7,200",1.00',
        '2026-10-02,赤い靴,11,検索A,中心,完全一致,[靴],500,20,JPY,"1,300",0.00',
        '合計: 検索語句,,,,,,,"1,500",70,JPY,"8,500",1.00',
        '合計: アカウント,,,,,,,"1,500",70,JPY,"8,500",1.00',
        period="2026/10/01 - 2026/10/31",
    )

    assert _figures(tmp_path, report)["spend"] == 8500


def test_devices_are_added_up_and_each_total_is_held(tmp_path: Path) -> None:
    report = _report(
        "Ad group report",
        "Device,Day,Ad group,Campaign,Currency code,Impr.,Clicks,Cost",
        "Mobile phones,2026-10-01,Core,Search A,USD,10,1,1.00",
        "Computers,2026-10-01,Core,Search A,USD,20,2,2.00",
        ",,Total: Ad groups,,USD,30,3,3.00",
        "Mobile phones,,Total: Ad groups,,USD,10,1,1.00",
        "Computers,,Total: Ad groups,,USD,20,2,2.00",
    )

    assert _figures(tmp_path, report)["rows"] == 1
    with pytest.raises(BadFileError, match="expected the sum of the rows, 20, found 21"):
        read(tmp_path, "google_ads", report.replace("Ad groups,,USD,20", "Ad groups,,USD,21"))


def test_locations_are_added_up_to_campaigns(tmp_path: Path) -> None:
    report = _report(
        "Locations report",
        "Day\tLocation\tCampaign\tImpr.\tClicks\tCurrency code\tCost\tConversions",
        "2026-10-01\tBerlin, Germany\tSearch A\t100\t5\tUSD\t25409.05\t1.00",
        "2026-10-01\tHamburg, Germany\tSearch A\t100\t5\tUSD\t10.00\t1.00",
        "\tTotal: Locations\t --\t200\t10\tUSD\t25419.05\t2.00",
        "\tTotal: Other locations\t --\t300\t10\tUSD\t23273.67\t2.00",
        "\tTotal: Account\t --\t500\t20\tUSD\t48692.72\t4.00",
        period="October 1, 2026 - October 31, 2026",
    )

    assert _figures(tmp_path, _as_excel(report))["spend"] == Decimal("25419.05")


@pytest.mark.parametrize(
    "period",
    [
        OCTOBER,
        "1 October 2026 - 31 October 2026",
        "1. Oktober 2026 - 31. Oktober 2026",
        "1 de octubre de 2026 - 31 de octubre de 2026",
        "1 de outubro de 2026 - 31 de outubro de 2026",
        "1 octobre 2026 - 31 octobre 2026",
        "2026/10/01 - 2026/10/31",
        "2026年10月1日 - 2026年10月31日",
    ],
)
def test_a_report_of_a_month_needs_no_days(tmp_path: Path, period: str) -> None:
    report = _report(
        "Campaign report", "Campaign,Currency code,Impr.,Clicks,Cost", "A,USD,1,1,2.50", "Total: Account,USD,1,1,2.50",
        period=period,
    )  # fmt: skip
    found = read(tmp_path, "google_ads", report)

    assert remarks(found) == ("no_days",)
    assert str(found.tables[AD]["activity_date"][0]) == "2026-10-01"


def test_a_report_of_one_day_is_of_that_day(tmp_path: Path) -> None:
    report = _report(
        "Campaign report", "Campaign,Currency code,Impr.,Clicks,Cost", "A,USD,1,1,2.50", "Total: Account,USD,1,1,2.50",
        period="4 October 2026 - 4 October 2026",
    )  # fmt: skip
    found = read(tmp_path, "google_ads", report)

    assert remarks(found) == ()
    assert str(found.tables[AD]["activity_date"][0]) == "2026-10-04"


@pytest.mark.parametrize("period", ["All time", "4 November 2026 - 4 November 2026", '"October 1, 2026 - October 30, 2026"', '"September 1, 2026 - September 30, 2026"'])  # fmt: skip
def test_a_report_without_days_of_another_time_is_refused(tmp_path: Path, period: str) -> None:
    report = _report(
        "Campaign report", "Campaign,Currency code,Impr.,Clicks,Cost", "A,USD,1,1,2.50", "Total: Account,USD,1,1,2.50",
        period=period,
    )  # fmt: skip

    with pytest.raises(BadFileError, match="expected a column with days, or lines above the header that say"):
        read(tmp_path, "google_ads", report)


@pytest.mark.parametrize("days", [("01.10.2026", "13.10.2026"), ("01/10/2026", "13/10/2026"), ("10/1/2026", "10/13/2026"), ("1 oct. 2026", "13 oct. 2026"), ("01/10/2026", "02/10/2026")])  # fmt: skip
def test_days_as_a_spreadsheet_saved_them(tmp_path: Path, days: tuple[str, str]) -> None:
    report = SEARCH.replace("2026-10-01", days[0]).replace("2026-10-02", days[1])
    found = read(tmp_path, "google_ads", report)

    assert totals(found, AD)["spend"] == 250


@pytest.mark.parametrize(
    ("content", "because"),
    [
        ("Search Keyword,Match type,Criterion Status,Cost,Clicks,CTR\nshoes,Exact,Enabled,US$1.00,1,1%\n", "a card of the overview page, which has no days"),
        ("Hour,Clicks,Impressions\n00 - 01,1,5\n", "a chart or card of the overview page"),
        ("Day,Hour,Clicks\nSunday,00 - 01,1\n", "a chart or card of the overview page"),
        ('Fecha,Coste\n"sáb, 1 oct 2026",US$1.00\n', "a chart or card of the overview page"),
        ("Row Type,Action,Campaign status,Campaign ID,Campaign,Budget,Cost\nCampaign,Edit,Enabled,1,A,5,1\n", "a template for bulk uploads"),
        (_report("Campaign report", "Week,Campaign,Currency code,Impr.,Clicks,Cost", "2026-10-05,A,USD,1,1,2.50"), "a report by week, month or the like"),
        (_report("Campaign report", "Semana,Campaña,Código de moneda,Impr.,Clics,Coste", "2026-10-05,A,USD,1,1,2.50"), "a report by week, month or the like"),
        (_report("Ad group report", "Month,Ad group,Campaign,Currency code,Impr.,Clicks,Cost", "2026-10-01,C,A,USD,1,1,2.50"), "a report by week, month or the like"),
    ],
)  # fmt: skip
def test_what_is_no_report_by_day_is_refused_by_its_name(tmp_path: Path, content: str, because: str) -> None:
    with pytest.raises(BadFileError, match=because):
        read(tmp_path, "google_ads", content)


def test_files_of_two_levels_would_count_twice(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="which has the same amounts once more"):
        read(tmp_path, "google_ads", SEARCH, KEYWORDS)


def test_a_report_that_never_has_totals_is_read_by_a_format_that_says_so(tmp_path: Path) -> None:
    report = SEARCH.partition("Total: ")[0]
    with pytest.raises(BadFileError, match="`like: google_ads_ad_groups` with `totals: optional`"):
        read(tmp_path, "google_ads", report)

    (said,) = re.findall(
        r"```yaml\n(like: google_ads_ad_groups\n.*?)```", HOW_TO.read_text("utf-8"), re.DOTALL
    )
    (tmp_path / "formats").mkdir()
    (tmp_path / "formats/google_ads_editor.yaml").write_text(said, "utf-8")
    sources, faults = sources_with(tmp_path / "formats")
    whose = account("google_ads", format="google_ads_editor")
    assert faults == []
    assert (
        totals(sources["google_ads"].read(land(tmp_path, [report]), whose, OCTOBER_2026), AD)["spend"] == 250
    )
    with pytest.raises(BadFileError, match="a last line that ends with a line break"):
        sources["google_ads"].read(land(tmp_path, [report[:-4]]), whose, OCTOBER_2026)


def test_a_campaign_may_be_called_like_a_total(tmp_path: Path) -> None:
    report = SEARCH.replace('"Search\nA"', "Total Rewards 2026")

    assert _figures(tmp_path, report)["spend"] == 250


def test_ads_are_added_up_to_ad_groups(tmp_path: Path) -> None:
    report = _report(
        "Ad report",
        "Ad status,Day,Final URL,Headline 1,Campaign,Ad group,Ad type,Ad ID,Currency code,Impr.,Clicks,Cost",
        "Enabled,2026-10-01,https://x.example,Shoes,Search A,Core,RSA,700000000001,USD,10,1,1.50",
        "Enabled,2026-10-01,https://x.example,Boots,Search A,Core,RSA,700000000002,USD,20,2,2.50",
        "Total: Ads,,,,,,,,USD,30,3,4.00",
        "Total: Account,,,,,,,,USD,30,3,4.00",
    )

    assert _figures(tmp_path, report) | {"conversions": Decimal(0)} == {
        "rows": 1,
        "impressions": 30,
        "clicks": 3,
        "spend": 4,
        "conversions": 0,
        "conversion_value": 0,
    }


def test_a_total_with_fewer_cells_is_counted_once(tmp_path: Path) -> None:
    """Several rules fit it, of which the first decides."""
    report = _report(
        "Campaign report", CAMPAIGNS, "2026-10-01,A,201,Search,USD,5,1,3.00,0,0", "Total: Account,,,"
    )
    tally = read(tmp_path, "google_ads", report).tallies[0]

    assert (tally.rows_in, tally.rows_used, tally.rows_set_aside) == (2, 1, 1)


def test_days_under_a_name_that_the_format_lacks_are_not_the_first_of_the_month(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="row 3, column 'Moment': expected a name"):
        read(tmp_path, "google_ads", SEARCH.replace("Day,", "Moment,"))

    month = SEARCH.replace("Day,", "Campaign start date,").replace("2026-10-02", "2026-10-01")
    assert _figures(tmp_path, month)["clicks"] == 110


def test_what_a_program_saved_again_is_read(tmp_path: Path) -> None:
    in_dollars = SEARCH.replace("Cost", "Cost (USD)").replace("120.00", "US$120.00")
    assert _figures(tmp_path, in_dollars)["spend"] == 250
    australian = SEARCH.replace("USD", "AUD").replace("120.00", "A$120.00")
    assert _figures(tmp_path, australian)["spend"] == 250
    with pytest.raises(BadFileError, match="expected an amount in USD, found 'A"):
        read(tmp_path, "google_ads", SEARCH.replace("120.00", "A$120.00"))
    first = (
        f"ï»¿{AD_GROUPS}\n2026-10-01,A,201,Core,901,USD,1,1,1.00,0,0\nTotal: Ad groups,,,,,USD,1,1,1.00,0,0\n"
    )
    assert _figures(tmp_path, first)["spend"] == 1


def _of_three(
    cost: str, total: str, currency: str = "USD", conversions: str = "1.00", converted: str = "3.00"
):
    """Three days that cost the same, and their total."""
    row = f"Core,201,Core,901,{currency},100,5,{cost},{conversions},0.00"
    days = (f"2026-10-0{day},{row}" for day in (1, 2, 3))
    end = f"Total: Ad groups, --, --, --, --,{currency},300,15,{total},{converted},0.00"
    return _report("Ad group report", AD_GROUPS, *days, end)


@pytest.mark.parametrize(
    ("cost", "near", "far", "currency"),
    [
        ("10.00", "30.02", "30.03", "USD"),
        ("10", "30.02", "30.03", "USD"),  # a spreadsheet drops zeros at the end
        ("10.25", "30.77", "30.78", "EUR"),
        ("10", "32", "33", "JPY"),
    ],
)
def test_rows_may_be_off_their_total_by_what_rounding_explains(tmp_path, cost, near, far, currency):
    """Half a cent, or a yen, for each row and one for the total."""
    assert _figures(tmp_path, _of_three(cost, near, currency), currency_code=currency)["rows"] == 3
    with pytest.raises(BadFileError, match=f"column 'Cost': expected the sum of the rows, .* found {far}"):
        _figures(tmp_path, _of_three(cost, far, currency), currency_code=currency)


def test_a_lost_conversion_is_no_rounding(tmp_path):
    with pytest.raises(BadFileError, match="column 'Conversions': expected the sum of the rows, 3, found 4"):
        _figures(tmp_path, _of_three("10", "30", conversions="1", converted="4"), currency_code="USD")


def test_a_total_of_some_rows_is_off_by_the_rounding_of_those(tmp_path):
    day = "2026-10-01,Total: Ad groups, --, --, --,USD,100,5,{},1.00,0.00\nTotal: Ad groups"
    text = _of_three("10.00", "30.00").replace("Total: Ad groups", day)
    assert _figures(tmp_path, text.format("10.01"), currency_code="USD")["rows"] == 3
    with pytest.raises(BadFileError, match=r"expected the sum of the rows, 10, found 10\.02"):
        _figures(tmp_path, text.format("10.02"), currency_code="USD")


def test_the_accounts_total_alone_informs_beside_performance_max(tmp_path):
    """It counts what has no ad groups; without that it must be the sum of the rows."""
    text = "".join(line for line in SEARCH.splitlines(keepends=True) if "Total: Ad groups" not in line)
    found = read(tmp_path, "google_ads", text)
    assert (totals(found, AD)["impressions"], remarks(found)) == (2100, ("totals_differ",))
    alone = "".join(line for line in text.splitlines(keepends=True) if "Total: Performance" not in line)
    with pytest.raises(BadFileError, match="expected the sum of the rows, 2100, found 9100"):
        read(tmp_path, "google_ads", alone)


@pytest.mark.parametrize("name", ["Total: Fitness push", "Total: Account", "Total: Campaigns"])
def test_a_campaign_with_an_id_is_no_total(tmp_path, name):
    assert _figures(tmp_path, BOTH.replace('"Search\nA"', f'"{name}"'))["impressions"] == 9100


def test_a_campaign_without_its_id_is_no_total_of_another_kind(tmp_path):
    text = BOTH.replace('"Search\nA",201', '"Total: Fitness push"').replace("Max,301", "Max")
    text = text.replace("Campaign ID,", "").replace("--, --, --", "--, --")
    assert _figures(tmp_path, text)["impressions"] == 9100

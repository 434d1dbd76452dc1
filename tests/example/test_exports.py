"""Every awkward thing the readers are to be tried with really occurs in the files."""

from __future__ import annotations

import codecs
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl

from example.company import ACCOUNTS
from example.seasons import MONTHS
from example.truth import Facts

Records = Callable[[str], list[list[str]]]

GOOGLE = "google_ads/412-558-9031/Ad group report {}.csv"
META = "meta_ads/act_482910365517/ad sets {}.csv"
OCEAN = "ocean_engine/1768302945573901/项目报表_{}.csv"


def number(text: str) -> Decimal:
    """A figure with thousands commas; nothing where it is missing."""
    return Decimal(text.replace(",", "")) if text not in (" --", "--", "-", "") else Decimal(0)


def test_all_sources_send_all_months(exports: Path) -> None:
    assert len(MONTHS) == 24
    for account in ACCOUNTS:
        files = list((exports / account.source).rglob("*.*"))
        for month in MONTHS:
            assert account.source in ("market_size", "budget") or any(
                f"{month:%Y-%m}" in file.name for file in files
            )
    assert len({account.source for account in ACCOUNTS}) == 15


def test_there_are_about_two_hundred_thousand_rows(exports: Path, records: Records) -> None:
    files = [path.relative_to(exports).as_posix() for path in exports.rglob("*.csv")]
    data = sum(
        1 for file in files for row in records(file) if len(row) > 2 and any(c.isdigit() for c in row[0])
    )
    assert 180_000 <= data <= 230_000


def test_encodings_are_those_of_the_platforms(exports: Path) -> None:
    def starts(pattern: str) -> set[bytes]:
        return {path.read_bytes()[:3] for path in exports.glob(pattern)}

    assert starts("hubspot/*/*.csv") == starts("sales/*/*.csv") == {codecs.BOM_UTF8}
    assert starts("meta_ads/act_655730918264/*.csv") == {codecs.BOM_UTF8}
    assert codecs.BOM_UTF8 not in starts("meta_ads/act_482910365517/*.csv")
    assert {start[:2] for start in starts("linkedin_ads/*/*.csv")} == {codecs.BOM_UTF16_LE}
    for path in [*exports.glob("ocean_engine/*/*.csv"), *exports.glob("wechat/*/*.csv")]:
        path.read_bytes().decode("gb18030")


def test_characters_beyond_the_usual_chinese_sets_are_there(exports: Path) -> None:
    text = (exports / OCEAN.format("2026-10")).read_bytes().decode("gb18030")
    text += "".join(path.read_bytes().decode("gb18030") for path in exports.glob("wechat/*/内容_2026-*.csv"))
    assert all(character in text for character in "㛃䶮𠮷🚴")


def test_line_ends_are_those_of_the_platforms(exports: Path) -> None:
    ends = {
        path.parts[-3]: b"\r\n" in path.read_bytes()
        for pattern in ("google_ads/*/*.csv", "meta_ads/*/*.csv", "ocean_engine/*/*.csv", "sales/*/*.csv")
        for path in exports.glob(pattern)
    }
    assert ends == {"google_ads": False, "meta_ads": True, "ocean_engine": True, "sales": True}


def test_google_has_its_preamble_missing_values_bounds_commas_and_five_totals(records: Records) -> None:
    rows = records(GOOGLE.format("2026-10"))
    assert rows[0] == ["Ad group report"]
    assert rows[1] == ["October 1, 2026 - October 31, 2026"]
    assert [row[0] for row in rows[-5:]] == [
        f"Total: {name}" for name in ("Ad groups", "Account", "Search", "Display", "Performance Max")
    ]
    cells = Counter(cell for row in rows[3:-5] for cell in row)
    assert cells[" --"] > 0
    assert cells["< 10%"] > 0
    assert any(re.fullmatch(r"\d+,\d{3}", cell) for cell in cells)
    for column in (7, 8, 11, 12, 13):
        assert sum(number(row[column]) for row in rows[3:-5]) == number(rows[-4][column])


def test_names_try_quotes_commas_markup_formulas_and_emoji(truth: Facts) -> None:
    names = {row.campaign_name for row in truth["ad_daily"]}
    for sign in ('"', ",", "&", "<b>", "<script>", "🚲", "ü", "É", "'", "|"):
        assert any(sign in name for name in names), sign
    assert any(name.startswith("=") for name in names)


def test_one_day_is_missing_from_one_google_account_only(records: Records) -> None:
    days = {row[0] for row in records(GOOGLE.format("2026-10"))}
    assert "2026-10-17" not in days
    assert {"2026-10-16", "2026-10-18"} <= days
    other = {row[0] for row in records("google_ads/730-214-6658/Ad group report 2026-10.csv")}
    assert "2026-10-17" in other


def test_a_campaign_without_spend_has_zeros_and_missing_values(records: Records) -> None:
    rows = [row for row in records(GOOGLE.format("2026-10"))[3:] if row[2].startswith("ZZ | Vorrat")]
    assert {row[11] for row in rows} == {"0.00", " --"}
    assert {(row[7], row[8], row[9], row[12], row[13]) for row in rows} == {("0", "0", " --", " --", " --")}


def test_meta_totals_come_first_and_the_currency_is_in_the_header(records: Records) -> None:
    rows = records(META.format("2026-10"))
    assert rows[0][12] == "Amount spent (EUR)"
    assert rows[1][2:7] == [""] * 5
    assert sum(number(row[12]) for row in rows[2:]) == number(rows[1][12])
    assert any(row[7] == "" for row in rows[2:])


def test_ocean_engine_ends_with_its_total_and_marks_what_is_missing(records: Records) -> None:
    rows = records(OCEAN.format("2026-10"))
    assert rows[-1][0] == "总计"
    assert sum(number(row[3]) for row in rows[1:-1]) == number(rows[-1][3])
    assert any("--" in row for row in rows[1:-1])


def test_ga4_has_nine_comments_and_a_second_table_of_the_same_sessions(exports: Path) -> None:
    text = (exports / "ga4/318840277/data-export 2026-10.csv").read_text(encoding="utf-8")
    head, table, totals = text.split("\n\n")
    assert [line[0] for line in head.splitlines()] == ["#"] * 9
    sessions = sum(int(line.split(",")[3]) for line in table.splitlines()[1:])
    assert sessions == sum(int(line.split(",")[1]) for line in totals.splitlines()[1:])


def test_linkedin_has_a_preamble_and_a_total(records: Records) -> None:
    rows = records("linkedin_ads/508317742/campaign_performance_2026-10.csv")
    assert rows[0][0].startswith("Report Start: 10/01/2026")
    assert rows[3] == []
    assert rows[-1][0] == "Total"
    assert sum(number(row[6]) for row in rows[5:-1]) == number(rows[-1][6])


def test_tweets_hold_line_breaks_and_no_promoted_figures(exports: Path, records: Records) -> None:
    path = "x/funkelmeyer/tweet_activity_2026-10.csv"
    rows = records(path)
    assert any("\n" in row[2] for row in rows[1:])
    assert {row[12] for row in rows[1:]} == {"-"}
    assert (exports / path).read_bytes().startswith(b'"Tweet id","Tweet permalink"')


def test_facebook_explains_its_header_and_lacks_one_follower_figure(records: Records) -> None:
    rows = records("facebook_pages/117350924468/page 2026-03.csv")
    assert rows[1][1].startswith("Lifetime: ")
    assert rows[-1][:2] == ["2026-03-31", ""]
    posts = records("facebook_pages/104882736190/posts 2026-10.csv")
    assert all(datetime.strptime(row[6], "%m/%d/%Y %I:%M:%S %p").month == 10 for row in posts[2:])  # noqa: DTZ007


def test_wechat_channels_add_up_to_the_row_called_all(records: Records) -> None:
    rows = records("wechat/gh_7c1f20ab93de/内容_2026-10.csv")[1:]
    sums: dict[tuple[str, bool], list[int]] = defaultdict(lambda: [0] * 5)
    for row in rows:
        key = (row[8], row[2] == "全部")
        sums[key] = [old + int(cell) for old, cell in zip(sums[key], row[3:8], strict=True)]
    articles = {row[8] for row in rows}
    assert articles
    assert all(sums[article, True] == sums[article, False] for article in articles)


def test_contacts_hold_tests_and_deals_hold_several_won_parts(records: Records, truth: Facts) -> None:
    contacts = records("hubspot/26719043/contacts 2026-06.csv")[1:]
    assert {row[9] for row in contacts} == {"true", "false"}
    won: dict[str, list[list[str]]] = defaultdict(list)
    deals = records("hubspot/26719043/deals 2026-06.csv")[1:]
    for row in deals:
        if row[2] == "Closed Won":
            won[row[6].split(";")[0]].append(row)
    assert any(len(parts) > 1 for parts in won.values())
    assert any(";" in row[6] for row in deals)
    assert any(row[4] == "" for row in deals)
    for lead in truth["lead"]:
        if lead.lead_id in won:
            parts = won[lead.lead_id]
            assert min(row[3][:10] for row in parts) == str(lead.won_date)
            assert sum(Decimal(row[4]) for row in parts) == lead.deal_amount


def test_survey_answers_can_be_empty_or_not_applicable(records: Records) -> None:
    rows = records("survey/customer-voice/responses 2026-10.csv")[1:]
    assert {"", "N/A"} <= {row[3] for row in rows} | {row[4] for row in rows}
    assert any("\n" in row[5] for row in rows)


def test_the_brand_survey_was_silent_in_october_2026(records: Records) -> None:
    def surveys(month: str) -> set[str]:
        return {row[2] for row in records(f"survey/customer-voice/responses {month}.csv")[1:]}

    assert surveys("2026-09") - surveys("2026-10") == {"Markenbarometer"}


def test_sales_are_german_hold_returns_and_sum_over_all_currencies(records: Records) -> None:
    def amount(text: str) -> Decimal:
        return Decimal(text.replace(".", "").replace(",", "."))

    rows = records("sales/erp-leipzig/Auftraege_2026-10.csv")
    amounts = [amount(row[6]) for row in rows[1:-1]]
    assert rows[-1][0] == "Summe"
    assert sum(amounts) == amount(rows[-1][6])
    assert min(amounts) < 0
    assert {row[7] for row in rows[1:-1]} == {"EUR", "USD"}
    assert any(re.fullmatch(r"\d\.\d{3},\d\d", row[6]) for row in rows)


def test_the_market_workbook_has_a_note_a_total_and_all_months(exports: Path) -> None:
    book = openpyxl.load_workbook(exports / "market_size/market_size.xlsx")
    assert book.sheetnames == ["Market", "Notes"]
    rows = list(book["Market"].iter_rows(values_only=True))
    assert rows[2][0] is None
    assert rows[3] == ("Month", "Segment", "Market size", "Currency")
    assert rows[-1][0] == "Total"
    assert len({row[0] for row in rows[4:-1]}) == 24


def test_the_budget_runs_beyond_the_last_closed_month_and_adds_up_as_a_spreadsheet_does(
    exports: Path,
) -> None:
    totals = []
    for path in sorted((exports / "budget").rglob("*.xlsx")):
        rows = list(openpyxl.load_workbook(path)["Plan"].iter_rows(values_only=True))
        assert rows[2][:3] == ("Month", "Cost centre", "Budget")
        plan = rows[3:-1]
        assert {row[0] for row in plan if row[3] is None} == {datetime(2026, 11, 1), datetime(2026, 12, 1)}
        assert all(row[2] for row in plan)
        totals += [rows[-1][column] for column in (3, 4)]
    # at least one of the sums shows what doubles do to cents
    assert any(round(total, 2) != total for total in totals)


def test_mentions_have_a_dash_and_a_total(records: Records) -> None:
    rows = records("social_listening/1998277406/share of voice 2026-03.csv")
    assert [row[:3] for row in rows if row[2:3] == ["-"]] == [["2026-03-14", "Éclairage vélo", "-"]]
    numbers = [number(row[2]) for row in rows[5:-1]]
    assert (rows[-1][0], number(rows[-1][2])) == ("Total", sum(numbers))


def test_rates_run_newest_first_from_two_days_before_the_month_and_miss_a_quote(records: Records) -> None:
    rows = records("fx_rates/ecb/eurofx_2026-10.csv")
    days = [row[0] for row in rows[1:]]
    assert days == sorted(days, reverse=True)
    assert days[-2:] == ["2026-09-30", "2026-09-29"]
    assert [row[0] for row in rows if "N/A" in row] == ["2026-10-08"]
    assert all(re.fullmatch(r"\d\.\d{4}|N/A", cell) for row in rows[1:] for cell in row[1:])

"""`scorewright try`: what is printed, in what width, with which exit code; `--json` for machines."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter

import pytest
from rich.cells import cell_len

from book import load_book
from terminal import cli

GOOD = (
    "Ad group report\n1 October 2026 - 31 October 2026\n"
    "Day,Campaign,Campaign ID,Ad group,Ad group ID,Currency code,Impr.,Clicks,Cost,Conversions,Conv. value\n"
    '2026-10-01,"Summer, a campaign with a very long name 夏天的广告系列名称很长很长很长",201,Core,901,USD,1000,50,120.00,3.00,90.00\n'
    "Total: Ad groups,,,,,--,1000,50,120.00,3.00,90.00\n"
)
META = (
    "Reporting starts,Reporting ends,Campaign name,Campaign ID,Ad set name,Ad set ID,Impressions,Link clicks,"
    "Amount spent (EUR)\n2026-10-01,2026-10-01,Summer,1,Broad,11,100,5,1.00\n"
)
LEADS = "Visitor no.;Name;Seen on;Booth team\n1;Ann;01.10.2026;Fair\n2;Bob;15.10.2026;Web\n"


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Runs the program without settings; gives its exit code and what it printed."""
    monkeypatch.chdir(tmp_path)
    for name in ("SCOREWRIGHT_CONFIG", "SCOREWRIGHT_HOME", "SCOREWRIGHT_SETTINGS"):
        monkeypatch.delenv(name, raising=False)

    def start(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["scorewright", "try", *words])
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, err = capsys.readouterr()
        return int(end.value.code or 0), out, err

    return start


def write(path: Path, content: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
    return str(path)


def test_a_file_without_rows_is_told_to_be_an_empty_month(run, tmp_path):
    header = META.partition("\n")[0]
    code, out, _ = run(write(tmp_path / "meta.csv", f"{header}\n"))
    assert code == 0
    assert "month     of whichever its name says" in out
    assert "no row counts: a run reads its month as one in which nothing happened" in out
    code, out, _ = run(write(tmp_path / "meta.csv", f"{header}\n2026-10-01,2026-10-31,,,,,0,0,0\n"))
    assert code == 0
    assert "a run reads 2026-10 as one in which nothing happened" in out


@pytest.mark.parametrize(
    "days",
    [
        ("03/04/2026", "2026-04-03", "15/04/2026"),
        ("03.04.2026", "2026-04-03"),
        ("2026-04-03", "2026/04/04"),
        ("3 Apr 2026", "2026-04-03"),
    ],
)
def test_days_that_are_written_in_several_ways_are_refused_with_what_helps(run, tmp_path, days):
    rows = "".join(f"{day},{at}@x.example,Fair\n" for at, day in enumerate(days))
    code, out, _ = run(write(tmp_path / "leads.csv", f"Date,Email,Source\n{rows}"))
    assert code != 0
    said = " ".join(out.split())
    assert f"expected a day written like {days[0]}, as most others" in said
    assert "→ write all days of the column in one way, or take the original export, and rerun" in said


def test_a_good_file_is_told_in_plain_lines_of_80_columns(run, tmp_path):
    code, out, _ = run(write(tmp_path / "ads.csv", GOOD))
    assert code == 0
    assert max(map(cell_len, out.splitlines())) <= 80
    assert "\x1b" not in out
    for words in (
        "ads.csv: reads",
        "google_ads_ad_groups",
        "verified",
        "level ad group",
        "2026-10",
        "USD",
        "1 used",
    ):
        assert words in out, words


def test_what_a_file_does_not_say_is_told_by_the_measures_that_lack_it(run, tmp_path):
    text = "Lead ID,Created Date,Status,Lead Source,MQL Date\n1,2026-10-01,Open,web,\n"
    said = " ".join(run(write(tmp_path / "leads.csv", text))[1].split())
    assert "finding: no column for sqls, mqls_accepted: it adds nothing to what is made of them" in said
    assert "no column for mqls" not in said


def test_a_column_that_is_read_as_none_is_a_warning(run, tmp_path):
    code, out, _ = run(write(tmp_path / "ads.csv", GOOD.replace("Conversions", "Total conversions")))
    assert code == 0
    assert "warning: no column for conversions, and 'Total conversions' may be it" in out


def test_columns_that_no_field_reads_are_told(run, tmp_path):
    more = ["Label", *(f"Custom {number}" for number in range(14))]
    text = GOOD.replace("Conv. value\n", "Conv. value," + ",".join(more) + "\n")
    text = text.replace("90.00\n", "90.00" + "," * len(more) + "\n")
    name = write(tmp_path / "ads.csv", text)
    said = " ".join(run(name)[1].split())
    assert "not read Label, Custom 0," in said
    assert "Custom 10 and 3 more (--json has all)" in said
    assert json.loads(run("--json", name)[1])[0]["not_read"] == more
    assert "not read" not in run(write(tmp_path / "all.csv", GOOD))[1]


def test_the_currency_is_asked_for_where_amounts_need_one(run, tmp_path):
    leads = "Date,Name,Won on,Amount\n2026-10-01,Ana,2026-10-20,100.00\n"
    assert "not said: name it as currency_code" in run(write(tmp_path / "a.csv", leads))[1]
    assert "currency  none" in run(write(tmp_path / "b.csv", leads.replace("Amount", "Note")))[1]


def test_it_takes_less_than_two_seconds(run, tmp_path):
    name = write(tmp_path / "ads.csv", GOOD)
    run(name)
    begin = perf_counter()
    run(name)
    assert perf_counter() - begin < 2


def test_faults_end_with_3_and_each_has_its_step(run, tmp_path):
    code, out, _ = run(write(tmp_path / "ads.csv", GOOD.replace("1000,50", "some,50", 1)))
    assert code == 3
    assert "1. row 4, column 'Impr.'" in out
    assert "→" in out
    assert max(map(cell_len, out.splitlines())) <= 80


def test_json_is_one_object_for_each_file(run, tmp_path):
    code, out, _ = run("--json", write(tmp_path / "ads.csv", GOOD), write(tmp_path / "leads.csv", LEADS))
    assert code == 3
    ads, leads = json.loads(out)
    assert ads["format"]["name"] == "google_ads_ad_groups"
    assert ads["rows"] == {"in": 2, "used": 1, "set_aside": {"Total: Ad groups": 1}, "unreadable": 0}
    assert {"name": "Cost (Total: Ad groups)", "declared": "120", "computed": "120"} in ads["totals"]
    assert ads["proposal"] is None
    assert leads["verdict"] == "unknown"
    assert leads["proposal"]["read"]["verdict"] == "reads"


def test_what_is_printed_for_an_unknown_file_is_a_format_file(run, tmp_path, monkeypatch):
    name = write(tmp_path / "fair leads.csv", LEADS)
    code, out, _ = run(name)
    assert code == 3
    folder = tmp_path / "config/formats"
    write(folder / "fair_leads.yaml", out)
    monkeypatch.setenv("SCOREWRIGHT_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("SCOREWRIGHT_HOME", str(tmp_path / "var"))
    code, out, err = run(name)
    assert (code, err) == (0, "")
    assert "fair_leads: leads of fair_leads" in out


def test_a_proposal_is_saved_once(run, tmp_path):
    name, target = write(tmp_path / "leads.csv", LEADS), tmp_path / "config/formats/leads.yaml"
    assert run(name, "--save", str(target))[0] == 3
    assert "fact: fct_lead" in target.read_text("utf-8")
    code, _, err = run(name, "--save", str(target))
    assert code == 2
    assert "a file that there is" in err


def test_a_format_like_another_is_of_the_source_that_its_file_is_called(run, tmp_path):
    name = write(tmp_path / "ads.csv", GOOD.replace("Cost", "Total cost"))
    target = tmp_path / "config/formats/kwai_ads.yaml"
    assert run(name, "--save", str(target))[0] == 3
    said = target.read_text("utf-8")
    assert "like: google_ads_ad_groups\nsource: kwai_ads\n" in said
    assert "formats/kwai_ads.yaml" in said


def test_what_a_file_lacks_is_told_of_the_format_that_is_proposed(run, tmp_path):
    out = run(write(tmp_path / "ads.csv", GOOD.replace("Cost", "Money out")))[1]
    assert "column 'Cost': expected this column" in out
    assert "`like: google_ads_ad_groups`" in out
    assert "\nlike: google_ads_ad_groups\n" in out


MAILINGS = (
    "Title,Subject,List,Send Date,Sent to,Arrived,Unique Opens,Unique Clicks,Unsubscribes\n"
    'October,Hello,Customers,"Oct 05, 2026 10:00 am",1000,990,400,80,3\n'
    'Autumn,Hi,Customers,"Oct 19, 2026 10:00 am",1000,990,400,80,3\n'
)


def test_mailings_that_lack_columns_are_not_taken_for_leads(run, tmp_path):
    """Their subjects all differ, as the ids of leads do; but most columns are those of mailings."""
    _, out, _ = run(write(tmp_path / "october.csv", MAILINGS))
    assert "for 'campaigns' of mailchimp" in out
    assert "fct_lead" not in out


def test_objects_on_lines_have_keys_and_no_header_row(run, tmp_path):
    found = {"ad_id": "1", "date": "2026-10-01", "spend": 1.5}
    _, out, _ = run(write(tmp_path / "meta.jsonl", json.dumps(found) + "\n"))
    assert "row 0" not in out


def test_a_file_in_its_account_s_place_is_tried_by_the_formats_of_its_platform_first(
    run, tmp_path, monkeypatch
):
    book = Path(__file__).resolve().parents[1] / "book/valid"
    account = next(each for each in load_book(book).accounts if each.source == "google_ads")
    place = account.files[0].replace("{month}", "2026-10").replace("*", "1")
    monkeypatch.setenv("SCOREWRIGHT_CONFIG", str(book))
    monkeypatch.setenv("SCOREWRIGHT_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("SCOREWRIGHT_EXPORTS", str(tmp_path / "exports"))
    content = GOOD.partition("Day,")[2].partition("Total: ")[0].replace("Cost", "Spend")
    inside, outside = write(tmp_path / "exports" / place, "Day," + content), tmp_path / "ads.csv"
    assert "of google_ads" in " ".join(run(inside)[1].split())
    assert "ads_sheet_campaigns" in run(write(outside, "Day," + content))[1]
    # a file in the place of another is still told for what it is
    Path(inside).unlink()
    assert "meta_ads_ad_sets" in run(write(tmp_path / "exports" / place, META))[1]


def test_a_folder_is_a_table_of_its_files(run, tmp_path):
    write(tmp_path / "in/a/ads.csv", GOOD)
    write(tmp_path / "in/leads.csv", LEADS)
    write(tmp_path / "in/.hidden", "x")
    write(tmp_path / "in/rates.csv", "Date,USD,\n2026-10-30,1.1,\n2026-09-30,1.1,\n")
    code, out, _ = run(str(tmp_path / "in"))
    assert code == 3
    *table, step = out.splitlines()
    assert step == "`scorewright try FILE` with one of them says all about it."
    rows = {line.split()[0]: line.split() for line in table}
    assert set(rows) == {"file", "a/ads.csv", "leads.csv", "rates.csv"}
    assert rows["a/ads.csv"][1:] == ["google_ads_ad_groups", "2026-10", "1", "reads"]
    assert rows["leads.csv"][-1] == "unknown"
    assert rows["rates.csv"][1] == "fx_rates"


@pytest.mark.parametrize(
    "words",
    [
        ("missing.csv",),
        ("ads.csv", "--as", "google"),
        ("ads.csv", "--month", "2026-Q4"),
        ("ads.csv", "ads.csv", "--save", "x.yaml"),
        ("leads.csv", "--save", "x.yml"),
        ("ads.csv", "--account", "google_ads/1"),
    ],
)
def test_what_cannot_be_meant_ends_with_2(run, tmp_path, words):
    write(tmp_path / "ads.csv", GOOD)
    write(tmp_path / "leads.csv", LEADS)
    code, _, err = run(*words)
    assert code == 2
    assert "expected" in err


def test_an_unknown_format_is_told_with_those_that_are_near(run, tmp_path):
    name = write(tmp_path / "ads.csv", GOOD)
    for asked, near in (
        ("klaviyo", "such as klaviyo_campaigns, found"),
        ("leads_shet", "did you mean leads_sheet?"),
    ):
        code, _, err = run(name, "--as", asked)
        assert (code, near in err) == (2, True)
        assert len(err) < 300


def test_a_format_that_is_asked_for_is_the_only_one(run, tmp_path):
    code, out, _ = run(write(tmp_path / "ads.csv", GOOD), "--as", "meta_ads_ad_sets")
    assert code == 3
    assert "google_ads_ad_groups" not in out


def test_an_account_of_the_book_brings_its_settings(run, tmp_path, monkeypatch):
    book = Path(__file__).resolve().parents[1] / "book/valid"
    monkeypatch.setenv("SCOREWRIGHT_CONFIG", str(book))
    monkeypatch.setenv("SCOREWRIGHT_HOME", str(tmp_path / "var"))
    code, _, err = run(write(tmp_path / "ads.csv", GOOD), "--account", "nobody/1")
    assert code == 2
    accounts = [word for word in err.replace(",", " ").split() if "/" in word and "nobody" not in word]
    ads = next(each for each in accounts if each.startswith("google_ads/"))
    assert run(str(tmp_path / "ads.csv"), "--account", ads)[0] in (0, 3)
    assert not (tmp_path / "var").exists()


def test_a_list_of_addresses_alone_is_told_what_it_lacks(run, tmp_path):
    code, out, _ = run(write(tmp_path / "mails.csv", "Email\na@x.example\nb@x.example\n"))
    assert code == 3
    assert "with a day in each row, and an id or a number to count, found none" in " ".join(out.split())


def test_a_file_that_an_account_of_the_book_takes_is_read_as_that_account_says(run, tmp_path, monkeypatch):
    rows = "Lead ID,Created Date,Status,Lead Source\n1,03/04/2026,Open,web\n2,05/04/2026,Open,web\n"
    put = write(tmp_path / "in/leads.csv", rows.replace("03/04", "13/04"))
    monkeypatch.setattr(sys, "argv", ["scorewright", "init", "book", put])
    with pytest.raises(SystemExit):
        cli.main()
    monkeypatch.chdir(tmp_path / "book")
    (kept,) = Path("exports").rglob("*.csv")
    kept.write_text(rows)
    assert "expected days of which the month is known" in " ".join(run(str(kept))[1].split())
    sources = Path("config/sources.yaml")
    sources.write_text(f"{sources.read_text()}      days: day_first\n")
    code, out, _ = run(str(kept))
    assert code == 0, out
    assert "account   main" in out
    assert "days as D/M/Y" in out

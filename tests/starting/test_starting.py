"""A stranger's first ten minutes: one command in an empty folder, and a card comes out."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml

from etl.formats.definition import Format
from etl.formats.library import shipped_formats
from etl.formats.recognition import readable, search
from etl.pulls import LandedFile, sha256_of
from etl.reading.document import candidates
from etl.sources import registry
from ledger import open_ledger
from scoring.canonical import from_json
from scoring.errors import BadFileError, BookError, RefusedError, UsageError
from scoring.evidence import CertificateStatus
from scoring.period import Period
from starting import Wishes, start
from starting.accounts import Found, accounts_of
from starting.first_targets import PLACEHOLDERS, facts_of
from starting.recognising import known_formats, recognise
from tests.etl.formats.workbooks import workbook
from tests.pipeline.command import Done, in_this_process, surroundings
from tests.pipeline.exports import ANSWERS, write_exports
from tests.pipeline.test_refusals import refused
from warehouse import load_records, open_warehouse

NOW = datetime(2026, 11, 5, 12, 0, tzinfo=UTC)
OCTOBER = Period(2026, 10)


def program(folder: Path, *words: object) -> Done:
    """The command given in a folder, without any variable, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", "from terminal.cli import main; main()", *map(str, words)],
        cwd=folder,
        env=surroundings({}),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def card_of(folder: Path):
    (issue,) = open_ledger(f"sqlite:///{folder}/var/ledger.sqlite").last_issue_of_each_team()
    return from_json(issue.card_json)


def done(folder: Path, *words: object, by: Callable[..., Done] = in_this_process, **settings: str) -> str:
    said = by(folder, *words, **settings)
    assert (said.code, said.err) == (0, "")
    return said.out


def follow(folder: Path, said: str) -> list[str]:
    """The commands that `init` says come next."""
    lines = said.partition("Left out")[0].splitlines()
    assert max(map(len, lines)) <= 80
    commands = [line for line in lines if line.startswith("  ")]
    assert commands[0] == f"  cd {folder.name}"
    assert commands[1] == "  scorewright check"
    return commands[2].split()[1:]


def test_one_command_in_an_empty_folder_and_a_card_comes_out(tmp_path):
    said = done(tmp_path, "init", "nordwind", by=program)
    book = tmp_path / "nordwind"
    assert done(book, "check", by=program).endswith("nordwind/config: no faults\n")
    assert "Scorecards " in done(book, *follow(book, said), by=program)
    (pdf,) = book.glob("var/scorecards/*/*.pdf")
    assert pdf.read_bytes().startswith(b"%PDF")
    assert len(list(book.glob("var/outbox/*.eml"))) == 1
    card = card_of(book)
    assert (card.organisation.en, card.language, len(card.results)) == ("nordwind", "en", 3)
    assert all(result.score is not None for result in card.results)
    assert card.total is not None


def test_a_chinese_book_of_a_file_given(tmp_path):
    write_exports(tmp_path / "exports")
    shutil.move(tmp_path / "exports" / ANSWERS, tmp_path / "survey.csv")
    words = ("--name", "北风", "--language", "zh_CN", "--time-zone", "Asia/Shanghai", "--team", "客户部")
    said = done(tmp_path, "init", "北风", "survey.csv", *words)
    book = tmp_path / "北风"
    assert said.startswith("A book of ")
    assert "with survey for 2026-10. Next:" in said
    assert done(book, "check") == f"{book}/config: no faults\n"
    done(book, *follow(book, said))
    card = card_of(book)
    assert (card.organisation.zh_CN, card.team_name.zh_CN, card.language) == ("北风", "客户部", "zh_CN")
    assert {result.kpi_id for result in card.results} == {"nps", "csat", "survey_responses"}
    assert card.total is not None
    assert len(list(book.glob("var/scorecards/2026-10/*.pdf"))) == 1
    listed = done(book, "kpis")
    assert "净推荐值" in listed
    assert "Net promoter" not in listed


def begun(folder: Path, *files: Path, **wishes: str) -> dict[str, str]:
    start(folder, files, Wishes(**wishes), NOW)
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in (".yaml", ".toml", ".csv")
    }


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_book_is_small_commented_and_in_one_language(tmp_path, language):
    files = begun(tmp_path / "a book", language=language)
    pages = {name: text for name, text in files.items() if name.endswith(".yaml")}
    assert sum(len(text.splitlines()) for text in pages.values()) < 60
    assert all(text.startswith("# ") for text in (*pages.values(), files["scorewright.toml"]))
    assert all(max(map(len, text.splitlines())) <= 100 for text in pages.values())
    assert yaml.safe_load(pages["config/organisation.yaml"])["languages"] == [language]


def test_the_options_are_what_the_book_says(tmp_path):
    files = begun(
        tmp_path / "x",
        name='Nord & "Wind": #1',
        team="Büro Nord",
        time_zone="Europe/Berlin",
        currency_code="EUR",
    )
    assert yaml.safe_load(files["config/organisation.yaml"])["name"] == 'Nord & "Wind": #1'
    assert yaml.safe_load(files["config/calendar.yaml"]) == {"time_zone": "Europe/Berlin"}
    team = yaml.safe_load(files["config/teams.yaml"])["b-ro-nord"]
    assert team["name"] == "Büro Nord"
    assert team["owns"] == [{"source": "hubspot", "entity": "main"}]


@pytest.mark.parametrize("what", ["a file in it", "a file in its place"])
def test_a_folder_that_is_not_empty_is_refused_and_stays_as_it_is(tmp_path, what):
    place = tmp_path / "place"
    note = place / ".note" if what == "a file in it" else place
    note.parent.mkdir(exist_ok=True)
    note.write_text("mine")
    done = in_this_process(tmp_path, "init", "place")
    assert done.code == 2
    assert refused(done)
    assert "expected an empty folder or none, found something; name another" in done.err
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [note.name]


@pytest.mark.parametrize(
    ("wishes", "kind", "sentence"),
    [
        ({"time_zone": "Europe/Atlantis"}, UsageError, "--time-zone: expected a time zone such as"),
        ({"name": "Nord\nwind"}, BookError, "name: expected text on one line"),
        ({"currency_code": "euro"}, BookError, "currency_code: expected a currency such as EUR"),
        ({"team": "x" * 300}, BookError, "name: expected at most 200 characters"),
    ],
)
def test_what_makes_no_sound_book_is_refused_before_anything_is_written(tmp_path, wishes, kind, sentence):
    with pytest.raises(kind, match=sentence):
        begun(tmp_path / "x", **wishes)
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_no_source_is_refused_before_anything_is_written(tmp_path):
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    with pytest.raises(RefusedError, match=r"^notes\.csv: expected an export of one of the sources"):
        begun(tmp_path / "x", tmp_path / "notes.csv")
    with pytest.raises(RefusedError, match=r"^none\.csv: expected"):
        begun(tmp_path / "x", tmp_path / "none.csv")
    assert not (tmp_path / "x").exists()


def first_names(form: Format) -> list[str]:
    """How the columns of a format are called in its first language."""
    return [names[0] for names in next(iter(form.headers.values())).values()]


def write(folder: Path, name: str, form: Format, day: str) -> Path:
    """An export that has the columns of a format, in its first language, and one row."""
    columns = [readable(name) for name in first_names(form)]
    path = folder / name
    quoted = [f'"{column}"' for column in columns]
    path.write_text(",".join(quoted) + "\n" + ",".join([day] * len(columns)) + "\n", "utf-8")
    return path


PLAIN = [
    form
    for form in shipped_formats().values()
    if not form.sheet and not any("/" in name[:1] and "P<" not in name for name in first_names(form))
]


@pytest.mark.parametrize("form", PLAIN, ids=lambda form: form.name)
def test_a_format_is_among_those_that_its_header_fits(tmp_path, form):
    path = write(tmp_path, "export.csv", form, "2026-09-05")
    content = path.read_bytes()
    file = LandedFile(path.name, sha256_of(content), len(content), path)
    fitting = {each.format.name for each in search(candidates(file), known_formats()).fits}
    assert form.name in fitting
    assert recognise(path).form in fitting


@pytest.mark.parametrize(
    ("name", "day", "month"),
    [
        ("report 2026-08.csv", "2026-09-05", "2026-08"),
        ("report_202608.csv", "2026-09-05", "2026-08"),
        ("report.csv", "05.09.2026", "2026-09"),
        ("report.csv", "20260905", "2026-09"),
        ("report.csv", "yesterday", "None"),
        # the day of the download
        ("report-2026-11-02.csv", "2026-10-05", "2026-10"),
        ("report_20261102.csv", "2026-10-05", "2026-10"),
        ("2026-11-02 report 2026-10.csv", "2026-10-05", "2026-10"),
    ],
)
def test_the_month_is_that_of_the_name_or_of_the_days(tmp_path, name, day, month):
    assert (
        str(recognise(write(tmp_path, name, shipped_formats()["tiktok_ads_campaigns"], day)).month) == month
    )


def test_every_kind_of_export_of_the_invented_company_is_recognised(exports):
    paths = [path for path in exports.rglob("*") if "2026-10" in path.name or path.suffix == ".xlsx"]
    assert len(paths) > 30
    for path in paths:
        assert recognise(path).source == path.relative_to(exports).parts[0], path


@pytest.mark.parametrize(
    "header",
    [
        "Record ID,First Name,Last Name,Email,Contact owner,Lead Status,Marketing contact status,Create Date",
        "Record ID,Last Name,Email,Lead Status,Create Date,Became a Marketing Qualified Lead Date",
        "Datensatz-ID,Vorname,Nachname,E-Mail,Zuständiger Mitarbeiter,Lead-Status,Erstelldatum",
    ],
)
def test_a_list_of_hubspots_contacts_is_not_taken_for_leads_of_another(tmp_path, header):
    path = tmp_path / "contacts.csv"
    cells = ("2026-10-02" if re.search("Date$|datum$", name) else "New" for name in header.split(","))
    path.write_text(f"{header}\n{','.join(cells)}\n", "utf-8")
    assert recognise(path).form == "hubspot_contacts"


def found(name: str, form: str = "hubspot_contacts", entity: str = "", source: str = "hubspot") -> Found:
    return Found(Path(name), source, form, entity, OCTOBER, b"")


def test_the_files_of_an_account_belong_together():
    (account,) = accounts_of(
        [found("p.csv", "facebook_pages_posts", source="facebook_pages"), *pages("77")], OCTOBER
    )
    assert (account.entity, account.newest) == ("77", OCTOBER)
    assert account.patterns == ("facebook_pages/77/page {month}.csv", "facebook_pages/77/posts {month}.csv")
    assert {name for name, _ in account.contents} == {
        "facebook_pages/77/posts 2026-10.csv",
        "facebook_pages/77/page 2026-10.csv",
    }


def pages(entity: str) -> list[Found]:
    return [found("q.csv", "facebook_pages_page", entity, "facebook_pages")]


def test_rows_that_are_looked_up_are_of_the_month_of_those_that_look(tmp_path):
    contacts, deals = found("contacts.csv"), replace(found("deals.csv", "hubspot_deals"), month=None)
    (account,) = accounts_of([contacts, deals], Period(2026, 11))
    assert {name for name, _ in account.contents} == {
        "hubspot/main/contacts 2026-10.csv",
        "hubspot/main/deals 2026-10.csv",
    }
    text = "Record ID,Associated Contact IDs,Deal Stage,Amount,Close Date\n1,2,Closed won,5,2026-12-01\n"
    path = tmp_path / "hubspot-crm-exports-all-deals-2026-11-02.csv"
    path.write_text(text, "utf-8")
    assert recognise(path).month is None


def test_accounts_whose_exports_name_no_currency_get_that_of_the_book(tmp_path):
    path = tmp_path / "campaigns.csv"
    path.write_text(
        "Title,Send Date,Total Recipients,Successful Deliveries,Unique Opens,Unique Clicks,Unsubscribes,Unique Id\n"
        'Lamps,"Oct 31, 2026 11:30 pm",10,9,4,2,0,a1\n',
        "utf-8",
    )
    assert "currency_code: USD" in begun(tmp_path / "x", path, currency_code="USD")["config/sources.yaml"]


def test_half_a_month_and_one_file_twice_are_refused():
    deals = replace(found("deals.csv", "hubspot_deals"), month=OCTOBER.shift(-1))
    with pytest.raises(
        UsageError, match=r"^contacts\.csv: expected the file of deals of hubspot for 2026-10 beside it"
    ):
        accounts_of(
            [found("contacts.csv"), replace(found("contacts.csv"), month=deals.month), deals], OCTOBER
        )
    with pytest.raises(
        UsageError, match=r"^b\.csv: expected one file of hubspot for each month of an account, found a\.csv"
    ):
        accounts_of([found("a.csv"), found("b.csv")], OCTOBER)


def test_exports_with_nothing_to_score_are_refused(tmp_path, exports):
    budget = next(exports.glob("budget/controlling-leipzig/*.xlsx"))
    with pytest.raises(UsageError, match="expected an export with something to score beside budget"):
        begun(tmp_path / "x", budget)


def test_every_source_of_results_has_a_kpi_to_begin_with():
    facts = {fact for module in registry().values() for fact in module.facts}
    covered = {fact for kpi_id in PLACEHOLDERS if len(facts_of(kpi_id)) == 1 for fact in facts_of(kpi_id)}
    assert facts - covered == {"fct_budget", "fct_market_size", "fct_fx_rate"}


def test_all_files_that_are_refused_are_named_at_once(tmp_path):
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for file in files:
        file.write_text("who,what\n1,2\n")
    with pytest.raises(
        RefusedError, match=r"^2 refusals; nothing was written:\n  a\.csv: .*\n  b\.csv: "
    ) as error:
        begun(tmp_path / "book", *files)
    assert error.value.exit_code == BadFileError.exit_code
    assert not (tmp_path / "book").exists()


DAYS = range(1, 29)


def ads(month: str, *, currency: str = "EUR", campaign: str = "201", account: str = "111-222-3333") -> str:
    """A campaign report of Google Ads, with its row of totals."""
    rows = [
        f"2026-{month}-{day:02},Brand,{campaign},{account},{currency},1000,50,12.00,3.00,90.00\n"
        for day in DAYS
    ]
    total = f"Total: Campaigns,,,,--,{1000 * len(DAYS)},{50 * len(DAYS)},{12 * len(DAYS)}.00,"
    header = "Day,Campaign,Campaign ID,Customer ID,Currency code,Impr.,Clicks,Cost,Conversions,Conv. value\n"
    return header + "".join(rows) + f"{total}{3 * len(DAYS)}.00,{90 * len(DAYS)}.00\n"


LEADS = "Date,Email,Source,Status\n2026-10-03,a@x.example,Fair,New\n"
RATES = "Date,USD,\n" + "".join(f"2026-10-{day:02},1.1,\n" for day in range(30, 0, -1))


def put(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def zipped(text: str) -> bytes:
    with BytesIO() as content:
        with ZipFile(content, "w") as archive:
            archive.writestr("Campaign report.csv", text)
        return content.getvalue()


def of_three_sheets() -> bytes:
    """A cover without a table, and a list of leads of each of two years."""
    rows = [line.split(",") for line in LEADS.splitlines()]
    return workbook(Cover=[["Report"]], Now=rows, Before=rows)


BAD: dict[str, tuple[str | bytes, str]] = {
    "sum.csv": (ads("10").replace("336.00", "999.00"), "expected the sum of the rows, 336, found 999"),
    "cut.csv": (ads("10")[:-400], "a last line that breaks off"),
    "no totals.csv": (ads("10").partition("Total")[0], "expected one row of totals"),
    "2026-09 named.csv": (ads("10"), "expected a day of 2026-09, found '2026-10-01'"),
    "sheets.xlsx": (
        of_three_sheets(),
        "expected one sheet or file inside with 'list of leads', found Before and Now",
    ),
    "empty.csv": (b"", "found an empty file"),
    "report.pdf": (b"%PDF-1.7\n", "expected a table, found a PDF"),
    "logo.png": (b"\x89PNG\r\n\x1a\n", "found a picture"),
    "deep/er/readme.txt": ("hello", "none of them; see what it is with `scorewright try`"),
    "days.csv": (LEADS.replace("2026-10-03", "03/10/2026"), "expected days of which the month is known"),
    "excel.csv": (ads("10", campaign="1.20212E+17"), "expected an id with all its digits"),
    "stages.csv": (
        "Record ID - Deal,Deal Stage,Close Date,Amount,Currency,Associated Contact IDs\n"
        "1,Bingo,2026-10-04,100,EUR,11\n",
        "expected one of closed won",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_no_run_would_read_is_left_out_with_its_reason(tmp_path, name):
    content, reason = BAD[name]
    exports = put(tmp_path / "in", {name: content, "survey/leads.csv": LEADS})
    if name in ("days.csv", "sheets.xlsx"):
        put(exports, {"survey/leads.csv": ads("10")})
    started = start(tmp_path / "x", [exports], Wishes(), NOW)
    (sentence,) = started.left_out
    assert sentence.startswith(name)
    assert reason in sentence
    assert len(started.sources) == 1


def test_a_file_that_may_be_of_another_platform_is_named(tmp_path):
    """What Snapchat calls its columns is what others, such as Spotify, call theirs."""
    any_one = "Date,Campaign name,Ad set name,Ad name,Spend,Currency,Impressions,Clicks\n2026-10-01,A,B,C,9.50,EUR,100,5\n"
    started = start(tmp_path / "x", [put(tmp_path / "in", {"audio.csv": any_one})], Wishes(), NOW)
    assert started.untold == ("audio.csv (as of snapchat_ads)",)
    surely = put(tmp_path / "on", {"ads.csv": any_one.replace("Clicks", "Swipe Ups")})
    assert start(tmp_path / "y", [surely], Wishes(), NOW).untold == ()


def test_the_first_run_reads_all_that_a_book_was_begun_with(tmp_path):
    put(
        tmp_path / "in",
        {
            "a.zip": zipped(ads("10")),
            "deep/09/ads.csv": ads("09"),
            "deep/08/ads.csv": ads("08"),
            "other.csv": ads("10", account="999-888-7777", campaign="77", currency="USD"),
            "c/d/rates.csv": RATES,
            "leads.csv": LEADS.replace(",", "\t").encode("utf-16"),
            "meta.jsonl": '{"ad_id":"120212","date":"2026-10-02","impressions":900,"clicks":17,"spend":9.18}\n',
            ".hidden.csv": "who,what\n1,2\n",
        },
    )
    said = done(tmp_path, "init", "book", "in", "--currency", "EUR")
    assert "Left out" not in said
    # what is refused, or held for a missing rate, ends with another code and a sentence
    done(tmp_path / "book", *follow(tmp_path / "book", said), "--quiet")
    records = load_records(open_warehouse(f"duckdb:///{tmp_path}/book/var/warehouse.duckdb"), [OCTOBER])
    assert {(record.source, record.entity) for record in records} == {
        ("google_ads", "111-222-3333"),
        ("google_ads", "999-888-7777"),
        ("fx_rates", "main"),
        ("leads_sheet", "main"),
        ("meta_ads", "main"),
    }


def test_what_is_left_out_is_printed_below_the_next_commands(tmp_path):
    put(tmp_path / "in", {"leads.csv": LEADS, "deep/cut.csv": BAD["cut.csv"][0]})
    said = done(tmp_path, "init", "book", "in")
    assert follow(tmp_path / "book", said)[0] == "run"
    left = said.partition("Left out, because no run could count them:\n")[2]
    assert left.startswith("- deep/cut.csv, row ")


def test_a_reason_that_many_files_have_is_printed_once(tmp_path):
    odd = dict.fromkeys(("1.csv", "2.csv", "3.csv"), "a,b\n1,2\n")
    put(tmp_path / "in", {"leads.csv": LEADS, **odd})
    left = done(tmp_path, "init", "book", "in").partition("Left out, because no run could count them:\n")[2]
    assert left.startswith("- 1.csv, 2.csv, 3.csv: expected an export of one of the sources")
    assert left.count("expected") == 1


def test_the_book_is_in_the_currency_of_its_files(tmp_path):
    exports = put(tmp_path / "in", {"a.csv": ads("10", currency="CHF")})
    assert start(tmp_path / "x", [exports], Wishes(), NOW).currency_code == "CHF"
    with pytest.raises(
        RefusedError, match="expected amounts in EUR, found CHF without exchange rates for 2026-10"
    ):
        start(tmp_path / "y", [exports], Wishes(currency_code="EUR"), NOW)
    put(exports, {"rates.csv": RATES})
    with pytest.raises(RefusedError, match=r"found CHF without exchange rates for 2026-10; name a table"):
        start(tmp_path / "y", [exports], Wishes(currency_code="EUR"), NOW)
    put(exports, {"b.csv": ads("10", currency="USD", account="9", campaign="77"), "c.csv": LEADS})
    started = start(tmp_path / "y", [exports], Wishes(currency_code="USD"), NOW)
    assert [sentence.split(",")[0] for sentence in started.left_out] == ["a.csv: expected amounts in USD"]


def test_a_list_of_all_months_begins_with_the_newest_that_is_over(tmp_path):
    months = ("07", "08", "11")
    leads = put(
        tmp_path / "in",
        {"leads.csv": LEADS + "".join(f"2026-{m}-03,{m}@x.example,Web,New\n" for m in months)},
    )
    assert start(tmp_path / "x", [leads], Wishes(), NOW).month == OCTOBER
    put(leads, {"leads.csv": LEADS.replace("-10-", "-08-")})
    assert start(tmp_path / "y", [leads], Wishes(), NOW).month == Period(2026, 8)


THREE = (
    "".join(f"2025-{m}-03,{m}@x.example,Web,MQL\n" for m in ("11", "12")) + "2026-01-05,z@x.example,Web,MQL\n"
)


@pytest.mark.parametrize(("columns", "kpis"), [("", "lead_count"), (",MQL date", "lead_count, mql_count")])
def test_no_kpi_is_begun_with_whose_leads_have_no_day(tmp_path, columns, kpis):
    """Without a column for the day a stage was reached its number would be 0 in each month, and FINAL."""
    cell = columns and ",2026-10-05"
    text = f"Date,Email,Source,Status{columns}\n2026-10-03,a@x.example,Fair,New{cell}\n"
    put(tmp_path, {"leads.csv": text})
    done(tmp_path, "init", "book", "leads.csv")
    organisation = (tmp_path / "book/config/organisation.yaml").read_text(encoding="utf-8")
    assert f"uses: [{kpis}]" in organisation


def test_every_month_of_a_list_is_named_and_a_run_of_each_reads_its_rows(tmp_path):
    put(tmp_path / "in", {"leads.csv": "Date,Email,Source,Status\n" + THREE})
    said = done(tmp_path, "init", "book", "in")
    book = tmp_path / "book"
    assert "The files also have rows of 2025-11, 2025-12: run each of them with --period." in said
    assert follow(book, said)[-1] == "2026-01"
    done(book, "run", "--period", "2025-11", "--quiet")
    records = load_records(open_warehouse(f"duckdb:///{book}/var/warehouse.duckdb"), [Period(2025, 11)])
    assert [record.rows.rows_loaded for record in records] == [1]


def test_nothing_is_counted_as_zero_that_a_list_does_not_say(tmp_path):
    """A stage without a column has no figure, and a month before the first row has none of anything."""
    put(tmp_path / "in", {"leads.csv": "Date,Email,Source,Status\n" + THREE})
    done(tmp_path, "init", "book", "in")
    book = tmp_path / "book"
    organisation = book / "config/organisation.yaml"
    organisation.write_text(
        organisation.read_text("utf-8").replace("lead_count]", "lead_count, mql_count]"), "utf-8"
    )
    (targets,) = (book / "config/targets").glob("*.csv")
    leads = "marketing,lead_count,2025-01-01,2028-01-01,25,50,x,y,\n"
    targets.write_text(f"{targets.read_text().splitlines()[0]}\n{leads}{leads.replace('lead_', 'mql_')}")
    for month in ("2025-10", "2025-12"):
        in_this_process(book, "run", "--period", month, "--quiet")
    before, within = (
        from_json((book / f"var/scorecards/{month}/marketing-{month}-r1.json").read_bytes())
        for month in ("2025-10", "2025-12")
    )
    assert [line.actual for line in before.results] == [None, None]
    assert [line.actual for line in within.results] == [1, None]
    assert [each.code for each in before.certificate.findings] == ["begins_later", "not_said"]
    (finding,) = within.certificate.findings
    assert (finding.code, finding.reason, finding.kpi_ids) == ("not_said", "mqls", ("mql_count",))
    assert within.certificate.status is CertificateStatus.FINAL
    assert before.certificate.status is CertificateStatus.PROVISIONAL


SOLD = "Date,Email,Status,Won on,Amount{}\n2026-10-03,a@x.example,Won,2026-10-09,500{}\n"


@pytest.mark.parametrize(
    ("text", "is_lacking"),
    [
        (SOLD.format("", ""), True),
        (SOLD.format(",Currency", ",USD"), False),
        # amounts that count nowhere need no currency
        (SOLD.format("", "").replace("Won on", "Note"), False),
    ],
)
def test_check_names_the_account_whose_exports_name_no_currency(tmp_path, text, is_lacking):
    put(tmp_path / "in", {"leads.csv": text})
    done(tmp_path, "init", "book", "in", "--currency", "USD")
    sources = tmp_path / "book/config/sources.yaml"
    lines = [line for line in sources.read_text("utf-8").splitlines() if "currency_code" not in line]
    sources.write_text("\n".join([*lines, ""]), "utf-8")
    said = in_this_process(tmp_path / "book", "check").out
    at = next(at for at, line in enumerate(lines, 1) if "entity" in line)
    file = "leads_sheet/main/leads_sheet 2026-10.csv"
    expected = f"sources.yaml:{at}: leads_sheet.main: expected a currency_code, for {file} "
    assert (expected in " ".join(said.split())) == is_lacking
    assert ("add `currency_code: USD`" in said) == is_lacking


def test_contacts_alone_make_an_account_that_says_nothing_of_deals(tmp_path):
    put(tmp_path / "in", {"contacts.csv": "Record ID - Contact,Create Date\n1,2026-10-03 14:22\n"})
    started = start(tmp_path / "x", [tmp_path / "in"], Wishes(), NOW)
    assert (started.left_out, started.sources) == ((), ("hubspot",))
    assert "deal" not in (tmp_path / "x/config/organisation.yaml").read_text("utf-8")
    assert "deals" not in (tmp_path / "x/config/sources.yaml").read_text("utf-8")


def test_a_newer_target_is_a_row_below_the_first_ones(tmp_path):
    done(tmp_path, "init", "book")
    (targets,) = (tmp_path / "book/config/targets").glob("*.csv")
    last = targets.read_text("utf-8").splitlines()[-1].split(",")
    last[4], last[-1] = "7", f"{last[2][:4]}-06-10"
    with targets.open("a", encoding="utf-8") as file:
        file.write(",".join(last) + "\n")
    assert "no faults" in done(tmp_path / "book", "check")


def test_a_card_says_of_won_leads_without_a_day_that_they_are_not_counted(tmp_path):
    rows = "2026-10-03,a@x.example,Won,,500\n2026-10-04,b@x.example,Won,2026-10-09,700\n"
    put(tmp_path / "in", {"leads.csv": f"Date,Email,Status,Won on,Amount\n{rows}"})
    done(tmp_path, "init", "book", "in")
    book = tmp_path / "book"
    kpi = "id: won_deals\nname: Deals won\nformula: deals_won\nunit: count\ndirection: higher\n"
    put(book / "config/kpis", {"won_deals.yaml": kpi})
    (targets,) = (book / "config/targets").glob("*.csv")
    wanted = "marketing,won_deals,2025-01-01,2028-01-01,2,100,x,y,\n"
    targets.write_text(f"{targets.read_text().splitlines()[0]}\n{wanted}")
    done(book, "run", "--period", "2026-10", "--quiet")
    card = from_json((book / "var/scorecards/2026-10/marketing-2026-10-r1.json").read_bytes())
    (finding,) = card.certificate.findings
    assert (finding.code, finding.reason, finding.kpi_ids) == ("partly_said", "deals_won", ("won_deals",))
    assert card.certificate.status is CertificateStatus.PROVISIONAL
    assert [line.actual for line in card.results] == [1]


@pytest.mark.parametrize("suffix", ["csv", "tsv"])
def test_lists_of_a_month_each_are_files_of_their_months(tmp_path, suffix):
    text = LEADS if suffix == "csv" else LEADS.replace(",", "\t")
    exports = put(tmp_path / "in", {f"{m}.{suffix}": text.replace("-10-", f"-{m}-") for m in ("08", "09")})
    started = start(tmp_path / "x", [exports], Wishes(), NOW)
    assert (started.month, started.others, started.left_out) == (Period(2026, 9), (Period(2026, 8),), ())
    put(exports, {f"all.{suffix}": text + text.splitlines()[1].replace("-10-", "-07-") + "\n"})
    (sentence,) = start(tmp_path / "y", [exports], Wishes(), NOW).left_out
    assert "expected one list of leads_sheet with all months of an account" in sentence
    assert "put the rows into one file" in sentence


META = (
    "Campaign name,Campaign ID,Reporting starts,Reporting ends,Impressions,Link clicks,Results,"
    "Amount spent (EUR)\n"
)


@pytest.mark.parametrize("rows", ["", ",,2026-10-01,2026-10-31,0,0,0,0\n"])
def test_an_export_without_rows_is_said_to_be_an_empty_month(tmp_path, rows):
    exports = put(tmp_path / "in", {"meta.csv": META + rows})
    with pytest.raises(UsageError, match=r"^meta\.csv: expected rows for a first card of 2026-10, found an"):
        start(tmp_path / "x", [exports], Wishes(), NOW)
    assert not (tmp_path / "x").exists()
    put(exports, {"leads.csv": LEADS})
    started = start(tmp_path / "x", [exports], Wishes(), NOW)
    assert (started.empty, started.left_out) == (("meta.csv",), ())


def test_a_second_file_of_a_month_and_an_empty_folder(tmp_path):
    exports = put(tmp_path / "in", {"a.csv": ads("10"), "b.zip": zipped(ads("10"))})
    (sentence,) = start(tmp_path / "x", [exports], Wishes(), NOW).left_out
    assert sentence.startswith(
        "b.zip: expected one file of google_ads for each month of an account, found a.csv, too"
    )
    (tmp_path / "none").mkdir()
    with pytest.raises(UsageError, match="expected export files, found an empty folder"):
        start(tmp_path / "y", [tmp_path / "none"], Wishes(), NOW)


def test_whoever_has_nothing_to_score_hears_of_what_was_left_out_too(tmp_path):
    exports = put(tmp_path / "in", {"rates.csv": RATES, "ads.csv": BAD["cut.csv"][0]})
    with pytest.raises(RefusedError, match=r"(?s)ads\.csv, row .*something to score beside fx_rates"):
        start(tmp_path / "x", [exports], Wishes(), NOW)
    assert not (tmp_path / "x").exists()

"""What a sound book says, and that it is read as it is written."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from book import Owned, book_sha256, load_book, read_book
from book.model import Mailbox, Manager
from scoring.errors import BookError, UsageError
from scoring.fiscal import FiscalCalendar, Naming
from scoring.fiscal_years import FiscalYears
from scoring.kpi import Direction, Target, Unit
from scoring.okr.agreed import Ambition, Anchor, Way
from scoring.okr.known import CheckIn
from scoring.period import Period
from scoring.policy import AppraisalShares, ScoringPolicy
from scoring.text import LocalText
from tests.book.books import HERE, VALID, lay_out


@pytest.fixture(scope="module")
def book():
    return load_book(VALID)


@pytest.fixture
def config(tmp_path):
    """A copy of the valid book to write in."""
    return shutil.copytree(VALID, tmp_path / "config")


@pytest.mark.parametrize(
    ("said", "calendar", "naming"),
    [
        ("{begins: July}", "07", Naming.BOTH),
        (
            "{weeks: 4-5-4, ends: Saturday nearest the end of january, named: first}",
            "454nearsat01",
            Naming.FIRST,
        ),
        (
            "{weeks: 5-4-4, ends: last friday of june, week_53: 3, named: last}",
            "544lastfri06w03",
            Naming.LAST,
        ),
    ],
)
def test_a_fiscal_year_is_read_and_years_to_date_count_from_it(config, said, calendar, naming):
    with (config / "calendar.yaml").open("a") as file:
        file.write(f"fiscal_year: {said}\n")
    write(config / "kpis/clicks.yaml", "formula: ad_clicks", "formula: ad_clicks__year_to_date")
    shutil.rmtree(config / "okrs")
    book = load_book(config)
    assert book.fiscal_years == FiscalYears(FiscalCalendar(calendar), naming)
    assert book.policy.fiscal_named is naming
    assert book.kpis["clicks"].formula == f"ad_clicks__year_to_date_{calendar}"
    assert str(book.period("FY2031/32-Q2")) == str(book.own_period("FY2031/32-Q2")) == f"FY2031-{calendar}-Q2"


def test_targets_of_a_fiscal_quarter_and_of_spans_that_share_days_are_sound(config):
    with (config / "calendar.yaml").open("a") as file:
        file.write("fiscal_year: {begins: april}\n")
    rows = ["team,kpi,valid_from,valid_until,target,weight,approved_by,reason,per,kind,phases"]
    rows += ["north,clicks,2026-04-01,2027-04-01,9000,100,T. Lind,Plan,fiscal_quarter,cumulative,20/20/20/40"]
    rows += ["north,clicks,2026-02-01,2026-09-01,700,100,T. Lind,Plan,span,,"]
    rows += ["north,clicks,2026-05-01,2026-06-15,200,100,T. Lind,Plan,span,,"]
    (config / "targets/fiscal.csv").write_text("\n".join(rows) + "\n")
    book = load_book(config)
    agreed = {
        text: [str(terms.row.target) for terms in book.agreed("north", Period.parse(text))]
        for text in ("FY2026-04-Q4", "2026-02..2026-08", "2026-05-01..2026-06-14", "2026-05..2026-06")
    }
    assert agreed == {
        "FY2026-04-Q4": ["9000"],
        "2026-02..2026-08": ["700"],
        "2026-05-01..2026-06-14": ["200"],
        "2026-05..2026-06": [],
    }


def write(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_the_organisation_is_as_written(book):
    assert book.organisation == LocalText("Lantern & Co", "灯笼公司")
    assert (book.currency_code, book.time_zone, book.history_months) == ("EUR", "Europe/Berlin", 2)
    assert book.sender == Mailbox("Lantern Controlling", "cards@lantern.example")
    assert book.policy == ScoringPolicy(1, Decimal(95), Decimal(80), "exclude")


def test_a_month_is_closed_on_the_close_day_of_the_next_in_the_zone_of_the_book(book, config):
    assert book.close_day == 15
    write(config / "calendar.yaml", "history_months: 2", "history_months: 2\nclose_day: 3")
    early = load_book(config)
    midnight = datetime(2026, 11, 2, 23, 0, tzinfo=UTC)  # it is the third in Berlin
    assert early.is_closed(Period(2026, 10), midnight)
    assert not early.is_closed(Period(2026, 10), midnight - timedelta(seconds=1))
    assert not book.is_closed(Period(2026, 10), midnight)


def test_areas_and_teams_keep_the_order_of_the_file(book):
    assert [area.id for area in book.areas] == ["promotion", "customer"]
    assert [team.id for team in book.teams] == ["north", "south"]


def test_a_team_has_its_manager_and_its_shares(book):
    north, south = book.teams
    assert north.manager == Manager("Ana Ruiz", "ana.ruiz@lantern.example", "en")
    assert south.manager.language == "zh_CN"
    assert north.owns == (
        Owned("google_ads", "shop", ("201", "202"), Decimal(1)),
        Owned("survey", "panel", ("Service",), Decimal("0.6")),
    )


def test_a_kpi_has_its_formula_and_its_rule(book):
    kpi = book.kpis["cost_per_click"]
    assert (kpi.unit, kpi.direction, kpi.formula) == (Unit.MONEY, Direction.LOWER, "ad_spend / ad_clicks")
    assert (kpi.rule.name, set(kpi.rule.params)) == ("proportional", {"cap", "floor"})
    assert (kpi.lag_days, kpi.review_date) == (3, date(2027, 6, 30))


def test_a_target_is_an_exact_number_of_some_days(book):
    assert book.targets[0] == Target(
        team_id="north",
        kpi_id="clicks",
        valid_from=date(2026, 1, 1),
        valid_until=date(2026, 7, 1),
        target=Decimal(900),
        weight=Decimal(50),
        approved_by="T. Lind",
        reason="Last year, plus 10 %",
    )
    assert str(book.targets[2].target) == "0.55"


def test_a_book_may_name_who_appraises_by_which_shares_and_what_people_judge(tmp_path):
    book = load_book(lay_out(HERE / "appraised", tmp_path / "config"))
    assert [(team.appraiser_name, team.reviewer) for team in book.teams] == [
        ("Tove Lind", "Ola Berg"),
        ("李娜", None),
    ]
    assert book.policy.appraisal == AppraisalShares(Decimal(70), Decimal(10), Decimal(20), cap=Decimal(120))
    assert {kpi.id: kpi.rule.name for kpi in book.kpis.values() if not kpi.formula} == {
        "violations": "event",
        "grave_mistake": "veto",
        "teamwork": "qualitative",
    }
    assert {target.kpi_id for target in book.targets if target.target is None} == {
        "violations",
        "grave_mistake",
        "teamwork",
    }


def test_accounts_are_found_by_source_and_entity(book):
    assert book.account("google_ads", "shop").currency_code == "USD"
    assert [account.entity for account in book.accounts_of("survey")] == ["panel"]
    with pytest.raises(UsageError, match="expected one of google_ads, survey, fx_rates, found 'ga4'"):
        book.accounts_of("ga4")
    with pytest.raises(UsageError, match=r"expected an account of survey .* found 'pannel'"):
        book.account("survey", "pannel")


@pytest.mark.parametrize("ending", [b"\r\n", b"\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_book_saved_by_another_editor_is_the_same_book(book, config, mark, ending):
    for path in [*config.rglob("*.yaml"), *config.rglob("*.csv")]:
        path.write_bytes(mark + path.read_bytes().replace(b"\n", ending))
    assert load_book(config) == book


@pytest.mark.parametrize("written", ["No", "0123", "1:30", "2026-10-01", "1_000", "1e3", "0x1F", "=", "<<"])
def test_a_key_of_an_account_is_the_text_that_stands_there(config, written):
    write(config / "teams.yaml", 'keys: ["201", "202"]', f"keys: [{written}, {written}.5]")
    assert read_book(config).faults == ()
    assert load_book(config).teams[0].owns[0].keys == (written, f"{written}.5")


def test_numbers_need_no_quotes_and_lose_no_digit(config):
    write(config / "grading.yaml", '"80"', "80.10")
    write(config / "teams.yaml", '"0.4"', "0.1999")
    write(config / "teams.yaml", '"0.6"', "0.8001")
    book = load_book(config)
    assert str(book.policy.amber) == "80.10"
    assert [owned.share for owned in book.teams[1].owns] == [Decimal("0.1999"), Decimal(1)]


def test_a_comment_may_be_in_any_language_and_a_reason_may_hold_unusual_spaces(config):
    write(config / "calendar.yaml", "history", "# 每月三日 – 06:00\nhistory")
    write(config / "targets/2026.csv", "Panel of five", "Panel of\u3000five – „fünf“")
    assert load_book(config).targets[-1].reason.endswith("„fünf“")


def test_a_manager_may_lead_two_teams(config):
    write(config / "teams.yaml", "王薇", "Ana Ruiz")
    write(config / "teams.yaml", "wang.wei@", "ana.ruiz@")
    assert read_book(config).faults == ()


def test_targets_may_change_on_any_day_and_stand_in_any_order_and_file(book, config):
    header, *rows = (config / "targets/2026.csv").read_text("utf-8").splitlines(keepends=True)
    (config / "targets/2026.csv").write_text(header + "".join(rows[:3:-1]), "utf-8")
    (config / "targets/2025.csv").write_text(header + "\n" + "".join(rows[:4]) + ",,,,,,,\n", "utf-8")
    targets = load_book(config).targets
    assert set(targets) == set(book.targets)
    assert len(targets) == len(book.targets)


def test_an_owner_has_one_name_or_one_in_each_language(book, config):
    assert book.kpis["clicks"].owner == LocalText("promotion team", "promotion team")
    write(config / "kpis/clicks.yaml", "owner: promotion team", "owner: {en: promotion team, zh_CN: 推广组}")
    assert load_book(config).kpis["clicks"].owner == LocalText("promotion team", "推广组")


def test_a_deprecated_kpi_keeps_the_targets_that_end_by_then(book, config):
    assert book.kpis["clicks"].deprecated_on is None
    write(config / "kpis/clicks.yaml", "review_date:", "deprecated_on: 2027-01-01\nreview_date:")
    assert load_book(config).kpis["clicks"].deprecated_on == date(2027, 1, 1)


def test_a_row_of_weight_0_takes_a_deprecated_kpi_off_the_cards_from_its_day_on(config):
    write(config / "kpis/clicks.yaml", "review_date:", "deprecated_on: 2026-10-01\nreview_date:")
    assert [fault.line for fault in read_book(config).faults] == [3]
    later = [
        "team,kpi,valid_from,valid_until,target,weight,approved_by,reason,agreed_on",
        "north,clicks,2026-10-01,2027-01-01,1000,0,T. Lind,Given up,2026-09-15",
        "north,nps,2026-10-01,2027-01-01,40,70,T. Lind,Takes its weight,2026-09-15",
    ]
    (config / "targets/2026-q4.csv").write_text("\n".join(later) + "\n", "utf-8")
    assert read_book(config).faults == ()


def test_objectives_are_as_written(book):
    visits, voice = book.objectives
    assert (visits.id, visits.team_id, visits.ambition, visits.parent) == (
        "north_visits",
        "north",
        Ambition.COMMITTED,
        "south_voice/answers",
    )
    assert (visits.period, voice.period) == (Period.parse("2026-Q4"), Period.parse("2026-Q4"))
    clicks, price, opening = visits.key_results
    assert (clicks.way, clicks.of, clicks.start, clicks.target) == (Way.KPI, "clicks", 0, 3000)
    assert price.scores == (Anchor(Decimal("0.55"), Decimal("0.7")), Anchor(Decimal("0.50"), Decimal(1)))
    assert (opening.way, opening.due, opening.target) == (Way.MILESTONE, date(2026, 11, 30), 1)
    assert (opening.unit, clicks.unit, price.decimals) == (Unit.PERCENT, Unit.COUNT, 2)


def test_check_ins_are_as_written(book):
    price, _, opening = book.check_ins
    assert price == CheckIn(
        "north_visits", "price", date(2026, 10, 31), Decimal("0.57"), False, "Two auctions lost", "Ana Ruiz"
    )
    assert (opening.ref, opening.value, opening.is_done) == ("north_visits/opening", None, True)


def test_a_book_may_have_no_objectives(book, config):
    shutil.rmtree(config / "okrs")
    assert load_book(config) == replace(book, objectives=(), check_ins=())


def test_a_number_that_is_reported_may_be_below_zero_and_a_row_may_be_empty(config):
    write(config / "okrs/check-ins.csv", "0.57", "-0.57")
    write(config / "okrs/check-ins.csv", "by\n", "by\n,,,,,,\n")
    assert load_book(config).check_ins[0].value == Decimal("-0.57")


def test_a_book_is_read_once_as_long_as_its_content_is_the_same(config):
    first = load_book(config)
    assert load_book(config) is first
    write(config / "teams.yaml", "Ana Ruiz", "Ana Ruiz Soler")
    assert load_book(config).teams[0].manager.name == "Ana Ruiz Soler"


def test_a_book_that_was_checked_is_not_checked_again_and_must_be_the_same(config, monkeypatch):
    checked, teams = book_sha256(config), load_book(VALID).teams
    monkeypatch.setattr("book.lint", None)
    assert load_book(config, checked).teams == teams
    write(config / "teams.yaml", "Ana Ruiz", "Ana Ruiz Soler")
    with pytest.raises(
        BookError, match="planned with, found one that was changed since; start the run again"
    ):
        load_book(config, checked)


def test_a_book_with_another_file_is_another_book(config):
    before = book_sha256(config)
    (config / "kpis" / "another.yaml").write_text("", "utf-8")
    assert book_sha256(config) != before

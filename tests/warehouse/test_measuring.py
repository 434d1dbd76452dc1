"""Measures on their boundaries: rounding, rates, shares, and what is absent."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import pytest
import sqlalchemy as sa

from etl.sources.fx_rates import crossed
from scoring.arithmetic import EXACT
from scoring.errors import DataError
from scoring.period import Period
from tests.warehouse.conftest import NOW
from warehouse import (
    UNASSIGNED,
    MeasureUnit,
    Ownership,
    Refusal,
    Rollup,
    Slice,
    catalog,
    foreign_accounts,
    measure_catalog,
    missing_rates,
    note_refusals,
    period_measures,
    rates,
    refusals,
    replace_measures,
    replace_slices,
)
from warehouse.catalog import partly_said_by, unsaid_by
from warehouse.facts import fact_catalog
from warehouse.sql_files import SqlFile

D = Decimal
OCTOBER = Period(2026, 10)
REST = Ownership("sales", "acme", "*", "eu-rest", D(1))


def sale(order_id, amount, currency="EUR", **more):
    return {"order_id": order_id, "amount": D(amount), "currency_code": currency, "owner_key": "shop", **more}


@pytest.fixture
def measured(warehouse, slice_of, rates_of):
    """The measures of October for slices and ownership."""

    def run(loads, ownership=(), **currencies):
        replace_slices(warehouse, [rates_of(**currencies), *loads])
        replace_measures(warehouse, [OCTOBER], ownership, "EUR")
        values = period_measures(warehouse, [OCTOBER])
        return {(team, measure): value for (team, _, measure), value in values.items()}

    return run


def test_money_is_rounded_row_by_row_to_six_digits_half_away_from_zero(measured, slice_of):
    # 0.01 x 0.00005 = 0.0000005, a half of the sixth digit: up to 0.000001, down to -0.000001
    rows = [sale("A", "0.01", "XAA"), sale("B", "0.01", "XAA"), sale("C", "-0.01", "XAA")]
    values = measured([slice_of("sales", {"fct_sale": rows})], [REST], XAA="0.00005")
    assert values["eu-rest", "sales_revenue"] == D("0.000001")


def test_each_amount_is_converted_at_the_rate_of_its_own_day(warehouse, slice_of, rates_of):
    rated = rates_of(USD="0.5")
    later = [
        {"owner_key": "*", "rate_date": d, "quoted_date": d, "currency_code": code, "rate": D(rate)}
        for d in Period(2026, 11).days()
        for code, rate in (("USD", 2), ("EUR", 1))
    ]
    rows = [sale("A", "10", "USD", order_date=date(2026, 10, 31))]
    more = [sale("B", "10", "USD", order_date=date(2026, 11, 1))]
    november = Period(2026, 11)
    replace_slices(
        warehouse,
        [
            rated,
            slice_of("fx_rates", {"fct_fx_rate": later}, month=november),
            slice_of("sales", {"fct_sale": rows}),
            slice_of("sales", {"fct_sale": more}, month=november),
        ],
    )
    replace_measures(warehouse, [OCTOBER, november], [REST], "EUR")
    values = period_measures(warehouse, [OCTOBER, november])
    assert values["eu-rest", OCTOBER, "sales_revenue"] == 5
    assert values["eu-rest", november, "sales_revenue"] == 20


def test_a_return_lowers_revenue_and_is_neither_an_order_nor_a_new_customer(measured, slice_of):
    rows = [sale("A", "10", is_new_customer=True), sale("B", "-4", is_new_customer=True), sale("C", "0")]
    values = measured([slice_of("sales", {"fct_sale": rows})], [REST])
    assert values["eu-rest", "sales_revenue"] == 6
    assert values["eu-rest", "orders"] == 2
    assert values["eu-rest", "new_customers"] == 1


def test_shares_split_and_an_exact_key_beats_the_rest(measured, slice_of):
    rows = [sale("A", "10"), sale("B", "3", owner_key="fair")]
    shared = [
        Ownership("sales", "acme", "fair", "eu-one", D("0.6")),
        Ownership("sales", "acme", "fair", "eu-two", D("0.4")),
        REST,
    ]
    values = measured([slice_of("sales", {"fct_sale": rows})], shared)
    revenue = {team: value for (team, measure), value in values.items() if measure == "sales_revenue"}
    assert revenue == {"eu-rest": D(10), "eu-one": D("1.8"), "eu-two": D("1.2")}
    assert values["eu-one", "orders"] == D("0.6")


def test_what_nobody_owns_is_kept_apart_and_not_lost(measured, slice_of):
    values = measured([slice_of("sales", {"fct_sale": [sale("A", "10")]})])
    assert values[UNASSIGNED, "sales_revenue"] == 10


def test_a_measure_whose_values_are_all_missing_is_absent_and_one_zero_is_a_value(measured, slice_of):
    rows = [{"campaign_id": "c", "owner_key": "c", "currency_code": "EUR", "clicks": 0, "impressions": None}]
    owner = Ownership("google_ads", "acme", "*", "eu-rest", D(1))
    values = measured([slice_of("google_ads", {"fct_ad_daily": rows})], [owner])
    assert values == {("eu-rest", "ad_clicks"): D(0)}


def test_followers_are_the_last_of_the_month_summed_over_pages_that_end_early(measured, slice_of):
    def page(entity, figures):
        rows = [
            {"owner_key": entity, "activity_date": date(2026, 10, day), "followers": count}
            for day, count in figures.items()
        ]
        return slice_of("facebook_pages", {"fct_social_post": [], "fct_page_daily": rows}, entity=entity)

    owners = [Ownership("facebook_pages", name, "*", "eu-rest", D(1)) for name in ("one", "two")]
    values = measured([page("one", {1: 90, 30: 100, 31: 101}), page("two", {1: 7, 29: 9, 31: None})], owners)
    assert values["eu-rest", "followers"] == 110


def test_test_leads_never_count_and_each_stage_counts_on_its_own_day(measured, slice_of):
    def lead(lead_id, **more):
        return {"lead_id": lead_id, "owner_key": "CRM", "created_date": date(2026, 10, 1), **more}

    september = slice_of(
        "hubspot",
        {"fct_lead": [lead("S", created_date=date(2026, 9, 30), mql_date=date(2026, 10, 1))]},
        month=Period(2026, 9),
    )
    rows = [lead("A", mql_date=date(2026, 11, 1)), lead("B", is_test=True, mql_date=date(2026, 10, 2))]
    owner = Ownership("hubspot", "acme", "*", "eu-rest", D(1))
    values = measured([september, slice_of("hubspot", {"fct_lead": rows})], [owner])
    assert values["eu-rest", "leads"] == 1
    assert values["eu-rest", "mqls"] == 1
    assert values["eu-rest", "sqls"] == 0


def test_an_accepted_lead_counts_on_the_day_it_was_qualified_whenever_it_was_accepted(measured, slice_of):
    def lead(lead_id, **more):
        return {"lead_id": lead_id, "owner_key": "CRM", "created_date": date(2026, 10, 1), **more}

    in_october, in_november = date(2026, 10, 31), date(2026, 11, 1)
    rows = [
        lead("A", mql_date=in_october, sql_date=in_november),
        lead("B", mql_date=in_october, sql_date=in_october),
        lead("C", mql_date=in_october),
        lead("D", mql_date=in_november, sql_date=in_november),
        lead("E", sql_date=in_october),
        lead("F", mql_date=in_october, sql_date=in_november, is_test=True),
    ]
    owner = Ownership("hubspot", "acme", "*", "eu-rest", D(1))
    values = measured([slice_of("hubspot", {"fct_lead": rows})], [owner])
    assert (values["eu-rest", "mqls"], values["eu-rest", "mqls_accepted"]) == (3, 2)
    assert values["eu-rest", "sqls"] == 2


def test_only_engagements_of_accounts_with_followers_may_be_divided_by_them(measured, slice_of):
    def account(source, post, followers):
        facts = {"fct_social_post": [{"post_id": "p", "owner_key": "acme", "engagements": post}]}
        if source != "x":
            facts["fct_page_daily"] = [{"owner_key": "acme", "followers": followers}]
        return slice_of(source, facts)

    loads = [account("x", 100, None), account("wechat", 30, 900), account("facebook_pages", 7, None)]
    owners = [Ownership(s, "acme", "*", "eu-rest", D(1)) for s in ("x", "wechat", "facebook_pages")]
    values = measured(loads, owners)
    assert (values["eu-rest", "post_engagements"], values["eu-rest", "followed_engagements"]) == (137, 30)


def test_budgets_are_money_of_their_month_and_an_open_month_has_brought_nothing_yet(measured, slice_of):
    def plan(cost_centre, **more):
        return {"owner_key": cost_centre, "cost_centre": cost_centre, "currency_code": "CNY", **more}

    rows = [
        plan("a", budget=D(100), incremental_revenue=D(300), incremental_margin=D(-40)),
        plan("b", budget=D(20)),
        plan("c", budget=D(7)),
    ]
    owners = [
        Ownership("budget", "acme", "a", "cn-one", D("0.5")),
        Ownership("budget", "acme", "a", "cn-two", D("0.5")),
        Ownership("budget", "acme", "b", "cn-one", D(1)),
        Ownership("budget", "acme", "*", "cn-open", D(1)),
    ]
    values = measured([slice_of("budget", {"fct_budget": rows})], owners, CNY="0.125")
    assert {key: value for key, value in values.items() if key[0] != "cn-two"} == {
        ("cn-one", "budget"): D("8.75"),
        ("cn-one", "incremental_revenue"): D("18.75"),
        ("cn-one", "incremental_margin"): D("-2.5"),
        ("cn-open", "budget"): D("0.875"),
    }


def test_mentions_add_up_over_days_and_topics(measured, slice_of):
    def day(number, topic, own, market):
        return {
            "activity_date": date(2026, 10, number),
            "owner_key": topic,
            "topic": topic,
            "own_mentions": own,
            "market_mentions": market,
        }

    rows = [day(1, "lamps", 3, 10), day(1, "bells", 0, 4), day(2, "lamps", None, None), day(2, "bells", 2, 2)]
    owner = Ownership("social_listening", "acme", "*", "eu-rest", D(1))
    values = measured([slice_of("social_listening", {"fct_mention_daily": rows})], [owner])
    assert (values["eu-rest", "own_mentions"], values["eu-rest", "market_mentions"]) == (5, 16)


def test_a_task_counts_when_it_is_entered_due_and_done_and_in_time_on_its_last_day(measured, slice_of):
    def task(task_id, created, due=None, done=None):
        dates = {"created_date": created, "due_date": due, "done_date": done}
        return {"task_id": task_id, "owner_key": "MKT", "title": "", **dates}

    first, last, after = date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 1)
    rows = [
        task("on its day", first, last, last),
        task("a day late", first, last, after),
        task("early", first, after, last),
        task("open", last, last),
        task("without a date", last, None, last),
    ]
    old = slice_of(
        "jira", {"fct_task": [task("old", date(2026, 9, 30), first, first)]}, month=Period(2026, 9)
    )
    owner = Ownership("jira", "acme", "*", "eu-rest", D(1))
    values = measured([old, slice_of("jira", {"fct_task": rows})], [owner])
    names = ("tasks_created", "tasks_done", "tasks_due", "tasks_done_in_time")
    assert [values["eu-rest", name] for name in names] == [5, 4, 4, 2]


def test_mailings_count_on_the_day_they_were_sent_with_money_at_its_rate(measured, slice_of):
    def mailing(mailing_id, **more):
        counts = {"recipients": 10, "delivered": 9, "openers": 4, "clickers": None}
        return {"mailing_id": mailing_id, "owner_key": "news", "currency_code": "CNY", **counts, **more}

    rows = [
        mailing("a", revenue=D(100)),
        mailing("b", clickers=2, unsubscribes=0),
        mailing("c", owner_key="x"),
    ]
    owners = [Ownership("klaviyo", "acme", key, f"eu-{key}", D(1)) for key in ("news", "none")]
    values = measured([slice_of("klaviyo", {"fct_mailing": rows})], owners, CNY="0.125")
    assert {name: value for (team, name), value in values.items() if team == "eu-news"} == {
        "mailings": 2,
        "mail_recipients": 20,
        "mail_delivered": 18,
        "mail_openers": 8,
        "mail_clickers": 2,
        "mail_unsubscribes": 0,
        "mail_revenue": D("12.5"),
    }
    assert values["eu-none", "mailings"] == 0


def test_search_adds_up_over_days(measured, slice_of):
    days = [
        {"activity_date": date(2026, 10, day), "owner_key": "acme", "clicks": day, "impressions": 100}
        for day in (1, 31)
    ]
    owner = Ownership("search_console", "acme", "*", "eu-rest", D(1))
    values = measured([slice_of("search_console", {"fct_search_daily": days})], [owner])
    assert (values["eu-rest", "search_clicks"], values["eu-rest", "search_impressions"]) == (32, 200)


def test_answers_count_where_they_were_given(measured, slice_of):
    rows = [
        {"response_id": str(i), "owner_key": "s", "nps_score": nps, "csat_score": csat}
        for i, (nps, csat) in enumerate([(10, 5), (9, 4), (8, 3), (7, None), (6, 1), (0, None), (None, 2)])
    ]
    owner = Ownership("survey", "acme", "*", "eu-rest", D(1))
    values = measured([slice_of("survey", {"fct_survey_response": rows})], [owner])
    assert {measure: int(value) for (_, measure), value in values.items()} == {
        "nps_promoters": 2,
        "nps_detractors": 2,
        "nps_responses": 6,
        "csat_satisfied": 2,
        "csat_points": 15,
        "csat_responses": 5,
    }


def test_a_sum_with_an_amount_without_a_rate_is_no_figure(warehouse, slice_of, rates_of):
    rows = [sale("A", "10"), sale("B", "1", "SEK", order_date=date(2026, 10, 30)), sale("C", "1", "SEK")]
    other = [sale("D", "7")]
    november = Period(2026, 11)
    replace_slices(
        warehouse,
        [
            rates_of(),
            slice_of("sales", {"fct_sale": rows}),
            slice_of("sales", {"fct_sale": other}, entity="other"),
            slice_of("sales", {"fct_sale": [sale("E", "5", order_date=date(2026, 11, 2))]}, month=november),
        ],
    )
    owners = [REST, Ownership("sales", "other", "*", "eu-other", D(1))]
    replace_measures(warehouse, [OCTOBER, november], owners, "EUR")
    values = period_measures(warehouse, [OCTOBER, november])
    assert ("eu-rest", OCTOBER, "sales_revenue") not in values
    assert values["eu-rest", OCTOBER, "orders"] == 3
    assert values["eu-rest", november, "sales_revenue"] == 5
    assert values["eu-other", OCTOBER, "sales_revenue"] == 7
    (missing,) = missing_rates(warehouse, [OCTOBER, november])
    assert missing.sentence("EUR") == (
        "exchange rates: expected a rate for SEK on 2026-10-01, which sales/acme needs, found none (nor on 1 "
        "more day); export a table that quotes SEK and EUR from the last days of the month before on, and rerun."
    )
    assert foreign_accounts(warehouse, OCTOBER) == [("sales", "acme")]


def test_the_sentence_of_a_missing_rate_says_what_there_is(warehouse, slice_of, rates_of):
    november = Period(2026, 11)
    late = sale("A", "1", "SEK", order_date=date(2026, 11, 9))
    replace_slices(warehouse, [slice_of("sales", {"fct_sale": [late]}, month=november)])
    replace_measures(warehouse, [november], [REST], "EUR")
    (missing,) = missing_rates(warehouse, [november])
    assert (
        "found none, for no exchange rates are loaded at all; add a source fx_rates to sources.yaml"
        in missing.sentence("EUR")
    )
    replace_slices(warehouse, [rates_of(SEK="0.09")])
    (missing,) = missing_rates(warehouse, [november])
    assert "found none: the rates end on 2026-10-31; export a table" in missing.sentence("EUR")


def test_what_was_refused_is_remembered_until_it_is_not(warehouse):
    one, two = (Slice("sales", entity, OCTOBER) for entity in ("acme", "other"))
    refused = Refusal(one, "load", "a.csv: expected rows", "a.csv: expected rows, found none; export it.")

    def note(step, looked_at, found):
        known = [
            each for each in refusals(warehouse, [OCTOBER]) if each.step == step and each.slice in looked_at
        ]
        note_refusals(warehouse, step, known, found, NOW)

    note("load", [one, two], [refused])
    note("extract", [one, two], [])
    note("load", [two], [])
    assert refusals(warehouse, [OCTOBER]) == [refused]
    assert refusals(warehouse, [Period(2026, 9)]) == []
    note("load", [one], [])
    assert refusals(warehouse, [OCTOBER]) == []


def test_amounts_in_the_reporting_currency_need_no_rates_at_all(warehouse, slice_of):
    rows = [sale("A", "1234.567", "KWD"), sale("B", "-0.001", "KWD")]
    replace_slices(warehouse, [slice_of("sales", {"fct_sale": rows})])
    replace_measures(warehouse, [OCTOBER], [REST], "KWD")
    assert period_measures(warehouse, [OCTOBER])["eu-rest", OCTOBER, "sales_revenue"] == D("1234.566")


def test_rates_that_were_loaded_for_another_reporting_currency_are_refused(warehouse, slice_of, rates_of):
    replace_slices(warehouse, [rates_of(USD="0.9"), slice_of("sales", {"fct_sale": [sale("A", "10")]})])
    with pytest.raises(DataError, match=r"expected those of fx_rates/acme to be to USD on 2026-10-01"):
        replace_measures(warehouse, [OCTOBER], [REST], "USD")


def test_money_is_conserved_in_any_reporting_currency(warehouse, slice_of):
    """Row by row at the rate of its day, to the sixth digit: by fractions, without the program's help."""
    quotes = {"EUR": D(1), "USD": D("1.1498"), "JPY": D("183.39"), "VND": D("30262.8"), "KWD": D("0.35305")}
    chance = random.Random(7)
    rows = [
        sale(f"{number}", D(chance.randint(1, 10**9)).scaleb(-3), chance.choice([*quotes]))
        for number in range(200)
    ]
    for home in ("USD", "JPY", "KWD"):
        crossed_rates = {
            code: rate for code, units in quotes.items() if (rate := crossed(units, quotes[home])) is not None
        }
        table = [
            {"owner_key": "*", "currency_code": code, "rate": rate} for code, rate in crossed_rates.items()
        ]
        slices = [
            slice_of("fx_rates", {"fct_fx_rate": table}, content=home),
            slice_of("sales", {"fct_sale": rows}),
        ]
        replace_slices(warehouse, slices)
        replace_measures(warehouse, [OCTOBER], [REST], home)
        found = period_measures(warehouse, [OCTOBER])["eu-rest", OCTOBER, "sales_revenue"]
        each = (
            (row["amount"] * crossed_rates[row["currency_code"]]).quantize(D("1e-6"), ROUND_HALF_UP)
            for row in rows
        )
        with localcontext(EXACT):
            assert found == sum(each), home
        exact = sum(
            Fraction(row["amount"]) * Fraction(quotes[home]) / Fraction(quotes[row["currency_code"]])
            for row in rows
        )
        # a half of the tenth digit of each rate, a half of the sixth of each row
        most = sum(Fraction(row["amount"]) / (2 * 10**10) + Fraction(1, 2 * 10**6) for row in rows)
        assert abs(Fraction(found) - exact) <= most


def test_two_rates_for_a_day_are_refused_because_they_would_double_the_money(warehouse, slice_of, rates_of):
    row = {"owner_key": "*", "currency_code": "EUR", "rate": D(1)}
    doubled = slice_of("fx_rates", {"fct_fx_rate": [row]}, entity="second")
    replace_slices(warehouse, [rates_of(), doubled])
    with pytest.raises(
        DataError, match=r"expected one rate for EUR on 2026-10-01, found one in fx_rates/acme"
    ):
        replace_measures(warehouse, [OCTOBER], [REST], "EUR")


def test_measuring_twice_is_measuring_once(measured, warehouse, slice_of):
    first = measured([slice_of("sales", {"fct_sale": [sale("A", "10")]})], [REST])
    rows = replace_measures(warehouse, [OCTOBER], [REST], "EUR")
    assert rows == 3
    assert {(t, m): v for (t, _, m), v in period_measures(warehouse, [OCTOBER]).items()} == first


def test_the_rates_of_a_month_are_its_first_and_last(warehouse, rates_of):
    replace_slices(warehouse, [rates_of(USD="0.9")])
    assert [(r.currency_code, r.first_rate, r.last_rate, r.source) for r in rates(warehouse, OCTOBER)] == [
        ("EUR", D(1), D(1), "fx_rates"),
        ("USD", D("0.9"), D("0.9"), "fx_rates"),
    ]


def test_a_loaded_month_without_rows_is_zero_and_a_month_that_never_came_is_absent(warehouse, slice_of):
    november, december = Period(2026, 11), Period(2026, 12)
    survey = Ownership("survey", "acme", "Shop", "eu-rest", D(1))
    answer = {"response_id": "r", "owner_key": "Shop", "nps_score": 9}
    replace_slices(
        warehouse,
        [
            slice_of("survey", {"fct_survey_response": [answer]}),
            slice_of("survey", {"fct_survey_response": []}, month=november),
        ],
    )
    replace_measures(warehouse, [OCTOBER, november, december], [survey], "EUR")
    values = period_measures(warehouse, [OCTOBER, november, december])
    assert values["eu-rest", november, "nps_responses"] == 0
    # nobody answered, so nobody is a promoter or not: the score itself stays missing
    assert ("eu-rest", november, "nps_promoters") not in values
    assert not [key for key in values if key[1] == december]


def test_a_channel_without_orders_is_zero_for_its_team_alone(measured, slice_of):
    fair = Ownership("sales", "acme", "fair", "eu-fair", D(1))
    values = measured([slice_of("sales", {"fct_sale": [sale("A", "10")]})], [REST, fair])
    assert values["eu-fair", "sales_revenue"] == 0
    assert values["eu-fair", "orders"] == 0
    assert values["eu-rest", "orders"] == 1


def test_what_the_exports_of_an_account_do_not_say_is_no_zero_of_it(measured, slice_of):
    crm = {"lead_id": "1", "created_date": OCTOBER.start, "mql_date": OCTOBER.start}
    sheet = {"lead_id": "2", "created_date": OCTOBER.start}
    own = [Ownership(name, "acme", "*", team, D(1)) for name, team in (("crm", "eu"), ("sheet", "us"))]
    own += [Ownership("sheet", "other", "*", "eu", D(1)), Ownership("empty", "acme", "*", "cn", D(1))]
    lacking = ("names_damaged", "no_mql_date", "no_won_date")
    values = measured(
        [
            slice_of("crm", {"fct_lead": [crm]}),
            slice_of("sheet", {"fct_lead": [sheet]}, findings=lacking),
            slice_of("sheet", {"fct_lead": [sheet]}, entity="other", findings=lacking),
            slice_of("empty", {"fct_lead": []}, findings=lacking),
        ],
        own,
    )
    of_us = {name: value for (team, name), value in values.items() if team == "us"}
    # that of a measure which needs two columns is unknown where either lacks
    assert of_us == {"leads": 1, "sqls": 0}
    assert (values["eu", "mqls"], values["eu", "deals_won"], values["eu", "leads"]) == (1, 0, 2)
    assert ("cn", "mqls") not in values


def test_won_leads_without_a_day_leave_no_zero_where_none_has_one(measured, slice_of):
    won = {"lead_id": "1", "created_date": OCTOBER.start, "won_date": OCTOBER.start, "owner_key": "us"}
    other = {"lead_id": "2", "created_date": OCTOBER.start, "owner_key": "eu"}
    own = [Ownership("crm", "acme", team, team, D(1)) for team in ("us", "eu")]
    values = measured([slice_of("crm", {"fct_lead": [won, other]}, findings=("rows_without_won_date",))], own)
    assert (values["us", "deals_won"], values["eu", "leads"]) == (1, 1)
    assert not {("eu", "deals_won"), ("eu", "deal_amount")} & values.keys()


def test_a_measure_needs_columns_of_its_fact_that_may_be_empty():
    for spec in measure_catalog().values():
        nullable = {column.name for column in fact_catalog()[spec.fact].read_columns if column.nullable}
        # a constant stands in the place of the one, under a name of its own
        assert {*spec.needs} <= nullable | {"new_customers"}, spec


def test_every_figure_that_a_row_may_lack_is_needed_by_a_measure():
    """Else it would be a zero, or nothing, of which no card says why."""
    needed = defaultdict(set)
    for spec in measure_catalog().values():
        needed[spec.fact].update(spec.needs)
    for fact, needs in needed.items():
        nullable = {column.name for column in fact_catalog()[fact].read_columns if column.nullable}
        assert nullable - {"currency_code"} <= needs, fact


def test_findings_name_the_measures_that_they_concern():
    assert unsaid_by("fct_lead")["no_sql_date"] == ("sqls", "mqls_accepted")
    assert partly_said_by("fct_lead")["rows_without_won_date"] == ("deals_won", "deal_amount")


def test_every_measure_declares_how_it_rolls_up_and_what_it_counts():
    spend, followers = measure_catalog()["ad_spend"], measure_catalog()["followers"]
    assert (spend.rollup, spend.unit) == (Rollup.SUM, MeasureUnit.MONEY)
    assert (followers.rollup, followers.unit) == (Rollup.LAST, MeasureUnit.COUNT)


@pytest.mark.parametrize(
    "declared", ["sum", "sum, euro", "mean, money", "sum money", "sum, count, zeros", ""]
)
def test_a_measure_that_does_not_say_both_is_refused(monkeypatch, declared):
    wrong = SqlFile("sale", Path("sale.sql"), {}, {"sales_revenue": declared}, "")
    monkeypatch.setattr(catalog, "sql_files", lambda folder: [wrong])
    with pytest.raises(
        DataError, match=r"sale.sql: sales_revenue: expected one of sum, last, period, a comma"
    ):
        measure_catalog.__wrapped__()


def test_a_measure_that_two_files_declare_is_refused(monkeypatch):
    twice = [SqlFile(name, Path(f"{name}.sql"), {}, {"orders": "sum, count"}, "") for name in ("a", "b")]
    monkeypatch.setattr(catalog, "sql_files", lambda folder: twice)
    with pytest.raises(DataError, match=r"b.sql: expected each measure once, found 'orders' again"):
        measure_catalog.__wrapped__()


def test_more_owners_than_a_statement_can_name_are_written(warehouse):
    owners = [
        Ownership("sales", "acme", f"shop-{number}", f"team-{number}", D(1)) for number in range(10_000)
    ]
    replace_measures(warehouse, [OCTOBER], owners, "EUR")
    with warehouse.opened() as connection:
        kept = connection.execute(sa.text("select * from dim_ownership")).all()
    assert {tuple(row) for row in kept} == {
        (own.source, own.entity, own.owner_key, own.team_id, own.share, own.valid_from, own.valid_until)
        for own in owners
    }

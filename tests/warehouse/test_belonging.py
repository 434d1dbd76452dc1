"""Rows of another account are refused by what the warehouse and the book know of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from etl.quality.before_loading import Neighbours, refuse_emptied
from etl.sources import registry
from scoring.errors import BadFileError
from scoring.period import Period
from warehouse import Content, LoadedFile, load_records, replace_slices
from warehouse.beside import Beside
from warehouse.reading import keys_with_rows

OCTOBER = Period(2026, 10)
NOBODYS = {"acme": frozenset(), "other": frozenset()}


def sale(order_id, day=1):
    return {"order_id": order_id, "order_date": date(2026, 10, day), "owner_key": "Shop"}


def ad(campaign):
    return {"campaign_id": campaign, "owner_key": campaign}


@pytest.fixture
def sales_of(slice_of):
    """A slice of orders; `sha256` names its file's bytes."""

    def build(entity, rows, sha256="ab" * 32):
        load = slice_of("sales", {"fct_sale": rows}, entity=entity)
        return replace(load, files=(LoadedFile("a.csv", sha256, len(rows)),))

    return build


@pytest.fixture
def refused(warehouse):
    """What a slice of `acme` is found to hold, after slices of others were loaded; None where nothing."""

    def run(load, before=(), keys=NOBODYS):
        replace_slices(warehouse, before)
        try:
            beside = Beside(warehouse.facts, load.slice.source, [OCTOBER])
            neighbours = Neighbours(beside, keys, registry()[load.slice.source].owner_keys)
            with warehouse.opened() as connection:
                beside.begin(connection, load.slice.entity)
                neighbours.refuse_foreign(connection, load)
        except BadFileError as error:
            return error.found
        return None

    return run


def test_the_bytes_of_another_account_are_refused_and_those_of_an_empty_file_are_not(refused, sales_of):
    before = [sales_of("other", [sale("B-1")], "c" * 64)]
    assert refused(sales_of("acme", [sale("A-1")], "c" * 64), before) == (
        "the bytes that other was loaded from"
    )
    assert refused(sales_of("acme", [], "c" * 64)) is None
    assert refused(sales_of("acme", [sale("A-1")], "d" * 64)) is None


def test_where_the_other_account_had_the_wrong_file_it_is_emptied_first(refused, sales_of):
    rows = [sale("A-1")]
    assert refused(sales_of("acme", rows, "c" * 64), [sales_of("other", rows, "c" * 64)]) is not None
    emptied = replace(sales_of("other", [], "e" * 64), content=Content("2", "1", "schema", "account"))
    assert refused(sales_of("acme", rows, "c" * 64), [emptied]) is None


def test_orders_that_are_mostly_another_accounts_are_refused(refused, sales_of):
    before = [sales_of("other", [sale("1", 1), sale("2", 2), sale("3", 3)])]
    mostly = sales_of("acme", [sale("1", 1), sale("2", 2), sale("9", 9)], "d" * 64)
    assert refused(mostly, before) == "mostly rows of other, such as order_id 1"


def test_half_of_the_orders_may_be_numbered_alike(refused, sales_of):
    before = [sales_of("other", [sale("1", 1), sale("2", 2)])]
    assert refused(sales_of("acme", [sale("1", 1), sale("8", 8)], "d" * 64), before) is None


def test_the_same_numbers_on_other_days_are_other_orders(refused, sales_of):
    before = [sales_of("other", [sale("1", 1), sale("2", 2)])]
    assert refused(sales_of("acme", [sale("1", 3), sale("2", 4)], "d" * 64), before) is None


def test_a_campaign_is_in_one_account_only_whatever_the_month(refused, slice_of):
    september = slice_of("google_ads", {"fct_ad_daily": [ad("201")]}, entity="other", month=OCTOBER.shift(-1))
    load = slice_of("google_ads", {"fct_ad_daily": [ad("7"), ad("201")]})
    assert refused(load, [september]) == "the campaign 201 of other"
    assert refused(slice_of("google_ads", {"fct_ad_daily": [ad("7")]})) is None


KEYS = {"acme": frozenset({"Mine", "Both"}), "other": frozenset({"Theirs", "Both"})}


def with_keys(slice_of, source, *keys):
    fact = {"sales": "fct_sale", "google_ads": "fct_ad_daily", "ga4": "fct_web_daily"}[source]
    rows = [{**sale(f"n{n}"), "owner_key": key} for n, key in enumerate(keys)]
    return slice_of(source, {fact: rows})


@pytest.mark.parametrize(
    ("source", "keys", "found"),
    [
        # ids are in one account only
        ("google_ads", ("Mine", "Theirs"), "Theirs"),
        ("google_ads", ("Mine", "Both", "nobody's"), None),
        # names may be alike, so one of one's own is enough
        ("sales", ("Mine", "Theirs"), None),
        ("sales", ("Theirs", "nobody's"), "Theirs"),
        ("sales", ("nobody's",), None),
        # every property has the same channels
        ("ga4", ("Theirs",), None),
    ],
)
def test_owner_keys_of_another_account_are_refused(refused, slice_of, source, keys, found):
    said = refused(with_keys(slice_of, source, *keys), keys=KEYS)
    assert said == (found and f"the owner key {found}, which teams.yaml has of other")


def test_names_tell_nothing_of_an_account_that_has_none(refused, slice_of):
    load = with_keys(slice_of, "sales", "Theirs")
    assert refused(load, keys={**KEYS, "acme": frozenset()}) is None


def test_an_account_alone_in_its_source_is_held_against_nobody(refused, slice_of):
    assert refused(with_keys(slice_of, "google_ads", "Theirs"), keys={"acme": frozenset()}) is None


def test_a_month_may_shrink_and_not_vanish(warehouse, sales_of):
    replace_slices(warehouse, [sales_of("acme", [sale("1"), sale("2")])])
    (record,) = load_records(warehouse, [OCTOBER])
    refuse_emptied(sales_of("acme", [sale("1")]), record)
    refuse_emptied(sales_of("other", []), None)
    with pytest.raises(
        BadFileError, match=r"expected rows of sales/acme 2026-10, which has 2 in fct_sale now, found none"
    ):
        refuse_emptied(sales_of("acme", []), record)


def test_a_month_does_not_shrink_because_a_list_begins_within_it(warehouse, sales_of):
    replace_slices(warehouse, [sales_of("acme", [sale("1"), sale("2")])])
    (record,) = load_records(warehouse, [OCTOBER])

    def later(*ids):
        load = sales_of("acme", [*map(sale, ids)])
        return replace(load, conformed=replace(load.conformed, findings=("begins_within",)))

    refuse_emptied(later("1"), None)
    refuse_emptied(later("2", "3"), record)
    with pytest.raises(BadFileError, match=r"has 2 in fct_sale now, found 1, for the file begins within"):
        refuse_emptied(later("2"), record)


def test_one_of_two_facts_does_not_vanish_either(warehouse, slice_of):
    def page(posts):
        rows = [{"post_id": str(n), "posted_date": date(2026, 10, 1)} for n in range(posts)]
        return slice_of("x", {"fct_social_post": rows, "fct_page_daily": [{}]})

    replace_slices(warehouse, [page(2)])
    with pytest.raises(BadFileError, match="has 2 in fct_social_post now"):
        refuse_emptied(page(0), *load_records(warehouse, [OCTOBER]))


def test_the_owner_keys_that_have_rows_are_those_of_the_window(warehouse, sales_of, slice_of):
    replace_slices(
        warehouse, [sales_of("acme", [sale("1")]), slice_of("google_ads", {"fct_ad_daily": [ad("7")]})]
    )
    expected = {("sales", "acme"): {"Shop"}, ("google_ads", "acme"): {"7"}}
    assert keys_with_rows(warehouse, [OCTOBER]) == expected
    assert keys_with_rows(warehouse, [OCTOBER.shift(-1)]) == {}

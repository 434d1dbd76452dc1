"""KPIs of the product's dictionary in a book, and KPIs that say only what they must."""

from __future__ import annotations

import shutil
from dataclasses import replace
from decimal import Decimal

import pytest

from book import book_files, book_sha256, load_book, read_book
from book.files.dictionary import dictionary, source_name, standard_areas
from etl.sources import registry
from scoring.formula import Formula
from scoring.kpi import Direction
from scoring.rules import rule_of
from scoring.text import LocalText
from tests.book.books import VALID
from warehouse import measure_catalog


@pytest.fixture
def config(tmp_path):
    """A copy of the valid book to write in."""
    return shutil.copytree(VALID, tmp_path / "config")


def uses(config, *ids):
    path = config / "organisation.yaml"
    path.write_text(f"uses: [{', '.join(ids)}]\n{path.read_text('utf-8')}", "utf-8")


def own(config, kpi_id, text):
    (config / f"kpis/{kpi_id}.yaml").write_text(f"id: {kpi_id}\n{text}", "utf-8")


def faults(config):
    return [str(fault) for fault in read_book(config).faults]


def test_a_book_of_the_whole_dictionary_is_sound(config):
    uses(config, *sorted({*dictionary()} - {"nps"}))
    assert faults(config) == []
    book = load_book(config)
    assert len(dictionary()) == 38
    assert {*dictionary()} <= {*book.kpis}
    for kpi_id in dictionary():
        kpi = book.kpis[kpi_id]
        names = Formula.parse(kpi.formula).names if kpi.formula else ()
        assert {name.split("__")[0] for name in names} <= set(measure_catalog())
        assert rule_of(kpi.rule).best >= 0


def test_every_definition_is_in_both_languages_and_in_a_standard_area(config):
    uses(config, *sorted({*dictionary()} - {"nps"}))
    for kpi in load_book(config).kpis.values():
        for text in (kpi.name, kpi.description, kpi.why):
            assert text.en
            assert text.zh_CN
    assert {file.content["area"] for file in dictionary().values()} == set(standard_areas())


def test_a_used_kpi_is_the_dictionarys_in_an_area_that_the_book_has(config):
    uses(config, "cost_per_lead", "romi", "market_share")
    book = load_book(config)
    kpi = book.kpis["cost_per_lead"]
    assert (kpi.name.en, kpi.formula, kpi.area) == ("Cost per lead", "ad_spend / leads", "promotion")
    assert (kpi.owner, kpi.review_date) == (None, None)
    # the book has no area for research
    assert book.kpis["market_share"].area == "promotion"
    assert book.languages == ("en", "zh_CN")


def test_a_file_of_a_used_kpi_says_how_it_is_judged_here(config):
    uses(config, "cost_per_lead")
    rule = "rule: {name: proportional, cap: 110, floor: 0}"
    own(config, "cost_per_lead", f"name: Price of a lead\nowner: sales\n{rule}\narea: customer\n")
    kpi = load_book(config).kpis["cost_per_lead"]
    assert (kpi.name, kpi.owner) == (LocalText(*["Price of a lead"] * 2), LocalText(*["sales"] * 2))
    assert (kpi.rule.params["cap"], kpi.area, kpi.formula) == ("110", "customer", "ad_spend / leads")
    assert kpi.description.en.startswith("Advertising spend")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("formula: ad_spend / mqls", "formula: expected 'ad_spend / leads', as the dictionary defines"),
        ("unit: ratio", "unit: expected 'money', as the dictionary defines cost_per_lead, found 'ratio'"),
        ("direction: higher", "direction: expected 'lower', as the dictionary defines cost_per_lead"),
    ],
)
def test_a_file_that_gives_a_used_id_another_meaning_is_refused(config, line, fault):
    uses(config, "cost_per_lead")
    own(config, "cost_per_lead", f"{line}\n")
    (found,) = faults(config)
    assert found.startswith(f"kpis/cost_per_lead.yaml:2: {fault}")
    assert found.endswith("; take it out, or take the KPI out of `uses` in organisation.yaml")


def test_another_spelling_is_the_same_meaning(config):
    uses(config, "cost_per_lead")
    own(config, "cost_per_lead", "formula: (ad_spend)/leads\nunit: money\n")
    assert faults(config) == []


def test_without_uses_an_id_of_the_dictionary_is_the_books_own(config):
    own(config, "cost_per_lead", "formula: ad_spend / mqls\nunit: money\ndirection: lower\narea: customer\n")
    assert load_book(config).kpis["cost_per_lead"].formula == "ad_spend / mqls"
    own(config, "cost_per_lead", "owner: sales\n")
    assert [line.split(" expected")[0] for line in faults(config)] == [
        "kpis/cost_per_lead.yaml:1: direction:",
        "kpis/cost_per_lead.yaml:1: unit:",
    ]


def test_an_unknown_id_and_one_listed_twice_are_refused(config):
    uses(config, "ctr", "romi", "romi", "lead_cout")
    assert faults(config) == [
        "organisation.yaml:1: uses: expected an id that `scorewright kpis --dictionary` lists, found 'ctr'; "
        "correct it",
        "organisation.yaml:1: uses: expected an id that `scorewright kpis --dictionary` lists, found "
        "'lead_cout' (did you mean lead_count?); correct it",
        "organisation.yaml:1: uses: expected each id once, found 'romi'; correct it",
    ]


def test_a_fault_of_the_organisation_is_not_said_again_by_the_kpis_used(config):
    uses(config, "cost_per_lead", "market_share")
    own(config, "visits", "formula: sessions\nunit: count\ndirection: higher\n")
    text = (config / "organisation.yaml").read_text("utf-8")
    (config / "organisation.yaml").write_text(text.replace("EUR", "euro"), "utf-8")
    assert len(faults(config)) == 1
    (config / "organisation.yaml").unlink()
    assert faults(config)[:1] == ["organisation.yaml: expected this file, found none; add it"]
    assert not [line for line in faults(config) if "dictionary/" in line or "visits" in line]


@pytest.mark.parametrize(
    "mistake", ["mail:\n\tcontact: x\n", "---\nname: x\n", "papier: x\n", "name: x\nname: y\n"]
)
def test_a_mistake_of_the_organisation_does_not_ask_for_kpis_that_it_may_use(config, mistake):
    uses(config, "cost_per_lead")
    shutil.rmtree(config / "kpis")
    with (config / "organisation.yaml").open("a", encoding="utf-8") as file:
        file.write(mistake)
    assert not [line for line in faults(config) if line.startswith("kpis:")]
    assert [line for line in faults(config) if line.startswith("organisation.yaml:")]


def test_a_book_that_uses_none_is_asked_for_some_whatever_else_is_wrong(config):
    shutil.rmtree(config / "kpis")
    with (config / "organisation.yaml").open("a", encoding="utf-8") as file:
        file.write("papier: x\n")
    assert "kpis: expected a file such as kpis/nps.yaml, found none; add it" in faults(config)


def test_what_is_kept_of_a_book_is_whole_and_means_what_it_meant(config, tmp_path):
    uses(config, "cost_per_lead", "cost_per_click")
    own(config, "cost_per_lead", "owner: sales\n")
    kept = tmp_path / "kept"
    for name, content in book_files(config).contents.items():
        (kept / name).parent.mkdir(parents=True, exist_ok=True)
        (kept / name).write_bytes(content)
    assert sorted(path.name for path in (kept / "dictionary").iterdir()) == [
        "cost_per_click.yaml",
        "cost_per_lead.yaml",
    ]
    assert book_sha256(kept) == book_sha256(config)
    assert replace(load_book(kept), sha256="") == replace(load_book(config), sha256="")
    # as if the program had another definition by now
    write(kept / "dictionary/cost_per_lead.yaml", ("ad_spend / leads", "ad_spend / mqls"))
    assert load_book(kept).kpis["cost_per_lead"].formula == "ad_spend / mqls"
    assert book_sha256(kept) != book_sha256(config)
    (kept / "dictionary/cost_per_lead.yaml").write_text("[", "utf-8")
    assert faults(kept)


def test_a_book_that_uses_nothing_is_kept_as_it_is(config):
    assert {*book_files(config).contents} == {
        path.relative_to(config).as_posix() for path in config.rglob("*") if path.is_file()
    }
    (config / "organisation.yaml").write_text("uses: [", "utf-8")
    assert book_sha256(config)


def test_a_kpi_needs_only_id_formula_unit_and_direction(config):
    own(config, "spend_per_click", "formula: ad_spend / ad_clicks\nunit: money\ndirection: lower\n")
    assert faults(config) == []
    kpi = load_book(config).kpis["spend_per_click"]
    assert (kpi.name.en, kpi.area, kpi.decimals) == ("Spend per click", "promotion", 2)
    assert (kpi.rule.name, kpi.rule.params) == ("proportional", {"cap": "120", "floor": "0"})
    assert (kpi.description, kpi.why, kpi.owner) == (LocalText("", ""), None, None)
    assert (kpi.lag_days, kpi.review_date) == (None, None)


@pytest.mark.parametrize(
    ("unit", "formula", "decimals"),
    [
        ("count", "leads", 0),
        ("money", "ad_spend", 2),
        ("percent", "mqls / leads", 1),
        ("ratio", "mqls / leads", 2),
        ("index", "mqls / leads", 1),
    ],
)
def test_digits_follow_from_the_unit(config, unit, formula, decimals):
    own(config, "number", f"formula: {formula}\nunit: {unit}\ndirection: higher\n")
    assert load_book(config).kpis["number"].decimals == decimals


def test_where_a_range_is_best_the_rule_is_a_tolerance(config):
    own(config, "use", "formula: ad_spend / budget\nunit: percent\ndirection: range\n")
    kpi = load_book(config).kpis["use"]
    assert (kpi.direction, kpi.rule.name) == (Direction.RANGE, "tolerance")
    assert rule_of(kpi.rule).best == Decimal(100)


def test_a_book_without_areas_has_the_standard_ones(config):
    text = (config / "organisation.yaml").read_text("utf-8")
    head, _, rest = text.partition("areas:\n")
    (config / "organisation.yaml").write_text(head + rest[rest.index("sender:") :], "utf-8")
    assert [area.id for area in load_book(config).areas] == ["promotion", "brand", "research", "customer"]


def write(path, *changes):
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


def test_grading_calendar_and_accounts_need_not_say_what_is_usual(config):
    before = load_book(config)
    (config / "grading.yaml").write_text("digits: 1\n", "utf-8")
    (config / "calendar.yaml").write_text("time_zone: Europe/Berlin\n", "utf-8")
    write(
        config / "sources.yaml",
        ("      time_zone: Europe/Berlin\n", ""),
        ("  name: {en: Google Ads, zh_CN: 谷歌广告}\n", ""),
    )
    write(config / "teams.yaml", (', keys: ["*"]', ""))
    book = load_book(config)
    assert (book.policy, book.history_months) == (before.policy, 13)
    assert (book.accounts, book.teams) == (before.accounts, before.teams)
    assert book.source_names["google_ads"] == LocalText("Google Ads", "谷歌广告")


def test_every_source_has_a_name_in_both_languages():
    for source in registry():
        name = source_name(source)
        assert name.en != source
        assert name.zh_CN != source

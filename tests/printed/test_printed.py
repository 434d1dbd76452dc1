"""Cards printed every way there is: each number that is read back is the one in `scorecard.json`."""

import re
from collections import Counter
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal
from functools import partial

import pytest

import reports.figures
from reports.pdf import render_pdf
from reports.presenter import present
from reports.workbook import paper
from reports.workbook.render import render_workbook
from scoring.canonical import to_json
from tests.printed.campaign import run
from tests.printed.cards import CURRENCIES, POLICIES, RULES, card
from tests.printed.documents import hold_archive, hold_mail, hold_pdf, hold_workbook
from tests.printed.held import Held

CARDS = 4
EVERYTHING = 48


@pytest.fixture(scope="module")
def held() -> Held:
    # what LibreOffice makes of every rule is held in tests/reports/test_workbook.py
    (held,) = run(CARDS, seed=2026, again=False)
    return held


def test_nothing_that_is_printed_differs_from_the_cards_json(held):
    assert held.differing == []
    assert held.compared.total() > 300 * CARDS
    for where in ("pdf: ", "mail: text", "mail: html", "archive", "workbook: "):
        assert sum(number for place, number in held.compared.items() if place.startswith(where)) > 8 * CARDS


@pytest.mark.parametrize(
    "place",
    [
        *("lost", "gained", "missed", "chain", "part of a measure", "now", "before", "ahead: forecast"),
        *("page 1: year to date", "step of the year to date", "step of a forecast: forecast", "drivers"),
        *("page 1: objectives", "key results: progress", "rings", "bars: progress", "scores of objectives"),
    ],
)
def test_what_only_some_books_ask_for_is_read_back(held, place):
    found = {where.partition("pdf: ")[2].removeprefix("highlights: ") for where in held.compared}
    assert place in found


def test_a_sentence_and_an_objective_that_say_another_number_are_found():
    made = next(each for each in map(partial(card, 2026), range(3, 40)) if _has_a_chain(each))
    goal = card(2026, 2).objectives[0]
    made = replace(made, objectives=(goal,))
    pdf = render_pdf(made)
    areas = tuple(replace(area, results=tuple(_moved(line) for line in area.results)) for area in made.areas)
    key_results = tuple(replace(item, weight=item.weight + 1) for item in goal.key_results)
    other = replace(
        made, areas=areas, objectives=(replace(goal, score=Decimal("0.99"), key_results=key_results),)
    )
    held = Held()
    hold_pdf(held, pdf, other)
    told = " ".join(held.differing)
    for place in (
        "highlights: before",
        "highlights: part of a measure",
        "key results: weight",
        "rings",
        "scores of objectives",
    ):
        assert f"pdf: {place}" in told


def _has_a_chain(made) -> bool:
    return any("missed its target" in each or "未达目标" in each for each in present(made).highlights)


def _moved(line):
    """The line with another past, and measures that did something else."""
    history = tuple(
        point if point.actual is None else replace(point, actual=point.actual * 3) for point in line.history
    )
    note = line.drivers
    if note is not None:
        note = replace(note, measures=tuple(replace(part, effect=part.effect * 7) for part in note.measures))
    return replace(line, history=history, drivers=note)


def test_the_cards_have_all_rules_units_books_and_languages_and_what_is_hard_to_print():
    cards = [card(1, number) for number in range(EVERYTHING)]
    lines = [line for each in cards for line in each.results]
    actuals = [line.actual for line in lines if line.actual is not None]
    assert len({line.unit for line in lines}) == 6
    assert Counter(each.language for each in cards) == {"en": EVERYTHING / 2, "zh_CN": EVERYTHING / 2}
    assert {each.currency_code for each in cards} == {*CURRENCIES}
    assert sum(line.actual is None for line in lines) > 10
    assert min(actuals) < 0 < max(actuals)
    assert max(actuals) > 10**12
    assert any(each.pay for each in cards)
    assert any(each.grade for each in cards)
    assert any(line.target_low is not None for line in lines)
    assert any(line.overruled_by for line in lines)
    assert len(POLICIES) <= EVERYTHING
    assert len(RULES) == 11


def test_the_same_number_is_the_same_card():
    assert to_json(card(1, 7)) == to_json(card(1, 7)) != to_json(card(2, 7))


@pytest.mark.parametrize(
    ("printed", "number", "agrees"),
    [
        ("1,234.50", "1234.5", True),
        ("1,234.50", "1234.506", False),
        ("€1.23M", "1234567", True),
        ("-€1.24M", "-1234567", False),
        ("13.4万", "134000", True),
        ("−3.2%", "-0.032", True),
        ("3.2%", "-0.032", False),
        ("2.5e16", "25000000000000000", True),
        ("–", None, True),
        ("–", "0", False),
        ("0", None, False),
        ("0.1", "0.05", True),
    ],
)
def test_a_printed_number_is_read_as_people_read_it(printed, number, agrees):
    held = Held()
    held.number("", printed, number, 100 if "%" in printed else 1)
    assert (held.differing == []) is agrees


def test_numbers_that_are_rounded_wrongly_are_found_wherever_they_are_printed(monkeypatch):
    made = card(1, 0)

    def cut(value: Decimal, digits: int) -> Decimal:
        return value.quantize(Decimal(1).scaleb(-digits), ROUND_DOWN)

    monkeypatch.setattr(reports.figures, "round_half_up", cut)
    archive, mail, pdf = Held(), Held(), Held()
    hold_archive(archive, made)
    hold_mail(mail, made)
    hold_pdf(pdf, render_pdf(made), made)
    assert archive.differing
    assert len(mail.differing) > 5
    assert len(pdf.differing) > 20


def test_a_card_whose_documents_are_anothers_is_found():
    made = card(1, 3)
    first, *others = made.areas
    (line, *rest) = first.results
    other = replace(
        made, areas=(replace(first, results=(replace(line, weight=line.weight + 1), *rest)), *others)
    )
    pdf, workbook = Held(), Held()
    hold_pdf(pdf, render_pdf(other), made)
    hold_workbook(workbook, render_workbook(other), made)
    places = {re.split("[: ]+", each.partition("pdf: ")[2])[0] for each in pdf.differing}
    assert {"scorecard.json", "kpis.csv", "page", "workings"} <= places
    assert workbook.differing


def test_a_number_that_a_workbook_stores_wrongly_is_found(monkeypatch):
    write = paper.Paper.formula
    monkeypatch.setattr(
        paper.Paper, "formula", lambda self, *at, **wanted: write(self, *at[:4], Decimal(-777), **wanted)
    )
    held = Held()
    hold_workbook(held, render_workbook(card(1, 3)), card(1, 3))
    assert len(held.differing) > 5

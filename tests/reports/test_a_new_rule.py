"""A rule the product has never seen: one module of scoring and one of words, and nothing else."""

from __future__ import annotations

import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

import reports.presenting.rules as sentences
from book import read_book
from reports.presenting.reader import reader_of
from reports.presenting.workings import steps_of
from reports.workbook.render import render_workbook
from scoring import rules
from scoring.card.card import score_card
from scoring.comparing.comparing import compare
from scoring.kpi import RuleSpec
from scoring.restatement import Cause
from scoring.rules import find_rules, rule_of
from scoring.rules.threshold import Threshold
from scoring.scorecard import Scorecard
from scoring.what_if.solving import attainment_for
from tests.book.books import VALID

D = Decimal
RULE = '''
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from scoring.cells import InCells, settings_of
from scoring.rules.case import Case, Needs, numbers, refuse_unknown
from scoring.rules.parameters import Parameters
from scoring.rules.rule import Kind, Rule
from scoring.rules.threshold import Threshold
from scoring.working import Operand, Working


@dataclass(frozen=True, slots=True)
class Doubled(Rule):
    """`times` hundred where the target is attained, else 0."""

    times: Decimal
    needs: ClassVar[Needs] = Needs.TARGET
    parameters: ClassVar[Parameters] = Parameters(fixed=("times",))

    @property
    def best(self) -> Decimal:
        return 100 * self.times

    def score(self, case: Case) -> Working:
        result = self.best if case.reached() >= 1 else Decimal(0)
        return Working("doubled", (*case.operands(), Operand("times", self.times)), (), result)

    def solve(self, score: Decimal) -> Threshold | None:
        return Threshold(Decimal(1)) if score <= self.best else None

    @property
    def in_cells(self) -> InCells:
        return InCells("IF({attainment}>=1,100*{times},0)", settings_of(times=self.times))


def parse(params):
    refuse_unknown("doubled", params, frozenset({"times"}))
    return Doubled(*numbers("doubled", params, "times"))


KIND = Kind("doubled", Doubled, parse)
'''
WORDS = """
NEEDS = frozenset({"times"})


def words(operands, working, reader):
    said = {"en": "on target counts", "zh_CN": "达标计"}[reader.words.language]
    return f"{said} 100 × {operands['times']}: {reader.score(working.result)}"
"""


@pytest.fixture
def doubled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The rule `doubled` in the two packages, found as every other rule is."""
    for package, text in ((rules, RULE), (sentences, WORDS)):
        folder = tmp_path / package.__name__
        folder.mkdir()
        (folder / "doubled.py").write_text(text, "utf-8")
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
    monkeypatch.setitem(rules.RULES, "doubled", find_rules()["doubled"])  # type: ignore[arg-type]
    monkeypatch.setitem(sentences.SENTENCES, "doubled", sentences.find_sentences()["doubled"])  # type: ignore[arg-type]
    yield
    rule_of.cache_clear()
    for package in (rules, sentences):
        sys.modules.pop(f"{package.__name__}.doubled")
        del package.doubled


@pytest.fixture
def scored(make_inputs: Callable[..., object]) -> Callable[..., Scorecard]:
    """The card whose first KPI is scored by the rule."""

    def score(times: str, language: str = "en", **wishes: object) -> Scorecard:
        given = make_inputs(language, **wishes)
        kpi = replace(given.kpis["mql_count"], rule=RuleSpec("doubled", {"times": times}))
        return score_card(replace(given, kpis={**given.kpis, kpi.id: kpi}), 1)

    return score


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "on target counts 100 × 1.1: 110.0"), ("zh_CN", "达标计 100 × 1.1: 110.0")],
)
def test_it_is_scored_and_its_words_are_printed(doubled, scored, language, text):
    card = scored("1.1", language)
    result = next(result for result in card.results if result.kpi_id == "mql_count")
    assert result.score == 110
    assert text in [step.text for step in steps_of(result, reader_of(card))]


def test_it_is_a_formula_of_the_workbook(doubled, scored, make_inputs):
    policy = replace(make_inputs().policy, has_workbook=True)
    content = render_workbook(scored("1.1", policy=policy))
    written = b"".join(zipfile.ZipFile(BytesIO(content)).read(f"xl/worksheets/sheet{n}.xml") for n in (1, 2))
    assert b"100*mql_count.times,0)" in written


def test_it_is_solved_for_what_if(doubled):
    rule = rule_of(RuleSpec("doubled", {"times": "1.1"}))
    assert attainment_for(rule, D(105)) == Threshold(D(1))
    assert attainment_for(rule, D(111)) is None


def test_its_changed_parameter_is_the_cause_of_a_restatement(doubled, scored):
    (change,) = compare(scored("1.1"), scored("1.2")).kpis
    assert (change.kpi_id, change.causes) == ("mql_count", (Cause.RULE,))


def test_the_book_may_name_it(doubled, tmp_path):
    config = shutil.copytree(VALID, tmp_path / "config")
    path = config / "kpis/clicks.yaml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("{name: proportional, cap: 120, floor: 0}", '{name: doubled, times: "1.1"}'), "utf-8"
    )
    assert "doubled" in path.read_text("utf-8")
    assert read_book(config).faults == read_book(VALID).faults


def test_every_rule_has_words():
    assert set(sentences.SENTENCES) == set(rules.RULES)

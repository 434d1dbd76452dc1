"""What must hold within grading.yaml: cut-offs, grades, pay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from operator import itemgetter

from book.advice import with_advice
from book.fault import Fault
from book.files.draft import Draft
from book.files.shapes import GradingShape
from book.files.yaml_file import YamlFile
from book.lint.areas import best_of
from book.lint.fiscal import fiscal_of, why_none
from scoring.arithmetic import HUNDRED
from scoring.errors import BookError
from scoring.grading import grade_table
from scoring.mix import check_shares
from scoring.pay import Gate, MatrixPay, gate_of, pay_of
from scoring.period import Cadence
from scoring.policy import NotAvailable


def lint_grading(draft: Draft) -> Iterator[Fault]:
    """Every contradiction in grading.yaml."""
    if draft.grading is None:
        return
    file = draft.files["grading.yaml"]
    yield from _cutoffs(file, draft.grading)
    yield from _grades(file, draft.grading)
    yield from _pay(draft, file, draft.grading)
    yield from _mix(draft, file, draft.grading)
    yield from _appraisal(file, draft.grading)


def _cutoffs(file: YamlFile, grading: GradingShape) -> Iterator[Fault]:
    if grading.amber >= grading.green:
        yield file.fault(
            ("amber",), f"amber: expected less than green {grading.green}, found {grading.amber}; correct one"
        )


def _grades(file: YamlFile, grading: GradingShape) -> Iterator[Fault]:
    if grading.grades is None:
        return
    try:
        grade_table([(grade.name, grade.start) for grade in grading.grades])
    except BookError as error:
        yield file.fault(("grades",), with_advice(error, "correct the grades"))


def _mix(draft: Draft, file: YamlFile, grading: GradingShape) -> Iterator[Fault]:
    for cadence, shares in grading.mix.items():
        problem = next(filter(None, (_why_none(draft, part, cadence) for part in (cadence, *shares))), "")
        if problem:
            yield file.fault(("mix", cadence), f"mix.{cadence}: {problem}")
        try:
            check_shares(cadence, shares)
        except BookError as error:
            yield file.fault(("mix", cadence), with_advice(error, "correct the shares"))


def _why_none(draft: Draft, part: Cadence, cadence: Cadence) -> str:
    """What is wrong with a length of period, or with it as a part of a fiscal one; nothing if all is well."""
    fiscal = fiscal_of(draft)
    if fiscal is not None and fiscal.has_weeks and (part, cadence[:6]) == (Cadence.MONTH, "fiscal"):
        return "expected fiscal_month, because fiscal years are made of weeks, found month; correct it"
    return why_none(part, fiscal)


def _appraisal(file: YamlFile, grading: GradingShape) -> Iterator[Fault]:
    shares = grading.appraisal
    if shares is None:
        return
    if grading.not_available is NotAvailable.EQUAL_PARTS:
        yield file.fault(
            ("not_available",),
            "not_available: expected another choice beside an appraisal, found equal_parts; correct it",
        )
    total = shares.system + shares.self_ + shares.superior
    if total != HUNDRED:
        yield file.fault(
            ("appraisal",), f"appraisal: expected shares that sum to 100, found {total}; correct them"
        )
    if not 0 < shares.system < HUNDRED:
        yield file.fault(
            ("appraisal", "system"),
            "appraisal.system: expected a share above 0 and under 100, "
            f"found {shares.system}; correct it or leave out the appraisal",
        )


def _pay(draft: Draft, file: YamlFile, grading: GradingShape) -> Iterator[Fault]:
    if grading.pay is None:
        return
    try:
        pay, gate = pay_of(grading.pay), gate_of(grading.pay)
    except BookError as error:
        yield file.fault(("pay",), with_advice(error, "correct the pay"))
        return
    if gate is not None:
        yield from _never_open(draft, file, gate)
    if isinstance(pay, MatrixPay):
        yield from _axis(draft, file, "rows", pay.row_kpi)
        yield from _axis(draft, file, "columns", pay.column_kpi)


def _never_open(draft: Draft, file: YamlFile, gate: Gate) -> Iterator[Fault]:
    """A gate that a KPI of a card can never pass."""
    kpi_id, most = min(_bests(draft), key=itemgetter(1), default=("", gate.lowest_score))
    if most < gate.lowest_score:
        yield file.fault(
            ("pay", "gate", "lowest_score"),
            f"pay.gate.lowest_score: expected at most {most:f}, the most that {kpi_id} can score, "
            f"found {gate.lowest_score}; correct it, or the rule in kpis/{kpi_id}.yaml",
        )


def _bests(draft: Draft) -> Iterator[tuple[str, Decimal]]:
    """The KPIs that cards count, each with the most that it can score."""
    for kpi in filter(None, map(draft.kpi, _counted(draft))):
        yield kpi.id, best_of(kpi) or HUNDRED


def _counted(draft: Draft) -> Iterable[str]:
    """The KPIs that have a weight on any card, each once."""
    return dict.fromkeys(row.kpi_id for row in draft.targets.rows if row.target and row.target.weight)


def _axis(draft: Draft, file: YamlFile, axis: str, kpi_id: str) -> Iterator[Fault]:
    if kpi_id not in draft.kpis:
        message = f"pay.{axis}.kpi: expected a KPI of kpis/, found {kpi_id!r}; correct it"
        yield file.fault(("pay", axis, "kpi"), message)

"""Appraisal: the system's, the person's own and the superior's score make up the total by their shares.

The system's score is never overwritten. For a line that people have already judged (events, levels,
milestones), or that a veto set, it is used for all three.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from scoring.aims import Milestone
from scoring.arithmetic import HUNDRED, round_half_up
from scoring.card.line import Line
from scoring.card.total import agreed_weight, counted_score, total_score, vetoed_total
from scoring.known import Judgement, Known
from scoring.marks import Appraisal, AppraisedLine, Mark, MissingMark, Whose
from scoring.policy import AppraisalShares, ScoringPolicy
from scoring.rules import Needs, rule_of


def appraise(lines: Sequence[Line], known: Known, policy: ScoringPolicy) -> Appraisal | None:
    """The appraisal of a period's lines; None if the book has no shares or no line has a score."""
    shares, system_total = policy.appraisal, total_score(lines, policy)
    if shares is None or system_total is None:
        return None
    appraised = tuple(_lines(lines, known, policy, shares))
    missing = tuple(mark for line in appraised for mark in _missing(line, shares))
    return Appraisal(
        system_share=shares.system,
        self_share=shares.self_,
        superior_share=shares.superior,
        system_total=system_total,
        total=None if missing else _total(appraised, lines, policy),
        lines=appraised,
        missing=missing,
    )


def takes_marks(line: Line) -> bool:
    """Whether people mark this line: it has a score of its own, and people have not judged it already."""
    needs = rule_of(line.kpi.rule).needs
    is_measured = needs is Needs.CONDITIONS or (
        needs is Needs.TARGET and not isinstance(line.terms.row.aim, Milestone)
    )
    return is_measured and line.score is not None and line.set_to is None


def _lines(
    lines: Sequence[Line], known: Known, policy: ScoringPolicy, shares: AppraisalShares
) -> Iterator[AppraisedLine]:
    """The lines that count."""
    for line in lines:
        system = counted_score(line, policy)
        if system is not None:
            yield _line(line, system, known.judgement(line.kpi.id), shares)


def _line(line: Line, system: Decimal, said: Judgement, shares: AppraisalShares) -> AppraisedLine:
    is_given = not takes_marks(line)
    own, superior = (0 if mark is None else mark.score for mark in (said.self_mark, said.superior_mark))
    result = AppraisedLine(
        kpi_id=line.kpi.id,
        weight=line.weight,
        system=system,
        is_given=is_given,
        self_mark=said.self_mark,
        superior_mark=said.superior_mark,
        appraised=system,
    )
    if is_given:
        return result
    parts = shares.system * system + shares.self_ * own + shares.superior * superior
    is_complete = not _missing(result, shares)
    return replace(result, appraised=parts / HUNDRED if is_complete else None)


def _missing(line: AppraisedLine, shares: AppraisalShares) -> tuple[MissingMark, ...]:
    """The marks that a line still needs; a voice without a share need not give one."""
    if line.is_given:
        return ()
    wanted: tuple[tuple[Whose, Decimal, Mark | None], ...] = (
        ("self", shares.self_, line.self_mark),
        ("superior", shares.superior, line.superior_mark),
    )
    return tuple(MissingMark(line.kpi_id, whose) for whose, share, mark in wanted if share and mark is None)


def _total(appraised: Sequence[AppraisedLine], lines: Sequence[Line], policy: ScoringPolicy) -> Decimal:
    """Sum of weight x appraised score, scaled to the agreed weights, rounded once; a veto caps it."""
    products = sum((line.weight * (line.appraised or 0) for line in appraised), Decimal(0))
    counting = sum((line.weight for line in appraised), Decimal(0))
    total = round_half_up(agreed_weight(lines) * products / (counting * HUNDRED), policy.digits)
    return vetoed_total(total, lines, policy)[0]

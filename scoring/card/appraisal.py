"""Appraisal: the system's, the person's own and the superior's score make up the total by their shares.

The system's score is never overwritten. For a line that people have already judged (events, levels,
milestones), or that a veto set, it is used for all three.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain

from scoring.aims import Milestone
from scoring.arithmetic import HUNDRED, round_half_up, weighted_sum
from scoring.card.conditions import extra_points
from scoring.card.line import Line, agreed_weight
from scoring.card.total import counted_score, total_score, vetoed_total
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
    missing = tuple(chain.from_iterable(_missing(line, shares) for line in appraised))
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
    return is_measured and line.counts_by_itself


def _lines(
    lines: Sequence[Line], known: Known, policy: ScoringPolicy, shares: AppraisalShares
) -> Iterator[AppraisedLine]:
    """The lines that count."""
    for line in lines:
        system = counted_score(line, policy)
        if system is not None:
            yield _line(line, system, known.judgement(line.kpi.id), shares)


def _line(line: Line, system: Decimal, said: Judgement, shares: AppraisalShares) -> AppraisedLine:
    result = AppraisedLine(
        kpi_id=line.kpi.id,
        weight=line.weight,
        system=system,
        is_given=not takes_marks(line),
        self_mark=said.self_mark,
        superior_mark=said.superior_mark,
        appraised=system,
    )
    return result if result.is_given else replace(result, appraised=_appraised(result, shares))


def _appraised(line: AppraisedLine, shares: AppraisalShares) -> Decimal | None:
    """The three scores by their shares; None while a mark is missing."""
    if _missing(line, shares):
        return None
    given = ((share, mark.score) for _, share, mark in _voices(line, shares) if mark is not None)
    return (shares.system * line.system + weighted_sum(given)) / HUNDRED


def _missing(line: AppraisedLine, shares: AppraisalShares) -> tuple[MissingMark, ...]:
    """The marks that a line still needs; a voice without a share need not give one."""
    if line.is_given:
        return ()
    voices = _voices(line, shares)
    return tuple(MissingMark(line.kpi_id, whose) for whose, share, mark in voices if share and mark is None)


def _voices(line: AppraisedLine, shares: AppraisalShares) -> tuple[tuple[Whose, Decimal, Mark | None], ...]:
    """Who may mark the line, the share of that mark, and the mark as far as it was given."""
    return (
        ("self", shares.self_, line.self_mark),
        ("superior", shares.superior, line.superior_mark),
    )


def _total(appraised: Sequence[AppraisedLine], lines: Sequence[Line], policy: ScoringPolicy) -> Decimal:
    """Sum of weight x appraised score, scaled to the agreed weights, rounded once; a veto caps it."""
    products = weighted_sum((line.weight, line.appraised or 0) for line in appraised)
    counting = sum((line.weight for line in appraised), Decimal(0))
    unrounded = agreed_weight(lines) * products / (counting * HUNDRED) + extra_points(lines, policy)
    return vetoed_total(round_half_up(unrounded, policy.digits), lines, policy)[0]

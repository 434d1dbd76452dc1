"""How far the data behind a card can be trusted, decided here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import dropwhile

from scoring.card.line import Line
from scoring.evidence import (
    KINDS_LEFT_OUT,
    LACKING,
    LANDED_BEFORE_END,
    MISSING_RATES,
    NOT_OVER,
    NOT_SAID,
    REFUSED,
    Certificate,
    CertificateStatus,
    Finding,
)
from scoring.period import Period
from scoring.policy import MissingSource, NotAvailable, RefusedFile, ScoringPolicy

REMARKS = {
    *("totals_differ", "no_days", "names_damaged", "nothing_looked_up", "nothing_counted"),
    *("rows_withheld", NOT_SAID, KINDS_LEFT_OUT),
}
"""Findings about how a file was read, after which no figure is expected to change."""


def as_of(today: date, period: Period, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings of a card that is scored on that day: where its period is not over, first which days are
    to come, so that it says something else than any card of the whole period.
    """
    to_come = tuple(map(date.isoformat, dropwhile(today.__gt__, period.days())))
    not_over = [Finding(NOT_OVER, "", "", to_come, ())] if to_come else []
    return (*not_over, *(one for one in findings if not _goes_without_saying(one, to_come)))


def _goes_without_saying(finding: Finding, to_come: tuple[str, ...]) -> bool:
    return finding.code == LANDED_BEFORE_END and {*finding.days} <= {*to_come}


def certify(findings: tuple[Finding, ...], lines: Sequence[Line], policy: ScoringPolicy) -> Certificate:
    """HELD where the book holds cards that lack a score, or stand on a refused file or a necessary source
    that is missing, and where an amount has no exchange rate; else PROVISIONAL with gaps, else FINAL.
    """
    return Certificate(_status(findings, lines, policy), findings)


def _status(findings: tuple[Finding, ...], lines: Sequence[Line], policy: ScoringPolicy) -> CertificateStatus:
    codes = {finding.code for finding in findings}
    is_held = codes & _holding(policy) or any(_is_missed(finding, policy) for finding in findings)
    if is_held or _lacks_a_score(lines, policy):
        return CertificateStatus.HELD
    return CertificateStatus.PROVISIONAL if codes - REMARKS else CertificateStatus.FINAL


def _lacks_a_score(lines: Sequence[Line], policy: ScoringPolicy) -> bool:
    return policy.not_available is NotAvailable.HOLD and any(map(_lacks_its_score, lines))


def _lacks_its_score(line: Line) -> bool:
    return bool(line.weight) and line.score is None


def _is_missed(finding: Finding, policy: ScoringPolicy) -> bool:
    """Whether a necessary source is missing, in a book that holds cards for it."""
    return (
        policy.missing_source is MissingSource.HOLD
        and finding.source in policy.necessary
        and finding.code in LACKING
    )


def _holding(policy: ScoringPolicy) -> frozenset[str]:
    """The findings that hold a card: without some of its amounts a sum is no figure in any book."""
    holds = policy.refused_file is RefusedFile.HOLD
    return frozenset({MISSING_RATES, *(REFUSED if holds else ())})

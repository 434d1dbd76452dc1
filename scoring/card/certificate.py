"""How far the data behind a card can be trusted, decided here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from scoring.card.line import Line
from scoring.evidence import Certificate, CertificateStatus, Finding
from scoring.policy import NotAvailable, ScoringPolicy


def certify(findings: tuple[Finding, ...], lines: Sequence[Line], policy: ScoringPolicy) -> Certificate:
    """HELD where the book holds cards that lack a score, else PROVISIONAL with findings, else FINAL."""
    return Certificate(_status(findings, lines, policy), findings)


def _status(findings: tuple[Finding, ...], lines: Sequence[Line], policy: ScoringPolicy) -> CertificateStatus:
    if policy.not_available is NotAvailable.HOLD and any(line.score is None for line in lines):
        return CertificateStatus.HELD
    return CertificateStatus.PROVISIONAL if findings else CertificateStatus.FINAL

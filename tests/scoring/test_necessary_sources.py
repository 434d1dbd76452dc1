"""What the lack of a necessary source does to a card: what the book says, and nothing by another source."""

from __future__ import annotations

from decimal import Decimal

import pytest

from scoring.card.certificate import certify
from scoring.evidence import CertificateStatus, Finding
from scoring.policy import MissingSource, RefusedFile, ScoringPolicy


def status(code, source="google_ads", missing_source=MissingSource.HOLD):
    policy = ScoringPolicy(
        1,
        Decimal(95),
        Decimal(80),
        refused_file=RefusedFile.PROVISIONAL,
        missing_source=missing_source,
        necessary=frozenset({"google_ads"}),
    )
    return certify((Finding(code, source, "shop", (), ("cpl",)),), (), policy).status


@pytest.mark.parametrize(
    "code", ["missing_slice", "missing_days", "empty_slice", "refused_file", "refused_newer_file"]
)
def test_a_necessary_source_that_is_missing_holds_the_card_where_the_book_says_so(code):
    assert status(code) is CertificateStatus.HELD
    assert status(code, missing_source=MissingSource.PROVISIONAL) is CertificateStatus.PROVISIONAL
    assert status(code, source="survey") is CertificateStatus.PROVISIONAL


@pytest.mark.parametrize("code", ["unowned_rows", "fewer_rows", "quarantined_rows"])
def test_a_gap_within_what_is_there_does_not_hold_it(code):
    assert status(code) is CertificateStatus.PROVISIONAL


@pytest.mark.parametrize("code", ["totals_differ", "rows_withheld"])
def test_a_remark_leaves_the_card_final(code):
    assert status(code) is CertificateStatus.FINAL

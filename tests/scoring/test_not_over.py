"""A card of a period that is not over says which days are to come, whatever its data say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from scoring.card.certificate import as_of, certify
from scoring.evidence import CertificateStatus, Finding
from scoring.period import Period
from scoring.policy import ScoringPolicy

NOVEMBER = Period(2026, 11)
EARLY = Finding("landed_before_end", "hubspot", "main", ("2026-11-29", "2026-11-30"), ("leads",))
EARLIER = Finding("landed_before_end", "sales", "main", ("2026-11-28", *EARLY.days), ("deals",))
UNOWNED = Finding("unowned_rows", "hubspot", "main", ("2026-11-29",), ("leads",))


def test_the_days_from_today_on_are_to_come():
    (found,) = as_of(date(2026, 11, 29), NOVEMBER, ())
    assert found == Finding("not_over", "", "", ("2026-11-29", "2026-11-30"), ())
    assert found.account == ""
    assert EARLY.account == "hubspot (main)"


@pytest.mark.parametrize("today", [date(2026, 12, 1), date(2027, 1, 5), date.max])
def test_none_are_once_it_is_over(today):
    assert as_of(today, NOVEMBER, (EARLY, UNOWNED)) == (EARLY, UNOWNED)


def test_an_export_is_said_to_lack_no_more_than_what_is_still_to_come():
    found = as_of(date(2026, 11, 29), NOVEMBER, (EARLY, EARLIER, UNOWNED))
    assert found[1:] == (EARLIER, UNOWNED)


@pytest.mark.parametrize("findings", [(EARLY,), as_of(date(2026, 11, 30), NOVEMBER, ())])
def test_such_a_card_is_provisional(findings):
    assert (
        certify(findings, (), ScoringPolicy(1, Decimal(95), Decimal(80))).status
        is CertificateStatus.PROVISIONAL
    )

"""What is traced: one KPI of one issued card, and its measures over days."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain

from archive.cards import CardRef
from disk.nearest import did_you_mean
from etl.sources import Source, registry
from ledger import Issue, Ledger
from scoring.canonical import from_json
from scoring.errors import UsageError
from scoring.evidence import SourceEvidence
from scoring.period import Period
from scoring.scorecard import KpiResult, Scorecard
from scoring.spans import Days, days_of, months_in, split_name
from scoring.working import MeasureValue
from warehouse import MeasureSpec, measure_catalog

RATES = "fct_fx_rate"

_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_SHORT_ID = re.compile(r"[0-9a-f]{10,64}")


@dataclass(frozen=True, slots=True)
class TracedMeasure:
    """A measure as the card has it; `name` includes its span if it covers other days."""

    name: str
    base: str
    days: Days
    value: Decimal | None

    @property
    def spec(self) -> MeasureSpec | None:
        """How it is declared now; None if no SQL file computes it any more."""
        return measure_catalog().get(self.base)


@dataclass(frozen=True, slots=True)
class Subject:
    """A KPI of an issued card."""

    issue: Issue
    card: Scorecard
    result: KpiResult
    made_by: Mapping[str, Source] = field(default_factory=registry, repr=False)
    """The sources of the book, by name."""

    @property
    def period(self) -> Period:
        """The card's period."""
        return Period.parse(self.card.period)

    @property
    def measures(self) -> tuple[TracedMeasure, ...]:
        """The measures behind the figure, each over its own days."""
        return tuple(map(self._traced, self.result.measures))

    def _traced(self, measure: MeasureValue) -> TracedMeasure:
        base, span = split_name(measure.name)
        days = days_of(self.period, span or self.result.span)
        return TracedMeasure(measure.name, base, days, measure.value)

    @property
    def facts(self) -> frozenset[str]:
        """The facts behind the figure, with the exchange rates where it is of amounts."""
        behind = {measure.spec.fact for measure in self.measures if measure.spec is not None}
        return frozenset(behind | {RATES} if self.result.has_money else behind)

    @property
    def sources(self) -> tuple[SourceEvidence, ...]:
        """The slices behind the figure, as the card names them; with the rates where it is of amounts."""
        facts, months = self.facts, self._months()
        return tuple(
            source
            for source in self.card.sources
            if facts.intersection(self._facts_of(source.source)) and source.period in months
        )

    def _months(self) -> set[str]:
        """The months of all days behind the figure."""
        return set(map(str, chain.from_iterable(months_in(measure.days) for measure in self.measures)))

    def _facts_of(self, source: str) -> tuple[str, ...]:
        return self.made_by[source].facts if source in self.made_by else ()


def find_subject(
    ledger: Ledger, issue: str, kpi_id: str, made_by: Mapping[str, Source] | None = None
) -> Subject:
    """The KPI of the issue that `issue` names; raises `UsageError` if there is none."""
    found = find_issue(ledger, issue)
    card = from_json(found.card_json)
    results = card.by_kpi
    if kpi_id not in results:
        known = ", ".join(results)
        meant = did_you_mean(kpi_id, results)
        raise UsageError(f"{CardRef.of(card)}: expected a KPI of the card, {known}, found {kpi_id!r}{meant}.")
    return Subject(found, card, results[kpi_id], made_by or registry())


def find_issue(ledger: Ledger, text: str) -> Issue:
    """The issue by the short id that its pages print, by its number, or as `2026-10/eu-brand/r1`.

    Without a revision, as in `2026-10/eu-brand`, it is the newest one.
    """
    if _NUMBER.fullmatch(text):
        return ledger.get_issue(int(text))
    if _SHORT_ID.fullmatch(text):
        return _only(text, ledger.issues_by_hash(text))
    if "/" not in text:
        raise UsageError(
            "issue: expected the short id printed on the card, a number or a name such as "
            f"2026-10/eu-brand/r1, found {text!r}."
        )
    if text.count("/") == 1:
        newest = ledger.latest_revision(*text.split("/"))
        return _only(text, () if newest is None else (newest,))
    ref = CardRef.parse(text)
    issue = ledger.revision(ref.period, ref.team_id, ref.revision)
    return _only(text, () if issue is None else (issue,))


def _only(text: str, found: Sequence[Issue]) -> Issue:
    """The newest of those found, which all have the same content."""
    if not found:
        raise UsageError(
            f"issue {text}: expected an issue of this ledger, found none; `scorewright cards` lists them."
        )
    if len({issue.content_hash for issue in found}) > 1:
        names = ", ".join(issue.name for issue in found)
        raise UsageError(f"issue {text}: expected one issue, found {names}; give one of these names.")
    return found[-1]

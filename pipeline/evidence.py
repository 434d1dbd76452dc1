"""Where a card's numbers came from and how complete they are, narrowed to each team's own sources."""

from __future__ import annotations

from dataclasses import dataclass

from etl.quality.gate import ExpectedSlice, Gap, find_gaps
from etl.sources import registry
from etl.warehouse import LoadRecord, load_records, measure_catalog, rates
from pipeline.book import Book, Team
from pipeline.site import Site
from scoring.line import measure_names
from scoring.period import Period
from scoring.scorecard import (
    Certificate,
    CertificateStatus,
    FileEvidence,
    Finding,
    RateEvidence,
    SourceEvidence,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the gate and the load records say of one period."""

    book: Book
    period: Period
    gaps: tuple[Gap, ...]
    records: tuple[LoadRecord, ...]
    rates: tuple[RateEvidence, ...]

    def certificate(self, team: Team) -> Certificate:
        """FINAL, or PROVISIONAL with what is missing from the sources that this team's lines stand on."""
        findings = tuple(finding for gap in self.gaps if (finding := self._finding(gap, team)) is not None)
        status = CertificateStatus.PROVISIONAL if findings else CertificateStatus.FINAL
        return Certificate(status, findings)

    def sources(self, team: Team) -> tuple[SourceEvidence, ...]:
        """The landed files behind the team's numbers of the period, and behind the exchange rates."""
        used = {key for kpi_id in self._lines(team) for key in self._slices(kpi_id, team)}
        used |= {(record.source, record.entity) for record in self.records if record.source == "fx_rates"}
        return tuple(
            self._source(record) for record in self.records if (record.source, record.entity) in used
        )

    def _finding(self, gap: Gap, team: Team) -> Finding | None:
        touched = tuple(
            kpi_id for kpi_id in self._lines(team) if (gap.source, gap.entity) in self._slices(kpi_id, team)
        )
        if not touched:
            return None
        days = tuple(day.isoformat() for day in gap.days)
        return Finding(code=gap.code, source=gap.source, entity=gap.entity, days=days, kpi_ids=touched)

    def _lines(self, team: Team) -> tuple[str, ...]:
        """The ids of the KPIs that the team is scored by in the period."""
        last_day = self.period.last_day
        return tuple(
            target.kpi_id
            for target in self.book.targets
            if target.team_id == team.id and target.valid_from <= last_day < target.valid_until
        )

    def _slices(self, kpi_id: str, team: Team) -> set[tuple[str, str]]:
        """The (source, entity) pairs a team's KPI is made from: its own accounts that feed those facts."""
        catalog = measure_catalog()
        kpi = self.book.kpis[kpi_id]
        facts = {catalog[name].fact for name in measure_names(kpi.formula, kpi.rule)}
        return {
            (owned.source, owned.entity) for owned in team.owns if facts & set(registry()[owned.source].FACTS)
        }

    def _source(self, record: LoadRecord) -> SourceEvidence:
        account = self.book.account(record.source, record.entity)
        return SourceEvidence(
            source=record.source,
            source_name=self.book.source_names[record.source],
            entity=record.entity,
            period=str(self.period),
            currency_code=account.currency_code,
            files=tuple(FileEvidence(file.name, file.sha256, file.rows) for file in record.files),
        )


def gather_evidence(site: Site, period: Period) -> Evidence:
    """Ask the warehouse what it was loaded from for `period`, and the gate what is missing."""
    expected = tuple(
        ExpectedSlice(account.source, account.entity, registry()[account.source].DAILY_FACTS)
        for account in site.book.accounts
    )
    return Evidence(
        book=site.book,
        period=period,
        gaps=tuple(find_gaps(site.warehouse, period, expected)),
        records=tuple(load_records(site.warehouse, [period])),
        rates=tuple(
            RateEvidence(rate.currency_code, rate.first_rate, rate.last_rate, rate.source)
            for rate in rates(site.warehouse, period)
            if rate.currency_code != site.book.currency_code
        ),
    )

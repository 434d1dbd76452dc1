"""The evidence behind a card: landed files, exchange rates, entries, and how complete the data is."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from scoring.text import LocalText


class CertificateStatus(StrEnum):
    """How complete the data behind a card is."""

    FINAL = "final"
    PROVISIONAL = "provisional"
    HELD = "held"


MISSING_RATES = "missing_rates"
UNOWNED_ROWS = "unowned_rows"
REFUSED_FILE = "refused_file"
REFUSED_NEWER_FILE = "refused_newer_file"
REFUSED_RATES = "refused_rates"
NOT_OVER = "not_over"
"""The finding that days of the period were still to come when its card was scored; it is of no source."""
LANDED_BEFORE_END = "landed_before_end"
REFUSED = frozenset({REFUSED_FILE, REFUSED_NEWER_FILE, REFUSED_RATES})
INCOMPLETE = ("missing_slice", "missing_days", "empty_slice", "begins_later", "begins_within", "ends_before")
"""Findings that an export of a source is missing, or does not have all days of a month."""
LACKING = frozenset({*INCOMPLETE, REFUSED_FILE, REFUSED_NEWER_FILE})
"""Findings of a source that is not there, or not whole."""
OF_MONEY = frozenset({MISSING_RATES, REFUSED_RATES})
"""Findings that concern amounts alone, and not the counts beside them."""
NOT_SAID = "not_said"
"""The finding that an export does not have what the measure under `reason` is made of."""
PARTLY_SAID = "partly_said"
"""The finding that some of its rows do not have it, and add nothing to that measure."""
KINDS_LEFT_OUT = "kinds_left_out"
"""The finding that results of kinds which the account does not count are left out, those of `reason`."""
OF_A_MEASURE = frozenset({NOT_SAID, PARTLY_SAID})
"""Findings whose `reason` is the only measure that they concern."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One gap that the gate found in the data, such as a missing day.

    `code` is from a closed list, such as `missing_days`, `missing_slice`, `unowned_rows`, `empty_slice`,
    `fewer_rows`, `quarantined_rows`, `missing_rates`, `refused_file`, `refused_newer_file`, `refused_rates`,
    `landed_before_end` and `not_over`, whose `source` and `entity` are empty; `reason` says what is wrong
    with a refused file, or which measure is not said; `days` are ISO dates; `kpi_ids` are the lines of this
    card that it affects, `key_results` those of its objectives, such as `q4_voice/followers`.
    """

    code: str
    source: str
    entity: str
    days: tuple[str, ...]
    kpi_ids: tuple[str, ...]
    key_results: tuple[str, ...] = ()
    reason: str = ""

    @property
    def account(self) -> str:
        """`google_ads (2121450128)`; empty where it is of none."""
        return f"{self.source} ({self.entity})" if self.source else ""

    @property
    def refusal(self) -> Hashable:
        """What it has in common with those of the same file in other months; itself if it is no refusal."""
        is_refusal = self.code in (REFUSED_FILE, REFUSED_NEWER_FILE)
        return (self.code, self.source, self.entity, self.reason) if is_refusal else self

    def together_with(self, other: Finding) -> Finding:
        """One finding of the days and lines of both."""
        return replace(
            self,
            days=tuple(sorted({*self.days, *other.days})),
            kpi_ids=tuple(dict.fromkeys((*self.kpi_ids, *other.kpi_ids))),
            key_results=tuple(dict.fromkeys((*self.key_results, *other.key_results))),
        )


@dataclass(frozen=True, slots=True)
class Certificate:
    """The data certificate on page 1."""

    status: CertificateStatus
    findings: tuple[Finding, ...]

    @property
    def told(self) -> tuple[Finding, ...]:
        """The findings as people are told them: one refusal of a file is one, of however many months."""
        told: dict[Hashable, Finding] = {}
        for finding in self.findings:
            known = told.get(finding.refusal, finding)
            told[finding.refusal] = known.together_with(finding)
        return tuple(told.values())


@dataclass(frozen=True, slots=True)
class FileEvidence:
    """A landed file that a slice was loaded from."""

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class SourceEvidence:
    """Which landed files one source's numbers of the period came from."""

    source: str
    source_name: LocalText
    entity: str
    period: str
    currency_code: str | None
    files: tuple[FileEvidence, ...]


@dataclass(frozen=True, slots=True)
class RateEvidence:
    """An exchange rate of the period: reporting currency units for one unit of `currency_code`.

    `base` is the currency that the table of rates is given in, None where that is the reporting one.
    """

    currency_code: str
    first_rate: Decimal
    last_rate: Decimal
    source: str
    base: str | None = None


@dataclass(frozen=True, slots=True)
class EntryEvidence:
    """What somebody entered for a KPI in the period, and the form it came from.

    `form_sha256` is of what the form says, in hex, and not of the file's bytes.
    """

    kpi_id: str
    kind: str
    value: str
    comment: str
    said_by: str
    said_on: str
    form_name: str
    form_sha256: str

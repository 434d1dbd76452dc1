"""What changed from one issued revision of a card to the next, and why: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from scoring.text import LocalText


class Cause(StrEnum):
    """Why a number changed.

    `other_kpi`: it follows from another line, by a veto or by the weight of lines without a score. `fix`:
    nothing listed on the card changed, so the reader, the program or the ownership of the rows did.
    """

    LATE_DATA = "late_data"
    EXCHANGE_RATE = "exchange_rate"
    TARGET = "target"
    RULE = "rule"
    ENTRY = "entry"
    COMMENT = "comment"
    ADDED = "added"
    DROPPED = "dropped"
    OTHER_KPI = "other_kpi"
    WORDING = "wording"
    FIX = "fix"


@dataclass(frozen=True, slots=True)
class Moved:
    """A number before and after; None if there was or is none."""

    old: Decimal | None = None
    new: Decimal | None = None

    @property
    def has_moved(self) -> bool:
        """Whether it is another one."""
        return self.old != self.new

    @property
    def delta(self) -> Decimal | None:
        """New less old; None if one of them is missing."""
        return None if self.old is None or self.new is None else self.new - self.old


@dataclass(frozen=True, slots=True)
class MovedText:
    """A word, such as a grade, before and after."""

    old: str | None = None
    new: str | None = None

    @property
    def has_moved(self) -> bool:
        """Whether it is another one."""
        return self.old != self.new


@dataclass(frozen=True, slots=True)
class MovedMeasure:
    """A measure of a KPI that changed."""

    name: str
    unit: str
    value: Moved


@dataclass(frozen=True, slots=True)
class LateSource:
    """An account and month whose files differ from those behind the old card."""

    source: str
    name: LocalText
    entity: str
    period: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """A landed file that was added, removed or changed, by its name; `old_rows` and `new_rows` are those
    used.
    """

    source: str
    entity: str
    period: str
    name: str
    old_sha256: str | None = None
    new_sha256: str | None = None
    old_rows: int | None = None
    new_rows: int | None = None


@dataclass(frozen=True, slots=True)
class RateChange:
    """An exchange rate of the period at both ends of it."""

    currency_code: str
    first: Moved
    last: Moved


@dataclass(frozen=True, slots=True)
class FieldChange:
    """Anything else on the card that differs, by its path; the values as canonical JSON spells them."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class KpiChange:
    """A line of the card that changed, with the causes.

    `fields` names everything that differs in it, `said` has what is no number of these, such as a comment,
    `sources` the accounts and months behind `late_data`. For a range `target` is the low end. `appraised` is
    the appraised score.
    """

    kpi_id: str
    name: LocalText
    unit: str
    decimals: int
    actual: Moved
    target: Moved
    target_high: Moved
    attainment: Moved
    score: Moved
    points: Moved
    weight: Moved
    appraised: Moved
    causes: tuple[Cause, ...]
    fields: tuple[str, ...]
    measures: tuple[MovedMeasure, ...] = ()
    sources: tuple[LateSource, ...] = ()
    said: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class PastChange:
    """A point of a trend that moved: of a KPI, or of the total where `kpi_id` is None.

    `unlike` are the reasons for which it cannot be read like the others, where they are others than before.
    """

    kpi_id: str | None
    period: str
    actual: Moved
    target: Moved
    target_high: Moved
    unlike: MovedText = MovedText()


@dataclass(frozen=True, slots=True)
class Restatement:
    """All that differs between two revisions of one card.

    `pay` is the coefficient, `pay_tier` the total from which the tier pays, if pay has tiers. `past` are
    earlier periods in the trends: they change no line of this card. `files` alone change nothing that the
    card says. `is_decided` is whether what a person decided about the grade is another than before.
    """

    period: str
    team_id: str
    old_revision: int
    new_revision: int
    total: Moved
    grade: MovedText
    pay: Moved
    pay_tier: Moved
    kpis: tuple[KpiChange, ...] = ()
    past: tuple[PastChange, ...] = ()
    files: tuple[FileChange, ...] = ()
    rates: tuple[RateChange, ...] = ()
    others: tuple[FieldChange, ...] = ()
    is_decided: bool = False

    @property
    def moves_reward(self) -> bool:
        """Whether the grade or the pay is another one."""
        return self.grade.has_moved or self.pay.has_moved or self.pay_tier.has_moved

    @property
    def is_empty(self) -> bool:
        """Whether both cards say the same."""
        said = (self.kpis, self.past, self.rates, self.others)
        return not (any(said) or self.total.has_moved or self.moves_reward)

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The causes of all lines, each once, in the order of `Cause`."""
        found = {cause for change in self.kpis for cause in change.causes}
        return tuple(cause for cause in Cause if cause in found)


@dataclass(frozen=True, slots=True)
class RestatedKpi:
    """A line of an earlier card as a later one reports it."""

    name: LocalText
    score: Moved
    causes: tuple[Cause, ...]
    sources: tuple[LateSource, ...] = ()


@dataclass(frozen=True, slots=True)
class RestatementNote:
    """What a card reports about the restatement of an earlier one of the same team.

    One that `is_withheld` was of another manager's card: what moved in it is not for this one. `is_decided`
    is whether a person decided on its grade meanwhile.
    """

    period: str
    old_revision: int
    new_revision: int
    total: Moved
    grade: MovedText
    pay: Moved
    restated: tuple[RestatedKpi, ...] = ()
    is_withheld: bool = False
    is_decided: bool = False

    @classmethod
    def withheld(cls, restatement: Restatement) -> RestatementNote:
        """That there was one, and nothing of what it says."""
        revisions = restatement.old_revision, restatement.new_revision
        return cls(restatement.period, *revisions, Moved(), MovedText(), Moved(), is_withheld=True)

    @classmethod
    def of(cls, restatement: Restatement) -> RestatementNote:
        """The note of a restatement: the lines whose score moved, or all of them where none did."""
        moved = [change for change in restatement.kpis if change.score.has_moved]
        return cls(
            period=restatement.period,
            old_revision=restatement.old_revision,
            new_revision=restatement.new_revision,
            total=restatement.total,
            grade=restatement.grade,
            pay=restatement.pay,
            restated=tuple(
                RestatedKpi(change.name, change.score, change.causes, change.sources)
                for change in moved or restatement.kpis
            ),
            is_decided=restatement.is_decided,
        )

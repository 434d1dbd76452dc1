"""What a step refused: remembered, so that cards say it, and told at the end, so that nobody else waits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from book.history import months_needed, months_of
from etl.account import Account
from pipeline.inputs.refused import standing_refusals
from pipeline.site import Site
from scoring.errors import BadFileError, DataError, RefusedError, ScorewrightError
from scoring.period import Period
from warehouse import Refusal, Slice, TakenError, missing_rates, note_refusals


@dataclass(frozen=True, slots=True)
class Refused:
    """A slice whose newest export was not taken, and why."""

    slice: Slice
    error: BadFileError | TakenError


@dataclass(frozen=True, slots=True)
class Done:
    """How much of its work a step has done, what it refused, and how many rows it loaded."""

    count: int
    refused: tuple[Refused, ...]
    rows: int = 0

    @classmethod
    def together(cls, parts: Iterable[Done]) -> Done:
        """What several parts of a step have done."""
        done = tuple(parts)
        refused = chain.from_iterable(each.refused for each in done)
        return cls(sum(each.count for each in done), tuple(refused), sum(each.rows for each in done))

    @property
    def errors(self) -> list[ScorewrightError]:
        """Why each slice was refused."""
        return [each.error for each in self.refused]

    def or_raise(self) -> int:
        """The count; raises the refusals where there are some."""
        raise_all(self.errors)
        return self.count


def slices_of(accounts: Iterable[Account], months: Sequence[Period]) -> set[Slice]:
    """The slices of the accounts in each of the months."""
    return {Slice(account.source, account.entity, month) for account in accounts for month in months}


def note(
    site: Site, step: str, known: Collection[Refusal], refused: Iterable[Refused], now: datetime
) -> None:
    """Remember what the step refused of the slices it looked at, and forget the `known` ones from before."""
    found = [Refusal(each.slice, step, _reason(each.error), str(each.error)) for each in refused]
    note_refusals(site.warehouse, step, known, found, now)


def _reason(error: BadFileError | TakenError) -> str:
    """What is wrong, for the readers of a card: nothing of what is in the file."""
    return error.reason if isinstance(error, BadFileError) else "the same row is in two months"


def tell(site: Site, period: Period) -> None:
    """Raise what cards of the period and their history stand on and is refused or missing."""
    raise_all(refusals_of(site, period))


def refusals_of(site: Site, period: Period) -> list[ScorewrightError]:
    """What cards of the period and their history stand on and is refused or missing."""
    return [*_known(site, period), *lacking_rates(site, [period])]


def _known(site: Site, period: Period) -> Iterator[ScorewrightError]:
    months = {source: months_of(site.book, source, [period]) for source in site.book.source_names}
    for refusal in standing_refusals(site, months):
        yield RefusedError([refusal.sentence], exit_code=BadFileError.exit_code)


def lacking_rates(site: Site, periods: Sequence[Period]) -> list[ScorewrightError]:
    """The exchange rates that amounts of these periods and their history lack."""
    missing = missing_rates(site.warehouse, months_needed(site.book, periods))
    return [DataError(each.sentence(site.book.currency_code)) for each in missing]


def raise_all(errors: Iterable[ScorewrightError], *, told: str = "refusals; all else was done") -> None:
    """Raise what was refused, each sentence once; nothing where there is nothing."""
    each = once(errors)
    if len(each) == 1:
        raise each[0]
    if each:
        sentences = dict.fromkeys(chain.from_iterable(map(_sentences, each)))
        raise RefusedError([*sentences], exit_code=min(error.exit_code for error in each), told=told)


def _sentences(error: ScorewrightError) -> Sequence[str]:
    return error.sentences if isinstance(error, RefusedError) else [str(error)]


def once(errors: Iterable[ScorewrightError]) -> list[ScorewrightError]:
    """Those that say the same only once."""
    return [*{str(error): error for error in errors}.values()]

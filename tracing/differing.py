"""The source rows that differ between the loads behind two revisions of a card."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from etl.landing import Pull
from pipeline.site import Site
from scoring.errors import DataError, ScorewrightError
from scoring.evidence import FileEvidence, SourceEvidence
from scoring.period import Period
from scoring.scorecard import Scorecard
from tracing.landed import Key, LandedRow, contents_of, landed_rows
from tracing.owners import is_of
from warehouse import Slice


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that came (`old` is None), went (`new` is None) or has other values."""

    old: LandedRow | None
    new: LandedRow | None

    @property
    def row(self) -> LandedRow:
        """The row as it is now, or was last."""
        return self.new or self.old  # type: ignore[return-value] # one of them is there

    @property
    def values(self) -> Mapping[str, tuple[Any, Any]]:
        """What each column said before and says now, where that differs; None where there is no row."""
        before, now = _said(self.old), _said(self.new)
        both = ((name, (before.get(name), now.get(name))) for name in {**before, **now})
        return {name: (old, new) for name, (old, new) in both if old != new}


@dataclass(frozen=True, slots=True)
class SliceChange:
    """A slice that the two revisions have other files of, and the team's rows that differ.

    `unknown` says why they cannot be compared, if they cannot.
    """

    slice: Slice
    changes: tuple[RowChange, ...]
    unknown: str | None = None


def slice_changes(site: Site, old: Scorecard, new: Scorecard) -> Iterator[SliceChange]:
    """What differs in each slice that is not of the same files, in their order.

    Both loads are read again as today's book has their account; rows of other teams are left out.
    """
    before, after = _by_slice(old), _by_slice(new)
    for which in sorted(before.keys() | after.keys()):
        then, now = before.get(which), after.get(which)
        if _files(then) != _files(now):
            yield _compared(site, new, which, then, now)


def _by_slice(card: Scorecard) -> Mapping[Slice, SourceEvidence]:
    return {_slice(source): source for source in card.sources}


def _compared(
    site: Site, card: Scorecard, which: Slice, then: SourceEvidence | None, now: SourceEvidence | None
) -> SliceChange:
    try:
        changes = _changes(_rows(site, card, then), _rows(site, card, now))
        return SliceChange(which, tuple(changes))
    except ScorewrightError as error:
        return SliceChange(which, (), f"not compared: {error}")


def _files(source: SourceEvidence | None) -> tuple[FileEvidence, ...] | None:
    return None if source is None else source.files


def pull_with(site: Site, source: SourceEvidence) -> Pull:
    """The pull of the files that a card names; raises `DataError` where the landing has none."""
    pulls = site.landing.pulls(source.source, source.entity, Period.parse(source.period))
    named = contents_of(source.files)
    found = next((pull for pull in pulls if contents_of(pull.files) == named), None)
    if found is None:
        raise DataError(
            f"{_slice(source)}: expected the pull of the files that the card names, found none in the "
            "landing; restore it from a backup."
        )
    return found


def _changes(old: Mapping[Key, LandedRow], new: Mapping[Key, LandedRow]) -> Iterator[RowChange]:
    both = (RowChange(old.get(key), new.get(key)) for key in sorted(old.keys() | new.keys()))
    return (change for change in both if change.values)


def _said(row: LandedRow | None) -> Mapping[str, Any]:
    return {} if row is None else row.values


def _rows(site: Site, card: Scorecard, source: SourceEvidence | None) -> Mapping[Key, LandedRow]:
    """The team's rows of a slice; none where the card did not have it."""
    if source is None:
        return {}
    rows = landed_rows(site, pull_with(site, source))
    return {row.key: row for row in rows if is_of(site.book, card, row)}


def _slice(source: SourceEvidence) -> Slice:
    return Slice(source.source, source.entity, Period.parse(source.period))

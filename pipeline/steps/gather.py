"""Pull what sources have and load what is new of it, in one step: done again, it takes the corrected file."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from book.history import periods_since
from disk.errors import BusyError
from pipeline.site import Site
from pipeline.steps.extract import extract
from pipeline.steps.known import Known, known_of
from pipeline.steps.load import load
from pipeline.steps.refused import once, raise_all
from pipeline.steps.seconds import Seconds
from scoring.errors import ScorewrightError
from scoring.period import Period
from scoring.text import numbered

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GatheredSource:
    """What came of a source: slices that are landed, slices that were loaded, and what was refused."""

    source: str
    landed: int
    loaded: int
    refused: tuple[ScorewrightError, ...]

    def __str__(self) -> str:
        more = f"{self.loaded} new or changed and loaded"
        more += f", {len(self.refused)} refused" if self.refused else ""
        return f"{self.source}: {numbered(self.landed, 'slice')} landed, {more}"


def gather_source(
    site: Site,
    period: Period,
    source: str,
    known: Known,
    *,
    now: Callable[[], datetime],
    allow_empty: bool = False,
    since: Period | None = None,
    months: Sequence[Period] | None = None,
) -> GatheredSource:
    """Land and load one source; see `extract` and `load`."""
    took = Seconds()
    pulls = extract(site, period, source, now=now(), since=since, known=known, months=months)
    slices = load(
        site, period, source, now=now(), allow_empty=allow_empty, since=since, known=known, months=months
    )
    refused = tuple(once([*pulls.errors, *slices.errors]))
    log.info(
        "gather %s: %d slices landed, %d new or changed, %s rows, %d refused, %s",
        *(source, pulls.count, slices.count, f"{slices.rows:,}", len(refused), took),
    )
    return GatheredSource(source, pulls.count, slices.count, refused)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What came of several sources: how many were gone through to their end, what went wrong, and of which
    sources something new was loaded.
    """

    through: int
    errors: tuple[ScorewrightError, ...]
    loaded: tuple[str, ...] = ()

    def or_raise(self) -> None:
        """Raise what went wrong, if anything did."""
        raise_all(self.errors)


def gather(
    site: Site,
    period: Period,
    sources: Sequence[str],
    *,
    now: Callable[[], datetime],
    allow_empty: bool = False,
    months: Mapping[str, Sequence[Period]] | None = None,
) -> Gathered:
    """Land and load several sources, of which none holds up another; only some `months` of each, if given.

    Refused files, and sources that could not be gone through, are in what this returns. Raises only
    `BusyError`, after which the same may be tried again.
    """
    through, errors, loaded = 0, list[ScorewrightError](), list[str]()
    known = known_of(site, sources, periods_since(None, period))
    for source in sources:
        try:
            gathered = gather_source(
                site,
                period,
                source,
                known,
                now=now,
                allow_empty=allow_empty,
                months=None if months is None else months[source],
            )
        except BusyError:
            raise
        except ScorewrightError as error:
            errors.append(error)
        else:
            through += 1
            errors += gathered.refused
            loaded += [source] if gathered.loaded else []
    return Gathered(through, tuple(errors), tuple(loaded))

"""From a line of an export to the issued cards that count it, and to those that were made of another load."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from book import Book
from disk.nearest import did_you_mean
from etl.landing import Pull
from ledger import Issue
from pipeline.site import Site
from scoring.canonical import from_json
from scoring.errors import ScorewrightError, UsageError
from scoring.scorecard import Scorecard
from tracing.differing import pull_with
from tracing.landed import LandedRow, days_in, landed_rows, read_again, rows_in
from tracing.owners import is_of, owners
from tracing.rows import added_up
from tracing.scratch import Scratch, scratch
from tracing.subject import Subject, TracedMeasure
from warehouse import LoadRecord, Slice, SourceRow, load_history
from warehouse.conformed import Conformed, QuarantinedRow
from warehouse.facts import fact_catalog


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure of a card that counts the row; `row` is what it brings in, None for an exchange rate."""

    card: Scorecard
    kpi_id: str
    measure: str
    row: SourceRow | None


@dataclass(frozen=True, slots=True)
class Superseded:
    """A card of the row's team that was made of another load: the row as it is there, if it is."""

    card: Scorecard
    landed_at: str
    row: LandedRow | None


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row that stands in the line, the cards that count it, and those that were made of another load."""

    row: LandedRow
    teams: tuple[str, ...]
    counted: tuple[Counted, ...]
    superseded: tuple[Superseded, ...]


@dataclass(frozen=True, slots=True)
class FoundLine:
    """The line in one landed version of the file: its rows, or why it is none.

    `state` is `loaded`, `replaced` or `not loaded`; `unread` says why the file cannot be read again.
    """

    pull: Pull
    file: str
    state: str
    rows: tuple[FoundRow, ...] = ()
    apart: QuarantinedRow | None = None
    unread: str | None = None


Cards = Sequence[tuple[Issue, Scorecard]]


def find_line(site: Site, file: str, line: int) -> Iterator[FoundLine]:
    """The line in every landed version of the file, oldest first; raises `UsageError` if none was landed.

    `file` is a name below the exports, or its last part. Owners are those of today's book.
    """
    pulls = [*_named(site, file)]
    if not pulls:
        known = {name for pull in _pulls(site) for landed in pull.files for name in _called(landed.name)}
        raise UsageError(
            f"--file: expected an export that was landed, found none called {file!r}"
            f"{did_you_mean(file, sorted(known))}; `scorewright trace ISSUE KPI` names those of a figure."
        )
    cards = [(issue, from_json(issue.card_json)) for issue in site.ledger.revisions(None)]
    return (_found_line(site, cards, pull, name, line) for pull, name in pulls)


def _called(name: str) -> tuple[str, str]:
    """A name below the exports, and its last part."""
    return name, name.rpartition("/")[2]


def _named(site: Site, file: str) -> Iterator[tuple[Pull, str]]:
    """The pulls that have the file, of accounts that the book has, and what it is called in each."""
    for pull in _pulls(site):
        yield from ((pull, name) for name in _names(pull, file))


def _pulls(site: Site) -> Iterator[Pull]:
    for which in site.landing.slices():
        if which[:2] in site.book.accounts_by_key:
            yield from site.landing.pulls(*which)


def _names(pull: Pull, file: str) -> Iterator[str]:
    return (landed.name for landed in pull.files if f"/{landed.name}".endswith(f"/{file}"))


def _found_line(site: Site, cards: Cards, pull: Pull, name: str, line: int) -> FoundLine:
    try:
        conformed = read_again(site, pull)
        with scratch(site, pull) as loaded:
            there = _rows_at(pull, conformed, name, line)
            rows = tuple(_found_row(site, cards, loaded, row) for row in there)
    except ScorewrightError as error:
        return FoundLine(pull, name, _state(site, pull), unread=str(error))
    apart = (row for row in conformed.quarantined if (row.file, row.row) == (name, line))
    return FoundLine(pull, name, _state(site, pull), rows, next(apart, None))


def _rows_at(pull: Pull, conformed: Conformed, name: str, line: int) -> Iterator[LandedRow]:
    rows = rows_in(Slice(pull.source, pull.entity, pull.month), conformed)
    return (row for row in rows if any(place.has(name, line) for place in row.places))


def _state(site: Site, pull: Pull) -> str:
    contents = [record.content.sha256 for record in _loads(site, pull)]
    if pull.content_sha256 not in contents:
        return "not loaded"
    return "loaded" if contents[-1] == pull.content_sha256 else "replaced"


def _loads(site: Site, pull: Pull) -> list[LoadRecord]:
    """Every load of the pull's slice, oldest first; none where there is no warehouse."""
    which = pull.source, pull.entity
    return [record for record in _history(site, pull) if (record.source, record.entity) == which]


def _history(site: Site, pull: Pull) -> list[LoadRecord]:
    is_there = site.settings.home.exists() and site.warehouse.exists()
    return load_history(site.warehouse, [pull.month]) if is_there else []


def _found_row(site: Site, cards: Cards, loaded: Scratch, row: LandedRow) -> FoundRow:
    teams = tuple(sorted(owners(site.book, row)))
    counted, superseded = list[Counted](), list[Superseded]()
    for issue, card in _of_teams(site.book, cards, row):
        figures = [*_figures(issue, card, row)]
        made_of = _made_of(site, issue, card, loaded.pull) if figures else None
        if made_of is None:
            continue
        if made_of.content_sha256 == loaded.pull.content_sha256:
            counted += _counted(site.book, loaded, (card, figures), row)
        else:
            superseded.append(Superseded(card, made_of.landed_at, _same_row(site, made_of, row)))
    return FoundRow(row, teams, tuple(counted), tuple(superseded))


def _of_teams(book: Book, cards: Cards, row: LandedRow) -> Cards:
    """The cards on which the row can count."""
    return [(issue, card) for issue, card in cards if is_of(book, card, row)]


def _same_row(site: Site, pull: Pull, row: LandedRow) -> LandedRow | None:
    there = landed_rows(site, pull)
    return next((found for found in there if found.key == row.key), None)


def _is_everybodys(row: LandedRow) -> bool:
    return fact_catalog()[row.fact].is_everybodys


def _figures(issue: Issue, card: Scorecard, row: LandedRow) -> Iterator[tuple[str, TracedMeasure]]:
    """The measures of the card that the row can count in, by the days it has."""
    for result in card.results:
        subject = Subject(issue, card, result)
        yield from (
            (result.kpi_id, measure) for measure in subject.measures if _can_count(subject, measure, row)
        )


def _can_count(subject: Subject, measure: TracedMeasure, row: LandedRow) -> bool:
    facts = subject.facts if _is_everybodys(row) else _facts(measure)
    first, until = measure.days
    return row.fact in facts and any(first <= day < until for day in days_in(row.values))


def _facts(measure: TracedMeasure) -> Collection[str]:
    return [measure.spec.fact] if measure.spec is not None else []


def _made_of(site: Site, issue: Issue, card: Scorecard, pull: Pull) -> Pull | None:
    """The pull of the row's slice that the card was made of; None where it names none of its account.

    A slice that the card only looks back into is not among its files: it was the newest of then.
    """
    which = pull.source, pull.entity
    named = {source.period: source for source in card.sources if (source.source, source.entity) == which}
    if str(pull.month) in named:
        return pull_with(site, named[str(pull.month)])
    return site.landing.as_of(*which, pull.month, issue.issued_at) if named else None


def _counted(
    book: Book, loaded: Scratch, of: tuple[Scorecard, Sequence[tuple[str, TracedMeasure]]], row: LandedRow
) -> Iterator[Counted]:
    card, figures = of
    teams = added_up(book, card)
    for kpi_id, measure in figures:
        brought = [None] if _is_everybodys(row) else loaded.rows(measure, teams, row.key)
        yield from (Counted(card, kpi_id, measure.name, found) for found in brought)

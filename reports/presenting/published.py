"""What the pages of a published archive say: the index, and a page for each revision of a card."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from reports.directions import set_texts_apart
from reports.presenting.comments import action_rows, comment_steps
from reports.presenting.findings import certificate_view
from reports.presenting.headings import heading_of, headline_of
from reports.presenting.lines import Said, details_of, further_steps, subtotal_of
from reports.presenting.objectives import objective_view
from reports.presenting.ranks import reward_line
from reports.presenting.reader import Reader, reader_of
from reports.presenting.restatements import restated_view
from reports.presenting.revisions import RevisionView
from reports.presenting.to_date import year_heading, year_in_table, year_note, years_of
from reports.views import (
    ActionRow,
    CertificateView,
    Heading,
    Headline,
    KpiDetail,
    ObjectiveView,
    Status,
    Subtotal,
    WorkingStep,
)
from reports.wording import Wording, msgid
from scoring.period import Cadence, Period
from scoring.scorecard import AreaResult, KpiResult, Scorecard
from scoring.text import LANGUAGES, Language

CADENCES: Mapping[Cadence, str] = {
    Cadence.YEAR: msgid("Years"),
    Cadence.FISCAL_YEAR: msgid("Fiscal years"),
    Cadence.QUARTER: msgid("Quarters"),
    Cadence.FISCAL_QUARTER: msgid("Fiscal quarters"),
    Cadence.MONTH: msgid("Months"),
    Cadence.FISCAL_MONTH: msgid("Fiscal months"),
    Cadence.WEEK: msgid("Weeks"),
    Cadence.SPAN: msgid("Other periods"),
}
_ORDER = (Cadence.MONTH, *(cadence for cadence in CADENCES if cadence is not Cadence.MONTH))
"""Months first: they are what most come for."""


@dataclass(frozen=True, slots=True)
class DocumentCopy:
    """A document of an issue: copied beside its page if it `is_whole`, exactly the bytes that were issued."""

    name: str
    media_type: str
    is_whole: bool

    @property
    def kind(self) -> str:
        """What people call it: `PDF`."""
        return self.name.rpartition(".")[2].upper()


@dataclass(frozen=True, slots=True)
class Version:
    """A revision in the list of a card's revisions; `page` is the file of its page, in the same folder."""

    number: int
    page: str
    issued_on: date
    documents: tuple[DocumentCopy, ...]


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """A KPI of the card; `anchor` is where the index leads to, `further` what is said beside its score."""

    anchor: str
    detail: KpiDetail
    year: str
    further: tuple[WorkingStep, ...]


@dataclass(frozen=True, slots=True)
class PublishedArea:
    """An area with its lines."""

    view: Subtotal
    lines: tuple[PublishedLine, ...]

    @property
    def with_more(self) -> list[PublishedLine]:
        """The lines of which there is more to say."""
        return [line for line in self.lines if line.further]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A revision in the card's language."""

    name: str
    issued_on: str
    page: str
    is_this: bool
    documents: tuple[DocumentCopy, ...]


@dataclass(frozen=True, slots=True)
class PublishedCard:
    """The page of one revision; `replaced_by` is the newest, where that is another one."""

    heading: Heading
    headline: Headline
    manager: str
    reward: str
    areas: tuple[PublishedArea, ...]
    year_heading: str
    year_note: str
    rescaled: bool
    actions: tuple[ActionRow, ...]
    objectives: tuple[ObjectiveView, ...]
    restated: tuple[WorkingStep, ...]
    certificate: CertificateView
    versions: tuple[VersionRow, ...]
    this: VersionRow
    replaced_by: VersionRow | None
    changes: RevisionView | None


def published_card(
    card: Scorecard, versions: Sequence[Version], changes: RevisionView | None
) -> PublishedCard:
    """The page of `card`, one of the `versions`, oldest first; `changes` is what it says differently."""
    reader = reader_of(card)
    said = comment_steps(card, reader)
    rows = tuple(_version(version, card, reader) for version in versions)
    restated = restated_view(card, reader, len(card.restatements))
    return PublishedCard(
        heading=heading_of(card, reader),
        headline=headline_of(card, reader),
        manager=card.manager_name,
        reward=reward_line(card, reader),
        areas=tuple(_area(area, reader, said) for area in card.areas),
        year_heading=year_heading(card, reader) if years_of(card) else "",
        year_note=year_note(card, reader),
        rescaled=card.is_rescaled,
        actions=action_rows(card, reader),
        objectives=tuple(objective_view(objective, reader) for objective in card.objectives),
        restated=() if restated is None else restated.lines,
        certificate=certificate_view(card, reader, 0),
        versions=rows,
        this=next(row for row in rows if row.is_this),
        replaced_by=None if rows[-1].is_this else rows[-1],
        changes=changes,
    )


def _version(version: Version, card: Scorecard, reader: Reader) -> VersionRow:
    return VersionRow(
        reader.words.say("Revision %(number)s", number=version.number),
        reader.figures.periods.full_date(version.issued_on),
        version.page,
        version.number == card.revision,
        version.documents,
    )


def _area(area: AreaResult, reader: Reader, said: Said) -> PublishedArea:
    named = zip(area.results, details_of(area, reader, said), strict=True)
    lines = tuple(_line(line, detail, reader) for line, detail in named)
    return PublishedArea(subtotal_of(area, reader), lines)


def _line(line: KpiResult, detail: KpiDetail, reader: Reader) -> PublishedLine:
    year, further = year_in_table(line, reader), further_steps(line, reader)
    return PublishedLine(anchor_of(line.kpi_id), detail, year, further)


def anchor_of(kpi_id: str) -> str:
    """Where on the page of a card a KPI stands."""
    return f"kpi-{kpi_id}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A card in the index, by its newest revision. A search finds its `words`, and `kpis` by id and names."""

    period: str
    team_id: str
    team: str
    when: str
    page: str
    total: str
    status: Status
    certificate: CertificateView
    revision: str
    words: tuple[str, ...]
    kpis: tuple[tuple[str, str, str], ...]
    is_whole: bool


def entry_of(card: Scorecard, newest: Version, language: Language) -> Entry:
    """The card in an index of that language."""
    translated = replace(card, language=language)
    reader = reader_of(translated)
    heading, headline = heading_of(translated, reader), headline_of(translated, reader)
    certificate = certificate_view(translated, reader, 0)
    return Entry(
        period=card.period,
        team_id=card.team_id,
        team=heading.team,
        when=heading.period,
        page=f"{card.period}/{newest.page}",
        total=headline.total,
        status=headline.status,
        certificate=certificate,
        revision=f"r{card.revision}",
        words=(*_known_as(card), heading.period, headline.status.word, certificate.word, headline.short_hash),
        kpis=tuple((line.kpi_id, line.name.en, line.name.zh_CN) for line in card.results),
        is_whole=all(document.is_whole for document in newest.documents),
    )


def _known_as(card: Scorecard) -> tuple[str, ...]:
    names = dict.fromkeys(card.team_name.to(language) for language in LANGUAGES)
    return (*names, card.team_id, card.period, card.manager_name)


@dataclass(frozen=True, slots=True)
class Row:
    """A period with the card of each team; None where a team has none."""

    when: str
    cells: tuple[Entry | None, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The cards of periods of one length, newest first, a column for each team."""

    name: str
    teams: tuple[str, ...]
    rows: tuple[Row, ...]


def matrices(entries: Sequence[Entry], words: Wording) -> tuple[Matrix, ...]:
    """A matrix for each length of periods that has cards."""
    by_cadence = {
        cadence: list(group) for cadence, group in groupby(sorted(entries, key=_in_order), key=_cadence)
    }
    return tuple(_matrix(words.say(CADENCES[cadence]), group) for cadence, group in by_cadence.items())


def _cadence(entry: Entry) -> Cadence:
    return Period.parse(entry.period).cadence


def _in_order(entry: Entry) -> tuple[int, int, int, str]:
    period = Period.parse(entry.period)
    return _ORDER.index(period.cadence), -period.end.toordinal(), -period.start.toordinal(), entry.team_id


def _matrix(name: str, entries: Sequence[Entry]) -> Matrix:
    # a team is called what its newest card calls it
    teams = {entry.team_id: entry.team for entry in reversed(entries)}
    team_ids = sorted(teams)
    return Matrix(name, tuple(teams[team_id] for team_id in team_ids), tuple(_rows(entries, team_ids)))


def _rows(entries: Sequence[Entry], team_ids: Sequence[str]) -> Iterator[Row]:
    for _, group in groupby(entries, key=lambda entry: entry.period):
        by_team = {entry.team_id: entry for entry in group}
        when = next(iter(by_team.values())).when
        yield Row(when, tuple(by_team.get(team_id) for team_id in team_ids))


def searched(entries: Sequence[Entry]) -> dict[str, object]:
    """What the search of the index knows: each KPI's names once, and for each card which it has."""
    kpis: dict[tuple[str, str, str], int] = {}
    cards = [
        {
            "page": entry.page,
            "name": f"{set_texts_apart(entry.team, (entry.team,), markup=False)} · {entry.when}",
            "said": f"{entry.total} {entry.status.glyph} {entry.status.word}",
            "words": " ".join(entry.words),
            "kpis": [kpis.setdefault(kpi, len(kpis)) for kpi in entry.kpis],
        }
        for entry in sorted(entries, key=_in_order)
    ]
    return {"cards": cards, "kpis": [{"anchor": anchor_of(one[0]), "names": one} for one in kpis]}

"""From a filled-in sheet to its entries and its faults."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import takewhile
from typing import Any, NamedTuple

from appraisal import cells
from appraisal.sheets import KINDS, asked_of, comment_of, levels_of, shares_of
from appraisal.workbook import FilledSheet
from book import Team
from book.files.fitting import found
from ledger import Entry
from pipeline.site import Site
from reports.forms import layout
from scoring.canonical import spelling
from scoring.errors import UsageError
from scoring.kpi import Kpi
from scoring.period import Period
from scoring.targets.terms import Terms


@dataclass(frozen=True, slots=True)
class Origin:
    """Which file a sheet is in, and when it is entered; `today` is the organisation's own day."""

    form_name: str
    entered_at: datetime
    today: date


class _Said(NamedTuple):
    """What one field of a KPI's row says, and the comment beside it; empty where there is none."""

    kpi_id: str
    name: str
    value: str
    comment: str


@dataclass
class SheetReader:
    """One sheet being read into entries; `faults` grows with each refused cell."""

    site: Site
    sheet: FilledSheet
    team: Team
    period: Period
    seal: str
    origin: Origin
    faults: list[str] = field(default_factory=list)

    def entries(self) -> tuple[Entry, ...]:
        """What was changed in the sheet since it was written."""
        ids = self.kpi_ids()
        said = self._said(ids)
        people = self._people(len(ids), {layout.role_of(one.name) for one in said})
        if self.faults:
            return ()
        sha256 = self._fingerprint(said, people)
        return tuple(self._entry(one, people, sha256) for one in said)

    def _said(self, ids: Sequence[str]) -> list[_Said]:
        """What is new in the rows of these KPIs."""
        agreed = {terms.kpi_id: terms for terms in self.site.book.agreed(self.team.id, self.period)}
        said: list[_Said] = []
        for number, kpi_id in enumerate(ids):
            if kpi_id in agreed:
                said += self._row(layout.FIRST_ROW + number, agreed[kpi_id])
            else:
                expected = f"a KPI that {self.team.id} has in {self.period}"
                self._refuse(layout.FIRST_ROW + number, layout.HIDDEN, expected, found(kpi_id))
        return said

    def kpi_ids(self) -> tuple[str, ...]:
        """The KPI ids down to the first row without one."""
        rows = range(layout.FIRST_ROW, len(self.sheet.cells))
        return tuple(takewhile(bool, (self.sheet.text(row, layout.HIDDEN) for row in rows)))

    def _row(self, at: int, terms: Terms) -> Iterator[_Said]:
        """What is new in a row."""
        kpi = self.site.book.kpis[terms.kpi_id]
        asks = asked_of(kpi, terms, shares_of(self.site, self.team))
        texts = {name: self._field(at, name, kpi, asks) for name in layout.FIELDS}
        before = self._texts_before(at)
        for name in KINDS:
            if name in asks:
                said = _Said(kpi.id, name, *_with_comment(texts, name, asks))
                self._refuse_comment_alone(at, said)
                if said.value and said[2:] != _with_comment(before, name, asks):
                    yield said

    def _refuse_comment_alone(self, at: int, said: _Said) -> None:
        column = _column(said.name)
        if said.comment and self.sheet.is_empty(at, column) and not self._was(at, said.name):
            self._refuse(at, column, "a value beside the comment", "nothing")

    def _field(self, at: int, name: str, kpi: Kpi, asks: frozenset[str]) -> str:
        """A field's text; empty if it is blank or has a fault."""
        column, value = _column(name), self.sheet.at(at, _column(name))
        was = self._was(at, name)
        if (at, column) in self.sheet.formulas:
            self._refuse(at, column, "a value", "a formula without one")
        elif value is None:
            if was and name not in layout.COMMENTS:
                expected = f"{was!r} or another value, because an entry cannot be taken back"
                self._refuse(at, column, expected, "nothing")
        elif name not in asks:
            self._refuse(at, column, f"nothing, because {kpi.id} does not ask for it", found(_plain(value)))
        else:
            return self._taken(at, column, partial(self._readings(kpi)[name], value))
        return ""

    def _readings(self, kpi: Kpi) -> Mapping[str, Callable[[Any], str]]:
        """How the cell of each field is read."""
        shares = shares_of(self.site, self.team)
        score = partial(cells.score, cap=Decimal(0) if shares is None else shares.cap)
        return {
            layout.EVENTS: cells.events,
            layout.LEVEL: partial(cells.level, levels=levels_of(kpi)),
            layout.DONE_ON: partial(cells.day, first=date(1990, 1, 1), last=self.origin.today),
            **dict.fromkeys((layout.SELF, layout.SUPERIOR), score),
            **dict.fromkeys(layout.COMMENTS, cells.comment),
        }

    def _people(self, rows: int, roles: set[str]) -> dict[str, tuple[str, date]]:
        """Name and day of everybody who entered something new."""
        people = {}
        for role in sorted(roles, key=layout.ROLES.index):
            at = layout.role_row(rows, role)
            name = self._taken(at, layout.NAME_COLUMN, partial(self._name, at))
            day = self._taken(at, layout.DAY_COLUMN, partial(self._day, at))
            if name and day:
                people[role] = name, date.fromisoformat(day)
        return people

    def _name(self, at: int) -> str:
        return cells.name(self._filled(at, layout.NAME_COLUMN))

    def _day(self, at: int) -> str:
        return cells.day(self._filled(at, layout.DAY_COLUMN), self.period.start, self.origin.today)

    def _filled(self, at: int, column: int) -> Any:
        return None if (at, column) in self.sheet.formulas else self.sheet.at(at, column)

    def _taken(self, at: int, column: int, read: Callable[[], str]) -> str:
        try:
            return read()
        except ValueError as error:
            value = self.sheet.at(at, column)
            self._refuse(at, column, str(error), "nothing" if value is None else found(_plain(value)))
            return ""

    def _texts_before(self, at: int) -> dict[str, str]:
        """What the fields of a row said when the form was made."""
        return {name: self._was(at, name) for name in layout.FIELDS}

    def _was(self, at: int, name: str) -> str:
        return self.sheet.text(at, layout.HIDDEN + 1 + layout.FIELDS.index(name))

    def _refuse(self, row: int, column: int, expected: str, what: str) -> None:
        self.faults.append(self.sheet.fault(row, column, expected, what))

    def _fingerprint(self, said: Sequence[_Said], people: Mapping[str, tuple[str, date]]) -> str:
        """sha256 (hex) of what was changed in the sheet, by whom, and of its hidden cells.

        The bytes of the file would differ each time that the same answers are saved.
        """
        signed = {role: [name, day.isoformat()] for role, (name, day) in people.items()}
        return hashlib.sha256(spelling([self.seal, said, signed]).encode()).hexdigest()

    def _entry(self, said: _Said, people: Mapping[str, tuple[str, date]], form_sha256: str) -> Entry:
        said_by, said_on = people[layout.role_of(said.name)]
        return Entry(
            period=str(self.period),
            team_id=self.team.id,
            kpi_id=said.kpi_id,
            kind=KINDS[said.name],
            value=said.value,
            comment=said.comment,
            said_by=said_by,
            said_on=said_on,
            entered_at=self.origin.entered_at,
            form_name=self.origin.form_name,
            form_sha256=form_sha256,
        )


def reader_of(site: Site, sheet: FilledSheet, origin: Origin) -> SheetReader | str:
    """The reader of a form's sheet, or the sentence why it is no longer valid."""
    period_text, team_id, seal, after = (sheet.text(0, layout.HIDDEN + number) for number in (2, 3, 4, 5))
    try:
        period = Period.parse(period_text)
        (team,) = site.teams(period, (team_id,))
    except UsageError:
        known = ", ".join(site.team_ids())
        return sheet.fault(
            0, layout.HIDDEN + 2, f"a period and one of the teams {known}", f"{period_text!r} and {team_id!r}"
        )
    reader = SheetReader(site, sheet, team, period, seal, origin)
    if layout.seal(period_text, team_id, _hidden_rows(sheet, len(reader.kpi_ids())), after) != seal:
        return sheet.fault(0, layout.HIDDEN + 4, "the form's hidden cells unchanged", "changed ones")
    return reader


def _with_comment(texts: Mapping[str, str], name: str, asks: frozenset[str]) -> tuple[str, str]:
    """A field's text, and that of the comment beside it; nothing where it has none."""
    return texts[name], texts.get(comment_of(name, asks), "")


def _hidden_rows(sheet: FilledSheet, count: int) -> list[list[str]]:
    """The hidden cells of each KPI's row: its id, and what the fields said when the form was made."""
    columns = range(layout.HIDDEN, layout.HIDDEN + 1 + len(layout.FIELDS))
    rows = range(layout.FIRST_ROW, layout.FIRST_ROW + count)
    return [[sheet.text(row, column) for column in columns] for row in rows]


def _column(name: str) -> int:
    return layout.FIRST_FIELD + layout.FIELDS.index(name)


def _plain(value: Any) -> Any:
    """A date as a person writes it."""
    return str(value).removesuffix(" 00:00:00") if isinstance(value, date) else value

"""The files within a card's PDF: its content as data, its KPIs as a table, and its workbook if it has one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from reports.tables.files import as_file
from reports.tables.further import further_columns
from reports.tables.scores import LINE, lines_of
from reports.wording import msgid, wording
from reports.workbook.render import render_workbook
from scoring.canonical import to_json
from scoring.period import Period
from scoring.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class Attached:
    """A file with what it is to the pages: their `Source`, or `Data` taken from them.

    `made` is derived from the card: the clock would give other bytes each time.
    """

    name: str
    content: bytes
    description: str
    relationship: str
    made: datetime


def attached(card: Scorecard) -> tuple[Attached, ...]:
    """The files, sorted by name. None of them says more than the card, whose pages are made of the first."""
    say = wording(card.language).say
    made = datetime.combine(Period.parse(card.period).end, datetime.min.time())
    return tuple(
        Attached(name, content, say(description), relationship, made)
        for name, description, relationship, write in _FILES
        if (content := write(card))
    )


def _kpis(card: Scorecard) -> bytes:
    rows = [*lines_of(card)]
    return as_file({**LINE, **further_columns(rows)}, rows, ".csv")


def _data(card: Scorecard) -> bytes:
    return to_json(card).encode()


def _workbook(card: Scorecard) -> bytes:
    """Nothing where the book did not ask for one when the card was made."""
    return b"" if card.in_cells is None else render_workbook(card)


_FILES: tuple[tuple[str, str, str, Callable[[Scorecard], bytes]], ...] = (
    ("kpis.csv", msgid("The KPIs as a table"), "Data", _kpis),
    ("scorecard.json", msgid("The scorecard as data"), "Source", _data),
    ("scorecard.xlsx", msgid("The scorecard as a workbook"), "Data", _workbook),
)

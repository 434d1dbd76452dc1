"""The sheet of settings: every number of the book that a formula uses, under a name."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain, repeat

from reports.wording import msgid
from reports.workbook.paper import LINE, PLAIN, SETTINGS, Paper, beside, setting_name
from scoring.arithmetic import round_half_up
from scoring.cells import InCells, numbered, settings_of
from scoring.scorecard import PayInCells
from scoring.working import Band, Operand

FIRST = 3
_VALUE = 2
_HEADERS = (msgid("Of"), msgid("Setting"), msgid("Value"), msgid("Name in formulas"))
_WIDTHS = (32, 22, 16, 34)
_STATUSES = (Band.GREEN, Band.AMBER, Band.RED, Band.NOT_AVAILABLE)


def write_settings(paper: Paper) -> None:
    """The settings in the order of the card, each a named cell."""
    paper.text(SETTINGS, 0, 0, paper.say("Settings"), bold=True, font_size=16)
    note = paper.say("What the book says. Another number here is tried out, and agrees with no issued card.")
    paper.text(SETTINGS, 1, 0, note)
    paper.heads(SETTINGS, FIRST - 1, _HEADERS, {_VALUE})
    for column, width in enumerate(_WIDTHS):
        paper.pages[SETTINGS].set_column(column, column, width)
    paper.pages[SETTINGS].freeze_panes(FIRST, 0)
    for row, (owner, setting) in enumerate(_all(paper), start=FIRST):
        _write(paper, row, owner, setting)


def _write(paper: Paper, row: int, owner: str, setting: Operand) -> None:
    name = setting_name(owner, setting.name)
    paper.text(SETTINGS, row, 0, paper.reader.kpi(owner) if owner else paper.say("the card"), **LINE)
    paper.text(SETTINGS, row, 1, setting.name.replace("_", " "), **LINE)
    if isinstance(setting.value, str):
        paper.text(SETTINGS, row, _VALUE, setting.value, align="right", **LINE)
    else:
        paper.number(SETTINGS, row, _VALUE, setting.value, num_format=PLAIN, **LINE)
    paper.text(SETTINGS, row, _VALUE + 1, name, **beside(_VALUE + 1, {_VALUE}), **LINE)
    cell = paper.at(SETTINGS, row, _VALUE)
    paper.book.define_name(name, f"={cell}")
    paper.cells[f"setting:{name}"] = cell


def _all(paper: Paper) -> Iterator[tuple[str, Operand]]:
    """Whose setting it is, a KPI or the card, and the setting."""
    of_card = chain(_of_book(paper), _limits(paper), _rewards(paper), _gates(paper), _extras(paper))
    yield from zip(repeat(""), of_card, strict=False)
    for line in paper.rules.lines:
        yield from zip(
            repeat(line.kpi_id), (*_settings(line.attainment), *_settings(line.score)), strict=False
        )


def _gates(paper: Paper) -> Iterator[Operand]:
    for number, gate in enumerate(paper.rules.gates, start=1):
        yield Operand(f"gate_{number}_at_most", gate.at_most)
        yield from numbered(f"gate_{number}_from", [asked.score for asked in gate.asked])


def _extras(paper: Paper) -> Iterator[Operand]:
    for number, extra in enumerate(paper.card.extras, start=1):
        yield Operand(f"extra_{number}_points", extra.points)
        yield from numbered(f"extra_{number}_from", [asked.asked for asked in extra.asked])


def _settings(cells: InCells | None) -> tuple[Operand, ...]:
    return () if cells is None else cells.settings


def _rewards(paper: Paper) -> Iterator[Operand]:
    """The tables of grades and of pay."""
    for setting in _settings(paper.rules.grade):
        yield Operand(f"grade_{setting.name}", setting.value)
    if paper.rules.pay is not None:
        yield from _of_pay(paper.rules.pay)


def _of_pay(pay: PayInCells) -> Iterator[Operand]:
    yield Operand("pay_digits", Decimal(pay.digits))
    for setting in _settings(pay.coefficient):
        yield Operand(f"pay_{setting.name}", setting.value)
    if pay.lowest_score is not None and pay.at_most is not None:
        yield from settings_of(pay_lowest_score=pay.lowest_score, pay_at_most=pay.at_most)


def _of_book(paper: Paper) -> tuple[Operand, ...]:
    """The book's choices about all lines."""
    words = {f"word_{band.value}": paper.reader.status(band).word for band in _STATUSES}
    cutoffs = paper.card.cutoffs
    return settings_of(
        digits=Decimal(paper.rules.digits), green_from=cutoffs.green, amber_from=cutoffs.amber, **words
    )


def _limits(paper: Paper) -> tuple[Operand, ...]:
    """The least and the most that a total can be, with the digits that it has."""
    if paper.card.total_limits is None:
        return ()
    least, most = (round_half_up(limit, paper.rules.digits) for limit in paper.card.total_limits)
    return settings_of(total_least=least, total_most=most)

"""Prints an issued card: the ledger has all that it takes, so neither book nor warehouse is read for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from disk.rights import share_with
from ledger import has_ledger, open_ledger
from reports.presenting.findings import finding_sentence
from reports.presenting.levels import level_in
from reports.presenting.reader import Reader, reader_of
from reports.presenting.targets import target_decimals
from reports.presenting.workings import short_reason
from scoring.calibration import Calibration
from scoring.canonical import from_json
from scoring.evidence import UNOWNED_ROWS, Finding
from scoring.kpi import Unit
from scoring.ranking import Rank
from scoring.scorecard import KpiResult, Scorecard
from scoring.working import Band
from settings import Settings
from terminal.ahead import ahead_lines
from terminal.appraisal import print_appraisal, print_vetoes
from terminal.numbers import exact, in_unit, rounded
from terminal.objectives import objective_table
from terminal.out import console_for, print_lines
from terminal.revisions import print_restatements
from terminal.tables import add_columns, add_rows, titled

# Colour, shape and word: without colour the word alone must be enough.
BANDS = {
    Band.GREEN: "[green]● green[/green]",
    Band.AMBER: "[yellow]▲ amber[/yellow]",
    Band.RED: "[red]◆ red[/red]",
    Band.NOT_AVAILABLE: "○ not available",
}


def newest_card(settings: Settings, period: str, team_id: str) -> str | None:
    """The JSON of the newest card issued under these names; without one the book says what they mean."""
    share_with(settings.file_group)
    if not has_ledger(settings.ledger_url):
        return None
    issue = open_ledger(settings.ledger_url).latest_revision(period, team_id)
    return None if issue is None else issue.card_json


def print_card(card_json: str, unowned: Callable[[], Iterable[str]], console: Console | None = None) -> None:
    """Print an issued card; where it says that rows belong to no team, also which these are now."""
    out, card = console_for(console), from_json(card_json)
    _print_whole(out, card)
    if any(finding.code == UNOWNED_ROWS for finding in card.certificate.findings):
        print_lines(out, unowned())


def _print_whole(out: Console, card: Scorecard) -> None:
    out.print(_card_table(card))
    print_lines(
        out,
        (
            *_reward(card),
            *_calibration(card.calibration),
            *_rank(card.rank),
            *_comments(card),
            *_actions(card),
        ),
    )
    print_lines(out, ahead_lines(card))
    print_vetoes(out, card)
    print_restatements(out, card)
    if card.appraisal is not None:
        print_appraisal(out, card, card.appraisal)
    for objective in card.objectives:
        out.print(objective_table(objective, card.currency_code))
    for finding in card.certificate.told:
        out.print(_gap(finding, card), highlight=False, markup=False)


def _calibration(decided: Calibration | None) -> Iterator[str]:
    if decided is not None:
        said = f"{decided.decided_of} → {decided.grade} by {decided.by} on {decided.on}: {decided.reason}"
        now = "" if decided.stands else f" (does not count: by score it is {decided.by_score or 'none'} now)"
        yield f"Calibration {said}{now}"


def _rank(rank: Rank | None) -> Iterator[str]:
    if rank is not None:
        place = "none" if rank.place is None else f"{rank.place} of {rank.ranked}"
        cards = "" if rank.is_complete else f", {rank.carded} of {rank.teams} teams had a card"
        yield f"Place in {rank.department.en}: {place}{cards}"


def _comments(card: Scorecard) -> Iterator[str]:
    for result in card.results:
        if result.comment is not None:
            note = result.comment
            parts = (note.cause, note.next_step, note.owner, note.due and f"due {note.due}")
            yield f"{result.name.en}: {' · '.join(filter(None, parts))} ({note.by}, {note.on})"
    if card.uncommented:
        names = (card.by_kpi[kpi_id].name.en for kpi_id in card.uncommented)
        yield f"To be commented on in comments.csv: {', '.join(names)}"


def _actions(card: Scorecard) -> Iterator[str]:
    for action in card.actions:
        parts = (
            action.next_step,
            action.owner,
            action.due and f"due {action.due}",
            action.state,
            action.done,
        )
        yield f"From {action.period}, {action.name.en}: {' · '.join(filter(None, parts))}"


def _gap(finding: Finding, card: Scorecard) -> str:
    """The finding as the card says it; of its code `--json` is what scripts may look at."""
    english = replace(card, language="en")
    return finding_sentence(finding, english, _reader(card), named=len(card.results))


def _reader(card: Scorecard) -> Reader:
    """The terminal speaks English, whatever the card does."""
    return reader_of(replace(card, language="en"))


def _reward(card: Scorecard) -> Iterator[str]:
    pay = None if card.pay is None else f"pay coefficient {rounded(card.pay.result, 2)}"
    told = ", ".join(filter(None, (card.grade and f"grade {card.grade}", pay)))
    yield from filter(None, [told[:1].upper() + told[1:]])


def _card_table(card: Scorecard) -> Table:
    title = f"{card.team_name.en} · {card.period} · revision {card.revision} · data {card.certificate.status}"
    table, reader = titled(escape(title), show_footer=True), _reader(card)
    table.add_column("KPI", footer="total")
    add_columns(table, "actual", "target", "attainment", "weight", justify="right")
    table.add_column("score", justify="right", footer=reader.score(card.total))
    table.add_column("status", footer=BANDS[card.band])
    for area in card.areas:
        table.add_section()
        table.add_row(f"[bold]{escape(area.name.en)}[/bold]", "", "", "", "", reader.score(area.score), "")
        add_rows(table, (_line(line, reader, card.currency_code) for line in area.results))
    return table


def _line(line: KpiResult, reader: Reader, currency_code: str) -> tuple[str, ...]:
    return (
        "  " + escape(line.name.en),
        _actual(line, currency_code),
        _target(line, currency_code),
        in_unit(line.attainment, Unit.PERCENT, 1),
        exact(reader.weights[line.kpi_id]),
        reader.score(line.score),
        BANDS[line.band] if line.reason is None else f"{BANDS[line.band]}: {short_reason(line, reader)}",
    )


def _actual(line: KpiResult, currency_code: str) -> str:
    """The figure; in its place the level that was chosen, or how many conditions are met."""
    said = {} if line.working is None else line.working.values
    if "level" in said:
        return escape(level_in(str(said["level"]), "en"))
    if "met" in said:
        return f"{said['met']} of {said['conditions']}"
    return in_unit(line.actual, line.unit, line.decimals, currency_code)


def _target(line: KpiResult, currency_code: str) -> str:
    """The target number as it was agreed, or both ends of a range; as the PDF prints it."""
    ends = line.target_range or (line.target,)
    return "–".join(in_unit(end, line.unit, target_decimals(line), currency_code) for end in ends)

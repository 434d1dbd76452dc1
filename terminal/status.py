"""Prints issued cards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from archive.cards import CardRef
from auditing.sources import versions_ending
from disk import Place, matching
from etl.quality.gate import UNOWNED_ROWS
from ledger import has_ledger
from pipeline.approvals import state_of
from pipeline.remarks import keys_without_rows, teams_left_out
from pipeline.site import Site, newest_issue, none_issued
from reports.presenting.levels import level_in
from reports.presenting.targets import target_decimals
from scoring.calibration import Calibration
from scoring.canonical import from_json
from scoring.closing import close_date
from scoring.errors import ScorewrightError
from scoring.evidence import Finding
from scoring.kpi import Unit
from scoring.period import Period, runs_of
from scoring.ranking import Rank
from scoring.scorecard import KpiResult, Scorecard
from scoring.working import Band
from terminal.appraisal import print_appraisal, print_vetoes
from terminal.numbers import exact, in_unit, number
from terminal.objectives import objective_table
from terminal.out import console_for, print_lines
from terminal.revisions import print_restatements
from terminal.tables import add_columns, add_rows, titled
from terminal.unowned import unowned
from warehouse import open_warehouse

# Colour, shape and word: without colour the word alone must be enough.
_BANDS = {
    Band.GREEN: "[green]● green[/green]",
    Band.AMBER: "[yellow]▲ amber[/yellow]",
    Band.RED: "[red]◆ red[/red]",
    Band.NOT_AVAILABLE: "○ not available",
}


def print_status(
    site: Site, period: Period, console: Console | None = None, now: datetime | None = None
) -> None:
    """Print the newest issue of every team of `period`, and where its PDF and mail are.

    With `now` also whether the period is still open. Raises `UsageError` if nothing was issued.
    """
    cards = _cards(site, period)
    out = console_for(console)
    out.print(_status_table(site, period, cards))
    if now is not None:
        out.print(_closing(site, period, now), highlight=False)
    print_lines(out, (*_approvals(site, period), *teams_left_out(site, [period]), *_remarks(site, period)))
    print_lines(out, versions_ending(site, site.book.today(now)) if now else ())
    store = site.cards
    _print_paths(out, "PDF", [store.path(CardRef.of(card), "pdf") for card in cards.values()])
    _print_paths(out, "Mail", matching(site.settings.outbox, f"{period}.*.eml"))


def _closing(site: Site, period: Period, now: datetime) -> str:
    day = close_date(period, site.book.close_day)
    is_closed = site.book.is_closed(period, now)
    return f"{period}: closed since {day}" if is_closed else f"{period}: open until {day}"


def _approvals(site: Site, period: Period) -> Iterator[str]:
    """How the cards stand with those who approve them: which of them, where it is not the same for all."""
    by_state: defaultdict[str, list[str]] = defaultdict(list)
    for issue in site.ledger.latest_revisions(str(period)):
        by_state[state_of(site, issue)].append(issue.team_id)
    for state, teams in by_state.items():
        yield f"approval: {state}" + (f": {', '.join(teams)}" if len(by_state) > 1 else "")


def _remarks(site: Site, period: Period) -> list[str]:
    """The run's remarks on owner keys. Issued cards are shown even if the warehouse cannot be read."""
    try:
        warehouse = open_warehouse(site.settings.warehouse_url, 1)
        return [*keys_without_rows(site, warehouse, period), *unowned(site, period)]
    except ScorewrightError as error:
        return [f"owner keys were not checked: {error}"]


def _cards(site: Site, period: Period) -> dict[int, Scorecard]:
    """The newest card of each team, by issue; raises `UsageError` where there is none."""
    issues = site.ledger.latest_revisions(str(period))
    if not issues:
        raise none_issued(str(period), period)
    return {issue.id: from_json(issue.card_json) for issue in issues}


def _status_table(site: Site, period: Period, cards: Mapping[int, Scorecard]) -> Table:
    table = titled(f"Scorecards {period}")
    table.add_column("team", no_wrap=True)
    table.add_column("total", justify="right")
    add_columns(table, "status", "data", "revision", "mail")
    for issue_id, card in cards.items():
        states = site.ledger.delivery_states(issue_id).values()
        table.add_row(
            escape(card.team_id),
            number(card.total, 1),
            _BANDS[card.band],
            str(card.certificate.status),
            str(card.revision),
            ", ".join(states) or "not sent",
        )
    return table


def _print_paths(out: Console, what: str, paths: Sequence[Place]) -> None:
    print_lines(out, (f"{what}: {_short(path)}" for path in paths))


def print_card(site: Site, period: Period, team_id: str, console: Console | None = None) -> None:
    """Print the newest issued card of one team; raises `UsageError` if there is none."""
    out, card = console_for(console), from_json(issued_card(site, period, team_id))
    _print_whole(out, card)
    if any(finding.code == UNOWNED_ROWS for finding in card.certificate.findings):
        print_lines(out, unowned(site, period))


def issued_card(site: Site, period: Period, team_id: str) -> str:
    """The JSON of the newest issued card of a team, which today's book need not have any more.

    Raises `UsageError` where there is none.
    """
    if not has_ledger(site.settings.ledger_url):
        site.team_ids((team_id,))
    return newest_issue(site, period, team_id).card_json


def _print_whole(out: Console, card: Scorecard) -> None:
    out.print(_card_table(card))
    if card.grade is not None:
        out.print(f"Grade {card.grade}{_pay(card)}", highlight=False, markup=False)
    print_lines(out, (*_calibration(card.calibration), *_rank(card.rank), *_comments(card), *_actions(card)))
    print_vetoes(out, card)
    print_restatements(out, card)
    if card.appraisal is not None:
        print_appraisal(out, card, card.appraisal)
    for objective in card.objectives:
        out.print(objective_table(objective, card.currency_code))
    for finding in card.certificate.findings:
        out.print(_gap(finding), highlight=False, markup=False)


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


def _gap(finding: Finding) -> str:
    runs = runs_of(sorted(map(date.fromisoformat, finding.days)))
    days = " ".join(str(first) if first == last else f"{first}..{last}" for first, last in runs)
    return f"{finding.code}: {finding.source} ({finding.entity}) {days}{finding.reason}"


def _pay(card: Scorecard) -> str:
    return "" if card.pay is None else f", pay coefficient {number(card.pay.result, 2)}"


def _card_table(card: Scorecard) -> Table:
    title = f"{card.team_name.en} · {card.period} · revision {card.revision} · data {card.certificate.status}"
    table, weights = titled(escape(title), show_footer=True), card.printed_weights
    total = number(card.total, 1)
    table.add_column("KPI", footer="total")
    add_columns(table, "actual", "target", "attainment", "weight", justify="right")
    table.add_column("score", justify="right", footer=total)
    table.add_column("status", footer=_BANDS[card.band])
    for area in card.areas:
        table.add_section()
        table.add_row(f"[bold]{escape(area.name.en)}[/bold]", "", "", "", "", number(area.score, 1), "")
        add_rows(table, (_line(line, weights[line.kpi_id], card.currency_code) for line in area.results))
    return table


def _line(line: KpiResult, weight: Decimal, currency_code: str) -> tuple[str, ...]:
    return (
        "  " + escape(line.name.en),
        _actual(line, currency_code),
        _target(line, currency_code),
        in_unit(line.attainment, Unit.PERCENT, 1),
        exact(weight),
        number(line.score, 1),
        _BANDS[line.band] if line.reason is None else f"{_BANDS[line.band]}: {line.reason}",
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


def _short(path: Place) -> str:
    """The path relative to the current folder, if that is shorter."""
    here = Path.cwd()
    return str(path.relative_to(here) if isinstance(path, Path) and path.is_relative_to(here) else path)

"""Prints issued cards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from archive.cards import CardRef
from auditing.sources import versions_ending
from disk import Place, matching
from ledger import has_ledger
from pipeline.approvals import state_of
from pipeline.remarks import cards_not_issued, keys_without_rows, runs_without_targets, teams_left_out
from pipeline.site import Site, newest_issue, none_issued
from scoring.canonical import from_json
from scoring.closing import close_date
from scoring.errors import ScorewrightError
from scoring.period import Period
from scoring.scorecard import Scorecard
from terminal.card import BANDS
from terminal.numbers import rounded
from terminal.out import console_for, print_lines
from terminal.tables import add_columns, titled
from terminal.unowned import unowned
from warehouse import open_warehouse


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
    missing = (*cards_not_issued(site, period), *teams_left_out(site, [period]))
    print_lines(out, (*_approvals(site, period), *missing, *runs_without_targets(site, period)))
    print_lines(out, _remarks(site, period))
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
        warehouse = open_warehouse(site.settings.warehouse_url, 1, site.settings.facts_of)
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
            rounded(card.total),
            BANDS[card.band],
            str(card.certificate.status),
            str(card.revision),
            ", ".join(states) or "not sent",
        )
    return table


def _print_paths(out: Console, what: str, paths: Sequence[Place]) -> None:
    print_lines(out, (f"{what}: {_short(path)}" for path in paths))


def issued_card(site: Site, period: Period, team_id: str) -> str:
    """The JSON of the newest issued card of a team, which today's book need not have any more.

    Raises `UsageError` where there is none.
    """
    if not has_ledger(site.settings.ledger_url):
        site.team_ids((team_id,))
    return newest_issue(site, period, team_id).card_json


def _short(path: Place) -> str:
    """The path relative to the current folder, if that is shorter."""
    here = Path.cwd()
    return str(path.relative_to(here) if isinstance(path, Path) and path.is_relative_to(here) else path)

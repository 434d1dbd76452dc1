"""Keep the tables of scores in the warehouse in step with the ledger."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Connection

from ledger import Issue, Ledger
from ledger.store import Also
from pipeline.site import Site
from reports.tables import Issued, star_of
from scoring.canonical import from_json
from scoring.errors import DataError
from settings import Settings
from warehouse.scores import (
    SCORES_LOCK,
    SHARED_SCHEMA,
    Rows,
    clear_scores,
    has_scores,
    write_scores,
    written_issues,
)

log = logging.getLogger(__name__)

_AT_A_TIME = 200


def tabulate(site: Site, *, anew: bool = False) -> int:
    """Write the issues that the tables lack; returns how many these were. Safe to repeat.

    With `anew` all of them are written, and also where the tables have one that the ledger has not.
    """
    if is_one_database(site.settings):
        with site.ledger.turn() as connection:
            return follow(connection, site.ledger, SHARED_SCHEMA, anew=anew)
    with site.warehouse.transaction(SCORES_LOCK) as connection:
        return follow(connection, site.ledger, anew=anew)


def with_the_issue(site: Site) -> Also | None:
    """What writes an issue's rows in its own transaction, where ledger and warehouse are one database."""
    return _note if is_one_database(site.settings) else None


def is_one_database(settings: Settings) -> bool:
    """Whether the ledger and the warehouse are schemas of one database, as only a server's can be."""
    return settings.warehouse_url == settings.ledger_url


def _note(connection: Connection, issue: Issue) -> None:
    if has_scores(connection, SHARED_SCHEMA):
        write_scores(connection, rows_of_issues([issue], frozenset({issue.id})), SHARED_SCHEMA)


def follow(connection: Connection, ledger: Ledger, schema: str | None = None, *, anew: bool = False) -> int:
    """Write what the ledger has and the tables lack; nothing before a run has made the tables."""
    if not has_scores(connection, schema):
        return 0
    entered, written = ledger.content_hashes(), written_issues(connection, schema)
    if anew or written - entered.items():
        clear_scores(connection, schema)
        written = frozenset()
    behind = sorted(number for number, _ in entered.items() - written)
    for first in range(0, len(behind), _AT_A_TIME):
        issues = ledger.issues_with(behind[first : first + _AT_A_TIME])
        write_scores(connection, rows_of_issues(issues, ledger.newest_ids()), schema)
    return len(behind)


def rows_of_issues(issues: Iterable[Issue], newest: Collection[int]) -> Rows:
    """The rows that the tables have of these issues, given the numbers of the newest of each card."""
    return star_of(_readable(issues, newest))


def _readable(issues: Iterable[Issue], newest: Collection[int]) -> Iterator[tuple[Issued, str]]:
    """Each with its content hash; one that was damaged since must not keep others from being issued."""
    for issue in issues:
        try:
            yield issued_card(issue, newest), issue.content_hash
        except DataError as error:
            log.warning("tabulate: issue %d (%s) is left out: %s", issue.id, issue.name, error)


def issued_card(issue: Issue, newest: Collection[int]) -> Issued:
    """The card of an issue with what the ledger knows of it; raises `DataError` for one that was damaged."""
    return Issued(issue.id, issue.issued_at, issue.id in newest, from_json(issue.card_json))

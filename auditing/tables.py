"""The tables of scores in the warehouse held against the ledger that they follow."""

from __future__ import annotations

from auditing.facts import Found
from disk.findings import Finding
from pipeline.site import Site
from pipeline.steps.tabulate import rows_of_issues
from warehouse.scores import audit_scores, has_scores

TABULATE = "run `scorewright ledger tabulate`, which writes them anew from the ledger"


def audit_tables(site: Site, found: Found) -> None:
    """Hold each row of the tables against the issues; before a run has made the tables nothing is wrong."""
    if not site.settings.home.exists() or not site.warehouse.exists():
        return
    expected = rows_of_issues(site.ledger.issues_of(all_revisions=True), site.ledger.newest_ids())
    with site.warehouse.opened() as connection:
        faults = [*audit_scores(connection, expected)] if has_scores(connection) else []
    found.count("rows of scores", len(expected["fct_score"]))
    found.findings += [Finding("tables of scores", fault, TABULATE) for fault in faults]

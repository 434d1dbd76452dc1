"""Everything that is kept, held against what vouches for it: is anything not as it was written?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from archive.kept_books import audit_books
from archive.papers import audit_attempts, audit_papers, strangers
from auditing.facts import audit_warehouse
from auditing.landing import audit_landing
from auditing.mails import audit_mails
from auditing.tables import TABULATE, audit_tables
from auditing.verifying import CardState, card_state
from disk.findings import Finding
from ledger import Issue, audit_ledger
from pipeline.site import Site
from scoring.errors import ScorewrightError

__all__ = ["Audit", "audit"]

_DAMAGE = (
    ScorewrightError,
    SQLAlchemyError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
)
"""What reading something damaged can raise."""
_LEDGER = "restore the ledger from a backup: what it holds exists nowhere else"


@dataclass
class Audit:
    """How many of each kind were looked at, and what of them is not as it was written."""

    counts: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def count(self, kind: str, number: int) -> None:
        """Note that so many of a kind were looked at."""
        self.counts[kind] = self.counts.get(kind, 0) + number


def audit(site: Site) -> Audit:
    """Look at the landing, the warehouse, the ledger, the cards and the mails; nothing is changed.

    What is too damaged to be read is a finding like any other.
    """
    found = Audit()
    _guarded(found, "landing", "restore it from a backup", lambda: _landing(site, found))
    has_warehouse = _guarded(
        found, "warehouse", "run `scorewright rebuild`", lambda: audit_warehouse(site, found)
    )
    has_ledger = _guarded(found, "ledger", _LEDGER, lambda: _ledger(site, found))
    if has_warehouse and has_ledger:
        _guarded(found, "tables of scores", TABULATE, lambda: audit_tables(site, found))
    return found


def _landing(site: Site, found: Audit) -> None:
    landed = audit_landing(site.landing)
    found.count("manifests", landed.manifests)
    found.count("objects", landed.objects)
    found.findings += landed.findings
    books = list(audit_books(site.landing))
    found.count("books", len(books))
    found.findings += filter(None, books)


def _ledger(site: Site, found: Audit) -> None:
    audited = audit_ledger(site.ledger)
    found.count("issues", audited.issues)
    found.count("rows of the ledger", audited.rows)
    found.findings += audited.findings
    issues = site.ledger.revisions()
    found.findings += strangers(site.cards, issues)
    for issue in issues:
        _issue(site, found, issue)
    _guarded(found, "outbox", "restore it from a backup", lambda: audit_mails(site, issues, found))


def _issue(site: Site, found: Audit, issue: Issue) -> None:
    """An issue's card; only with a whole one its documents and mails can be held against it."""
    state = card_state(issue)
    if state is not CardState.OK:
        found.findings.append(Finding(f"issue {issue.id} ({issue.name})", f"its card is {state}", _LEDGER))
        return
    found.count("documents", len(issue.documents))
    found.findings += audit_papers(site.cards, issue)
    found.findings += audit_attempts(site.cards, issue, site.ledger.attempts(issue.id))


def _guarded(found: Audit, where: str, heal: str, look: Callable[[], None]) -> bool:
    """Whether it could be looked at; if not, that is a finding."""
    try:
        look()
    except _DAMAGE as error:
        # where it is one sentence of ours it says what to do itself
        said = " ".join(str(error).split())[:300] or type(error).__name__
        found.findings.append(Finding(where, f"cannot be read: {said.rstrip('.')}", heal))
        return False
    return True

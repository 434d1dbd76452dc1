"""A ledger that was lost, made again from what lies beside the documents."""

from __future__ import annotations

from dataclasses import dataclass

from archive.seals import Handover, handovers, knows_of, seal_all, sealed_issues
from ledger import Issue, Ledger, Restated
from pipeline.inputs.restatements import compare
from pipeline.preparing import make_ledger
from pipeline.site import Site
from scoring.canonical import content_hash, from_json, restatement_json
from scoring.period import Period

_WHY = (
    "the ledger was lost and made again from the folder of scorecards, which has evidence of an attempt; "
    "ask the recipient whether the mail arrived."
)


@dataclass(frozen=True, slots=True)
class Adopted:
    """What was entered again: issues, deliveries that are uncertain now, and issues that do not read well."""

    issues: int
    uncertain: int
    broken: tuple[str, ...]


def adopt(site: Site) -> Adopted:
    """Enter every issue that the folder has evidence of and the ledger lacks; safe to repeat.

    Whatever was handed over or may have been is `uncertain`, unless the ledger knows better: nothing is
    sent again by itself.
    """
    make_ledger(site)
    entered, broken = 0, []
    for issue in sealed_issues(site.cards):
        if _is_entered(site.ledger, issue):
            continue
        if _is_whole(issue):
            site.ledger.adopt(issue, _restated(site, issue))
            entered += 1
        else:
            broken.append(issue.name)
    uncertain = sum(_doubted(site.ledger, handover) for handover in handovers(site.cards))
    seal_all(site.cards, site.ledger)
    return Adopted(entered, uncertain, tuple(broken))


def _is_entered(ledger: Ledger, issue: Issue) -> bool:
    return ledger.revision(issue.period, issue.team_id, issue.revision) is not None


def _is_whole(issue: Issue) -> bool:
    return content_hash(from_json(issue.card_json)) == issue.content_hash


def _restated(site: Site, issue: Issue) -> Restated | None:
    before = site.ledger.latest_revision(issue.period, issue.team_id)
    if before is None:
        return None
    found = compare(site.book.sources, from_json(before.card_json), from_json(issue.card_json))
    is_closed = site.book.is_closed(Period.parse(issue.period), issue.issued_at)
    return Restated(restatement_json(found), is_closed)


def _doubted(ledger: Ledger, handover: Handover) -> bool:
    """Whether the ledger knew less of the attempt than the folder does, and says so now."""
    ref, recipient = handover.ref, handover.recipient
    issue = ledger.revision(ref.period, ref.team_id, ref.revision)
    if issue is None or knows_of(ledger, issue, handover):
        return False
    ledger.doubt(issue.id, recipient, handover.attempt, _WHY)
    return True

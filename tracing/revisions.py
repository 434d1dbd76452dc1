"""Two revisions of one card, from the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from disk import write_atomically
from disk.errors import StorageError
from ledger import DeliveryState, Issue, Ledger, Received
from pipeline.inputs.restatements import compare
from pipeline.site import Site
from reports.revision import Mailed, render_revision
from scoring.canonical import from_json, restatement_from_json
from scoring.comparing.words import with_words
from scoring.errors import UsageError
from scoring.period import Period
from scoring.restatement import Restatement
from scoring.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class RevisionDiff:
    """The differences between `new` and `old`, and who had been sent `old` or an earlier one.

    `is_closed` is whether the period was closed when `new` replaced `old`; None if it did not, or if that was
    before the ledger recorded it. The comparison is then made now, and `received` is as of now.
    """

    old: Scorecard
    new: Scorecard
    restatement: Restatement
    received: tuple[Received, ...]
    is_closed: bool | None


def revision_diff(
    site: Site, period: Period, team_id: str, older: str | None = None, newer: str | None = None
) -> RevisionDiff:
    """Compare two issued revisions (`1` or `r1`), the older one first; by themselves the two newest.

    Raises `UsageError` if one of them was not issued, or they are not in that order.
    """
    second = _number(newer) if newer else _newest(site.ledger, period, team_id)
    first = _number(older) if older else second - 1
    if first >= second:
        raise UsageError(
            f"revisions: expected an older and a newer one, found {first} and {second}; "
            "give the older one first."
        )
    old = _issued(site.ledger, period, team_id, first)
    new = _issued(site.ledger, period, team_id, second)
    cards = from_json(old.card_json), from_json(new.card_json)
    record = site.ledger.restatement(new.id)
    if record is not None and record.replaces_issue_id == old.id:
        found = with_words(restatement_from_json(record.restatement_json), *cards)
        return RevisionDiff(*cards, found, _having(record.received), record.is_closed)
    received = _having(_received(site.ledger, old))
    return RevisionDiff(*cards, compare(site.book.sources, *cards), received, None)


def _having(mails: Iterable[Received]) -> tuple[Received, ...]:
    """Those that did or may have come to somebody: what waits, failed or came back has not."""
    may_be_there = (DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNCERTAIN)
    return tuple(mail for mail in mails if mail.state in may_be_there)


def _received(ledger: Ledger, issue: Issue) -> tuple[Received, ...]:
    """Who has the issue, as of now."""
    states = ledger.delivery_states(issue.id).items()
    return tuple(Received(issue.revision, recipient, state) for recipient, state in states)


def write_diff(diff: RevisionDiff, path: Path) -> None:
    """The same as a PDF in the card's language; raises `UsageError` if it cannot be written."""
    mails = tuple(Mailed(mail.revision, str(mail.recipient), mail.state.value) for mail in diff.received)
    pdf = render_revision(diff.old, diff.new, diff.restatement, mails, diff.is_closed)
    try:
        write_atomically(path, pdf)
    except StorageError as error:
        raise UsageError(
            f"{path}: expected a file that can be written, found {error.found}; name another."
        ) from None


def _number(text: str) -> int:
    digits = re.fullmatch("r?([0-9]+)", text)
    if digits is None or int(digits[1][:9]) < 1:
        raise UsageError(f"revision: expected a number such as 1 or r1, found {text!r}.")
    return int(digits[1][:9])


def _newest(ledger: Ledger, period: Period, team_id: str) -> int:
    latest = ledger.latest_revision(str(period), team_id)
    if latest is None:
        raise UsageError(
            f"{period}/{team_id}: no scorecard was issued; "
            f"`scorewright status {period}` lists those of the period."
        )
    return latest.revision


def _issued(ledger: Ledger, period: Period, team_id: str, number: int) -> Issue:
    found = ledger.revision(str(period), team_id, number)
    if found is not None:
        return found
    newest = _newest(ledger, period, team_id)
    if number == 0:
        raise UsageError(f"{period}/{team_id}: expected two revisions to compare, found revision 1 alone.")
    there = "revision 1 alone" if newest == 1 else f"revisions 1 to {newest}"
    raise UsageError(f"{period}/{team_id}: expected an issued revision, found {there} and not {number}.")

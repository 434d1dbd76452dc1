"""Enter rendered cards into the ledger."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version

from archive.cards import CardRef, CardStore, Drawn
from archive.documents import draw, listed
from archive.kept_books import keep_book
from archive.seals import seal_issue
from book import Book
from killpoints import reach
from ledger import Document, Issue, Made, Recipient, Restated
from pipeline.inputs.load_states import current_state, is_right_for
from pipeline.inputs.restatements import compare
from pipeline.recipients import may_be_mailed, queue_unaddressed, recipients_of
from pipeline.site import Site
from pipeline.steps.score import draft
from pipeline.steps.seconds import Seconds
from pipeline.steps.tabulate import with_the_issue
from scoring.canonical import content_hash, from_json, restatement_json, to_json
from scoring.errors import UsageError
from scoring.period import Period
from scoring.scorecard import Scorecard

log = logging.getLogger(__name__)


def issue(
    site: Site, names: Sequence[str], *, now: datetime, send: bool = False, to: tuple[Recipient, ...] = ()
) -> list[int]:
    """Issue cards of one period, such as `2026-10/eu-brand/r1`; returns the ids of their issues.

    A card whose content is not new keeps the issue it has. With a revision the ledger gets what it says
    differently from the one before, and whether the period was closed at `now`. With `send` it goes to whom
    the book names; otherwise to those in `to`, and to whoever was still to get an earlier revision.

    Runs of one period issue one after another. Where another has issued or loaded something since a card
    was drafted, it is drafted and drawn anew from what is known now, as if this run had begun after that one.
    Afterwards `tabulate` lets the tables of scores follow the ledger.
    """
    if not names:
        return []
    refs = [*map(CardRef.parse, names)]
    _refuse_days_to_come(site.book, refs, now)
    with site.warehouse.held(f"scorecards {refs[0].period}"):
        state = current_state(site, Period.parse(refs[0].period))
        issued = [_issue(site, ref, state, now=now, send=send, to=to) for ref in refs]
    queue_unaddressed(site, issued if send else (), now)
    return issued


def _refuse_days_to_come(book: Book, refs: Sequence[CardRef], now: datetime) -> None:
    """Raise `UsageError` for what is said to be decided or said on a day that has not come yet."""
    today, wanted = book.today(now), {(ref.period, ref.team_id) for ref in refs}
    dated = (("calibration.csv: decided_on", book.decided), ("comments.csv: on", book.comments))
    for column, entries in dated:
        about = (entry for entry in entries if (str(entry.period), entry.team_id) in wanted)
        to_come = next((entry for entry in about if entry.on > today), None)
        if to_come is not None:
            raise UsageError(
                f"{column}: expected days up to today, {today}, found {to_come.on} about {to_come.team_id} "
                f"in {to_come.period}; correct it."
            )


def _issue(
    site: Site, ref: CardRef, state: str, *, now: datetime, send: bool, to: tuple[Recipient, ...]
) -> int:
    took, store = Seconds(), site.cards
    card = store.read_card(ref)
    drawn = store.read_drawn(card)
    if drawn is None or not _is_current(site, card, state):
        card, drawn = _redrafted(site, store, card, now)
    recipients = _recipients(site, card, now) if send else to
    documents = listed(card, drawn)
    issued = enter(site, card, documents, now=now, recipients=recipients, and_waiting=not send)
    seal_issue(store, issued)
    reach("issue.committed")
    log.info("issue: %s (%s) is issue %d, %s", CardRef.of(card), card.team_name.en, issued.id, took)
    return issued.id


def _is_current(site: Site, card: Scorecard, now: str) -> bool:
    """Whether the card is issued already or can be as the revision it was drafted as, and the data, in the
    state `now`, are still in the one that it was read at, or is known to be right for.
    """
    latest = site.ledger.latest_revision(card.period, card.team_id)
    if latest is not None and latest.content_hash == content_hash(card):
        return is_right_for(site.ledger, latest, now)
    revision = 1 if latest is None else latest.revision + 1
    return card.revision == revision and card.load_state == now


def _redrafted(site: Site, store: CardStore, card: Scorecard, now: datetime) -> tuple[Scorecard, Drawn]:
    today = site.book.today(now)
    (name,) = draft(site, Period.parse(card.period), (card.team_id,), today=today)
    log.info("issue: another run was faster; %s is redrafted as %s", CardRef.of(card), name)
    drafted = store.read_card(CardRef.parse(name))
    # not through the step `render` and the disk: the other run may be drawing the same revision
    drawn = draw(drafted)
    store.write_documents(drafted, drawn)
    return drafted, drawn


def _recipients(site: Site, card: Scorecard, now: datetime) -> tuple[Recipient, ...]:
    if not may_be_mailed(card):
        return ()
    return recipients_of(site, Period.parse(card.period), card.team_id, now)


def enter(
    site: Site,
    card: Scorecard,
    documents: Sequence[Document],
    *,
    now: datetime,
    recipients: Sequence[Recipient] = (),
    and_waiting: bool = False,
) -> Issue:
    """Issue a card with its documents; see `issue` and, of who gets it, `Ledger.issue`."""
    keep_book(site.landing, site.book.sha256, site.settings.config)
    return site.ledger.issue(
        to_json(card),
        period=card.period,
        team_id=card.team_id,
        revision=card.revision,
        content_hash=content_hash(card),
        documents=documents,
        issued_at=now,
        made=Made(site.book.sha256, version("scorewright"), site.settings.made_by),
        recipients=recipients,
        and_waiting=and_waiting,
        also=with_the_issue(site),
        restated=restated_by(site, card, now),
    )


def restated_by(site: Site, card: Scorecard, now: datetime) -> Restated | None:
    """What the card says differently from the team's newest issue; None where there is none, or the same."""
    latest = site.ledger.latest_revision(card.period, card.team_id)
    if latest is None or latest.content_hash == content_hash(card):
        return None
    found = compare(site.book.sources, from_json(latest.card_json), card)
    return Restated(restatement_json(found), site.book.is_closed(Period.parse(card.period), now))

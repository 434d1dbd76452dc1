"""The ledger: each method is one transaction of its own, on disk when it returns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import filterfalse

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from killpoints import reach
from ledger import approvals, deliveries, issues, judgements, listing, notices, restatements, sending
from ledger.connection import engine_for, reading, writing
from ledger.errors import DeliveryError, LedgerConflictError
from ledger.listing import Entered, IssueLine
from ledger.migrating import check_schema
from ledger.records import (
    Approval,
    Bounce,
    Claim,
    Delivery,
    DeliveryState,
    Document,
    Entry,
    Issue,
    Made,
    Notice,
    Recipient,
    Restated,
    RestatementRecord,
)
from scoring.canonical import was_made_of
from scoring.errors import UsageError

_AT_A_TIME = 500
"""The cards of thousands of teams need not be in memory together."""

Also = Callable[[Connection, Issue], None]
"""Writes what follows from an issue in the transaction that enters it."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Issues, approvals, deliveries, and what people entered for KPIs.

    Every method may raise `BusyError` and, if the database fails, `DataError`.
    """

    engine: Engine

    def latest_revision(self, period: str, team_id: str) -> Issue | None:
        """The newest revision of a team's card for `period` (`2026-10`)."""
        with reading(self.engine) as connection:
            return issues.latest_revision(connection, period, team_id)

    def latest_revisions(self, period: str | None = None) -> tuple[Issue, ...]:
        """The newest revision of every card, of one period or of all, in order of period and team."""
        with reading(self.engine) as connection:
            return issues.latest_revisions(connection, period)

    def last_issue_of_each_team(self) -> tuple[Issue, ...]:
        """The latest issue of every team, of any period, in order of entry."""
        with reading(self.engine) as connection:
            return issues.last_issue_of_each_team(connection)

    def revision(self, period: str, team_id: str, number: int) -> Issue | None:
        """One revision of a team's card; None if it was not issued."""
        with reading(self.engine) as connection:
            return issues.revision(connection, period, team_id, number)

    def restatement(self, issue_id: int) -> RestatementRecord | None:
        """Why an issue replaced the one before it.

        None for a first revision, and for one issued before the ledger recorded restatements.
        """
        with reading(self.engine) as connection:
            return restatements.find_restatement(connection, issue_id)

    def restatements(self, team_id: str) -> tuple[RestatementRecord, ...]:
        """Every restatement of a team's cards, in order of entry."""
        with reading(self.engine) as connection:
            return restatements.restatements_of(connection, team_id)

    def restated_teams(self) -> frozenset[str]:
        """The teams that have a restatement of any card."""
        with reading(self.engine) as connection:
            return restatements.restated_teams(connection)

    def revisions(self, period: str | None = None) -> tuple[Issue, ...]:
        """Every revision of every card, of one period or of all, in order of entry."""
        with reading(self.engine) as connection:
            return issues.revisions(connection, period)

    def listed(
        self, periods: Collection[str] | None = None, teams: Collection[str] | None = None
    ) -> Sequence[IssueLine]:
        """A line for each revision of each card, of these periods and teams or of all, in order of entry."""
        with reading(self.engine) as connection:
            return listing.listed(connection, periods, teams)

    def named(self) -> listing.Named:
        """The periods and the teams that have cards, each in order."""
        with reading(self.engine) as connection:
            return listing.named(connection)

    def issues_of(
        self,
        periods: Collection[str] | None = None,
        teams: Collection[str] | None = None,
        *,
        all_revisions: bool = False,
    ) -> tuple[Issue, ...]:
        """The issues of these periods and teams, or of all, in order of period, team and revision.

        The newest of each card, or every revision.
        """
        with reading(self.engine) as connection:
            return issues.issues_of(connection, periods, teams, all_revisions=all_revisions)

    def issues_with(self, ids: Collection[int]) -> tuple[Issue, ...]:
        """The issues of these numbers, in order of entry."""
        with reading(self.engine) as connection:
            return issues.issues_with(connection, ids)

    def entered(self) -> tuple[Entered, ...]:
        """Every revision of every card without what it says, in order of entry."""
        with reading(self.engine) as connection:
            return listing.entered(connection)

    def newest(self, period: str | None = None) -> tuple[Entered, ...]:
        """The newest revision of every card, of one period or of all, without what it says, in order of
        period and team.
        """
        with reading(self.engine) as connection:
            return listing.newest(connection, period)

    def content_hashes(self) -> dict[int, str]:
        """The content hash of every issue, by its number."""
        with reading(self.engine) as connection:
            return listing.content_hashes(connection)

    def newest_beside(self, period: str, teams: Collection[str]) -> int:
        """The number of the newest issue that is no card of these teams of the period; 0 without any."""
        with reading(self.engine) as connection:
            return listing.newest_beside(connection, period, teams)

    def newest_ids(self) -> frozenset[int]:
        """The numbers of the newest issue of each card."""
        with reading(self.engine) as connection:
            return listing.newest_ids(connection)

    @contextmanager
    def turn(self) -> Iterator[Connection]:
        """A transaction in which nobody else enters an issue, for what stands beside the ledger."""
        with writing(self.engine) as connection:
            issues.wait_for_turn(connection)
            yield connection

    def issues_by_hash(self, prefix: str) -> tuple[Issue, ...]:
        """The issues whose content hash begins with `prefix`, in order of entry."""
        with reading(self.engine) as connection:
            return issues.issues_by_hash(connection, prefix)

    def get_issue(self, issue_id: int) -> Issue:
        """The issue of that id; raises `UsageError` if there is none."""
        with reading(self.engine) as connection:
            found = issues.find_issue(connection, issue_id)
        if found is None:
            raise _no_issue(issue_id)
        return found

    def issue(
        self,
        card_json: str,
        *,
        period: str,
        team_id: str,
        revision: int,
        content_hash: str,
        documents: Sequence[Document],
        issued_at: datetime,
        restated: Restated | None = None,
        made: Made | None = None,
        recipients: Sequence[Recipient] = (),
        and_waiting: bool = False,
        also: Also | None = None,
    ) -> Issue:
        """Issue a card; returns the team's newest issue instead if its content is the same.

        A revision comes with what it says differently, `restated`, and both are entered or neither. So is
        a delivery to each of the `recipients`; those of earlier revisions that are not sent are superseded,
        and with `and_waiting` whoever was waiting for one of them is to get this one. `also` writes elsewhere
        in the database what follows from a new issue, in the same transaction.
        Raises `LedgerConflictError` where `revision` is not the next one.
        """

        def enter() -> Issue:
            with writing(self.engine) as connection:
                entered = issues.enter_issue(
                    connection,
                    card_json,
                    period=period,
                    team_id=team_id,
                    revision=revision,
                    content_hash=content_hash,
                    documents=documents,
                    issued_at=issued_at,
                    restated=restated,
                    made=made or Made(),
                    recipients=recipients,
                    and_waiting=and_waiting,
                )
                if also is not None:
                    also(connection, entered)
                reach("issue.entered")
                return entered

        try:
            return enter()
        except IntegrityError:
            # Another process entered this revision first; now it is there to compare with.
            return enter()

    def adopt(self, issue: Issue, restated: Restated | None) -> None:
        """Enter an issue that the ledger has lost, as it was and under its own number."""
        with writing(self.engine) as connection:
            issues.adopt_issue(connection, issue, restated)

    def doubt(self, issue_id: int, recipient: Recipient, attempt: int, problem: str) -> None:
        """Note that an issue may have gone to a recipient by an attempt that the ledger does not know."""
        with writing(self.engine) as connection:
            if deliveries.find_delivery(connection, issue_id, recipient) is None:
                deliveries.add_uncertain(connection, issue_id, recipient, attempt, problem)
            else:
                deliveries.doubt(connection, issue_id, recipient, attempt, problem)

    def confirm(self, issue_id: int, load_state: str) -> None:
        """Note that an issue is right for another state of the data, too; safe to repeat."""
        # it breaks where it is noted already
        with suppress(IntegrityError), writing(self.engine) as connection:
            issues.confirm(connection, issue_id, load_state)

    def confirmed_states(self, issue_id: int) -> frozenset[str]:
        """The states of the data that an issue was confirmed for since."""
        with reading(self.engine) as connection:
            return issues.confirmed_states(connection, issue_id)

    def confirmed_for(self, load_states: Collection[str]) -> frozenset[int]:
        """The numbers of the issues that were confirmed since for one of these states of the data."""
        with reading(self.engine) as connection:
            return issues.confirmed_for(connection, load_states)

    def not_right_for(self, of: Iterable[Entered | Issue], load_states: Collection[str]) -> tuple[Issue, ...]:
        """Those of the issues that were made of none of these states of the data, nor confirmed for one, in
        their order.
        """
        confirmed = self.confirmed_for(load_states)
        unsure = [issue.id for issue in of if issue.id not in confirmed]
        read = {issue.id: issue for issue in self._read(unsure) if not _was_made_of_any(issue, load_states)}
        return tuple(read[number] for number in unsure if number in read)

    def _read(self, ids: Sequence[int]) -> Iterator[Issue]:
        for first in range(0, len(ids), _AT_A_TIME):
            yield from self.issues_with(ids[first : first + _AT_A_TIME])

    def judgements(self, periods: Sequence[str], team_id: str) -> tuple[Entry, ...]:
        """What people entered for a team's KPIs: the newest entry for each period, KPI and kind, in order."""
        return self.judgements_of_all(periods, [team_id]).get(team_id, ())

    def judgements_of_all(
        self, periods: Sequence[str], teams: Collection[str]
    ) -> Mapping[str, tuple[Entry, ...]]:
        """The same of many teams, by team, asked once; a team that nothing was entered for has none."""
        with reading(self.engine) as connection:
            return judgements.newest_entries(connection, periods, teams)

    def enter_judgements(self, entries: Sequence[Entry]) -> int:
        """Add entries, all or none; returns how many are new.

        An entry that already counts adds nothing, nor does a form (by its sha256) that was entered before.
        """

        def enter() -> int:
            with writing(self.engine) as connection:
                return sum(judgements.enter(connection, entry) for entry in entries)

        try:
            return enter()
        except IntegrityError:
            # Another process entered something on the same KPI first; now it is there to compare with.
            return enter()

    def approval(self, issue_id: int) -> Approval | None:
        """The newest decision on an issue; None while nobody has decided."""
        with reading(self.engine) as connection:
            return next(reversed(approvals.approvals_of(connection, issue_id)), None)

    def enter_approval(self, approval: Approval) -> bool:
        """Add what somebody decided on an issue; False if the same decision of theirs counts already.

        Raises `UsageError` where the ledger has no such issue, and `LedgerConflictError` where it has
        another content.
        """
        issue = self.get_issue(approval.issue_id)
        if issue.content_hash != approval.content_hash:
            raise LedgerConflictError(
                f"{issue.name} (issue {issue.id}): expected the content {issue.content_hash[:10]}, found a "
                f"decision on {approval.content_hash[:10]}; look at the card again."
            )
        with writing(self.engine) as connection:
            return approvals.enter(connection, approval)

    def delivery_states(self, issue_id: int) -> dict[Recipient, DeliveryState]:
        """The state of the issue's message to each recipient; empty if none was ever queued."""
        with reading(self.engine) as connection:
            return deliveries.states_of(connection, issue_id)

    def delivery_states_in(self, period: str) -> Mapping[int, Mapping[Recipient, DeliveryState]]:
        """The same of every issue of a period, by its number, asked once; without those of which none was."""
        with reading(self.engine) as connection:
            return deliveries.states_in(connection, period)

    def attempts(self, issue_id: int) -> dict[Recipient, int]:
        """How often it was tried to hand an issue to each of its recipients."""
        return {one.recipient: one.attempts for one in self.deliveries_of(issue_id)}

    def attempts_of_all(self) -> Mapping[int, Mapping[Recipient, int]]:
        """The same of every issue, by its number, asked once; one that was never to go anywhere has none."""
        with reading(self.engine) as connection:
            return deliveries.attempts_of_all(connection)

    def deliveries_of(self, issue_id: int) -> tuple[Delivery, ...]:
        """Every delivery of an issue, in order of entry."""
        with reading(self.engine) as connection:
            return deliveries.deliveries_of(connection, issue_id)

    def queue_delivery(self, issue_id: int, recipient: Recipient) -> Delivery:
        """The delivery of an issue to a recipient, created as `pending` if there is none yet.

        Raises `UsageError` for an unknown issue.
        """
        found = self._find_delivery(issue_id, recipient)
        if found is None:
            # It fails if another process queued it meanwhile, or the issue does not exist: we look again.
            with suppress(IntegrityError), writing(self.engine) as connection:
                deliveries.add_delivery(connection, issue_id, recipient)
                reach("deliver.queue_entered")
            found = self._find_delivery(issue_id, recipient)
        if found is None:
            raise _no_issue(issue_id)
        return found

    def queue_deliveries(self, issue_id: int, recipients: Iterable[Recipient]) -> None:
        """Enter all of them that the issue is not to go to yet; where the process dies, none.

        Those who stand in the ledger are taken for all: of half of them the rest would never get it.
        """
        # it fails where another process enters them meanwhile
        with suppress(IntegrityError), writing(self.engine) as connection:
            known = deliveries.states_of(connection, issue_id)
            for recipient in filterfalse(known.__contains__, recipients):
                deliveries.add_delivery(connection, issue_id, recipient)
            reach("deliver.queue_entered")

    def deliveries_in(self, *states: DeliveryState) -> tuple[Delivery, ...]:
        """Every delivery, of whatever revision, in one of the states, in order of entry."""
        with reading(self.engine) as connection:
            return deliveries.find_in_states(connection, states)

    def sending(
        self, issue_id: int, recipient: Recipient, *, beside: Collection[int] = ()
    ) -> AbstractContextManager[bool | None]:
        """Have a delivery to oneself within the block, however the process ends, and those of `beside`.

        It gives whether that is so, and False where a process that lives has one. None where the database
        cannot tell: then the claim says which process it is.
        """
        return sending.hold(self.engine, sorted({issue_id, *beside}), recipient)

    def claim_delivery(
        self, issue_id: int, recipient: Recipient, claim: Claim, *, beside: Collection[int] = ()
    ) -> bool:
        """Turn `pending` or `failed` into `sending` by `claim`; False if another process was faster.

        Those of the issues `beside` go with the same message: all are claimed, or none is.
        """
        with writing(self.engine) as connection:
            claimed = deliveries.claim(connection, {issue_id, *beside}, recipient, claim)
            reach("deliver.claim_entered")
            return claimed

    def settle_delivery(
        self,
        issue_id: int,
        recipient: Recipient,
        *,
        token: str,
        state: DeliveryState,
        problem: str | None,
        at: datetime,
        beside: Collection[int] = (),
    ) -> bool:
        """Record how the attempt claimed with `token` ended; False if it is no longer open.

        The same is recorded of those of `beside`, which went with it, in one transaction.
        """
        with writing(self.engine) as connection:
            settled = [
                deliveries.settle(
                    connection, each, recipient, token=token, state=state, problem=problem, at=at
                )
                for each in sorted({issue_id, *beside})
            ]
            reach("deliver.settle_entered")
            return all(settled)

    def decide_delivery(
        self, issue_id: int, recipient: Recipient, *, arrived: bool, by: str, at: datetime
    ) -> None:
        """Record whether an uncertain mail arrived, or may be sent again.

        `by` is the person who found out. Raises `DeliveryError` if the delivery is not uncertain.
        """
        state = DeliveryState.SENT if arrived else DeliveryState.FAILED
        with writing(self.engine) as connection:
            if not deliveries.decide(connection, issue_id, recipient, state=state, by=by, at=at):
                raise DeliveryError(
                    f"issue {issue_id} to {recipient}: expected an uncertain delivery, found none; "
                    f"a person can only settle an uncertain one."
                )

    def give_up_delivery(self, issue_id: int, recipient: Recipient, *, by: str, at: datetime) -> None:
        """Record that a mail that was not sent is not to go to this address any more.

        `by` is the person who decided it. Raises `DeliveryError` if it is not certain that it was not sent.
        """
        with writing(self.engine) as connection:
            if not deliveries.give_up(connection, issue_id, recipient, by=by, at=at):
                raise DeliveryError(
                    f"issue {issue_id} to {recipient}: expected a delivery that waits, failed or was "
                    "refused, found none; only what was not sent can be given up."
                )

    def try_delivery_again(self, issue_id: int, recipient: Recipient, *, by: str, at: datetime) -> None:
        """Record that a mail which was refused for good is to be tried again, because something has changed.

        `by` is the person who decided it. Raises `DeliveryError` if it was not refused.
        """
        with writing(self.engine) as connection:
            if not deliveries.try_again(connection, issue_id, recipient, by=by, at=at):
                raise DeliveryError(
                    f"issue {issue_id} to {recipient}: expected a delivery that was refused, found none; "
                    "what failed is tried again by itself."
                )

    def waiting_for(self, recipient: Recipient, period: str) -> tuple[Issue, ...]:
        """The issues of a period that are still to go to a recipient, in order of entry."""
        with reading(self.engine) as connection:
            return issues.issues_with(connection, deliveries.waiting_for(connection, recipient, period))

    def deliveries_sent_as(self, message_id: str) -> tuple[Delivery, ...]:
        """The deliveries whose newest attempt had that message id, in order of entry."""
        with reading(self.engine) as connection:
            return deliveries.sent_as(connection, message_id)

    def enter_bounce(self, bounce: Bounce) -> bool:
        """Enter a mail that came back; its delivery is then refused. False if it is entered already."""
        with suppress(IntegrityError), writing(self.engine) as connection:
            return deliveries.came_back(connection, bounce)
        return False

    def claim_notices(self, wanted: Sequence[Notice], at: datetime) -> tuple[Notice, ...]:
        """Claim what nobody was told yet, before it is sent; what was claimed before is left out.

        What a process that died was sending stays claimed: it may be out, and is told once at most.
        """
        with suppress(IntegrityError), writing(self.engine) as connection:
            return notices.claim(connection, wanted, at)
        return ()

    def settle_notices(self, claimed: Sequence[Notice], at: datetime, *, is_sent: bool) -> None:
        """Record whether what was claimed went out, or certainly did not and may be claimed again."""
        with writing(self.engine) as connection:
            notices.settle(connection, claimed, at, is_sent=is_sent)

    def _find_delivery(self, issue_id: int, recipient: Recipient) -> Delivery | None:
        with reading(self.engine) as connection:
            return deliveries.find_delivery(connection, issue_id, recipient)


def _was_made_of_any(issue: Issue, load_states: Iterable[str]) -> bool:
    return any(was_made_of(issue.card_json, state) for state in load_states)


def open_ledger(url: str) -> Ledger:
    """The ledger at a SQLAlchemy address; raises `LedgerSchemaError` for missing or newer tables."""
    engine = engine_for(url)
    check_schema(engine)
    return Ledger(engine)


def _no_issue(issue_id: int) -> UsageError:
    return UsageError(
        f"issue {issue_id}: expected an issue of this ledger, found none; `scorewright cards` lists them."
    )

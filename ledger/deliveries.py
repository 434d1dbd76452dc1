"""Deliveries within a transaction. Each change names the state it starts from, so two cannot both make it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Row,
    Select,
    and_,
    func,
    insert,
    select,
    update,
)

from ledger.records import Bounce, Claim, Delivery, DeliveryState, Recipient
from ledger.seals import refuse_changed, seal
from ledger.tables import bounces, deliveries, issues

T = TypeVar("T")

_CLAIMABLE = (DeliveryState.PENDING, DeliveryState.FAILED)
_MAY_BE_OUT = (DeliveryState.SENT, DeliveryState.UNCERTAIN)
_ONE_PER_MESSAGE = ("issue_id", "channel", "recipient", "message_sha256")
_NOT_SENT = (*_CLAIMABLE, DeliveryState.REFUSED)
# A claimant that comes back late still knows better than the run that gave up on it.
_OPEN = (DeliveryState.SENDING, DeliveryState.UNCERTAIN)


def find_delivery(connection: Connection, issue_id: int, recipient: Recipient) -> Delivery | None:
    """The delivery of an issue to a recipient."""
    row = connection.execute(select(deliveries).where(_is(issue_id, recipient))).one_or_none()
    return None if row is None else _delivery(row)


def states_of(connection: Connection, issue_id: int) -> dict[Recipient, DeliveryState]:
    """The state of each delivery of an issue, by recipient in order."""
    query = (
        select(deliveries.c.channel, deliveries.c.recipient, deliveries.c.state)
        .where(deliveries.c.issue_id == issue_id)
        .order_by(deliveries.c.channel, deliveries.c.recipient)
    )
    return {
        Recipient(row.channel, row.recipient): DeliveryState(row.state) for row in connection.execute(query)
    }


def states_in(connection: Connection, period: str) -> dict[int, dict[Recipient, DeliveryState]]:
    """The same of every issue of a period, by its number."""
    of_period = deliveries.c.issue_id.in_(select(issues.c.id).where(issues.c.period == period))
    return _by_issue(connection, deliveries.c.state, DeliveryState, of_period)


def attempts_of_all(connection: Connection) -> dict[int, dict[Recipient, int]]:
    """How often it was tried to hand each issue to each of its recipients, by the number of the issue."""
    return _by_issue(connection, deliveries.c.attempts, int)


def _by_issue(
    connection: Connection, column: ColumnElement[Any], kind: Callable[[Any], T], *wanted: ColumnElement[bool]
) -> dict[int, dict[Recipient, T]]:
    """A column of each delivery, by the number of its issue and by its recipient."""
    found: defaultdict[int, dict[Recipient, T]] = defaultdict(dict)
    which = select(deliveries.c.issue_id, deliveries.c.channel, deliveries.c.recipient, column)
    for issue_id, channel, address, value in connection.execute(which.where(*wanted)):
        found[issue_id][Recipient(channel, address)] = kind(value)
    return found


def add_delivery(connection: Connection, issue_id: int, recipient: Recipient) -> None:
    """Note that an issue is to go to a recipient; `IntegrityError` where that stands there already.

    What a later revision has replaced goes nowhere any more; see `_pass_on`.
    """
    state = _unless_replaced(connection, issue_id, DeliveryState.PENDING)
    connection.execute(
        insert(deliveries).values(
            issue_id=issue_id,
            channel=recipient.channel,
            recipient=recipient.address,
            state=state.value,
            attempts=0,
        )
    )
    seal(connection, deliveries, _is(issue_id, recipient))
    if state is DeliveryState.SUPERSEDED:
        _pass_on(connection, issue_id, recipient)


def deliveries_of(connection: Connection, issue_id: int) -> tuple[Delivery, ...]:
    """Every delivery of an issue, in order of entry."""
    query = select(deliveries).where(deliveries.c.issue_id == issue_id).order_by(deliveries.c.id)
    return tuple(map(_delivery, connection.execute(query)))


def add_uncertain(
    connection: Connection, issue_id: int, recipient: Recipient, attempt: int, problem: str
) -> None:
    """Note that an issue may have gone to a recipient, and why nobody knows."""
    connection.execute(
        insert(deliveries).values(
            issue_id=issue_id,
            channel=recipient.channel,
            recipient=recipient.address,
            state=DeliveryState.UNCERTAIN.value,
            attempts=attempt,
            problem=problem,
        )
    )
    seal(connection, deliveries, _is(issue_id, recipient))


def doubt(connection: Connection, issue_id: int, recipient: Recipient, attempt: int, problem: str) -> None:
    """Turn what is not sent, as far as the ledger knows, into what may have been sent."""
    refuse_changed(connection, deliveries, _is(issue_id, recipient))
    connection.execute(
        update(deliveries)
        .where(_is(issue_id, recipient), _in(_NOT_SENT))
        .values(state=DeliveryState.UNCERTAIN.value, problem=problem, attempts=attempt)
    )
    seal(connection, deliveries, _is(issue_id, recipient))


def supersede(
    connection: Connection, issue_ids: Select[tuple[int]], *, at: datetime
) -> tuple[Recipient, ...]:
    """End what of these issues is certainly not sent; returns who was waiting for it, in order."""
    waits = and_(deliveries.c.issue_id.in_(issue_ids), _in(_NOT_SENT))
    refuse_changed(connection, deliveries, waits)
    rows = connection.execute(select(deliveries).where(waits).order_by(deliveries.c.id)).all()
    these = deliveries.c.id.in_([row.id for row in rows])
    connection.execute(
        update(deliveries).where(these).values(state=DeliveryState.SUPERSEDED.value, settled_at=at)
    )
    seal(connection, deliveries, these)
    return tuple(dict.fromkeys(Recipient(row.channel, row.recipient) for row in rows))


def find_in_states(connection: Connection, states: Sequence[DeliveryState]) -> tuple[Delivery, ...]:
    """Every delivery, of whatever revision, in one of these states, in order of entry."""
    query = select(deliveries).where(_in(states)).order_by(deliveries.c.id)
    return tuple(map(_delivery, connection.execute(query)))


def claim(connection: Connection, issue_ids: Collection[int], recipient: Recipient, new: Claim) -> bool:
    """Claim deliveries that nobody is working on, all or none; False if another process was faster."""
    these = and_(deliveries.c.issue_id.in_(issue_ids), _goes_to(recipient))
    refuse_changed(connection, deliveries, these)
    free = select(func.count()).where(these, _in(_CLAIMABLE))
    if connection.execute(free).scalar_one() < len(issue_ids):
        return False
    connection.execute(
        update(deliveries)
        .where(these)
        .values(
            **asdict(new),
            state=DeliveryState.SENDING.value,
            attempts=deliveries.c.attempts + 1,
            problem=None,
            settled_at=None,
            settled_by=None,
        )
    )
    seal(connection, deliveries, these)
    return True


def settle(
    connection: Connection,
    issue_id: int,
    recipient: Recipient,
    *,
    token: str,
    state: DeliveryState,
    problem: str | None,
    at: datetime,
) -> bool:
    """Write down how the attempt of `token` ended; False where that is settled, or another's by now.

    One that was not sent stays so where there is a later revision: that one is to go out instead.
    """
    refuse_changed(connection, deliveries, _is(issue_id, recipient))
    if state in _NOT_SENT:
        state = _unless_replaced(connection, issue_id, state)
    changed = connection.execute(
        update(deliveries)
        .where(_is(issue_id, recipient), deliveries.c.token == token, _in(_OPEN))
        .values(state=state.value, problem=problem, settled_at=at)
    )
    return _is_written(connection, changed, issue_id, recipient, state)


def decide(
    connection: Connection,
    issue_id: int,
    recipient: Recipient,
    *,
    state: DeliveryState,
    by: str,
    at: datetime,
) -> bool:
    """Write down what a person found out about an uncertain delivery; False where it is not uncertain."""
    refuse_changed(connection, deliveries, _is(issue_id, recipient))
    if state is DeliveryState.FAILED:
        state = _unless_replaced(connection, issue_id, state)
    decision = update(deliveries).values(state=state.value, settled_by=by, settled_at=at)
    if state is DeliveryState.SENT:
        decision = decision.values(problem=None)
    changed = connection.execute(decision.where(_is(issue_id, recipient), _in(_OPEN)))
    return _is_written(connection, changed, issue_id, recipient, state)


def give_up(connection: Connection, issue_id: int, recipient: Recipient, *, by: str, at: datetime) -> bool:
    """End what is not sent and is not to be sent to this address any more; False where it is not so."""
    refuse_changed(connection, deliveries, _is(issue_id, recipient))
    ended = update(deliveries).values(state=DeliveryState.SUPERSEDED.value, settled_by=by, settled_at=at)
    changed = connection.execute(ended.where(_is(issue_id, recipient), _in(_NOT_SENT)))
    return _is_written(connection, changed, issue_id, recipient)


def try_again(connection: Connection, issue_id: int, recipient: Recipient, *, by: str, at: datetime) -> bool:
    """Let what was refused for good be tried again; False where it was not refused."""
    refuse_changed(connection, deliveries, _is(issue_id, recipient))
    opened = update(deliveries).values(state=DeliveryState.FAILED.value, settled_by=by, settled_at=at)
    changed = connection.execute(opened.where(_is(issue_id, recipient), _in((DeliveryState.REFUSED,))))
    return _is_written(connection, changed, issue_id, recipient)


def came_back(connection: Connection, bounce: Bounce) -> bool:
    """Enter what came back, and that its delivery was refused; False where that message is entered already.

    Only what its attempt sent, or may have sent, becomes refused: what somebody has decided since stands.
    Where there is a later revision that one is to go out instead, as ever.
    """
    to = bounce.recipient
    refuse_changed(connection, deliveries, _is(bounce.issue_id, to))
    key = {**asdict(bounce), "channel": to.channel, "recipient": to.address}
    known = and_(*(bounces.c[name] == key[name] for name in _ONE_PER_MESSAGE))
    if connection.execute(select(bounces.c.id).where(known)).first() is not None:
        return False
    connection.execute(insert(bounces).values(**key))
    seal(connection, bounces, known)
    state = _unless_replaced(connection, bounce.issue_id, DeliveryState.REFUSED)
    changed = connection.execute(
        update(deliveries)
        .where(_is(bounce.issue_id, to), _in(_MAY_BE_OUT), deliveries.c.attempts == bounce.attempt)
        .values(state=state.value, problem=bounce.said, settled_at=bounce.entered_at)
    )
    _is_written(connection, changed, bounce.issue_id, to, state)
    return True


def waiting_for(connection: Connection, recipient: Recipient, period: str) -> Sequence[int]:
    """The issues of a period whose message to the recipient is certainly not sent and may still go."""
    query = (
        select(deliveries.c.issue_id)
        .join(issues, issues.c.id == deliveries.c.issue_id)
        .where(_goes_to(recipient), _in(_CLAIMABLE), issues.c.period == period)
    )
    return connection.execute(query).scalars().all()


def sent_as(connection: Connection, message_id: str) -> tuple[Delivery, ...]:
    """The deliveries whose newest attempt had that message id, in order of entry."""
    query = select(deliveries).where(deliveries.c.message_id == message_id).order_by(deliveries.c.id)
    return tuple(map(_delivery, connection.execute(query)))


def _is_written(
    connection: Connection,
    changed: CursorResult[Any],
    issue_id: int,
    recipient: Recipient,
    state: DeliveryState = DeliveryState.SENDING,
) -> bool:
    """Whether the row was changed, and then it is sealed; a row that was not is not vouched for anew."""
    if changed.rowcount != 1:
        return False
    seal(connection, deliveries, _is(issue_id, recipient))
    if state is DeliveryState.SUPERSEDED:
        _pass_on(connection, issue_id, recipient)
    return True


def _pass_on(connection: Connection, issue_id: int, recipient: Recipient) -> None:
    """Let the newest revision go to whom this one did not reach, where no later one goes to anybody.

    A restatement is mailed to nobody by itself, so whoever never had the card would go without it.
    """
    later = _later_revisions(connection, issue_id)
    is_going = deliveries.c.issue_id.in_(later)
    if connection.execute(select(deliveries.c.id).where(is_going).limit(1)).first() is None:
        add_delivery(connection, later[-1], recipient)


def _unless_replaced(connection: Connection, issue_id: int, state: DeliveryState) -> DeliveryState:
    """The state, or `superseded` where the issue has a later revision."""
    return DeliveryState.SUPERSEDED if _later_revisions(connection, issue_id) else state


def _later_revisions(connection: Connection, issue_id: int) -> Sequence[int]:
    """The issues of the same card that came after, the newest last."""
    own, later = issues.alias(), issues.alias()
    query = (
        select(later.c.id)
        .join(own, (own.c.period == later.c.period) & (own.c.team_id == later.c.team_id))
        .where(own.c.id == issue_id, later.c.revision > own.c.revision)
    )
    return connection.execute(query.order_by(later.c.revision)).scalars().all()


def _is(issue_id: int, recipient: Recipient) -> ColumnElement[bool]:
    return and_(deliveries.c.issue_id == issue_id, _goes_to(recipient))


def _goes_to(recipient: Recipient) -> ColumnElement[bool]:
    return and_(deliveries.c.channel == recipient.channel, deliveries.c.recipient == recipient.address)


def _in(states: Sequence[DeliveryState]) -> ColumnElement[bool]:
    return deliveries.c.state.in_([state.value for state in states])


def _delivery(row: Row[tuple[object, ...]]) -> Delivery:
    values = dict(row._mapping)
    claimed = {field.name: values.pop(field.name) for field in fields(Claim)}
    del values["id"]
    values["recipient"] = Recipient(values.pop("channel"), values["recipient"])
    values["state"] = DeliveryState(values["state"])
    return Delivery(**values, claim=None if claimed["token"] is None else Claim(**claimed))

"""A line as it is often built, to show that the harness finds what is wrong with it.

Undisturbed it is right, also when it is run again, for it looks before each step whether that was
done. But it writes files in place, appends rows and says afterwards that it did, and marks a mail as
sent once it is out. The rest is the program's own, on the same stores, judged by the same invariants.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import archive.cards
import etl.landing
import pipeline.steps.deliver
import pipeline.steps.load
from delivery.channels import Channel, Envelope
from delivery.claimant import this_process
from delivery.outbox import DeliveryOutcome
from killpoints import reach
from ledger import Claim, DeliveryState, Ledger, Recipient
from tests.faults.place import Place
from warehouse import SliceLoad, Warehouse
from warehouse.facts import SLICE_COLUMNS

POINTS = "naive."
"""How the names of its kill points begin: one in the middle of each thing that it does."""


def run_naively(place: Place, number: int) -> dict[str, Any]:
    """The whole line, naively. Changes this process: call it in a child."""
    marks = place.home / "loaded"
    etl.landing.write_atomically = write_in_place
    archive.cards.write_atomically = write_in_place
    pipeline.steps.load.replace_slices = lambda warehouse, loads, _: _append(warehouse, loads, marks)
    pipeline.steps.deliver.deliver_once = send_and_mark
    return place.run(number)


def write_in_place(path: Path, content: bytes, *, replace: bool = True) -> None:
    """In place of `write_atomically`: what is there is taken for whole."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content[: len(content) // 2])
        file.flush()
        reach("naive.half_written")
        file.write(content[len(content) // 2 :])


def _append(warehouse: Warehouse, loads: Iterable[SliceLoad], marks: Path) -> int:
    done = marks.read_text("utf-8").splitlines() if marks.exists() else []
    new = [load for load in loads if f"{load.slice}" not in done]
    for load in new:
        for name, table in load.conformed.tables.items():
            columns = [*SLICE_COLUMNS, *table.column_names]
            values = (load.slice.source, load.slice.entity, load.slice.month.start)
            rows = [dict(zip(columns, (*values, *row.values()), strict=True)) for row in table.to_pylist()]
            if rows:
                with warehouse.transaction() as connection:
                    connection.execute(sa.insert(sa.table(name, *map(sa.column, columns))), rows)
                reach("naive.appended")
        with marks.open("a", encoding="utf-8") as file:
            file.write(f"{load.slice}\n")
    return len(new)


def send_and_mark(
    ledger: Ledger,
    *,
    issue_id: int,
    address: str,
    channel: Channel,
    build: Any,
    message_id: str,
    now: Any,
    on_claim: Any,
    beside: Any,
    lighten: Any,
) -> DeliveryOutcome:
    """In place of `deliver`: sends what is not marked as sent, and marks it afterwards; knows no joint mails."""
    recipient = Recipient(channel.kind, address)
    if ledger.delivery_states(issue_id).get(recipient) is DeliveryState.SENT:
        return DeliveryOutcome(DeliveryState.SENT, delivered_now=False)
    name = message_id.strip("<>").partition("@")[0]
    channel.send(channel.pack(build()), Envelope("cards@lantern.example", address, name))
    reach("naive.sent")
    _mark_as_sent(ledger, issue_id, recipient, channel.name, message_id, now())
    on_claim(issue_id, 1)
    return DeliveryOutcome(DeliveryState.SENT, delivered_now=True)


def _mark_as_sent(
    ledger: Ledger, issue_id: int, recipient: Recipient, channel: str, message_id: str, at: datetime
) -> None:
    here = this_process()
    claim = Claim("t", here.host, here.pid, here.started, at, channel, "cards@lantern.example", message_id)
    ledger.queue_delivery(issue_id, recipient)
    ledger.claim_delivery(issue_id, recipient, claim)
    ledger.settle_delivery(
        issue_id, recipient, token=claim.token, state=DeliveryState.SENT, problem=None, at=at
    )

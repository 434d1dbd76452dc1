"""How a period stands, as numbers for monitors: the values of `scorewright status --json`, by name.

Moments are seconds since 1970 and no ages: whoever watches them knows what time it is there.
"""

from __future__ import annotations

from datetime import datetime

from auditing.standing import Status, status_of
from auditing.watching import newest_due
from ledger import DeliveryState
from pipeline.approvals import Approved
from pipeline.site import Site
from pipeline.steps.report import AT_ITS_END
from scoring.period import Period


def gauges(site: Site, period: Period, now: datetime) -> dict[str, float]:
    """Each number by its name; what is not known, or not there yet, has none."""
    status = status_of(site, period, now)
    said = status.as_json()
    cards, mails = said["cards"], said["mails"]
    numbers = {
        **{f"cards.{state}": count for state, count in cards.items()},
        "cards.issued": cards["expected"] - cards["missing"],
        "cards.waiting_for_approval": said["approvals"][Approved.WAITING],
        **{f"mails.{state}": mails[state] for state in DeliveryState},
        "mails.oldest_open_since": _oldest_open(status),
        "things_missing": len(said["missing"]),
        "quarantined_rows": said["quarantined_rows"],
        "minutes_to_last_mail": said["minutes_to_last_mail"],
        "minutes_from_due_to_last_mail": _lateness(status, site.book.calendar.due_at(period)),
        **_loads(status),
    }
    return {name: number for name, number in numbers.items() if number is not None}


def is_newest(site: Site, period: Period, now: datetime) -> bool:
    """Whether no later period of that length is due: a run of an old month is not what is watched."""
    return all(due <= period for due in newest_due(site, now) if due.cadence is period.cadence)


def _oldest_open(status: Status) -> float:
    """When the oldest of the cards was issued whose mail is not at its end; 0 where all are."""
    open_ones = {one.issue_id for one in status.deliveries if one.state not in AT_ITS_END}
    issued = (issue.issued_at for issue in status.report.issues if issue.id in open_ones)
    return min(map(datetime.timestamp, issued), default=0)


def _lateness(status: Status, due: datetime | None) -> int | None:
    """Minutes from when the cards were due to the end of the last mail."""
    if due is None or status.last_mail_at is None:
        return None
    return round((status.last_mail_at - due).total_seconds() / 60)


def _loads(status: Status) -> dict[str, float]:
    """When each source was loaded: of its accounts the one whose newest load is the oldest."""
    loads: dict[str, float] = {}
    for fresh in status.sources:
        name, moment = f"sources.{fresh.source}.loaded_at", fresh.loaded_at.timestamp()
        loads[name] = min(moment, loads.get(name, moment))
    return loads

"""Months of the small company one after another: exported, run, and looked at."""

from __future__ import annotations

from datetime import UTC, date, datetime

from pipeline.run import RunOptions, run
from scoring.canonical import from_json
from scoring.period import Period
from tests.pipeline.exports import ads, answers

SEPTEMBER, NOVEMBER = Period(2026, 9), Period(2026, 11)
OCTOBER_3 = datetime(2026, 10, 3, 5, tzinfo=UTC)
NOVEMBER_3 = datetime(2026, 11, 3, 5, tzinfo=UTC)
NOVEMBER_20 = datetime(2026, 11, 20, 5, tzinfo=UTC)
DECEMBER_3 = datetime(2026, 12, 3, 5, tzinfo=UTC)
GOOD, BAD = (10, 9, 9, 8, 10, 3, 9, 10), (10, 9, 9, 8, 10, 3, 2, 1)


def export(place, month, scores=GOOD):
    """The exports of a month; the survey's answers are what comes late."""
    days = [date(2026, month, day) for day in range(1, 31)]
    folder = place.root / "exports"
    (folder / f"ads 2026-{month:02d}.csv").write_text(ads(days), "utf-8")
    (folder / f"answers 2026-{month:02d}.csv").write_text(
        answers(scores).replace("2026-10", f"2026-{month:02d}").replace("\nr", f"\nm{month}r"), "utf-8"
    )
    (folder / f"rates 2026-{month:02d}.csv").write_text(
        "Date,USD\n" + "".join(f"{day},1.0800\n" for day in reversed(days)), "utf-8"
    )


def do(place, period, now, *teams, send=True):
    said = []
    run(place.open(), RunOptions(period, teams, send), now=lambda: now, say=said.append)
    return said


def issues(place, period):
    return place.open().ledger.latest_revisions(str(period))


def card_of(place, period, team="north", revision=None):
    ledger = place.open().ledger
    issue = (
        ledger.latest_revision(str(period), team)
        if revision is None
        else ledger.revision(str(period), team, revision)
    )
    return from_json(issue.card_json)

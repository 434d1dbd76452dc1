"""At INFO each step says in one line what it did, with counts and seconds, and no library says anything."""

from __future__ import annotations

import json
import re

from pipeline.steps.seconds import Seconds
from tests.pipeline.command import scorewright

LINES = (
    r"gather google_ads: 1 slices landed, 1 new or changed, [1-9]\d* rows, 0 refused, \d+\.\d s",
    r"gather survey: 1 slices landed, 1 new or changed, [1-9]\d* rows, 0 refused, \d+\.\d s",
    r"gather fx_rates: 1 slices landed, 1 new or changed, [1-9]\d* rows, 0 refused, \d+\.\d s",
    r"measure: [1-9]\d* rows up to 2026-10, \d+\.\d s",
    r"restate: 0 periods before 2026-10 had new data, 0 new issues, \d+\.\d s",
    r"score: 2 cards for 2026-10, \d+\.\d s",
    r"render: 2026-10/north/r1 \(Marketing North\), \d+\.\d s",
    r"issue: 2026-10/north/r1 \(Marketing North\) is issue 1, \d+\.\d s",
    r"deliver: 2026-10/north/r1 \(Marketing North\), issue 1 by mail is sent, \d+\.\d s",
    r"render: 2026-10/south/r1 \(Marketing South\), \d+\.\d s",
    r"issue: 2026-10/south/r1 \(Marketing South\) is issue 2, \d+\.\d s",
    r"deliver: 2026-10/south/r1 \(Marketing South\), issue 2 by mail is sent, \d+\.\d s",
)


def test_each_step_says_in_one_line_what_it_did_and_how_long_it_took(place):
    # a process of its own, as the log of the tests' is pytest's
    done = scorewright("run", "--period", "2026-10", **place.settings, log_level="INFO", log_format="json")
    assert done.code == 0, done.err
    said = [json.loads(line) for line in done.err.splitlines()]
    # that the ledger is made is said once in its life
    rooms = {line["logger"].partition(".")[0] for line in said} - {"alembic"}
    assert rooms == {"pipeline"}
    events = [line["event"] for line in said if line["logger"].startswith("pipeline.")]
    assert len(events) == len(LINES), events
    for event, expected in zip(events, LINES, strict=True):
        assert re.fullmatch(expected, event), event


def test_seconds_are_those_between_beginning_and_the_line():
    times = iter([7.0, 9.26, 1241.0])
    took = Seconds(lambda: next(times))
    assert (str(took), str(took)) == ("2.3 s", "1,234.0 s")


def test_a_format_of_the_log_that_is_none_is_refused(command, place):
    done = command(place, "check", log_format="xml")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "SCOREWRIGHT_LOG_FORMAT: expected one of TEXT, JSON, found 'XML'" in done.err

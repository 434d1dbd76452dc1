"""The working of the rule `veto` in words."""

from __future__ import annotations

from reports.presenting.operands import Operands, plain
from reports.presenting.reader import Reader
from reports.wording import msgid
from scoring.working import Working

NEEDS = frozenset({"events", "scope", "value"})
SCOPES = {
    "kpi": msgid("this KPI"),
    "area": msgid("the whole area"),
    "card": msgid("the whole card"),
}


def words(operands: Operands, working: Working, reader: Reader) -> str:
    """`1 event: a veto sets the whole card to 0`, or that nothing happened."""
    score = reader.score(working.result)
    if not working.applied:
        return reader.words.say("no event, so no veto: %(score)s", score=score)
    scope = str(operands["scope"])
    return reader.words.count(
        "%(number)s event: a veto sets %(scope)s to %(value)s at most; this KPI scores %(score)s",
        "%(number)s events: a veto sets %(scope)s to %(value)s at most; this KPI scores %(score)s",
        int(operands["events"]),
        scope=reader.words.say(SCOPES[scope]) if scope in SCOPES else scope,
        value=plain(operands["value"], reader, 4),
        score=score,
    )

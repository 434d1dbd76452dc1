"""Gates and points on top of the total, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reports.presenting.operands import plain
from reports.presenting.reader import Reader
from reports.views import WorkingStep
from reports.wording import msgid
from scoring.arithmetic import digits_of
from scoring.conditional import AskedResult, ExtraResult
from scoring.scorecard import Scorecard
from scoring.working import Working

MOST_NAMED = 2
"""How many lines behind gates fit under the total; the working names all."""
_TOLD = {True: msgid("%(points)s: %(why)s"), False: msgid("not given (%(points)s): %(why)s")}
_ASKED = {
    True: msgid("“%(kpi)s” scores %(score)s, from %(asked)s on it counts"),
    False: msgid("“%(kpi)s” scores %(score)s, below %(asked)s it counts"),
}


def gate_text(gate: Working, counted: str, reader: Reader) -> str:
    """Why a line counts as less than it scores."""
    operands = gate.values
    return reader.words.say(
        "“%(kpi)s” scores %(score)s, and while it is under %(least)s this line counts as %(value)s at most",
        kpi=reader.kpi(str(operands["kpi"])),
        score=plain(operands["score"], reader),
        least=plain(operands["lowest_score"], reader),
        value=counted,
    )


def extra_steps(card: Scorecard, reader: Reader) -> tuple[WorkingStep, ...]:
    """All points that can come on top of the total, given or not, and on what they depend."""
    return tuple(
        WorkingStep(extra.name.to(reader.words.language), _extra_text(extra, reader)) for extra in card.extras
    )


def _extra_text(extra: ExtraResult, reader: Reader) -> str:
    why = reader.words.listing([_asked(each, extra, reader) for each in extra.asked])
    return reader.words.say(_TOLD[extra.is_given], points=_points(extra, reader), why=why)


def _asked(asked: AskedResult, extra: ExtraResult, reader: Reader) -> str:
    return reader.words.say(
        _ASKED[extra.points > 0],
        kpi=reader.kpi(asked.kpi_id),
        score=reader.score(asked.score),
        asked=reader.figures.exact(asked.asked, 4),
    )


def _points(extra: ExtraResult, reader: Reader) -> str:
    return reader.figures.signed(extra.points, digits_of(extra.points))


def added_points(card: Scorecard, reader: Reader) -> str:
    """What a sum of scores goes on with: ` + 5`; nothing where no points are given."""
    return "".join(f"; {_points(extra, reader)}" for extra in card.extras if extra.is_given)


def conditional_note(card: Scorecard, reader: Reader) -> str:
    """For page 1 and the mail: the points that are given, and the lines that gates hold down."""
    return " · ".join((*_given(card, reader), *_held(card, reader)))


def _given(card: Scorecard, reader: Reader) -> Iterator[str]:
    for extra in card.extras:
        if extra.is_given:
            yield f"{extra.name.to(reader.words.language)} {_points(extra, reader)}"


def _held(card: Scorecard, reader: Reader) -> Iterable[str]:
    told = [(result.kpi_id, result.gate) for result in card.results if result.gate is not None]
    if len(told) > MOST_NAMED:
        return [reader.words.say("%(count)s KPIs count as less, held by others", count=len(told))]
    return [_held_line(kpi_id, gate, reader) for kpi_id, gate in told]


def _held_line(kpi_id: str, gate: Working, reader: Reader) -> str:
    return reader.words.say(
        "“%(kpi)s” counts as %(value)s, held by “%(gate)s”",
        kpi=reader.kpi(kpi_id),
        value=reader.figures.exact(gate.result, 4),
        gate=reader.kpi(str(gate.operand("kpi"))),
    )

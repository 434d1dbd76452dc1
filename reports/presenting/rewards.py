"""Grade and pay coefficient, where the organisation's book has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from reports.figures import NOTHING
from reports.presenting.operands import Operands, percent, plain
from reports.presenting.reader import Reader
from reports.views import WorkingStep
from reports.wording import msgid
from scoring.calibration import Calibration
from scoring.scorecard import Scorecard
from scoring.working import Working


def reward_text(card: Scorecard, reader: Reader) -> str:
    """`Grade B · pay coefficient 0.97`; nothing where the book has neither."""
    say = reader.words.say
    parts = [] if card.grade is None else [say(_grade(card.calibration), **_grades(card))]
    if card.pay is not None:
        parts.append(say("pay coefficient %(value)s", value=_coefficient(card.pay, reader)))
    return " · ".join(parts)


def reward_steps(card: Scorecard, reader: Reader) -> tuple[WorkingStep, ...]:
    """How the grade came about, if a person decided on it, and the pay coefficient."""
    return (*_decisions(card.calibration, reader), *_paid(card.pay, reader))


def _paid(pay: Working | None, reader: Reader) -> Iterator[WorkingStep]:
    if pay is not None:
        yield WorkingStep(reader.words.say("Pay coefficient"), _pay_sums(pay, reader))


def _grade(decided: Calibration | None) -> str:
    return _WORDS[decided is not None and decided.stands and decided.grade != decided.by_score]


_WORDS = {
    False: msgid("Grade %(grade)s"),
    True: msgid("Grade %(grade)s after calibration (%(by_score)s by score)"),
}


def _grades(card: Scorecard) -> dict[str, object]:
    by_score = None if card.calibration is None else card.calibration.by_score
    return {"grade": card.grade, "by_score": by_score}


def _decisions(decided: Calibration | None, reader: Reader) -> Iterator[WorkingStep]:
    """Who decided what and why; also where it does not stand, and what the card has instead."""
    if decided is not None:
        values = {
            "by_score": decided.by_score or NOTHING,
            "of": decided.decided_of,
            "grade": decided.grade,
            "name": decided.by,
            "day": reader.figures.periods.full_date(date.fromisoformat(decided.on)),
            "reason": decided.reason,
        }
        yield WorkingStep(reader.words.say("Grade"), reader.words.say(_told(decided), **values))


def _told(decided: Calibration) -> str:
    if not decided.stands:
        return _LAPSED
    return _KEPT if decided.grade == decided.by_score else _CHANGED


_CHANGED = msgid(
    "%(by_score)s by score, %(grade)s after calibration, decided by %(name)s on %(day)s: %(reason)s"
)
_KEPT = msgid("%(by_score)s by score, confirmed in the calibration by %(name)s on %(day)s: %(reason)s")
_LAPSED = msgid(
    "%(by_score)s by score. %(name)s decided on %(day)s that %(of)s becomes %(grade)s (%(reason)s); the "
    "grade by score is another one since, so that this does not count until it is decided again"
)


def _pay_sums(pay: Working, reader: Reader) -> str:
    return _SUMS.get(pay.rule, _proportional)(pay.values, _coefficient(pay, reader), reader)


def _bands(operands: Operands, value: str, reader: Reader) -> str:
    return _rising(operands, value, reader) if "per_point" in operands else _flat(operands, value, reader)


def _rising(operands: Operands, value: str, reader: Reader) -> str:
    names = ("total", "tier_from", "tier_coefficient", "per_point")
    total, start, first, each = (plain(operands[name], reader) for name in names)
    return reader.words.say(
        "the tier from a total of %(start)s pays %(first)s and %(each)s more for each point above: "
        "%(first)s + %(each)s × (%(total)s − %(start)s), rounded: %(value)s",
        start=start,
        first=first,
        each=each,
        total=total,
        value=value,
    )


def _flat(operands: Operands, value: str, reader: Reader) -> str:
    return reader.words.say(
        "the tier from a total of %(start)s pays %(value)s",
        start=plain(operands["tier_from"], reader),
        value=value,
    )


def _matrix(operands: Operands, value: str, reader: Reader) -> str:
    return reader.words.say(
        "%(row)s at %(row_at)s and %(column)s at %(column_at)s pay %(value)s",
        row=reader.kpi(str(operands["row_kpi"])),
        row_at=percent(operands["row_attainment"], reader),
        column=reader.kpi(str(operands["column_kpi"])),
        column_at=percent(operands["column_attainment"], reader),
        value=value,
    )


def _proportional(operands: Operands, value: str, reader: Reader) -> str:
    return reader.words.say(
        "%(sums)s: %(value)s (cap %(cap)s, floor %(floor)s)",
        sums=_proportional_sums(operands["total"], operands["excess"], reader),
        value=value,
        cap=plain(operands["cap"], reader),
        floor=plain(operands["floor"], reader),
    )


def _gate(operands: Operands, value: str, reader: Reader) -> str:
    return reader.words.say(
        "“%(kpi)s” scores %(score)s, and under %(least)s in any KPI pays %(value)s",
        kpi=reader.kpi(str(operands["kpi"])),
        score=plain(operands["score"], reader),
        least=plain(operands["lowest_score"], reader),
        value=value,
    )


_SUMS: Mapping[str, Callable[[Operands, str, Reader], str]] = {
    "bands": _bands,
    "matrix": _matrix,
    "gate": _gate,
}
"""The ways of paying that are not proportional to the total."""


def _proportional_sums(total: Decimal | str, excess: Decimal | str, reader: Reader) -> str:
    """`77.1 ÷ 100`, or with what is above 100 counted by its excess `(100 + 2 × 5.3) ÷ 100`."""
    if isinstance(total, str) or isinstance(excess, str) or excess == 1 or total <= 100:
        return f"{plain(total, reader)} ÷ 100"
    return f"(100 + {plain(excess, reader)} × {plain(total - 100, reader)}) ÷ 100"


def _coefficient(pay: Working, reader: Reader) -> str:
    return reader.figures.exact(pay.result, 4)

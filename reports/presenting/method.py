"""How the total came about, and the rules that hold for every card."""

from __future__ import annotations

from decimal import Decimal

from reports.presenting.conditional import extra_steps
from reports.presenting.reader import POINT_DIGITS, Reader
from reports.presenting.sums import equals, weight_factor
from reports.presenting.unlike import teams_then
from reports.presenting.vetoes import concluded
from reports.views import WorkingStep
from reports.wording import msgid
from scoring.arithmetic import EXACT, HUNDRED, weighted_sum
from scoring.scorecard import KpiResult, Scorecard
from scoring.working import Band

ATTAINED = msgid(
    "100 means exactly on target. Attainment is actual ÷ target, or target ÷ actual where lower is better. "
    "Each KPI's rule turns its attainment into a score; the working shows how."
)
ATTAINED_BY = msgid(
    "100 means exactly on target. Attainment says how far a target was reached, by a formula of each KPI. "
    "Each KPI's rule turns its attainment into a score; the working shows how."
)
ROUNDING = msgid(
    "Everything is computed with exact decimal numbers. A score is rounded once, half up, and so "
    "is the total at the very end; other figures are rounded for display only."
)
ROUNDING_UNROUNDED = msgid(
    "Everything is computed with exact decimal numbers. The total adds up unrounded scores and is rounded "
    "once, half up, at the very end; all other figures are rounded for display only."
)
NOT_AVAILABLE = {
    "exclude": msgid(
        "A KPI without a number is left out and never counted as zero: the weights of the others are "
        "scaled up in proportion, and the effective weight is shown."
    ),
    "equal_parts": msgid(
        "A KPI without a number is left out and never counted as zero: the others share its weight in equal "
        "parts, and the effective weight is shown."
    ),
    "zero": msgid("A KPI without a number counts as a score of zero, with its full weight."),
    "hold": msgid(
        "A KPI without a number holds the card until somebody has looked at it; in its total the weights "
        "of the others are scaled up in proportion."
    ),
}


def total_steps(card: Scorecard, reader: Reader) -> tuple[WorkingStep, ...]:
    """The total from the scores, with one rounding at the end; nothing where there is no total."""
    if card.total is None or all(result.score is None for result in card.results):
        return ()
    say = reader.words.say
    products = weighted_sum((_weight(item, card), item.counted or 0) for item in card.results)
    added = reader.figures.shown(products, POINT_DIGITS + 1)
    counting = reader.figures.exact(_counting(card), 4)
    unrounded = _unrounded(card, products)
    shown = f"{equals(unrounded, POINT_DIGITS + 1)} {reader.figures.shown(unrounded, POINT_DIGITS + 1)}"
    total, label = _system_total(card, reader)
    sums = f"{added} ÷ {counting}{weight_factor(card, reader)} {shown}"
    return (
        WorkingStep(say("Weight × score, added up"), added),
        WorkingStep(say("Weight of the KPIs that count"), counting),
        *extra_steps(card, reader),
        WorkingStep(label, concluded(sums, unrounded, total, card, reader)),
    )


def _counting(card: Scorecard) -> Decimal:
    """The weight of the KPIs that count."""
    return sum((_weight(item, card) for item in card.results if item.points is not None), Decimal(0))


def _weight(item: KpiResult, card: Scorecard) -> Decimal:
    """What a score is multiplied by: the agreed weight, scaled at the end, or what was shared out already."""
    return item.effective_weight if card.not_available == "equal_parts" else item.weight


def _unrounded(card: Scorecard, products: Decimal) -> Decimal:
    """The total before it is rounded, of the products of weight and score."""
    quotient = EXACT.divide(products, _counting(card))
    if card.total_weight == HUNDRED:
        return quotient
    return EXACT.divide(EXACT.multiply(quotient, card.total_weight), HUNDRED)


def _system_total(card: Scorecard, reader: Reader) -> tuple[Decimal | None, str]:
    """The total that the system's scores make, and what it is called where the card's is another."""
    if card.appraisal is not None:
        return card.appraisal.system_total, reader.words.say("System's total")
    if card.mix is not None:
        return card.mix.own, reader.words.say("Own total")
    return card.total, reader.words.say("Total")


def method_steps(card: Scorecard, reader: Reader) -> tuple[WorkingStep, ...]:
    """The rules of scoring and rounding in plain sentences."""
    say = reader.words.say
    return (
        WorkingStep(
            say("Score"),
            say(ATTAINED if _all_divide(card) else ATTAINED_BY),
        ),
        *_added_up(card, reader),
        WorkingStep(say("Status"), _status_text(card, reader)),
        WorkingStep(
            say("Rounding"),
            say(ROUNDING_UNROUNDED if _sums_unrounded(card) else ROUNDING),
        ),
        WorkingStep(
            say("Not available"),
            say(NOT_AVAILABLE.get(card.not_available, NOT_AVAILABLE["exclude"])),
        ),
        WorkingStep(
            say("Money"),
            say(
                "Amounts are in %(currency)s. Other currencies are converted at the rate of the day on which "
                "each amount arose.",
                currency=card.currency_code,
            ),
        ),
        WorkingStep(
            say("Revision"),
            say(
                "An issued scorecard never changes. A correction is issued as a new revision; the content "
                "hash shows whether two prints say the same."
            ),
        ),
    )


def _added_up(card: Scorecard, reader: Reader) -> tuple[WorkingStep, ...]:
    """Whose figures these are, of a card of several teams."""
    if not card.made_of:
        return ()
    say, teams = reader.words.say, reader.words.listing([name.to(card.language) for name in card.made_of])
    return (
        WorkingStep(
            say("Teams"),
            say(
                "The figures of %(teams)s are added up, and a ratio is made of these sums; it is never an "
                "average of their ratios.",
                teams=teams,
            ),
        ),
        *(WorkingStep(say("Teams before"), line) for line in teams_then(card, reader)),
    )


def _all_divide(card: Scorecard) -> bool:
    return all(result.attainment_method == "quotient" for result in card.results)


def _sums_unrounded(card: Scorecard) -> bool:
    return any(result.exact_score is not None for result in card.results)


def _status_text(card: Scorecard, reader: Reader) -> str:
    values = {
        f"{band.value}_{part}": getattr(reader.status(band), part)
        for band in (Band.GREEN, Band.AMBER, Band.RED)
        for part in ("glyph", "word")
    }
    return reader.words.say(
        "%(green_glyph)s %(green_word)s from a score of %(green)s, %(amber_glyph)s %(amber_word)s from "
        "%(amber)s, %(red_glyph)s %(red_word)s under that.",
        green=reader.figures.exact(card.cutoffs.green, 2),
        amber=reader.figures.exact(card.cutoffs.amber, 2),
        **values,
    )

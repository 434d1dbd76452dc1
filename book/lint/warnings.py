"""What is valid in a book but most likely not intended. A warning never stops a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from book.fault import Fault
from book.files.draft import Draft
from book.files.targets import TargetRow
from book.lint.fiscal import fiscal_of, why_none
from book.lint.paced import beside_others
from book.lint.percents import percent_warning
from book.lint.rates import rates_warning
from book.lint.stretches import Stretch, card_name, newest_of, stretches
from book.lint.undrawn import undrawn
from book.lint.untargeted import lacking_targets, uncovered
from scoring.kpi import Target
from scoring.period import Cadence, Period
from scoring.targets.terms import CardOf, PartPeriod, card_of

FEWEST, MOST = 3, 15
LIGHTEST, HEAVIEST = Decimal(5), Decimal(40)


def warnings_of(draft: Draft, today: date) -> Iterator[Fault]:
    """Everything worth a look from `today` on; the past cannot be changed any more."""
    yield from rates_warning(draft)
    yield from _reviews(draft, today)
    yield from lacking_targets(draft, today)
    yield from undrawn(draft)
    for (team_id, (per, *_)), rows in _by_card(draft).items():
        yield from _of_card(card_name(team_id, per), rows, today)
        if not why_none(per, fiscal_of(draft)) and per is not Cadence.SPAN:
            yield from _last_period(draft, (team_id, per), rows, today)
            yield from uncovered(card_name(team_id, per), rows, today)
        yield from _percents(draft, rows, today)
        yield from beside_others(draft, rows, today)


def _reviews(draft: Draft, today: date) -> Iterator[Fault]:
    for entry in draft.kpis.values():
        if (entry.kpi.review_date or today) < today:
            yield entry.file.fault(
                ("review_date",),
                f"review_date: expected a day that is still to come, found {entry.kpi.review_date}; "
                "review the definition and set the next day",
            )


def _percents(draft: Draft, rows: Mapping[Target, TargetRow], today: date) -> Iterator[Fault]:
    """Percentages that are most likely a hundred times too high."""
    for target, row in rows.items():
        kpi = draft.kpi(target.kpi_id)
        if kpi is not None and target.valid_until > today:
            yield from (
                row.fault(f"{target.team_id} {kpi.id}: {told}") for told in percent_warning(target, kpi)
            )


def _by_card(draft: Draft) -> Mapping[tuple[str, CardOf], dict[Target, TargetRow]]:
    cards: defaultdict[tuple[str, CardOf], dict[Target, TargetRow]] = defaultdict(dict)
    for row in draft.targets.rows:
        if row.target is not None:
            cards[row.team_id, card_of(row.target)][row.target] = row
    return cards


def _of_card(name: str, rows: dict[Target, TargetRow], today: date) -> Iterator[Fault]:
    to_come = list(_to_come(rows, today))
    yield from _counts(name, rows, to_come)
    for stretch in to_come:
        yield from (_weight(rows, target) for target in stretch.counted if _is_odd(target))


def _last_period(
    draft: Draft, card: tuple[str, Cadence], rows: dict[Target, TargetRow], today: date
) -> Iterator[Fault]:
    """Targets that end within a period: its last day decides, so it has none, or one of fewer days."""
    for last in list(_to_come(rows, today))[-1:]:
        ends_in = _period(draft, last.end, card[1])
        if last.end == ends_in.start:
            continue
        yield newest_of(rows, last.held).fault(
            f"{card_name(*card)}: expected targets up to the end of a {card[1].words}, found none from "
            f"{last.end} on, so {ends_in} {_then(draft)}; valid_until is the first day that no longer "
            f"counts, {ends_in.end} for all of {ends_in}"
        )


def _period(draft: Draft, day: date, per: Cadence) -> Period:
    return Period.containing(day, per, fiscal_of(draft) if per.startswith("fiscal") else None)


def _then(draft: Draft) -> str:
    """What comes of a period that the targets end in."""
    is_whole = draft.grading is None or draft.grading.part_period is PartPeriod.WHOLE
    return "has no card" if is_whole else "is scored by the days before alone"


def _counts(name: str, rows: dict[Target, TargetRow], to_come: Sequence[Stretch]) -> Iterator[Fault]:
    """Each number of KPIs that is too low or too high, where it is first."""
    firsts = {len(stretch.counted): stretch for stretch in reversed(to_come)}
    for count, stretch in firsts.items():
        if not FEWEST <= count <= MOST:
            yield newest_of(rows, stretch.held).fault(
                f"{name}: expected {FEWEST} to {MOST} KPIs on a card, found {count} from {stretch.start} on; "
                "check whether that is intended"
            )


def _to_come(rows: Collection[Target], today: date) -> Iterator[Stretch]:
    """The stretches with rows that do not end before `today`."""
    return (stretch for stretch in stretches(rows) if stretch.end > today and stretch.held)


def _is_odd(target: Target) -> bool:
    return not LIGHTEST <= target.weight <= HEAVIEST


def _weight(rows: dict[Target, TargetRow], target: Target) -> Fault:
    return rows[target].fault(
        f"{target.team_id} {target.kpi_id}: expected a weight from {LIGHTEST} to {HEAVIEST}, "
        f"found {target.weight}; check whether that is intended"
    )

"""Checks what the rules of an area can give on a card against the points that the area is worth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from book.fault import Fault
from book.files.draft import Draft
from book.files.shapes import AreaShape, KpiShape
from book.files.targets import TargetRow
from book.lint.rules import readable_rule
from book.lint.stretches import Stretch, every_stretch, newest_of
from scoring.arithmetic import HUNDRED
from scoring.kpi import Direction, Target


@dataclass(frozen=True, slots=True)
class _AreaRows:
    """The rows of one area on a team's card, and the most they can give."""

    stretch: Stretch
    targets: tuple[Target, ...]
    most: Decimal


def lint_caps(draft: Draft) -> Iterator[Fault]:
    """Every area that may give less than it is worth."""
    for area_id, area in _areas(draft).items():
        if _can_never_be_full(area):
            yield draft.files["organisation.yaml"].fault(
                ("areas", area_id, "cap"),
                f"areas.{area_id}.cap: expected {area.points}, its points, or more, found {area.cap}; "
                "correct one",
            )


def _can_never_be_full(area: AreaShape) -> bool:
    return area.points is not None and area.cap is not None and area.cap < area.points


def lint_areas(draft: Draft, dated: Sequence[tuple[TargetRow, Target]]) -> Iterator[Fault]:
    """Every area of a team's cards that gives more than its cap, or less than its points at best."""
    rows = {target: row for row, target in dated}
    for area_id, area in _areas(draft).items():
        yield from _of_one(area_id, area, _firsts(list(_area_rows(draft, area_id, rows))), rows)


def _of_one(
    area_id: str, area: AreaShape, sums: Iterable[_AreaRows], rows: Mapping[Target, TargetRow]
) -> Iterator[Fault]:
    for found in sums:
        message = _message(area_id, area, found)
        if message:
            yield newest_of(rows, found.targets).fault(message)


def _firsts(found: Sequence[_AreaRows]) -> Iterable[_AreaRows]:
    """The same sum in several stretches of days is one mistake, told where it is first."""
    return {rows.most: rows for rows in reversed(found)}.values()


def _areas(draft: Draft) -> Mapping[str, AreaShape]:
    return draft.organisation.areas if draft.organisation else {}


def _area_rows(draft: Draft, area_id: str, targets: Iterable[Target]) -> Iterator[_AreaRows]:
    for stretch in every_stretch(targets):
        of_area = tuple(_of_area(draft, area_id, stretch.held))
        most = _most(draft, of_area)
        if of_area and most is not None:
            yield _AreaRows(stretch, of_area, most)


def _of_area(draft: Draft, area_id: str, targets: Iterable[Target]) -> Iterator[Target]:
    for target in targets:
        kpi = draft.kpi(target.kpi_id)
        if kpi is not None and kpi.area == area_id:
            yield target


def _most(draft: Draft, targets: Sequence[Target]) -> Decimal | None:
    """The most points that the targets can give; None if a rule cannot be read."""
    points = Decimal(0)
    for target in targets:
        best = best_of(draft.kpis[target.kpi_id].kpi)
        if best is None:
            return None
        points += target.weight * best / HUNDRED
    return points


def best_of(kpi: KpiShape) -> Decimal | None:
    """The most that the KPI can score; None where its rule cannot be read."""
    rule = readable_rule(kpi)
    if rule is None:
        return None
    # nobody gets further than on target where a range is best
    return min(rule.best, HUNDRED) if kpi.direction is Direction.RANGE else rule.best


def _message(area_id: str, area: AreaShape, found: _AreaRows) -> str | None:
    team_id, since = found.targets[0].team_id, f"from {found.stretch.start} to {found.stretch.end}"
    rules = "correct the rules, the weights or the area in organisation.yaml"
    if area.cap is not None and found.most > area.cap:
        expected = f"at most {area.cap}, its cap"
    elif area.points is not None and found.most < area.points:
        expected = f"{area.points} to be reached, its points"
    else:
        return None
    return f"{team_id} {area_id}: expected {expected}, {since}, found {found.most:f} at best; {rules}"

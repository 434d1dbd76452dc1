"""KPIs that people judge: events counted and levels chosen, which no measure knows."""

from __future__ import annotations

from collections.abc import Iterator

from book.fault import Fault
from book.files.kpi_files import KpiFile
from book.files.shapes import AttainmentShape
from scoring.kpi import Direction, Unit
from scoring.rules import Needs

_BETTER = {
    Needs.EVENTS: (Direction.LOWER, "events are to be few"),
    Needs.LEVEL: (Direction.HIGHER, "a level worth more points is better"),
}


def lint_judged(entry: KpiFile, needs: Needs) -> Iterator[Fault]:
    """What fits a rule over targets but not one over events or levels."""
    kpi, rule = entry.kpi, entry.kpi.rule["name"]
    if kpi.formula is not None:
        yield entry.file.fault(
            ("formula",),
            f"formula: expected none, because people enter what the rule {rule} scores, "
            f"found {kpi.formula!r}; remove it",
        )
    if kpi.attainment != AttainmentShape():
        yield entry.file.fault(
            ("attainment",),
            f"attainment: expected none with the rule {rule}, which has no target, found one; remove it",
        )
    yield from _direction(entry, needs)
    yield from _unit(entry, needs)


def _unit(entry: KpiFile, needs: Needs) -> Iterator[Fault]:
    if needs is Needs.EVENTS and entry.kpi.unit is not Unit.COUNT:
        yield entry.file.fault(
            ("unit",),
            f"unit: expected count with the rule {entry.kpi.rule['name']}, which counts events, "
            f"found {str(entry.kpi.unit)!r}; correct one of them",
        )


def _direction(entry: KpiFile, needs: Needs) -> Iterator[Fault]:
    wanted, because = _BETTER[needs]
    if entry.kpi.direction is not wanted:
        yield entry.file.fault(
            ("direction",),
            f"direction: expected {wanted} with the rule {entry.kpi.rule['name']}, because {because}, "
            f"found {str(entry.kpi.direction)!r}; correct one of them",
        )

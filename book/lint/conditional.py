"""Checks the gates and the points on top of grading.yaml: what they name, and whether they can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from book.fault import Fault
from book.files.draft import Draft
from book.files.shapes import AskedShape, ExtraShape, GateShape, KpiShape
from book.files.yaml_file import Place
from book.lint.areas import best_of
from book.lint.known import is_unknown
from scoring.arithmetic import HUNDRED
from scoring.period import Cadence

Card = tuple[str, Cadence]
"""A team's cards of one length of period."""


@dataclass(frozen=True, slots=True)
class _Checked:
    """A gate or an extra: where it stands, the KPIs it is about, and the way its scores are asked."""

    draft: Draft
    place: Place
    about: frozenset[str]
    asked: Sequence[AskedShape]
    way: str

    @property
    def names(self) -> str:
        """The KPIs that are asked."""
        return ", ".join(each.kpi for each in self.asked)

    def fault(self, place: Place, expected: str, found: object, todo: str = "correct it") -> Fault:
        """A fault at a place within it."""
        name = ".".join(map(str, (*self.place, *place)))
        message = f"{name}: expected {expected}, found {found}; {todo}"
        return self.draft.files["grading.yaml"].fault((*self.place, *place), message)


def lint_conditional(draft: Draft) -> Iterator[Fault]:
    """Every gate, and all points on top, that cannot work as they are written."""
    if draft.grading is None or not draft.targets.complete:
        return
    for at, gate in enumerate(draft.grading.gates):
        yield from _gate(draft, gate, ("gates", at))
    for at, extra in enumerate(draft.grading.extras):
        yield from _extra(draft, extra, ("extras", at))


def _gate(draft: Draft, gate: GateShape, place: Place) -> Iterator[Fault]:
    checked = _Checked(draft, place, _about(draft, gate), gate.only_if, "from")
    yield from _undecided(checked, gate)
    yield from list(_all_asked(checked)) or _off_card(checked)


def _undecided(checked: _Checked, gate: GateShape) -> Iterator[Fault]:
    if not checked.about or None not in (gate.kpi, gate.area):
        found = " and ".join(filter(None, (gate.kpi, gate.area))) or "neither"
        yield checked.fault((), "either a kpi or an area of which targets/ has rows", found)


def _about(draft: Draft, gate: GateShape) -> frozenset[str]:
    """The KPIs with targets that the gate is about."""
    return frozenset(kpi_id for kpi_id in _agreed(draft) if _is_about(gate, draft.kpis[kpi_id].kpi))


def _agreed(draft: Draft) -> set[str]:
    """The known KPIs that have targets."""
    return draft.kpis.keys() & {row.kpi_id for row in draft.targets.rows}


def _is_about(gate: GateShape, kpi: KpiShape) -> bool:
    return gate.kpi == kpi.id or gate.area == kpi.area


def _extra(draft: Draft, extra: ExtraShape, place: Place) -> Iterator[Fault]:
    checked = _Checked(draft, place, frozenset(), extra.only_if, "from" if extra.points > 0 else "below")
    if not extra.points:
        yield checked.fault(("points",), "points above 0, or below it for a penalty", "0")
    else:
        yield from list(_all_asked(checked)) or list(_strangers(checked, extra)) or _nobody(checked, extra)


def _strangers(checked: _Checked, extra: ExtraShape) -> Iterator[Fault]:
    for team_id in extra.teams:
        if is_unknown(team_id, checked.draft.team_ids):
            yield checked.fault(("teams",), "teams of teams.yaml", repr(team_id))


def _nobody(checked: _Checked, extra: ExtraShape) -> Iterator[Fault]:
    """Points that a team it is for, or any team, can never have: its cards lack a KPI."""
    for whose in _lacking(checked, extra)[:1]:
        yield checked.fault(("only_if",), f"KPIs on one card of {whose}", checked.names)


def _lacking(checked: _Checked, extra: ExtraShape) -> list[str]:
    """The teams it is for that cannot have it; where it is for all, only if none can."""
    having = {team_id for team_id, _ in _cards(checked)}
    teams = extra.teams or tuple(having)[:1] or ("any team",)
    return [team_id for team_id in teams if team_id not in having]


def _cards(checked: _Checked) -> set[Card]:
    """The cards that have all KPIs that are asked."""
    found = [_cards_with(checked.draft, {each.kpi}) for each in checked.asked]
    return set.intersection(*found)


def _cards_with(draft: Draft, kpi_ids: Iterable[str]) -> set[Card]:
    rows = (row for row in draft.targets.rows if row.kpi_id in kpi_ids)
    return {(row.team_id, row.target.per) for row in rows if row.target is not None}


def _off_card(checked: _Checked) -> Iterator[Fault]:
    """A card with what the gate is about, and without what it asks: nothing would ever close it."""
    lacking = _cards_with(checked.draft, checked.about) - _cards(checked)
    for team_id, per in sorted(lacking)[:1]:
        yield checked.fault(
            ("only_if",),
            f"KPIs that cards per {per} of {team_id} have, too",
            checked.names,
            "add rows to targets/, with the weight information where they are not to count",
        )


def _all_asked(checked: _Checked) -> Iterator[Fault]:
    for at, asked in enumerate(checked.asked):
        yield from _asked(checked, asked, ("only_if", at))


def _asked(checked: _Checked, asked: AskedShape, place: Place) -> Iterator[Fault]:
    yield from _one_score(checked, asked, place)
    kpi = checked.draft.kpi(asked.kpi)
    if kpi is None or asked.kpi in checked.about:
        yield checked.fault((*place, "kpi"), "another KPI of kpis/", repr(asked.kpi))
    else:
        yield from _reachable(checked, kpi, asked.scores.get(checked.way, HUNDRED), place)


def _one_score(checked: _Checked, asked: AskedShape, place: Place) -> Iterator[Fault]:
    if [*asked.scores] != [checked.way]:
        yield checked.fault(place, f"a score after {checked.way}", ", ".join(asked.scores) or "none")


def _reachable(checked: _Checked, kpi: KpiShape, score: Decimal, place: Place) -> Iterator[Fault]:
    best = best_of(kpi)
    if best is not None and score > best:
        yield checked.fault(place, f"at most {best:f}, the most that {kpi.id} can score", score)

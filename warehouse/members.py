"""The members of a figure, such as campaigns: by what its rows are told apart, and what each brings in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from scoring.drivers.effects import Amounts, Moved
from scoring.drivers.members import By, Driver, Key, Member, Values
from scoring.drivers.quotient import NONE, Quotient
from warehouse.facts import fact_catalog
from warehouse.tracing import SourceRow

_COLUMNS = {By.CAMPAIGN: "campaign_id", By.CHANNEL: "channel"}


@dataclass(frozen=True, slots=True)
class MeasureRows:
    """The rows of a measure in both periods; `name` is the one on the card."""

    name: str
    fact: str
    before: tuple[SourceRow, ...]
    now: tuple[SourceRow, ...]


def ways(fact: str) -> list[By]:
    """By what the rows of a fact can be told apart, the finest way first.

    Where rows name no channel, their platform is one.
    """
    columns = {column.name for column in fact_catalog()[fact].columns}
    named = [by for by, column in _COLUMNS.items() if column in columns]
    return list(dict.fromkeys((*named, By.KEY, By.CHANNEL, By.ACCOUNT)))


def drivers_by(
    measures: Iterable[MeasureRows], by: Mapping[str, By], quotient: Quotient
) -> tuple[Driver, ...]:
    """Each member once, in the order of their keys; `by` says what the members of each fact are.

    A member is called as it was last.
    """
    names: dict[Key, Member] = {}
    before, now = _empty(), _empty()
    for measure in measures:
        for rows, values in ((measure.before, before), (measure.now, now)):
            for row in rows:
                member = _member(row, by[measure.fact])
                names[member.key] = member
                values[member.key][measure.name] += Fraction(row.part)
    return tuple(
        Driver(
            member,
            before[key],
            now[key],
            Moved(_amounts(quotient, before[key]), _amounts(quotient, now[key])),
        )
        for key, member in sorted(_told_apart(names).items())
    )


def _empty() -> defaultdict[Key, defaultdict[str, Fraction]]:
    return defaultdict(lambda: defaultdict(Fraction))


def _member(row: SourceRow, by: By) -> Member:
    """The member that a row belongs to; a natural id is one only together with its account."""
    account = (by, row.source, row.entity)
    match by:
        case By.CAMPAIGN:
            return Member(by, (*account, row.names["campaign_id"]), row.names["campaign_name"])
        case By.CHANNEL:
            channel = row.names.get("channel", row.source)
            return Member(by, (by, channel), channel)
        case By.KEY:
            return Member(by, (*account, row.owner_key), row.owner_key)
    return Member(by, account, f"{row.source}/{row.entity}")


def _amounts(quotient: Quotient, values: Values) -> Amounts:
    return Amounts(quotient.above.of(values), NONE if quotient.below is None else quotient.below.of(values))


def _told_apart(members: Mapping[Key, Member]) -> dict[Key, Member]:
    """The members; those of one name have what tells them apart behind it."""
    names = Counter(member.name for member in members.values())
    return {key: _named(member, names) for key, member in members.items()}


def _named(member: Member, names: Mapping[str, int]) -> Member:
    if names[member.name] == 1:
        return member
    return replace(member, name=f"{member.name} ({member.key[-1]})")

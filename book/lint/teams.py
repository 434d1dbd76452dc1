"""Checks teams against the accounts, and against each other: who owns how much of what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from book.fault import Fault
from book.files.draft import Draft
from book.files.shapes import DelegateShape, ManagerShape, OwnedShape, TeamChangeShape, TeamShape
from book.files.yaml_file import Place
from book.lint.known import is_unknown
from book.model import holds_on, turns_of
from scoring.addresses import one_spelling
from warehouse import UNASSIGNED

Slot = tuple[str, str, str]
"""The source, the account and the owner key."""


def lint_teams(draft: Draft) -> Iterator[Fault]:
    """Every contradiction in teams.yaml, and between it and sources.yaml."""
    yield from _names(draft)
    yield from _addresses(draft)
    yield from _departments(draft)
    yield from _days(draft)
    for place, owned in _owned(draft):
        yield from _account(draft, place, owned)
    if draft.team_ids == frozenset(draft.teams):
        yield from _shares(draft)


def _names(draft: Draft) -> Iterator[Fault]:
    if draft.team_ids and UNASSIGNED in draft.team_ids:
        yield draft.files["teams.yaml"].fault(
            (UNASSIGNED,), f"expected another id, found {UNASSIGNED!r}, which means no team; rename it"
        )


def _addresses(draft: Draft) -> Iterator[Fault]:
    """Nobody may get another person's card."""
    people: dict[str, ManagerShape] = {}
    for place, manager in stated_in_teams(draft, "manager"):
        other = people.setdefault(one_spelling(manager.email), manager)
        if not _names_of(other) & _names_of(manager):
            yield draft.files["teams.yaml"].fault(
                (*place, "email"),
                f"{dotted(place)}.email: expected one person behind {manager.email}, "
                f"found {other.name} and {manager.name}; correct one",
            )


def _names_of(manager: ManagerShape) -> set[str]:
    return {manager.name, *manager.formerly}


def stated_in_teams(draft: Draft, name: str) -> Iterator[tuple[Place, Any]]:
    """What each team, and each of its changes, says under that name, with the place in the file."""
    for place, part in _parts(draft):
        said = getattr(part, name)
        if said is not None:
            yield (*place, name), said


def _parts(draft: Draft) -> Iterator[tuple[Place, TeamShape | TeamChangeShape]]:
    """Each team as it was at first, and each of its changes, with the place in the file."""
    for team_id, team in draft.teams.items():
        yield (team_id,), team
        for index, change in enumerate(team.changes):
            yield (team_id, "changes", index), change


def dotted(place: Place) -> str:
    """`eu-brand.changes.2.owns`, counted from 1 as people do."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in place)


def _days(draft: Draft) -> Iterator[Fault]:
    """A change or delegate that holds on no day, and two changes of one thing from the same day on."""
    for team_id, team in draft.teams.items():
        for index, change in enumerate(team.changes):
            yield from _span(draft, (team_id, "changes", index), change)
        for index, delegate in enumerate(team.delegates):
            yield from _span(draft, (team_id, "delegates", index), delegate)
        yield from _doubled(draft, team_id, team)


def _span(draft: Draft, place: Place, span: TeamChangeShape | DelegateShape) -> Iterator[Fault]:
    if span.until is not None and span.until <= span.start:
        yield draft.files["teams.yaml"].fault(
            place,
            f"{dotted(place)}: expected `until`, the first day that no longer counts, after "
            f"{span.start}, found {span.until}; correct it",
        )


def _doubled(draft: Draft, team_id: str, team: TeamShape) -> Iterator[Fault]:
    seen: set[tuple[date, str]] = set()
    for index, change in enumerate(team.changes):
        for name in sorted(change.model_fields_set - {"start", "until"}):
            if (change.start, name) in seen:
                place = (team_id, "changes", index)
                yield draft.files["teams.yaml"].fault(
                    place,
                    f"{dotted(place)}: expected one change of {name} from {change.start} on, found two; "
                    "correct one",
                )
            seen.add((change.start, name))


def _departments(draft: Draft) -> Iterator[Fault]:
    if draft.organisation is None:
        return
    known = draft.organisation.departments
    listed = ", ".join(sorted(known)) or "none, because it has no departments"
    for place, department in stated_in_teams(draft, "department"):
        if department not in known:
            yield draft.files["teams.yaml"].fault(
                place,
                f"{dotted(place)}: expected one of organisation.yaml ({listed}), "
                f"found {department!r}; correct it",
            )


def _owned(draft: Draft) -> Iterator[tuple[Place, OwnedShape]]:
    for place, owns in stated_in_teams(draft, "owns"):
        for index, owned in enumerate(owns):
            yield (*place, index), owned


def _account(draft: Draft, place: Place, owned: OwnedShape) -> Iterator[Fault]:
    if is_unknown(owned.entity, _entities(draft, owned.source)):
        yield draft.files["teams.yaml"].fault(
            place,
            f"{place[0]}.owns: expected an account of sources.yaml, "
            f"found {owned.source}/{owned.entity}; correct it",
        )


def _entities(draft: Draft, source: str) -> set[str] | None:
    """The source's accounts; None where nobody can say, because what lists them could not be read."""
    if source in draft.sources:
        return {account.entity for account in draft.sources[source].accounts}
    is_unreadable = draft.source_ids is None or source in draft.source_ids
    return None if is_unreadable else set()


def _shares(draft: Draft) -> Iterator[Fault]:
    """On every day the shares of a key sum to 1; a key that does not is reported once."""
    reported: set[Slot] = set()
    changes = chain.from_iterable(team.changes for team in draft.teams.values())
    for day in sorted({date.min, *turns_of(changes)}):
        shares, places = _shares_on(draft, day)
        for slot, share in shares.items():
            if share != 1 and slot not in reported:
                reported.add(slot)
                yield draft.files["teams.yaml"].fault(places[slot], _uneven(slot, share, day))


def _uneven(slot: Slot, share: Decimal, day: date) -> str:
    source, entity, key = slot
    since = "" if day == date.min else f" from {day} on"
    return f"{source}/{entity} {key!r}: expected shares that sum to 1{since}, found {share}; correct them"


def _shares_on(draft: Draft, day: date) -> tuple[dict[Slot, Decimal], dict[Slot, Place]]:
    shares: defaultdict[Slot, Decimal] = defaultdict(Decimal)
    places: dict[Slot, Place] = {}
    for team_id, team in draft.teams.items():
        place, parts = _owns_on(team_id, team, day)
        for index, owned in enumerate(parts):
            for key in owned.keys:
                slot = (owned.source, owned.entity, key)
                shares[slot] += owned.share
                places[slot] = (*place, index)
    return shares, places


def _owns_on(team_id: str, team: TeamShape, day: date) -> tuple[Place, tuple[OwnedShape, ...]]:
    """What the team owns on the day, and where the file says so."""
    found: tuple[Place, tuple[OwnedShape, ...]] = ((team_id, "owns"), team.owns or ())
    for index, change in sorted(enumerate(team.changes), key=lambda numbered: numbered[1].start):
        if change.owns is not None and holds_on(change, day):
            found = (team_id, "changes", index, "owns"), change.owns
    return found

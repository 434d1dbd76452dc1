"""Checks teams against the accounts, and against each other: who owns how much of what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from book.fault import Fault
from book.files.draft import Draft
from book.files.shapes import OwnedShape
from book.files.yaml_file import Place
from etl.warehouse import UNASSIGNED


def lint_teams(draft: Draft) -> Iterator[Fault]:
    """Every contradiction in teams.yaml, and between it and sources.yaml."""
    yield from _names(draft)
    yield from _addresses(draft)
    yield from _departments(draft)
    for team_id, team in draft.teams.items():
        for index, owned in enumerate(team.owns):
            yield from _account(draft, (team_id, "owns", index), owned)
    if draft.team_ids == frozenset(draft.teams):
        yield from _shares(draft)


def _names(draft: Draft) -> Iterator[Fault]:
    if draft.team_ids and UNASSIGNED in draft.team_ids:
        yield draft.files["teams.yaml"].fault(
            (UNASSIGNED,), f"expected another id, found {UNASSIGNED!r}, which means no team; rename it"
        )


def _addresses(draft: Draft) -> Iterator[Fault]:
    """Nobody may get another person's card."""
    addresses: dict[str, str] = {}
    for team_id, team in draft.teams.items():
        manager = team.manager
        other = addresses.setdefault(manager.email.lower(), manager.name)
        if other != manager.name:
            yield draft.files["teams.yaml"].fault(
                (team_id, "manager", "email"),
                f"{team_id}.manager.email: expected one person behind {manager.email}, "
                f"found {other} and {manager.name}; correct one",
            )


def _departments(draft: Draft) -> Iterator[Fault]:
    if draft.organisation is None:
        return
    known = draft.organisation.departments
    listed = ", ".join(sorted(known)) or "none, for it has no departments"
    for team_id, team in draft.teams.items():
        if team.department is not None and team.department not in known:
            yield draft.files["teams.yaml"].fault(
                (team_id, "department"),
                f"{team_id}.department: expected one of organisation.yaml ({listed}), "
                f"found {team.department!r}; correct it",
            )


def _account(draft: Draft, place: Place, owned: OwnedShape) -> Iterator[Fault]:
    known = _entities(draft, owned.source)
    if known is not None and owned.entity not in known:
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
    shares: defaultdict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    places: dict[tuple[str, str, str], Place] = {}
    for team_id, team in draft.teams.items():
        for index, owned in enumerate(team.owns):
            for key in owned.keys:
                slot = (owned.source, owned.entity, key)
                shares[slot] += owned.share
                places[slot] = (team_id, "owns", index)
    for (source, entity, key), share in shares.items():
        if share != 1:
            yield draft.files["teams.yaml"].fault(
                places[source, entity, key],
                f"{source}/{entity} {key!r}: expected shares that sum to 1, found {share}; correct them",
            )

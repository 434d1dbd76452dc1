"""Whom cards may reach: mail addresses and chat groups, by what the book allows and what a group may know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from book.fault import Fault
from book.files.draft import Draft
from book.files.shapes import AllowedShape, CopyShape, GroupShape
from book.files.yaml_file import Place
from book.lint.teams import dotted, stated_in_teams
from book.model import Allowed, domain_of
from disk.nearest import did_you_mean

_UPLOADS = ("wecom",)


def lint_reach(draft: Draft) -> Iterator[Fault]:
    """Every recipient that the book does not allow, and every group that would read too much."""
    if draft.organisation is not None:
        yield from _domains(draft, draft.organisation.allowed)
        yield from _channels(draft, draft.organisation.allowed)
    yield from _passphrases(draft)
    yield from _twice(draft)
    yield from _files(draft)
    yield from _of_two_teams(draft)


def _domains(draft: Draft, shape: AllowedShape) -> Iterator[Fault]:
    allowed = Allowed(None if shape.domains is None else frozenset(map(domain_of, shape.domains)))
    listed = ", ".join(shape.domains or ())
    for name, place, address in _addresses(draft):
        if not allowed.has_domain(address):
            yield draft.files[name].fault(
                place,
                f"{dotted(place)}: expected an address of a domain that organisation.yaml allows ({listed}), "
                f"found {address!r}; correct it, or allow the domain",
            )


def _addresses(draft: Draft) -> Iterator[tuple[str, Place, str]]:
    """Every address that something is mailed to, with its file and place."""
    yield from _read_by(draft)
    yield from _asked(draft)
    for index, address in enumerate(draft.calendar.tell if draft.calendar else ()):
        yield "calendar.yaml", ("tell", index), address


def _read_by(draft: Draft) -> Iterator[tuple[str, Place, str]]:
    """Every address that cards are mailed to, with its file and place."""
    for place, manager in stated_in_teams(draft, "manager"):
        yield "teams.yaml", (*place, "email"), manager.email
    for place, other in _others(draft):
        yield "teams.yaml", (*place, "email"), other.email


def _passphrases(draft: Draft) -> Iterator[Fault]:
    """Passphrases of nobody: whoever was meant would get the documents in clear."""
    known = [address for *_, address in _read_by(draft)]
    for address in _named(draft):
        if address not in ("*", *known):
            yield draft.files["organisation.yaml"].fault(
                ("mail", "passphrases", address),
                f"mail.passphrases: expected addresses of teams.yaml that cards are mailed to, or '*', found "
                f"{address!r}{did_you_mean(address, known)}; correct it",
            )


def _named(draft: Draft) -> Iterable[str]:
    """Whom the book names a passphrase for."""
    return draft.organisation.mail.passphrases if draft.organisation else ()


def _asked(draft: Draft) -> Iterator[tuple[str, Place, str]]:
    """Everybody who is asked for something: an approval, or marks."""
    approval = draft.organisation and draft.organisation.approval
    for index, approver in enumerate(approval.approvers if approval else ()):
        yield "organisation.yaml", ("approval", "approvers", index, "email"), approver.email
    for place, appraiser in stated_in_teams(draft, "appraiser"):
        if appraiser.email is not None:
            yield "teams.yaml", (*place, "email"), appraiser.email


def _others(draft: Draft) -> Iterator[tuple[Place, CopyShape]]:
    """Everybody who gets a card beside a manager, with the place in the file."""
    for team_id, team in draft.teams.items():
        for index, delegate in enumerate(team.delegates):
            yield (team_id, "delegates", index), delegate
    for place, copies in stated_in_teams(draft, "copies"):
        for index, copy in enumerate(copies):
            yield (*place, index), copy


def _channels(draft: Draft, allowed: AllowedShape) -> Iterator[Fault]:
    if allowed.channels is None:
        return
    for place, group in _groups(draft):
        if group.channel not in allowed.channels:
            yield draft.files["teams.yaml"].fault(
                (*place, "channel"),
                f"{dotted(place)}.channel: expected a channel that organisation.yaml allows "
                f"({', '.join(allowed.channels)}), found {group.channel!r}; take it out, or allow it",
            )


def _groups(draft: Draft) -> Iterator[tuple[Place, GroupShape]]:
    """Every group of every team, and of each of its changes, with its place."""
    for place, groups in stated_in_teams(draft, "groups"):
        for index, group in enumerate(groups):
            yield (*place, index), group


def _twice(draft: Draft) -> Iterator[Fault]:
    seen: set[tuple[Place, str, str]] = set()
    for place, group in _groups(draft):
        key = (place[:-1], group.channel, group.connection)
        if key in seen:
            yield draft.files["teams.yaml"].fault(
                place,
                f"{dotted(place)}: expected each group once, found {group.channel} {group.connection} again; "
                "remove one",
            )
        seen.add(key)


def _files(draft: Draft) -> Iterator[Fault]:
    for place, group in _groups(draft):
        why = _why_no_file(draft, group) if group.file else None
        if why is not None:
            yield draft.files["teams.yaml"].fault(
                (*place, "file"), f"{dotted(place)}.file: expected false, {why}, found true; correct it"
            )


def _why_no_file(draft: Draft, group: GroupShape) -> str | None:
    """Why the group cannot, or must not, get a card's documents; None where it may."""
    if group.channel not in _UPLOADS:
        return f"because a webhook of {group.channel} takes no file"
    if group.readers != "team":
        return "because it is not a group of the team's people (`readers: team`)"
    if _named(draft):
        return "because the book has passphrases (`mail.passphrases`), and a chat takes no locked file"
    grading = draft.grading
    if grading is not None and any((grading.pay, grading.grades, grading.appraisal)):
        return "because a card of this book has grade, pay or marks, which are the manager's"
    return None


def _of_two_teams(draft: Draft) -> Iterator[Fault]:
    """A group of one team's people would read another team's total."""
    teams: defaultdict[tuple[str, str], dict[str, Place]] = defaultdict(dict)
    for place, group in _groups(draft):
        if group.readers == "team":
            teams[group.channel, group.connection].setdefault(str(place[0]), place)
    for found in teams.values():
        yield from _shared(draft, list(found.items()))


def _shared(draft: Draft, found: list[tuple[str, Place]]) -> Iterable[Fault]:
    first = found[0][0]
    for team_id, place in found[1:]:
        yield draft.files["teams.yaml"].fault(
            (*place, "readers"),
            f"{dotted(place)}.readers: expected one team's people in a group, found `readers: team` of "
            f"{first} and {team_id}, who would read each other's totals; correct one",
        )

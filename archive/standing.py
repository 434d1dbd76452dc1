"""Cards that stand: issued as they were drafted, with every document as it was issued."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from archive.cards import CardRef, CardStore
from disk import write_atomically
from ledger import Issue, Ledger
from scoring.canonical import was_made_of

DRAFTED = "drafted.sha256"
"""The file beside the cards of a period that says what they were last drafted from, and what they said."""
_AT_A_TIME = 500
"""The cards of thousands of teams need not be in memory together."""


def standing(store: CardStore, ledger: Ledger, names: Sequence[str], state: str) -> dict[str, int]:
    """Those of the cards called `names`, all of one period, for which nothing is left to do, in their order,
    each with its issue.

    The disk has such a card and its documents as they were issued, and it is right for the data in `state`.
    """
    confirmed, refs = ledger.confirmed_for({state}), [*map(CardRef.parse, names)]

    def stands(issue: Issue) -> bool:
        is_right = issue.id in confirmed or was_made_of(issue.card_json, state)
        return is_right and store.has_card(issue) and store.has_documents(issue)

    newest = filter(stands, _newest(ledger, refs[0].period, [ref.team_id for ref in refs]))
    issued = {str(CardRef.of(issue)): issue.id for issue in newest}
    return {name: issued[name] for name in names if name in issued}


def note_drafted(store: CardStore, period: str, made_of: str, said: Mapping[str, str]) -> None:
    """Note that all cards of the period were drafted from `made_of`, a hash of all that they are made of,
    and what each of them said, as JSON's hash.
    """
    write_atomically(store.root / period / DRAFTED, _spelled(made_of, said))


def drafted_before(
    store: CardStore, ledger: Ledger, period: str, teams: Sequence[str], made_of: str
) -> tuple[str, ...]:
    """The names of the teams' cards if they were drafted from the same, are issued so and lie so on the disk;
    none where anything is another.
    """
    path = store.root / period / DRAFTED
    noted = path.read_bytes() if path.exists() else b""
    if not noted.startswith(made_of.encode()):
        return ()  # nor need the cards be read
    said = _said(store, ledger, period, teams)
    return tuple(said) if noted == _spelled(made_of, said) else ()


def _said(store: CardStore, ledger: Ledger, period: str, teams: Sequence[str]) -> dict[str, str]:
    """What the cards say that lie on the disk as they were issued, in the order of the teams."""
    issued = {
        issue.team_id: (str(CardRef.of(issue)), said_by(issue.card_json))
        for issue in _newest(ledger, period, teams)
        if store.has_card(issue)
    }
    return dict(issued[team_id] for team_id in teams if team_id in issued)


def said_by(card_json: str) -> str:
    """What a card says, as a hash."""
    return hashlib.sha256(card_json.encode()).hexdigest()


def _spelled(made_of: str, said: Mapping[str, str]) -> bytes:
    cards = hashlib.sha256(repr([*said.items()]).encode()).hexdigest()
    return f"{made_of} {cards}\n".encode()


def _newest(ledger: Ledger, period: str, teams: Sequence[str]) -> Iterator[Issue]:
    """The newest issues of the teams in the period, few at a time."""
    for first in range(0, len(teams), _AT_A_TIME):
        yield from ledger.issues_of([period], teams[first : first + _AT_A_TIME])

"""The members of a figure, such as campaigns, with what each brings in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from scoring.drivers.effects import Moved
from scoring.drivers.quotient import NONE


class By(StrEnum):
    """What members are: campaigns, channels, owner keys or accounts."""

    CAMPAIGN = "campaign"
    CHANNEL = "channel"
    KEY = "key"
    ACCOUNT = "account"


Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """What tells a member apart, the kind of it first, and what it is called."""

    by: By
    key: Key
    name: str


Values = Mapping[str, Fraction]
"""Measures by their names on the card."""


@dataclass(frozen=True, slots=True)
class Driver:
    """A member's measures in both periods, and what they make above and below the line."""

    member: Member
    before: Values
    now: Values
    moved: Moved

    @property
    def is_new(self) -> bool:
        """Whether it had nothing before."""
        return not any(self.before.values())

    @property
    def has_ended(self) -> bool:
        """Whether it has nothing any more."""
        return not any(self.now.values())

    def moved_by(self, name: str) -> Fraction:
        """The change of one of its measures."""
        return self.now.get(name, NONE) - self.before.get(name, NONE)

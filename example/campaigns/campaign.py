"""What a campaign is, and what it does on an average day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from example.company import Account
from example.seasons import FIRST_DAY, LAST_DAY, Rhythm


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign and what a group of it does on an average day.

    `impressions` a day and group, `click_rate` clicks an impression, `click_cost` in the account's
    currency, `conversion_rate` conversions a click, `value` a conversion (0: none is tracked).
    """

    account: Account
    id: str
    name: str
    kind: str
    groups: tuple[str, ...]
    impressions: float
    click_rate: float
    click_cost: float
    conversion_rate: float
    value: float
    rhythm: Rhythm
    first: date = FIRST_DAY
    last: date = LAST_DAY

    def group_id(self, index: int) -> str:
        """Id of the group at `index`."""
        return f"1{self.id[-9:]}{index + 1:02d}"


Numbers = tuple[float, float, float, float, float]

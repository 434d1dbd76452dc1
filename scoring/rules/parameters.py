"""Which operands of a rule's working are the rule's own, and not the data's."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from scoring.working import Working


@dataclass(frozen=True, slots=True)
class Parameters:
    """The operands by which two workings tell that their rule has other parameters.

    `fixed` are always shown. `parts` pair what names a part, such as where a band starts, with its worth:
    where the same part is met again, it must be worth the same. The operands in `either` together list
    one parameter, whichever of the names each value has.
    """

    fixed: tuple[str, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    either: tuple[str, ...] = ()

    def differ(self, old: Working, new: Working) -> bool:
        """Whether the two workings of one rule cannot have had the same parameters."""
        before, after = _by_name(old), _by_name(new)
        return (
            any(before.get(name) != after.get(name) for name in self.fixed)
            or any(
                before.get(part) == after.get(part) and before.get(worth) != after.get(worth)
                for part, worth in self.parts
            )
            or self._listed(old) != self._listed(new)
        )

    def _listed(self, working: Working) -> frozenset[object]:
        return frozenset(item.value for item in working.operands if item.name in self.either)


def _by_name(working: Working) -> dict[str, Decimal | str]:
    return {item.name: item.value for item in working.operands}

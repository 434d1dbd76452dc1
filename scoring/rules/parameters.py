"""Which operands of a rule's working are the rule's own, and not the data's."""

from __future__ import annotations

from dataclasses import dataclass

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
        return (
            any(old.operand(name) != new.operand(name) for name in self.fixed)
            or any(_is_worth_more_or_less(part, worth, old, new) for part, worth in self.parts)
            or self._listed(old) != self._listed(new)
        )

    def _listed(self, working: Working) -> frozenset[object]:
        return frozenset(item.value for item in working.operands if item.name in self.either)


def _is_worth_more_or_less(part: str, worth: str, old: Working, new: Working) -> bool:
    """Whether both met the same part, and it was worth something else."""
    return old.operand(part) == new.operand(part) and old.operand(worth) != new.operand(worth)

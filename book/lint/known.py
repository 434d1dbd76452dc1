"""Names that must be known elsewhere in the book."""

from __future__ import annotations

from collections.abc import Collection


def is_unknown(name: str, known: Collection[str] | None) -> bool:
    """Whether nothing has that name; `known` is None where what lists the names could not be read."""
    return known is not None and name not in known

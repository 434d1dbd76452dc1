"""Parses a moment as a person writes it."""

from __future__ import annotations

from datetime import datetime

from scoring.errors import UsageError


def moment_of(text: str) -> datetime:
    """Read `2026-11-03T09:00Z`; raises `UsageError` for anything else, even a time without a zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise UsageError(
            f"moment: expected a day, a time and a zone such as 2026-11-03T09:00Z, found {text!r}; "
            "write Z for UTC or an offset such as +01:00."
        )
    return moment

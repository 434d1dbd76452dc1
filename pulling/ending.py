"""Versions of interfaces end on a day that is known long before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pulling.platform import Platform

WARNED_DAYS = 60
"""So many days before a version ends, it is said."""


def ending(platform: Platform, today: date) -> Iterator[str]:
    """That the version which is asked ends soon, or ended; nothing where there is time."""
    version = platform.version
    if version is None or version.sunset is None:
        return
    left = (version.sunset - today).days
    if left <= WARNED_DAYS:
        when = f"ends in {left} days" if left >= 0 else "has ended"
        yield f"{platform.title} {version.name} {when}, on {version.sunset}; see its newer version"

"""A domain error as a fault's message."""

from __future__ import annotations

from scoring.errors import ScorewrightError


def with_advice(error: ScorewrightError, advice: str) -> str:
    """The error's sentence, followed by what to do if it does not say so itself."""
    text = str(error).rstrip(".")
    return text if ";" in text else f"{text}; {advice}"

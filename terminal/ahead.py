"""What is left to do for targets whose days are not over, a line each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reports.presenting.outlooks import outlook_steps
from reports.presenting.reader import reader_of
from scoring.scorecard import Scorecard


def ahead_lines(card: Scorecard) -> Iterator[str]:
    """What each KPI with days left needs, and its forecast, as the card works them out."""
    reader = reader_of(replace(card, language="en"))
    for result in card.results:
        for step in outlook_steps(result, reader):
            yield f"{result.name.en}, {step.label.lower()}: {step.text}"

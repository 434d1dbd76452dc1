"""The figures as pandas DataFrames, for analysts and notebooks. Nothing here writes anything.

Every column has an Arrow type, also where there are no rows. Numbers are exact decimals: with six digits
after the point what was agreed or rounded, with ten a measure, with eighteen what the card does not round
(`actual`, `attainment`).
"""

from frames.issued import cards, scores
from frames.measured import measures, source_rows
from frames.targets import targets

__all__ = ["cards", "measures", "scores", "source_rows", "targets"]

"""The figures as pandas DataFrames, for analysts and notebooks. Nothing here writes anything.

Every column has an Arrow type, even without rows. Numbers are exact decimals: six digits after the point for
agreed or rounded numbers, ten for measures, eighteen for what the card does not round (`actual`,
`attainment`).
"""

from frames.issued import cards, scores
from frames.measured import measures, source_rows
from frames.targets import targets

__all__ = ["cards", "measures", "scores", "source_rows", "targets"]

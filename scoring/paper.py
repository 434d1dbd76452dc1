"""The paper that a card is laid out for."""

from __future__ import annotations

from typing import Literal

Paper = Literal["A4", "Letter"]
"""A4 is 210 x 297 mm; Letter, that of the United States, 215.9 x 279.4 mm."""

"""The colours of every report. Text in `ink`, `muted` or a status' `text` has AA contrast on white,
on `panel` and on the status' own tint.
"""

from __future__ import annotations

from dataclasses import dataclass

from scoring.working import Band

WHITE = "#FFFFFF"
INK = "#14213A"
MUTED = "#4B5768"
LINE = "#D8DEE8"
PANEL = "#F4F6FA"
TRACK = "#E3E8F0"
TRACK_BEYOND = "#F1F4F8"
ACCENT = "#23508E"
ACCENT_TINT = "#E9EFF8"


@dataclass(frozen=True, slots=True)
class Tone:
    """The colours of a status: for words, for filled shapes, and behind both."""

    text: str
    fill: str
    tint: str


TONES = {
    Band.GREEN: Tone(text="#146C43", fill="#1B8554", tint="#E7F4ED"),
    Band.AMBER: Tone(text="#874A00", fill="#C77700", tint="#FDF2DF"),
    Band.RED: Tone(text="#A4161A", fill="#C62828", tint="#FBEAEA"),
    Band.NOT_AVAILABLE: Tone(text="#535E6C", fill="#7A8594", tint="#EEF1F4"),
}

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


@dataclass(frozen=True, slots=True)
class Scheme:
    """What a screen needs: one for light surroundings, one for dark."""

    paper: str
    panel: str
    ink: str
    muted: str
    line: str
    link: str
    tones: dict[Band, Tone]


LIGHT = Scheme(WHITE, PANEL, INK, MUTED, LINE, ACCENT, TONES)
DARK = Scheme(
    paper="#12161D",
    panel="#1B212B",
    ink="#E6EAF0",
    muted="#A9B3C1",
    line="#333C4A",
    link="#9CC2FF",
    tones={
        Band.GREEN: Tone(text="#7FD6A6", fill="#3FA873", tint="#16291F"),
        Band.AMBER: Tone(text="#F2BE6B", fill="#C98A2B", tint="#2E2413"),
        Band.RED: Tone(text="#FF9C98", fill="#D9534F", tint="#331A1B"),
        Band.NOT_AVAILABLE: Tone(text="#AEB7C4", fill="#7A8594", tint="#222933"),
    },
)

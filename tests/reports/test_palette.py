"""Everybody can read the reports, whatever colours they see."""

from itertools import combinations

import pytest

from reports import palette
from reports.palette import TONES, Tone
from reports.presenting.reader import GLYPHS, WORDS
from scoring.working import Band

AA_TEXT, AA_SHAPE = 4.5, 3.0


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_has_the_contrast_that_the_standard_says() -> None:
    assert round(contrast("#000000", "#FFFFFF"), 2) == 21


@pytest.mark.parametrize("ink", [palette.INK, palette.MUTED, palette.ACCENT])
@pytest.mark.parametrize("ground", [palette.WHITE, palette.PANEL, *(tone.tint for tone in TONES.values())])
def test_text_has_aa_contrast_on_every_ground(ink: str, ground: str) -> None:
    assert contrast(ink, ground) >= AA_TEXT


@pytest.mark.parametrize("tone", TONES.values(), ids=[band.value for band in TONES])
def test_words_and_shapes_of_a_status_have_aa_contrast(tone: Tone) -> None:
    for ground in (palette.WHITE, palette.PANEL, tone.tint):
        assert contrast(tone.text, ground) >= AA_TEXT
        assert contrast(tone.fill, ground) >= AA_SHAPE


def test_no_two_statuses_share_a_shape_or_a_word() -> None:
    for one, other in combinations(Band, 2):
        assert GLYPHS[one] != GLYPHS[other]
        assert WORDS[one] != WORDS[other]

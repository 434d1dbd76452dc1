"""How page 1 is set, so that it stays one page. The mail names as many findings as page 1 does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reports.presenting.before import periods_before
from reports.presenting.outlooks import falls_short
from reports.presenting.restatements import lines_on_page_1
from reports.presenting.to_date import years_of
from reports.presenting.turns import (
    NAME_ROOM_BESIDE,
    NAME_ROOM_WITH_YEAR,
    SETTINGS,
    SEVERAL,
    fits,
    fits_with_earlier,
    turns_of,
)
from reports.views import Headline
from scoring.paper import Paper
from scoring.scorecard import Scorecard

# rows of the table, areas included, up to which it is set that generously, and how many less on other paper
ROOMY_ROWS, FULL_ROWS = 14, 20
FEWER_ROWS: Mapping[Paper, int] = {"A4": 0, "Letter": 3}
# how many findings then fit under the table
FINDINGS = {"roomy": 6, "full": 4, "crowded": 5, SEVERAL: 6}
# how many restated cards it reports
RESTATED = {"roomy": 2, "full": 1, "crowded": 1, SEVERAL: 2}
# how many sentences then fit above the table where neither findings nor a restated card need the room
HIGHLIGHTS = {"roomy": 3, "full": 3}
# where they come before findings and earlier values; elsewhere they have what these leave
FIRST = "roomy"
# what the small line below the table is of a sentence around it
NOTE = 0.5
# where a column of earlier values leaves the page calm
CALM = ("roomy", "full")


@dataclass(frozen=True, slots=True)
class FirstPage:
    """How tightly page 1 is set, and at most how many findings, restated cards and highlights it lists.

    `turns` are the KPIs before which the table turns the page, where one page cannot hold it. `before` are
    the earlier periods with a column in the table, which has one of the year to date if it `has_year`.
    """

    density: str
    findings: int
    restated: int
    highlights: int = 0
    turns: frozenset[str] = frozenset()
    before: tuple[str, ...] = ()
    has_year: bool = False


def first_page(card: Scorecard, headline: Headline, tighter: int = 0) -> FirstPage:
    """What fits on page 1, by its rows and, where it gets narrow, by the notes under the total, too.

    That is an estimate. Where what was laid out did not fit, it is made so many steps `tighter`: at first
    without what is said above the table and beside its numbers.
    """
    said = (headline.veto_note, headline.appraisal_note, headline.mix, headline.conditional_note)
    # a rank and a calibrated grade are a line more each
    notes = sum(map(bool, (*said, card.rank, card.calibration)))
    densities = [*SETTINGS, SEVERAL]
    estimated = densities.index(_that_holds(card, _density(card, notes)))
    density = densities[min(estimated + max(0, tighter - 1), len(SETTINGS))]
    findings = FINDINGS[density]
    if density == "crowded":
        findings -= max(0, notes - 1)
    if lines := lines_on_page_1(card, RESTATED[density]):
        # such a line can be as long as two findings; one finding at least is always named
        findings = max(1, findings - 1 - lines)
    ahead = 0 if lines else _ahead(card, density)
    findings -= ahead
    spare = 0 if lines else ahead + max(0, findings - len(card.certificate.told))
    turns = turns_of(card) if density == SEVERAL else frozenset()
    # a restated card's line can be as long as two findings, and its box has a heading
    listed = min(len(card.certificate.told), findings) + 3 * lines + notes
    highlights = 0 if tighter else _highlights(card, density, spare, listed)
    listed += highlights
    beside = ((), False) if tighter else _beside(card, density, listed)
    return FirstPage(density, findings, RESTATED[density], highlights, turns, *beside)


def _highlights(card: Scorecard, density: str, spare: int, listed: int) -> int:
    """How many there are beside all that is `listed` on the page and all columns of earlier values."""
    has_year = bool(years_of(card))
    most = min(HIGHLIGHTS.get(density, 0), spare)
    if density == FIRST:
        return most
    return next((each for each in range(most, 0, -1) if _holds(card, density, listed + each, has_year)), 0)


def _beside(card: Scorecard, density: str, listed: int) -> tuple[tuple[str, ...], bool]:
    """The earlier periods, and whether there is a year to date, if the page holds them beside all that is
    `listed` on it; the periods alone where it does not hold both.
    """
    ways = (has_year for has_year in (True, False) if years_of(card) or not has_year)
    held = [has_year for has_year in ways if _holds(card, density, listed, has_year)]
    return (periods_before(card), held[0]) if held else ((), False)


def _holds(card: Scorecard, density: str, listed: int, has_year: bool) -> bool:
    room = NAME_ROOM_WITH_YEAR if has_year else NAME_ROOM_BESIDE
    sentences = listed + NOTE * (has_year and _is_noted(card))
    return density in CALM and fits_with_earlier(card, density, sentences, room)


def _ahead(card: Scorecard, density: str) -> int:
    """How many sentences about what is to come have their room before any finding has it."""
    return int(density == FIRST and falls_short(card) is not None)


def _is_noted(card: Scorecard) -> bool:
    """Whether a line below the table says that the year to date lacks something."""
    return any(year.lacking for year in years_of(card))


def _density(card: Scorecard, notes: int) -> str:
    rows = len(card.results) + len(card.areas) + FEWER_ROWS[card.paper]
    if rows <= ROOMY_ROWS and not (notes and card.restatements):
        return "roomy"
    return "full" if rows + notes <= FULL_ROWS else "crowded"


def _that_holds(card: Scorecard, density: str) -> str:
    """The density, or the next tighter one that holds the table, or that of several pages."""
    tighter, listed = list(SETTINGS)[list(SETTINGS).index(density) :], len(card.certificate.told)
    return next((each for each in tighter if fits(card, each, min(listed, FINDINGS[each]))), SEVERAL)

"""From the scorecard to what its pages say: the only place where a report decides anything."""

from __future__ import annotations

from reports.presenting.appraisals import (
    appraisal_note,
    appraisal_view,
    entered,
    forms,
    signatures,
)
from reports.presenting.findings import certificate_view
from reports.presenting.lines import area_view
from reports.presenting.method import change_of, method_steps, total_steps
from reports.presenting.mixes import mix_steps, mix_text
from reports.presenting.objectives import objective_view, objectives_line
from reports.presenting.provenance import definition_view, rate_view, source_view
from reports.presenting.reader import reader_of
from reports.presenting.restatements import restated_view
from reports.presenting.rewards import reward_steps, reward_text
from reports.presenting.trends import has_trend, kpi_trend, total_chart
from reports.presenting.vetoes import veto_note
from reports.views import ScorecardView
from reports.wording import msgid
from scoring.canonical import content_hash
from scoring.period import Cadence, Period
from scoring.scorecard import Scorecard

HASH_SHOWN = 10
TRACE = msgid(
    "Every figure can be followed down to its source rows, with a KPI from the small print above: "
    "scorewright trace %(issue)s KPI"
)
TREND_CAPTIONS = {
    Cadence.WEEK: msgid("Total by week, 100 = on target"),
    Cadence.MONTH: msgid("Total by month, 100 = on target"),
    Cadence.QUARTER: msgid("Total by quarter, 100 = on target"),
    Cadence.YEAR: msgid("Total by year, 100 = on target"),
}
# rows of the table on page 1, areas included, up to which it is set that generously
ROOMY_ROWS, FULL_ROWS = 14, 20
# how many findings then fit under the table
ROOM = {"roomy": 6, "full": 4, "crowded": 5}
# how many restated cards page 1 tells of
RESTATED = {"roomy": 2, "full": 1, "crowded": 1}


def present(card: Scorecard) -> ScorecardView:
    """Everything the report prints, in the card's language."""
    reader = reader_of(card)
    language = card.language
    vetoed, appraised, mix = notes = (
        veto_note(card, reader),
        appraisal_note(card, reader),
        mix_text(card, reader),
    )
    density, room = _page_1(card, sum(map(bool, notes)))
    restated = restated_view(card, reader, RESTATED[density])
    if restated is not None:
        # a line of it can be as long as two findings; one of them at least is always named
        room = max(1, room - 1 - len(restated.lines))
    team, period = card.team_name.to(language), reader.figures.periods.long(card.period)
    return ScorecardView(
        html_lang=reader.words.html_lang,
        title=reader.words.say("Marketing scorecard: %(team)s, %(period)s", team=team, period=period),
        # a date that follows from the card: the clock would make other bytes each time
        created=Period.parse(card.period).end.isoformat(),
        density=density,
        organisation=card.organisation.to(language),
        team=team,
        manager=card.manager_name,
        period=period,
        trend_caption=reader.words.say(TREND_CAPTIONS[Period.parse(card.period).cadence]),
        revision=reader.words.say("Revision %(number)s", number=card.revision),
        short_hash=short_hash(card),
        trace=reader.words.say(TRACE, issue=short_hash(card)),
        total=reader.score(card.total),
        status=reader.status(card.band),
        reward=reward_text(card, reader),
        mix=mix,
        appraisal_note=appraised,
        veto_note=vetoed,
        appraisal=appraisal_view(card, reader),
        signatures=signatures(card, reader),
        entered=entered(card, reader),
        change=change_of(card, reader),
        total_trend=total_chart(card, reader),
        areas=tuple(area_view(area, reader) for area in card.areas),
        total_steps=(*total_steps(card, reader), *mix_steps(card, reader), *reward_steps(card, reader)),
        certificate=certificate_view(card, reader, room),
        trends=tuple(kpi_trend(result, reader) for result in card.results if has_trend(result)),
        definitions=tuple(definition_view(result, reader) for result in card.results),
        sources=(*(source_view(source, reader) for source in card.sources), *forms(card, reader)),
        rates=tuple(rate_view(rate, reader) for rate in card.rates),
        method=method_steps(card, reader),
        rescaled=any(result.effective_weight != result.weight for result in card.results),
        objectives=tuple(objective_view(objective, reader) for objective in card.objectives),
        restated=restated,
        objectives_line="" if density == "crowded" else objectives_line(card, reader),
    )


def short_hash(card: Scorecard) -> str:
    """The short id of the issue, known before it has a number: the first digits of the content hash."""
    return content_hash(card)[:HASH_SHOWN]


def _page_1(card: Scorecard, notes: int) -> tuple[str, int]:
    """How tightly page 1 is set and how many findings it shows, so that it stays one page.

    That goes by its rows, and where it gets narrow by the notes under the total, too.
    """
    rows = len(card.results) + len(card.areas)
    if rows <= ROOMY_ROWS and not (notes and card.restatements):
        return "roomy", ROOM["roomy"]
    if rows + notes <= FULL_ROWS:
        return "full", ROOM["full"]
    return "crowded", ROOM["crowded"] - max(0, notes - 1)

"""From the scorecard to what its pages say: the only place where a report decides anything."""

from __future__ import annotations

from reports.presenting.appraisals import appraisal_view, entered, forms, signatures
from reports.presenting.before import headings_before
from reports.presenting.comments import action_rows, comment_steps
from reports.presenting.findings import certificate_view
from reports.presenting.firstpage import first_page
from reports.presenting.headings import heading_of, headline_of
from reports.presenting.highlights import highlights
from reports.presenting.lines import area_view, figures_room
from reports.presenting.method import method_steps, total_steps
from reports.presenting.mixes import mix_steps
from reports.presenting.objectives import objective_view, objectives_line
from reports.presenting.provenance import crossing_text, definition_view, rate_view, source_view
from reports.presenting.ranks import rank_steps, reward_line
from reports.presenting.reader import Reader, reader_of
from reports.presenting.restatements import restated_view
from reports.presenting.rewards import reward_steps
from reports.presenting.to_date import year_heading, year_note
from reports.presenting.trends import has_trend, kpi_trend, total_chart
from reports.presenting.unlike import card_lines
from reports.views import ReferenceView, ScorecardView
from reports.wording import msgid
from scoring.period import Cadence, Period
from scoring.scorecard import Scorecard

TRACE = msgid(
    "Every figure can be followed down to its source rows, with a KPI from the small print above: "
    "scorewright trace %(issue)s KPI"
)
TREND_CAPTIONS = {
    Cadence.WEEK: msgid("Total by week, 100 = on target"),
    Cadence.MONTH: msgid("Total by month, 100 = on target"),
    Cadence.QUARTER: msgid("Total by quarter, 100 = on target"),
    Cadence.YEAR: msgid("Total by year, 100 = on target"),
    Cadence.FISCAL_MONTH: msgid("Total by fiscal month, 100 = on target"),
    Cadence.FISCAL_QUARTER: msgid("Total by fiscal quarter, 100 = on target"),
    Cadence.FISCAL_YEAR: msgid("Total by fiscal year, 100 = on target"),
    Cadence.SPAN: msgid("Total over these days and those before, 100 = on target"),
}


def present(card: Scorecard, tighter: int = 0) -> ScorecardView:
    """Everything the report prints, in the card's language; see `first_page` for `tighter`."""
    reader = reader_of(card)
    headline = headline_of(card, reader)
    page_1, said = first_page(card, headline, tighter), comment_steps(card, reader)
    areas = tuple(area_view(area, reader, said, page_1) for area in card.areas)
    return ScorecardView(
        heading=heading_of(card, reader),
        headline=headline,
        density=page_1.density,
        before=headings_before(page_1.before, reader),
        year_heading=year_heading(card, reader) if page_1.has_year else "",
        year_note=year_note(card, reader) if page_1.has_year else "",
        manager=card.manager_name,
        trend_caption=reader.words.say(TREND_CAPTIONS[Period.parse(card.period).cadence]),
        total_trend=total_chart(card, reader),
        unlike=card_lines(card, reader),
        reward=reward_line(card, reader),
        areas=areas,
        highlights=highlights(card, reader, page_1.highlights),
        objectives_line="" if page_1.density == "crowded" else objectives_line(card, reader),
        actions=action_rows(card, reader),
        restated=restated_view(card, reader, page_1.restated),
        certificate=certificate_view(card, reader, page_1.findings),
        rescaled=card.is_rescaled,
        figures_room=figures_room(areas),
        total_steps=(
            *total_steps(card, reader),
            *mix_steps(card, reader),
            *reward_steps(card, reader),
            *rank_steps(card, reader),
        ),
        appraisal=appraisal_view(card, reader),
        signatures=signatures(card, reader),
        objectives=tuple(objective_view(objective, reader) for objective in card.objectives),
        trends=tuple(kpi_trend(result, reader) for result in card.results if has_trend(result)),
        reference=_reference(card, headline.short_hash, reader),
    )


def _reference(card: Scorecard, issue: str, reader: Reader) -> ReferenceView:
    return ReferenceView(
        trace=reader.words.say(TRACE, issue=issue),
        definitions=tuple(definition_view(result, reader) for result in card.results),
        sources=(*(source_view(source, reader) for source in card.sources), *forms(card, reader)),
        entered=entered(card, reader),
        rates=tuple(rate_view(rate, reader) for rate in card.rates),
        crossing=crossing_text(card.rates, reader),
        method=method_steps(card, reader),
    )

"""What the KPIs mean and where their numbers came from."""

from __future__ import annotations

from collections.abc import Iterable

from reports.presenting.formulas import formula_in_words
from reports.presenting.lines import direction_text
from reports.presenting.reader import Reader
from reports.views import DefinitionView, FileView, RateView, SourceView
from scoring.evidence import RateEvidence, SourceEvidence
from scoring.kpi import Unit
from scoring.scorecard import KpiResult

DIGEST_SHOWN = 12
RATE_DIGITS = 10


def definition_view(result: KpiResult, reader: Reader) -> DefinitionView:
    """A KPI's reviewed definition."""
    language = reader.words.language
    return DefinitionView(
        kpi_id=result.kpi_id,
        name=result.name.to(language),
        description=result.description.to(language),
        formula=_formula(result, reader),
        direction=direction_text(result.direction, reader),
        notes=_notes(result, reader),
    )


def _formula(result: KpiResult, reader: Reader) -> str:
    """The formula in words, or that there is none because people say what it is."""
    is_judged = not result.formula and not result.measures and result.unit != Unit.DAYS
    return (
        reader.words.say("judged by people")
        if is_judged
        else formula_in_words(result.formula, reader.figures)
    )


def _notes(result: KpiResult, reader: Reader) -> str:
    """Why the KPI matters and who answers for it; a card that does not say so has none."""
    words, notes = reader.words, []
    if result.why is not None:
        notes.append(words.say("Why it matters: %(why)s", why=result.why.to(words.language)))
    if result.owner is not None:
        notes.append(words.say("Definition kept by: %(owner)s", owner=result.owner.to(words.language)))
    return " ".join(notes)


def source_view(source: SourceEvidence, reader: Reader) -> SourceView:
    """An account and its files."""
    return SourceView(
        name=source.source_name.to(reader.words.language),
        account=source.entity,
        currency=source.currency_code or "",
        files=tuple(
            FileView(
                name=file.name,
                rows=f"{file.rows:,}",
                digest=file.sha256[:DIGEST_SHOWN],
            )
            for file in source.files
        ),
    )


def rate_view(rate: RateEvidence, reader: Reader) -> RateView:
    """An exchange rate, per unit of the foreign currency."""
    return RateView(
        pair=reader.words.say(
            "1 %(foreign)s in %(home)s", foreign=rate.currency_code, home=reader.figures.currency_code
        ),
        first=reader.figures.number(rate.first_rate, RATE_DIGITS),
        last=reader.figures.number(rate.last_rate, RATE_DIGITS),
        source=rate.source,
    )


def crossing_text(rates: Iterable[RateEvidence], reader: Reader) -> str:
    """How rates to the reporting currency were made from a table in another; nothing where it is in that."""
    base = next((rate.base for rate in rates if rate.base is not None), None)
    if base is None:
        return ""
    return reader.words.say(
        "The source quotes units for 1 %(base)s. A rate is the quote of %(home)s ÷ the quote of the other "
        "currency, both of the same day, rounded once to ten digits, half to even. A day without both takes "
        "the last day before it that has them, at most seven days old.",
        base=base,
        home=reader.figures.currency_code,
    )

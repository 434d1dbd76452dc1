"""The year to date: pale in the table of page 1, and worked out behind it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby

from reports.figures import NOTHING
from reports.presenting.before import shortly
from reports.presenting.formulas import formula_in_numbers, formula_in_words, is_one_measure
from reports.presenting.reader import Reader
from reports.presenting.sums import equals_in_unit, precise
from reports.presenting.workings import short_reason
from reports.views import WorkingStep
from reports.wording import msgid
from scoring.period import Period
from scoring.scorecard import KpiResult, Scorecard
from scoring.to_date import YearToDate

INCOMPLETE = "*"
_LABELS = {False: msgid("Year to date"), True: msgid("Fiscal year to date")}


def years_of(card: Scorecard) -> list[YearToDate]:
    """The years to date that have a value."""
    found = (result.year_to_date for result in card.results)
    return [year for year in found if year is not None and year.actual is not None]


def year_heading(card: Scorecard, reader: Reader) -> str:
    """What the column is headed with."""
    return labelled(years_of(card)[0], reader)


def labelled(year: YearToDate, reader: Reader) -> str:
    """What it is called: one of a fiscal year says so."""
    return reader.words.say(_LABELS[_is_fiscal(year)])


def _is_fiscal(year: YearToDate) -> bool:
    return not year.first.endswith("-01-01")


def year_in_table(result: KpiResult, reader: Reader) -> str:
    """The KPI's year to date, short, with a mark where data are missing; a dash where there is none."""
    year = result.year_to_date
    if year is None or year.actual is None:
        return NOTHING
    return shortly(result, year.actual, reader) + (INCOMPLETE if year.lacking else "")


def year_note(card: Scorecard, reader: Reader) -> str:
    """What the mark means: the months of which something is missing; nothing where none is."""
    months = {month for year in years_of(card) for month in year.lacking}
    if not months:
        return ""
    return reader.words.say(
        "* In the year to date data are missing: %(months)s.", months=_named(months, reader)
    )


def year_steps(result: KpiResult, reader: Reader) -> tuple[WorkingStep, ...]:
    """How the year to date came about; nothing where the card shows none."""
    year = result.year_to_date
    if year is None:
        return ()
    return (WorkingStep(labelled(year, reader), _told(result, year, reader)),)


def _told(result: KpiResult, year: YearToDate, reader: Reader) -> str:
    say, first = reader.words.say, reader.figures.periods.full_date(date.fromisoformat(year.first))
    text = say("from %(day)s on: %(sum)s", day=first, sum=_summed(result, year, reader))
    if not year.lacking:
        return text
    return say("%(text)s; data are missing: %(months)s", text=text, months=months_lacking(year, reader))


def months_lacking(year: YearToDate, reader: Reader) -> str:
    """The months of which something is missing; nothing where none is."""
    return _named(year.lacking, reader)


def _summed(result: KpiResult, year: YearToDate, reader: Reader) -> str:
    if year.actual is None:
        return short_reason(replace(result, reason=year.reason), reader)
    over_the_year = replace(result, measures=year.measures)
    words = formula_in_words(result.formula, reader.figures)
    text = f"{words} = {formula_in_numbers(over_the_year, reader.figures)}"
    if is_one_measure(over_the_year):
        return text
    return f"{text} {equals_in_unit(result, year.actual)} {precise(result, year.actual, reader)}"


def _named(months: Collection[str], reader: Reader) -> str:
    """The months, those that follow one another as one."""
    return reader.words.listing([*_runs(months, reader)])


def _runs(months: Collection[str], reader: Reader) -> Iterator[str]:
    places = enumerate(sorted(map(Period.parse, months)))
    for _, run in groupby(places, lambda at: at[1].year * 12 + at[1].number - at[0]):
        named = [reader.figures.periods.short(str(month)) for _, month in run]
        yield "–".join(dict.fromkeys((named[0], named[-1])))

"""Down to the rows: what each source row contributes to a team's measure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from functools import cache
from typing import Any

from sqlglot import exp

from scoring.arithmetic import EXACT
from scoring.period import Period
from scoring.spans import Days, months_in
from warehouse.asking import Question, Values
from warehouse.catalog import MeasureSpec, Rollup, measure_catalog
from warehouse.engine import Warehouse
from warehouse.owning import owned, row_file
from warehouse.sql_files import WRITTEN_IN, SqlFile, parse, sql_file

_OWN_COLUMNS = frozenset(
    ("source", "entity", "owner_key", "activity_date", "team_id", "share", "currency_code", "rate")
)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row of a fact as it counts for one team and measure.

    `names` identify it, such as its order id. `value` is what the whole row contributes, an amount in the
    reporting currency; `share` is the team's part of it. `amount` is the same in the row's own currency,
    `rate` the rate of its day; both are None for a count.
    """

    source: str
    entity: str
    owner_key: str
    day: date
    names: Mapping[str, str]
    currency_code: str | None
    amount: Decimal | None
    rate: Decimal | None
    value: Decimal
    share: Decimal

    @property
    def part(self) -> Decimal:
        """What the row contributes to the team's measure."""
        with localcontext(EXACT):
            return self.value * self.share


def measure_file(measure: str) -> SqlFile:
    """The file of `sql/measures/` that computes a measure."""
    return sql_file("measures", _stem(measure_catalog()[measure]))


def source_rows(warehouse: Warehouse, measure: str, days: Days, team_id: str) -> tuple[SourceRow, ...]:
    """The rows behind a team's measure over `days`, account by account, oldest first.

    Rows that contribute nothing are left out. For a measure that is a last figure, these are each account's
    last figures; a figure that exists only for whole months has no rows if the days cut a month.
    """
    spec = measure_catalog()[measure]
    if cuts_a_month(spec, days):
        return ()
    rows = _within(_rows_of(warehouse, spec, months_in(days), team_id), spec, days)
    counted = [row for row in rows if row[measure]]
    return tuple(sorted(_source_rows(counted, measure), key=_order))


def cuts_a_month(spec: MeasureSpec, days: Days) -> bool:
    """Whether the measure has no figure of these days: it exists only for whole months."""
    months = months_in(days)
    return spec.rollup is Rollup.PERIOD and days != (months[0].start, months[-1].end)


def _rows_of(
    warehouse: Warehouse, spec: MeasureSpec, months: Sequence[Period], team_id: str
) -> list[dict[str, Any]]:
    """Always of whole months: some figures of a day hang on others of its month."""
    window: Values = {"start": months[0].start, "end": months[-1].end, "team": team_id}
    with warehouse.opened() as connection:
        found = warehouse.facts.ask(connection, _rows_asked(_stem(spec)), window).mappings()
        return [dict(row) for row in found]


def summed(rows: Iterable[SourceRow]) -> Decimal:
    """The exact sum of what the rows contribute."""
    with localcontext(EXACT):
        return sum((row.part for row in rows), Decimal(0))


def _stem(spec: MeasureSpec) -> str:
    return spec.fact.removeprefix("fct_")


@cache
def _rows_asked(stem: str) -> Question:
    """The rows of a fact with ownership applied, for one team."""
    rows = owned(parse(row_file(stem)))
    of_team = exp.select("*").from_("rows_owned").where("team_id = :team", dialect=WRITTEN_IN)
    return Question(of_team.with_("rows_owned", rows))


def _within(rows: Sequence[dict[str, Any]], spec: MeasureSpec, days: Days) -> Sequence[dict[str, Any]]:
    # a last figure may be older than the days, where its page had none within
    if spec.rollup is Rollup.LAST:
        return _last_figures(rows, spec.name, days)
    return [row for row in rows if days[0] <= row["activity_date"] < days[1]]


def _last_figures(rows: Sequence[Mapping[str, Any]], measure: str, days: Days) -> list[dict[str, Any]]:
    """Each page's last figure of the month, as of the last day on which the team had one."""
    for day in sorted({row["activity_date"] for row in rows}, reverse=True):
        if days[0] <= day < days[1]:
            last = dict(_figures(rows, measure, day))
            if last:
                return [*last.values()]
    return []


def _figures(
    rows: Sequence[Mapping[str, Any]], measure: str, day: date
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """The figures of the month up to `day`, oldest first, each by its page."""
    month = Period.containing(day)
    for row in sorted(rows, key=lambda row: row["activity_date"]):
        if row[measure] is not None and row["activity_date"] in month and row["activity_date"] <= day:
            yield (row["source"], row["entity"], row["owner_key"]), dict(row)


def _source_rows(rows: Sequence[Mapping[str, Any]], measure: str) -> list[SourceRow]:
    names = [column for column in rows[0] if _is_name(column)] if rows else []
    return [_row(row, measure, names) for row in rows]


def _row(row: Mapping[str, Any], measure: str, names: Sequence[str]) -> SourceRow:
    amount, rate = row.get(f"{measure}_amount"), row.get("rate")
    is_money = amount is not None
    return SourceRow(
        source=row["source"],
        entity=row["entity"],
        owner_key=row["owner_key"],
        day=row["activity_date"],
        names={name: str(row[name]) for name in names},
        currency_code=row["currency_code"] if is_money else None,
        amount=amount,
        rate=rate if is_money else None,
        value=Decimal(row[measure]),
        share=row["share"],
    )


def _is_name(column: str) -> bool:
    is_number = column in measure_catalog() or column.removesuffix("_amount") in measure_catalog()
    return column not in _OWN_COLUMNS and not is_number


def _order(row: SourceRow) -> tuple[object, ...]:
    return row.source, row.entity, row.day, row.owner_key, *row.names.values()

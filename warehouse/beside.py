"""What is loaded of all accounts of a source, read once for those that are loaded one after another.

Each account is held against all others before it is loaded. Reading what these were loaded from anew for each
would cost accounts times accounts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from scoring.period import Period
from warehouse.engine import Facts
from warehouse.recording import RECORD, is_of_account, record_of
from warehouse.records import LoadRecord, Slice


class Holders:
    """Which accounts hold something, such as the bytes of a file, a campaign or an owner key."""

    def __init__(self, held: Iterable[tuple[str, Hashable]] = ()) -> None:
        self._by: defaultdict[Hashable, set[str]] = defaultdict(set)
        for entity, thing in held:
            self._by[thing].add(entity)

    def add(self, entity: str, thing: Hashable) -> None:
        """The account holds it."""
        self._by[thing].add(entity)

    def drop(self, entity: str, thing: Hashable) -> None:
        """The account does not hold it any more."""
        self._by[thing].discard(entity)

    def others(self, thing: Hashable, entity: str) -> list[str]:
        """The other accounts that hold it, in order."""
        return sorted(self._by.get(thing, set()) - {entity})


@dataclass
class Beside:
    """The load records of a source in `months`, and what its accounts hold, as of the last `begin`.

    What other processes load meanwhile is noticed by the vintages, and then everything is read again.
    """

    facts: Facts
    source: str
    months: Sequence[Period]
    _records: defaultdict[str, dict[Period, LoadRecord]] = field(default_factory=lambda: defaultdict(dict))
    _bytes: Holders = field(default_factory=Holders)
    _parts: dict[tuple[str, str], Holders] = field(default_factory=dict)
    _rows: Counter[tuple[Period, str]] = field(default_factory=Counter)
    _sums: Counter[str] = field(default_factory=Counter)
    _changed: str | None = None

    def begin(self, connection: sa.Connection, entity: str) -> None:
        """Bring everything up to date for a load of the account, before it writes anything.

        Whether that load is committed or not, the next `begin` reads the account's own records again.
        """
        if self._changed is not None and self._is_as_known(connection, self._changed):
            self._forget(self._changed)
            self._read(connection, RECORD.c.entity == self._changed)
        else:
            for known in [*self._records]:
                self._forget(known)
            self._parts.clear()
            self._read(connection, sa.true())
        self._changed = entity

    def record(self, which: Slice) -> LoadRecord | None:
        """The load record of a slice; None where it is not loaded."""
        return self._records.get(which.entity, {}).get(which.month)

    def with_bytes(self, which: Slice, sha256: str) -> str | None:
        """Another account whose slice of the month has rows of a file with these bytes."""
        return next(iter(self._bytes.others((which.month, sha256), which.entity)), None)

    def rows_of_others(self, which: Slice, fact: str) -> int:
        """How many rows of the month the other accounts have in the fact."""
        own = self.record(which)
        return self._rows[which.month, fact] - (own.facts.get(fact, 0) if own is not None else 0)

    def with_part(
        self, connection: sa.Connection, fact: str, column: str, part: str, entity: str
    ) -> str | None:
        """Another account with rows, of whatever month, that are part of it, such as a campaign.

        If there is none, the account is known to have some from now on.
        """
        table = sa.table(fact, *map(sa.column, ("source", "entity", column)))
        if (fact, column) not in self._parts:
            query = sa.select(table.c.entity, table.c[column]).distinct()
            found = self.facts.ask(connection, query, of=sa.column("source") == self.source)
            self._parts[fact, column] = Holders((row[0], row[1]) for row in found)
        for other in self._parts[fact, column].others(part, entity):
            # its rows may have been replaced since
            one = sa.select(sa.literal(1)).select_from(table).where(table.c[column] == part).limit(1)
            if self.facts.ask(connection, one, of=is_of_account(self.source, other)).first() is not None:
                return other
        self._parts[fact, column].add(entity, part)
        return None

    def _is_as_known(self, connection: sa.Connection, changed: str) -> bool:
        """Whether nobody else has loaded anything: each load adds a record or raises its vintage."""
        vintages = sa.func.coalesce(sa.func.sum(RECORD.c.vintage), 0)
        query = sa.select(sa.func.count(), vintages).where(self._wanted(), RECORD.c.entity != changed)
        count, total = connection.execute(query).one()
        own = self._records.get(changed, {}).values()
        vintages_of_others = self._sums["vintages"] - sum(record.vintage for record in own)
        return (count, int(total)) == (self._sums["records"] - len(own), vintages_of_others)

    def _wanted(self) -> sa.ColumnElement[bool]:
        months = [month.start for month in self.months]
        return sa.and_(RECORD.c.source == self.source, RECORD.c.slice_month.in_(months))

    def _read(self, connection: sa.Connection, which: sa.ColumnElement[bool]) -> None:
        for row in connection.execute(sa.select(RECORD).where(self._wanted(), which)):
            record = record_of(row)
            self._records[record.entity][record.month] = record
            self._count(record, 1)
            for file in _with_rows(record):
                self._bytes.add(record.entity, (record.month, file))

    def _forget(self, entity: str) -> None:
        for record in self._records.pop(entity, {}).values():
            self._count(record, -1)
            for file in _with_rows(record):
                self._bytes.drop(entity, (record.month, file))

    def _count(self, record: LoadRecord, sign: int) -> None:
        self._sums.update(records=sign, vintages=sign * record.vintage)
        self._rows.update({(record.month, fact): sign * rows for fact, rows in record.facts.items()})


def _with_rows(record: LoadRecord) -> Iterator[str]:
    """The SHA-256 of each file that rows were taken from."""
    return (file.sha256 for file in record.files if file.rows)

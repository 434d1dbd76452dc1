"""Checks slices before they are loaded, against what came before and the other accounts of their source.

A month that had rows must not silently lose them all. Most exports name their account, and their readers
check it. The checks here work without: owner keys that the book gives to another account, bytes that another
account was loaded from, and ids of orders, leads, posts, responses and campaigns that belong to another one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import attrgetter

import sqlalchemy as sa

from etl.account import OwnerKeys
from etl.landing import Landing
from etl.pulls import LandedFile
from etl.reading.records import POSSIBLY_CUT_OFF
from scoring.errors import BadFileError, DataError
from warehouse import LoadRecord, Slice, SliceLoad
from warehouse.beside import Beside, Holders
from warehouse.catalog import BEGINS_WITHIN
from warehouse.engine import Facts
from warehouse.facts import WITH_IDS, FactSpec, fact_catalog

_BREAKS = (b"", b"\r", b"\n")
MANY_MORE = 10
"""Asking for one id costs a database up to so many times what handing over one row costs."""

IDS_AT_A_TIME = 10_000
"""What one statement asks for; a server takes 65,535 values."""
_HINT = (
    "put each account's own export in its place and rerun; if the earlier load was the wrong one, see "
    "docs/how-to/when-a-file-is-refused.md"
)


@dataclass(frozen=True)
class Neighbours:
    """The accounts of one source, so that each of them can be checked against the others.

    `beside` is what is loaded of them, `keys` the owner keys that the book names for each, `kind` what owner
    keys of the source say.
    """

    beside: Beside
    keys: Mapping[str, frozenset[str]]
    kind: OwnerKeys

    def refuse_foreign(self, connection: sa.Connection, load: SliceLoad) -> None:
        """Raise `BadFileError` if the slice has data of another account; called before it is loaded."""
        if len(self.keys) < 2:
            return
        self._refuse_foreign_keys(load)
        _refuse_foreign_bytes(load, self.beside)
        for name in load.conformed.tables:
            self._refuse_foreign_ids(connection, fact_catalog()[name], load)

    @cached_property
    def _holders(self) -> Holders:
        return Holders((entity, key) for entity, keys in self.keys.items() for key in keys)

    def _refuse_foreign_keys(self, load: SliceLoad) -> None:
        entity = load.slice.entity
        own, found = self.keys.get(entity, frozenset()), _owner_keys(load)
        if not _tells(self.kind, own, found):
            return
        foreign = [(other, key) for key in found - own for other in self._holders.others(key, entity)]
        for other, key in sorted(foreign)[:1]:
            raise _refusal(load, f"the owner key {key}, which teams.yaml has of {other}")

    def _refuse_foreign_ids(self, connection: sa.Connection, fact: FactSpec, load: SliceLoad) -> None:
        """Ids alone, such as order numbers, may coincide; most of them on the same days do not."""
        if fact.part is not None:
            self._refuse_taken_parts(connection, fact.name, fact.part, load)
        elif fact.kind in WITH_IDS:
            others = self.beside.rows_of_others(load.slice, fact.name)
            _refuse_mostly_taken(self.beside.facts, connection, fact, load, others)

    def _refuse_taken_parts(self, connection: sa.Connection, fact: str, part: str, load: SliceLoad) -> None:
        for found in load.conformed.tables[fact][part].unique().to_pylist():
            other = self.beside.with_part(connection, fact, part, found, load.slice.entity)
            if other is not None:
                raise _refusal(load, f"the {part.removesuffix('_id')} {found} of {other}")


def _owner_keys(load: SliceLoad) -> set[str]:
    tables = load.conformed.tables.values()
    return {key for table in tables for key in table["owner_key"].unique().to_pylist()}


def _tells(kind: OwnerKeys, own: frozenset[str], found: set[str]) -> bool:
    """Whether owner keys say whose the rows are.

    Names may be alike: they tell only where the account has names of its own and none of them is there.
    """
    if kind is OwnerKeys.NAMES:
        return bool(own) and not own & found
    return kind is not OwnerKeys.SHARED


def _refuse_foreign_bytes(load: SliceLoad, beside: Beside) -> None:
    for file in load.files:
        entity = beside.with_bytes(load.slice, file.sha256) if file.rows else None
        if entity is not None:
            raise _refusal(load, f"the bytes that {entity} was loaded from", name=file.name)


def _refuse_mostly_taken(
    facts: Facts, connection: sa.Connection, fact: FactSpec, load: SliceLoad, others: int
) -> None:
    rows, key = load.conformed.tables[fact.name], fact.grain[-1]
    ids = [*zip(rows[key].to_pylist(), rows[fact.dated].to_pylist(), strict=True)]
    asked = _asked(sa.column(key), [each for each, _ in ids], others)
    taken = _taken(facts, connection, fact, load.slice, asked)
    found = [*filter(taken.__contains__, ids)]
    if len(found) * 2 > rows.num_rows:
        entity = Counter(map(taken.__getitem__, found)).most_common(1)[0][0]
        raise _refusal(load, f"mostly rows of {entity}, such as {key} {found[0][0]}")


def _asked(key: sa.ColumnElement[str], ids: Sequence[str], others: int) -> Iterator[sa.ColumnElement[bool]]:
    """The conditions to ask for `ids` among the rows of others: by id only where these are many more."""
    if others <= MANY_MORE * len(ids):
        yield from [sa.true()] if others else []
        return
    for start in range(0, len(ids), IDS_AT_A_TIME):
        yield key.in_(ids[start : start + IDS_AT_A_TIME])


def _taken(
    facts: Facts,
    connection: sa.Connection,
    fact: FactSpec,
    which: Slice,
    asked: Iterable[sa.ColumnElement[bool]],
) -> dict[tuple[object, object], str]:
    """The ids and days of the month's rows of the source's other accounts, each with its account."""
    table = _table(fact)
    query = sa.select(table.c[fact.grain[-1]], table.c[fact.dated], table.c.entity).where(
        table.c.source == which.source,
        table.c.entity != which.entity,
        table.c.slice_month == which.month.start,
    )
    rows = chain.from_iterable(facts.ask(connection, query.where(one)) for one in asked)
    return {(row[0], row[1]): row[2] for row in rows}


def _table(fact: FactSpec) -> sa.TableClause:
    return sa.table(fact.name, *map(sa.column, map(attrgetter("name"), fact.columns)))


def _refusal(load: SliceLoad, found: str, name: str | None = None) -> BadFileError:
    return BadFileError(
        name or ", ".join(map(attrgetter("name"), load.files)),
        expected=f"the file of {load.slice.entity}",
        found=found,
        hint=_HINT,
    )


def refuse_emptied(load: SliceLoad, before: LoadRecord | None) -> None:
    """Raise `BadFileError` if the slice would lose all rows of a fact that it had `before`, or some because
    the file begins within the month.

    Fewer rows are allowed else: platforms do withdraw rows.
    """
    rows = before.facts if before is not None else {}
    for fact, table in load.conformed.tables.items():
        had, has = rows.get(fact, 0), table.num_rows
        if had and not has:
            raise _lost(load, f"{had} in {fact} now", "none", "if the month is really empty")
        if had > has and BEGINS_WITHIN in load.conformed.findings:
            found = f"{has}, for the file begins within the month"
            raise _lost(load, f"{had} in {fact} now", found, "if the others are really gone")


def _lost(load: SliceLoad, now: str, found: str, unless: str) -> BadFileError:
    return BadFileError(
        ", ".join(map(attrgetter("name"), load.files)),
        expected=f"rows of {load.slice}, which has {now}",
        found=found,
        hint=f"export the whole month again and rerun; {unless}, run with --allow-empty",
    )


def refuse_beginning(landing: Landing, load: SliceLoad) -> None:
    """Raise `BadFileError` for a file that ends within a line of a longer one landed for the slice before.

    A cut within the last number of a file whose platform writes no line break at its end leaves a row that
    looks whole. One that ends with a line is no cut: rows may be taken away.
    """
    which = load.slice
    pulls = landing.pulls(which.source, which.entity, which.month)
    landed = {file.sha256: file for pull in pulls for file in pull.files}
    for file in load.files:
        for longer in _longer(landed[file.sha256], [*landed.values()]):
            raise BadFileError(
                file.name,
                expected=f"all of the file of {longer.size:,} bytes that was landed before",
                found=f"its first {landed[file.sha256].size:,} alone, which end within a line",
                hint=POSSIBLY_CUT_OFF,
            )


def _longer(file: LandedFile, others: list[LandedFile]) -> Iterator[LandedFile]:
    """Those of the same name that go on in the line in which the file ends."""
    longer = [each for each in others if each.size > file.size and each.name == file.name]
    content = file.read_bytes() if longer else b""
    return (each for each in longer if _goes_on(each, content))


def _goes_on(file: LandedFile, content: bytes) -> bool:
    if content.endswith(_BREAKS[1:]):
        return False
    try:
        known = file.read_bytes()
    except DataError:
        return False  # what was landed before is damaged, which `verify --all` tells
    return known.startswith(content) and known[len(content) :][:1] not in _BREAKS

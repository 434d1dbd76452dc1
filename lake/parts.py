"""Measures of some accounts at a time, so that the memory that they take does not grow with all accounts.

A team's measure of a day is the sum over accounts, and the rows of one account say nothing of another's. So
the parts add up to what one question about all of them says, to the last digit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

import pyarrow as pa

from disk import Place
from lake.files import FactFile
from lake.unpivoting import DAY
from warehouse.facts import fact_catalog
from warehouse.sql_files import SqlFile

_VALUE = pa.decimal128(28, 10)


def in_parts(files: Mapping[FactFile, Place], most_bytes: float) -> Iterator[dict[FactFile, Place]]:
    """The files of so many accounts at a time as have about this many bytes, each with what is everybody's.

    There is always a part, perhaps without files; no account is split.
    """
    sizes = Counter[tuple[str, str]]()
    for file in filter(_is_an_accounts, files):
        sizes[_account(file)] += file.byte_count
    part_of = dict(zip(sizes, (end // most_bytes for end in accumulate(sizes.values())), strict=True))
    for number in dict.fromkeys(part_of.values()) or [0]:
        yield {
            file: place
            for file, place in files.items()
            if not _is_an_accounts(file) or part_of[_account(file)] == number
        }


def _is_an_accounts(file: FactFile) -> bool:
    return not fact_catalog()[file.fact].is_everybodys


def _account(file: FactFile) -> tuple[str, str]:
    return file.slice.source, file.slice.entity


def added_up(answers: Iterable[pa.Table], file: SqlFile) -> pa.Table:
    """The answers to the same question in parts as one; what is null in all of them stays null."""
    first, *others = answers
    if not others:
        return first
    sums = (
        pa.concat_tables([first, *others])
        .group_by([*DAY])
        .aggregate([(name, "sum") for name in file.measures])
    )
    columns = [sums[f"{name}_sum"].cast(_VALUE) for name in file.measures]
    return pa.table([*(sums[name] for name in DAY), *columns], names=[*DAY, *file.measures])

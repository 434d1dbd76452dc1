"""The sound exports that changes are made to: of every format of advertising, and one of each other platform."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from etl.account import Account
from etl.formats.definition import Format
from etl.formats.source import FormatSource
from etl.sources import registry
from tests.etl import samples
from tests.etl.formats.reading import OCTOBER, account, land
from tests.etl.formats.written_ads import ADS, NUMBERS, cell, header_of, label_of, whose
from tests.fuzz.columns import columns_of
from tests.fuzz.tables import Row, Table


@dataclass(frozen=True)
class Seed:
    """An export: whose it is, what it feeds, and how a sound one is made."""

    name: str
    account: Account
    form: str
    """The name of its format."""
    table: Callable[[Random], Table]


@cache
def seeds() -> tuple[Seed, ...]:
    """All of them."""
    return (*_ads(), *_others())


def _ads() -> list[Seed]:
    """A seed for each format of ads and each language in which it has all columns."""
    return [
        _ad(form, language)
        for form in ADS
        for language, fields in form.headers.items()
        if form.required <= set(fields)
    ]


def _ad(form: Format, language: str) -> Seed:
    def table(rng: Random) -> Table:
        return _ad_table(form, language, rng)

    whom = account(form.source, **whose(form))
    return Seed(f"{form.name} {language}", whom, form.name, table)


def _ad_table(form: Format, language: str, rng: Random) -> Table:
    most = max(len(names) for names in form.headers[language].values())
    names = header_of(form, language, rng.randrange(most))
    rows = [
        Row([_written(form, name, row, rng) for name in names])
        for row in range(rng.choice((1, 2, 2, 3, 3, 4, 5, 6, 8, 31)))
    ]
    table = Table([], list(names.values()), list(names), rows, separator=rng.choice(("\t", ",", ";")))
    table.is_grouped = rng.random() < 0.3
    if form.totals == "required":
        table.totals.append(_total(form, list(names)))
    return table


def _written(form: Format, field: str, row: int, rng: Random) -> str | Decimal:
    if field not in NUMBERS:
        return cell(form, field, row)
    if field in ("impressions", "clicks"):
        return Decimal(rng.choice((0, 3, 30, 999, 1200, 34567)))
    cents = Decimal(rng.randrange(100)) / 100 if field != "conversions" else Decimal(0)
    return (Decimal(rng.choice((0, 1, 12, 1250, 98765))) + cents).quantize(Decimal("0.01"))


def _total(form: Format, names: Sequence[str]) -> Row:
    cells: list[str | Decimal] = [Decimal(0) if name in NUMBERS else "" for name in names]
    first = "activity_date" if "activity_date" in names else next(n for n in names if n not in NUMBERS)
    cells[names.index(first)] = label_of(form)
    return Row(cells)


_STYLES = {"sales": "german"}
_NO_MEASURES = ("fx_rates", "hubspot")


def _others() -> list[Seed]:
    """The samples of the tests, with the lines and totals that each platform writes."""
    return [
        _sample(source, at, text)
        for source, texts in samples.TEXTS.items()
        if source not in _NO_MEASURES
        for at, text in enumerate(texts)
    ]


def _sample(source: str, at: int, text: str) -> Seed:
    whom = samples.account(source)
    with TemporaryDirectory() as folder:
        platform, files = registry()[source], land(Path(folder), [text])
        assert isinstance(platform, FormatSource)
        form = platform.recognise(files[0], whom).format.name
        conformed = platform.read(files, whom, OCTOBER)
    (fact,) = conformed.tables
    (lines,) = conformed.lines[fact]
    counted = {row for some in lines.rows.to_pylist() for row in (some if isinstance(some, list) else [some])}
    encoding = {"linkedin_ads": "utf-16-le", "ocean_engine": "gb18030", "wechat": "gb18030"}.get(
        source, "utf-8"
    )
    separator = {"sales": ";", "linkedin_ads": "\t"}.get(source, ",")

    def table(_: Random) -> Table:
        found = _parsed(text, separator, columns_of(source, fact, form).score, counted)
        found.encoding, found.style = encoding, _STYLES.get(source, "english")
        found.mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
        return found

    return Seed(f"{source} {at}", whom, form, table)


def _parsed(text: str, separator: str, score: Callable[[list[str]], int], counted: set[int]) -> Table:
    """A text as a table of texts, of which no number is known."""
    records = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    begin = max(range(min(len(records), 60)), key=lambda at: score(records[at])) + 1
    rows = [Row(list(cells), at not in counted) for at, cells in enumerate(records[begin:], start=begin + 1)]
    header = records[begin - 1]
    above = text.splitlines()[: begin - 1]
    return Table(above, header, [None] * len(header), rows, separator=separator)

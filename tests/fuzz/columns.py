"""What the columns of a platform's exports are called, taken from its formats as data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pyarrow as pa

from etl.formats.definition import FieldRule, Format
from etl.formats.source import FormatSource
from etl.sources import registry
from warehouse.facts import fact_catalog

_UNSEEN = re.compile("[\u00ad\ufeff\u200b\u200e\u200f]")


def plain(cell: str) -> str:
    """A name without what copies of it differ in: case, blanks, marks that nobody sees."""
    text = unicodedata.normalize("NFKC", _UNSEEN.sub("", cell).replace("’", "'").replace("‘", "'"))
    return " ".join(text.split()).casefold()


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of a fact's measures, and the cells that stand for no number."""

    measures: Mapping[str, frozenset[str]]
    counts: frozenset[str]
    """Those of the measures that are whole numbers."""
    patterns: Mapping[str, tuple[re.Pattern[str], ...]]
    known: frozenset[str]
    """The names of all columns, measures or not."""
    missing: frozenset[str]
    is_once: bool
    """Whether rows that are alike in everything are one row."""

    def measure(self, cell: str) -> str | None:
        """The measure whose name a header's cell is."""
        name, raw = plain(cell), " ".join(cell.split())
        for field, names in self.measures.items():
            if name in names or any(each.fullmatch(raw) for each in self.patterns[field]):
                return field
        return None

    def score(self, cells: list[str]) -> int:
        """How many cells of a row are names of columns."""
        return sum(plain(cell) in self.known or self.measure(cell) is not None for cell in cells if cell)


@cache
def columns_of(source: str, fact: str, name: str) -> Columns:
    """The columns of a fact in the format of that name, and what those of all its platform's are called."""
    platform = registry()[source]
    assert isinstance(platform, FormatSource)
    all_forms = [form for form in platform.formats if form.fact == fact]
    forms = [form for form in all_forms if form.name == name]
    odd = {name for form in forms for field, name in _names(form) if not _is_plain(form.rule(field))}
    measures = {field: frozenset(_plain_names(forms, field) - odd) for field in _measures(fact)}
    patterns = {field: tuple(_patterns(forms, field)) for field in _measures(fact)}
    rules = [rule for form in forms for rule in form.fields.values()]
    missing = {cell for each in (*forms, *rules) for cell in each.missing}
    known = frozenset(plain(name) for form in all_forms for _, name in _names(form))
    is_once = any(form.same_key == "first" for form in forms)
    return Columns(measures, _counts(fact), patterns, known, frozenset(missing), is_once)


def _measures(fact: str) -> Iterator[str]:
    for column in fact_catalog()[fact].read_columns:
        if pa.types.is_decimal(column.type) or pa.types.is_integer(column.type):
            yield column.name


def _counts(fact: str) -> frozenset[str]:
    columns = fact_catalog()[fact].read_columns
    return frozenset(column.name for column in columns if pa.types.is_integer(column.type))


def _names(form: Format) -> Iterator[tuple[str, str]]:
    for fields in form.headers.values():
        for field, names in fields.items():
            yield from ((field, plain(name)) for name in names)


def _plain_names(forms: list[Format], field: str) -> set[str]:
    found = {name for form in forms for each, name in _names(form) if each == field}
    return {name for name in found if not name.startswith("/")}


def _patterns(forms: list[Format], field: str) -> Iterator[re.Pattern[str]]:
    for form in forms:
        for fields in form.headers.values():
            for name in fields.get(field, ()):
                if name.startswith("/") and _is_plain(form.rule(field)):
                    yield re.compile(name[1:-1], re.IGNORECASE)


def _is_plain(rule: FieldRule) -> bool:
    """Whether the number in the cell is the value, without anything being made of it."""
    made = (rule.minus, rule.only, rule.copy_of, rule.extract, rule.first_of, rule.always, rule.round)
    return rule.times == 1 and not any(made)

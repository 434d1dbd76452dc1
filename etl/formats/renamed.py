"""Columns under another name than a format knows: how much they are like those that it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import product

from etl.formats.definition import Format
from etl.formats.fields import kind_of_field
from etl.formats.guessing import WANTED, Column, column_of
from etl.formats.recognition import Recognised, normal, readable
from etl.formats.unread import unread_names

_ALIKE = 0.85
_RATIO = re.compile(
    r"/|%|\b(rate|per|costs?|avg|average|durchschn\w*|kosten|quote|taux|co[uû]t|tasa|taxa|coste|custo)\b|率|成本|平均"
)
"""What is worked out of a measure has its name, too."""


def warnings(found: Recognised) -> Iterator[str]:
    """A sentence for each column that is read as none, and likely is the one that a field lacks."""
    free = unread_names(found)
    for field, (place, name) in product(_lacking(found), free.items()):
        if _is_called_alike(found.format, field, name) and _has_such_cells(found, field, place, name):
            yield (
                f"no column for {field}, and {name!r} may be it under another name: it counts only if a "
                f"format that is `like: {found.format.name}` names it"
            )


def _lacking(found: Recognised) -> Iterator[str]:
    """The measures and days of the fact that a file may lack without a word, and does."""
    form = found.format
    for column in form.spec.read_columns:
        is_silent = column.name in form.optional and column.name not in found.header.places
        if is_silent and kind_of_field(form, column.name) in ("day", "count", "amount"):
            yield column.name


def _has_such_cells(found: Recognised, field: str, place: int, name: str) -> bool:
    body = found.candidate.table.body(found.header.record, [place])
    return similarity(found.format, field, column_of(name, place, body)) >= _ALIKE


def _is_called_alike(form: Format, field: str, name: str) -> bool:
    plain = normal(name)
    if _RATIO.search(plain):
        return False
    return any(_alike(normal(readable(each)), plain) >= _ALIKE for each in form.names_of(field))


def similarity(form: Format, field: str, column: Column) -> float:
    """How much a column is like one of the field's: by its name, if its cells could be the field's at all."""
    kind = kind_of_field(form, field)
    is_telling = kind in ("day", "count", "amount", "currency")
    if is_telling and kind not in column.kinds:
        return 0
    if any(each.field == field and each.is_named(column) for each in WANTED.get(form.fact or "", ())):
        return 1
    likenesses = (_alike(normal(readable(name)), normal(column.name)) for name in form.names_of(field))
    return max(likenesses, default=0) + 0.1 * is_telling


def _alike(one: str, other: str) -> float:
    """From 0 to 1: by words if one has all words of the other, else by the letters of what differs.

    Amounts discounted and amounts refunded have the word in common that says least.
    """
    words, others = dict.fromkeys(one.split()), dict.fromkeys(other.split())
    if words.keys() <= others.keys() or others.keys() <= words.keys():
        return 0.9
    own, theirs = (
        " ".join(word for word in some if word not in more)
        for some, more in ((words, others), (others, words))
    )
    return SequenceMatcher(None, own, theirs).ratio()

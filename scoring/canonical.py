"""A scorecard as canonical JSON, back again, and its content hash.

Canonical: keys sorted, no spaces, text in UTF-8 as it is, a number as the shortest plain decimal string. So a
card can be written in only one way, and its hash identifies it.

A field with its default is omitted. So fields can be added later: cards issued before can still be read,
and keep their hash.
"""

from __future__ import annotations

import hashlib
import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from scoring.errors import DataError
from scoring.restatement import Restatement
from scoring.scorecard import AreaResult, Scorecard
from scoring.working import Operand

T = TypeVar("T")

# A file that was exported anew without any number changing makes no new revision; no more does a book that
# asks for a workbook, or names another paper or an archive, from now on.
NOT_CONTENT = frozenset({"revision", "sources", "load_state", "in_cells", "paper", "archive"})


def to_json(card: Scorecard) -> str:
    """The canonical JSON of `card`."""
    return _dump(_plain(card))


def content_hash(card: Scorecard) -> str:
    """sha256 (hex) of the card's content: everything except its revision number and its source files."""
    return hashlib.sha256(_dump(content_of(card)).encode()).hexdigest()


def content_of(card: Scorecard) -> dict[str, Any]:
    """What the content hash covers, as plain values."""
    return {key: value for key, value in _plain(card).items() if key not in NOT_CONTENT}


def says_the_same(issued: Scorecard, card: Scorecard) -> bool:
    """Whether two cards say the same of their own period.

    A trend, a year to date, and what moved a figure since, show earlier periods as they were known when the
    card was made: a late row in one of them is no reason to issue this card again. No more is another team's
    card, which may move the rank, or what became of a step that an earlier card named.
    """
    return content_hash(of_its_own(issued)) == content_hash(of_its_own(card))


def of_its_own(card: Scorecard) -> Scorecard:
    """The card with what it says of its own team and period alone."""
    return replace(
        card,
        areas=tuple(map(_without_history, card.areas)),
        total_history=(),
        made_before=(),
        rank=None,
        actions=(),
    )


def _without_history(area: AreaResult) -> AreaResult:
    results = (
        replace(result, history=(), year_to_date=None, outlook=None, drivers=None) for result in area.results
    )
    return replace(area, results=tuple(results))


@lru_cache(maxsize=32)
def from_json(text: str) -> Scorecard:
    """The inverse of `to_json`; raises `DataError` if the text is not a scorecard of this version.

    The cards of a month are asked for many times in a run, and cannot be changed.
    """
    return _read(Scorecard, text, "scorecard")


def restatement_json(restatement: Restatement) -> str:
    """The canonical JSON of a restatement."""
    return _dump(_plain(restatement))


def restatement_from_json(text: str) -> Restatement:
    """The inverse of `restatement_json`; raises `DataError` if the text is not one of this version."""
    return _read(Restatement, text, "restatement")


def plain(value: Any) -> Any:
    """A value of a card as plain ones, as JSON knows them."""
    return _plain(value)


def spelling(value: object) -> str:
    """A plain value as canonical JSON."""
    return _dump(value)


def _read(kind: type[T], text: str, name: str) -> T:
    try:
        value: T = _build(kind, json.loads(text))
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise DataError(
            f"{name}: expected the JSON of a {name}, found {error!r}; `scorewright verify --all` says where "
            "it is kept: restore the ledger, or the file, from a backup."
        ) from None
    return value


def plain_number(value: Decimal) -> str:
    """The shortest plain decimal: no exponent, no trailing zeros, no minus zero."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, tuple):
        return list(map(_plain, value))
    if isinstance(value, Enum):
        return value.value
    return _plain_fields(value) if is_dataclass(value) else value


def _plain_fields(value: Any) -> dict[str, Any]:
    """The fields without those that hold their default; a word among the operands says that it is one."""
    if _is_word(value):
        return {"name": value.name, "value": {"word": value.value}}
    spelled = ((name, getattr(value, name), default) for name, default in _defaults(value.__class__))
    return {name: _plain(part) for name, part, default in spelled if part != default}


def _is_word(value: Any) -> bool:
    return isinstance(value, Operand) and isinstance(value.value, str)


def _build(kind: Any, value: Any) -> Any:
    """`value` as `kind`: a dataclass, a tuple of one kind, an enum, an optional, or a plain value."""
    origin = get_origin(kind)
    if origin in _BUILDERS:
        return _BUILDERS[origin](get_args(kind), value)
    if is_dataclass(kind):
        return _build_dataclass(kind, value)
    if kind in (str, int) and type(value) is not kind:
        raise TypeError(f"{value!r} where {kind.__name__} was expected")
    return kind(value)


def _build_dataclass(kind: Any, value: Any) -> Any:
    hints, optional = _hints(kind), _optional(kind)
    given = (name for name in hints if name in value or name not in optional)
    return kind(**{name: _build(hints[name], value[name]) for name in given})


def _build_tuple(kinds: tuple[Any, ...], value: Any) -> Any:
    return tuple(_build(kinds[0], item) for item in value)


def _build_union(kinds: tuple[Any, ...], value: Any) -> Any:
    if value is None and type(None) in kinds:
        return None
    if isinstance(value, dict) and "word" in value and str in kinds:
        return value["word"]
    return _build(kinds[0], value)


def _one_of(allowed: tuple[Any, ...], value: Any) -> Any:
    if value not in allowed:
        raise ValueError(f"{value!r} where one of {allowed} was expected")
    return value


_BUILDERS: Mapping[Any, Callable[[tuple[Any, ...], Any], Any]] = {
    Union: _build_union,
    types.UnionType: _build_union,
    tuple: _build_tuple,
    Literal: _one_of,
}
"""How to build a kind that is made of others, such as `tuple[Operand, ...]`, by what it is."""


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    """Every field, and what it holds unless said otherwise."""
    return tuple((field.name, field.default) for field in fields(kind))


@cache
def _optional(kind: Any) -> frozenset[str]:
    """The fields that are not spelled where they hold their default."""
    return frozenset(field.name for field in fields(kind) if field.default is not MISSING)

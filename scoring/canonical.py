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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache, partial
from itertools import chain
from operator import attrgetter
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
    return _json_of(_This(card))


def content_hash(card: Scorecard) -> str:
    """sha256 (hex) of the card's content: everything except its revision number and its source files."""
    return _hash_of(_This(card))


@dataclass(frozen=True, slots=True, eq=False)
class _This:
    """A card, equal to itself alone: to find that two cards are equal takes as long as to spell one."""

    card: Scorecard

    def __hash__(self) -> int:
        return id(self.card)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _This) and self.card is other.card


@lru_cache(maxsize=32)
def _json_of(this: _This) -> str:
    return _dump(_plain(this.card))


@lru_cache(maxsize=32)
def _hash_of(this: _This) -> str:
    """A card that is drawn and issued is asked for its hash again and again."""
    return hashlib.sha256(_dump(content_of(this.card)).encode()).hexdigest()


def content_of(card: Scorecard) -> dict[str, Any]:
    """What the content hash covers, as plain values."""
    return {key: value for key, value in _plain(card).items() if key not in NOT_CONTENT}


def says_the_same(issued: Scorecard, card: Scorecard) -> bool:
    """Whether two cards say the same of their own period.

    A trend, a year to date, and what moved a figure since, show earlier periods as they were known when the
    card was made: a late row in one of them is no reason to issue this card again. No more is another team's
    card, which may move the rank, or what became of a step that an earlier card named.
    """
    old, new = of_its_own(issued), of_its_own(card)
    # what is equal need not be spelled to be compared
    return old == new or content_hash(old) == content_hash(new)


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


@dataclass(frozen=True, slots=True)
class Line:
    """What a line of a card says of its KPI's meaning."""

    kpi_id: str
    formula: str
    unit: str
    direction: str


@dataclass(frozen=True, slots=True)
class _Area:
    results: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A few parts of a card: to read all of it takes four times as long."""

    manager_name: str
    areas: tuple[_Area, ...]

    @property
    def lines(self) -> Iterator[Line]:
        """All lines of the card, area by area."""
        return chain.from_iterable(area.results for area in self.areas)


@lru_cache(maxsize=32)
def from_json(text: str) -> Scorecard:
    """The inverse of `to_json`; raises `DataError` if the text is not a scorecard of this version.

    The cards of a month are asked for many times in a run, and cannot be changed.
    """
    return _read(Scorecard, text, "scorecard")


@lru_cache(maxsize=32)
def head_of(text: str) -> Head:
    """The little of a card that is asked of thousands at once; raises what `from_json` raises."""
    return _read(Head, text, "scorecard")


def was_made_of(text: str, load_state: str) -> bool:
    """Whether a card in canonical JSON was made of the data in that state; the card is not read for it.

    Within a text the quotes of what looks like it are escaped.
    """
    return f'"load_state":{_dump(load_state)}' in text


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
    # to mypy a type that is not known yet cannot be hashed
    whole: Any = kind
    try:
        value: T = _builder(whole)(json.loads(text))
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
    return _speller(value.__class__)(value)


@cache
def _speller(kind: type) -> Callable[[Any], Any]:
    """What makes a value of this kind plain. Found once: a card has over a thousand values."""
    if kind is Operand:
        return _plain_operand
    if is_dataclass(kind):
        return _plain_fields(kind)
    base = next((base for base in _SPELLERS if issubclass(kind, base)), object)
    return _SPELLERS[base]


@cache
def _plain_fields(kind: Any) -> Callable[[Any], dict[str, Any]]:
    """What spells the fields of a dataclass, without those that hold their default."""
    of_kind = fields(kind)
    names, defaults = [field.name for field in of_kind], [field.default for field in of_kind]
    # of a single name it would get no tuple
    values = attrgetter(*names, "__class__")

    def spell(value: Any) -> dict[str, Any]:
        spelled = zip(names, values(value), defaults, strict=False)
        return {name: _plain(part) for name, part, default in spelled if part != default}

    return spell


def _plain_operand(value: Operand) -> dict[str, Any]:
    """A word among the operands says that it is one."""
    if isinstance(value.value, str):
        return {"name": value.name, "value": {"word": value.value}}
    return _plain_fields(Operand)(value)


_SPELLERS: Mapping[type, Callable[[Any], Any]] = {
    Decimal: plain_number,
    tuple: lambda value: [*map(_plain, value)],
    Enum: attrgetter("value"),
    object: lambda value: value,
}
"""How values are made plain, by what they are; the last is for what is plain already."""


@cache
def _builder(kind: Any) -> Callable[[Any], Any]:
    """What builds a `kind` of plain values: a dataclass, a tuple of one kind, an enum, an optional, or a
    plain value. Found once: a card has over two thousand of them.
    """
    origin = get_origin(kind)
    if origin in _BUILDERS:
        return _BUILDERS[origin](get_args(kind))
    if is_dataclass(kind):
        return _of_fields(kind)
    return partial(_exactly, kind) if kind in (str, int) else kind


def _of_fields(kind: Any) -> Callable[[Any], Any]:
    optional = _optional(kind)
    parts = [(name, _builder(hint), name in optional) for name, hint in get_type_hints(kind).items()]

    def build(value: Any) -> Any:
        given = ((name, part) for name, part, may_lack in parts if not may_lack or name in value)
        return kind(**{name: part(value[name]) for name, part in given})

    return build


def _exactly(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{value!r} where {kind.__name__} was expected")
    return value


def _tuple_of(kinds: tuple[Any, ...]) -> Callable[[Any], Any]:
    build = _builder(kinds[0])
    return lambda value: tuple(map(build, value))


def _optionally(kinds: tuple[Any, ...]) -> Callable[[Any], Any]:
    build, may_be_none, may_be_word = _builder(kinds[0]), type(None) in kinds, str in kinds

    def build_any(value: Any) -> Any:
        if value is None and may_be_none:
            return None
        return value["word"] if may_be_word and _is_word(value) else build(value)

    return build_any


def _is_word(value: Any) -> bool:
    return isinstance(value, dict) and "word" in value


def _one_of(allowed: tuple[Any, ...], value: Any) -> Any:
    if value not in allowed:
        raise ValueError(f"{value!r} where one of {allowed} was expected")
    return value


_BUILDERS: Mapping[Any, Callable[[tuple[Any, ...]], Callable[[Any], Any]]] = {
    Union: _optionally,
    types.UnionType: _optionally,
    tuple: _tuple_of,
    Literal: lambda allowed: partial(_one_of, allowed),
}
"""What makes the builder of a kind that is made of others, such as `tuple[Operand, ...]`, by what it is."""


@cache
def _optional(kind: Any) -> frozenset[str]:
    """The fields that are not spelled where they hold their default."""
    return frozenset(field.name for field in fields(kind) if field.default is not MISSING)

"""Questions asked several times: for so many ids of an earlier answer, and for each of some values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from pulling.filling import request_of
from pulling.paths import every, first
from pulling.platform import Listed, Questions
from pulling.rows import refuse_repeated
from pulling.styles import STYLES, Ask, UnsoundError, whole


@dataclass(frozen=True)
class Part:
    """One question of several: what its names stand for, and the items by the ids that it asks for."""

    names: Mapping[str, str]
    fields: Mapping[str, str] = field(default_factory=dict)
    listed: Mapping[str, Any] = field(default_factory=dict)


def parts_of(asked: Questions, names: Mapping[str, str], ask: Ask) -> Iterator[Part]:
    """The questions that it takes for all; none where the earlier answer has no items."""
    for values in product(*asked.repeated.values()):
        said = dict(zip(asked.repeated, values, strict=True))
        yield from _batches(asked.for_each, {**names, **said}, said, ask)


def _batches(
    how: Listed | None, names: Mapping[str, str], said: Mapping[str, str], ask: Ask
) -> Iterator[Part]:
    if how is None:
        yield Part(names, said)
        return
    items = _items(how, names, ask)
    for at in range(0, len(items), how.most):
        ids = {_id(each, how): each for each in items[at : at + how.most]}
        yield Part({**names, "ids": how.among.join(ids)}, said, ids)


def _items(how: Listed, names: Mapping[str, str], ask: Ask) -> list[Any]:
    """The items of all pages; raises `UnsoundError` for one that comes twice, or has no id."""

    def counted(page: Any) -> int:
        return sum(1 for _ in every(page, f"{how.rows}.*"))

    request = request_of(how, {**names, "size": str(how.pages.size)})
    pages = whole(STYLES[how.pages.style](ask, request, how.pages, counted), how.pages, counted)
    items = [each for page in pages for each in every(page, f"{how.rows}.*")]
    refuse_repeated(items, [how.id])
    return items


def _id(item: Any, how: Listed) -> str:
    found = first(item, how.id)
    if found in (None, ""):
        raise UnsoundError(f"an item of {how.path} without {how.id!r}")
    return str(found)


def completed_rows(rows: Sequence[Any], asked: Questions, part: Part) -> list[Any]:
    """The rows with what the earlier answer says of each; raises `UnsoundError` for rows of another id, and
    where one is missing of which the platform always has something.
    """
    how = asked.for_each
    if how is None:
        return _with(rows, part.fields)
    ids = [str(first(row, how.at)) for row in rows]
    _refuse_others(ids, part.listed)
    _refuse_missing(part.listed if how.all else {}, ids)
    pairs = zip(rows, ids, strict=True)
    return [{**row, **part.fields, **_said(part.listed[known], how)} for row, known in pairs]


def _with(rows: Sequence[Any], fields: Mapping[str, Any]) -> list[Any]:
    return [{**row, **fields} for row in rows]


def _said(item: Any, how: Listed) -> dict[str, Any]:
    return {name: first(item, path) for name, path in how.fields.items()}


def _refuse_others(ids: Iterable[str], listed: Mapping[str, Any]) -> None:
    others = sorted({*ids} - {*listed})
    if others:
        raise UnsoundError(f"rows of {others[0][:40]!r}, for which nobody asked")


def _refuse_missing(listed: Mapping[str, Any], ids: Iterable[str]) -> None:
    missing = sorted({*listed} - {*ids})
    if missing:
        raise UnsoundError(f"nothing of {len(missing)} of {len(listed)} ids, such as {missing[0][:40]!r}")

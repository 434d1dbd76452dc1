"""The formats there are: those that the product ships, and those that a book adds in its folder `formats`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from pydantic import ValidationError

from etl.facts import fact_catalog
from etl.formats.definition import Format, as_said
from etl.formats.signs import ACCOUNT_ID, ACCOUNT_NAME
from scoring.errors import BookError

SHIPPED = Path(__file__).resolve().parent / "shipped"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
READER = 1
"""Raised when the reader makes something else of the same format and the same bytes."""


@cache
def shipped_formats() -> Mapping[str, Format]:
    """The formats that the product ships, by name."""
    return MappingProxyType(dict(_formats(SHIPPED, {})))


def formats_of(folder: Path) -> Mapping[str, Format]:
    """The shipped formats with those of a book's folder; one with the name of a shipped one replaces it.

    Raises `BookError` for a file that is no format.
    """
    if not folder.is_dir():
        return shipped_formats()
    return MappingProxyType({**shipped_formats(), **dict(_formats(folder, _said(SHIPPED)))})


def sha256_of(formats: Iterable[Format]) -> str:
    """The hash by which a slice knows that its files would be read differently now."""
    said = json.dumps([READER, *map(as_said, formats)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _formats(folder: Path, known: Mapping[str, dict[str, Any]]) -> Iterator[tuple[str, Format]]:
    own = _said(folder)
    for name, said in own.items():
        yield name, _format(folder / f"{name}.yaml", name, _inherited(folder, name, said, {**known, **own}))


def _said(folder: Path) -> dict[str, dict[str, Any]]:
    return {path.stem: _read(path) for path in sorted(folder.glob("*.yaml"))}


def _read(path: Path) -> dict[str, Any]:
    try:
        said = yaml.load(path.read_bytes(), Loader=_Loader)  # noqa: S506 - a safe loader
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise _fault(path, "a format in YAML", " ".join(str(error).split())[:200]) from None
    if not isinstance(said, dict):
        raise _fault(path, "a format", "something else")
    return said


def _inherited(folder: Path, name: str, said: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """What a format says with all that it takes from the one it is `like`."""
    like = said.get("like")
    if like is None:
        return said
    if like not in known or like == name:
        raise _fault(folder / f"{name}.yaml", "a known format under `like`", repr(like))
    base = _inherited(folder, like, known[like], {key: known[key] for key in known if key != name})
    whole = {**base, **said}
    del whole["like"]
    for part in ("headers", "fields"):
        whole[part] = _joined(base.get(part, {}), said.get(part, {}))
    return whole


def _joined(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Two levels put together; what is set to nothing is taken away."""
    whole = {**base, **own}
    for key in base.keys() & own.keys():
        if isinstance(base[key], dict) and isinstance(own[key], dict):
            whole[key] = _present({**base[key], **own[key]})
    return _present(whole)


def _present(said: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in said.items() if value is not None}


def _format(path: Path, name: str, said: dict[str, Any]) -> Format:
    try:
        form = Format(name=name, **_with_signs(said))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise _fault(path, f"a format that can be used ({place})", first["msg"]) from None
    except TypeError as error:
        raise _fault(path, "a format", str(error)) from None
    _refuse_unread(path, form)
    return form


def _with_signs(said: dict[str, Any]) -> dict[str, Any]:
    """The columns that name the account are fields that a file need not have."""
    signs = said.get("account") or {}
    named = {ACCOUNT_ID: signs.get("ids"), ACCOUNT_NAME: signs.get("names")}
    found = {field: names for field, names in named.items() if names}
    if not found or not isinstance(said.get("headers"), dict) or not said["headers"]:
        return said
    first = next(iter(said["headers"]))
    headers = {**said["headers"], first: {**said["headers"][first], **found}}
    return {**said, "headers": headers, "optional": (*said.get("optional", ()), *found)}


def _refuse_unread(path: Path, form: Format) -> None:
    """Raise `BookError` where a column that the fact must have comes from nowhere."""
    if form.fact is not None and form.fact not in fact_catalog():
        raise _fault(path, f"one of the facts {', '.join(fact_catalog())}", repr(form.fact))
    for name in _must_have(form) - _given(form):
        raise _fault(path, f"a column for {name}, or `copy`, `take` or the like", "none")


def _must_have(form: Format) -> set[str]:
    columns = fact_catalog()[form.fact].read_columns if form.fact else ()
    return {column.name for column in columns if not column.nullable}


def _given(form: Format) -> set[str]:
    """The fields that always have a value: a column that must be there, or something that stands in."""
    named = {field for fields in form.headers.values() for field in fields} - set(form.optional)
    stands_in = {name for name, rule in form.fields.items() if rule.stands_in}
    return named | stands_in | set(form.join.take if form.join else ())


def _fault(path: Path, expected: str, found: str) -> BookError:
    return BookError(f"{path.name}: expected {expected}, found {found}; correct it.")

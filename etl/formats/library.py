"""The formats there are: those that the product ships, and those that a book adds in its folder `formats`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from pydantic import ValidationError

from disk import ordinary_bytes
from etl.formats.definition import Format, as_said
from etl.formats.signs import ACCOUNT_ID, ACCOUNT_NAME
from scoring.errors import BookError
from warehouse.facts import fact_catalog

SHIPPED = Path(__file__).resolve().parent / "shipped"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Place = tuple[str | int, ...]
READER = 4
"""Raised when the reader makes something else of the same format and the same bytes."""


class FormatError(BookError):
    """A file that is no format: `file` is its name, `place` the keys that lead to what is wrong in it.

    `others` are further misspelt words of the file.
    """

    def __init__(self, file: str, expected: str, found: str, place: Place = ()) -> None:
        self.file, self.expected, self.found, self.place = file, expected, found, place
        self.others: tuple[FormatError, ...] = ()
        super().__init__(f"{file}: {self.message}.")

    @property
    def message(self) -> str:
        """What is wrong, without the file's name."""
        where = f"{'.'.join(map(str, self.place))}: " if self.place else ""
        return f"{where}expected {self.expected}, found {self.found}; correct it"

    def __reduce__(self) -> tuple[type[FormatError], tuple[str, str, str, Place]]:
        return FormatError, (self.file, self.expected, self.found, self.place)


@cache
def shipped_formats() -> Mapping[str, Format]:
    """The formats that the product ships, by name."""
    known = _said(SHIPPED)
    return MappingProxyType({name: _made(SHIPPED, name, known) for name in known})


def formats_of(folder: Path) -> Mapping[str, Format]:
    """The shipped formats with those of a book's folder; one with the name of a shipped one replaces it.

    Raises `FormatError` for the first file that is no format.
    """
    found, errors = readable_formats(folder)
    if errors:
        raise errors[0]
    return found


def readable_formats(folder: Path) -> tuple[Mapping[str, Format], list[FormatError]]:
    """The same with those files of the folder that are formats, and what is wrong with the others."""
    if not folder.is_dir():
        return shipped_formats(), []
    errors: list[FormatError] = []
    said: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.yaml")):
        with _noted(errors, path.name):
            said[path.stem] = _read(path)
    own: dict[str, Format] = {}
    known = {**_said(SHIPPED), **said}
    for name in said:
        with _noted(errors, f"{name}.yaml"):
            own[name] = _made(folder, name, known)
    return MappingProxyType({**shipped_formats(), **own}), errors


@contextmanager
def _noted(errors: list[FormatError], file: str) -> Iterator[None]:
    try:
        yield
    except FormatError as error:
        errors += [error, *error.others]
    except (AttributeError, KeyError, TypeError):  # a list where keys are, or the other way round
        errors.append(FormatError(file, "keys, lists and texts where a format has them", "others"))


def format_in(name: str, text: str) -> Format:
    """The format that a text says, as if it stood in a file of this name; raises `FormatError`."""
    path = Path(f"{name}.yaml")
    return _made(path.parent, name, {**_said(SHIPPED), name: _parsed(path, text.encode())})


def sha256_of(formats: Iterable[Format]) -> str:
    """The hash by which a slice knows that its files would be read differently now."""
    said = json.dumps([READER, *map(as_said, formats)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _made(folder: Path, name: str, known: Mapping[str, dict[str, Any]]) -> Format:
    """The format that is said under a name, with what it takes from others that are known."""
    return _format(folder / f"{name}.yaml", name, _inherited(folder, name, known))


def _said(folder: Path) -> dict[str, dict[str, Any]]:
    return {path.stem: _read(path) for path in sorted(folder.glob("*.yaml"))}


def _read(path: Path) -> dict[str, Any]:
    try:
        content = ordinary_bytes(path)
    except OSError as error:
        raise FormatError(path.name, "a file that can be read", str(error.strerror)) from None
    return _parsed(path, content)


def _parsed(path: Path, content: bytes) -> dict[str, Any]:
    try:
        said = yaml.load(content, Loader=LOADER)  # noqa: S506 - a safe loader
    except (ValueError, yaml.YAMLError) as error:
        raise FormatError(path.name, "a format in YAML", " ".join(str(error).split())[:200]) from None
    if not isinstance(said, dict):
        raise FormatError(path.name, "a format", "something else")
    return said


def _inherited(folder: Path, name: str, known: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """What a format says with all that it takes from the one it is `like`.

    That real files were read by the other says nothing of a book's own, which is assumed unless it says more.
    """
    said = known[name]
    like = said.get("like")
    if like is None:
        return said
    others = {key: known[key] for key in known.keys() - {name}}
    if like not in others:
        raise FormatError(f"{name}.yaml", "a known format under `like`", repr(like))
    base = _inherited(folder, like, others)
    parts = {part: _joined(base.get(part, {}), said.get(part, {})) for part in ("headers", "fields")}
    status = {} if folder == SHIPPED else {"status": "assumed"}
    whole = {**base, **status, **said, **parts}
    del whole["like"]
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
        raise _misfit(path, error.errors()) from None
    except TypeError as error:
        raise FormatError(path.name, "a format", str(error)) from None
    _refuse_unread(path, form)
    return form


def _misfit(path: Path, errors: Sequence[Any]) -> FormatError:
    """What does not fit first, with all further words that a format does not have."""
    first, *more = (
        FormatError(path.name, _wanted(each), _shortly(each["input"]), tuple(each["loc"]))
        for each in (errors[0], *(each for each in errors[1:] if each["type"] == "extra_forbidden"))
    )
    first.others = tuple(more)
    return first


def _with_signs(said: dict[str, Any]) -> dict[str, Any]:
    """The columns that name the account are fields that a file need not have."""
    found, headers = _columns_of_signs(said.get("account") or {}), said.get("headers")
    if not found or not headers or not isinstance(headers, dict):
        return said
    first = next(iter(headers))
    headers = {**headers, first: {**headers[first], **found}}
    return {**said, "headers": headers, "optional": (*said.get("optional", ()), *found)}


def _columns_of_signs(signs: Mapping[str, Any]) -> dict[str, Any]:
    named = {ACCOUNT_ID: signs.get("ids"), ACCOUNT_NAME: signs.get("names")}
    return {field: names for field, names in named.items() if names}


def _refuse_unread(path: Path, form: Format) -> None:
    """Raise `BookError` where a column that the fact must have comes from nowhere."""
    if form.fact is not None and form.fact not in fact_catalog():
        raise FormatError(path.name, f"one of the facts {', '.join(fact_catalog())}", repr(form.fact))
    for name in sorted(_must_have(form) - _given(form)):
        raise FormatError(path.name, f"a column for {name}, or `copy`, `take` or the like", "none")
    _refuse_unkept(path, form)


def _refuse_unkept(path: Path, form: Format) -> None:
    """Raise `BookError` where a file may lack a column that `keep` looks at, and nothing else says it."""
    for name, wanted in form.keep.items():
        if name not in form.required and form.rule(name).constant != wanted:
            raise FormatError(
                path.name, f"`constant: {wanted}` for {name}, where a file may lack its column", "none"
            )


def _must_have(form: Format) -> set[str]:
    return {column.name for column in form.spec.read_columns if not column.nullable}


def _given(form: Format) -> set[str]:
    """The fields that always have a value: a column that must be there, or something that stands in."""
    looked_up = form.join.take if form.join else ()
    return {*(form.named - set(form.optional)), *form.standing_in, *looked_up}


_EXPECTED = {"extra_forbidden": "no such word here", "missing": "this word"}


def _wanted(error: Any) -> str:
    """What a part of a format should have been."""
    context = error.get("ctx", {})
    return str(
        _EXPECTED.get(error["type"]) or context.get("expected") or context.get("error") or error["msg"]
    )


def _shortly(value: object) -> str:
    """A value of a file in a few words."""
    if isinstance(value, dict):
        return f"keys such as {next(iter(value))!r}" if value else "nothing"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."

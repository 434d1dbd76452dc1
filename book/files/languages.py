"""The texts of a book, and the languages that they are in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from book.files.draft import Draft
from book.files.shapes import TextShape
from book.files.yaml_file import Place, YamlFile
from scoring.text import LANGUAGES, Language


def languages_of(draft: Draft) -> tuple[Language, ...]:
    """The languages that organisation.yaml states, or else those of the texts and the managers.

    English if nothing says anything: a plain text is in no language.
    """
    return draft.stated_languages or _given(draft) or LANGUAGES[:1]


def _given(draft: Draft) -> tuple[Language, ...]:
    found = {*_of_texts(draft), *_of_managers(draft)}
    return tuple(language for language in LANGUAGES if language in found)


def _of_texts(draft: Draft) -> Iterator[Language]:
    for _, _, text in texts_of(draft):
        if not text.is_plain:
            yield from text.languages


def _of_managers(draft: Draft) -> Iterator[Language | None]:
    for team in draft.teams.values():
        yield team.manager.language
        yield from (change.manager.language for change in team.changes if change.manager is not None)


def texts_of(draft: Draft) -> Iterator[tuple[YamlFile, Place, TextShape]]:
    """Each text for readers that the book itself has, with its file and its place in it."""
    for file, shape in _files(draft):
        yield from ((file, place, text) for place, text in _within(shape, ()) if place in file.lines)


def _files(draft: Draft) -> Iterator[tuple[YamlFile, Any]]:
    """Each file of the book that has texts, and what it says; not those of the product's dictionary."""
    yield draft.files["organisation.yaml"], draft.organisation
    yield draft.files["grading.yaml"], draft.grading
    yield draft.files["sources.yaml"], draft.sources
    yield draft.files["teams.yaml"], draft.teams
    yield from ((entry.file, entry.kpi) for entry in draft.kpis.values() if entry.file.name in draft.files)
    yield from ((entry.file, entry.shape) for entry in draft.okrs.objectives.values())


def _within(content: Any, place: Place) -> Iterator[tuple[Place, TextShape]]:
    if isinstance(content, TextShape):
        yield place, content
        return
    for key, part in _parts(content):
        yield from _within(part, (*place, key))


def _parts(content: Any) -> Iterator[tuple[str | int, Any]]:
    """What is inside a shape, a mapping or a list, by its key in the file."""
    if isinstance(content, BaseModel):
        fields = type(content).model_fields.items()
        yield from ((field.alias or name, getattr(content, name)) for name, field in fields)
    else:
        yield from items_of(content)


def items_of(content: Any) -> Iterable[tuple[str | int, Any]]:
    """What is inside a mapping or a list, by its key or position; nothing in what is neither."""
    if isinstance(content, Mapping):
        return content.items()
    return enumerate(content) if isinstance(content, tuple | list) else ()

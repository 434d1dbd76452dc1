"""Checks that every text is in every language that the book states."""

from __future__ import annotations

from collections.abc import Iterator

from book.fault import Fault
from book.files.draft import Draft
from book.files.languages import texts_of
from book.files.yaml_file import Place


def lint_languages(draft: Draft) -> Iterator[Fault]:
    """Every text that lacks a stated language; where none are stated, the one there is counts for both."""
    for file, place, text in texts_of(draft):
        for language in set(draft.stated_languages) - set(text.languages):
            yield file.fault(place, _lacking((*place, language)))


def _lacking(place: Place) -> str:
    where = ".".join(map(str, place))
    return f"{where}: expected a text, because organisation.yaml states the language, found none; add it"

"""Checks that every text is in every language that the book states."""

from __future__ import annotations

from collections.abc import Iterator

from book.fault import Fault
from book.files.draft import Draft
from book.files.languages import texts_of


def lint_languages(draft: Draft) -> Iterator[Fault]:
    """Every text that lacks a stated language; where none are stated, the one there is counts for both."""
    stated = (draft.organisation and draft.organisation.languages) or ()
    for file, place, text in texts_of(draft):
        for language in stated:
            if language not in text.languages:
                where = ".".join(map(str, (*place, language)))
                yield file.fault(
                    place,
                    f"{where}: expected a text, because organisation.yaml states the language, found none; "
                    "add it",
                )

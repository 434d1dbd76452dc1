"""Texts that cards print and our fonts cannot draw: such a card is not issued, so it is said before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from operator import attrgetter
from typing import Any

from book.fault import Fault
from book.files.calibration import DecisionRow
from book.files.check_ins import CheckInRow
from book.files.comments import CommentRow
from book.files.draft import Draft
from book.files.languages import items_of
from book.files.yaml_file import Place, YamlFile
from reports.covered import uncovered
from reports.undrawable import named

Row = DecisionRow | CommentRow | CheckInRow
ON_NO_CARD = re.compile(
    r"calendar\.yaml:"
    r"|organisation\.yaml:(sender|mail|approval|allowed)\b"
    r"|sources\.yaml:[^.]+\.accounts\.\d+\.(printed_as|query|words|counted|format)\b"
    r"|teams\.yaml:[^.]+\.(.+\.)?(email|formerly|keys|copies|delegates|groups)\b"
)
"""What only mails and exports have. The exceptions are listed, so that a new field is looked at."""


def undrawn(draft: Draft) -> Iterator[Fault]:
    """Each text with characters that no font of ours has, of whatever day: a past card may be drawn anew.

    Rows of targets are left out: cards have only their numbers.
    """
    files = (*draft.files.values(), *map(attrgetter("file"), draft.okrs.objectives.values()))
    rows: tuple[Row, ...] = (*draft.decisions, *draft.comments, *draft.okrs.check_ins)
    return chain(chain.from_iterable(map(_of_file, files)), chain.from_iterable(map(_of_row, rows)))


def _of_file(file: YamlFile) -> Iterator[Fault]:
    for place, lost in _lost(file.content, ()):
        where = ".".join(map(str, place))
        if lost and not ON_NO_CARD.match(f"{file.name}:{where}"):
            yield file.fault(place, _sentence(where, lost))


def _of_row(row: Row) -> Iterator[Fault]:
    # what a check-in says is one level further inside
    found = _lost(asdict(row), ())
    return (row.fault(_sentence(str(place[-1]), lost)) for place, lost in found if lost)


def _lost(content: Any, place: Place) -> Iterator[tuple[Place, Sequence[str]]]:
    """Each text within, by its place, with the characters that cannot be drawn."""
    if isinstance(content, str):
        yield place, uncovered(content)
    for key, part in items_of(content):
        yield from _lost(part, (*place, key))


def _sentence(where: str, lost: Sequence[str]) -> str:
    return (
        f"{where}: expected only characters that our fonts can draw, found {named(lost)}; a card that would "
        "print it is not issued: write it without"
    )

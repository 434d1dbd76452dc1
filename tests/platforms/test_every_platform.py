"""A part of the matrix (`script/platform-faults` has all of it), and every platform killed at each of its pages.

Each behaviour meets each style of pulling once; the platforms of a style take turns, and so do the places.
"""

from __future__ import annotations

from collections import Counter

import pytest

from pulling.journal import Journal
from pulling.platform import shipped_platforms
from tests.platforms.matrix import BEHAVIOURS, PLACES, begun


def style_of(platform):
    asked = platform.questions[0]
    return f"{'ordered ' if asked.ordered else ''}{asked.pages.style}"


STYLES = {}
for _name, _platform in shipped_platforms().items():
    STYLES.setdefault(style_of(_platform), []).append(_name)


def cells_of(name):
    """The behaviours that are this platform's turn, each with a place."""
    peers = STYLES[style_of(shipped_platforms()[name])]
    for at, behaviour in enumerate(BEHAVIOURS):
        if peers[at % len(peers)] == name:
            yield behaviour, (*PLACES, "elsewhere")[at // len(peers) % 4]


@pytest.fixture
def row(server, tmp_path, request):
    with begun(request.param, tmp_path, server) as begun_row:
        yield begun_row


each_platform = pytest.mark.parametrize("row", shipped_platforms(), indirect=True)


@each_platform
def test_exact_rows_or_the_old_ones_and_one_sentence(row):
    played = [row.play(behaviour, place) for behaviour, place in cells_of(row.theirs.name)]
    assert [each for each in played if each.wrong] == []
    assert row.secrets() == []


def test_each_behaviour_meets_each_style():
    met = {
        (behaviour, style) for style in STYLES for name in STYLES[style] for behaviour, _ in cells_of(name)
    }
    assert met == {(behaviour, style) for behaviour in BEHAVIOURS for style in STYLES}


class KilledError(BaseException):
    """The process is gone: nothing catches it."""


@each_platform
def test_killed_at_every_page_nothing_is_asked_for_three_times(row, monkeypatch):
    """Each answer's first note is prevented, so each start gets one further than the one before."""
    note, noted = Journal.note, set()

    def killed_once(self, request, answer):
        if request.key not in noted:
            noted.add(request.key)
            raise KilledError
        note(self, request, answer)

    monkeypatch.setattr(Journal, "note", killed_once)
    row.again()
    starts = 1
    while True:
        try:
            assert row.theirs.land()
            break
        except KilledError:
            starts += 1
    assert starts == len(noted) + 1 >= len({*row.pages}) + 1
    assert row.landed() == row.good
    assert max(Counter(row.theirs.standin.pages).values()) == 2
    assert {*row.theirs.standin.pages} == {*row.pages}

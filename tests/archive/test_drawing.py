"""Many cards are drawn in processes apart: the same bytes, in order, and a bad one costs no other."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import count

import pytest

from archive import drawing
from archive.documents import draw
from archive.drawing import UnfinishedError, drawings
from scoring.canonical import to_json
from tests.archive.strange import draw_strangely
from tests.reports.conftest import build_card

RUN = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
import sys
from archive import drawing
from scoring.canonical import from_json
from tests.archive.strange import draw_strangely
drawing._draw_json = draw_strangely
[*drawing.drawings([("waits", from_json(sys.stdin.read()))], among=drawing.MANY)][0][1]()
"""


@pytest.fixture
def strangely(monkeypatch):
    monkeypatch.setattr(drawing, "_draw_json", draw_strangely)
    monkeypatch.setattr(drawing, "MOST_SECONDS", 1)
    yield
    drawing.stop()


def outcome(drawn) -> str:
    try:
        return str(drawn())
    except UnfinishedError as error:
        return str(error).partition("found ")[2].partition(";")[0]


def test_a_card_that_hangs_or_eats_memory_or_ends_its_process_is_named_and_the_others_are_drawn(strangely):
    ways = ("well", "hang", "eat", "die", "well", "well")
    cards = [(way, replace(build_card(), manager_name=way)) for way in ways]
    found = [(name, outcome(drawn)) for name, drawn in drawings(cards, among=drawing.MANY)]
    assert found == [
        ("well", "{'pdf': b'drawn'}"),
        ("hang", "one that is not read after 1 s"),
        ("eat", "one that needs more than 1024 MiB of memory"),
        ("die", "one that breaks the program that reads it"),
        ("well", "{'pdf': b'drawn'}"),
        ("well", "{'pdf': b'drawn'}"),
    ]
    assert UnfinishedError.exit_code == 4


def test_a_process_makes_way_for_a_new_one_after_many_cards(strangely, monkeypatch):
    monkeypatch.setattr(drawing, "MOST_CARDS", 2)
    monkeypatch.setattr(drawing, "cores", lambda: 1)
    cards = [(number, replace(build_card(), manager_name="number")) for number in range(5)]
    # which of the waiting cards comes next is not said
    by_process = Counter(drawn()["pdf"] for _, drawn in drawings(cards, drawing.MANY))
    assert sorted(by_process.values()) == [1, 2, 2]


def test_cards_drawn_apart_have_the_bytes_of_those_drawn_here():
    card = build_card()
    found = [*drawings([("issued", None), ("drawn", card)], among=drawing.MANY)]
    assert [name for name, _ in found] == ["issued", "drawn"]
    assert [drawn() for _, drawn in found] == [{}, draw(card)]
    drawing.stop()


def test_few_cards_are_drawn_here_whatever_is_issued_already():
    cards = [(number, None) for number in range(100)] + [(100, build_card())]
    assert len([*drawings(cards)]) == 101
    assert drawing._Kept.desks is None


def test_cards_are_not_all_begun_at_once(strangely):
    taken = count()
    cards = ((next(taken), replace(build_card(), manager_name="well")) for _ in range(100))
    begun = drawings(cards)
    _, drawn = next(begun)
    assert drawn() == {"pdf": b"drawn"}
    assert next(taken) <= max(drawing.MANY, 2 * drawing.cores() + 1)
    begun.close()
    assert drawing._Kept.desks is None


@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_however_a_run_ends_its_processes_end_with_it(tmp_path, ended_by):
    place = tmp_path / "waits"
    os.mkfifo(place)
    run = subprocess.Popen(
        [sys.executable, "-c", RUN],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    run.stdin.write(to_json(replace(build_card(), manager_name="wait")).encode())
    run.stdin.close()
    apart = os.pidfd_open(int(place.read_text()))  # it is told when the process waits
    run.send_signal(ended_by)
    assert run.wait(60) != 0
    assert select.select([apart], [], [], 60)[0]
    os.close(apart)

"""PostgreSQL is killed in the middle of a step: one sentence, nothing partial, and right once it is back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import killpoints
from tests.faults.dumps import dump, timeless
from tests.faults.place import STARTS, Place, make
from tests.pipeline.conftest import pages_drawn_once
from tests.postgres import Server, binaries, server

__all__ = ["pages_drawn_once"]

POINTS = (
    ("prepare.table_made", 3),
    ("migrate.upgraded", 1),
    ("load.inserted", 2),
    ("load.committed", 1),
    ("measure.inserted", 2),
    ("issue.entered", 1),
    ("issue.committed", 1),
    ("deliver.claim_entered", 1),
    ("deliver.settled", 1),
)
_CONTENT = ("period", "team_id", "revision", "content_hash")


@pytest.fixture(scope="module")
def mortal() -> Iterator[Server]:
    """A server of this module's own, for it is killed."""
    if binaries() is None:
        pytest.skip("no PostgreSQL server is installed; `script/setup test` installs it")
    with server() as running:
        yield running


@pytest.fixture(autouse=True)
def _off_afterwards() -> Iterator[None]:
    yield
    killpoints.disarm()


def state(place: Place) -> dict[str, Any]:
    """The warehouse's rows, the issues and how far the mails are; numbers of rows may have gaps."""
    found = dump(place)
    issues = sorted(tuple(row[name] for name in _CONTENT) for row in found["ledger"]["issues"])
    documents = sorted((row["name"], row["sha256"]) for row in found["ledger"]["documents"])
    states = sorted((row["recipient"], row["state"]) for row in found["ledger"]["deliveries"])
    return {
        "warehouse": timeless(found["warehouse"]),
        "issues": issues,
        "documents": documents,
        "states": states,
    }


@pytest.fixture(scope="module")
def undisturbed(mortal: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What two runs make where nothing dies."""
    place = new_place(tmp_path_factory.mktemp("undisturbed") / "place", mortal)
    assert [place.run(number)["code"] for number in (1, 2)] == [0, 0]
    return state(place)


def new_place(root: Path, running: Server) -> Place:
    return make(root, STARTS["by folder"], {"warehouse": running.new_database()})


@pytest.mark.parametrize(("point", "occurrence"), POINTS)
def test_a_server_that_dies_costs_one_sentence_and_a_rerun(
    mortal: Server, undisturbed: dict[str, Any], tmp_path: Path, point: str, occurrence: int
):
    place = new_place(tmp_path / "place", mortal)
    struck = []

    def strike() -> None:
        struck.append(point)
        mortal.kill()

    killpoints.call_at(point, occurrence, strike)
    end = place.run(1)
    killpoints.disarm()
    assert struck == [point]
    mortal.start()
    assert end["code"] in (4, 6), end
    assert end["said"].count(": expected a database that answers, found: ") >= 1
    assert "\n" not in end["said"]
    assert [place.run(number)["code"] for number in (2, 3)] == [0, 0]
    assert state(place) == undisturbed

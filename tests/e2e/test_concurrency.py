"""Several processes on one month at once end as if one had come after the other, on every engine."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.site import open_site
from scoring.period import Period
from settings import Settings
from tests.book.books import VALID
from tests.faults.harness import Worker
from tests.pipeline.exports import write_exports, write_month
from warehouse.facts import fact_catalog

SEPTEMBER, OCTOBER = Period(2026, 9), Period(2026, 10)
RUN = ("run", "--period", "2026-10")
QUIET_RUN = (*RUN, "--deliver", "never")
BACKFILL = ("backfill", "--from", "2026-09", "--to", "2026-10")


@dataclass(frozen=True)
class Place:
    """An installation on one engine."""

    root: Path
    warehouse: str
    crowd: Worker

    @property
    def settings(self):
        return {
            **{name: str(self.root / name) for name in ("config", "exports", "home")},
            "warehouse": self.warehouse,
        }

    def open(self):
        return open_site(
            Settings.from_environment(
                {f"SCOREWRIGHT_{name.upper()}": value for name, value in self.settings.items()}
            )
        )

    def at_once(self, *commands):
        """Let them loose together and wait for all; returns how each ended and what it refused."""
        return [tuple(end) for end in self.crowd.try_case((self.settings, commands))]

    def issues(self):
        """Every issue ever entered, without its number, its time and its place in the chain."""
        with self.open().ledger.engine.connect() as connection:
            rows = connection.execute(sa.text("select * from issues order by period, team_id, revision"))
            return [
                {key: value for key, value in row.items() if key not in ("id", "issued_at", "chain_sha256")}
                for row in rows.mappings()
            ]

    def rows(self):
        """Every row of the facts and measures."""
        with self.open().warehouse.opened() as connection:
            return {
                name: sorted(
                    json.dumps(dict(row), default=str)
                    for row in connection.execute(sa.text(f"select * from {name}")).mappings()
                )
                for name in (*fact_catalog(), "measure_daily", "dim_ownership")
            }

    def loads(self):
        """Each slice with the number of its loads."""
        with self.open().warehouse.opened() as connection:
            query = (
                "select source, entity, cast(slice_month as text), vintage from load_record order by 1, 2, 3"
            )
            return [tuple(row) for row in connection.execute(sa.text(query))]

    def mails(self):
        return sorted(path.name for path in (self.root / "home/outbox").glob("*"))


def new_place(root, warehouse, crowd):
    shutil.copytree(VALID, root / "config")
    write_exports(root / "exports")
    write_month(root / "exports", SEPTEMBER)
    write_month(root / "exports", Period(2026, 8))
    return Place(root, warehouse, crowd)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """Forks the processes: to start one takes longer than the run that it is for."""
    worker = Worker("tests.e2e.crowd", str(tmp_path_factory.mktemp("crowd")))
    yield worker
    worker.close()


@pytest.fixture
def place(tmp_path, warehouse_url, crowd):
    return new_place(tmp_path / "place", warehouse_url, crowd)


@pytest.fixture(scope="module")
def one_after_the_other(tmp_path_factory, crowd):
    """October run and mailed, September and October backfilled, without a second process."""
    root = tmp_path_factory.mktemp("sequence")
    place = new_place(root / "place", f"duckdb:///{root}/warehouse.duckdb", crowd)
    for command in (RUN, BACKFILL):
        assert place.at_once(command) == [("", 0)]
    return place


def only(issues, period):
    return [issue for issue in issues if issue["period"] == period]


@pytest.mark.parametrize("_round", range(int(os.environ.get("CONCURRENT_ROUNDS", "1"))))
def test_four_runs_of_one_month_at_once_are_one_run(place, one_after_the_other, _round):
    assert place.at_once(RUN, RUN, RUN, RUN) == [("", 0)] * 4
    expected = one_after_the_other
    assert place.issues() == only(expected.issues(), "2026-10")
    assert place.mails() == expected.mails()
    assert len(place.mails()) == 2


def test_a_mailing_run_a_backfill_and_an_ad_hoc_run_at_once_are_all_three_in_turn(place, one_after_the_other):
    assert place.at_once(RUN, BACKFILL, QUIET_RUN) == [("", 0)] * 3
    assert place.issues() == one_after_the_other.issues()
    assert place.rows() == one_after_the_other.rows()
    assert {vintage for *_, vintage in place.loads()} == {1}
    assert place.mails() == one_after_the_other.mails()


def test_runs_at_once_after_an_export_has_changed_issue_one_revision(place):
    assert place.at_once(QUIET_RUN) == [("", 0)]
    answers = place.root / "exports/answers 2026-10.csv"
    answers.write_text(answers.read_text("utf-8").replace(",3,5", ",10,5"), "utf-8")
    assert place.at_once(RUN, BACKFILL, QUIET_RUN, RUN) == [("", 0)] * 4
    revisions = [(issue["team_id"], issue["revision"]) for issue in only(place.issues(), "2026-10")]
    assert revisions == [("north", 1), ("north", 2), ("south", 1), ("south", 2)]
    # that of the second revision, once each; the first was never to be sent
    assert len(place.mails()) == 2
    assert all(".r2." in name for name in place.mails())

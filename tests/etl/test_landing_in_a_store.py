"""A landing in an object store: without folders, links, renames and lock files."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

import killpoints
from auditing.landing import audit_landing, reseal
from disk import files_below
from disk.errors import BusyError
from disk.objects import ObjectPath, object_path
from etl.account import ExportFile
from etl.landing import Landing
from scoring.period import Period
from tests.etl.samples import account

NOW = datetime(2026, 11, 3, tzinfo=UTC)
ADS = account("hubspot")


class KilledError(Exception):
    """The process ends here."""


@pytest.fixture
def held() -> list[str]:
    """The locks that were held, in order."""
    return []


@pytest.fixture
def landing(held) -> Landing:
    @contextmanager
    def locked(name):
        held.append(name)
        yield

    return Landing(object_path(f"memory://{uuid.uuid4().hex}/landing", "HOME"), locked=locked)


def land(landing, month, content=b"1"):
    return landing.land(ADS, Period.parse(month), [ExportFile("a.csv", content)], NOW)


def test_what_is_landed_is_found_again_under_the_names_of_a_folder(landing, held, tmp_path):
    folder = Landing(tmp_path / "landing")
    for each in (landing, folder):
        for month, content in (("2026-09", b"9"), ("2026-10", b"1"), ("2026-10", b"2"), ("2026-10", b"2")):
            land(each, month, content)
    here = {str(path.relative_to(folder.root)): path.read_bytes() for path in files_below(folder.root)}
    there = {str(path.relative_to(landing.root)): path.read_bytes() for path in files_below(landing.root)}
    assert there == here
    assert landing.slices() == folder.slices()
    assert held == ["landing of hubspot/acme"] * 3
    months = [Period.parse(month) for month in ("2026-08", "2026-09", "2026-10")]
    assert [pull.number for pull in landing.latest_in("hubspot", "acme", months)] == [1, 2]
    latest = landing.latest("hubspot", "acme", months[-1])
    assert [file.read_bytes() for file in latest.files] == [b"2"]
    assert audit_landing(landing).findings == []


@pytest.mark.parametrize("point", ["extract.object_landed", "extract.manifest_landed", "extract.head_moved"])
def test_a_process_that_was_killed_leaves_a_chain_that_goes_on(landing, point):
    def die():
        raise KilledError

    land(landing, "2026-08", b"8")
    killpoints.call_at(point, 1, die)
    with pytest.raises(KilledError):
        land(landing, "2026-09", b"9")
    killpoints.disarm()
    land(landing, "2026-10", b"10")
    land(landing, "2026-09", b"9")
    audited = audit_landing(landing)
    assert (audited.manifests, audited.findings) == (3, [])


def test_a_manifest_of_another_process_is_not_written_over_where_the_lock_was_lost(landing, monkeypatch):
    land(landing, "2026-10", b"1")
    monkeypatch.setattr(Landing, "latest", lambda *_: None)
    monkeypatch.setattr(Landing, "manifests_of", lambda *_: [])
    with pytest.raises(BusyError, match="found the pull of another process; run again"):
        land(landing, "2026-10", b"2")


def test_manifests_are_sealed_anew_in_a_store_too(landing):
    land(landing, "2026-10", b"1")
    assert isinstance(landing.root, ObjectPath)
    assert reseal(landing) == 1
    assert audit_landing(landing).findings == []

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from datetime import UTC, datetime

import pytest

from disk import write_atomically
from etl.account import ExportFile
from etl.landing import Landing
from scoring.errors import DataError
from scoring.period import Period
from tests.etl.samples import account

OCTOBER = Period(2026, 10)
NOW = datetime(2026, 11, 3, tzinfo=UTC)
FILES = (ExportFile("a.csv", b"one"), ExportFile("b.csv", b"two"))


@pytest.fixture
def landing(tmp_path):
    return Landing(tmp_path / "landing")


def manifests(landing):
    return sorted(path.relative_to(landing.root).as_posix() for path in landing.root.rglob("*.json"))


def test_landed_bytes_come_back_as_they_came_in_the_order_of_the_pull(landing):
    landing.land(account("hubspot"), OCTOBER, FILES, NOW)
    pull = landing.latest("hubspot", "acme", OCTOBER)
    assert [(file.name, file.read_bytes()) for file in pull.files] == [("a.csv", b"one"), ("b.csv", b"two")]
    assert pull.landed_at == NOW.isoformat()


def test_the_same_content_again_is_the_same_pull(landing):
    first = landing.land(account("hubspot"), OCTOBER, FILES, NOW)
    again = landing.land(account("hubspot"), OCTOBER, FILES, datetime(2026, 12, 1, tzinfo=UTC))
    assert again == first
    assert manifests(landing) == ["pulls/hubspot/acme/2026-10/000001.json"]


def test_new_content_is_a_new_pull_and_the_old_one_stays(landing):
    first = landing.land(account("hubspot"), OCTOBER, FILES, NOW)
    second = landing.land(account("hubspot"), OCTOBER, (FILES[0], ExportFile("b.csv", b"three")), NOW)
    assert landing.latest("hubspot", "acme", OCTOBER) == second
    assert first.content_sha256 != second.content_sha256
    assert len(manifests(landing)) == 2
    assert first.files[1].read_bytes() == b"two"


def test_going_back_to_old_content_is_again_a_new_pull(landing):
    landing.land(account("hubspot"), OCTOBER, FILES, NOW)
    landing.land(account("hubspot"), OCTOBER, FILES[:1], NOW)
    back = landing.land(account("hubspot"), OCTOBER, FILES, NOW)
    assert landing.latest("hubspot", "acme", OCTOBER) == back
    assert len(manifests(landing)) == 3


def test_the_same_content_under_two_names_lies_on_disk_once(landing):
    landing.land(account("hubspot"), OCTOBER, (ExportFile("a", b"x"), ExportFile("b", b"x")), NOW)
    assert len([path for path in (landing.root / "objects").rglob("*") if path.is_file()]) == 1


def test_bytes_that_rotted_on_disk_are_noticed_before_they_are_read(landing):
    pull = landing.land(account("hubspot"), OCTOBER, FILES, NOW)
    pull.files[0].path.write_bytes(b"One")
    with pytest.raises(DataError, match=r"expected the bytes landed as a\.csv, found others"):
        pull.files[0].read_bytes()


def test_an_object_that_was_deleted_is_refused_and_comes_back_when_it_is_landed_again(landing):
    pull = landing.land(account("hubspot"), OCTOBER, FILES, NOW)
    pull.files[0].path.unlink()
    with pytest.raises(DataError, match="delete it and land it again"):
        pull.files[0].read_bytes()
    landing.land(account("hubspot"), OCTOBER, FILES, NOW)
    assert pull.files[0].read_bytes() == b"one"
    assert len(manifests(landing)) == 1


def test_a_month_that_was_never_pulled_has_no_pull(landing):
    assert landing.latest("hubspot", "acme", OCTOBER) is None


def test_a_pull_killed_before_its_manifest_never_happened(landing):
    script = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        import etl.landing
        from tests.etl.test_landing import FILES, NOW, OCTOBER
        from tests.etl.samples import account

        real = etl.landing.write_atomically
        def killed_at_the_manifest(path, content, **how):
            if path.suffix == ".json":
                os.kill(os.getpid(), signal.SIGKILL)
            real(path, content, **how)
        etl.landing.write_atomically = killed_at_the_manifest
        etl.landing.Landing(Path(sys.argv[1])).land(account("hubspot"), OCTOBER, FILES, NOW)
        """
    )
    done = subprocess.run([sys.executable, "-c", script, landing.root], cwd=".", check=False)
    assert done.returncode == -9
    assert landing.latest("hubspot", "acme", OCTOBER) is None
    landing.land(account("hubspot"), OCTOBER, FILES, NOW)
    assert [file.read_bytes() for file in landing.latest("hubspot", "acme", OCTOBER).files] == [
        b"one",
        b"two",
    ]


def test_a_manifest_names_everything_that_is_needed_to_find_the_pull_again(landing):
    landing.land(account("hubspot"), OCTOBER, FILES, NOW)
    (path,) = landing.root.rglob("*.json")
    assert set(json.loads(path.read_text())) == {
        "source",
        "entity",
        "month",
        "files",
        "content_sha256",
        "landed_at",
    }


def test_an_atomic_write_leaves_no_part_behind_and_replaces_only_where_it_may(tmp_path):
    path = tmp_path / "a" / "file"
    write_atomically(path, b"1")
    write_atomically(path, b"2")
    assert path.read_bytes() == b"2"
    with pytest.raises(FileExistsError):
        write_atomically(path, b"3", replace=False)
    assert [item.name for item in path.parent.iterdir()] == ["file"]
    assert path.read_bytes() == b"2"

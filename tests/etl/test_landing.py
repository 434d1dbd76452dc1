from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from auditing.landing import audit_landing, reseal
from disk import write_atomically
from etl.account import ExportFile
from etl.landing import Landing
from etl.pulls import START, manifest_of, sealed, sha256_of, spelled
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
    pulls = landing.root / "pulls"
    return sorted(path.relative_to(landing.root).as_posix() for path in pulls.rglob("*.json"))


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
            if "pulls" in path.parts:
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
    (path,) = (landing.root / "pulls").rglob("*.json")
    assert set(json.loads(path.read_text())) == {
        "source",
        "entity",
        "month",
        "files",
        "content_sha256",
        "landed_at",
        "number",
        "place",
        "before",
        "seal",
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


NOVEMBER = OCTOBER.shift(1)


@pytest.fixture
def chained(landing):
    """Three pulls of one account, of two months."""
    landing.land(account("hubspot"), OCTOBER, FILES, NOW)
    landing.land(account("hubspot"), NOVEMBER, FILES, NOW)
    landing.land(account("hubspot"), OCTOBER, FILES[:1], NOW)
    return landing


def manifest(landing, name):
    return landing.root / "pulls/hubspot/acme" / name


FIRST, SECOND, THIRD = "2026-10/000001.json", "2026-11/000001.json", "2026-10/000002.json"


def test_manifests_of_an_account_are_chained_in_the_order_of_landing(chained):
    assert audit_landing(chained).findings == []
    pulls = [chained.read(manifest(chained, name)) for name in (FIRST, SECOND, THIRD)]
    assert [pull.link.place for pull in pulls] == [1, 2, 3]
    assert [pull.link.before for pull in pulls] == [START, pulls[0].seal, pulls[1].seal]


def edit(path, **values):
    path.write_bytes(spelled(json.loads(path.read_bytes()) | values))


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda of: manifest(of, FIRST).unlink(), id="the first deleted"),
        pytest.param(lambda of: manifest(of, SECOND).unlink(), id="one in the middle deleted"),
        pytest.param(lambda of: manifest(of, THIRD).unlink(), id="the last deleted"),
        pytest.param(
            lambda of: manifest(of, SECOND).rename(manifest(of, "2026-10/000003.json")), id="moved to a month"
        ),
        pytest.param(
            lambda of: manifest(of, THIRD).rename(manifest(of, "2026-10/000003.json")), id="renamed"
        ),
        pytest.param(lambda of: edit(manifest(of, FIRST), month="2026-09"), id="another month"),
        pytest.param(lambda of: edit(manifest(of, FIRST), landed_at=str(NOW)), id="another moment"),
        pytest.param(lambda of: edit(manifest(of, FIRST), number=2), id="another number"),
        pytest.param(
            lambda of: manifest(of, THIRD).write_bytes(manifest(of, FIRST).read_bytes()), id="rolled back"
        ),
        pytest.param(lambda of: of.head_path("hubspot", "acme").unlink(), id="the head deleted"),
        pytest.param(lambda of: edit(of.head_path("hubspot", "acme"), place=2), id="the head rolled back"),
        pytest.param(lambda of: of.path_of(sha256_of(b"one")).write_bytes(b"On"), id="an object changed"),
        pytest.param(lambda of: of.path_of(sha256_of(b"two")).unlink(), id="an object deleted"),
    ],
)
def test_what_is_not_as_it_was_landed_is_found(chained, harm):
    harm(chained)
    assert audit_landing(chained).findings


def test_a_manifest_sealed_anew_by_whoever_changed_it_breaks_the_chain(chained):
    """Only the load record could tell of the last one of a chain."""
    for name in (FIRST, SECOND):
        path = manifest(chained, name)
        pull = chained.read(path)
        path.write_bytes(manifest_of(sealed(replace(pull, landed_at="2020-01-01T00:00:00+00:00"), pull.link)))
        assert chained.read(path)
        assert audit_landing(chained).findings


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sha256", "../../../etc/passwd"),
        ("sha256", "A" * 64),
        ("name", "../a.csv"),
        ("name", "/a"),
        ("size", -1),
    ],
)
def test_a_manifest_cannot_name_what_lies_elsewhere(chained, field, value):
    path = manifest(chained, FIRST)
    files = json.loads(path.read_bytes())["files"]
    files[0][field] = value
    edit(path, files=files)
    with pytest.raises(DataError, match="expected the manifest of a pull"):
        chained.read(path)


def unseal(landing):
    """Make the landing one of an older program."""
    for path in (landing.root / "pulls").rglob("*.json"):
        said = json.loads(path.read_bytes())
        path.write_bytes(
            spelled({key: said[key] for key in said if key not in ("number", "place", "before", "seal")})
        )
    shutil.rmtree(landing.root / "heads")


def test_the_first_sealed_manifest_vouches_for_those_of_an_older_program(chained):
    unseal(chained)
    assert audit_landing(chained).findings == []
    assert chained.land(account("hubspot"), NOVEMBER, FILES, NOW).seal is None
    new = chained.land(account("hubspot"), NOVEMBER, FILES[1:], NOW)
    assert new.link.place == 4
    assert audit_landing(chained).findings == []
    edit(manifest(chained, FIRST), landed_at="2020-01-01T00:00:00+00:00")
    assert audit_landing(chained).findings


def test_a_manifest_whose_head_was_never_written_is_gone_on_from(chained):
    head = chained.head_path("hubspot", "acme")
    before = head.read_bytes()
    chained.land(account("hubspot"), OCTOBER, FILES[1:], NOW)
    head.write_bytes(before)
    assert audit_landing(chained).findings == []
    assert chained.land(account("hubspot"), NOVEMBER, FILES[1:], NOW).link.place == 5
    assert audit_landing(chained).findings == []


def test_two_processes_at_once_make_one_chain(landing):
    def land(name):
        for number in range(10):
            landing.land(account("hubspot"), OCTOBER, (ExportFile(name, b"%d" % number),), NOW)

    children = []
    for name in ("a", "b"):
        if (child := os.fork()) == 0:
            try:
                land(name)
            finally:
                os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    assert len(manifests(landing)) == 20
    assert audit_landing(landing).findings == []


def test_what_was_lost_for_good_is_given_up_by_sealing_anew(chained):
    manifest(chained, FIRST).unlink()
    assert audit_landing(chained).findings
    assert reseal(chained) == 2
    assert audit_landing(chained).findings == []

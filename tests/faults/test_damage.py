"""A damaged file, a full disk, a disk that is read-only: one sentence, nothing half, and well again after."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from disk import write_atomically
from disk.errors import BusyError, StorageError
from pipeline.preparing import prepare
from pipeline.steps import Steps
from pipeline.steps.extract import extract
from pipeline.steps.load import load
from scoring.errors import DataError, ScorewrightError
from tests.pipeline.conftest import NOW, Place, command, new_place, pages_drawn_once
from tests.pipeline.exports import ADS, OCTOBER, ads
from tests.pipeline.test_safety import TIMES, contents

__all__ = ["command", "pages_drawn_once"]

HEADERS = 3 * 4096
"""A DuckDB file begins with three headers; while it is shorter, nothing was ever in it."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """An undisturbed place; only to be looked at and copied."""
    place = new_place(tmp_path_factory.mktemp("whole"))
    place.run(send=False)
    return place


@pytest.fixture
def place(whole: Place, tmp_path: Path) -> Place:
    subprocess.run(["cp", "-a", whole.root, tmp_path / "place"], check=True)
    return Place(tmp_path / "place")


def run(command, place):
    return command(place, "run", "--period", "2026-10", "--deliver", "never")


def in_one_sentence(done):
    """Whether the program ended with one sentence and a code of the tree of errors."""
    return 0 < done.code < 64 and done.err.startswith("scorewright: ") and done.err.count("\n") == 1


def cut(size):
    return lambda content: content[:size]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: b"garbage" * 1000, id="garbage"),
        pytest.param(lambda content: b"short", id="short garbage"),
        pytest.param(cut(HEADERS), id="cut after the headers"),
        pytest.param(lambda content: content[: len(content) // 2], id="cut in the middle"),
        pytest.param(lambda content: content[:HEADERS] + bytes(len(content) - HEADERS), id="zeros"),
        pytest.param(lambda content: content[:HEADERS] + os.urandom(len(content) - HEADERS), id="noise"),
    ],
)
def test_a_damaged_warehouse_is_refused_with_what_to_do(command, place, damage):
    warehouse = place.home / "warehouse.duckdb"
    damaged = damage(warehouse.read_bytes())
    warehouse.write_bytes(damaged)
    for arguments in (["run", "--period", "2026-10"], ["rollup", "2026-10"]):
        done = command(place, *arguments)
        assert in_one_sentence(done)
        assert done.code == DataError.exit_code
        assert f"warehouse {warehouse}: expected a DuckDB file that can be read" in done.err
        assert "scorewright rebuild" in done.err
    assert warehouse.read_bytes() == damaged


@pytest.mark.parametrize("size", [0, 4096, 8192])
def test_a_warehouse_whose_making_was_killed_is_made_anew(command, place, whole, size):
    """A process killed in the middle of the three headers left a file that DuckDB refuses for ever."""
    warehouse = place.home / "warehouse.duckdb"
    warehouse.write_bytes(warehouse.read_bytes()[:size])
    assert run(command, place).code == 0
    assert contents(place, "loaded_at") == contents(whole, "loaded_at")


def test_a_warehouse_open_in_another_program_is_named_as_busy(command, place):
    opened = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", opened, place.home / "warehouse.duckdb"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        other.stdout.readline()
        done = run(command, place)
    assert in_one_sentence(done)
    assert done.code == BusyError.exit_code
    assert "open in another program" in done.err
    assert run(command, place).code == 0


@pytest.mark.parametrize("text", [b"", b'{"source": "google', b"[]", b"{}", b"\xff\xfe", b'{"files": 1}'])
def test_a_broken_manifest_is_refused_with_what_to_do(command, place, whole, text):
    manifest = place.home / "landing/pulls/google_ads/shop/2026-10/000001.json"
    assert manifest.exists()
    manifest.write_bytes(text)
    done = run(command, place)
    assert in_one_sentence(done)
    assert done.code == DataError.exit_code
    assert f"{manifest}: expected the manifest of a pull" in done.err
    manifest.unlink()
    assert run(command, place).code == 0
    assert contents(place, *TIMES) == contents(whole, *TIMES)


@pytest.mark.parametrize("damage", [lambda content: b"garbage" * 1000, lambda content: content[:9000]])
def test_a_damaged_ledger_is_refused(command, place, damage):
    ledger = place.home / "ledger.sqlite"
    ledger.write_bytes(damage(ledger.read_bytes()))
    done = run(command, place)
    assert in_one_sentence(done)
    assert "ledger sqlite:" in done.err
    assert "move it away and run `scorewright ledger adopt`" in done.err
    ledger.unlink()
    assert command(place, "ledger", "adopt").code == 0
    assert run(command, place).code == 0
    assert command(place, "verify", "--all").code == 0


def test_a_folder_in_the_way_of_a_file_is_said_and_not_waited_for(tmp_path):
    (tmp_path / "file").write_text("")
    for replace in (True, False):
        with pytest.raises(StorageError, match="expected a disk that can be written to"):
            write_atomically(tmp_path / "file" / "000001.json", b"{}", replace=replace)


@contextmanager
def mounted(folder: Path, megabytes: int = 32) -> Iterator[None]:
    """A small disk of its own at `folder`; skips where nobody may mount one."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a disk to fill it")
    folder.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", folder], capture_output=True, check=False
    )
    if mount.returncode:
        pytest.skip(f"mounting a small disk is not allowed here: {mount.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Place]:
    """A place whose home is a small disk."""
    place = new_place(tmp_path / "small")
    with mounted(place.home):
        yield place


def fill(place: Place, leave: int = 0) -> None:
    """Take all space of the home but `leave` bytes."""
    status = os.statvfs(place.home)
    with (place.home / "ballast").open("wb") as file, suppress(OSError):
        os.posix_fallocate(file.fileno(), 0, max(status.f_bavail * status.f_frsize - leave, 1))


def make_space(place: Place) -> None:
    (place.home / "ballast").unlink()


def upto(place: Place, last: str) -> None:
    """The steps of October, one after another up to and with `last`, without mails."""
    site, steps = place.open(), Steps()
    for source in site.book.source_names:
        extract(site, OCTOBER, source, now=NOW).or_raise()
    if last != "extract":
        for source in site.book.source_names:
            load(site, OCTOBER, source, now=NOW).or_raise()
        steps.measure(site, OCTOBER)
    if last in ("score", "render", "issue"):
        names = steps.score(site, OCTOBER, ())
        for name in names if last != "score" else ():
            steps.render(site, name)
            if last == "issue":
                steps.issue(site, [name], now=NOW)


def finals(place: Place) -> dict[str, bytes]:
    """Every file of the landing and of the cards that has its final name, but not when it was pulled."""
    return {
        str(path.relative_to(place.home)): path.read_bytes()
        for folder in ("landing/objects", "scorecards")
        for path in (place.home / folder).rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def refused_at(place: Place) -> ScorewrightError | None:
    """How the steps are refused; None where they are not."""
    try:
        upto(place, "issue")
    except ScorewrightError as error:
        return error
    return None


@pytest.mark.parametrize("before", ["nothing", "extract", "load", "score", "render"])
def test_a_disk_that_fills_up_leaves_nothing_half_and_the_run_completes_when_there_is_space(
    small, whole, before
):
    """It is full from the step after `before` on; then there is more and more space, until that is enough."""
    prepare(small.open(), OCTOBER)
    if before != "nothing":
        upto(small, before)
    expected, refusals = finals(whole), 0
    for leave in (0, 4096, 16384, 65536, 262144, 1 << 20, 1 << 23):
        fill(small, leave)
        refusal = refused_at(small)
        if refusal is not None:
            refusals += 1
            assert isinstance(refusal, StorageError), str(refusal)
            assert "\n" not in str(refusal)
            assert "run again" in str(refusal)
        make_space(small)
        for name, content in finals(small).items():
            assert content == expected[name], f"{name} is there by its final name and is not whole"
        assert not [*small.home.rglob("*.part")]
    assert refusals
    small.run(send=False)
    assert finals(small) == expected
    assert contents(small, "loaded_at") == contents(whole, "loaded_at")


def test_a_full_disk_ends_the_program_with_one_sentence(command, small, whole):
    fill(small)
    done = run(command, small)
    assert in_one_sentence(done)
    assert done.code == StorageError.exit_code
    assert "No space left" in done.err or "disk is full" in done.err
    make_space(small)
    assert run(command, small).code == 0
    assert contents(small, "loaded_at").keys() == contents(whole, "loaded_at").keys()


def test_a_read_only_home_ends_the_program_with_one_sentence(command, small):
    assert run(command, small).code == 0
    small.root.joinpath("exports", ADS).write_text(ads(without=[(3, "201")]), "utf-8")
    before = finals(small)
    subprocess.run(["mount", "-o", "remount,ro", small.home], check=True)
    for arguments in (["run", "--period", "2026-10"], ["rollup", "2026-10"]):
        done = command(small, *arguments)
        assert in_one_sentence(done)
        assert done.code == StorageError.exit_code
    assert command(small, "status", "2026-10").code == 0
    assert finals(small) == before
    subprocess.run(["mount", "-o", "remount,rw", small.home], check=True)
    assert run(command, small).code == 0

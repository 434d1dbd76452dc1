"""What the door of the exports folder lets in, and what it says of the rest."""

from __future__ import annotations

import errno
import os
import resource
import socket
from pathlib import Path

import pytest

from etl.account import Account
from etl.exports import Folder, Origin, find_exports
from etl.sources.quarantining import read_slice
from scoring.errors import BadFileError, DataError
from scoring.period import Period
from tests.etl.samples import land

OCTOBER = Period(2026, 10)


@pytest.fixture
def exports(tmp_path):
    folder = tmp_path / "exports"
    (folder / "a").mkdir(parents=True)
    return folder


def sentence(exports, pattern="a/{month}.csv", **settings):
    with pytest.raises(BadFileError) as raised:
        find_exports(
            Account("x", "acme", None, "UTC", (pattern,)), OCTOBER, Origin(Folder(exports), **settings)
        )
    return str(raised.value)


def test_a_folder_a_pipe_and_a_socket_are_called_what_they_are(exports, monkeypatch):
    place = exports / "a/2026-10.csv"
    place.mkdir()
    assert "a/2026-10.csv: expected a file, found a folder; move it away" in sentence(exports)
    place.rmdir()
    os.mkfifo(place)
    assert "expected a file, found a pipe" in sentence(exports)
    place.unlink()
    with socket.socket(socket.AF_UNIX) as listener:
        # the name of a socket is short
        monkeypatch.chdir(place.parent)
        listener.bind(place.name)
        assert "expected a file, found a socket" in sentence(exports)


def test_a_device_is_no_file(exports):
    try:
        os.mknod(exports / "a/2026-10.csv", 0o20600, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only root may make devices")
    assert "expected a file, found a device" in sentence(exports)


@pytest.mark.parametrize("through", ["file", "folder"])
def test_a_link_out_of_the_exports_is_refused(exports, tmp_path, through):
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    (outside / "2026-10.csv").write_text("secret")
    if through == "file":
        (exports / "a/2026-10.csv").symlink_to(outside / "2026-10.csv")
    else:
        (exports / "a").rmdir()
        (exports / "a").symlink_to(outside)
    said = sentence(exports)
    assert said.startswith(
        "a/2026-10.csv: expected a file of the exports folder, found a link that leads out"
    )
    assert said.endswith("put the file itself there and rerun.")


def test_a_link_within_the_exports_is_followed_and_so_is_one_to_the_folder(exports, tmp_path):
    (exports / "real.csv").write_text("rows")
    (exports / "a/2026-10.csv").symlink_to(exports / "real.csv")
    (tmp_path / "linked").symlink_to(exports)
    account = Account("x", "acme", None, "UTC", ("a/{month}.csv",))
    for folder in (exports, tmp_path / "linked"):
        (file,) = find_exports(account, OCTOBER, Origin(Folder(folder)))
        assert (file.name, file.content) == ("a/2026-10.csv", b"rows")


def test_a_link_to_nothing_and_one_to_itself_are_no_files(exports):
    (exports / "a/1 2026-10.csv").symlink_to(exports / "gone.csv")
    assert "expected a file that can be read, found 'No such file" in sentence(exports, "a/* {month}.csv")
    (exports / "a/1 2026-10.csv").unlink()
    (exports / "a/1 2026-10.csv").symlink_to("1 2026-10.csv")
    assert "expected a file" in sentence(exports, "a/* {month}.csv")


@pytest.mark.parametrize("pattern", ["a/{month}.csv", "a/{month}*"])
@pytest.mark.parametrize("through", ["a/2026-10.csv", "a"])
def test_what_is_behind_a_broken_link_is_not_missing(exports, through, pattern):
    if through == "a":
        (exports / "a").rmdir()
    for target in ("nowhere", (exports / through).name):
        (exports / through).symlink_to(target)
        assert sentence(exports, pattern).startswith("a/2026-10")
        (exports / through).unlink()
    assert (
        find_exports(Account("x", "acme", None, "UTC", (pattern,)), OCTOBER, Origin(Folder(exports))) is None
    )


@pytest.mark.parametrize("pattern", ["a/{month}.csv", "a/*.csv"])
def test_a_folder_that_may_not_be_looked_into_is_not_empty(exports, monkeypatch, pattern):
    (exports / "a/2026-10.csv").write_text("rows")

    def refuse(self):
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    # as the system does for anybody but root, whom nothing keeps out
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter(()))
    monkeypatch.setattr(Path, "lstat", refuse)
    assert "found 'Permission denied'; give the user who runs this the right" in sentence(exports, pattern)


def test_a_large_file_is_refused_before_it_is_read(exports):
    with (exports / "a/2026-10.csv").open("wb") as file:
        file.truncate(3_000_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "expected at most 64 MB, found 3,000.0 MB" in sentence(exports)
    assert "raise SCOREWRIGHT_MAX_EXPORT_MB" in sentence(exports, most_megabytes=2999)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_process_that_may_open_no_more_files_is_told_so(exports):
    (exports / "a/2026-10.csv").write_text("rows")
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    handles = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, limits[1]))
    try:
        while True:
            try:
                handles.append(os.open(exports, os.O_RDONLY))
            except OSError as error:
                assert error.errno == errno.EMFILE  # noqa: PT017 - the loop ends here
                break
        assert "found 'Too many open files'; raise the limit of open files" in sentence(exports)
    finally:
        for handle in handles:
            os.close(handle)
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


class Broken:
    """A source whose reader breaks."""

    def __init__(self, error):
        self.error = error

    def read(self, files, account, month):
        raise self.error


@pytest.mark.parametrize("quarantine", [0, 5])
def test_what_a_reader_breaks_on_is_a_sentence_about_the_file(tmp_path, quarantine):
    files = land(tmp_path, [b"a", b"b"])
    account = Account("x", "acme", None, "UTC", ("a",), quarantine=quarantine)
    with pytest.raises(BadFileError) as raised:
        read_slice(Broken(IndexError("list index\nout of range")), files, account, OCTOBER)
    said = str(raised.value)
    assert said.startswith("0.csv and 1.csv: expected a file that its reader understands, found something")
    assert "(IndexError: list index out of range)" in said
    with pytest.raises(BadFileError, match="needs more memory than there is"):
        read_slice(Broken(MemoryError()), files, account, OCTOBER)


@pytest.mark.parametrize("error", [DataError("no rate"), KeyboardInterrupt()])
def test_what_is_a_sentence_already_and_an_interrupt_pass_through(tmp_path, error):
    account = Account("x", "acme", None, "UTC", ("a",))
    with pytest.raises(type(error)) as raised:
        read_slice(Broken(error), land(tmp_path, [b"a"]), account, OCTOBER)
    assert raised.value is error

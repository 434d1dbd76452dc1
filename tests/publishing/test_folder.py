"""The folder of an archive: whole or not at all, and nobody else's file is ever lost."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from disk.errors import StorageError
from publishing import folder as folders
from publishing.folder import MARK, replacing
from scoring.errors import UsageError


def write(folder, content=b"one", audience="all"):
    with replacing(folder, audience) as put:
        put("2026-10/page.html", b"one" if content is Killed else content)
        if content is Killed:
            raise Killed
        put("index.html", content)


def there(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def beside(folder):
    return {path.name for path in folder.parent.iterdir()} - {folder.name, f".{folder.name}.lock"}


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "deep" / "cards"


def test_a_new_folder_an_empty_one_and_an_older_archive_are_written(folder):
    write(folder)
    write(folder, b"two")
    assert there(folder) == {"2026-10/page.html", "index.html", MARK}
    assert (folder / "index.html").read_bytes() == b"two"
    (folder.parent / "empty").mkdir()
    write(folder.parent / "empty")
    assert beside(folder) == {"empty", ".empty.lock"}


def test_what_an_archive_no_longer_has_is_gone(folder):
    write(folder)
    with replacing(folder, "all") as put:
        put("index.html", b"alone")
    assert there(folder) == {"index.html", MARK}


def test_its_list_is_one_that_sha256sum_checks(folder):
    write(folder)
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", MARK], cwd=folder, capture_output=True, check=False, text=True
    )
    assert (checked.returncode, checked.stdout) == (0, "2026-10/page.html: OK\nindex.html: OK\n")


def test_nobody_else_may_read_it(folder):
    write(folder)
    assert {path.stat().st_mode & 0o077 for path in (folder, *folder.rglob("*"))} == {0}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("notes.txt", "found notes.txt, which is new"),
        ("2026-10/mine.pdf", "found 2026-10/mine.pdf"),
        ("index.html", "found index.html"),
        (".hidden", "found .hidden"),
    ],
)
def test_a_file_that_it_did_not_write_is_refused_and_stays(folder, name, found):
    write(folder)
    (folder / name).write_text("mine")
    with pytest.raises(UsageError, match=found):
        write(folder, b"two")
    assert (folder / name).read_text() == "mine"
    assert (folder / "2026-10/page.html").read_bytes() == b"one"
    assert beside(folder) == set()


def test_a_link_in_it_is_refused(folder):
    write(folder)
    (folder / "2026-11").symlink_to(folder / "2026-10")
    with pytest.raises(UsageError, match="found 2026-11"):
        write(folder)


def test_a_folder_of_something_else_and_a_file_are_refused(folder):
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("mine")
    with pytest.raises(UsageError, match="expected an empty folder or an archive that this command wrote"):
        write(folder)
    (folder.parent / "file").write_text("mine")
    with pytest.raises(UsageError, match="expected a folder, found a file"):
        write(folder.parent / "file")


def test_an_archive_for_one_never_replaces_one_for_another(folder):
    write(folder, audience="ana@lantern.example")
    with pytest.raises(UsageError, match=r"found one for ana@lantern\.example, whose readers would see"):
        write(folder, b"all", audience="all")
    assert (folder / "index.html").read_bytes() == b"one"


def test_a_link_laid_in_place_of_the_draft_is_not_followed(folder):
    write(folder)
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    folder.with_name(".cards.part").symlink_to(elsewhere)
    with pytest.raises(UsageError, match="expected nothing of that name"):
        write(folder, b"two")
    assert not there(elsewhere)
    assert (folder / "index.html").read_bytes() == b"one"


def test_the_root_is_refused():
    with pytest.raises(UsageError, match="found the root"):
        write(Path("/"))


def test_a_link_to_the_folder_stays_one(folder):
    write(folder)
    link = folder.parent / "link"
    link.symlink_to(folder)
    write(link, b"two")
    assert link.is_symlink()
    assert (folder / "index.html").read_bytes() == b"two"


class Killed(BaseException):
    """As if the process were gone."""


def killed(*_, **__):
    raise Killed


def test_an_error_in_the_middle_leaves_all_as_it_was(folder):
    write(folder)
    with pytest.raises(Killed):
        write(folder, Killed)
    assert (folder / "index.html").read_bytes() == b"one"
    assert beside(folder) == set()


def test_a_disk_that_fails_at_the_swap_leaves_all_as_it_was(folder, monkeypatch):
    write(folder)
    rename = type(folder).rename

    def fail(path, goal):
        if path.name.endswith(".part"):
            raise OSError(28, "No space left on device")
        return rename(path, goal)

    monkeypatch.setattr(type(folder), "rename", fail)
    with pytest.raises(StorageError, match="No space left"):
        write(folder, b"two")
    assert (folder / "index.html").read_bytes() == b"one"
    assert beside(folder) == set()


def test_after_a_kill_between_both_renames_the_older_one_comes_back(folder, monkeypatch):
    write(folder)
    # what a process leaves that is gone at once: the draft, and the older archive under its other name
    os.rename(folder, folder.with_name(".cards.old"))
    folder.with_name(".cards.part").mkdir()
    (folder.with_name(".cards.part") / "index.html").write_text("half")
    (folder.with_name(".cards.part") / MARK).write_text("")
    monkeypatch.setattr(folders, "refuse_others", killed)
    with pytest.raises(Killed):
        write(folder, b"two")
    assert (folder / "index.html").read_bytes() == b"one"
    assert beside(folder) == set()


@pytest.mark.parametrize("ending", ["part", "old"])
def test_what_somebody_else_keeps_beside_it_is_refused_and_stays(folder, ending):
    write(folder)
    beside_it = folder.with_name(f".{folder.name}.{ending}")
    beside_it.mkdir()
    (beside_it / "mine.txt").write_text("precious")
    with pytest.raises(UsageError, match="expected nothing of that name beside the archive"):
        write(folder, b"two")
    assert (beside_it / "mine.txt").read_text() == "precious"
    assert (folder / "index.html").read_bytes() == b"one"


def test_a_file_where_the_draft_would_be_is_refused_and_stays(folder):
    folder.parent.mkdir()
    file = folder.with_name(f".{folder.name}.part")
    file.write_text("mine")
    with pytest.raises(UsageError, match="move it elsewhere"):
        write(folder)
    assert file.read_text() == "mine"


def test_what_is_put_into_the_folder_while_it_is_written_stays(folder):
    def meanwhile():
        with replacing(folder, "all") as put:
            put("index.html", b"two")
            (folder / "notes.txt").write_text("mine")

    write(folder)
    with pytest.raises(UsageError, match=r"found notes\.txt"):
        meanwhile()
    assert (folder / "notes.txt").read_text() == "mine"
    assert (folder / "index.html").read_bytes() == b"one"
    assert not beside(folder)

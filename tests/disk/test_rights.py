"""Who may read what is written: at each umask, alone or with a group, whatever library makes the file."""

from __future__ import annotations

import grp
import os
import stat
from pathlib import Path

import pytest

from disk import write_atomically
from disk.rights import make_folder, narrowed, opened, share_with
from scoring.errors import UsageError
from tests.pipeline.conftest import new_place

GROUP = grp.getgrgid(os.getegid()).gr_name


@pytest.fixture
def umask():
    """Set the umask of the process; put back at the end, as is the group."""
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)
    share_with(None)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    ("mask", "group", "file", "folder"),
    [
        (0o022, None, 0o600, 0o700),
        (0o000, None, 0o600, 0o700),
        (0o077, None, 0o600, 0o700),
        (0o022, GROUP, 0o640, 0o750),
        (0o000, GROUP, 0o640, 0o750),
        (0o027, GROUP, 0o640, 0o750),
        (0o077, GROUP, 0o600, 0o700),
    ],
)
def test_a_file_is_never_wider_than_asked_for_and_than_the_umask(tmp_path, umask, mask, group, file, folder):
    share_with(group)
    umask(mask)
    write_atomically(tmp_path / "a/b/card.pdf", b"pay")
    with opened(tmp_path / "a/mail.eml") as mail:
        mail.write(b"pay")
    with narrowed(), narrowed():
        (tmp_path / "a/of_another").write_bytes(b"pay")
    assert mode(tmp_path / "a/b/card.pdf") == mode(tmp_path / "a/mail.eml") == file
    assert mode(tmp_path / "a/of_another") == (0o666 & ~mask & ~(0o027 if group else 0o077))
    assert mode(tmp_path / "a") == mode(tmp_path / "a/b") == folder
    assert os.umask(mask) == mask


def test_a_folder_that_is_there_keeps_its_rights(tmp_path, umask):
    tmp_path.chmod(0o755)
    make_folder(tmp_path)
    make_folder(tmp_path / "new")
    assert (mode(tmp_path), mode(tmp_path / "new")) == (0o755, 0o700)


def test_a_group_that_is_none_is_refused(umask):
    with pytest.raises(UsageError, match="SCOREWRIGHT_FILE_GROUP: expected a group of this machine"):
        share_with("no-such-group")


@pytest.mark.parametrize(("group", "wrong"), [(None, 0o077), (GROUP, 0o027)])
def test_a_whole_run_leaves_nothing_for_others_to_read(tmp_path, umask, group, wrong):
    """Cards, mails, landing, warehouse, ledger, locks: all that lies in the home."""
    place = new_place(tmp_path)
    place.run("south", **({"file_group": group} if group else {}))
    made = [place.home, *place.home.rglob("*")]
    assert {path.suffix for path in made} >= {".pdf", ".json", ".eml", ".duckdb", ".sqlite", ".lock"}
    assert {path.name: oct(mode(path)) for path in made if mode(path) & wrong} == {}
    if group:
        assert {path.name: oct(mode(path)) for path in made if not mode(path) & 0o040} == {}

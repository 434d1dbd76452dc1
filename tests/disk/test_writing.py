"""A draft that cannot be cleared away hides nothing and stops nothing."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from disk import write_atomically
from disk.errors import StorageError


@pytest.fixture
def no_unlink(monkeypatch):
    """Nothing can be deleted."""

    def fail(*_, **__):
        raise InterruptedError(errno.EINTR, os.strerror(errno.EINTR))

    monkeypatch.setattr(Path, "unlink", fail)
    monkeypatch.setattr(os, "unlink", fail)


@pytest.mark.parametrize("replace", [True, False])
def test_a_file_is_there_whole_though_its_draft_stays(tmp_path, no_unlink, replace):
    write_atomically(tmp_path / "card", b"whole", replace=replace)
    assert (tmp_path / "card").read_bytes() == b"whole"


def test_what_went_wrong_first_is_what_is_said(tmp_path, no_unlink, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        write_atomically(tmp_path / "card", b"whole")

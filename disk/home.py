"""The home of an installation: made once, and told from any other by a name that is kept in it."""

from __future__ import annotations

from contextlib import suppress
from uuid import uuid4

from disk import Place, write_atomically
from disk.objects import ObjectPath, refuse_overwriting
from disk.rights import make_folder
from scoring.errors import UsageError

NAME = "home.id"


def make_home(home: Place) -> None:
    """Make the folder, or see that the object store is fit to be one. Raises `UsageError`."""
    if isinstance(home, ObjectPath):
        refuse_overwriting(home / "home.probe")
        return
    try:
        make_folder(home)
    except OSError as error:
        raise UsageError(
            f"SCOREWRIGHT_HOME: expected a folder that can be created, found {home} ({error.strerror}); "
            "name another."
        ) from None


def name_of_home(home: Place) -> str:
    """What tells this home from any other: made up once, and kept in it.

    Workers that do not share one would make cards of what is not there.
    """
    path = home / NAME
    if not path.exists():
        with suppress(FileExistsError):
            write_atomically(path, uuid4().hex.encode(), replace=False)
    return path.read_bytes().decode("ascii")

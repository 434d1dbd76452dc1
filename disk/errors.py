"""Errors of a store that cannot be used: a disk, or a database on one."""

from __future__ import annotations

from scoring.errors import ScorewrightError


class BusyError(ScorewrightError):
    """Another process holds a lock this one needs; try again later."""

    exit_code = 5


class StorageError(ScorewrightError):
    """A disk is full, read-only or failing; nothing there has changed."""

    exit_code = 7

    def __init__(self, where: object, found: object) -> None:
        self.found = found
        super().__init__(
            f"{where}: expected a disk that can be written to and read, found: {found}; "
            "fix its space or permissions, then run again."
        )


class StoreError(StorageError):
    """An object store does not answer, or refuses; asking again is safe."""

    def __init__(self, where: object, found: object) -> None:
        self.found = found
        ScorewrightError.__init__(
            self,
            f"{where}: expected an object store that answers, found: {found}; check its address and what "
            "this process may do there, then run again.",
        )

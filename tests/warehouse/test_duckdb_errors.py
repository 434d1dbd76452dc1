"""Whatever a disk does to DuckDB's file is said in one sentence, whatever its reason."""

from __future__ import annotations

import duckdb
import pytest
import sqlalchemy as sa

from disk.errors import StorageError
from scoring.errors import DataError
from warehouse.duckdb.errors import told

_AT_COMMIT = "TransactionContext Error: Failed to commit: "


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (duckdb.TransactionException, f'{_AT_COMMIT}Could not write file "w.wal": Interrupted system call'),
        (duckdb.TransactionException, f'{_AT_COMMIT}Could not write file "w.wal": No space left on device'),
        (duckdb.TransactionException, f'{_AT_COMMIT}Could not truncate file "w.wal": Invalid argument'),
        (duckdb.FatalException, "FATAL Error: fsync failed!"),
        (duckdb.IOException, 'IO Error: Could not read from file "w": Stale file handle'),
        (duckdb.IOException, 'IO Error: Could not remove file "w.wal": Device or resource busy'),
    ],
)
def test_a_disk_that_fails_is_a_matter_of_storage(kind, said):
    with pytest.raises(StorageError, match="warehouse w: expected a disk"), told("w"):
        raise sa.exc.OperationalError("commit", {}, kind(said))


def test_a_file_that_is_cut_off_is_damaged_and_may_be_rebuilt():
    said = 'IO Error: Could not read enough bytes from file "w": attempted to read 4096 bytes from location 8'
    with pytest.raises(DataError, match="scorewright rebuild"), told("w"):
        raise sa.exc.OperationalError("select", {}, duckdb.IOException(said))


def test_a_mistake_in_the_sql_passes_through():
    with pytest.raises(sa.exc.ProgrammingError), told("w"):
        raise sa.exc.ProgrammingError("selct", {}, duckdb.ParserException("syntax error"))

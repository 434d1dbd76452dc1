"""A second warehouse with the same content, to try things out on."""

from __future__ import annotations

import shutil
from pathlib import Path

from etl.warehouse.duckdb.warehouse import EmbeddedWarehouse
from etl.warehouse.engine import Warehouse


def copy_warehouse(warehouse: Warehouse, target: Path) -> None:
    """Copy an embedded warehouse into the file `target`.

    Nothing is made of a warehouse that is not there yet, or that is no file: the landing can make one anew.
    Raises `BusyError` where another process does not let go of it.
    """
    if not isinstance(warehouse, EmbeddedWarehouse) or not warehouse.exists():
        return
    # while it is held nobody writes; what a killed process left in the log belongs to it, too
    with warehouse.opened():
        shutil.copyfile(warehouse.path, target)
        log = warehouse.path.with_name(warehouse.path.name + ".wal")
        if log.exists():
            shutil.copyfile(log, target.with_name(target.name + ".wal"))

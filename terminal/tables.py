"""Tables as every command prints them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table


def titled(title: str, **options: Any) -> Table:
    """A table under its title, which may have markup."""
    return Table(title=title, title_justify="left", header_style="bold", **options)


def add_columns(table: Table, *names: str, **options: Any) -> None:
    """Add a column of each name, all of one kind."""
    for name in names:
        table.add_column(name, **options)


def add_rows(table: Table, rows: Iterable[Sequence[RenderableType]]) -> None:
    """Add the rows, whose texts may have markup."""
    for row in rows:
        table.add_row(*row)

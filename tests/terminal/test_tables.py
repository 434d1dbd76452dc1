"""A table of the terminal is never wider than the terminal, and nothing of it is cut."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from terminal.tables import add_columns, add_rows, shared, titled

HEADS = ("KPI", "actual", "attainment", "status")
ROWS = [
    ("Followers on LinkedIn", "1,234,567.89", "124.8 %", "● green"),
    ("outstanding invoices paid", "5", "3.44 %", "○ not available: no data"),
    ("市场合格线索转化率与客户满意度", "12", "100.0 %", "◆ red"),
]


def printed(width, rows=ROWS, *, no_wrap=True):
    table = titled("Scorecard · 2026-10", show_footer=True)
    table.add_column("KPI", footer="total", no_wrap=no_wrap)
    add_columns(table, *HEADS[1:], justify="right")
    add_rows(table, rows)
    out = Console(width=width, color_system=None, file=StringIO())
    out.print(table)
    return out.file.getvalue()


def cells(text):
    """What stands in each column, whatever line it is on, without spaces."""
    rows = [
        line.split("│")[1:-1] for line in text.replace("┃", "│").splitlines() if "│" in line or "┃" in line
    ]
    return ["".join(row[column].replace(" ", "") for row in rows) for column in range(len(HEADS))]


@pytest.mark.parametrize("width", [120, 80, 72, 60, 40])
def test_every_letter_is_there_at_any_width(width):
    text = printed(width)
    assert cells(text) == cells(printed(500))
    assert max(cell_len(line.rstrip()) for line in text.splitlines()) <= width
    assert "…" not in text


def test_words_and_short_texts_are_broken_only_where_they_have_no_room():
    lines = printed(60, ROWS[:2], no_wrap=False).splitlines()
    assert any("│ outstanding " in line for line in lines)
    assert any(" 124.8 % │" in line and "● green" in line for line in lines)
    assert "124.8 %" not in printed(40, ROWS[:2], no_wrap=False)


@pytest.mark.parametrize(
    ("least", "most", "room", "widths"),
    [
        ([3, 5], [3, 5], 8, [3, 5]),
        ([3, 5], [20, 6], 20, [15, 5]),
        ([3, 50, 4], [3, 80, 4], 20, [3, 13, 4]),
        ([9, 9], [9, 9], 1, [1, 1]),
    ],
)
def test_columns_share_the_room(least, most, room, widths):
    assert shared(least, most, room) == widths

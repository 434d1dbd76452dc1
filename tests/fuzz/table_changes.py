"""What happens to an export by structure: cells, rows, columns, separators, quotes, styles, totals, names."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal
from random import Random

from tests.fuzz.numbers import STYLES
from tests.fuzz.tables import Row, Table

Change = Callable[[Table, Random], None]

_CELLS = (
    *(
        "",
        " ",
        "-",
        "--",
        "—",
        "N/A",
        "NaN",
        "inf",
        "null",
        "#DIV/0!",
        "0",
        "-0",
        "00",
        "007",
        "1e3",
        "1E+05",
    ),
    *(
        "1,234",
        "1.234",
        "1 234",
        "1\u00a0234,5",
        "1'234.50",
        "12,34,567",
        "1,23",
        "1.2.3",
        "1,2,3",
        ".5",
        "5.",
    ),
    *(
        "(5)",
        "−5",
        "+5",
        "5-",
        "- 5",
        "5%",
        "$5",
        "5 €",
        "USD 5",
        "EUR5",
        "1.2万",
        "3亿",
        "٣",
        "５",
        "½",
        "5²",
    ),
    *("=1+1", "'5", '"', '""', "a\nb", "a\r\nb", "\u200b5", "5\u200b", "\ufeff5", "<b>5</b>", "🚲", "9" * 19),
    *(
        "0.0000001",
        "99999999999999",
        "true",
        "Total",
        "Summe",
        "总计",
        "2026-10-05",
        "05.10.2026",
        "10/05/2026",
    ),
    *(
        "2026-09-30",
        "2026-11-01",
        "2026-02-30",
        "45935",
        "EUR",
        "eur",
        "XXX",
        "5\t5",
        "5;5",
        "5|5",
        "a" * 300,
    ),
)
_ENCODINGS = (
    *(("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"), ("utf-16-le", b"")),
    *(("gb18030", b""), ("cp1252", b""), ("latin-1", b""), ("big5", b""), ("cp932", b""), ("cp949", b"")),
    *(
        ("utf-8", b"\xff\xfe"),
        ("utf-8", b"\xef\xbb\xbf" * 2),
        ("utf-7", b""),
        ("cp037", b""),
        ("utf-32", b""),
    ),
)


def other_cell(table: Table, rng: Random) -> None:
    """A cell that says something else."""
    row = _row(table, rng)
    at = rng.randrange(len(row.cells))
    row.cells[at], row.is_touched = rng.choice(_CELLS), True


def other_number(table: Table, rng: Random) -> None:
    """Another number, which its total follows if totals are added up."""
    row = rng.choice(table.rows)
    places = [at for at, cell in enumerate(row.cells) if isinstance(cell, Decimal)]
    if places:
        value = Decimal(rng.choice((0, 1, 7, 999, 1000, 12345, 1234567, 10**11, 10**13)))
        cents = Decimal(rng.choice(("0", "0", "0.5", "0.25", "0.001", "0.1234567")))
        row.cells[rng.choice(places)] = (value + cents) * rng.choice((1, 1, 1, -1))
        row.is_touched = True


def dressed_number(table: Table, rng: Random) -> None:
    """A number with something about it that changes nothing: blanks, a sign of money, brackets."""
    row = _row(table, rng)
    places = [at for at, cell in enumerate(row.cells) if isinstance(cell, Decimal)]
    if places:
        at = rng.choice(places)
        dress = rng.choice(
            (" {}", "{} ", "\u00a0{}", "€{}", "{} €", "EUR {}", "({})", "-{}", "¥{}", "{}%", "'{}")
        )
        row.cells[at], row.is_touched = dress.format(table.shown(row.cells[at], at)), True


def swap_cells(table: Table, rng: Random) -> None:
    """Two cells of a row in each other's place."""
    row = _row(table, rng)
    one, other = rng.randrange(len(row.cells)), rng.randrange(len(row.cells))
    row.cells[one], row.cells[other] = row.cells[other], row.cells[one]
    row.is_touched = True


def drop_row(table: Table, rng: Random) -> None:
    """A row that is missing."""
    del table.rows[rng.randrange(len(table.rows))]


def repeat_row(table: Table, rng: Random) -> None:
    """A row twice."""
    at = rng.randrange(len(table.rows))
    table.rows.insert(rng.randrange(len(table.rows) + 1), Row([*table.rows[at].cells], True))


def other_order(table: Table, rng: Random) -> None:
    """The rows in another order."""
    rng.choice((rng.shuffle, list.reverse))(table.rows)


def blank_row(table: Table, rng: Random) -> None:
    """A row of nothing, somewhere."""
    width = rng.choice((0, 1, len(table.header), len(table.header) + 2))
    row = Row([rng.choice(("", "", " "))] * width, True)
    table.rows.insert(rng.randrange(len(table.rows) + 1), row)


def ragged_row(table: Table, rng: Random) -> None:
    """A row with fewer or more cells than the header."""
    row = _row(table, rng)
    row.is_touched = True
    if rng.random() < 0.5:
        del row.cells[rng.randrange(len(row.cells)) :]
    else:
        row.cells += [rng.choice(_CELLS) for _ in range(rng.choice((1, 3)))]


def header_again(table: Table, rng: Random) -> None:
    """The header once more among the rows, as where two files were put together."""
    at = rng.randrange(len(table.rows) + 1)
    table.rows[at:at] = [Row([*table.header], True)]
    if rng.random() < 0.5:
        table.rows += [Row([*row.cells], True) for row in table.rows[:at]]


def lines_around(table: Table, rng: Random) -> None:
    """Lines above the header or below the table."""
    line = rng.choice(
        ("", "# a remark", "sep=,", "Report", '"October 1, 2026 - October 31, 2026"', ";;;", "a,b")
    )
    rng.choice((table.above, table.below)).append(line)


def drop_column(table: Table, rng: Random) -> None:
    """A column that is missing."""
    at = rng.randrange(len(table.header))
    _each_line(table, lambda cells: cells.pop(at))


def double_column(table: Table, rng: Random) -> None:
    """A column twice: the same, empty the second time, or with another cell in it."""
    at, to = rng.randrange(len(table.header)), rng.randrange(len(table.header) + 1)
    _each_line(table, lambda cells: cells.insert(to, cells[at]))
    kind = rng.random()
    for row in table.rows if kind < 0.5 else table.rows[:1] if kind < 0.7 else []:
        if to < len(row.cells):
            row.cells[to], row.is_touched = "", True


def move_column(table: Table, rng: Random) -> None:
    """A column in another place."""
    at, to = rng.randrange(len(table.header)), rng.randrange(len(table.header))
    _each_line(table, lambda cells: cells.insert(to, cells.pop(at)))


def more_columns(table: Table, rng: Random) -> None:
    """A column that nobody knows, or one without a name."""
    name, cell = rng.choice(("", "CTR", "Note", "Avg. CPC", "x" * 400)), rng.choice(("", "1.5", "a, b", "2%"))
    to = rng.randrange(len(table.header) + 1)
    table.header.insert(to, name)
    table.fields.insert(to, None)
    for row in (*table.rows, *table.totals):
        row.cells.insert(to, cell)


def other_name(table: Table, rng: Random) -> None:
    """A column's name spelled otherwise, or another one's."""
    at = rng.randrange(len(table.header))
    name = table.header[at]
    table.header[at] = rng.choice(
        (
            *(
                name.upper(),
                name.lower(),
                f" {name} ",
                name.replace(" ", "\u00a0"),
                f"{name}\u200b",
                f"{name}:",
            ),
            *(
                f"{name} (EUR)",
                name[:-1],
                f"{name}s",
                rng.choice(table.header),
                "Clicks",
                "Impressions",
                "Cost",
            ),
        )
    )


def swap_names(table: Table, rng: Random) -> None:
    """Two columns with each other's names: the numbers are then what the names say."""
    one, other = rng.randrange(len(table.header)), rng.randrange(len(table.header))
    table.header[one], table.header[other] = table.header[other], table.header[one]


def other_separator(table: Table, rng: Random) -> None:
    """Cells parted by another sign."""
    table.separator = rng.choice((",", ";", "\t", "|", ":", " "))


def other_quotes(table: Table, rng: Random) -> None:
    """All cells quoted, the texts, or none."""
    table.quoting = rng.choice((csv.QUOTE_ALL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC, csv.QUOTE_NONE))


def other_ending(table: Table, rng: Random) -> None:
    """Lines that end in another way."""
    table.ending = rng.choice(("\r\n", "\r\n", "\r", "\n\n", "\r\r\n"))


def other_encoding(table: Table, rng: Random) -> None:
    """The text saved in another encoding, with or without a mark."""
    table.encoding, table.mark = rng.choice(_ENCODINGS)


def other_style(table: Table, rng: Random) -> None:
    """All numbers written as another country writes them."""
    # texts stay as they are
    if any(_is_number(table, at) for at in range(len(table.header))):
        table.style, table.is_grouped = rng.choice(tuple(STYLES)), rng.random() < 0.7
        table.styles.clear()


def column_in_other_style(table: Table, rng: Random) -> None:
    """One column of numbers written as another country writes them."""
    names = [name for at, name in enumerate(table.fields) if name and _is_number(table, at)]
    if names:
        table.styles[rng.choice(names)] = rng.choice(tuple(STYLES))
        table.is_grouped = rng.random() < 0.7


def parted_thousands(table: Table, _: Random) -> None:
    """Numbers with or without a sign between thousands."""
    table.is_grouped = not table.is_grouped


def wrong_total(table: Table, rng: Random) -> None:
    """A total that is not that of its rows."""
    table.is_added_up = False
    if table.totals:
        row = rng.choice(table.totals)
        for at, cell in enumerate(row.cells):
            if isinstance(cell, Decimal) and rng.random() < 0.5:
                row.cells[at] = cell + rng.choice((1, -1, Decimal("0.01"), 1000))


def other_totals(table: Table, rng: Random) -> None:
    """Totals that are missing, there twice, first, or called otherwise."""
    if not table.totals:
        width = len(table.header)
        table.totals.append(Row([rng.choice(("Total", "Summe", "总计", "Grand total")), *[""] * (width - 1)]))
        return
    row = rng.choice(table.totals)
    kind = rng.randrange(4)
    if kind == 0:
        table.totals.remove(row)
    elif kind == 1:
        table.totals.append(Row([*row.cells]))
    elif kind == 2:
        table.totals.remove(row)
        table.rows.insert(0, Row([_frozen(cell) for cell in row.cells], True))
    else:
        words = ("Total", "Summe", "合计", "Gesamt: Konto", "Total: Account", "Grand Total", "Ergebnis", "")
        row.cells[0] = rng.choice(words)


def _frozen(cell: str | Decimal) -> str:
    return cell if isinstance(cell, str) else f"{cell:f}"


def _row(table: Table, rng: Random) -> Row:
    """A row with cells, sometimes one of totals."""
    rows = table.totals if table.totals and rng.random() < 0.1 else table.rows
    row = rng.choice(rows)
    if not row.cells:
        row.cells.append("")
    return row


def _each_line(table: Table, change: Callable[[list], object]) -> None:  # type: ignore[type-arg]
    """Make a change of columns in the header and in every whole row."""
    width = len(table.header)
    for cells in [table.header, table.fields, *(row.cells for row in (*table.rows, *table.totals))]:
        if len(cells) >= width or cells is table.header:
            change(cells)


def _is_number(table: Table, at: int) -> bool:
    return any(at < len(row.cells) and isinstance(row.cells[at], Decimal) for row in table.rows)


CHANGES: tuple[Change, ...] = (
    *(other_cell, other_cell, other_cell, other_number, other_number, dressed_number, dressed_number),
    *(swap_cells, drop_row, repeat_row, other_order, blank_row, ragged_row, header_again, lines_around),
    *(drop_column, double_column, move_column, more_columns, other_name, other_name, swap_names),
    *(other_separator, other_quotes, other_ending, other_encoding, other_style, other_style),
    *(column_in_other_style, parted_thousands, wrong_total, other_totals),
)

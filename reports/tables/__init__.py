"""Issued cards as rows: of one flat table, which can be a file, and of a star of tables."""

from reports.tables.files import ENDINGS, as_file
from reports.tables.further import further_columns
from reports.tables.kinds import Kind, Row
from reports.tables.scores import COLUMNS, PAY, Issued, rows_of
from reports.tables.star import star_of

__all__ = [
    "COLUMNS",
    "ENDINGS",
    "PAY",
    "Issued",
    "Kind",
    "Row",
    "as_file",
    "further_columns",
    "rows_of",
    "star_of",
]

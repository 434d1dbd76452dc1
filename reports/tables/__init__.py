"""Issued cards as one flat table, and that table as a file."""

from reports.tables.files import ENDINGS, as_file
from reports.tables.scores import COLUMNS, PAY, Issued, Kind, rows_of

__all__ = ["COLUMNS", "ENDINGS", "PAY", "Issued", "Kind", "as_file", "rows_of"]

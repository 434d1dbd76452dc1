"""The warehouse in a DuckDB file."""

"""Faults that no single line shows: what must fit together across the book's files."""

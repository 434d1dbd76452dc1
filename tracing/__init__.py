"""Traces a printed figure down to the rows of its sources."""

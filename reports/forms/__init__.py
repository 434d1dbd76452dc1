"""Workbooks to be filled in: what they ask, where it is, and how it is drawn."""

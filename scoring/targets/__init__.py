"""Targets: the terms that a period is scored by, and how far they were reached."""

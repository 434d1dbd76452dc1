"""The parts of the presenter, one per part of the report."""

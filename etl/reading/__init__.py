"""Strict reading of export files: text, sheet, cells, facts. A file is accepted or refused as a whole."""

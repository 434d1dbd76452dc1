"""Strict reading of export files: text, sheet, cells, facts. A file is understood whole or refused whole."""

"""A traced figure as text and tables for the terminal."""

"""The command line, and everything that prints."""

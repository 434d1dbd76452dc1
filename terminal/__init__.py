"""The command line, and everything that prints."""

INTERRUPTED = 130
"""The code of a program that Ctrl-C has ended: 128 and the number of the signal SIGINT."""

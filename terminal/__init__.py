"""The command line, and everything that prints."""

INTERRUPTED = 130
"""The code of a program that Ctrl-C has ended: 128 and the number of the signal SIGINT."""
STOPPED = "scorewright: stopped by Ctrl-C; what was done until then is kept, so run the command again."
"""What such a program says, unless what it did has more to say."""

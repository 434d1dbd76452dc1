"""A file before anything is connected: what it is, all that is wrong with it, and what format would help."""

"""The composition root: settings, the book, the steps by name, and the runs."""

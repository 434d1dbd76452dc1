"""Where the program begins: Ctrl-C ends it quietly, also while the rest of it is still being imported."""

from __future__ import annotations

import os
import signal

from terminal import INTERRUPTED

signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))


def main() -> None:
    """Run the command line; see `terminal.cli.main`."""
    from terminal.cli import main as run

    run()

"""Where the program begins: Ctrl-C ends it with a sentence, also while the rest is still being imported."""

from __future__ import annotations

import os
import signal

from terminal import INTERRUPTED, STOPPED


def _stop(*_: object) -> None:
    try:
        os.write(2, f"{STOPPED}\n".encode())
    finally:
        os._exit(INTERRUPTED)


signal.signal(signal.SIGINT, _stop)


def main() -> None:
    """Run the command line; see `terminal.cli.main`."""
    from terminal.cli import main as run

    run()

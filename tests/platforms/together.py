"""Pulls a month of many accounts from the stand-in, side by side, and says how long that took and what it needed.

python -m tests.platforms.together 1000
"""

from __future__ import annotations

import resource
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

from pulling.asking import Clock
from pulling.together import together
from tests.platforms import asking, truth
from tests.platforms.pulled import OCTOBER, pulling
from tests.platforms.standin import started


@dataclass(frozen=True)
class Measured:
    """What came of it: months landed, most accounts asked for at a time, seconds, and peaks of memory (MB)."""

    landed: int
    most: int
    questions: int
    seconds: float
    half_mb: int
    mb: int


def measure(count: int, folder: Path, *, at_once: int = 4, name: str = "tiktok_ads") -> Measured:
    """One month of so many accounts."""
    server = started()
    with pulling(name, folder, server) as theirs:
        theirs.platform = theirs.platform.model_copy(update={"at_once": at_once})
        entities = [f"{at + 5000}" for at in range(count)]
        known, behave, counted = asking.ACCOUNTS, theirs.standin.behave, Counted()
        asking.ACCOUNTS = (*known, *entities)
        theirs.standin.behave = counted.during(behave)
        # the stand-in answers at once, so nothing is waited for
        puller = replace(theirs.puller, clock=Clock())
        landed, peaks, began = 0, [], time.monotonic()

        def work(account, month):
            files = puller(account, month)
            theirs.landing.land(account, month, files, theirs.now)
            return len(files)

        try:
            wanted = ((theirs.account(entity), OCTOBER) for entity in entities)
            for each in together(puller, wanted, work):
                landed += each
                peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
        finally:
            asking.ACCOUNTS = known
            server.shutdown()
            server.server_close()
        seconds = time.monotonic() - began
    return Measured(landed, counted.most, counted.all, seconds, peaks[len(peaks) // 2], peaks[-1])


class Counted:
    """How many questions are answered at the same time."""

    def __init__(self):
        self.now = self.most = self.all = 0
        self.lock = threading.Lock()

    def during(self, behave):
        def counting(asked, standin):
            with self.lock:
                self.now += 1
                self.all += 1
                self.most = max(self.most, self.now)
                # what the stand-in remembers is not what is measured
                standin.asked.clear()
                if self.all % 50 == 0:
                    truth.ads.cache_clear()
            try:
                return behave(asked, standin)
            finally:
                with self.lock:
                    self.now -= 1

        return counting


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        sys.stdout.write(f"{measure(int(sys.argv[1]), Path(place))}\n")

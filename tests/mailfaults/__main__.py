"""`python -m tests.mailfaults [REPEATS]`: play every behaviour so often, and then to 1,000 recipients as often."""

from __future__ import annotations

import shutil
import sys
import tempfile
import warnings
from pathlib import Path

from tests.mailfaults.behaviours import BEHAVIOURS
from tests.mailfaults.campaign import Counts, play
from tests.mailfaults.servers import opened_servers
from tests.pipeline.conftest import new_place

MANY = 1000


def main(repeats: int = 1) -> int:
    """0 where nothing was wrong, 1 otherwise."""
    # the server's own words on a password on an open line
    warnings.filterwarnings("ignore", "Requiring AUTH", UserWarning)
    counts = Counts()
    with (
        tempfile.TemporaryDirectory(prefix="scorewright-mail-") as name,
        opened_servers(Path(name)) as servers,
    ):
        unsent = new_place(Path(name) / "unsent")
        unsent.run(send=False)
        for size in (len(BEHAVIOURS), MANY):
            for number in range(repeats):
                root = Path(name) / f"{size} recipients, {number}"
                play(unsent, root, servers, counts, count=size)
                shutil.rmtree(root)
                sys.stderr.write(f"{root.name}: {len(counts.faults)} faults so far\n")
    sys.stdout.write("".join(f"{fault}\n" for fault in counts.faults) + counts.table())
    return int(bool(counts.faults))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))

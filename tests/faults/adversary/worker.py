"""A process that has everything imported and works through cases: `python -m tests.faults.adversary.worker`.

Its arguments are a folder, whether system calls are struck (`traced` or `untraced`) and, if there is one, the
address of a PostgreSQL server. It says `ready`, then takes lines of JSON, each a seed and a weakened line of
the program (empty for the program as it is), and answers each with what came of it.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.faults.adversary.bench import Bench
from tests.faults.adversary.plans import draw
from tests.faults.adversary.weakened import aim_of
from tests.faults.databases import Databases
from tests.faults.inbox import opened_inbox


def main(root: Path, traced: str, server: str | None = None) -> None:
    """Serve until the standard input ends."""
    root.mkdir(parents=True)
    databases = None if server is None else Databases(server, root.name.replace("-", "_"))
    with opened_inbox(root / "inbox") as inbox:
        bench = Bench(root, inbox, databases)
        bench.warm_up()
        _say("ready")
        for text in sys.stdin:
            seed, line = json.loads(text)
            aim = aim_of(line)
            case = draw(seed, server=server is not None, traced=traced == "traced", only=aim)
            _say(bench.try_case(case, line) | {"seed": seed, "case": asdict(case)})


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])

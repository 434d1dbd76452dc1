"""All benchmarks: each measures the product and its yardstick side by side, and gives their ratio.

Run by `script/bench`. The figures are read by people; no test passes or fails by them.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks import airflow_dag, loading, measures, memory, postgresql, rendering, scoring, teams

BENCHMARKS = {
    module.__name__.rpartition(".")[2]: module
    for module in (loading, postgresql, memory, measures, scoring, teams, rendering, airflow_dag)
}


def main() -> None:
    """Run the benchmarks named on the command line, or all."""
    table = Table(title="Benchmarks: ours / yardstick, both measured in this run", title_justify="left")
    for name in ("what", "yardstick"):
        table.add_column(name)
    for name in ("ours", "yardstick", "ratio"):
        table.add_column(name, justify="right")
    for name in sys.argv[1:] or BENCHMARKS:
        with tempfile.TemporaryDirectory() as folder:
            for result in BENCHMARKS[name].run(Path(folder)):
                table.add_row(
                    result.what,
                    result.yardstick,
                    f"{result.ours:.3f} {result.unit}",
                    f"{result.theirs:.3f} {result.unit}",
                    f"{result.ours / result.theirs:.2f}",
                )
    Console(width=140).print(table)


if __name__ == "__main__":
    main()

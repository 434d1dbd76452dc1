"""Hold the product's code to its limits: how long and how branched functions are, how large rooms are.

`script/check` runs this, so that what was made small does not grow back.
"""

from __future__ import annotations

import ast
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = (
    "scoring",
    "disk",
    "processes",
    "unpacking",
    "ledger",
    "reports",
    "warehouse",
    "lake",
    "etl",
    "pulling",
    "book",
    "delivery",
    "archive",
    "settings",
    "pipeline",
    "appraisal",
    "auditing",
    "starting",
    "tracing",
    "trying",
    "publishing",
    "terminal",
    "frames",
    "dags",
)
BRANCHES = (
    *(ast.If, ast.For, ast.AsyncFor, ast.While, ast.IfExp, ast.ExceptHandler, ast.Assert),
    *(ast.comprehension, ast.match_case),
)


@dataclass(frozen=True)
class Function:
    """A function: where it stands, its lines without its docstring, and McCabe's complexity."""

    place: str
    lines: int
    complexity: int


def complexity_of(node: ast.AST) -> int:
    """One, and one more for each branch, condition of a comprehension and `and` or `or`."""
    found = 1
    for part in ast.walk(node):
        found += isinstance(part, BRANCHES)
        found += len(part.values) - 1 if isinstance(part, ast.BoolOp) else 0
        found += len(part.ifs) if isinstance(part, ast.comprehension) else 0
    return found


def lines_of(node: ast.FunctionDef) -> int:
    """From `def` to the last line, without the docstring and the functions inside it."""
    first = node.body[0]
    has_docstring = ast.get_docstring(node, clean=False) is not None
    inner = [part for part in node.body if isinstance(part, ast.FunctionDef)]
    left_out = [*inner, *([first] if has_docstring else [])]
    return _span(node) - sum(map(_span, left_out))


def _span(node: ast.AST) -> int:
    return node.end_lineno - node.lineno + 1


def modules(room: str) -> list[Path]:
    """The files of a room; a migration is left as it was written."""
    return [path for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts]


def functions(room: str) -> Iterator[Function]:
    """Every function of a room, inner ones too."""
    for path in modules(room):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                place = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
                yield Function(place, lines_of(node), complexity_of(node))


LIMITS = {
    "lines of the longest function": 40,
    "lines of a function, 90th percentile": 13,
    "complexity of a function, mean": 2.7,
    "complexity of a function, share over 7": 0.005,
    "modules at the door of pipeline/": 15,
    "lines of pipeline/": 4000,
    "share of the largest room": 0.25,
}
"""What `measured` may be at most. Only ever lower these."""


def measured(found: list[Function]) -> dict[str, float]:
    """The figures of the house, by the names of their limits."""
    lines = sorted(function.lines for function in found)
    complexity = [function.complexity for function in found]
    sizes = {room: sum(len(path.read_bytes().splitlines()) for path in modules(room)) for room in ROOMS}
    return dict(
        zip(
            LIMITS,
            (
                lines[-1],
                lines[int(len(lines) * 0.9)],
                statistics.mean(complexity),
                sum(each > 7 for each in complexity) / len(complexity),
                len(list((ROOT / "pipeline").glob("*.py"))),
                sizes["pipeline"],
                max(sizes.values()) / sum(sizes.values()),
            ),
            strict=True,
        )
    )


def main() -> int:
    """Print the figures beside their limits, and with `--most` the functions to look at first."""
    found = [function for room in ROOMS for function in functions(room)]
    figures = measured(found)
    for name, limit in LIMITS.items():
        verdict = "" if figures[name] <= limit else "  TOO MUCH"
        print(f"{name}: {figures[name]:.4g} of at most {limit:g}{verdict}")
    if "--most" in sys.argv:
        for function in sorted(found, key=lambda each: (-each.complexity, -each.lines))[:60]:
            print(f"{function.complexity:3} {function.lines:3}  {function.place}")
    return int(any(figures[name] > limit for name, limit in LIMITS.items()))


if __name__ == "__main__":
    sys.exit(main())

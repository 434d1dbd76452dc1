"""No decision compares two clocks: what one machine wrote down is never held against another's time."""

from __future__ import annotations

import ast

from settings import ROOT

ROOMS = (
    *(
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
    ),
    *("starting", "tracing", "trying", "publishing", "terminal", "dags"),
)
MOMENTS = {
    "issued_at",
    "loaded_at",
    "landed_at",
    "claimed_at",
    "settled_at",
    "recorded_at",
    "entered_at",
    "st_mtime",
}
ASKED_FOR = {"etl/pulls.py: was_landed_by", "publishing/readers.py: _was_over"}
"""A person asks for the warehouse as of a moment, and means the landing's own clock; and a card of a period that
was not over, by the clock that let it be made, is for nobody."""


def compared(tree: ast.Module):
    """The functions that order moments or take the time between two."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and any(map(_orders_moments, ast.walk(function))):
            yield function.name


def _orders_moments(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        orders = any(isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for op in node.ops)
        return orders and _names_a_moment(node)
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and _names_a_moment(node)


def _names_a_moment(node: ast.AST) -> bool:
    return any(
        getattr(part, "attr", None) in MOMENTS or getattr(part, "id", None) in MOMENTS
        for part in ast.walk(node)
    )


def test_moments_are_written_down_and_never_compared():
    modules = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    assert len(modules) > 200
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules
        for name in compared(ast.parse(path.read_text("utf-8")))
    }
    assert found == ASKED_FOR


def test_the_search_finds_what_it_is_to_find():
    for text in (
        "issue.issued_at < load.loaded_at",
        "now - claim.claimed_at < LEASE",
        "a.st_mtime > b.st_mtime",
    ):
        tree = ast.parse(f"def stale(issue, load, claim, now):\n    return {text}")
        assert list(compared(tree)) == ["stale"]

"""KPI formulas: arithmetic over measure names, and nothing else.

`(ad_revenue - ad_spend) / ad_spend` is parsed by Python's own parser and then restricted to the four
operations, parentheses, `abs()`, names and plain numbers, so there is no grammar of our own to get wrong.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import lru_cache

from scoring.arithmetic import EXACT
from scoring.errors import BookError
from scoring.working import Reason

_NAME = re.compile(r"\b[^\W\d]\w*")
_WRITTEN = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


class _NoQuotientError(Exception):
    """A division that has no value to a KPI, and why."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason


def _divide(number: Decimal, divisor: Decimal) -> Decimal:
    # below 0 the better number would give the worse value: growth from a loss, a margin on negative sales
    if divisor <= 0:
        raise _NoQuotientError(Reason.NEGATIVE_DENOMINATOR if divisor else Reason.ZERO_DENOMINATOR)
    return number / divisor


_CELLS = {"abs": "ABS"}
"""What a formula calls that is no measure, by what spreadsheets call it."""
_OPERATIONS: Mapping[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _divide,
}


@dataclass(frozen=True, slots=True)
class Formula:
    """A checked formula: its text, the measure names in order of appearance, each once, and its tree."""

    text: str
    names: tuple[str, ...]
    tree: ast.expr

    @staticmethod
    @lru_cache(maxsize=1024)
    def parse(text: str) -> Formula:
        """Read a formula; raises `BookError` for all but names, numbers, + - * /, abs() and parentheses."""
        try:
            tree = ast.parse(text.strip(), mode="eval").body
        except SyntaxError as error:
            raise BookError(
                f"formula {text!r}: expected arithmetic over measures, found a mistake at {error.offset}."
            ) from None
        names: dict[str, None] = {}
        _check(tree, text, names)
        if not names:
            raise BookError(f"formula {text!r}: expected at least one measure, found none.")
        return Formula(text, tuple(names), tree)

    @property
    def spelling(self) -> str:
        """The formula in canonical form."""
        return ast.unparse(self.tree)

    @property
    def in_cells(self) -> str:
        """The formula as a spreadsheet knows it, each measure as `{measure:leads}`; see `scoring.cells`."""
        return _NAME.sub(lambda name: _CELLS.get(name[0], f"{{measure:{name[0]}}}"), self.spelling)

    @property
    def is_sum(self) -> bool:
        """Whether it only adds measures up, or multiples of them: then of two spans it is the sum."""
        return _is_sum(self.tree)

    def evaluate(self, measures: Mapping[str, Decimal]) -> Decimal | Reason:
        """The value over `measures`; a `Reason` if a measure is absent or a denominator is 0 or less."""
        if any(name not in measures for name in self.names):
            return Reason.NO_DATA
        with localcontext(EXACT):
            try:
                return _value(self.tree, measures)
            except _NoQuotientError as none:
                return none.reason


def _check(node: ast.expr, text: str, names: dict[str, None]) -> None:
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            _check(left, text, names)
            _check(right, text, names)
        case ast.UnaryOp(op=ast.USub(), operand=inner) | ast.Call(ast.Name("abs"), [inner], []):
            _check(inner, text, names)
        case ast.Name(id=name):
            names.setdefault(name)
        case ast.Constant(value=int() | float() as value) if _is_plain(value) and _is_as_read(node, text):
            pass
        case _:
            raise BookError(
                f"formula {text!r}: expected measure names, numbers, + - * /, abs() and parentheses, "
                f"found {ast.unparse(node)!r}."
            )


def _is_sum(node: ast.expr) -> bool:
    match node:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
            return _is_sum(left) and _is_sum(right)
        case ast.BinOp(left=ast.Constant(), op=ast.Mult(), right=inner):
            return _is_sum(inner)
        case ast.BinOp(left=inner, op=ast.Mult() | ast.Div(), right=ast.Constant()):
            return _is_sum(inner)
        case ast.UnaryOp(operand=inner):
            return _is_sum(inner)
    return isinstance(node, ast.Name)


def _is_plain(value: float) -> bool:
    return not isinstance(value, bool) and Decimal(str(value)).is_finite()


def _is_as_read(number: ast.expr, text: str) -> bool:
    """Whether the number stands there as anybody reads it: Python also knows 9_5 and 0x5f."""
    written = ast.get_source_segment(text.strip(), number) or ""
    return _WRITTEN.fullmatch(written) is not None


def _value(node: ast.expr, measures: Mapping[str, Decimal]) -> Decimal:
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATIONS[type(op)](_value(left, measures), _value(right, measures))
        case ast.UnaryOp(operand=operand):
            return -_value(operand, measures)
        case ast.Call(args=[inner]):
            return abs(_value(inner, measures))
        case ast.Name(id=name):
            return measures[name]
        case ast.Constant(value=value):
            return Decimal(str(value))
    raise AssertionError(node)  # pragma: no cover - _check has refused everything else

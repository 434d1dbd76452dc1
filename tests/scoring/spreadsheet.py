"""A formula of a spreadsheet worked out as a spreadsheet does: in binary, and of IF and CHOOSE only what counts.

Its functions are those that formulas of the product use; tests of the workbook ask LibreOffice as well.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from scoring.cells import InCells

_COMPARISONS = {
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
}
_SUMS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def _round(value: float, digits: float) -> float:
    """Half away from zero, of the 15 digits that a spreadsheet shows of a number."""
    shown = Decimal(f"{value:.15g}")
    return float(shown.quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP))


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "MIN": min,
    "MAX": max,
    "ABS": abs,
    "ROUND": _round,
    "INT": math.floor,
    "EXACT": operator.eq,
    "NA": lambda: math.nan,
}


def worked_out(cells: InCells, **line: Decimal | str) -> Any:
    """What the formula comes to with its settings and the numbers of a line; `measure__a` is `{measure:a}`."""
    known = {name: _plain(value) for name, value in line.items()}
    known |= {setting.name: _plain(setting.value) for setting in cells.settings}
    text = re.sub(r"\{([^{}]+)\}", lambda name: name[1].replace(":", "__"), cells.formula)
    return _value(ast.parse(re.sub(r"(?<![<>])=", "==", text), mode="eval").body, known)


def _plain(value: Decimal | str) -> float | str:
    return float(value) if isinstance(value, Decimal) else value


def _value(node: ast.expr, known: Mapping[str, Any]) -> Any:
    match node:
        case ast.Call(ast.Name(name), parts):
            return _called(name, parts, known)
        case ast.BinOp(left, op, right):
            return _SUMS[type(op)](_value(left, known), _value(right, known))
        case ast.Compare(left, [op], [right]):
            return _COMPARISONS[type(op)](_value(left, known), _value(right, known))
        case ast.UnaryOp(ast.USub(), inner):
            return -_value(inner, known)
        case ast.Name(name):
            return known[name]
    return ast.literal_eval(node)


def _called(name: str, parts: Sequence[ast.expr], known: Mapping[str, Any]) -> Any:
    if name == "IF":
        condition, then, other = parts
        return _value(then if _value(condition, known) else other, known)
    if name == "CHOOSE":
        index, *choices = parts
        return _value(choices[int(_value(index, known)) - 1], known)
    return _FUNCTIONS[name](*(_value(part, known) for part in parts))


def rounded(value: float, digits: int) -> float:
    """As the workbook rounds a score, a total and a coefficient."""
    return _round(_round(value, 9), digits)

"""Values given to DuckDB as SQL, for at the first bound value its driver imports pandas: 0.3 CPU seconds.

The statement itself is prepared as it is, with its parameters; only what EXECUTE is given is spelled out. So
no value can become a part of a statement, and nothing is looked for in its text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any


def execute_spelled(cursor: Any, statement: str, parameters: Sequence[Any], context: Any) -> bool | None:
    """Execute a statement whose values can all be spelled; None leaves it to the driver, as SQLAlchemy asks.

    For the event `do_execute`.
    """
    if not parameters or not all(map(_can_be_spelled, parameters)):
        return None
    values = ", ".join(map(spelled, parameters))
    cursor.execute(f"prepare spelled as {statement}")
    cursor.execute(f"execute spelled({values})")
    return True


def spelled(value: Any) -> str:
    """A text, whole number, truth, day or nothing as SQL says it."""
    return _SPELLED[type(value)](value)


def _can_be_spelled(value: Any) -> bool:
    """Whether SQL can say it: a text ends at a zero byte there."""
    return type(value) in _SPELLED and not (isinstance(value, str) and "\0" in value)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_SPELLED: Mapping[type, Callable[[Any], str]] = {
    str: _quoted,
    int: str,
    bool: str,
    type(None): lambda _: "null",
    date: lambda day: f"date '{day}'",
}

"""Changed JSON lines, as loaders and interfaces write them: an object for each row, with the columns as keys.

Objects change, and the lines that they stand on. Whatever reader the door has for them is held to the sums.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from tests.doors import bytes_changed
from tests.fuzz.adding import Text, judge
from tests.fuzz.csvs import Changed
from tests.fuzz.reading import json_records
from tests.fuzz.seeds import seeds
from warehouse.conformed import Conformed

Objects = list[dict[str, Any]]
Change = Callable[[Objects, Random], None]

_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -0.0, 1, -1, 0.1, 1e3, 1e308, 10**30, 12345678901234567890, "", "1,234", "1.234"),
    *(
        "NaN",
        "x" * 5000,
        "\u0000",
        "\ud800",
        "🚲",
        [],
        [1, 2],
        {},
        {"a": {"b": 1}},
        [[[]]],
        "2026-10-05",
        "null",
    ),
)


def other_value(objects: Objects, rng: Random) -> None:
    """A value that is another one."""
    found = rng.choice(objects)
    found[rng.choice(list(found))] = rng.choice(_VALUES)


def as_text(objects: Objects, rng: Random) -> None:
    """Numbers as texts, in one object or in all."""
    for found in objects if rng.random() < 0.5 else [rng.choice(objects)]:
        found.update({key: str(value) for key, value in found.items() if isinstance(value, int | float)})


def drop_key(objects: Objects, rng: Random) -> None:
    """A key that one object lacks, or all."""
    key = rng.choice(list(objects[0]))
    for found in objects if rng.random() < 0.5 else [rng.choice(objects)]:
        found.pop(key, None)


def more_keys(objects: Objects, rng: Random) -> None:
    """Keys that nobody knows, one or very many."""
    count = rng.choice((1, 3, 5000))
    rng.choice(objects).update({f"k{number}": rng.choice(_VALUES) for number in range(count)})


def rename_key(objects: Objects, rng: Random) -> None:
    """A key by another name."""
    key = rng.choice(list(objects[0]))
    for found in objects:
        if key in found:
            found[rng.choice((key.upper(), f" {key}", f"{key}\u200b", "", "x"))] = found.pop(key)


def other_order(objects: Objects, rng: Random) -> None:
    """Keys and objects in another order."""
    rng.shuffle(objects)
    for at, found in enumerate(objects):
        objects[at] = dict(rng.sample(list(found.items()), len(found)))


def nested(objects: Objects, rng: Random) -> None:
    """Values inside each other, a few or very many times."""
    value: Any = 1
    for _ in range(rng.choice((3, 90, 400))):
        value = rng.choice(([value], {"a": value}))
    rng.choice(objects)["nested"] = value


def repeat_object(objects: Objects, rng: Random) -> None:
    """An object twice."""
    objects.append(dict(rng.choice(objects)))


CHANGES: tuple[Change, ...] = (
    *(other_value, other_value, other_value, as_text, drop_key, more_keys, rename_key, other_order, nested),
    repeat_object,
)


def _other_line(lines: list[str], rng: Random) -> None:
    """A line that is no object."""
    at = rng.randrange(len(lines))
    line = lines[at]
    lines[at] = rng.choice(
        (
            *("", "  ", "[]", "null", "1", '"a"', line[:-1], line[1:], line + ",", line + line, "{}", "NaN"),
            *(
                f"[{line}]",
                line.replace('"', "'"),
                line.replace(":", " ", 1),
                f"// {line}",
                "{" * 3000,
                "[" * 90_000,
            ),
            *(line.replace('":', '": 1, "', 1), "\ufeff" + line, line.replace(",", ",\n", 1), "\x1e" + line),
        )
    )


@dataclass(frozen=True, slots=True)
class Case(Changed):
    """Some lines."""

    items: int

    def judge(self, conformed: Conformed) -> tuple[str, str]:
        """Whether what was accepted is what the lines say."""
        return judge(conformed, Text(json_records(self.content), above=1), self.account.source, self.form)


LINES = 20
"""How many lines a case has, more or less."""


def case(number: int, seed: int) -> Case:
    """The case of a number; the same seed and number is the same case."""
    rng = Random(f"json {seed} {number}")
    which = rng.choice([each for each in seeds() if each.name.split()[0] in each.form])
    table, names = which.table(rng), []
    rows = [row.cells for row in table.rows]
    objects = [
        {name: _value(cell) for name, cell in zip(table.header, rows[at % len(rows)], strict=False)}
        for at in range(LINES)
    ]
    for change in rng.choices(CHANGES, k=rng.choice((1, 1, 3, 8))):
        with suppress(IndexError):
            change(objects, rng)
            names.append(change.__name__)
    lines = [json.dumps(found, ensure_ascii=rng.random() < 0.5) for found in objects]
    for _ in range(rng.choice((0, 0, 1, 3))):
        _other_line(lines, rng)
    content = ("\n".join(lines) + rng.choice(("\n", ""))).encode("utf-8", "surrogatepass")
    if rng.random() < 0.2:
        change_of_bytes = rng.choice(
            (*bytes_changed.ANY[:3], *bytes_changed.ANY[4:6], bytes_changed.other_encoding)
        )
        content = change_of_bytes(content, rng)
        names.append(change_of_bytes.__name__)
    return Case(which.name, " + ".join(names), which.account, which.form, content, len(lines))


def _value(cell: str | Decimal) -> Any:
    if isinstance(cell, str):
        return cell
    return int(cell) if cell == cell.to_integral_value() else float(cell)

"""YAML with line numbers: so that every fault can name the line where it is put right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipeline.book.fault import Fault

Place = tuple[str | int, ...]
"""Where a value stands in a file: keys and list positions from the top."""


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A file's content, and the line of each value in it. `faults` are what YAML itself refuses."""

    name: str
    content: Any
    lines: Mapping[Place, int]
    faults: tuple[Fault, ...]

    def line(self, place: Place) -> int:
        """The line of `place`, or of the nearest thing around it that exists."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 0)

    def fault(self, place: Place, message: str) -> Fault:
        """A fault at `place`."""
        return Fault(self.name, self.line(place), message)


def read_yaml(root: Path, name: str) -> YamlFile:
    """Read `root/name`; a missing or broken file is a `YamlFile` without content and with its fault."""
    try:
        node = yaml.compose((root / name).read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except FileNotFoundError:
        return _broken(name, 0, "expected this file, found none; add it")
    except UnicodeDecodeError:
        return _broken(name, 0, "expected UTF-8 text, found other bytes; save the file as UTF-8")
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        return _broken(name, line, f"expected YAML, found a mistake: {error.problem}")
    if node is None:
        return _broken(name, 0, "expected content, found an empty file")
    lines: dict[Place, int] = {}
    faults: list[Fault] = []
    content = _value(node, (), lines, faults, name)
    return YamlFile(name, content, lines, tuple(faults))


def _broken(name: str, line: int, message: str) -> YamlFile:
    return YamlFile(name, None, {}, (Fault(name, line, message),))


def _value(node: yaml.Node, place: Place, lines: dict[Place, int], faults: list[Fault], name: str) -> Any:
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*place, index), lines, faults, name) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        content: dict[str, Any] = {}
        for key_node, value_node in node.value:
            # a key is the text that stands there: no account id turns into a number or a date
            key = str(key_node.value)
            if key in content:
                line = key_node.start_mark.line + 1
                faults.append(Fault(name, line, f"expected each key once, found {key!r} again; merge them"))
            content[key] = _value(value_node, (*place, key), lines, faults, name)
            lines[(*place, key)] = key_node.start_mark.line + 1
        return content
    return _scalar(node)


def _scalar(node: yaml.Node) -> Any:
    """Text, a date, a boolean or nothing as YAML says it; a number as it was written, never a float."""
    if node.tag == "tag:yaml.org,2002:float":
        return str(node.value)
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node)
    finally:
        loader.dispose()

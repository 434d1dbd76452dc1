"""YAML with line numbers, so that every fault can name its line.

A value is its text, or true, false or nothing. YAML's own conversions (No = false, 0123 = 83, 1:30 = 90) are
ignored: the shapes say which texts are numbers and days. Tags and aliases are refused: data is never code,
and cannot grow by repetition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from book.fault import Fault
from book.files.fast_yaml import WithoutAliases, composed_fast
from book.files.text_file import read_text

Place = tuple[str | int, ...]
"""The place of a value in a file: keys and list positions from the top."""

LONGEST = 2_000_000
"""Ten times the largest file of a book; a longer one would keep whoever reads it waiting for minutes."""

_STANDARD = "tag:yaml.org,2002:"
_TEXTS = {_STANDARD + name for name in ("str", "int", "float", "timestamp", "merge", "value")}
_NOTHING, _TRUTH = _STANDARD + "null", _STANDARD + "bool"


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A file's content, and the line of each value in it.

    `faults` are YAML's own errors and duplicate keys; there is no content then.
    """

    name: str
    content: Any
    lines: Mapping[Place, int]
    faults: tuple[Fault, ...]

    def line(self, place: Place) -> int:
        """The line of `place`, or of its nearest existing parent."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 0)

    def fault(self, place: Place, message: str) -> Fault:
        """A fault at `place`."""
        return Fault(self.name, self.line(place), message)

    def misnamed(self, stem: str, said: str) -> Iterator[Fault]:
        """The fault of a file whose id is not its name."""
        if said != stem:
            yield self.fault(("id",), f"id: expected {stem}, the file's name, found {said!r}; rename one")

    @property
    def mapping(self) -> Mapping[str, Any]:
        """The content where it is a mapping; empty where it is none."""
        return self.content if isinstance(self.content, dict) else {}

    def keys(self, *place: str) -> frozenset[str] | None:
        """The keys of the mapping at `place`, whatever their values; None if there is no mapping."""
        content = self.content
        for key in place:
            content = content.get(key) if isinstance(content, dict) else None
        return frozenset(content) if isinstance(content, dict) else None


class _Loader(WithoutAliases, yaml.SafeLoader):
    """PyYAML's own."""


@dataclass(frozen=True, slots=True)
class _Walk:
    """What is collected while walking a file."""

    name: str
    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, node: yaml.Node, message: str) -> None:
        self.faults.append(Fault(self.name, node.start_mark.line + 1, message))


def read_yaml(root: Path, name: str) -> YamlFile:
    """Read `root/name`; a missing or broken file gives a `YamlFile` without content and with its fault."""
    text = read_text(root, name)
    node = text if isinstance(text, Fault) else _composed(name, text)
    if isinstance(node, Fault):
        return YamlFile(name, None, {}, (node,))
    walk = _Walk(name)
    content = _value(node, (), walk)
    return YamlFile(name, None if walk.faults else content, walk.lines, tuple(walk.faults))


def yaml_content(text: str) -> Any:
    """What a text says, without its lines; None where it is no YAML."""
    node = _composed("", text)
    return None if isinstance(node, Fault) else _value(node, (), _Walk(""))


def _composed(name: str, text: str) -> yaml.Node | Fault:
    if len(text) > LONGEST:
        found = f"found {len(text):,}; take out what is not needed"
        return Fault(name, 0, f"expected at most {LONGEST:,} characters, {found}")
    node = _parsed(name, text)
    return node or Fault(name, 0, "expected content, found an empty file; fill it in")


def _parsed(name: str, text: str) -> yaml.Node | Fault | None:
    """The content, None of an empty file, or why it cannot be read."""
    try:
        node = composed_fast(text) or yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        return _mistake(name, error)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        return Fault(name, line, "expected text, found a control character; remove it")
    except RecursionError:
        return Fault(name, 0, "expected a few levels, found hundreds inside each other; correct it")
    return node


def _mistake(name: str, error: yaml.MarkedYAMLError) -> Fault:
    line = error.problem_mark.line + 1 if error.problem_mark else 0
    problem = error.problem or error.context
    return Fault(name, line, f"expected YAML, found a mistake: {problem}; correct it")


def _value(node: yaml.Node, place: Place, walk: _Walk) -> Any:
    walk.lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        _refuse_tag(node, {_STANDARD + "map"}, walk)
        return _mapping(node, place, walk)
    if isinstance(node, yaml.SequenceNode):
        _refuse_tag(node, {_STANDARD + "seq"}, walk)
        return [_value(item, (*place, index), walk) for index, item in enumerate(node.value)]
    return _scalar(node, walk)


def _scalar(node: yaml.Node, walk: _Walk) -> str | bool | None:
    _refuse_tag(node, {*_TEXTS, _NOTHING, _TRUTH}, walk)
    if node.tag == _TRUTH and node.value.lower() in ("true", "false"):
        return bool(node.value.lower() == "true")
    return None if node.tag == _NOTHING else str(node.value)


def _mapping(node: yaml.MappingNode, place: Place, walk: _Walk) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            walk.refuse(key_node, "expected text as a key, found a list or keys with values; correct it")
            continue
        key = str(key_node.value)
        if key in content:
            walk.refuse(key_node, f"expected each key once, found {key!r} again; merge them")
        content[key] = _value(value_node, (*place, key), walk)
        walk.lines[(*place, key)] = key_node.start_mark.line + 1
    return content


def _refuse_tag(node: yaml.Node, known: set[str], walk: _Walk) -> None:
    if node.tag not in known:
        tag = node.tag.replace(_STANDARD, "!!")
        walk.refuse(node, f"expected a plain value, found the tag {tag}; remove it")

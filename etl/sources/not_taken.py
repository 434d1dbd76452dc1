"""Export files that match no account: a browser's second download, a misspelt month."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import filterfalse
from pathlib import PurePosixPath

from etl.account import Account
from etl.exports import Files

_WILD = {"*": "[^/]*", "?": "[^/]", "{month}": r"\d{4}-\d{2}"}
_TOKENS = re.compile(r"\{month\}|\[[^\]]+\]|.", re.DOTALL)


def not_taken(accounts: Iterable[Account], files: Files) -> Mapping[str, tuple[str, ...]]:
    """The files that match no pattern for any month, by the source with the closest patterns.

    Hidden files, and files in folders without patterns, are ignored.
    """
    patterns = [*_patterns_of(accounts)]
    left = _by_source(_left_over(patterns, files), patterns)
    return {source: tuple(names) for source, names in left.items()}


def _patterns_of(accounts: Iterable[Account]) -> Iterator[tuple[str, str]]:
    """Each pattern of the accounts, with its source."""
    return ((account.source, pattern) for account in accounts for pattern in account.files)


def _by_source(names: Iterable[str], patterns: Sequence[tuple[str, str]]) -> Mapping[str, list[str]]:
    left: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        source = _closest(name, patterns)
        if source is not None:
            left[source].append(name)
    return left


def accounts_taking(name: str, accounts: Iterable[Account]) -> list[Account]:
    """Those accounts of which a pattern matches the name, for whichever month."""
    return [each for each in accounts if any(re.fullmatch(_expression(one), name) for one in each.files)]


def _left_over(patterns: Iterable[tuple[str, str]], files: Files) -> list[str]:
    # one expression for all: each file of a year is held against every account
    taken = re.compile("|".join(f"(?:{_expression(pattern)})" for _, pattern in patterns))
    return sorted(filterfalse(taken.fullmatch, files.all()), key=_parts)


def _parts(name: str) -> list[str]:
    return name.split("/")


def _closest(name: str, patterns: Sequence[tuple[str, str]]) -> str | None:
    """The source of the most similar pattern in the same folder; None if there is none."""
    folder = PurePosixPath(name).parent.as_posix()
    near = [
        (len(_shared_start(name, pattern)), source)
        for source, pattern in patterns
        if re.fullmatch(_expression(PurePosixPath(pattern).parent.as_posix()), folder)
    ]
    return max(near)[1] if near else None


def _shared_start(one: str, other: str) -> str:
    size = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    return one[:size]


def _expression(pattern: str) -> str:
    """A glob pattern as a regular expression over a path with slashes."""
    parts = (part if part == "**" else _part(part) for part in pattern.split("/"))
    return "/".join(parts).replace("**/", "(?:.*/)?").replace("**", ".*")


def _part(part: str) -> str:
    return "".join(_token(token) for token in _TOKENS.findall(part))


def _token(token: str) -> str:
    if token.startswith("[") and token.endswith("]"):
        return re.sub(r"^\[!", "[^", token)
    return _WILD.get(token, re.escape(token))

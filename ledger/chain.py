"""The chain of issues: each carries the hash of itself and of the one before, so none can go unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict

from ledger.records import Issue

START = "0" * 64
"""What the first issue is chained to."""


def chained(issue: Issue, before: str) -> str:
    """The sha256 (hex) of all that an issue says and of the hash `before` it."""
    said = asdict(issue)
    del said["chain_sha256"]
    spelled = json.dumps([before, said], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(spelled.encode()).hexdigest()


def broken_links(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """The issues, given all in order of entry, that do not follow from those before them.

    An issue of an older program has no hash of its own; the first that has one vouches for it.
    """
    broken, before = [], START
    for issue in issues:
        expected = chained(issue, before)
        if issue.chain_sha256 is not None and issue.chain_sha256 != expected:
            broken.append(issue)
        before = issue.chain_sha256 or expected
    return tuple(broken)

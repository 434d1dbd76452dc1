"""A ledger of its own for each test, in a real file."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger import Document, Issue, Ledger, Restated, migrate_ledger, open_ledger

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)

LATE = Restated('{"why":"late"}', is_closed=True)

Enter = Callable[..., Issue]


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a ledger that is not made yet, once for each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.sqlite"
    return str(request.getfixturevalue("postgres").new_database())


@pytest.fixture
def ledger(ledger_url: str) -> Ledger:
    migrate_ledger(ledger_url)
    return open_ledger(ledger_url)


@pytest.fixture
def enter(ledger: Ledger) -> Enter:
    """Issues a card; only what matters to a test need be said."""

    def issue(
        content: str = "a",
        *,
        revision: int = 1,
        team_id: str = "eu-brand",
        period: str = "2026-10",
        restated: Restated | None = LATE,
        **given: Any,
    ) -> Issue:
        return ledger.issue(
            f'{{"content":"{content}"}}',
            period=period,
            team_id=team_id,
            revision=revision,
            content_hash=content * 64,
            documents=(
                Document("card.pdf", "application/pdf", "f" * 64),
                Document("card.csv", "text/csv", "e" * 64),
            ),
            issued_at=NOON,
            restated=restated,
            **given,
        )

    return issue


@pytest.fixture
def in_children() -> Callable[[list[Callable[[], int]]], list[int]]:
    """Runs each piece of work in a process of its own, all let go at once; gives what they returned."""

    def run(works: list[Callable[[], int]]) -> list[int]:
        gate, opener = os.pipe()
        children = []
        for work in works:
            child = os.fork()
            if child == 0:
                code = 99
                try:
                    os.close(opener)
                    os.read(gate, 1)
                    code = work()
                finally:
                    os._exit(code)
            children.append(child)
        os.close(opener)
        os.close(gate)
        return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]

    return run

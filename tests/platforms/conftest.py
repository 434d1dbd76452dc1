"""One server for the tests of a process."""

from __future__ import annotations

import os

import pytest

from tests.platforms.pulled import pulling
from tests.platforms.standin import started


@pytest.fixture(scope="session")
def server():
    """A server whose platform each test sets."""
    running = started()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture(autouse=True)
def no_power_cut(monkeypatch):
    """What is written here need not survive one, and waiting for the disk takes most of the time."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def standing(server, tmp_path):
    """Begins a stand-in of a platform: `standing("google_ads")`."""
    open_ones = []

    def begin(name):
        manager = pulling(name, tmp_path, server)
        open_ones.append(manager)
        return manager.__enter__()

    yield begin
    for manager in open_ones:
        manager.__exit__(None, None, None)

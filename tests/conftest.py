"""What several rooms' tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from example.generate import generate


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All exports of the example company; not to be changed."""
    folder = tmp_path_factory.mktemp("exports")
    generate(folder, "final")
    return folder

"""Sites to run on the example company's exports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.site import Site, open_site
from settings import Settings

NOW = datetime(2026, 11, 3, 5, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def site_of() -> Callable[[Path, Path], Site]:
    """A fresh site over a folder of exports."""

    def build(home: Path, exports: Path) -> Site:
        return open_site(
            Settings.from_environment({"SCOREWRIGHT_HOME": str(home), "SCOREWRIGHT_EXPORTS": str(exports)})
        )

    return build

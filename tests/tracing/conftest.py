"""The small installation of the pipeline's tests."""

import pytest

from tests.pipeline.conftest import (  # noqa: F401 - its fixtures
    command,
    issued,
    not_laid_out,
    october,
    place,
    september,
    unsent,
)


@pytest.fixture(scope="module", autouse=True)
def nothing_laid_out():
    """No test of this folder looks at a PDF."""
    with not_laid_out():
        yield

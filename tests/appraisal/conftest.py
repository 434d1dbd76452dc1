"""The small installation of the pipeline's tests."""

import pytest

from tests.book.books import HERE, lay_out
from tests.pipeline.conftest import Place, command, not_laid_out, place  # noqa: F401 - its fixtures
from tests.pipeline.exports import write_exports


@pytest.fixture
def judged(tmp_path) -> Place:
    """One whose two teams are appraised by their managers' superiors."""
    lay_out(HERE / "appraised", tmp_path / "config")
    write_exports(tmp_path / "exports")
    return Place(tmp_path)


@pytest.fixture(scope="module", autouse=True)
def nothing_laid_out():
    """No test of this folder looks at a PDF."""
    with not_laid_out():
        yield

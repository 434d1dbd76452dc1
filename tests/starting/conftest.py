"""No PDF is laid out in the tests' own process."""

import pytest

from tests.pipeline.conftest import not_laid_out


@pytest.fixture(scope="module", autouse=True)
def nothing_laid_out():
    """No test of this folder looks at a PDF but that of a program in a process of its own."""
    with not_laid_out():
        yield

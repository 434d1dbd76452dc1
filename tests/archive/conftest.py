"""The small installation of the pipeline's tests."""

from tests.pipeline.conftest import unsent  # noqa: F401 - its fixtures

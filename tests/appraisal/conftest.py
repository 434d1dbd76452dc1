"""The small installation of the pipeline's tests."""

from tests.pipeline.conftest import command, place  # noqa: F401 - its fixtures

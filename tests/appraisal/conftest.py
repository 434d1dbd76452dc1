"""The small installation of the pipeline's tests."""

from tests.pipeline.conftest import (  # noqa: F401 - its fixtures
    command,
    issued,
    october,
    place,
    september,
    unsent,
)

"""The small installation of the pipeline's tests."""

from tests.pipeline.conftest import (  # noqa: F401 - its fixtures
    command,
    issued,
    october,
    pages_drawn_once,
    place,
    september,
    unsent,
)

"""Where does this number come from? From a printed figure down to the rows of the source."""

from pipeline.tracing.printing import print_trace

__all__ = ["print_trace"]

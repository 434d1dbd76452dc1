"""Charts as SVG text: no drawing library, real text, the same bytes each time."""

from reports.charts.bullet import bullet_graph
from reports.charts.progress import progress_bar, score_ring
from reports.charts.sparkline import sparkline
from reports.charts.specs import TrendPoint, TrendSpec
from reports.charts.trend import trend_chart

__all__ = [
    "TrendPoint",
    "TrendSpec",
    "bullet_graph",
    "progress_bar",
    "score_ring",
    "sparkline",
    "trend_chart",
]

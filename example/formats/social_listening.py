"""The listening tool's share of voice report: lines about the report, dashes, a total."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from example.formats.table import count, ratio, table
from example.slices import Slice
from example.truth.rows import MentionRow

HEADER = ["Date", "Topic", "Own brand mentions", "All brands mentions", "Share of voice"]


def files(part: Slice) -> dict[str, bytes]:
    """The month's mentions."""
    rows = part.facts["mention_daily"]
    lines: list[Sequence[object]] = [
        ["Report", "Share of voice"],
        ["Project", part.account.name],
        ["Date range", f"{part.month} to {part.end - timedelta(days=1)}"],
        [],
        HEADER,
        *map(_line, rows),
        ["Total", "", *_figures(count(row.own for row in rows), count(row.market for row in rows))],
    ]
    path = f"social_listening/{part.account.entity}/share of voice {part.month_text}.csv"
    return {path: table(lines, end="\r\n").encode("utf-8-sig")}


def _line(row: MentionRow) -> list[object]:
    return [row.date, row.owner_key, *_figures(row.own, row.market)]


def _figures(own: int | None, market: int | None) -> list[str]:
    if own is None or market is None:
        return ["-", "-", "-"]
    return [f"{own:,}", f"{market:,}", f"{ratio(own, market, 100) or '0.00'}%"]

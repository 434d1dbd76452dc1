"""GA4, traffic acquisition by day and channel: comments, the table, a second table of totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from example.chance import chance
from example.formats.table import table
from example.slices import Slice
from example.truth.rows import WebRow

HEADER = [
    "Date",
    "Session default channel group",
    "Users",
    "Sessions",
    "Engaged sessions",
    "Engagement rate",
    "Event count",
    "Conversions",
    "Total revenue",
]
TOTALS = ("Session default channel group", "Sessions")
_RULE = "# ----------------------------------------"


def files(part: Slice) -> dict[str, bytes]:
    """The month's export."""
    rows = part.facts["web_daily"]
    drawn = chance("web users", part.account.entity, part.month_text).uniform(0.82, 0.97, len(rows)).tolist()
    lines: list[Sequence[object]] = [HEADER]
    lines += [_line(row, share) for row, share in zip(rows, drawn, strict=True)]
    sessions: dict[str, int] = defaultdict(int)
    for row in rows:
        sessions[row.owner_key] += row.sessions
    totals: list[Sequence[object]] = [TOTALS, *sorted(sessions.items(), key=lambda entry: -entry[1])]
    text = "\n".join([*_comments(part), "", table(lines), table(totals)])
    return {f"ga4/{part.account.entity}/data-export {part.month_text}.csv": text.encode()}


def _comments(part: Slice) -> list[str]:
    return [
        _RULE,
        "# Traffic acquisition: Session default channel group",
        "# Account: Funkelmeyer & Söhne",
        f"# Property: {part.account.name}",
        _RULE,
        "#",
        "# All Users",
        f"# Start date: {part.month:%Y%m%d}",
        f"# End date: {part.end - timedelta(days=1):%Y%m%d}",
    ]


def _line(row: WebRow, share: float) -> list[object]:
    return [
        f"{row.date:%Y%m%d}",
        row.owner_key,
        max(1, round(row.sessions * share)),
        row.sessions,
        row.engaged_sessions,
        f"{row.engaged_sessions / row.sessions:.4f}",
        row.sessions * 5 + row.engaged_sessions * 3,
        int(row.conversions),
        row.revenue,
    ]

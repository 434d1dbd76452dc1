"""What really happened on the web sites."""

from __future__ import annotations

from example.chance import chance
from example.company import CHANNELS, Account, Channel
from example.seasons import DAYS, MONTHS, Rhythm, level
from example.truth.rows import WebRow, money


def web_rows() -> list[WebRow]:
    """All days of all channels, by account, day and channel; a channel without sessions has no row."""
    rows: list[WebRow] = []
    for account, (rhythm, channels) in CHANNELS.items():
        columns = [_channel(account, rhythm, channel) for channel in channels]
        rows += [row for day in zip(*columns, strict=True) for row in day if row.sessions]
    return rows


def _channel(account: Account, rhythm: Rhythm, channel: Channel) -> list[WebRow]:
    rng = chance("web", account.entity, channel.name)
    swings = rng.normal(1, 0.04, (2, len(MONTHS))).clip(0.85, 1.15)
    rows = []
    for day in DAYS:
        month = MONTHS.index(day.replace(day=1))
        sessions = int(
            channel.sessions * level(rhythm, day) * max(0.5, rng.normal(1, 0.09)) * swings[0, month]
        )
        if channel.name == "Unassigned":
            sessions = max(0, sessions - 30)
        engaged = int(rng.binomial(sessions, channel.engaged))
        conversions = int(rng.binomial(sessions, channel.conversion_rate * swings[1, month]))
        revenue = int(conversions * channel.value * 100 * max(0.4, rng.normal(1, 0.12)))
        rows.append(
            WebRow(
                account.source,
                account.entity,
                day,
                channel.name,
                account.currency_code,
                sessions,
                engaged,
                money(conversions * 100),
                money(revenue),
            )
        )
    return rows

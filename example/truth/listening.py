"""How often people really spoke of us, and of everybody in the trade."""

from __future__ import annotations

from example import company
from example.chance import chance
from example.company import TOPICS, Account, Topic
from example.seasons import DAYS, MONTHS, level
from example.truth.rows import MentionRow


def mention_rows() -> list[MentionRow]:
    """All rows, by account, day and topic."""
    return [
        row
        for account, topics in TOPICS.items()
        for rows in zip(*(_mentions(account, topic) for topic in topics), strict=True)
        for row in rows
    ]


def _mentions(account: Account, topic: Topic) -> list[MentionRow]:
    rng = chance("mentions", account.entity, topic.name)
    swings = rng.normal(1, 0.06, len(MONTHS)).clip(0.8, 1.2)
    rows = []
    for day in DAYS:
        market = int(rng.poisson(topic.mentions * level(topic.rhythm, day)))
        own = int(rng.binomial(market, topic.ours * swings[MONTHS.index(day.replace(day=1))]))
        figures = (None, None) if (account, topic.name, day) == company.LISTENING_GAP else (own, market)
        rows.append(MentionRow(account.source, account.entity, day, topic.name, *figures))
    return rows

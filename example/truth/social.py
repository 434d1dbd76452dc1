"""What was really posted, and who really followed."""

from __future__ import annotations

from datetime import date

import numpy as np

from example import company, texts
from example.chance import chance
from example.company import VOICES, Voice
from example.seasons import DAYS, MONTHS, level
from example.truth.rows import PageDayRow, PostRow


def post_rows() -> list[PostRow]:
    """All posts, by account and day."""
    return [row for voice in VOICES for row in _posts(voice)]


def page_day_rows() -> list[PageDayRow]:
    """All days of the pages that count followers, by account and day."""
    return [row for voice in VOICES if voice.followers for row in _page_days(voice)]


def _posts(voice: Voice) -> list[PostRow]:
    rng = chance("posts", voice.account.entity)
    swings = rng.normal(1, 0.05, (2, len(MONTHS))).clip(0.85, 1.15)
    rows: list[PostRow] = []
    for day in DAYS:
        month = MONTHS.index(day.replace(day=1))
        for _ in range(int(rng.poisson(voice.posts))):
            rows.append(_post(voice, day, len(rows), rng, swings[:, month]))
    return rows


def _post(voice: Voice, day: date, number: int, rng: np.random.Generator, swing: np.ndarray) -> PostRow:
    account = voice.account
    factor = level(voice.rhythm, day) * max(0.25, rng.normal(1, 0.28)) * swing[0]
    impressions = int(voice.impressions * factor)
    reach = int(impressions * voice.reach * rng.uniform(0.93, 1.07)) if voice.reach else None
    engagements = int(rng.binomial(impressions, voice.engaged * swing[1]))
    return PostRow(
        account.source,
        account.entity,
        day,
        account.entity,
        _post_id(voice, number),
        texts.post_text(account, number),
        impressions,
        reach,
        engagements,
    )


def _post_id(voice: Voice, number: int) -> str:
    entity = voice.account.entity
    if voice.account.source == "x":
        return str(1_852_000_000_000_000_000 + number * 1_043_117_903_551 + len(entity))
    if voice.account.source == "facebook_pages":
        return f"{entity}_{9_100_000_000 + number * 137_911}"
    return f"http://mp.weixin.example/s?__biz={entity[3:]}&mid={2_650_000_000 + number * 7}&idx=1"


def _page_days(voice: Voice) -> list[PageDayRow]:
    rng = chance("followers", voice.account.entity)
    account, followers, rows = voice.account, voice.followers, []
    for day in DAYS:
        new = int(rng.poisson(voice.new_followers * level(voice.rhythm, day)))
        lost = int(rng.poisson(voice.new_followers * 0.42))
        followers += new - lost
        shown = None if (account, day) == company.FOLLOWERS_GAP else followers
        rows.append(PageDayRow(account.source, account.entity, day, account.entity, shown, new, lost))
    return rows

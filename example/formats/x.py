"""X analytics, one row a post: everything quoted, `-` for what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from example.chance import chance
from example.formats.table import table
from example.slices import Slice
from example.truth.rows import PostRow

HEADER = [
    "Tweet id",
    "Tweet permalink",
    "Tweet text",
    "time",
    "impressions",
    "engagements",
    "engagement rate",
    "retweets",
    "replies",
    "likes",
    "user profile clicks",
    "url clicks",
    "promoted impressions",
    "promoted engagements",
]
MISSING = "-"


def files(part: Slice) -> dict[str, bytes]:
    """The month's posts, newest first."""
    posts = part.facts["social_post"]
    minutes = chance("x times", part.account.entity, part.month_text).integers(0, 1440, len(posts)).tolist()
    lines: list[Sequence[object]] = [HEADER]
    lines += reversed([_line(post, minute) for post, minute in zip(posts, minutes, strict=True)])
    path = f"x/{part.account.entity}/tweet_activity_{part.month_text}.csv"
    return {path: table(lines, quote_all=True).encode()}


def _line(post: PostRow, minute: int) -> list[object]:
    rate = post.engagements / post.impressions if post.impressions else 0
    return [
        post.post_id,
        f"https://x.example/{post.entity}/status/{post.post_id}",
        post.title,
        f"{post.date} {minute // 60:02d}:{minute % 60:02d} +0000",
        post.impressions,
        post.engagements,
        f"{rate:.6f}",
        post.engagements // 9,
        post.engagements // 14,
        post.engagements // 3,
        post.engagements // 11,
        post.engagements // 6,
        MISSING,
        MISSING,
    ]

"""Facebook Page Insights, posts and page: a second header row explains the first."""

from __future__ import annotations

from collections.abc import Sequence

from example.chance import chance
from example.company import PAGE_FR
from example.formats.table import table
from example.slices import Slice
from example.truth.rows import PostRow

POSTS = [
    "Post ID",
    "Permalink",
    "Post Message",
    "Type",
    "Countries",
    "Languages",
    "Posted",
    "Audience Targeting",
    "Lifetime Post Total Reach",
    "Lifetime Post Total Impressions",
    "Lifetime Engaged Users",
]
POSTS_EXPLAINED = (
    *[""] * 8,
    "Lifetime: The total number of people your Page post was served to. (Unique Users)",
    "Lifetime: The number of impressions of your Page post. (Total Count)",
    "Lifetime: The number of unique people who engaged in certain ways with your Page post, for example "
    "by commenting on, liking, sharing, or clicking upon particular elements of the post. (Unique Users)",
)
PAGE = ["Date", "Lifetime Total Likes", "Daily New Likes"]
PAGE_EXPLAINED = (
    "",
    "Lifetime: The total number of people who have liked your Page. (Unique Users)",
    "Daily: The number of new people who have liked your Page (Unique Users)",
)
_TYPES = ("Photo", "Video", "Link", "SharedVideo", "Status")


def files(part: Slice) -> dict[str, bytes]:
    """Both exports of the month."""
    posts = part.facts["social_post"]
    seconds = (
        chance("page times", part.account.entity, part.month_text).integers(0, 86_400, len(posts)).tolist()
    )
    language = "fr" if part.account is PAGE_FR else "de"
    post_lines: list[Sequence[object]] = [POSTS, POSTS_EXPLAINED]
    post_lines += [_post(post, second, language) for post, second in zip(posts, seconds, strict=True)]
    page_lines: list[Sequence[object]] = [PAGE, PAGE_EXPLAINED]
    page_lines += [
        (day.date, "" if day.followers is None else day.followers, day.new_followers)
        for day in part.facts["page_daily"]
    ]
    folder = f"facebook_pages/{part.account.entity}"
    return {
        f"{folder}/posts {part.month_text}.csv": table(post_lines).encode(),
        f"{folder}/page {part.month_text}.csv": table(page_lines).encode(),
    }


def _post(post: PostRow, second: int, language: str) -> list[object]:
    return [
        post.post_id,
        f"https://www.facebook.example/{post.entity}/posts/{post.post_id.split('_')[1]}",
        post.title,
        _TYPES[second % len(_TYPES)],
        "",
        language if second % 3 else "",
        f"{post.date:%m/%d/%Y} {_clock(second)}",
        "",
        post.reach,
        post.impressions,
        post.engagements,
    ]


def _clock(second: int) -> str:
    """The time of day on a twelve-hour clock, where midnight is 12 AM."""
    hour, rest = divmod(second, 3600)
    return f"{hour % 12 or 12:02d}:{rest // 60:02d}:{rest % 60:02d} {'PM' if hour >= 12 else 'AM'}"

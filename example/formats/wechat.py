"""WeChat official account (公众号): articles by channel with their sum 全部, and followers by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from example.chance import chance
from example.formats.table import table
from example.slices import Slice
from example.truth.rows import PageDayRow, PostRow

CONTENT = [
    "内容标题",
    "发表时间",
    "渠道",
    "总阅读人数",
    "总阅读次数",
    "总分享人数",
    "总分享次数",
    "送达人数",
    "内容url",
]
FOLLOWERS = ["时间", "新关注人数", "取消关注人数", "净增关注人数", "累积关注人数"]
_CHANNELS = {"公众号消息": 0.46, "聊天会话": 0.21, "朋友圈": 0.18, "推荐": 0.11, "搜一搜": 0.04}


def files(part: Slice) -> dict[str, bytes]:
    """Both exports of the month."""
    rng = chance("wechat channels", part.account.entity, part.month_text)
    articles = [line for post in part.facts["social_post"] for line in _article(post, rng)]
    content: list[Sequence[object]] = [CONTENT, *articles]
    followers: list[Sequence[object]] = [FOLLOWERS, *map(_day, part.facts["page_daily"])]
    folder = f"wechat/{part.account.entity}"
    return {
        f"{folder}/内容_{part.month_text}.csv": table(content).encode("gb18030"),
        f"{folder}/用户_{part.month_text}.csv": table(followers).encode("gb18030"),
    }


def _article(post: PostRow, rng: np.random.Generator) -> Iterator[list[object]]:
    """The sum first, then the channels it is the sum of."""
    names, shares = list(_CHANNELS), list(_CHANNELS.values())
    sharers = post.engagements * 5 // 6
    sent = post.impressions * 4
    figures = (post.reach or 0, post.impressions, sharers, post.engagements)
    parts = [rng.multinomial(figure, shares).tolist() for figure in figures]
    parts.append([sent, *[0] * (len(names) - 1)])
    for name, *values in [("全部", *figures, sent), *zip(names, *parts, strict=True)]:
        yield [post.title, f"{post.date:%Y%m%d}", name, *values, post.post_id]


def _day(row: PageDayRow) -> list[object]:
    net = row.new_followers - row.lost_followers
    return [row.date, row.new_followers, row.lost_followers, net, row.followers]

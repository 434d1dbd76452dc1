"""The chat platforms, each a module that says how its messages look and what its answers mean."""

from __future__ import annotations

from collections.abc import Mapping

from delivery.channels.chat.channel import ChatChannel, Pace
from delivery.channels.chat.dingtalk import DINGTALK
from delivery.channels.chat.feishu import FEISHU
from delivery.channels.chat.platform import Platform
from delivery.channels.chat.slack import SLACK
from delivery.channels.chat.teams import TEAMS
from delivery.channels.chat.wecom import WECOM

__all__ = ["PLATFORMS", "ChatChannel", "chat_channel"]

PLATFORMS: dict[str, Platform] = {
    platform.kind: platform for platform in (WECOM, FEISHU, DINGTALK, SLACK, TEAMS)
}
"""By the word in the settings. A new platform is a module, an entry here and its word in `ledger.CHATS`."""


def chat_channel(kind: str, connections: Mapping[str, str]) -> ChatChannel:
    """The channel of a platform; `connections` are the webhooks by the names of the groups."""
    platform = PLATFORMS[kind]
    return ChatChannel(platform, connections, Pace(platform.per_minute))

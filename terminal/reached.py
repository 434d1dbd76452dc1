"""Whether the settings reach whom the book names: what `check` says of channels and groups."""

from __future__ import annotations

from collections.abc import Iterator

from ledger import Recipient
from pipeline.site import Site
from scoring.errors import UsageError


def faults_of(site: Site | None) -> list[str]:
    """A sentence for each channel or webhook that cannot be right; none where there is no sound book."""
    try:
        _ = () if site is None else site.channels
    except UsageError as error:
        return str(error).splitlines()
    return []


def unreached(site: Site | None) -> list[str]:
    """A sentence for each group of the book that nothing is sent to, because its platform is not set up."""
    return [] if site is None or faults_of(site) else [*map(_of_group, _left_out(site))]


def _left_out(site: Site) -> Iterator[Recipient]:
    kinds = {channel.kind for channel in site.channels}
    return (group for group in site.book.groups if group.channel not in kinds)


def _of_group(group: Recipient) -> str:
    return (
        f"teams.yaml: {group} gets nothing, for SCOREWRIGHT_DELIVERY does not name {group.channel}:; "
        "add it where cards are sent from"
    )

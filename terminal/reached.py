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
    """A sentence for each group of the book that nothing is sent to, because its platform is not set up, and
    for each passphrase without which nothing is sent to its readers.
    """
    if site is None or faults_of(site):
        return []
    return [*map(_of_group, _left_out(site)), *_without_passphrases(site)]


def _without_passphrases(site: Site) -> Iterator[str]:
    for address, name in site.book.mailing.passphrases.items():
        if name not in site.settings.connections:
            who = "anybody else" if address == "*" else address
            yield (
                f"organisation.yaml: nothing is sent to {who}, for there is no passphrase in "
                f"SCOREWRIGHT_CONNECTION_{name.upper()}; set it where cards are sent from"
            )


def _left_out(site: Site) -> Iterator[Recipient]:
    kinds = {channel.kind for channel in site.channels}
    return (group for group in site.book.groups if group.channel not in kinds)


def _of_group(group: Recipient) -> str:
    return (
        f"teams.yaml: {group} gets nothing, for SCOREWRIGHT_DELIVERY does not name {group.channel}:; "
        "add it where cards are sent from"
    )

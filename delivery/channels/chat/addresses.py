"""The address of a group: its webhook, with the signing secret after `#`. All of it is secret."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from delivery.channels.chat.platform import Platform, Webhook
from scoring.errors import UsageError

_PORTS = {"https": 443, "http": 80}
_HERE = ("127.0.0.1", "localhost", "::1")
VARIABLE = "SCOREWRIGHT_CONNECTION_"


def webhook_of(platform: Platform, group: str, address: str | None) -> Webhook:
    """The webhook of a group. Raises `UsageError`, which never repeats the address."""
    variable = f"{VARIABLE}{group.upper()}"
    if address is None:
        raise UsageError(
            f"{platform.kind}:{group}: expected the group's webhook in {variable}, found none; set it, or "
            "take the group out of teams.yaml."
        )
    parts = _parts(address)
    fault = "something else" if parts is None else _fault(platform, parts)
    if parts is None or fault:
        raise UsageError(f"{variable}: expected {platform.expected}, found {fault}; correct it.")
    return Webhook(
        host=str(parts.hostname),
        port=parts.port or _PORTS[parts.scheme],
        is_encrypted=parts.scheme == "https",
        path=parts.path,
        query=parts.query,
        secret=parts.fragment,
    )


def _parts(address: str) -> SplitResult | None:
    """The parts of what can be an address at all."""
    if not (address.isascii() and address.isprintable()) or " " in address:
        return None
    try:
        parts = urlsplit(address)
        # reading the port is what finds one that is no number
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.hostname and parts.scheme in _PORTS else None


def _fault(platform: Platform, parts: SplitResult) -> str:
    """What is wrong with the address, in words that repeat nothing of it; empty where nothing is."""
    faults = (
        (parts.username is not None, "a user before the host"),
        (parts.scheme == "http" and parts.hostname not in _HERE, "http without TLS"),
        (not platform.fits(parts), "an address of another kind"),
        (platform.is_signed and not parts.fragment, "no signing secret after #"),
        (
            bool(parts.fragment) and not platform.is_signed,
            f"a secret after #, which {platform.title} has not",
        ),
    )
    return next((words for is_so, words in faults if is_so), "")

"""Questions that a platform wants signed one by one, by OAuth 1.0a (RFC 5849); what signs is never sent."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, quote, urlsplit

METHODS: Mapping[str, tuple[str, str]] = {
    "oauth1": ("HMAC-SHA1", "sha1"),
    "oauth1_sha256": ("HMAC-SHA256", "sha256"),
}
"""How each is called in the header, and the hash that it signs with."""
NEEDED = "{consumer_key} {consumer_secret} {token} {token_secret}"
"""What a connection must have: the keys of the app, and the token of the user with its secret."""
SENT = ("consumer_key", "token")
"""Those of them that are sent, escaped, and may come back escaped once more."""
_PORTS = {"https": ":443", "http": ":80"}


def signature_header(
    how: str, method: str, url: str, values: Mapping[str, str], seconds: float, nonce: str
) -> dict[str, str]:
    """The header that signs a question at a whole address, at so many seconds since 1970."""
    name, hashed = METHODS[how]
    said = {
        "oauth_consumer_key": values["consumer_key"],
        "oauth_nonce": nonce,
        "oauth_signature_method": name,
        "oauth_timestamp": f"{seconds:.0f}",
        "oauth_token": values["token"],
        "oauth_version": "1.0",
    }
    asked = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    text = "&".join(map(escaped, (method.upper(), _place(url), _normalized([*asked, *said.items()]))))
    key = "&".join(escaped(values[each]) for each in ("consumer_secret", "token_secret"))
    made = b64encode(hmac.digest(key.encode(), text.encode(), hashed)).decode()
    parts = {**said, "oauth_signature": made}.items()
    return {"Authorization": "OAuth " + ", ".join(f'{each}="{escaped(value)}"' for each, value in parts)}


def _normalized(pairs: Iterable[tuple[str, str]]) -> str:
    """All parameters in the one order in which both sides write them."""
    written = sorted((escaped(name), escaped(value)) for name, value in pairs)
    return "&".join(f"{name}={value}" for name, value in written)


def _place(url: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.lower().removesuffix(_PORTS.get(parts.scheme, ":"))
    return f"{parts.scheme}://{host}{parts.path}"


def escaped(text: str) -> str:
    """A text as all of OAuth writes it."""
    return quote(text, safe="")

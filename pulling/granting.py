"""What a token for an hour is asked for with: what stands in the connection, or a word signed with its key.

A service account of Google has no refresh token. It says who it is and what it wants in a JWT (RFC 7523),
signs that with its private key (RS256), and the platform knows the public one.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from pulling.filling import filled, is_signed
from pulling.platform import Token
from scoring.errors import UsageError

_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_SECONDS = 3600
"""The longest that Google takes."""


def form_of(how: Token, values: Mapping[str, str], url: str, now: float) -> dict[str, str]:
    """The form that is sent to `url`; `now` in seconds since 1970. Raises `UsageError` for what is no key."""
    if not is_signed(how, values):
        return dict(filled(how.form, values))
    key, who, begin = _key(values["private_key"]), values.get("client_email", ""), int(now)
    claims: dict[str, object] = {"iss": who, "scope": how.signed, "aud": url}
    head = {"alg": "RS256", "typ": "JWT", "kid": values.get("private_key_id", "")}
    said = f"{_encoded(head)}.{_encoded({**claims, 'iat': begin, 'exp': begin + _SECONDS})}"
    return {"grant_type": _GRANT, "assertion": f"{said}.{_base64(_signature(key, said.encode()))}"}


def _key(text: str) -> RSAPrivateKey:
    try:
        # where somebody copied it out of JSON
        found = load_pem_private_key(text.replace("\\n", "\n").encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        found = None
    if isinstance(found, RSAPrivateKey):
        return found
    raise UsageError(
        "private_key: expected the RSA key of a service account, found something else; name the JSON file "
        "that Google gave with it as `key_file` in the connection."
    )


def _signature(key: RSAPrivateKey, said: bytes) -> bytes:
    return key.sign(said, PKCS1v15(), SHA256())


def _encoded(said: Mapping[str, object]) -> str:
    return _base64(json.dumps(said, separators=(",", ":")).encode())


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()

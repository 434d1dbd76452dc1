"""Mail addresses: how servers spell their domains."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress

_ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
_LAST = 0x10FFFF


def with_ascii_domain(address: str) -> str:
    """The address with its domain as servers know it (IDNA): that of `wei@müller.example` begins with `xn--`.

    An address in ASCII stays as it is. Raises `ValueError` for a domain without such a form, and for one that
    another shares it with: IDNA of 2003 writes `ß` as `ss`, and the mail would go to somebody else.
    """
    name, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    return f"{name}@{_encoded(domain)}"


def one_spelling(address: str) -> str:
    r"""The address as every spelling of it becomes the same, for comparing only: small letters, composed, the
    domain in ASCII where it has such a form, and `\x{FC}` (RFC 6533) as the letter that it stands for.
    """
    plain = unicodedata.normalize("NFC", _ESCAPED.sub(_letter, address)).lower()
    with suppress(ValueError):
        return with_ascii_domain(plain)
    return plain


def _letter(escaped: re.Match[str]) -> str:
    number = int(escaped[1], 16)
    return chr(number) if number <= _LAST else escaped[0]


def _encoded(domain: str) -> str:
    try:
        encoded = domain.encode("idna")
        is_lost = encoded.decode("idna") != domain.lower()
    except UnicodeError:
        is_lost = True
    if is_lost:
        raise ValueError("a domain in ASCII (xn--...), for IDNA does not give this one back as it is")
    return encoded.decode("ascii")

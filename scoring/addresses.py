"""Mail addresses: how servers spell their domains."""

from __future__ import annotations


def with_ascii_domain(address: str) -> str:
    """The address with its domain as servers know it (IDNA): that of `wei@müller.example` begins with `xn--`.

    An address in ASCII stays as it is. Raises `ValueError` for a domain without such a form, and for one that
    another shares it with: IDNA of 2003 writes `ß` as `ss`, and the mail would go to somebody else.
    """
    name, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    return f"{name}@{_encoded(domain)}"


def _encoded(domain: str) -> str:
    try:
        encoded = domain.encode("idna")
        is_lost = encoded.decode("idna") != domain.lower()
    except UnicodeError:
        is_lost = True
    if is_lost:
        raise ValueError("a domain in ASCII (xn--...), for IDNA does not give this one back as it is")
    return encoded.decode("ascii")

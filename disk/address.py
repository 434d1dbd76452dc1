"""Addresses of databases: read with one sentence for what is wrong, and shown without what is secret."""

from __future__ import annotations

import re

import sqlalchemy as sa

HIDDEN = "***"

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,39}")
_USER = re.compile(r"[A-Za-z0-9._-]{1,63}")
_HOST = re.compile(r"[A-Za-z0-9._-]{0,253}|\[[0-9A-Fa-f:.%]{2,60}\]")
_PORT = re.compile(r"[0-9]{1,5}")
_HIGHEST_PORT = 65535
_OPTION_BEFORE_AT = re.compile(r"\?\w+=[^?]*@")
_IN_FILES = ("sqlite", "duckdb")
_SHORTEST = 4
"""A shorter password would be found in common words, and then tell itself by what is hidden."""
_SECRET_OPTION = re.compile(r"pass|secret|token|key|credential", re.IGNORECASE)


def parsed(address: str) -> sa.URL | None:
    """The parts of an address of a database; None where it cannot be read, or its host or port is none.

    Whoever refuses it must repeat nothing of it: any part may be a piece of a password, such as one with
    an `@`, a `/` or a `:` that is not written as %XX.
    """
    try:
        url = sa.make_url(address)
    except (sa.exc.ArgumentError, ValueError):
        return None
    if _OPTION_BEFORE_AT.search(address):
        # a password in the options that has an `@`: all before it would be taken for the login
        return None
    return url if _has_host(url) and _has_port(url) else None


def _has_port(url: sa.URL) -> bool:
    """Whether its port can be one, where it names any."""
    return 0 <= (url.port or 0) <= _HIGHEST_PORT


def _has_host(url: sa.URL) -> bool:
    """Whether its host can be one, where it names any."""
    # the library gives an IPv6 address without its brackets
    return url.host is None or any(map(_HOST.fullmatch, (url.host, f"[{url.host}]")))


def is_plain_file(url: sa.URL) -> bool:
    """Whether an address of a database in a file is one: no server, no login, no secret option."""
    return not any((url.host, url.username, url.password, without_options(url)[1]))


def without_options(url: sa.URL) -> tuple[sa.URL, dict[str, str]]:
    """The address without its secret options, and these as the driver takes them.

    What has an address shows it sooner or later; libraries hide its password, but no options.
    """
    secret = {name: str(value) for name, value in url.query.items() if _SECRET_OPTION.search(name)}
    return url.difference_update_query(secret), secret


def shown(address: str | sa.URL) -> str:
    """The address as it may be printed: no password, no options, nothing of what cannot be read."""
    scheme, colon, rest = _written(address).partition("://")
    if not colon or not _SCHEME.fullmatch(scheme):
        return HIDDEN
    if scheme.partition("+")[0] in _IN_FILES and rest.startswith("/"):
        return f"{scheme}://{_place(rest)}"
    return f"{scheme}://{_server(rest)}"


def _written(address: str | sa.URL) -> str:
    return address if isinstance(address, str) else address.render_as_string(hide_password=False)


def without_secrets(text: str, url: sa.URL) -> str:
    """What a driver said, without the password of its address: some drivers repeat what they are given."""
    password = str(url.password or "")
    return text.replace(password, HIDDEN) if len(password) >= _SHORTEST else text


def _server(rest: str) -> str:
    """User, host, port and database; a user with a password shows that there is one."""
    before, at, place = rest.rpartition("@")
    if "?" in before:
        # it is in the options, or a password has a `?`: nobody can tell
        return HIDDEN
    login = f"{_login(before)}@" if at else ""
    return login + (_place(place) if _is_server(place.partition("?")[0].partition("/")[0]) else HIDDEN)


def _login(text: str) -> str:
    """The user, and that there is a password."""
    user, _, secret = text.partition(":")
    shown_user = user if _USER.fullmatch(user) else HIDDEN
    return f"{shown_user}:{HIDDEN}" if secret else shown_user


def _is_server(text: str) -> bool:
    """Whether it is a host, perhaps with a port."""
    host, _, port = text.rpartition(":") if re.search(r":[^\]]*$", text) else (text, "", "")
    return bool(_HOST.fullmatch(host)) and (not port or bool(_PORT.fullmatch(port)))


def _place(text: str) -> str:
    place, has_options, _ = text.partition("?")
    return f"{place}?{HIDDEN}" if has_options else place

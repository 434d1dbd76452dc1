"""The connection of an account: the host that is asked, its token and what else it needs, never shown.

A connection is an address, `https://:TOKEN@api.example.com?client_id=...`, the same as Airflow writes it, as
JSON, or the name of a file with one of these that only its owner may read.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

from etl.account import Account
from scoring.errors import UsageError

HIDDEN = "***"
_SHORTEST = 6
"""What is shorter than this occurs in any text."""
_TWO_SCHEMES = re.compile(r"^[a-z0-9-]+://(?=[a-z]+://)")
_IS_SECRET = re.compile(r"token|secret|password|key|basic", re.IGNORECASE)


@dataclass(slots=True)
class Secrets:
    """What must not be seen; tokens are added as they are got."""

    known: set[str] = field(default_factory=set, repr=False)

    def add(self, secret: str) -> None:
        """Hide this from now on, and the same as addresses and JSON write it."""
        if len(secret) >= _SHORTEST:
            in_json = json.dumps(secret)[1:-1]
            self.known |= {
                secret,
                quote(secret, safe=""),
                quote_plus(secret),
                in_json,
                in_json.replace("/", r"\/"),
            }

    def hidden(self, text: str) -> str:
        """A text without any of them."""
        for secret in sorted(self.known, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return text

    def hidden_in(self, content: bytes) -> bytes:
        """The same of bytes: some platforms repeat the token in the links that they answer."""
        for secret in sorted(self.known, key=len, reverse=True):
            content = content.replace(secret.encode(), HIDDEN.encode())
        return content


@dataclass(frozen=True, slots=True)
class Credentials:
    """The host of a connection, if it names one, and its values by name; `token` is its password."""

    base: str | None
    values: Mapping[str, str] = field(repr=False)
    secrets: Secrets = field(repr=False)


def credentials_of(account: Account, connections: Mapping[str, str]) -> Credentials:
    """What the account's connection says; raises `UsageError`, which repeats nothing of it."""
    if account.connection is None:
        return Credentials(None, {}, Secrets())
    address = connections.get(account.connection)
    if address is None:
        raise UsageError(
            f"{account.source}/{account.entity}: expected its connection {account.connection!r}, found none; "
            f"set {_variable(account)} to https://:TOKEN@HOST, or add an Airflow Connection of this name."
        )
    base, values = _read(_content(account, address), account)
    secrets = Secrets()
    for name, value in values.items():
        if _IS_SECRET.search(name):
            secrets.add(value)
    return Credentials(base, values, secrets)


def _variable(account: Account) -> str:
    return f"SCOREWRIGHT_CONNECTION_{str(account.connection).upper()}"


def _content(account: Account, address: str) -> str:
    """The connection itself, from its file where it is in one."""
    if not address.startswith("file:"):
        return address
    path = Path(address.removeprefix("file://").removeprefix("file:"))
    try:
        mode = path.stat().st_mode & 0o077
        content = path.read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "other bytes than text"
        raise UsageError(
            f"{_variable(account)}: expected a file with a connection at {path}, found {reason}."
        ) from None
    if mode:
        raise UsageError(
            f"{_variable(account)}: expected that only its owner may read {path}, found others, too; "
            f"run `chmod 600 {path}`."
        )
    return content


def _read(content: str, account: Account) -> tuple[str | None, Mapping[str, str]]:
    with suppress(ValueError, TypeError, AttributeError, KeyError):
        return _of_json(json.loads(content)) if content.startswith("{") else _of_address(content)
    raise UsageError(
        f"{_variable(account)}: expected an address such as https://:TOKEN@HOST, found something else."
    )


def _of_json(said: Mapping[str, Any]) -> tuple[str | None, Mapping[str, str]]:
    """A connection as Airflow writes it in JSON."""
    extra = said.get("extra") or {}
    more = json.loads(extra) if isinstance(extra, str) else extra
    return _base(said.get("host") or "", said.get("port")), _values(
        said.get("login"), said.get("password"), more
    )


def _of_address(address: str) -> tuple[str | None, Mapping[str, str]]:
    parts = urlsplit(_TWO_SCHEMES.sub("", address))
    if not parts.scheme or "://" not in address:
        raise ValueError("no address")
    options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    more = json.loads(options.pop("__extra__", "{}"))
    login, password = unquote(parts.username or ""), unquote(parts.password or "")
    values = _values(login, password, {**options, **more})
    return _base(unquote(parts.hostname or ""), parts.port, parts.scheme), values


def _base(host: str, port: object = None, scheme: str = "https") -> str | None:
    """Where it is; only this machine is spoken to in the open."""
    scheme, _, name = host.rpartition("://") if "://" in host else (scheme, "", host)
    is_here = name.partition(":")[0] in ("127.0.0.1", "localhost")
    used = "http" if is_here and scheme != "https" else "https"
    number = f":{port}" if port else ""
    return f"{used}://{name.rstrip('/')}{number}" if name else None


def _values(login: str | None, token: str | None, more: Mapping[str, Any]) -> dict[str, str]:
    basic = b64encode(f"{login or 'any'}:{token}".encode()).decode()
    found = {"login": login, "token": token, "basic": basic if token else None}
    return {name: str(value) for name, value in {**found, **more}.items() if value not in (None, "")}

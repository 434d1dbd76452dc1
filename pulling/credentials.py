"""The connection of an account: the host that is asked, its token and what else it needs, never shown.

A connection is an address, `https://:TOKEN@api.example.com?client_id=...`, the same as Airflow writes it, as
JSON, or the name of a file with one of these that only its owner may read.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from etl.account import Account
from pulling.secrets import Secrets
from scoring.errors import UsageError

_TWO_SCHEMES = re.compile(r"^[a-z0-9-]+://(?=[a-z]+://)")
_IS_SECRET = re.compile(r"token|secret|password|key|basic", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Credentials:
    """The host of a connection, if it names one, and its values by name; `token` is its password."""

    # it is the token where somebody wrote that in its place
    base: str | None = field(repr=False)
    values: Mapping[str, str] = field(repr=False)
    secrets: Secrets = field(repr=False)


def credentials_of(
    account: Account, connections: Mapping[str, str], used: Collection[str] | None = None
) -> Credentials:
    """What the account's connection says; raises `UsageError`, which repeats nothing of it.

    Values of the names that are `used` to ask are secrets, whatever they are called; None for all.
    """
    if account.connection is None:
        return Credentials(None, {}, Secrets())
    address = connections.get(account.connection)
    if address is None:
        raise UsageError(
            f"{account.name}: expected its connection {account.connection!r}, found none; "
            f"set {_variable(account.connection)} to https://:TOKEN@HOST, or add an Airflow Connection of it."
        )
    base, values = _read(_content(account.connection, address), account)
    values = {**values, **_of_key_file(account, values.get("key_file"))}
    return Credentials(base, values, _secrets_of(account, values, used))


def _secrets_of(account: Account, values: Mapping[str, str], used: Collection[str] | None) -> Secrets:
    secrets = Secrets()
    for name, value in values.items():
        is_called_so = bool(_IS_SECRET.search(name))
        if is_called_so or _is_used(name, used):
            secrets.add(value, in_data=is_called_so or not _may_be_data(name, value, account))
    return secrets


def _is_used(name: str, used: Collection[str] | None) -> bool:
    return used is None or name in used


def _may_be_data(name: str, value: str, account: Account) -> bool:
    """Whether rows may have it rightly: who signed in, an account, a number that may as well be an amount."""
    return name == "login" or value == account.entity or value.isdecimal()


def text_of(name: str, said: str) -> str:
    """The one secret of a connection: the text itself, or the password of an address or JSON of Airflow.

    Raises `UsageError` for a file that cannot be read or that others can.
    """
    content = _content(name, said)
    with suppress(ValueError, TypeError, AttributeError, KeyError):
        found = _of_json(json.loads(content)) if content.startswith("{") else _of_address(content)
        return found[1]["token"]
    return content


def _variable(name: str | None) -> str:
    return f"SCOREWRIGHT_CONNECTION_{str(name).upper()}"


def _content(name: str | None, address: str) -> str:
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
            f"{_variable(name)}: expected a file with a connection at {path}, found {reason}."
        ) from None
    if mode:
        raise UsageError(
            f"{_variable(name)}: expected that only its owner may read {path}, found others, too; "
            f"run `chmod 600 {path}`."
        )
    return content


def _read(content: str, account: Account) -> tuple[str | None, Mapping[str, str]]:
    with suppress(ValueError, TypeError, AttributeError, KeyError):
        return _of_json(json.loads(content)) if content.startswith("{") else _of_address(content)
    raise UsageError(
        f"{_variable(account.connection)}: expected an address such as https://:TOKEN@HOST, found something "
        "else."
    )


def _of_json(said: Mapping[str, Any]) -> tuple[str | None, Mapping[str, str]]:
    """A connection as Airflow writes it in JSON."""
    extra = said.get("extra") or {}
    more = json.loads(extra) if isinstance(extra, str) else extra
    return _base(said.get("host") or "", said.get("port")), _values(
        said.get("login"), said.get("password"), more
    )


def _of_key_file(account: Account, path: str | None) -> Mapping[str, str]:
    """What a service account signs with, from the file that Google gave; nothing where none is named."""
    if path is None:
        return {}
    with suppress(ValueError, TypeError, AttributeError, KeyError):
        said = json.loads(_content(account.connection, f"file:{path}"))
        return {name: str(said[name]) for name in ("client_email", "private_key", "private_key_id")}
    raise UsageError(
        f"{_variable(account.connection)}: expected the JSON file of a service account at {path}, found "
        "something else; name the one that Google gave with its key."
    )


def _of_address(address: str) -> tuple[str | None, Mapping[str, str]]:
    parts = _split(address)
    options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    more = json.loads(options.pop("__extra__", "{}"))
    login, password = unquote(parts.username or ""), unquote(parts.password or "")
    values = _values(login, password, {**options, **more})
    return _base(unquote(parts.hostname or ""), parts.port, parts.scheme), values


def _split(address: str) -> SplitResult:
    parts = urlsplit(_TWO_SCHEMES.sub("", address))
    if not parts.scheme or "://" not in address:
        raise ValueError("no address")
    return parts


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

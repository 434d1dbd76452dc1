"""What the platforms of the stand-in have in common: tokens, unknown fields, accounts, and pages by number."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from tests.platforms.standin import FRESH, SECRETS, Asked, BadRequestError, Reply, Standin
from tests.platforms.truth import ACCOUNTS

DAY = timedelta(days=1)


def refuse(message: str, status: int = 400, **more: Any) -> None:
    raise BadRequestError(status, {"error": {"code": status, "message": message, **more}})


def bearer(asked: Asked, standin: Standin, name: str = "authorization", prefix: str = "Bearer ") -> None:
    """Refuse whoever does not bring a valid token, and whoever puts it into the address."""
    if any("canary" in each for each in (asked.path, *asked.params.values())):
        refuse("a secret in the address")
    if asked.headers.get(name, "").removeprefix(prefix) not in standin.valid:
        refuse("the token has expired", 401)


def basic(asked: Asked, standin: Standin) -> None:
    said = base64.b64decode(asked.headers.get("authorization", "").removeprefix("Basic ")).decode()
    if said.partition(":")[2] not in standin.valid:
        refuse("the key is not valid", 401)


def token(asked: Asked, standin: Standin) -> Reply:
    """The endpoint for tokens, the same for all."""
    name = "secret" if asked.body.get("grant_type") == "client_credential" else "refresh_token"
    if asked.body.get(name) != SECRETS[name]:
        refuse("invalid_grant")
    standin.valid.add(FRESH)
    return Reply({"access_token": FRESH, "expires_in": 3600})


def only(said: Mapping[str, Any], *known: str) -> None:
    """Refuse what is not known, as the platform would."""
    unknown = sorted(set(said) - set(known))
    if unknown:
        refuse(f"unknown field {unknown[0]}")


def account(entity: str) -> str:
    if entity not in ACCOUNTS:
        refuse("no such account", 404)
    return entity


def cut(rows: list[Any], at: int, size: int) -> list[Any]:
    return rows[at : at + size]


def until(last: str) -> date:
    return date.fromisoformat(last) + DAY


def counted(asked: Asked, rows: list[Any], name: str, first: int) -> Reply:
    """A page by its number, as TikTok and its sisters have it."""
    number, size = int(asked.params["page"]), int(asked.params["page_size"])
    info = {
        "page": number,
        "page_size": size,
        "total_number": len(rows),
        "total_page": -(-len(rows) // size),
    }
    value = {
        "code": 0,
        "message": "OK",
        "data": {name: cut(rows, (number - first) * size, size), "page_info": info},
    }
    return Reply(value, page=number - first)

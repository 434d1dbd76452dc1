"""What the platforms of the stand-in have in common: tokens, unknown fields, accounts, and pages by number."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

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
    if asked.method == "GET":
        return rotated(asked, standin)
    if asked.body.get("grant_type") == "urn:ietf:params:oauth:grant-type:jwt-bearer":
        return signed_in(asked, standin)
    name = "secret" if asked.body.get("grant_type") == "client_credential" else "refresh_token"
    if asked.body.get(name) != SECRETS[name]:
        refuse("invalid_grant")
    standin.valid.add(FRESH)
    return Reply({"access_token": FRESH, "expires_in": 3600})


def rotated(asked: Asked, standin: Standin) -> Reply:
    """The same as 腾讯广告 has it: asked for in the address, and the tokens of before are void."""
    only(asked.params, "client_id", "client_secret", "grant_type", "refresh_token")
    if asked.body is not None or asked.params["client_secret"] != SECRETS["client_secret"]:
        raise BadRequestError(200, {"code": 11007, "message": "The client_id is invalid."})
    if asked.params["refresh_token"] != standin.state.get("refresh", SECRETS["refresh_token"]):
        raise BadRequestError(200, {"code": 11012, "message": "Refresh token is expired."})
    standin.state["refresh"] = f"{SECRETS['refresh_token']}-next"
    standin.valid = {FRESH}
    tokens = {"access_token": FRESH, "refresh_token": standin.state["refresh"]}
    return Reply({"code": 0, "message": "", "data": {**tokens, "access_token_expires_in": 86400}})


def signed_in(asked: Asked, standin: Standin) -> Reply:
    """A token for a service account, whose word is signed with the key that is known of it."""
    only(asked.body, "grant_type", "assertion")
    head, claims, signature = (_decoded(each) for each in asked.body["assertion"].split("."))
    said, now = json.loads(claims), standin.state.get("now", time.time())
    try:
        signed = asked.body["assertion"].rpartition(".")[0].encode()
        standin.state["public_key"].verify(signature, signed, PKCS1v15(), SHA256())
    except InvalidSignature:
        raise BadRequestError(
            400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
        ) from None
    is_known = json.loads(head)["alg"] == "RS256" and said["iss"] == "pulls@project.iam.example"
    is_now = now - 300 <= said["iat"] <= now + 300 and 0 < said["exp"] - said["iat"] <= 3600
    if not (
        is_known
        and is_now
        and said["aud"] == f"{asked.base}/token"
        and said["scope"] == standin.state["scope"]
    ):
        raise BadRequestError(400, {"error": "invalid_grant", "error_description": "Invalid JWT"})
    standin.valid.add(FRESH)
    return Reply({"access_token": FRESH, "expires_in": 3599, "token_type": "Bearer"})


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


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

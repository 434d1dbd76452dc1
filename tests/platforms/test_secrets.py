"""Nothing of a connection is seen anywhere, whoever repeats it and however it is written there."""

from __future__ import annotations

import json
import logging
import random
import traceback
from base64 import b64encode
from contextlib import closing
from dataclasses import replace
from functools import partial
from html import escape
from urllib.parse import quote, urlencode

import pytest

from etl.account import Account
from pulling.credentials import credentials_of
from pulling.filling import values_used
from pulling.platform import shipped_platforms
from pulling.secrets import Secrets
from pulling.trial import ask_once
from scoring.errors import BadFileError, ScorewrightError
from tests.platforms.behaving import BEHAVIOURS
from tests.platforms.pulled import small
from tests.platforms.standin import FRESH, MAY_ASK, SECRETS, Reply

CANARY = "canary-T0ken"
BASIC = b64encode(f"any:{MAY_ASK}".encode()).decode()
WRITTEN = {
    "plain": str,
    "address": lambda text: quote(text, safe=""),
    "small address": lambda text: quote(text, safe="").lower().replace("t0ken", "T0ken"),
    "address twice": lambda text: quote(quote(text, safe=""), safe=""),
    "JSON": lambda text: text.replace("/", r"\/"),
    "units": lambda text: "".join(each if each.isalnum() else f"\\u{ord(each):04X}" for each in text),
    "HTML": lambda text: escape(text).replace("+", "&#43;"),
}


def seen(content: bytes) -> bool:
    return CANARY.encode() in content or BASIC[:20].encode() in content


@pytest.mark.parametrize("way", WRITTEN)
@pytest.mark.parametrize("secret", [MAY_ASK, '1//0gÄ§ b\\c"d%&<>', "pat-eu1-0f3c"])
def test_a_secret_is_hidden_however_it_is_written(way, secret):
    secrets = Secrets()
    secrets.add(secret)
    written = WRITTEN[way](secret)
    assert secrets.hidden(f"before {written}, after") == "before ***, after"
    assert secrets.hidden_in(f'{{"a":"{written}"}}'.encode()) == b'{"a":"***"}'


def test_what_is_no_secret_stays_as_it_is():
    secrets = Secrets()
    for each in ("abc", "10428", "canary"):
        secrets.add(each)
    text = "abc 910428 canaries 10428.5 canary"
    assert secrets.hidden(text) == "abc 910428 canaries ***.5 ***"
    assert secrets.hidden_in(text.encode()) == text.encode()


def test_much_is_looked_through_in_no_time():
    secrets = Secrets()
    for each in (MAY_ASK, *SECRETS.values()):
        secrets.add(each)
    content = random.Random(1).randbytes(1_000_000).hex().encode()
    assert secrets.hidden_in(content) is content


def test_a_value_is_secret_by_where_it_comes_from_and_not_by_its_name():
    account = Account("shop", "77", None, "UTC", (), connection="theirs", platform="shop")
    said = (
        "https://me%40example.org@host?pat=canary-pat-1&customer=123456789&view=canary-view&timeout=canary-30"
    )
    secrets = credentials_of(account, {"theirs": said}, {"pat", "customer", "login"}).secrets
    text = "canary-pat-1 123456789 canary-view canary-30 me@example.org"
    assert secrets.hidden(text) == "*** *** canary-view canary-30 ***"
    # what may be an amount or an owner stays in the rows
    assert secrets.hidden_in(text.encode()) == b"*** 123456789 canary-view canary-30 me@example.org"


def test_everything_that_a_platform_is_asked_with_is_used():
    for name, platform in shipped_platforms().items():
        said = json.dumps([dict(platform.headers), dict(platform.headers_if)])
        used = values_used(platform)
        assert all(
            f"{{{each}}}" not in said or each in used for each in ("token", "basic", "developer_token")
        )
        assert not used & set(platform.options), name


def received(standin) -> str:
    """All that came with the last question."""
    return " ".join(map(str, standin.asked[-1].headers.values()))


def in_error(status, way):
    def fault(reply, standin):
        said = WRITTEN[way](received(standin))
        value = {"error": {"message": said, "code": said}, "message": said, "detail": said, "errors": [said]}
        content = json.dumps(value).replace(r"\\u", r"\u").encode()
        return replace(reply, status=status, content=content)

    return fault


def in_place(reply, standin):
    return replace(
        reply, status=302, content=b"", headers={"Location": f"https://{quote(received(standin))}/"}
    )


def in_host(reply, standin):
    return replace(reply, status=302, content=b"", headers={"Location": f"https://{CANARY}.example/"})


def in_page(reply, standin):
    return replace(reply, content=f"<html>{received(standin)}</html>".encode())


def in_rows(reply, standin):
    """Every text of the answer has it, as a platform that repeats what it is asked with."""
    said = received(standin)
    if reply.content is not None:
        return replace(reply, content=reply.content + said.encode())
    return replace(reply, value=changed(json.loads(reply.payload), said))


def changed(value, said):
    if isinstance(value, dict):
        return {key: changed(each, said) for key, each in value.items()} | {"repeated": said}
    return [changed(each, said) for each in value] if isinstance(value, list) else value


FAULTS = {
    **{f"{status}, {way}": in_error(status, way) for status in (200, 400, 401, 500) for way in WRITTEN},
    "redirect": in_place,
    "host": in_host,
    "page": in_page,
    "rows": in_rows,
}


def tried(attempt):
    """What is said of an attempt."""
    try:
        yield repr(attempt())
    except ScorewrightError as error:
        yield from ("".join(traceback.format_exception(error)), str(error), repr(error))


@pytest.mark.parametrize("name", sorted(BEHAVIOURS))
def test_whoever_repeats_it_nobody_sees_it(standing, caplog, name):
    caplog.set_level(logging.DEBUG)
    theirs = standing(name)
    theirs.patience = replace(theirs.patience, tries=2)
    said = []
    for fault in FAULTS.values():
        theirs.standin.asked.clear()
        theirs.standin.valid = {MAY_ASK, FRESH}
        theirs.standin.faults = {page: [fault] * 9 for page in range(9)}
        puller, account = theirs.puller, theirs.account()
        with closing(puller.session(account)) as session:
            said += [repr(puller), repr(session), repr(session.credentials)]
        said += [*tried(theirs.land), *tried(partial(ask_once, puller, account))]
        assert theirs.standin.asked
    assert [each for each in (*theirs.texts(), *(text.encode() for text in said)) if seen(each)] == []
    assert not seen(caplog.text.encode())
    assert any(isinstance(each, str) and "expected" in each for each in said)


def test_a_token_of_any_name_in_a_header_of_ones_own(standing, caplog):
    theirs = standing("mailchimp")
    theirs.platform = small(theirs.platform).model_copy(
        update={"headers": {"X-Pat": "{pat}", "X-Org": "{org}"}}
    )
    options = urlencode({"pat": "canary-pat/1", "org": "canary-org-22"})
    connection = f"{theirs.url}?{options}"

    def refuses(asked, _):
        assert (asked.headers["x-pat"], asked.headers["x-org"]) == ("canary-pat/1", "canary-org-22")
        return Reply({"detail": f"no {asked.headers['x-pat']} of {asked.headers['x-org']}"}, 403, page=0)

    theirs.standin.behave = refuses
    puller = replace(theirs.puller, connections={"theirs": connection})
    with pytest.raises(BadFileError, match=r"HTTP 403 \(no \*\*\* of \*\*\*\)"):
        ask_once(puller, theirs.account())

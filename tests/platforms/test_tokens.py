"""Tokens that change with each use: none is lost, whoever asks at once, and a lost one is said."""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count

import pytest

from pulling.credentials import text_of
from pulling.platform import Token
from pulling.tokens import Kept, Tokens, TokenStore, seed_of
from scoring.errors import BadFileError, UsageError
from tests.platforms.pulled import MONTHS, OCTOBER
from tests.platforms.standin import FRESH, SECRETS, BadRequestError, Reply

KEY = "canary-key-0123456789-0123456789-0123456789"
FIRST = SECRETS["refresh_token"]


class Authority:
    """Gives tokens out as 腾讯广告 does: with each answer the tokens of before are void."""

    def __init__(self, behave, *, keeps_old=False):
        self.behave, self.keeps_old = behave, keeps_old
        self.refresh, self.given, self.numbers = {FIRST}, 0, count(1)
        self.body = None

    def __call__(self, asked, standin):
        if asked.path != "/token":
            return self.behave(asked, standin)
        self.body = asked.body
        if asked.body.get("refresh_token") not in self.refresh:
            raise BadRequestError(400, {"error": "invalid_grant", "detail": "the refresh token is void"})
        number = next(self.numbers)
        if not self.keeps_old:
            self.refresh.clear()
        self.refresh.add(f"canary-refresh-of-{number}")
        standin.valid = {f"canary-access-{number}"}
        self.given += 1
        return Reply(
            {"data": {"access": f"canary-access-{number}", "refresh": f"canary-refresh-of-{number}"}}
        )


@pytest.fixture
def rotating(standing):
    """Mailchimp as if it had such tokens."""
    theirs = standing("mailchimp")
    form = {"app_id": "{client_id}", "secret": "{client_secret}", "refresh_token": "{refresh_token}"}
    how = Token(url="https://example.com", form=form, at="data.access", refresh="data.refresh", as_json=True)
    headers = {"X-Shopify-Access-Token": "{token}"}
    theirs.platform = theirs.platform.model_copy(update={"token": how, "headers": headers})
    behave = theirs.standin.behave

    def with_token(asked, standin):
        if asked.headers.get("x-shopify-access-token") not in standin.valid:
            raise BadRequestError(401, {"detail": "expired"})
        return behave(replace(asked, headers={**asked.headers, "authorization": basic(standin)}), standin)

    theirs.standin.valid = set()
    theirs.standin.behave = Authority(with_token)
    return theirs


def basic(standin):
    return "Basic " + b64encode(f"any:{next(iter(standin.valid))}".encode()).decode()


def store_of(theirs, key=KEY):
    return TokenStore(theirs.folder / "tokens", {"token_key": key} if key else {})


def puller_of(theirs, refresh=FIRST, key=KEY):
    """One of an installation: the connection has no token, only what gets one."""
    connection = theirs.connection.replace(theirs.connection.partition("@")[0], "http://").replace("@", "", 1)
    connection = connection.replace(FIRST, refresh)
    return replace(theirs.puller, connections={"theirs": connection}, tokens=Tokens(store_of(theirs, key)))


def test_each_answer_has_the_next_token_and_nothing_of_it_is_seen(rotating):
    whole = [puller_of(rotating)(rotating.account(), month) for month in MONTHS]
    assert all(whole)
    authority = rotating.standin.behave
    # one token for all of them, and another process goes on with it
    assert authority.given == 1
    assert authority.body == {
        "app_id": "client-one",
        "secret": SECRETS["client_secret"],
        "refresh_token": FIRST,
    }
    rotating.standin.valid = set()
    assert puller_of(rotating)(rotating.account(), OCTOBER)
    assert authority.given == 2
    (path,) = (rotating.folder / "tokens").glob("*.token")
    assert path.stat().st_mode & 0o777 == 0o600
    assert store_of(rotating).kept("theirs", FIRST) == Kept(
        seed_of(FIRST), "canary-refresh-of-2", "canary-access-2"
    )
    assert [text for text in rotating.texts() if b"canary" in text] == []
    assert "canary" not in repr(puller_of(rotating)) + repr(store_of(rotating).kept("theirs", FIRST))


def test_two_at_once_ask_for_one_token_and_lose_nothing(rotating):
    together = threading.Barrier(4)

    def pull(_):
        puller = puller_of(rotating)
        together.wait(10)
        return puller(rotating.account(), OCTOBER)

    for given in (1, 2):
        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(pull, range(4)))
        assert rotating.standin.behave.given == given
        rotating.standin.valid = set()


class KilledError(BaseException):
    """The process is gone."""


@pytest.fixture
def killed(rotating, monkeypatch):
    """The platform has answered, and nobody keeps it."""
    keep = TokenStore.keep

    def dies(self, connection, kept):
        if not kept.is_asked:
            raise KilledError
        keep(self, connection, kept)

    def kill():
        with monkeypatch.context() as patched:
            patched.setattr(TokenStore, "keep", dies)
            with pytest.raises(KilledError):
                puller_of(rotating)(rotating.account(), OCTOBER)
        assert rotating.standin.behave.given == 1

    return kill


def test_whoever_is_killed_before_the_answer_is_kept_has_it_said(rotating, killed):
    killed()
    said = r"found HTTP 400 \(the refresh token is void\); a run that was ended while it asked .* `scorewright sources"
    for _ in range(2):
        with pytest.raises(BadFileError, match=said):
            puller_of(rotating)(rotating.account(), OCTOBER)
    # somebody signs in again and puts the new token into the connection
    rotating.standin.behave.refresh.add("canary-refresh-new")
    assert puller_of(rotating, "canary-refresh-new")(rotating.account(), OCTOBER)
    assert puller_of(rotating, "canary-refresh-new")(rotating.account(), OCTOBER)


def test_where_the_old_token_still_holds_nothing_is_lost(rotating, killed):
    rotating.standin.behave.keeps_old = True
    killed()
    assert puller_of(rotating)(rotating.account(), OCTOBER)
    assert not store_of(rotating).kept("theirs", FIRST).is_asked


def test_a_token_that_was_never_right_is_no_lost_one(rotating):
    for _ in range(2):
        with pytest.raises(
            BadFileError, match=r"is void\); put a new token into the connection and run again"
        ):
            puller_of(rotating, "canary-never")(rotating.account(), OCTOBER)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (
            None,
            "expected a key to keep tokens encrypted with, found none; set SCOREWRIGHT_CONNECTION_TOKEN_KEY to",
        ),
        ("short", "expected 32 signs or more to encrypt tokens with, found 5; set"),
        (KEY[::-1], "expected the text that .* was written with, found another; set it again"),
    ],
)
def test_without_the_right_key_nothing_is_asked(rotating, key, said):
    if key == KEY[::-1]:
        assert puller_of(rotating)(rotating.account(), OCTOBER)
    given = rotating.standin.behave.given
    with pytest.raises(UsageError, match=said) as raised:
        puller_of(rotating, key=key)(rotating.account(), OCTOBER)
    assert "canary" not in str(raised.value)
    assert rotating.standin.behave.given == given


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o660])
def test_tokens_that_others_may_read_are_refused(rotating, mode):
    assert puller_of(rotating)(rotating.account(), OCTOBER)
    (path,) = (rotating.folder / "tokens").glob("*.token")
    path.chmod(mode)
    with pytest.raises(UsageError, match=r"expected that only its owner may read .* run `chmod 600"):
        puller_of(rotating)(rotating.account(), OCTOBER)


@pytest.mark.parametrize(
    "said",
    [
        KEY,
        f"http://:{KEY}@",
        json.dumps({"conn_type": "generic", "password": KEY}),
        f"generic://:{KEY}@/?x=y",
    ],
)
@pytest.mark.parametrize("is_file", [False, True])
def test_the_key_is_a_text_a_file_or_a_connection_of_airflow(tmp_path, said, is_file):
    if is_file:
        path = tmp_path / "key"
        path.write_text(said + "\n", "utf-8")
        path.chmod(0o600)
        said = f"file:{path}"
    assert text_of("token_key", said) == KEY


def test_a_token_for_an_hour_is_asked_for_once_for_all_accounts(standing):
    theirs = standing("google_ads")
    theirs.standin.valid = set()
    connection = theirs.connection.replace(theirs.connection.partition("@")[0] + "@", "http://")
    puller = replace(theirs.puller, connections={"theirs": connection})
    for entity in ("1001", "1002", "1003"):
        assert puller(theirs.account(entity), OCTOBER)
    assert sum(each.path == "/token" for each in theirs.standin.asked) == 1


def test_a_form_in_the_address_gets_the_next_token_and_stays_unseen(standing, caplog):
    """腾讯广告 wants its form in the address of a GET."""
    theirs = standing("tencent_ads")
    theirs.standin.valid = set()
    with caplog.at_level("DEBUG"):
        assert puller_of(theirs)(theirs.account(), OCTOBER)
    (asked,) = (each for each in theirs.standin.asked if each.path == "/token")
    assert (asked.method, asked.params["refresh_token"]) == ("GET", FIRST)
    kept = store_of(theirs).kept("theirs", FIRST)
    assert (kept.refresh, kept.access) == (f"{FIRST}-next", FRESH)
    assert "canary" not in caplog.text
    assert [text for text in theirs.texts() if b"canary" in text] == []
    # the next one is asked for with what was got
    theirs.standin.valid = set()
    assert puller_of(theirs)(theirs.account(), MONTHS[0])


def test_a_void_token_in_the_address_says_what_helps_and_not_what_it_is(standing):
    theirs = standing("tencent_ads")
    theirs.standin.valid = set()
    theirs.standin.state["refresh"] = "another"
    with pytest.raises(
        BadFileError, match=r"Refresh token is expired.*new token into the connection"
    ) as raised:
        puller_of(theirs)(theirs.account(), OCTOBER)
    assert "canary" not in str(raised.value)

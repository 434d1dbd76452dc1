"""Signing in with a platform: the stand-in is the authorization server, and holds state and verifier."""

from __future__ import annotations

import hashlib
import re
import subprocess
import threading
from base64 import urlsafe_b64encode
from shutil import copytree
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from pipeline.site import open_site
from pulling.asking import Clock
from pulling.credentials import credentials_of
from pulling.login import SignIn
from pulling.platform import SHIPPED, Login, Token
from pulling.tokens import TokenStore
from pulling.trial import ask_once
from scoring.errors import BadFileError, DataError, UsageError
from settings import ROOT, Settings
from tests.pipeline.command import PROGRAM, surroundings
from tests.platforms.standin import SECRETS, BadRequestError, Reply

STAYS = "canary-refresh-of-login"


class Authority:
    """Agrees at once, and hands out a code for whoever brings the verifier of its challenge."""

    def __init__(self, behave, denies=False):
        self.behave, self.denies, self.codes, self.waits = behave, denies, {}, []

    def __call__(self, asked, standin):
        return getattr(self, asked.path.strip("/"), self.other)(asked, standin)

    def other(self, asked, standin):
        return self.behave(asked, standin)

    def agree(self, asked, standin):
        said = asked.params
        assert (said["response_type"], said["client_id"], said["scope"]) == ("code", "client-one", "reports")
        assert said["code_challenge_method"] == "S256"
        assert len(said["state"]) > 30
        code = f"canary-code-{len(self.codes)}"
        self.codes[code] = (said["code_challenge"], said["redirect_uri"])
        answer = {"error": "access_denied"} if self.denies else {"code": code}
        back = urlencode({**answer, "state": said["state"]})
        return Reply(status=302, headers={"Location": f"{said['redirect_uri']}?{back}"}, content=b"")

    def token(self, asked, standin):
        said = asked.body
        if said.get("refresh_token") == STAYS:
            standin.valid.add("canary-fresh-T0ken")
            return Reply({"access_token": "canary-fresh-T0ken"})
        if said.get("device_code"):
            return self.waiting(said)
        challenge, redirect = self.codes.pop(said.get("code"), ("", ""))
        found = urlsafe_b64encode(hashlib.sha256(said.get("code_verifier", "").encode()).digest())
        if found.rstrip(b"=").decode() != challenge or said["redirect_uri"] != redirect:
            raise BadRequestError(400, {"error": "invalid_grant", "error_description": said.get("code")})
        assert (said["grant_type"], said["client_secret"]) == ("authorization_code", SECRETS["client_secret"])
        return Reply({"access_token": "canary-access-1", "refresh_token": STAYS})

    def device(self, asked, standin):
        assert (asked.body["client_id"], asked.body["scope"]) == ("client-one", "reports")
        given = {"device_code": "canary-device-1", "user_code": "ABCD-EFGH", "interval": 5}
        return Reply({**given, "verification_uri": "https://example.com/device", "expires_in": 900})

    def waiting(self, said):
        assert said["grant_type"] == "urn:ietf:params:oauth:grant-type:device_code"
        if self.waits:
            raise BadRequestError(*self.waits.pop(0))
        return Reply({"access_token": "canary-access-1", "refresh_token": STAYS})


@pytest.fixture
def theirs(standing):
    """Google Ads with its own pages at the stand-in."""
    made = standing("google_ads")
    made.standin.behave = Authority(made.standin.behave)
    login = Login(
        url=f"{made.url}/agree",
        params={"scope": "reports"},
        form={"client_secret": "{client_secret}"},
        device=f"{made.url}/device",
        path="/back",
    )
    token = made.platform.token.model_copy(update={"url": f"{made.url}/token"})
    made.platform = made.platform.model_copy(update={"login": login, "token": token})
    return made


def signing(theirs, said, **more):
    credentials = credentials_of(theirs.account(), {"theirs": theirs.connection})
    return SignIn(theirs.platform, credentials, said, **more)


def browser(visit):
    """What a person does with the address that is said: `visit` gets it in a thread of its own."""
    lines = []

    def say(line):
        lines.append(line)
        if line.startswith("http"):
            threading.Thread(target=visit, args=(line,), daemon=True).start()

    say.lines = lines
    return say


def agrees(address):
    assert "closed now" in httpx.get(address, follow_redirects=True).text


def test_whoever_agrees_in_the_browser_is_signed_in(theirs):
    say = browser(agrees)
    assert signing(theirs, say).tokens() == (STAYS, "canary-access-1")
    assert not any("canary" in line for line in say.lines)
    assert theirs.standin.behave.codes == {}


def test_a_code_of_another_sign_in_is_not_taken(theirs):
    """Somebody else's code is brought to the address that waits, with no state or a wrong one."""
    turned_away = []

    def visit(address):
        back = dict(parse_qsl(urlsplit(address).query))["redirect_uri"]
        for query in ("code=evil", "code=evil&state=wrong", "error=evil&state="):
            turned_away.append(httpx.get(f"{back}?{query}").status_code)
        turned_away.append(httpx.get(back.replace("/back", "/favicon.ico")).status_code)
        agrees(address)

    assert signing(theirs, browser(visit)).tokens()[0] == STAYS
    assert turned_away == [400] * 4


def test_a_code_without_its_verifier_is_worth_nothing(theirs):
    def visit(address):
        changed = re.sub(r"code_challenge=[^&]+", "code_challenge=of-another", address)
        httpx.get(changed, follow_redirects=True)

    with pytest.raises(
        DataError, match=r"expected a token that stays, found HTTP 400 \(invalid_grant\)"
    ) as raised:
        signing(theirs, browser(visit)).tokens()
    assert "canary" not in str(raised.value)


def test_whoever_does_not_agree_is_not_signed_in(theirs):
    theirs.standin.behave.denies = True
    with pytest.raises(DataError, match="found access_denied; sign in again"):
        signing(theirs, browser(agrees)).tokens()
    with pytest.raises(DataError, match="found nobody who agreed in time; sign in again"):
        signing(theirs, browser(lambda _: None), seconds=0.05).tokens()


def test_what_it_takes_to_sign_in_is_said(theirs):
    lacking = SignIn(theirs.platform, credentials_of(theirs.account(), {"theirs": theirs.url}), print)
    with pytest.raises(UsageError, match="expected 'client_id' in the connection, found none"):
        lacking.tokens()
    theirs.platform = theirs.platform.model_copy(update={"login": None})
    with pytest.raises(
        UsageError, match="expected a platform that a person signs in with, found none of `login`"
    ):
        signing(theirs, print).tokens()


def test_another_device_is_asked_until_it_agrees(theirs):
    waits, at, said = [], [0.0], []

    def sleep(seconds):
        waits.append(seconds)
        at[0] += seconds

    pending, slow = (400, {"error": "authorization_pending"}), (400, {"error": "slow_down"})
    theirs.standin.behave.waits = [pending, slow, (428, {"error": "authorization_pending"})]
    clock = Clock(lambda: at[0], sleep)
    assert signing(theirs, said.append, clock=clock).tokens(on_device=True) == (STAYS, "canary-access-1")
    assert waits == [5, 5, 10, 10]
    assert said == [
        "Open https://example.com/device on any device",
        "and type in ABCD-EFGH within 10 minutes.",
    ]
    theirs.standin.behave.waits = [pending] * 500
    with pytest.raises(DataError, match="nobody who agreed in time"):
        signing(theirs, said.append, clock=clock, seconds=60).tokens(on_device=True)
    theirs.standin.behave.waits = [(400, {"error": "expired_token"})]
    with pytest.raises(DataError, match=r"found HTTP 400 \(expired_token\)"):
        signing(theirs, said.append, clock=clock).tokens(on_device=True)


def test_the_command_keeps_the_token_and_pulls_with_it(theirs, tmp_path):
    book = tmp_path / "book"
    copytree(ROOT / "config", book)
    sources = book / "sources.yaml"
    entity = "412-558-9031"
    files = f'files: ["google_ads/{entity}/Ad group report {{month}}.csv"]'
    text = sources.read_text("utf-8")
    assert files in text
    sources.write_text(text.replace(files, "platform: google_ads\n      connection: theirs"), "utf-8")
    platforms = book / "platforms"
    platforms.mkdir(exist_ok=True)
    said = (
        (SHIPPED / "google_ads.yaml")
        .read_text("utf-8")
        .replace("https://oauth2.googleapis.com/token", f"{theirs.url}/token")
        .replace("https://accounts.google.com/o/oauth2/v2/auth", f"{theirs.url}/agree")
        .replace("https://www.googleapis.com/auth/adwords", "reports")
    )
    (platforms / "google_ads.yaml").write_text(said, "utf-8")
    # neither a token nor a refresh token stands in the connection
    given = theirs.connection.partition("@")[2].replace(SECRETS["refresh_token"], "")
    key = "canary-key-0123456789-0123456789-0123456789"
    environment = surroundings(
        {
            "config": book,
            "home": tmp_path / "home",
            "connection_theirs": f"http://{given}",
            "connection_token_key": key,
        }
    )
    command = [PROGRAM, "sources", "login", "google_ads"]
    with subprocess.Popen(
        command, env={**environment, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True
    ) as running:
        lines = [running.stdout.readline() for _ in range(2)]
        agrees(lines[1].strip())
        rest = running.stdout.read()
    assert running.returncode == 0
    assert f"theirs: signed in; `scorewright sources test google_ads/{entity}` tries it" in rest
    store = TokenStore(tmp_path / "home/tokens", {"token_key": key})
    assert store.kept("theirs", "").refresh == STAYS
    assert STAYS.encode() not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert "canary" not in "".join(lines) + rest
    theirs.standin.valid = set()
    site = open_site(Settings.from_environment(environment))
    with pytest.raises(BadFileError, match="HTTP 404"):
        # the account is none of the stand-in's, but it was asked with the token of the sign-in
        ask_once(site.puller, site.book.account("google_ads", entity))
    assert theirs.standin.valid == {"canary-fresh-T0ken"}


def test_every_word_of_a_sign_in_has_its_place():
    assert set(Login.model_fields) == {"url", "params", "port", "path", "form", "refresh", "device"}
    assert {"as_json", "refresh"} <= set(Token.model_fields)

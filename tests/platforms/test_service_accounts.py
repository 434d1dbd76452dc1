"""Service accounts of Google sign what they ask for with their own key; the stand-in verifies it with the public one."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from pulling.platform import shipped_platforms
from pulling.tokens import Tokens
from scoring.errors import BadFileError, UsageError
from tests.platforms.pulled import OCTOBER, Pulled
from tests.platforms.standin import FRESH, SECRETS, expired

SIGNED = sorted(name for name, each in shipped_platforms().items() if each.token and each.token.signed)


def pem(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(65537, 2048)


def key_file(folder, text, **more):
    path = folder / "key.json"
    said = {"type": "service_account", "client_email": "pulls@project.iam.example", "private_key_id": "k1"}
    path.write_text(json.dumps({**said, "private_key": text, **more}))
    path.chmod(0o600)
    return path


@pytest.fixture
def theirs(standing, key, tmp_path, monkeypatch):
    """Begins a stand-in that knows the public key, asked by a connection with the file of the private one."""

    def begin(name, written=None):
        made = standing(name)
        made.standin.valid.clear()
        made.standin.state |= {"public_key": key.public_key(), "scope": made.platform.token.signed}
        path = written or key_file(tmp_path, pem(key))
        options = f"token_url={quote(made.url)}/token&developer_token={SECRETS['developer_token']}"
        address = f"{made.url}?{options}&key_file={quote(str(path))}"
        monkeypatch.setattr(Pulled, "connection", property(lambda _: address))
        return made

    return begin


def test_these_take_them():
    assert SIGNED == ["ga4", "google_ads", "search_console"]


@pytest.mark.parametrize("name", SIGNED)
def test_a_month_is_pulled_with_a_token_for_what_is_signed(theirs, name):
    pulled = theirs(name)
    assert pulled.land()
    assert pulled.rows()
    asked = [each for each in pulled.standin.asked if each.path == "/token"]
    assert len(asked) == 1
    assert {each.headers["authorization"] for each in pulled.standin.asked if each.path != "/token"} == {
        f"Bearer {FRESH}"
    }


def test_a_token_that_ends_early_is_asked_for_again(theirs):
    pulled = theirs("ga4")
    pulled.standin.faults = {1: [expired]}
    assert pulled.land()
    assert sum(each.path == "/token" for each in pulled.standin.asked) == 2


def test_platforms_that_share_a_connection_have_tokens_of_their_own(theirs):
    tokens = Tokens()
    for name in ("ga4", "search_console"):
        pulled = theirs(name)
        assert replace(pulled.puller, tokens=tokens)(pulled.account(), OCTOBER)
        paths = [each.path for each in pulled.standin.asked]
        assert paths[0] == "/token"
        assert paths.count("/token") == 1


def test_another_key_is_refused_with_what_helps(theirs, tmp_path):
    pulled = theirs("ga4", key_file(tmp_path, pem(rsa.generate_private_key(65537, 2048))))
    with pytest.raises(BadFileError, match=r"HTTP 400.*Invalid JWT Signature.*still has this key") as raised:
        pulled.land()
    assert "PRIVATE" not in str(raised.value)


def test_a_clock_that_is_wrong_is_refused(theirs):
    pulled = theirs("ga4")
    pulled.standin.state["now"] = 1_700_000_000
    with pytest.raises(BadFileError, match="clock of this machine"):
        pulled.land()


@pytest.mark.parametrize(
    "text",
    [
        "nothing",
        "",
        "-----BEGIN PRIVATE KEY-----\nMIIEv\n-----END PRIVATE KEY-----\n",
        pem(ec.generate_private_key(ec.SECP256R1())),
    ],
)
def test_what_is_no_key_of_theirs_is_refused_without_a_word_of_it(theirs, tmp_path, text):
    pulled = theirs("ga4", key_file(tmp_path, text))
    with pytest.raises(
        UsageError, match=r"^private_key: expected the RSA key of a service account"
    ) as raised:
        pulled.land()
    assert "MII" not in str(raised.value)


def test_a_key_copied_out_of_json_is_read(theirs, tmp_path, key):
    pulled = theirs("ga4", key_file(tmp_path, pem(key).replace("\n", "\\n")))
    assert pulled.land()


@pytest.mark.parametrize("content", ["nothing", "{}", "[]", '{"client_email": "a"}'])
def test_a_file_that_is_none_of_a_service_account_is_refused(theirs, tmp_path, content):
    path = tmp_path / "key.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(UsageError, match="expected the JSON file of a service account"):
        theirs("ga4", path).land()


def test_a_file_that_others_may_read_is_refused(theirs, tmp_path, key):
    path = key_file(tmp_path, pem(key))
    path.chmod(0o644)
    with pytest.raises(UsageError, match="only its owner may read"):
        theirs("ga4", path).land()


def test_nothing_of_the_key_or_of_what_was_signed_is_kept(theirs, key):
    pulled = theirs("google_ads")
    assert pulled.land()
    (asked,) = (each for each in pulled.standin.asked if each.path == "/token")
    line = pem(key).splitlines()[3].encode()
    kept = [each for each in pulled.texts() if b"service_account" not in each]
    assert kept
    assert not any(line in each or asked.body["assertion"].encode() in each for each in kept)


def test_a_platform_that_takes_none_asks_for_what_it_needs(theirs, key, tmp_path, standing, monkeypatch):
    made = standing("youtube")
    address = f"{made.url}?key_file={quote(str(key_file(tmp_path, pem(key))))}"
    monkeypatch.setattr(Pulled, "connection", property(lambda _: address))
    with pytest.raises(UsageError, match="expected 'client_id' in its connection"):
        made.land()

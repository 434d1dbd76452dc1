"""Nothing outlives the time of a slice, and a host is believed only by its certificate and for its own answers."""

from __future__ import annotations

import ipaddress
import ssl
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pulling import wire
from pulling.asking import Answer, Clock, GaveUpError, Patience, RefusedByPlatformError, Request
from pulling.platform import Signals
from pulling.signals import Judge
from pulling.wire import Wire
from scoring.errors import BadFileError
from tests.platforms.pulled import NOW, OCTOBER
from tests.platforms.standin import Handler, Reply, Server, Standin, how, status


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        (
            status(429, **{"Retry-After": "200"}),
            r"HTTP 429, and not all of it after 8 minutes; run again",
        ),
        (status(500), "HTTP 500, 6 times"),
    ],
)
def test_waiting_ends_with_the_time_of_the_slice(standing, fault, found):
    theirs = standing("mailchimp")
    theirs.patience = replace(theirs.patience, slice=500)
    theirs.standin.faults[1] = [fault] * 100
    with pytest.raises(BadFileError, match=found):
        theirs.land()
    assert theirs.clock.at <= 500
    theirs.standin.faults.clear()
    asked = len(theirs.standin.pages)
    assert theirs.land()
    # the page that was there is not asked for again
    assert theirs.standin.pages[asked:] == [1, 2]


def test_looking_after_a_report_ends_with_the_time_of_the_slice(standing):
    theirs = standing("meta_ads")
    theirs.patience = replace(theirs.patience, slice=45)
    behave, polled = theirs.standin.behave, []

    def never(asked, standin):
        reply = behave(asked, standin)
        if isinstance(reply.value, dict) and "async_status" in reply.value:
            polled.append(asked.path)
            return replace(reply, value={**reply.value, "async_status": "Job Running"})
        return reply

    theirs.standin.behave = never
    with pytest.raises(
        BadFileError, match="no end, and not all of it after 1 minutes; run again, which goes on"
    ):
        theirs.land()
    assert theirs.clock.at <= 45
    theirs.standin.behave = behave
    assert theirs.land()
    # the same report is gone on with
    assert len(set(polled)) == 1
    assert sum(each.path.endswith("/act_1001/insights") for each in theirs.standin.asked) == 1


def test_an_answer_that_drips_ends_with_the_time_of_the_slice(standing):
    theirs = standing("mailchimp")
    theirs.patience = replace(theirs.patience, slice=20, answer=1_000)

    def dripping(reply, _):
        theirs.clock.cost = 15.0
        return replace(reply, how="drip")

    theirs.standin.faults[1] = [dripping] * 100
    with pytest.raises(BadFileError, match="not all of it after 0 minutes"):
        theirs.land()
    assert len(theirs.standin.pages) <= 3


@pytest.mark.parametrize("page", [0, 1])
def test_headers_that_drip_end_with_the_time_of_an_answer(standing, page):
    """On a new connection, and on one that has answered before."""
    theirs = standing("mailchimp")
    theirs.patience = replace(theirs.patience, answer=0.4)
    theirs.standin.faults[page] = [how("dripping headers")] * 100
    began = time.monotonic()
    with pytest.raises(BadFileError, match="an answer that was not there after 0 s, 6 times"):
        theirs.land()
    assert time.monotonic() - began < 30
    theirs.standin.faults.clear()
    theirs.patience = Patience()
    assert theirs.land()


HALF_PAST = int(datetime(2026, 11, 20, 6, 0, 30, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("headers", "unit", "seconds"),
    [
        ({"x-ratelimit-reset": f"{HALF_PAST}"}, "epoch", 30),
        # said to be seconds, and in truth a time of day
        ({"x-ratelimit-reset": f"{HALF_PAST}"}, "seconds", 30),
        ({"x-ratelimit-reset": f"{HALF_PAST}000"}, "epoch", 30),
        ({"x-ratelimit-reset": f"{HALF_PAST}", "date": "Fri, 20 Nov 2026 06:00:10 GMT"}, "epoch", 20),
        ({"retry-after": "Fri, 20 Nov 2026 06:02:00 GMT"}, "epoch", 120),
        ({"x-ratelimit-reset": "7"}, "seconds", 7),
        # gone by already: as long as one waits anyway
        ({"x-ratelimit-reset": f"{HALF_PAST - 60}"}, "epoch", None),
        ({"x-ratelimit-reset": "soon"}, "epoch", None),
    ],
)
def test_a_time_of_day_is_waited_for_with_and_without_the_platforms_own(headers, unit, seconds):
    signals = Signals.model_validate({"wait": [{"header": "X-RateLimit-Reset", "unit": unit}]})
    judge = Judge(signals, str, NOW.timestamp)
    with pytest.raises(wire.AgainError) as raised:
        judge.json_of(Answer(429, headers, b"{}"))
    assert raised.value.seconds == seconds


@pytest.mark.parametrize(
    ("address", "is_theirs"),
    [
        ("https://api.example.com:443/next", True),
        ("https://API.example.com/next", True),
        ("https://api.example.com:444/next", False),
        ("http://api.example.com:443/next", False),
        ("https://api.example.com.evil.example/next", False),
    ],
)
def test_a_link_with_the_usual_port_is_one_to_the_same_host(address, is_theirs):
    asked = []

    def answer(request):
        asked.append(request)
        return httpx.Response(200, stream=httpx.ByteStream(b"{}"))

    it = Wire("https://api.example.com", lambda: {"X-Key": "k"})
    it.__dict__["_client"] = httpx.Client(transport=httpx.MockTransport(answer))
    if is_theirs:
        assert it.ask(Request("GET", address), lambda found: found.status) == 200
        assert asked[0].headers["x-key"] == "k"
    else:
        with pytest.raises(RefusedByPlatformError, match="an address of another host"):
            it.ask(Request("GET", address), lambda found: found.status)
        assert asked == []


def test_another_host_has_not_answered_what_this_one_is_asked(standing):
    theirs = standing("mailchimp")
    theirs.standin.faults[1] = [status(500)] * 6
    with pytest.raises(BadFileError):
        theirs.land()
    theirs.standin.pages.clear()
    here, theirs.url = theirs.url, theirs.url.replace("127.0.0.1", "localhost")
    assert theirs.land()
    assert theirs.standin.pages == [0, 1, 2]
    # what one has answered for good is asked of the other all the same
    theirs.now = NOW.replace(year=2027, month=9)
    assert theirs.land()
    assert not theirs.land()
    theirs.url = here
    theirs.standin.pages.clear()
    assert theirs.land()
    assert theirs.standin.pages == [0, 1, 2]
    assert b"localhost" not in b"".join(theirs.texts())


DAY = timedelta(days=1)


def certificate(subject, issuer=None, *, names=(), days=30):
    """A certificate and its key; without an issuer it signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)])
    its_name, its_key = (name, key) if issuer is None else (issuer[0].subject, issuer[1])
    end = datetime.now(UTC) + days * DAY
    made = (
        x509.CertificateBuilder(
            its_name, name, key.public_key(), x509.random_serial_number(), end - 60 * DAY, end
        )
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names or [x509.DNSName(subject)]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(its_key.public_key()), critical=False
        )
    )
    return made.sign(its_key, hashes.SHA256()), key


def written(path, certificate, key=None):
    text = certificate.public_bytes(serialization.Encoding.PEM)
    if key is not None:
        text += key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    path.write_bytes(text)
    return path


@pytest.fixture(scope="module")
def authority():
    return certificate("An Authority")


@pytest.fixture
def trusting(tmp_path, authority, monkeypatch):
    """The machine trusts the authority, by SSL_CERT_FILE."""
    monkeypatch.setenv("SSL_CERT_FILE", str(written(tmp_path / "trusted.pem", authority[0])))
    wire._certificates.cache_clear()
    yield
    wire._certificates.cache_clear()


@pytest.fixture
def secured(tmp_path, trusting):
    """Begins a server with a certificate; gives its address."""
    running = []

    def begin(made, said="whole"):
        server = Server(("127.0.0.1", 0), Handler)
        server.standin = Standin(lambda *_: Reply({}, how=said))
        server.handle_error = lambda *_: None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(written(tmp_path / "server.pem", *made))
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        running.append(server)
        return f"https://127.0.0.1:{server.server_port}"

    yield begin
    for server in running:
        server.standin.free.set()
        server.shutdown()
        server.server_close()


HERE = (x509.IPAddress(ipaddress.ip_address("127.0.0.1")),)


def asked_of(address, **patience):
    waits = []
    it = Wire(address, dict, Clock(sleep=waits.append), Patience(tries=2, **patience))
    try:
        return it.ask(Request("GET", "/"), lambda found: found.status), waits
    finally:
        it.close()


def test_a_certificate_of_somebody_who_is_trusted_is_believed(secured, authority):
    assert asked_of(secured(certificate("here", authority, names=HERE))) == (200, [])


def test_headers_that_drip_end_with_the_time_of_an_answer_in_tls_too(secured, authority):
    address = secured(certificate("here", authority, names=HERE), "dripping headers")
    with pytest.raises(GaveUpError, match="an answer that was not there after 0 s, 2 times"):
        asked_of(address, answer=0.4)


@pytest.mark.parametrize(
    ("made", "found", "hint"),
    [
        (
            lambda whose: certificate("here", whose, names=HERE, days=-1),
            "that has expired",
            "clock of this machine",
        ),
        (
            lambda whose: certificate("here", whose, names=HERE, days=90),
            "that is not valid yet",
            "clock of this",
        ),
        (lambda whose: certificate("there", whose), "of another host", "correct the host of the connection"),
        (lambda _: certificate("here", names=HERE), "that it has signed itself", "let SSL_CERT_FILE name"),
        (
            lambda _: certificate("here", certificate("Another"), names=HERE),
            "of somebody who is not trusted here",
            "let SSL_CERT_FILE name",
        ),
    ],
)
def test_a_certificate_that_is_not_believed_says_why_and_is_not_asked_again(
    secured, authority, made, found, hint
):
    address = secured(made(authority))
    with pytest.raises(GaveUpError, match=f"^a certificate {found}$") as raised:
        asked_of(address)
    assert hint in raised.value.hint


def test_a_host_that_speaks_in_the_open_says_so(standing):
    theirs = standing("mailchimp")
    with pytest.raises(GaveUpError, match="a host that does not speak TLS, 2 times") as raised:
        asked_of(theirs.url.replace("http:", "https:"))
    assert "port" in raised.value.hint


def test_a_drip_of_a_real_clock_is_cut(standing):
    theirs = standing("mailchimp")
    theirs.patience = replace(theirs.patience, slice=0.3, read=5)
    theirs.standin.faults[0] = [how("silent")] * 9
    clock = Clock(sleep=lambda _: None)
    puller = replace(theirs.puller, clock=clock)
    began = clock.now()
    with pytest.raises(BadFileError, match="not all of it after 0 minutes"):
        puller(theirs.account(), OCTOBER)
    assert clock.now() - began < 3

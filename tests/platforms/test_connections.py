"""What a connection may look like, what is refused of it, and a platform of one's own."""

from __future__ import annotations

import json
import re
from pathlib import Path
from shutil import copytree

import pytest
import yaml

from etl.account import Account
from etl.formats.library import formats_of
from etl.formats.source import sources_of
from pulling.credentials import credentials_of
from pulling.ending import ending
from pulling.platform import Platform, PlatformError, platforms_with, shipped_platforms
from pulling.trial import ask_once, told
from scoring.errors import BadFileError, UsageError
from settings import ROOT
from tests.pipeline.command import here
from tests.platforms.pulled import NOW, OCTOBER, small
from tests.platforms.standin import MAY_ASK, Reply, Standin

HOW_TO = Path(__file__).resolve().parents[2] / "docs/how-to/pull-from-a-platform.md"
WHOSE = Account("meta_ads", "1", None, "UTC", (), connection="theirs", platform="meta_ads")


@pytest.mark.parametrize(
    "said",
    [
        "https://:a%2Fb-token@graph.example?client_id=x",
        # as Airflow writes it, with a host that has a scheme
        "http://https://:a%2Fb-token@graph.example/?client_id=x",
        "http://:a%2Fb-token@graph.example?__extra__=%7B%22client_id%22%3A+%22x%22%7D",
        json.dumps(
            {
                "conn_type": "http",
                "host": "https://graph.example",
                "password": "a/b-token",
                "extra": {"client_id": "x"},
            }
        ),
        json.dumps(
            {
                "conn_type": "http",
                "host": "graph.example",
                "password": "a/b-token",
                "extra": '{"client_id": "x"}',
            }
        ),
    ],
)
@pytest.mark.parametrize("is_file", [False, True])
def test_a_connection_is_an_address_or_json_or_a_file_with_one(tmp_path, said, is_file):
    if is_file:
        path = tmp_path / "connection"
        path.write_text(f"{said}\n", "utf-8")
        path.chmod(0o600)
        said = f"file:{path}"
    found = credentials_of(WHOSE, {"theirs": said})
    assert (found.base, found.values["token"], found.values["client_id"]) == (
        "https://graph.example",
        "a/b-token",
        "x",
    )
    assert "a/b-token" not in repr(found)
    assert found.secrets.hidden(r"a/b-token a%2Fb-token a\/b-token") == "*** *** ***"


@pytest.mark.parametrize(
    "said", ["", "s3cret-word", "{broken s3cret-word", "https://:s3cret-word@host:port", '["s3cret-word"]']
)
def test_what_is_no_connection_is_refused_without_a_word_of_it(said):
    with pytest.raises(
        UsageError, match="SCOREWRIGHT_CONNECTION_THEIRS: expected an address such as"
    ) as raised:
        credentials_of(WHOSE, {"theirs": said})
    assert "s3cret" not in str(raised.value)


def test_a_file_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "connection"
    with pytest.raises(UsageError, match="No such file"):
        credentials_of(WHOSE, {"theirs": f"file:{path}"})
    path.write_text("https://:token@host", "utf-8")
    path.chmod(0o640)
    with pytest.raises(UsageError, match=r"only its owner may read .* run `chmod 600"):
        credentials_of(WHOSE, {"theirs": f"file:{path}"})


def test_a_connection_that_lacks_something_says_what():
    with pytest.raises(
        UsageError, match="expected its connection 'theirs', found none; set SCOREWRIGHT_CONNECTION_THEIRS"
    ):
        credentials_of(WHOSE, {})


def test_what_a_platform_needs_is_asked_for(standing):
    theirs = standing("google_ads")
    account = theirs.account(connection=None)
    with pytest.raises(UsageError, match="expected 'developer_token' in its connection"):
        theirs.puller(account, OCTOBER)


def test_one_cheap_question(standing):
    theirs = standing("hubspot_contacts")
    answered = ask_once(theirs.puller, theirs.account())
    assert [*told(answered, theirs.account(), NOW.date())] == [
        "hubspot/1001: HubSpot answers, 0 rows of 2026-11-19 on the first page",
        "  X-HubSpot-RateLimit-Remaining: 95",
    ]
    assert len(theirs.standin.asked) == 1
    assert [*theirs.texts()] == []
    theirs.standin.valid.clear()
    with pytest.raises(
        BadFileError, match=r"hubspot/1001: expected an answer of HubSpot, found HTTP 401; put a new"
    ):
        ask_once(theirs.puller, theirs.account())


@pytest.mark.parametrize(
    ("sunset", "said"),
    [("2026-12-20", "ends in 30 days"), ("2026-11-19", "has ended"), ("2027-01-20", None), (None, None)],
)
def test_the_end_of_a_version_is_said_sixty_days_before(sunset, said):
    platform = shipped_platforms()["shopify"].model_dump()
    made = Platform.model_validate({**platform, "version": {"name": "v1", "sunset": sunset}})
    lines = [*ending(made, NOW.date())]
    assert [said in line for line in lines] == ([True] if said else [])


def test_a_file_that_is_no_platform_says_where(tmp_path):
    (tmp_path / "fairs.yaml").write_text(
        "source: fairs\ntitle: Fairs\nurl: http://plain.example\nquestions: []\n", "utf-8"
    )
    with pytest.raises(
        PlatformError, match=r"fairs.yaml: url: expected what a platform can say, found 'http://plain.exa"
    ):
        platforms_with(tmp_path)
    (tmp_path / "fairs.yaml").write_text("a: [", "utf-8")
    with pytest.raises(PlatformError, match=r"fairs\.yaml: expected what a platform can say"):
        platforms_with(tmp_path)


def test_the_platform_of_the_how_to_is_pulled_and_read(standing, tmp_path):
    yamls = re.findall(r"```yaml\n(.*?)```", HOW_TO.read_text("utf-8"), re.DOTALL)
    said, form = (
        next(each for each in yamls if start in each)
        for start in ("url: https://api.fairs", "lead_id: number")
    )
    platform = small(Platform.model_validate(yaml.safe_load(said)))
    leads = [{"number": at, "received": f"2026-10-{at % 28 + 1:02}", "stand": "A"} for at in range(61)]

    def fairs(asked, standin: Standin) -> Reply:
        assert asked.headers["x-api-key"] == MAY_ASK
        assert (asked.params["from"], asked.params["to"], asked.params["event"]) == (
            "2026-10-01",
            "2026-10-31",
            "f-1",
        )
        at = (int(asked.params["page"]) - 1) * 25
        return Reply({"count": 61, "leads": leads[at : at + 25]}, page=at // 25)

    theirs = standing("ecb")
    theirs.name, theirs.platform, theirs.standin.behave = "trade_fairs", platform, fairs
    assert theirs.land("f-1")
    assert theirs.standin.pages == [0, 1, 2]
    formats = tmp_path / "formats"
    formats.mkdir()
    (formats / "trade_fairs_leads.yaml").write_text(form, "utf-8")
    account = theirs.account("f-1")
    files = theirs.landing.latest("trade_fairs", "f-1", OCTOBER).files
    read = sources_of(formats_of(formats))["trade_fairs"].read(files, account, OCTOBER)
    assert sorted(read.tables["fct_lead"]["lead_id"].to_pylist(), key=int) == [
        str(each) for each in range(61)
    ]


def test_the_command_asks_once_and_names_the_accounts_that_it_can_ask(standing, tmp_path):
    theirs = standing("hubspot_contacts")
    book = tmp_path / "book"
    copytree(ROOT / "config", book)
    sources = book / "sources.yaml"
    text = sources.read_text("utf-8")
    files = re.compile(r'files:\n +- "hubspot/26719043/contacts.*\n.*deals.*')
    assert files.search(text)
    sources.write_text(
        files.sub("platform: hubspot_contacts\n      connection: theirs", text, count=1), "utf-8"
    )
    entity = "26719043"
    settings = {"config": book, "home": tmp_path / "home", "connection_theirs": theirs.connection}
    done = here("sources", "test", f"hubspot/{entity}", **settings)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"hubspot/{entity}: HubSpot answers, 0 rows of ")
    done = here("sources", "test", "hubspot/nobody", **settings)
    assert done.code == 2
    assert f"SOURCE/ENTITY: expected one of hubspot/{entity}, found 'hubspot/nobody'." in done.err
    done = here("sources", "test", "hubspot/2671904", **settings)
    assert f"found 'hubspot/2671904' (did you mean hubspot/{entity}?)." in done.err
    done = here("sources", "test", "fx_rates/ecb", **settings)
    assert "found 'fx_rates/ecb', which is not pulled" in done.err
    done = here("sources", "login", "hubspot_contact", **settings)
    found = "found 'hubspot_contact' (did you mean hubspot_contacts?)."
    assert (done.code, f"PLATFORM: expected one of hubspot_contacts, {found}" in done.err) == (2, True)
    theirs.standin.valid.clear()
    done = here("sources", "test", f"hubspot/{entity}", **settings)
    assert done.code == 3
    assert "found HTTP 401; put a new token into the connection" in done.err
    assert "canary" not in done.out + done.err

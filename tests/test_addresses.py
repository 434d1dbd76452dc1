"""No address tells its secret, however it is written and whoever speaks of it."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa

from delivery.channels import channels_from_urls
from disk.address import shown, without_secrets
from ledger import migrate_ledger
from scoring.errors import ScorewrightError, UsageError
from settings import Settings
from warehouse import open_warehouse

CANARY = "c4n4ryS3cret"

ADDRESSES = [
    f"postgresql://u:{CANARY}@127.0.0.1:1/x",
    f"postgresql+psycopg://u:{CANARY}@127.0.0.1:1/x",
    f"postgresql://u:p{CANARY}%40%2F@127.0.0.1:1/x?connect_timeout=1",
    f"postgresql://u@127.0.0.1:1/x?password={CANARY}",
    f"postgresql://127.0.0.1:1/x?user=u&password={CANARY}&sslpassword={CANARY}",
    f"postgresql://u@127.0.0.1:1/x?passfile=/{CANARY}&sslkey={CANARY}",
    f"postgresql://u@127.0.0.1:1/x?PassWord={CANARY}",
    f"postgresql://u@127.0.0.1:1/x?pass%77ord={CANARY}",
    f"postgresql://u:half@{CANARY}@127.0.0.1:1/x",
    f"postgresql://u:{CANARY}@half@127.0.0.1:1/x",
    f"postgresql://u:half/{CANARY}@127.0.0.1:1/x",
    f"postgresql://u:half?{CANARY}@127.0.0.1:1/x",
    f"postgresql://u:half#{CANARY}@127.0.0.1:1/x",
    f"postgresql://u:half:{CANARY}@127.0.0.1:1/x",
    f"postgresql://u:{CANARY}/x",
    f"postgresql://u:pw@127.0.0.1:{CANARY}/x",
    f"postgresql://u:pw@127.0.0.1:99999/x?password={CANARY}",
    f"postgresql://u:pw@[::1/{CANARY}",
    f"postgresql://u:{CANARY}@[::1]:1/x",
    f"postgresql://127.0.0.1:1/x?password=a@{CANARY}",
    f"postgresql:/u:{CANARY}@127.0.0.1/x",
    f"postgres://u:{CANARY}@127.0.0.1/x",
    f"mysql://u:{CANARY}@127.0.0.1/x",
    f"u:{CANARY}@127.0.0.1/x",
    f"sqlite:///nowhere/at/all/x?key={CANARY}",
    f"sqlite:///:memory:?key={CANARY}",
    f"sqlite://u:{CANARY}@h/x",
    f"duckdb://u:{CANARY}@h/x?y:z",
    f"duckdb:///a:b?token={CANARY}",
    f"smtp://u:{CANARY}@127.0.0.1:1",
    f"smtp://u:half@{CANARY}@127.0.0.1:1",
    f"smtp://u:half/{CANARY}@127.0.0.1:1",
    f"smtp://u:half?{CANARY}@127.0.0.1:1",
    f"smtp://u:half#{CANARY}@127.0.0.1:1",
    f"smtp://u:half {CANARY}:x@127.0.0.1:1",
    f"smtp://u:pw@127.0.0.1:{CANARY}",
    f"smtps://u:{CANARY}@127.0.0.1:1?tls={CANARY}",
    f"smtps://[u:{CANARY}@127.0.0.1:1",
    f"ftp://u:{CANARY}@127.0.0.1",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_shown_has_no_secret(address):
    assert CANARY not in shown(address)
    assert CANARY.lower() not in shown(address).lower()


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_error_and_no_log_line_tells_a_secret(address, tmp_path, caplog):
    """Each address at each place that takes one: refused, or tried in vain, in a sentence without it."""
    caplog.set_level(logging.DEBUG)
    settings = Settings.from_environment(
        {
            "SCOREWRIGHT_HOME": str(tmp_path),
            "SCOREWRIGHT_WAREHOUSE": address,
            "SCOREWRIGHT_LEDGER": address,
            "SCOREWRIGHT_DELIVERY": address,
        }
    )
    said = [repr(settings)]
    for use in (_migrate, _open, _channels):
        try:
            said.append(repr(use(settings)))
        except ScorewrightError as error:
            said += [
                str(error),
                repr(error),
                repr(error.__context__) if not error.__suppress_context__ else "",
            ]
    found = "\n".join([*said, *caplog.messages])
    assert CANARY.lower() not in found.lower()


def _migrate(settings):
    return migrate_ledger(settings.ledger_url)


def _open(settings):
    warehouse = open_warehouse(settings.warehouse_url, 1)
    said = [repr(warehouse), repr(getattr(warehouse, "engine", None))]
    if settings.warehouse_url.startswith("postgresql"):
        warehouse.exists()
    return said


def _channels(settings):
    channels = channels_from_urls(settings.delivery_url, settings.outbox)
    return [(channel, channel.name) for channel in channels]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("postgresql://u@h/x", "postgresql://u@h/x"),
        ("postgresql://u:secret@h:5432/x", "postgresql://u:***@h:5432/x"),
        ("postgresql://u:secret@[::1]:5432/x", "postgresql://u:***@[::1]:5432/x"),
        ("postgresql://h/x?password=secret", "postgresql://h/x?***"),
        ("postgresql:///x?host=/run/postgresql", "postgresql:///x?***"),
        ("sqlite:////home/a@b/ledger.sqlite", "sqlite:////home/a@b/ledger.sqlite"),
        ("postgresql://u:secret@h:port/x", "postgresql://u:***@***"),
        ("nothing at all", "***"),
    ],
)
def test_what_is_no_secret_is_shown(address, expected):
    assert shown(address) == expected


@pytest.mark.parametrize(
    "address", ["postgresql://u@h:port/x", "postgresql://u@h:99999/x", "postgresql://u:a@b@h/x"]
)
def test_a_host_or_port_that_is_none_is_refused_in_one_sentence(address, tmp_path):
    for use in (open_warehouse, migrate_ledger):
        with pytest.raises(UsageError, match="expected an address such as") as refused:
            use(address)
        assert "\n" not in str(refused.value)


def test_the_words_of_a_driver_are_cleared_of_the_password():
    url = sa.make_url(f"postgresql://u:{CANARY}@h/x")
    assert without_secrets(f"no host {CANARY}@h", url) == "no host ***@h"


@pytest.mark.parametrize("form", ["u:{secret}@", "u:{secret}@?sslpassword={secret}", "?password={secret}"])
def test_a_database_that_answers_is_used_without_a_word_of_the_secret(postgres, caplog, form):
    """Also what the libraries log at DEBUG, and what they print of themselves."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy").setLevel(logging.DEBUG)
    plain = sa.make_url(str(postgres.new_database()))
    login, _, query = form.format(secret=CANARY).partition("?")
    address = (
        f"postgresql://{login.replace('u:', f'{plain.username}:')}{plain.host}:{plain.port}/{plain.database}"
    )
    if not login:
        query += f"&user={plain.username}"
    address += f"?{query}" if query else ""
    try:
        migrate_ledger(address)
        warehouse = open_warehouse(address)
        assert not warehouse.exists()
    finally:
        logging.getLogger("sqlalchemy").setLevel(logging.NOTSET)
    assert len(caplog.messages) > 20
    said = "\n".join([caplog.text, repr(warehouse), repr(warehouse.engine), repr(warehouse.engine.url)])
    assert CANARY not in said

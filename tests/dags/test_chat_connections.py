"""A Connection of Airflow as the webhook of a chat group, or as a passphrase: found by its name, told by nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

from settings import ROOT
from tests.book.books import VALID
from tests.pipeline.exports import change

TASK = """
import logging
logging.basicConfig(level=logging.DEBUG)
import scorecard_connections as connections
import scorecard_run as run
run._made_by = lambda: "a test"
hidden = []
connections.mask_secret = hidden.append
with run.open_site(None, mailing=True) as (site, _):
    print([channel.kind for channel in site.channels])
    chat = site.channels[1]
    print(site.settings, chat, repr(chat.webhook("north_people")))
    assert chat.webhook("north_people").secret == "SECc4n4ry0of0the0robot"
    assert chat.webhook("north_people").query == "access_token=c4n4ry-token"
    assert len(hidden) == 2, len(hidden)
    assert site.settings.connections["everybody"] == "c4n4ry of all readers"
    assert len(hidden) == 3, len(hidden)
"""


def test_the_connection_is_found_beside_that_of_the_mail_and_its_secrets_are_told_by_nothing(tmp_path):
    config = shutil.copytree(VALID, tmp_path / "config")
    group = "  groups:\n    - {channel: dingtalk, connection: north_people}\nsouth:"
    change(config / "teams.yaml", lambda book: book.replace("south:", group, 1))
    passphrases = "mail: {passphrases: {'*': everybody}}\n"
    change(config / "organisation.yaml", lambda book: book + passphrases)
    connection = {
        "conn_type": "http",
        "password": "https://oapi.dingtalk.com/robot/send?access_token=c4n4ry-token",
        "extra": {"secret": "SECc4n4ry0of0the0robot"},
    }
    done = subprocess.run(
        [sys.executable, "-c", TASK],
        env={
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "PYTHONPATH": f"{ROOT}:{ROOT / 'dags'}",
            "AIRFLOW_HOME": str(tmp_path),
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "DEBUG",
            "AIRFLOW_CONN_SCOREWRIGHT_SMTP": "smtp://127.0.0.1:1",
            "AIRFLOW_CONN_NORTH_PEOPLE": json.dumps(connection),
            "AIRFLOW_CONN_EVERYBODY": json.dumps({"conn_type": "http", "password": "c4n4ry of all readers"}),
            "SCOREWRIGHT_CONFIG": str(config),
            "SCOREWRIGHT_HOME": str(tmp_path / "home"),
            "SCOREWRIGHT_DELIVERY": "file: dingtalk:",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "['mail', 'dingtalk']" in done.stdout
    assert not [part for part in ("c4n4ry", "SECc4") if part in said]

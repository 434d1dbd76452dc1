"""The password of the Connection is told by nothing that a mailing task says, at DEBUG, whatever fails."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from settings import ROOT

CANARY = "c4n4ry/S3cret@x"
SPELLINGS = ("c4n4ry", "S3cret", "s3cret")
TASK = """
import logging, sys, traceback
logging.basicConfig(level=logging.DEBUG)
import scorecard_connections as connections
import scorecard_run as run
from delivery.channels import channels_from_urls, Envelope
from airflow.sdk.log import mask_secret
run._made_by = lambda: "a test"
hidden = []
connections.mask_secret = hidden.append
try:
    with run.open_site(None, mailing=True) as (site, _):
        print(site, site.settings)
        for channel in channels_from_urls(site.settings.delivery_url, site.settings.outbox):
            print(channel, channel.name)
            channel.send(b"x", Envelope("a@b.example", "c@d.example", "x"))
except (Exception, SystemExit) as error:
    logging.exception("failed")
    print(repr(error))
sys.exit(0 if len(hidden) == 1 else 9)
"""


@pytest.mark.parametrize(
    "connection", ["smtp://u:{}@127.0.0.1:1", "smtp://u:{}@127.0.0.1:1/?tls=never&timeout=abc"]
)
def test_no_output_has_the_password_of_the_connection(tmp_path, connection):
    done = subprocess.run(
        [sys.executable, "-c", TASK],
        env={
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "PYTHONPATH": f"{ROOT}:{ROOT / 'dags'}",
            "AIRFLOW_HOME": str(tmp_path),
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "DEBUG",
            "AIRFLOW_CONN_SCOREWRIGHT_SMTP": connection.format("c4n4ry%2FS3cret%40x"),
            "SCOREWRIGHT_HOME": str(tmp_path / "home"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "127.0.0.1:1" in said or "delivery address: expected" in said
    assert not [part for part in SPELLINGS if part in said]

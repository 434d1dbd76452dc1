"""The units for a host without containers: systemd itself reads them, where it is."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from settings import ROOT, Settings

UNITS = ROOT / "containers/systemd"
SERVICES = ("scheduler", "dag-processor", "triggerer", "api-server")


def test_the_target_wants_every_service_of_airflow():
    wanted = (UNITS / "scorewright.target").read_text("utf-8")
    assert all(f"scorewright-airflow@{service}.service" in wanted for service in SERVICES)
    started = subprocess.run(
        [Path(sys.executable).with_name("airflow"), "--help"], capture_output=True, text=True, check=True
    )
    assert all(f" {service} " in started.stdout for service in SERVICES)


@pytest.mark.parametrize("file", ["docs/how-to/run-on-one-host.md", "script/airflow-env"])
def test_the_settings_without_containers_turn_the_page_of_the_cards_on(file):
    text = (ROOT / file).read_text("utf-8")
    (folder,) = re.findall(
        r"^AIRFLOW__CORE__PLUGINS_FOLDER=(?:/opt/scorewright|\$PWD)/(.+)$", text, re.MULTILINE
    )
    assert list((ROOT / folder).glob("*.py"))


def test_scorewright_reads_the_settings_of_the_page(tmp_path):
    text = (ROOT / "docs/how-to/run-on-one-host.md").read_text("utf-8")
    (file,) = re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    (tmp_path / "scorewright.toml").write_text(file, "utf-8")
    given = dict(re.findall(r"^(SCOREWRIGHT_\w+)='?([^'\n]+)'?$", text, re.MULTILINE))
    assert given["SCOREWRIGHT_SETTINGS"] == "/srv/scorecards/scorewright.toml"
    settings = Settings.from_environment(
        {**given, "SCOREWRIGHT_SETTINGS": str(tmp_path / "scorewright.toml")}
    )
    assert str(settings.home) == "/var/lib/scorewright/home"
    assert settings.ledger_url == settings.warehouse_url == "postgresql://scorecards@localhost/scorecards"
    # the password stands beside Airflow's secrets, and not in the file
    assert "PASSWORD" not in file
    assert re.search(r"^PGPASSWORD=PASSWORD$", text, re.MULTILINE)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_finds_no_fault_in_the_units(tmp_path):
    for unit in UNITS.iterdir():
        # the program is where this one is installed
        text = unit.read_text("utf-8").replace("/opt/scorewright/.venv/bin/airflow", "/bin/true")
        (tmp_path / unit.name).write_text(text, "utf-8")
    done = subprocess.run(
        [
            "systemd-analyze",
            "verify",
            *tmp_path.iterdir(),
            tmp_path / "scorewright-airflow@scheduler.service",
        ],
        capture_output=True,
        text=True,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

"""The units for a host without containers: systemd itself reads them, where it is."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.settings import ROOT

UNITS = ROOT / "containers/systemd"
SERVICES = ("scheduler", "dag-processor", "triggerer", "api-server")


def test_the_target_wants_every_service_of_airflow():
    wanted = (UNITS / "scorewright.target").read_text("utf-8")
    assert all(f"scorewright-airflow@{service}.service" in wanted for service in SERVICES)
    started = subprocess.run(
        [Path(sys.executable).with_name("airflow"), "--help"], capture_output=True, text=True, check=True
    )
    assert all(f" {service} " in started.stdout for service in SERVICES)


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

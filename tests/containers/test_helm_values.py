"""The values for Airflow's Helm chart: known keys, no secret, and each pod has what it uses and no more.

With a chart in AIRFLOW_CHART (a folder or its .tgz) and `helm` on the path they are rendered, too.
"""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from settings import ROOT, Settings

VALUES_FILE = ROOT / "containers/helm/values.yaml"
VALUES: dict[str, Any] = yaml.safe_load(VALUES_FILE.read_text("utf-8"))
KEYS = yaml.safe_load(Path(__file__).with_name("helm_keys.yaml").read_text("utf-8"))
CHART = os.environ.get("AIRFLOW_CHART", "")
KINDS = {
    str: "string",
    bool: "boolean",
    int: "integer",
    list: "array",
    dict: "object",
    type(None): "null",
}
STORE = {"object-store"}
AIRFLOWS = {"airflow-database", "airflow-fernet", "airflow-api"}
NEEDED = {
    "wait-for-airflow-migrations": AIRFLOWS,
    "run-airflow-migrations": AIRFLOWS,
    # the last one for the page of the issued cards
    "api-server": AIRFLOWS | STORE | {"airflow-jwt", "airflow-admin", "scorewright"},
    "scheduler": AIRFLOWS | {"airflow-jwt"},
    "dag-processor": AIRFLOWS,
    "triggerer": AIRFLOWS | STORE,
    # a task has no way into Airflow's database
    "base": STORE | {"scorewright"},
}
"""Each container with the Secrets that it is given."""


def task_pod() -> dict[str, Any]:
    """The pod of a task as the values have it, with words where the chart puts its own."""
    words = re.sub(r"\{\{ toJson [^}]*\}\}", "{}", VALUES["podTemplate"])
    pod: dict[str, Any] = yaml.safe_load(re.sub(r"\{\{[^}]*\}\}", "word", words))
    return pod


def leaves(part: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Each value by its path, as deep as the list of known keys goes."""
    if isinstance(part, dict) and path not in KEYS:
        for name, inner in part.items():
            yield from leaves(inner, f"{path}.{name}".lstrip("."))
    else:
        yield path, part


def test_every_key_is_one_of_the_chart_and_has_its_type():
    used = dict(leaves(VALUES))
    assert set(used) == set(KEYS)
    assert [path for path, value in used.items() if KINDS[type(value)] not in KEYS[path]] == []


def test_no_secret_stands_in_the_values():
    """Not under a key of the chart that would take one, nor in an environment, nor in an address."""
    takes_one = re.compile(
        r"(?i)(pass|password|token|fernetKey|jwtSecret|apiSecretKey|brokerUrl|connection)$"
    )
    assert [path for path, _ in leaves(VALUES) if takes_one.search(path)] == []
    entries = [*VALUES["apiServer"]["env"], *VALUES["triggerer"]["env"], *VALUES["env"]]
    named = [entry for entry in entries if re.search(r"PASSWORD$|SECRET|KEY", entry["name"])]
    assert named
    assert [entry["name"] for entry in named if "secretKeyRef" not in entry.get("valueFrom", {})] == []
    assert re.findall(r"://[^/\s@]*:[^/\s@]*@", VALUES_FILE.read_text("utf-8")) == []


def test_airflow_is_the_one_of_the_lock():
    lock = (ROOT / "uv.lock").read_text("utf-8")
    assert f'name = "apache-airflow"\nversion = "{VALUES["airflowVersion"]}"' in lock


def test_the_user_and_the_folders_are_those_of_the_image():
    image = (ROOT / "Dockerfile").read_text("utf-8")
    assert f"USER {VALUES['uid']}:{VALUES['gid']}" in image
    assert f"AIRFLOW_HOME={VALUES['airflowHome']}" in image
    assert f"AIRFLOW__CORE__DAGS_FOLDER={VALUES['dags']['mountPath']}" in image
    (start,) = VALUES["apiServer"]["args"]
    assert (ROOT / start.removeprefix("/opt/scorewright/")).stat().st_mode & 0o111


def test_scorewright_accepts_the_settings_of_a_task():
    (container,) = task_pod()["spec"]["containers"]
    given = {entry["name"]: entry["value"] for entry in container["env"]}
    image = {"SCOREWRIGHT_CONFIG": "/opt/scorewright/config"}
    settings = Settings.from_environment(image | {k: v for k, v in given.items() if "SCOREWRIGHT" in k})
    assert settings.ledger_url == settings.warehouse_url == given["SCOREWRIGHT_WAREHOUSE"]


def test_the_page_of_the_cards_is_on_and_reads_where_the_tasks_write():
    shown = {entry["name"]: entry for entry in VALUES["apiServer"]["env"]}
    folder = shown["AIRFLOW__CORE__PLUGINS_FOLDER"]["value"]
    assert folder == f"{VALUES['dags']['mountPath']}/plugins"
    assert list((ROOT / folder.removeprefix("/opt/scorewright/")).glob("*.py"))
    (container,) = task_pod()["spec"]["containers"]
    written = {entry["name"]: entry["value"] for entry in container["env"]}
    for name in ("SCOREWRIGHT_WAREHOUSE", "SCOREWRIGHT_HOME"):
        assert shown[name]["value"] == written[name]
    # of the Secret that the tasks have, its password for the database and no way to send
    of_tasks = [entry["valueFrom"]["secretKeyRef"] for entry in shown.values() if "valueFrom" in entry]
    assert [one["key"] for one in of_tasks if one["name"] == "scorewright"] == ["PGPASSWORD"]


@pytest.fixture(scope="module")
def rendered() -> list[dict[str, Any]]:
    """What the chart makes of the values."""
    if not CHART or not shutil.which("helm"):
        pytest.skip("AIRFLOW_CHART names no chart of Airflow, or there is no helm")
    done = subprocess.run(
        ["helm", "template", "scorecards", CHART, "-f", str(VALUES_FILE)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return [part for part in yaml.safe_load_all(done.stdout) if part]


def pods(rendered: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The specification of each pod, the one of a task included."""
    yield yaml.safe_load(config(rendered)["pod_template_file.yaml"])["spec"]
    for part in rendered:
        if part["kind"] in {"Deployment", "StatefulSet", "Job"}:
            yield part["spec"]["template"]["spec"]


def config(rendered: list[dict[str, Any]]) -> dict[str, str]:
    (found,) = (part["data"] for part in rendered if part["kind"] == "ConfigMap")
    files: dict[str, str] = found
    return files


def containers(rendered: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for pod in pods(rendered):
        yield from [*pod.get("initContainers", []), *pod["containers"]]


def secrets_of(container: dict[str, Any]) -> set[str]:
    single = [
        entry["valueFrom"]["secretKeyRef"]["name"] for entry in container["env"] if "valueFrom" in entry
    ]
    whole = [entry["secretRef"]["name"] for entry in container.get("envFrom") or []]
    return {*single, *whole}


def test_rendered_each_container_is_given_the_secrets_it_uses_and_the_chart_makes_none(rendered):
    assert [part["metadata"]["name"] for part in rendered if part["kind"] == "Secret"] == []
    given = {container["name"]: secrets_of(container) for container in containers(rendered)}
    assert given == NEEDED


def test_rendered_no_container_is_root_or_may_write_its_image(rendered):
    assert [pod["securityContext"]["runAsUser"] for pod in pods(rendered)] == [50000] * 6
    for container in containers(rendered):
        rights = container["securityContext"]
        assert rights["readOnlyRootFilesystem"] is True
        assert rights["capabilities"] == {"drop": ["ALL"]}
        assert rights["allowPrivilegeEscalation"] is False


def test_rendered_every_container_is_our_image_and_is_asked_for_nothing_that_it_lacks(rendered):
    images = {container["image"] for container in containers(rendered)}
    assert images == {"registry.company.example/scorewright:2026-11"}
    whole = yaml.safe_dump(rendered)
    assert "/entrypoint" not in whole
    assert "/clean-logs" not in whole
    long = [one for one in containers(rendered) if not one["name"].startswith("wait-for")]
    assert all(one["resources"]["limits"]["memory"] for one in long)


def test_rendered_airflow_is_told_where_everything_is(rendered):
    told = configparser.RawConfigParser()
    told.read_string(config(rendered)["airflow.cfg"])
    assert told["core"]["executor"] == "KubernetesExecutor"
    assert told["core"]["dags_folder"] == "/opt/scorewright/dags"
    assert told["core"]["execution_api_server_url"] == "http://scorecards-api-server:8080/execution/"
    assert told["logging"]["remote_logging"] == "True"
    assert told["kubernetes_executor"]["pod_template_file"].startswith("/srv/airflow/")

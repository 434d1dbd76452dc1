"""docker-compose.yaml keeps its promises: secrets, limits, rights and health of each service."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from disk.objects import object_path
from settings import ROOT, Settings

TEXT = (ROOT / "docker-compose.yaml").read_text("utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
JOBS = {"init", "example"}
OURS = {"init", "example", "api-server", "scheduler", "dag-processor", "triggerer", "worker"}
VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z_]+)(?::([-?])([^}]*))?\}")

NEEDED = {
    "POSTGRES_PASSWORD": {"postgres"},
    "AIRFLOW_DATABASE_PASSWORD": {
        *("postgres", "init", "api-server", "scheduler", "dag-processor", "triggerer"),
    },
    "SCORECARDS_DATABASE_PASSWORD": {"postgres", "api-server", "worker", "example"},
    "REDIS_PASSWORD": {"redis", "scheduler", "worker"},
    "AIRFLOW_FERNET_KEY": {"api-server", "scheduler", "dag-processor", "triggerer"},
    "AIRFLOW_JWT_SECRET": {"api-server", "scheduler"},
    "AIRFLOW_SECRET_KEY": {"api-server", "triggerer", "worker"},
    "AIRFLOW_ADMIN_PASSWORD": {"api-server"},
    # may hold the login of the mail server
    "MAIL_ADDRESS": {"worker"},
}
"""Each secret with the services that use it."""


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> dict[str, Any]:
    return SERVICES[request.param]


def variables(part: object) -> Iterator[tuple[str, str]]:
    """Every variable in a part of the file, with what stands after it: `-` for a default, `?` for a must."""
    for name, kind, _ in VARIABLE.findall(yaml.safe_dump(part, width=10_000)):
        yield name, kind


def written(folder: Path, *options: str) -> dict[str, str]:
    """What `script/compose-env` writes in a folder that has none of its own."""
    (folder / "script").mkdir(exist_ok=True)
    script = folder / "script/compose-env"
    script.write_bytes((ROOT / "script/compose-env").read_bytes())
    subprocess.run(["sh", script, *options], check=True, capture_output=True)
    lines = (folder / ".env").read_text("utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if not line.startswith("#"))
    return {name: value.strip("'") for name, _, value in pairs}


def test_there_are_the_services_of_airflow_and_two_workers():
    assert set(SERVICES) == {*OURS, "postgres", "redis", "mail", "objects"}
    assert SERVICES["worker"]["deploy"] == {"mode": "replicated", "replicas": 2}


def test_every_secret_must_be_given_and_none_stands_in_the_file():
    found = dict(variables(COMPOSE))
    assert set(NEEDED) <= set(found)
    assert {name for name, kind in found.items() if kind == "?"} == set(NEEDED)
    assert {kind for name, kind in variables(COMPOSE) if name in NEEDED} == {"?"}
    for name in re.findall(r"^ +(\w*(?:PASSWORD|SECRET|KEY)\w*): (.*)$", TEXT, re.MULTILINE):
        assert name[1].startswith(("${", "/srv/airflow/")), name


@pytest.mark.parametrize("secret", NEEDED)
def test_a_secret_is_given_to_those_who_use_it_and_to_no_other(secret):
    given = {name for name, part in SERVICES.items() if secret in dict(variables(part))}
    assert given == NEEDED[secret]


def test_every_service_has_limits_rotated_logs_and_no_rights(service):
    assert re.fullmatch(r"(\$\{[A-Z_]+:-)?\d+[mg]\}?", service["mem_limit"])
    assert service["logging"]["driver"] == "json-file"
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["init"] is True


def test_no_service_runs_as_root(service):
    assert service["user"] in {"50000:50000", "postgres", "redis", "65534:65534"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_started_again_and_looked_after_and_every_job_runs_once(name):
    service = SERVICES[name]
    if name in JOBS:
        assert (service["restart"], service["healthcheck"]) == ("no", {"disable": True})
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
        assert service["healthcheck"]["interval"]


def test_every_service_of_ours_waits_for_what_it_needs():
    for name in OURS:
        waits = {other: how["condition"] for other, how in SERVICES[name]["depends_on"].items()}
        assert waits["postgres"] == waits["redis"] == "service_healthy"
        assert ("init" in waits) == (name not in JOBS)


def test_only_this_host_is_listened_to_and_only_by_airflow_and_the_catcher():
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(ports) == {"api-server", "mail"}
    assert all(port.startswith("127.0.0.1:") for found in ports.values() for port in found)


def test_the_api_server_shows_the_cards_and_can_write_none():
    service = SERVICES["api-server"]
    assert service["environment"]["AIRFLOW__CORE__PLUGINS_FOLDER"] == "/opt/scorewright/dags/plugins"
    assert "home:/srv/home:ro" in service["volumes"]


def test_workers_see_one_home_and_only_read_the_book_and_the_exports():
    volumes = SERVICES["worker"]["volumes"]
    assert "home:/srv/home" in volumes
    assert [volume for volume in volumes if "book" in volume or "exports" in volume] == [
        "${BOOK_FOLDER:-./config}:/srv/book:ro",
        "${EXPORTS_FOLDER:-exports}:/srv/exports:ro",
    ]


def test_volumes_named_are_declared_and_none_else():
    named = {
        volume.split(":")[0].removeprefix("${EXPORTS_FOLDER")
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
    }
    assert {name for name in named if name.isidentifier()} | {"exports"} == set(COMPOSE["volumes"])


def test_what_is_for_a_trial_is_in_a_profile():
    profiles = {name: service["profiles"] for name, service in SERVICES.items() if "profiles" in service}
    assert profiles == {"example": ["dev"], "mail": ["dev"], "objects": ["objects"]}


def test_only_who_reads_or_writes_the_home_is_told_of_an_object_store():
    told = {
        name
        for name, service in SERVICES.items()
        if {"path": "./store.env", "required": False} in service.get("env_file", [])
    }
    assert told == {"api-server", "worker", "example"}


def test_the_object_store_of_a_trial_is_in_an_image_of_its_own():
    service = SERVICES["objects"]
    assert service["build"]["args"]["OBJECTS"] == "yes"
    assert service["image"] != SERVICES["worker"]["image"]
    assert "environment" not in service
    assert "volumes" not in service
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    assert any(one.startswith("moto") for one in groups["objects"])
    assert "${OBJECTS:+--group objects}" in (ROOT / "Dockerfile").read_text("utf-8")
    assert shutil.which(service["command"][0], path=Path(sys.executable).parent)


def test_a_trial_with_an_object_store_shares_no_folder(tmp_path):
    values = written(tmp_path, "--objects", "trial")
    assert values["COMPOSE_PROFILES"] == "dev,objects"
    lines = (tmp_path / "store.env").read_text("utf-8").splitlines()
    store = dict(line.split("=") for line in lines)
    assert store["AWS_ENDPOINT_URL"] == f"http://objects:{SERVICES['objects']['command'][-1]}"
    assert stat.S_IMODE((tmp_path / "store.env").stat().st_mode) == 0o600
    # environment wins over env_file, so nothing there may name another home
    for name in ("api-server", "worker", "example"):
        assert not set(store) & set(SERVICES[name]["environment"])
    given = {"SCOREWRIGHT_CONFIG": "/srv/book", **SERVICES["worker"]["environment"], **store}
    settings = Settings.from_environment({k: str(v) for k, v in given.items() if "SCOREWRIGHT" in k})
    assert (str(settings.home), str(settings.exports)) == ("s3://scorecards/home", "s3://scorecards/exports")


def test_the_exports_of_a_trial_get_into_the_object_store(object_store, tmp_path):
    (tmp_path / "google_ads").mkdir()
    (tmp_path / "google_ads/2026-10.csv").write_bytes(b"a,b")
    (tmp_path / "rates.csv").write_bytes(b"c,d")
    place = object_store.new_place().replace("://", "://new-")
    for _ in range(2):
        subprocess.run([sys.executable, ROOT / "containers/put.py", tmp_path, place], check=True)
    below = object_path(place, "SCOREWRIGHT_EXPORTS")
    assert {name: (below / name).read_bytes() for name in ("google_ads/2026-10.csv", "rates.csv")} == {
        "google_ads/2026-10.csv": b"a,b",
        "rates.csv": b"c,d",
    }


def test_scorewright_accepts_the_settings_of_each_service():
    for name in ("worker", "example"):
        given = {key: str(value) for key, value in SERVICES[name]["environment"].items()}
        image = {"SCOREWRIGHT_CONFIG": "/srv/book", "SCOREWRIGHT_HOME": "/srv/home"}
        settings = Settings.from_environment(image | {k: v for k, v in given.items() if "SCOREWRIGHT" in k})
        assert (
            settings.ledger_url
            == settings.warehouse_url
            == "postgresql://scorewright@postgres:5432/scorewright"
        )


def test_databases_that_stand_idle_in_a_transaction_let_go():
    assert "idle_in_transaction_session_timeout=10min" in SERVICES["postgres"]["command"]


def test_the_secrets_written_cover_the_file_and_are_the_owners_alone(tmp_path):
    values = written(tmp_path)
    assert set(NEEDED) <= set(values)
    assert set(values) - {"COMPOSE_PROFILES"} <= {name for name, _ in variables(COMPOSE)}
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    secret = [values[name] for name in NEEDED if name != "MAIL_ADDRESS"]
    assert len(set(secret)) == len(secret)
    assert min(map(len, secret)) >= 44
    assert len(values["AIRFLOW_JWT_SECRET"]) > 64
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}=", values["AIRFLOW_FERNET_KEY"])
    assert all(values[name].isalnum() for name in NEEDED if name.endswith("_PASSWORD"))


def test_secrets_are_new_each_time_and_never_written_over(tmp_path):
    first = written(tmp_path)
    again = subprocess.run(
        ["sh", tmp_path / "script/compose-env"], check=False, capture_output=True, text=True
    )
    assert again.returncode == 1
    assert "is there already" in again.stderr
    assert (tmp_path / ".env").read_text("utf-8").count(first["REDIS_PASSWORD"]) == 1
    (tmp_path / "other").mkdir()
    assert written(tmp_path / "other")["REDIS_PASSWORD"] != first["REDIS_PASSWORD"]


def test_a_company_of_ones_own_is_no_trial(tmp_path):
    address = "smtp://scorecards:p%40ss@mail.company.example"
    options = ("--book", str(ROOT / "config"), "--exports", str(tmp_path), "--mail", address)
    values = written(tmp_path, *options)
    assert values["COMPOSE_PROFILES"] == ""
    assert (values["BOOK_FOLDER"], values["MAIL_ADDRESS"]) == (str(ROOT / "config"), address)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--book", "/"), "together"),
        (("--book",), "a value after it"),
        (("--bok", "/"), "found --bok"),
        (("--objects", "s3://ours"), "store.env by hand"),
        (("--objects", "trial", "--book", "/", "--exports", "/", "--mail", "smtp://h"), "loses everything"),
        (("--book", "config", "--exports", "/", "--mail", "smtp://h"), "the whole path"),
        (("--book", "/nowhere/at/all", "--exports", "/", "--mail", "smtp://h"), "found none"),
        (("--book", "/", "--exports", "/", "--mail", "smtp://it's@h"), "%27"),
    ],
)
def test_half_an_answer_is_refused_and_nothing_written(tmp_path, options, complaint):
    with pytest.raises(subprocess.CalledProcessError) as refused:
        written(tmp_path, *options)
    assert complaint in refused.value.stderr.decode()
    assert not (tmp_path / ".env").exists()


def test_nothing_secret_can_slip_into_the_image_or_the_repository():
    first = next(
        line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line[:1] not in "#"
    )
    assert first == "*"
    kept = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert {".env", "airflow.env", "worker.env", "store.env"} <= set(kept)


def test_every_room_that_the_program_is_made_of_is_in_the_image():
    taken = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line[:1] == "!"}
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert len(rooms) > 10
    assert rooms | {"config", "sql", "dags", "containers", "pyproject.toml", "uv.lock"} <= taken


def test_the_image_runs_as_somebody_who_may_change_nothing_of_it():
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    assert re.search(r"^USER 50000:50000$", dockerfile, re.MULTILINE)
    assert "--chown" not in dockerfile
    assert "--locked --no-default-groups --extra production" in dockerfile
    assert "UV_COMPILE_BYTECODE=1" in dockerfile

"""The commands of docs/how-to/back-up-and-restore.md bring everything back."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from settings import ROOT
from tests.book.books import VALID
from tests.pipeline.command import PROGRAM, surroundings
from tests.pipeline.exports import write_exports
from tests.postgres import Server

PAGE = (ROOT / "docs/how-to/back-up-and-restore.md").read_text("utf-8")
DATABASES = ("scorecards", "airflow")


def commands(section: str) -> list[str]:
    """The blocks of commands of a section: what backs up, and what restores."""
    (text,) = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    return re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.fixture
def databases(postgres: Server) -> Iterator[dict[str, str]]:
    """The two databases of the page, empty; what programs need to reach their server."""
    with psycopg.connect(postgres.address("postgres"), autocommit=True) as connection:
        for name in DATABASES:
            connection.execute(f"create role {name} login")
            connection.execute(f"create database {name} owner {name}")
        yield {"PGHOST": "127.0.0.1", "PGPORT": str(postgres.port), "PGUSER": "scorewright"}
        for name in DATABASES:
            connection.execute(f"drop database {name} with (force)")
            connection.execute(f"drop role {name}")


def empty(postgres: Server) -> None:
    with psycopg.connect(postgres.address("postgres"), autocommit=True) as connection:
        for name in DATABASES:
            connection.execute(f"drop database {name} with (force)")
            connection.execute(f"create database {name} owner {name}")


class Installation:
    """A host's folders below `root`, on which a month was mailed."""

    def __init__(self, root: Path, home: Path, **settings: str):
        self.root, self.home = root, home
        book = root / "srv/scorecards/config"
        shutil.copytree(VALID, book)
        write_exports(root / "exports")
        (root / "etc/scorewright").mkdir(parents=True)
        (root / "etc/scorewright/airflow.env").write_text("AIRFLOW__CORE__FERNET_KEY=kept\n", "utf-8")
        places = {"config": str(book), "home": str(home), "exports": str(root / "exports")}
        self.environment = surroundings({**places, **settings})

    def run(self, *command: str) -> str:
        done = subprocess.run(
            [PROGRAM, *command], env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def type(self, lines: str, **environment: str) -> None:
        """The commands as the page has them, but for the root of the file system and who is root there."""
        (self.root / "backup").mkdir(exist_ok=True)
        here = lines.replace("/var/lib/scorewright/home", str(self.home))
        here = re.sub(r"(--directory) / ", rf"\1 {self.root} ", here)
        here = re.sub(r'su - postgres -c "([^"]+)"', r"\1", here)
        here = re.sub(r"^chown .*\n", "", here, flags=re.MULTILINE)
        subprocess.run(
            ["sh", "-eux", "-c", here],
            cwd=self.root / "backup",
            env={**os.environ, **environment},
            check=True,
        )


def test_both_databases_and_the_home_come_back(databases, postgres, tmp_path):
    warehouse = postgres.address("scorecards")
    place = Installation(tmp_path, tmp_path / "var/lib/scorewright/home", warehouse=warehouse)
    place.run("run", "--period", "2026-10")
    with psycopg.connect(postgres.address("airflow")) as connection:
        connection.execute("create table dag_run (run_id text)")
        connection.execute("insert into dag_run values ('scheduled__2026-10')")
    before, sent = place.run("verify", "--all"), place.run("status", "2026-10")
    back_up, restore = commands("With PostgreSQL")
    place.type(back_up, **databases)
    shutil.rmtree(place.home)
    shutil.rmtree(tmp_path / "srv")
    shutil.rmtree(tmp_path / "etc")
    empty(postgres)

    place.type(restore, **databases)

    assert place.run("verify", "--all") == before
    assert "kept" in (tmp_path / "etc/scorewright/airflow.env").read_text("utf-8")
    with psycopg.connect(postgres.address("airflow")) as connection:
        assert connection.execute("select run_id from dag_run").fetchall() == [("scheduled__2026-10",)]
    mails = sorted(place.home.glob("outbox/**/*.eml"))
    place.run("run", "--period", "2026-10")
    assert sorted(place.home.glob("outbox/**/*.eml")) == mails != []
    assert place.run("status", "2026-10") == sent


def test_a_home_with_files_of_databases_comes_back(tmp_path):
    place = Installation(tmp_path, tmp_path / "backup/var")
    place.run("run", "--period", "2026-10")
    before = place.run("verify", "--all")
    back_up, restore = commands("With files of DuckDB and SQLite")
    place.type(back_up)
    (tmp_path / "backup/var/ledger.sqlite").write_bytes(b"damaged")

    place.type(restore)

    assert place.run("verify", "--all") == before

"""Workers that share nothing but PostgreSQL and an object store make the same cards as one with a folder."""

from __future__ import annotations

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from auditing.landing import audit_landing
from disk import files_below
from disk.home import name_of_home
from disk.objects import ObjectPath
from etl.account import ExportFile
from ledger import DeliveryState
from pipeline.site import Site, open_site
from scoring.errors import UsageError
from scoring.period import Period
from settings import Settings
from tests.book.books import VALID
from tests.pipeline.command import PROGRAM, surroundings
from tests.pipeline.conftest import NOW
from tests.pipeline.exports import write_exports
from warehouse import create_schema

ON_POSTGRES = {"SCOREWRIGHT_WAREHOUSE": "postgresql://u@h/d", "SCOREWRIGHT_CONFIG": "/srv/book"}


class Host:
    """A machine of its own: its own folders, its own copy of the book."""

    def __init__(self, root: Path, home: str, database: str, environment: dict[str, str]):
        shutil.copytree(VALID, root / "config")
        self.root = root
        self.settings = {"config": str(root / "config"), "home": home, "warehouse": database}
        own = {name: str(root) for name in ("HOME", "TMPDIR")}
        self.environment = {**surroundings(self.settings), **environment, **own}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [PROGRAM, *arguments],
            env=self.environment,
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def open(self) -> Site:
        return open_site(
            Settings.from_environment(
                {f"SCOREWRIGHT_{key.upper()}": self.settings[key] for key in self.settings}
            )
        )

    def files(self, below: str, *endings: str) -> dict[str, bytes]:
        """What the store has there."""
        return {
            path.name: path.read_bytes() for path in files_below(self.home / below) if _ends(path, endings)
        }

    @property
    def home(self) -> ObjectPath:
        home = self.open().settings.home
        assert isinstance(home, ObjectPath)
        return home


def _ends(path: ObjectPath | Path, endings: tuple[str, ...]) -> bool:
    return path.name.endswith(endings)


@pytest.fixture
def hosts(tmp_path, postgres, object_store) -> list[Host]:
    home, database = object_store.new_place(), postgres.new_database()
    made = [Host(tmp_path / name, home, database, dict(object_store.environment)) for name in ("one", "two")]
    write_exports(tmp_path / "exports")
    for path in files_below(tmp_path / "exports"):
        (made[0].home / "exports" / path.relative_to(tmp_path / "exports")).write(path.read_bytes())
    return made


def test_two_hosts_at_once_make_the_cards_that_one_with_a_folder_makes(hosts, unsent, command):
    running = [host.start("run", "--period", "2026-10") for host in hosts]
    said = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    one, two = hosts
    drawn = unsent.home / "scorecards/2026-10"
    expected = {path.name: path.read_bytes() for path in drawn.iterdir() if path.suffix in (".json", ".pdf")}
    assert two.files("scorecards/2026-10", ".json", ".pdf") == expected
    site = one.open()
    states = [site.ledger.delivery_states(issue.id) for issue in site.ledger.revisions()]
    assert [[*state.values()] for state in states] == [[DeliveryState.SENT]] * 2
    assert len(two.files("outbox", ".eml")) == 2
    assert name_of_home(one.home) == name_of_home(two.home)
    assert len(files_below(one.home / "landing/pulls")) == len(site.landing.slices())
    assert [path.name for path in one.root.glob("[!.]*")] == ["config"]
    # what is kept is what was written, its rows can be traced, and nothing changes or goes out twice
    for arguments in (
        "verify --all",
        "trace 2026-10/north/r1 nps --rows",
        "backfill --from 2026-10 --to 2026-10 --dry-run",
        "run --period 2026-10",
    ):
        done = command(two, *arguments.split())
        assert done.code == 0, done
    assert one.files("scorecards/2026-10", ".json", ".pdf") == expected
    assert len(two.files("outbox", ".eml")) == 2


@pytest.mark.parametrize(
    ("setting", "value", "found"),
    [
        ("SCOREWRIGHT_WAREHOUSE", "", "files in the home"),
        ("SCOREWRIGHT_WAREHOUSE", "duckdb:////srv/w.duckdb", "duckdb:////srv/w.duckdb"),
        ("SCOREWRIGHT_LEDGER", "sqlite:////srv/l.sqlite", "sqlite:////srv/l.sqlite"),
    ],
)
def test_databases_in_files_beside_a_store_are_refused(setting, value, found):
    given = {**ON_POSTGRES, "SCOREWRIGHT_HOME": "s3://bucket/prefix", setting: value}
    with pytest.raises(UsageError) as refused:
        Settings.from_environment(given)
    assert str(refused.value) == (
        "SCOREWRIGHT_HOME: expected the warehouse and the ledger on PostgreSQL beside a home in an object store, "
        f"found {found}; set SCOREWRIGHT_WAREHOUSE to an address such as postgresql://user:password@host/database."
    )


def test_exports_lie_in_the_store_too_unless_said_otherwise():
    given = {**ON_POSTGRES, "SCOREWRIGHT_HOME": "s3://bucket/prefix"}
    assert Settings.from_environment(given).exports == "s3://bucket/prefix/exports"
    elsewhere = Settings.from_environment({**given, "SCOREWRIGHT_EXPORTS": "/srv/exports"})
    assert elsewhere.exports == Path("/srv/exports")


def test_what_lands_at_once_is_one_chain(hosts):
    site = hosts[0].open()
    create_schema(site.warehouse)
    account = site.book.accounts_of("survey")[0]

    def land(first: int) -> None:
        landing = hosts[0].open().landing
        for month in range(first, first + 3):
            file = ExportFile("survey.csv", f"{month}".encode())
            landing.land(account, Period.parse(f"2026-{month:02d}"), [file], NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(land, (1, 2, 3, 4)))
    audited = audit_landing(site.landing)
    assert (audited.manifests, audited.objects, audited.findings) == (6, 6, [])

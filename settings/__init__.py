"""The settings: folders and addresses, from the environment and from `scorewright.toml`."""

from __future__ import annotations

import getpass
import os
import re
import socket
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from disk import Place
from disk.objects import ObjectPath, object_path
from etl.reading.door import MOST_MEGABYTES
from scoring.errors import UsageError
from settings.file import NAME as FILE_NAME
from settings.file import find_file, in_address, read_file

if TYPE_CHECKING:
    from warehouse.engine import FactsOf

ROOT = Path(__file__).resolve().parents[1]
WAREHOUSE_FILE = "warehouse.duckdb"
SETTINGS = "SCOREWRIGHT_SETTINGS"
"""Names the settings file; `--config` sets it."""
_CONNECTION, _OF_AIRFLOW = "SCOREWRIGHT_CONNECTION_", "AIRFLOW_CONN_"
_SPARK = re.compile(
    r"sc://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:/(?:;[^;=\s]+=[^;=\s]*)*;?)?"
)
_PLAIN_POSTGRES = re.compile(r"^postgres(ql)?://")


@dataclass(frozen=True, slots=True)
class Settings:
    """The folders and addresses of one installation.

    `config` is the organisation's book; `home` holds everything made at run time; `exports` is
    where export files are looked for, a folder or the address of a store, each of at most `max_export_mb` (a
    million bytes); `connections` are the addresses of databases that accounts name; `delivery_url` names
    the channel (`file:` or `smtp://...`), `bounces` the mailbox of what comes back; `made_by` is who runs it,
    which issues keep; `file_group` is the group that may read what is written, None for nobody but the owner;
    `lake` is where the facts are, None for the warehouse's own tables, and `beneath` the real one of a trial;
    `spark` is the address of a Spark that computes with them, empty where this process does.
    """

    config: Path
    home: Place
    exports: Path | str
    # an address may hold a password, and what has a `repr` is printed sooner or later
    warehouse_url: str = field(repr=False)
    ledger_url: str = field(repr=False)
    delivery_url: str = field(repr=False)
    log_level: str = "WARNING"
    log_format: str = "TEXT"
    made_by: str = field(default="", compare=False)
    file_group: str | None = None
    max_export_mb: int = MOST_MEGABYTES
    connections: Mapping[str, str] = field(default_factory=dict, repr=False)
    bounces: str = field(default="", repr=False)
    lake: Place | None = None
    beneath: Place | None = None
    spark: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read `SCOREWRIGHT_*`, and where they say nothing the settings file.

        Raises `UsageError` for an unknown name, and if nothing says where the book and the home are.
        """
        given = _given(environment)
        home = _place("SCOREWRIGHT_HOME", given)
        _refuse_files(given, home)
        return cls(
            config=_folder("SCOREWRIGHT_CONFIG", given),
            home=home,
            exports=_exports(given, home),
            connections=_connections(given),
            warehouse_url=_warehouse_url(given, home),
            ledger_url=_ledger_url(given, home),
            delivery_url=given.get("SCOREWRIGHT_DELIVERY", "file:"),
            log_level=_log_level(given),
            log_format=_log_format(given),
            made_by=f"{_user()} on {socket.gethostname()}",
            file_group=given.get("SCOREWRIGHT_FILE_GROUP"),
            max_export_mb=_max_export_mb(given),
            bounces=given.get("SCOREWRIGHT_BOUNCES", ""),
            lake=_place("SCOREWRIGHT_LAKE", given) if "SCOREWRIGHT_LAKE" in given else None,
            spark=_spark(given),
        )

    @property
    def landing(self) -> Place:
        """Raw files as received, by content hash."""
        return self.home / "landing"

    @property
    def scorecards(self) -> Place:
        """Scorecards as JSON and PDF, a folder per period."""
        return self.home / "scorecards"

    @property
    def facts_of(self) -> FactsOf | None:
        """Where the warehouse has its facts, unless they are in its tables."""
        if self.lake is None:
            return None
        # most commands need no warehouse, which takes long to import
        from lake import lake_at  # noqa: PLC0415

        return lake_at(self.lake, self.spark, self.beneath)

    @property
    def outbox(self) -> Place:
        """Mails of the `file:` channel."""
        return self.home / "outbox"


def log_level_of(environment: Mapping[str, str]) -> str:
    """How much is logged; needs neither a book nor a home. Raises `UsageError` for an unknown name."""
    return _log_level(_given(environment))


def log_format_of(environment: Mapping[str, str]) -> str:
    """How a line of the log is written, `TEXT` or `JSON`; the same holds for it."""
    return _log_format(_given(environment))


def place_beside_the_default(environment: Mapping[str, str]) -> Iterator[str]:
    """Which book and home are used, in a line, unless it is those that the current folder itself names."""
    given, found = _given(environment), _settings_file({})
    default = read_file(found) if found is not None and found.parent == Path.cwd() else {}
    named = {name: given.get(name, "") for name in ("SCOREWRIGHT_CONFIG", "SCOREWRIGHT_HOME")}
    if all(named.values()) and named.items() - default.items():
        yield f"book {named['SCOREWRIGHT_CONFIG']}, home {named['SCOREWRIGHT_HOME']}"


def _given(environment: Mapping[str, str]) -> dict[str, str]:
    """What is set, by the names of the variables: by the environment, or else by the settings file."""
    _refuse_unknown(environment)
    given = {name: value for name, value in environment.items() if value}
    _refuse_other_bytes(given)
    path = _settings_file(given)
    return given if path is None else {**read_file(path), **given}


def _settings_file(given: Mapping[str, str]) -> Path | None:
    if SETTINGS in given:
        return Path(given[SETTINGS])
    try:
        return find_file(Path.cwd())
    except OSError:  # the current folder may have been removed
        return None


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    unknown = sorted(name for name in environment if not _is_known(name))
    if unknown:
        raise UsageError(
            f"environment: expected only {', '.join(_VARIABLES)}, found {unknown[0]}; "
            f"correct its name or unset it."
        )


def _is_known(name: str) -> bool:
    """Whether a variable is one of ours, or none of our business."""
    return name in _VARIABLES or name.startswith(_CONNECTION) or not name.startswith("SCOREWRIGHT_")


def _refuse_other_bytes(given: Mapping[str, str]) -> None:
    """Raise `UsageError` for an address that is no text; it is not repeated, for it may hold a password."""
    for name, value in given.items():
        if name in _TEXTS and not _is_text(value):
            raise UsageError(f"{name}: expected UTF-8 text, found other bytes; write them as %XX.")


def _folder(name: str, given: Mapping[str, str], default: Path | None = None) -> Path:
    """A folder as an absolute path: databases and cards cannot name one that is no text."""
    value = given.get(name, default)
    if value is None:
        raise UsageError(
            f"settings: expected a {FILE_NAME} here or in a folder above, or SCOREWRIGHT_CONFIG and "
            f"SCOREWRIGHT_HOME, found no {name}; begin a book with `scorewright init FOLDER`, or set it."
        )
    try:
        folder = Path(value).resolve()
    except (OSError, RuntimeError) as error:
        raise UsageError(f"{name}: expected a folder, found {error}; name another.") from None
    if not _is_text(str(folder)):
        raise UsageError(f"{name}: expected a path in UTF-8, found {str(folder)!a}; name another.")
    return folder


def _place(name: str, given: Mapping[str, str]) -> Place:
    """A folder, or a place in an object store such as `s3://bucket/prefix`."""
    place = given.get(name, "")
    return object_path(place, name) if "://" in place else _folder(name, given)


def _spark(given: Mapping[str, str]) -> str:
    """The address of a Spark; raises `UsageError`, which repeats nothing: it may hold a token."""
    address = given.get("SCOREWRIGHT_SPARK", "")
    if address and not _SPARK.fullmatch(address):
        raise UsageError(
            "SCOREWRIGHT_SPARK: expected the address of a server of Spark Connect such as sc://host:15002 or "
            "sc://host:443/;use_ssl=true;token=..., found another; correct it."
        )
    if address and "SCOREWRIGHT_LAKE" not in given:
        raise UsageError(
            "SCOREWRIGHT_SPARK: expected SCOREWRIGHT_LAKE beside it, found none; Spark computes only with "
            "facts in a lake: set that, too, or unset this one."
        )
    return address


def _refuse_files(given: Mapping[str, str], home: Place) -> None:
    """Raise `UsageError` for databases in files beside a store: those who share it are of many hosts."""
    if not isinstance(home, ObjectPath):
        return
    warehouse_url = given.get("SCOREWRIGHT_WAREHOUSE", "")
    for url in (warehouse_url, given.get("SCOREWRIGHT_LEDGER", warehouse_url)):
        if not url.startswith("postgresql"):
            # reading an address takes a library that most commands start without
            from disk.address import shown  # noqa: PLC0415

            found = shown(url) if url else "files in the home"
            raise UsageError(
                "SCOREWRIGHT_HOME: expected the warehouse and the ledger on PostgreSQL beside a home in an "
                f"object store, found {found}; set SCOREWRIGHT_WAREHOUSE to an address such as "
                "postgresql://user:password@host/database."
            )


def _exports(given: Mapping[str, str], home: Place) -> Path | str:
    """A folder, or the address of a store such as `s3://bucket/exports`."""
    place = given.get("SCOREWRIGHT_EXPORTS", str(home / "exports"))
    return place if "://" in place else _folder("SCOREWRIGHT_EXPORTS", {"SCOREWRIGHT_EXPORTS": place})


def address_of(uri: str) -> str:
    """The address that SQLAlchemy takes for the URI of an Airflow Connection."""
    return _PLAIN_POSTGRES.sub("postgresql+psycopg://", uri)


def _connections(given: Mapping[str, str]) -> Mapping[str, str]:
    """The addresses of databases by the names that accounts give them, Airflow's connections among them."""
    of_airflow = _beginning_with(_OF_AIRFLOW, given).items()
    found = {name: address_of(value) for name, value in of_airflow if "://" in value or value[0] == "{"}
    return {**found, **_beginning_with(_CONNECTION, given)}


def _beginning_with(prefix: str, given: Mapping[str, str]) -> dict[str, str]:
    found = (name for name in given if name.startswith(prefix))
    return {name.removeprefix(prefix).lower(): given[name] for name in found}


def _is_text(text: str) -> bool:
    """Whether it has no half characters, which stand for bytes that are not UTF-8."""
    return all(not "\ud800" <= character <= "\udfff" for character in text)


def _warehouse_url(given: Mapping[str, str], home: Place) -> str:
    return given.get("SCOREWRIGHT_WAREHOUSE", file_url(home / WAREHOUSE_FILE))


def _ledger_url(given: Mapping[str, str], home: Place) -> str:
    """The ledger's address; beside a warehouse in PostgreSQL the same database, a schema for each."""
    warehouse_url = given.get("SCOREWRIGHT_WAREHOUSE", "")
    is_shared = warehouse_url.startswith("postgresql")
    default = warehouse_url if is_shared else f"sqlite:///{in_address(home)}/ledger.sqlite"
    return given.get("SCOREWRIGHT_LEDGER", default)


def _log_level(given: Mapping[str, str]) -> str:
    return _one_of(_LOG_LEVELS, "SCOREWRIGHT_LOG_LEVEL", given.get("SCOREWRIGHT_LOG_LEVEL", "WARNING"))


def _log_format(given: Mapping[str, str]) -> str:
    return _one_of(_LOG_FORMATS, "SCOREWRIGHT_LOG_FORMAT", given.get("SCOREWRIGHT_LOG_FORMAT", "TEXT"))


def _one_of(words: Collection[str], name: str, value: str) -> str:
    if value.upper() not in words:
        raise UsageError(f"{name}: expected one of {', '.join(words)}, found {value.upper()!r}.")
    return value.upper()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        return f"user {os.getuid()}"


def _max_export_mb(given: Mapping[str, str]) -> int:
    text = given.get("SCOREWRIGHT_MAX_EXPORT_MB", str(MOST_MEGABYTES))
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text, re.ASCII) or int(text) > _LARGEST_MB:
        raise UsageError(
            f"SCOREWRIGHT_MAX_EXPORT_MB: expected a whole number from 1 to {_LARGEST_MB}, found {text!r}; "
            "correct it."
        )
    return int(text)


def file_url(path: Place) -> str:
    """The address of a warehouse in the file `path`."""
    return f"duckdb:///{in_address(path)}"


_VARIABLES = (
    "SCOREWRIGHT_SETTINGS",
    "SCOREWRIGHT_CONFIG",
    "SCOREWRIGHT_HOME",
    "SCOREWRIGHT_EXPORTS",
    "SCOREWRIGHT_WAREHOUSE",
    "SCOREWRIGHT_LAKE",
    "SCOREWRIGHT_SPARK",
    "SCOREWRIGHT_LEDGER",
    "SCOREWRIGHT_DELIVERY",
    "SCOREWRIGHT_BOUNCES",
    "SCOREWRIGHT_LOG_LEVEL",
    "SCOREWRIGHT_LOG_FORMAT",
    "SCOREWRIGHT_FILE_GROUP",
    "SCOREWRIGHT_MAX_EXPORT_MB",
)
_FOLDERS = (SETTINGS, "SCOREWRIGHT_CONFIG", "SCOREWRIGHT_HOME", "SCOREWRIGHT_EXPORTS")
_TEXTS = frozenset(_VARIABLES).difference(_FOLDERS)
# columns of text are addressed by 32 bits
_LARGEST_MB = 2000
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_LOG_FORMATS = ("TEXT", "JSON")
